use std::fmt::Write;

use crate::recording::{Completeness, Recording, Technique};
use crate::{Encoding, Format, ReadOptions, Reservation, Unreadable, read};

fn recorded(text: &str) -> Recording {
    read(text.as_bytes(), &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn refused(text: &str) -> Unreadable {
    read(text.as_bytes(), &ReadOptions::default()).unwrap_err()
}

const COLUMNS: &str = "mode\tox/red\terror\ttime/s\tcontrol/V\tEwe/V\t<I>/mA\tcycle number\tI Range\t";

fn file(title: &str, settings: &str, columns: &str, rows: &str) -> String {
    let body = format!(
        "\n{title}\n\nRun on channel : 3 (SN 4321)\nUser : \nEwe,I filtering : 50 kHz\n\
        Acquisition started on : 11/30/2023 07:08:09\nTechnique started on : 11/30/2023 07:09:10.250\n\
        Device : VSP-300 (SN 0815)\nComments : 1\nElectrode surface area : 0.001 cm\u{b2}\n{settings}\n"
    );
    let count = body.lines().count() + 3;
    format!("EC-Lab ASCII FILE\nNb header lines : {count}      \n{body}{columns}\n{rows}")
}

/// Two cycles of 40 points each.
fn cycles(points: usize) -> String {
    let mut rows = String::new();
    for k in 0..points {
        let e = 0.01 * (k % 40).min(40 - k % 40) as f64;
        writeln!(
            rows,
            "2\t1\t0\t{:.6E}\t{e:.7E}\t{e:.7E}\t{:.6E}\t{:.6E}\t40",
            0.2 * k as f64,
            1e-3 * k as f64,
            (k / 40 + 1) as f64
        )
        .unwrap();
    }
    rows
}

const CV_SETTINGS: &str = "dE/dt               50.000              \ndE/dt unit          mV/s                \n\
    Number of loops : 1\nLoop 0 from point number 0 to 79";

#[test]
fn cyclic_voltammograms_have_cycles_times_and_amperes() {
    let recording = recorded(&file("Cyclic Voltammetry", CV_SETTINGS, COLUMNS, &cycles(80)));
    assert_eq!(
        (recording.format, recording.technique, recording.completeness),
        (Format::BiologicMpt, Technique::Cv, Completeness::Complete)
    );
    assert_eq!(
        (recording.points, recording.expected_points, recording.cycles),
        (80, Some(80), Some(2))
    );
    assert_eq!((recording.scan_rate_v_s, recording.frequency_hz), (Some(0.05), None));
    assert_eq!(recording.started_at.unwrap().to_string(), "2023-11-30T07:09:10.25");
    assert_eq!(recording.instrument.as_deref(), Some("VSP-300 (SN 0815)"));
    let electrode = &recording.electrodes[0];
    assert_eq!(electrode.voltammogram().unwrap().current_a()[10], 1e-5);
    assert_eq!(electrode.voltammogram().unwrap().potential_v()[10], 0.1);
    assert_eq!(electrode.cycle.as_ref().unwrap()[40], 2);
    assert_eq!(electrode.time_s.as_ref().unwrap()[10], 2.0);
    assert!(recording.reservations.is_empty(), "{:?}", recording.reservations);
}

#[test]
fn decimal_commas_and_windows_1252_give_the_same() {
    let point = file("Cyclic Voltammetry Advanced", CV_SETTINGS, COLUMNS, &cycles(80));
    let comma = point
        .replace('.', ",")
        .replace("10,250", "10.250")
        .replace('\n', "\r\n");
    let latin: Vec<u8> = comma.chars().map(|letter| letter as u32 as u8).collect();
    let recording = read(&latin, &ReadOptions::default()).unwrap();
    assert_eq!(recording.encoding, Encoding::Windows1252);
    assert_eq!(recording.electrodes, recorded(&point).electrodes);
    assert_eq!(
        (recording.scan_rate_v_s, recording.technique),
        (Some(0.05), Technique::Cv)
    );
}

#[test]
fn headers_may_be_short_wrong_or_missing() {
    let rows = cycles(80);
    for text in [
        format!("EC-Lab ASCII FILE\nNb header lines : 3\n{COLUMNS}\n{rows}"),
        format!("BT-Lab ASCII FILE\nNb header lines : 30\n\n{COLUMNS}\n{rows}"),
        format!("{COLUMNS}\n{rows}"),
    ] {
        let recording = recorded(&text);
        assert_eq!(
            (recording.format, recording.technique, recording.completeness),
            (Format::BiologicMpt, Technique::Cv, Completeness::Unproven),
            "{text}"
        );
        assert_eq!((recording.points, recording.cycles), (80, Some(2)));
        assert_eq!(recording.electrodes[0].voltammogram().unwrap().current_a()[10], 1e-5);
    }
}

#[test]
fn square_waves_have_their_own_units() {
    let columns = "time/s\tE step/V\tI forward/mA\tI reverse/mA\tI delta/\u{b5}A\tEwe/V";
    let mut rows = String::new();
    for k in 0..5 {
        writeln!(rows, "{k}.0\t-0.{k}\t2.0E-3\t1.0E-3\t{k}.5\t9.9").unwrap();
    }
    let settings = "PH (mV)             25.0                \nPW (ms)             20.0                \n";
    let recording = recorded(&file("Square Wave Voltammetry", settings, columns, &rows));
    assert_eq!(
        (recording.technique, recording.frequency_hz),
        (Technique::Swv, Some(25.0))
    );
    let electrode = &recording.electrodes[0];
    assert_eq!(electrode.voltammogram().unwrap().potential_v()[3], -0.3);
    assert_eq!(electrode.voltammogram().unwrap().current_a()[2], 2.5e-6);
    assert_eq!(electrode.forward_a.as_ref().unwrap()[0], 2e-6);
    let pulse = recorded(&file("Differential Pulse Voltammetry", settings, columns, &rows));
    assert_eq!((pulse.technique, pulse.frequency_hz), (Technique::Dpv, None));
}

#[test]
fn chronoamperometry_is_current_over_time() {
    let rows = "2\t0\t0\t6.0E+2\t5E-2\t5E-2\t-2.5E-1\t0\t41\n2\t0\t0\t6.1E+2\t1.6\t1.6\t-2.5E-2\t0\t41\n";
    let recording = recorded(&file("Chronoamperometry / Chronocoulometry", "", COLUMNS, rows));
    let transient = recording.electrodes[0].transient().unwrap();
    assert_eq!(
        (transient.time_s(), transient.current_a()),
        (&[600.0, 610.0][..], &[-2.5e-4, -2.5e-5][..])
    );
    assert_eq!((recording.technique, recording.cycles), (Technique::Ca, None));
}

#[test]
fn other_techniques_are_refused_with_their_names() {
    for (title, columns) in [
        ("Open Circuit Voltage", "mode\terror\ttime/s\tEwe/V\tEce/V"),
        (
            "Potentio Electrochemical Impedance Spectroscopy",
            "freq/Hz\tRe(Z)/Ohm\ttime/s\t<Ewe>/V\t<I>/mA\tcycle number",
        ),
        ("Chronopotentiometry", "mode\ttime/s\tcontrol/mA\tEwe/V\tI/mA"),
        ("IR compensation (PEIS)", "freq/Hz\tRe(Z)/Ohm\ttime/s\t<Ewe>/V\t<I>/mA"),
    ] {
        let error = refused(&file(title, "", columns, "1\t2\t3\t4\t5\n1\t2\t3\t4\t5\n"));
        assert_eq!(
            (error.code(), error.format),
            ("other_technique", Format::BiologicMpt),
            "{title}"
        );
        assert!(error.message().contains(title), "{}", error.message());
    }
    let bare =
        refused("EC-Lab ASCII FILE\nNb header lines : 3\nmode\ttime/s\tcontrol/mA\tEwe/V\tI/mA\n1\t2\t3\t4\t5\n");
    assert!(bare.message().contains("controlled current"), "{}", bare.message());
}

#[test]
fn points_are_held_against_the_list_of_loops() {
    let fewer = recorded(&file("Cyclic Voltammetry", CV_SETTINGS, COLUMNS, &cycles(60)));
    assert_eq!(
        (fewer.completeness, fewer.expected_points),
        (Completeness::Unproven, Some(80))
    );
    assert_eq!(fewer.reservations[0].code(), "fewer_points_than_announced");
    let text = file("Cyclic Voltammetry", CV_SETTINGS, COLUMNS, &cycles(80));
    for length in (0..text.len()).step_by(7).chain(text.len() - 120..text.len()) {
        match read(&text.as_bytes()[..length], &ReadOptions::default()) {
            Ok(recording) => assert_ne!(recording.completeness, Completeness::Complete, "cut at {length}"),
            Err(error) => assert!(error.may_become_readable(), "cut at {length}: {error}"),
        }
    }
    let open = text.trim_end();
    assert_eq!(recorded(open).completeness, Completeness::Partial);
    let options = ReadOptions {
        settled: true,
        ..ReadOptions::default()
    };
    let rested = read(open.as_bytes(), &options).unwrap();
    assert_eq!((rested.points, rested.completeness), (80, Completeness::Unproven));
}

#[test]
fn sequences_with_different_rates_and_ambiguous_dates_state_neither() {
    let settings = "dE/dt               20.000              200.000             \ndE/dt unit          mV/s                mV/s                \n";
    let text = file("Cyclic Voltammetry Advanced", settings, COLUMNS, &cycles(80)).replace("11/30/2023", "05/04/2022");
    let recording = recorded(&text);
    assert_eq!((recording.scan_rate_v_s, recording.started_at), (None, None));
    assert_eq!(recording.reservations, [Reservation::AmbiguousDate]);
}
