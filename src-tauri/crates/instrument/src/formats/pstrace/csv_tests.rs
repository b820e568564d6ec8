//! Exports made up for the purpose.

use std::fmt::Write;

use crate::{Completeness, Encoding, Format, ReadOptions, Recording, Reservation, Technique, Unreadable, read};

/// Writes an export as PSTrace does: UTF-16, and a second byte order mark behind the last line.
fn utf16(text: &str) -> Vec<u8> {
    format!("\u{feff}{text}\u{feff}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect()
}

fn settled(bytes: &[u8], settled: bool) -> Result<Recording, Unreadable> {
    let options = ReadOptions {
        settled,
        ..ReadOptions::default()
    };
    read(bytes, &options)
}

/// Measurements of different lengths: `(title, units, rows)`.
fn export(separator: char, comma: bool, curves: &[(&str, &str, usize)]) -> String {
    let mut text = format!("Date and time:{separator}2026-03-01 18:00:00\r\nNotes:\r\nsample 7, second try\r\n");
    let joined = |of: &dyn Fn(usize) -> String| {
        (0..curves.len())
            .map(of)
            .collect::<Vec<_>>()
            .join(&separator.to_string())
    };
    let s = separator;
    writeln!(text, "{}\r", joined(&|k| format!("{}{s}", curves[k].0))).unwrap();
    writeln!(
        text,
        "{}\r",
        joined(&|k| format!("Date and time measurement:{s}2026-03-01 10:{k:02}:30"))
    )
    .unwrap();
    writeln!(text, "{}\r", joined(&|k| curves[k].1.replace('/', &s.to_string()))).unwrap();
    for row in 0..curves.iter().map(|curve| curve.2).max().unwrap_or(0) {
        let line = joined(&|k| {
            if row < curves[k].2 {
                let number = |value: f64| {
                    let text = value.to_string();
                    if comma { text.replace('.', ",") } else { text }
                };
                format!(
                    "{}{s}{}",
                    number(row as f64 * 0.005),
                    number((k + 1) as f64 + row as f64 * 0.25)
                )
            } else {
                s.to_string()
            }
        });
        writeln!(text, "{line}\r").unwrap();
    }
    text
}

#[test]
fn measurements_side_by_side_become_electrodes_of_their_own_length() {
    let text = export(
        ',',
        false,
        &[
            ("Square Wave Voltammetry [1]: a", "V/µA", 6),
            ("Square Wave Voltammetry [2]: b", "mV/nA", 4),
        ],
    );
    let recording = settled(&utf16(&text), false).unwrap();
    assert_eq!(
        (recording.format, recording.encoding),
        (Format::PalmsensCsv, Encoding::Utf16Le)
    );
    assert_eq!((recording.technique, recording.points), (Technique::Swv, 6));
    assert_eq!(recording.completeness, Completeness::Complete);
    assert_eq!(recording.started_at.unwrap().to_string(), "2026-03-01T10:00:30");
    assert!(recording.reservations.is_empty(), "{:?}", recording.reservations);
    let [first, second] = recording.electrodes.as_slice() else {
        panic!("two electrodes")
    };
    assert_eq!((first.electrode, first.stated, second.electrode), (1, false, 2));
    let (first, second) = (first.voltammogram().unwrap(), second.voltammogram().unwrap());
    assert_eq!(first.potential_v(), [0.0, 0.005, 0.01, 0.015, 0.02, 0.025]);
    assert_eq!(first.current_a()[1], 1.25e-6);
    assert_eq!(second.potential_v(), [0.0, 0.005 / 1e3, 0.01 / 1e3, 0.015 / 1e3]);
    assert_eq!(second.current_a()[3], 2.75e-9);
}

#[test]
fn semicolons_and_decimal_commas_are_read_the_same() {
    let curves = [("Square Wave Voltammetry: x", "V/µA", 5)];
    let point = settled(export(',', false, &curves).as_bytes(), true).unwrap();
    let comma = settled(export(';', true, &curves).as_bytes(), true).unwrap();
    assert_eq!(point.electrodes, comma.electrodes);
    // Without the mark behind the last line nothing proves the end.
    assert_eq!(comma.completeness, Completeness::Unproven);
    assert_eq!(comma.encoding, Encoding::Utf8);
}

#[test]
fn scans_of_one_voltammogram_are_cycles_of_one_electrode() {
    let scan = |k: usize| format!("Cyclic Voltammetry: CV i vs E Scan {k} Channel 3");
    let mut text = export(
        ',',
        false,
        &[
            (&scan(1), "V/µA", 4),
            (&scan(2), "V/µA", 3),
            ("Cyclic Voltammetry [2]: CV i vs E Scan 1 Channel 5", "V/µA", 3),
        ],
    );
    text = text.replace("10:01:30", "10:00:30");
    let recording = settled(&utf16(&text), false).unwrap();
    assert_eq!((recording.technique, recording.cycles), (Technique::Cv, Some(2)));
    let [first, second] = recording.electrodes.as_slice() else {
        panic!("two electrodes")
    };
    assert_eq!((first.electrode, first.stated, second.electrode), (3, true, 5));
    assert_eq!(first.cycle.as_deref(), Some(&[1, 1, 1, 1, 2, 2, 2][..]));
    assert_eq!(second.cycle.as_deref(), Some(&[1, 1, 1][..]));
}

#[test]
fn the_first_technique_that_can_be_analysed_is_read_and_the_others_are_named() {
    let text = export(
        ',',
        false,
        &[
            ("Open Circuit Potentiometry: OCP E vs t", "s/V", 5),
            ("Chronoamperometry: CA i vs t", "s/mA", 5),
            ("Square Wave Voltammetry: SWV i vs E", "V/µA", 5),
        ],
    );
    let recording = settled(&utf16(&text), false).unwrap();
    assert_eq!((recording.technique, recording.electrodes.len()), (Technique::Ca, 1));
    let transient = recording.electrodes[0].transient().unwrap();
    assert_eq!((transient.time_s()[1], transient.current_a()[0]), (0.005, 2e-3));
    let [Reservation::MeasurementsLeftOut(names)] = recording.reservations.as_slice() else {
        panic!("{:?}", recording.reservations)
    };
    assert_eq!((names.count(), names.first().len()), (2, 2));
    let none = export(',', false, &[("Open Circuit Potentiometry: OCP E vs t", "s/V", 5)]);
    assert_eq!(settled(&utf16(&none), true).unwrap_err().code(), "nothing_to_analyse");
    let spectrum = utf16("File date:,2026-03-01\r\nx\r\n");
    assert_eq!(settled(&spectrum, true).unwrap_err().code(), "nothing_to_analyse");
}

#[test]
fn forward_and_reverse_currents_go_with_their_difference() {
    let text = export(
        ',',
        false,
        &[
            ("Square Wave Voltammetry: SWV i vs E", "V/µA", 4),
            ("Square Wave Voltammetry: SWV i forward vs E", "V/µA", 4),
            ("Square Wave Voltammetry: SWV i reverse vs E", "V/µA", 4),
        ],
    )
    .replace("10:01:30", "10:00:30")
    .replace("10:02:30", "10:00:30");
    let recording = settled(&utf16(&text), false).unwrap();
    let [electrode] = recording.electrodes.as_slice() else {
        panic!("one electrode")
    };
    assert_eq!(electrode.forward_a.as_ref().unwrap()[0], 2e-6);
    assert_eq!(electrode.reverse_a.as_ref().unwrap()[0], 3e-6);
}

#[test]
fn gaps_and_odd_rows_are_reported() {
    let mut text = export(
        ',',
        false,
        &[
            ("Square Wave Voltammetry: a", "V/µA", 4),
            ("Square Wave Voltammetry: b", "V/µA", 4),
        ],
    );
    text.push_str("0.02,5,,\r\n0.025,x,0.025,7\r\nEnd of export\r\n");
    let recording = settled(&utf16(&text), false).unwrap();
    let codes: Vec<&str> = recording.reservations.iter().map(Reservation::code).collect();
    assert_eq!(codes, ["unreadable_lines", "missing_values", "missing_values"]);
    assert_eq!(recording.electrodes[0].trace.len(), 5);
    assert_eq!(recording.electrodes[1].trace.len(), 5);
}

#[test]
fn a_cut_export_is_never_complete_and_loses_only_its_last_row() {
    let whole = utf16(&export(',', false, &[("Square Wave Voltammetry: a", "V/µA", 9)]));
    for cut in 0..whole.len() {
        match settled(&whole[..cut], false) {
            Ok(recording) => assert_ne!(recording.completeness, Completeness::Complete, "cut at {cut}"),
            Err(unreadable) => assert!(unreadable.may_become_readable(), "cut at {cut}: {unreadable}"),
        }
    }
}
