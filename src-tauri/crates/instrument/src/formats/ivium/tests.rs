//! Files made up for the purpose.

use std::fmt::Write;

use crate::{Completeness, Format, ReadOptions, Recording, Technique, Unreadable, read};

fn opened(bytes: &[u8]) -> Result<Recording, Unreadable> {
    read(bytes, &ReadOptions::default())
}

fn idf(method: &str, technique: &str, announced: usize, rows: usize) -> String {
    let mut text = format!(
        "Version=12\nQR=1\nTitle=probe 4\nstarttime=27/11/2024 09:15:00\nMethod={method}\nTechnique={technique}\nScanrate=0.05\nprimary_data\n3\n{announced}\n"
    );
    for row in 0..rows {
        let k = row as f64;
        writeln!(
            text,
            "{:.6E}  {:.6E}  {:.6E}",
            0.5 * k,
            1e-7 * (k + 1.0),
            -0.1 + 0.01 * k
        )
        .unwrap();
    }
    text.push_str("more settings=1\n");
    text
}

#[test]
fn data_files_with_any_line_end_and_zero_bytes_are_read() {
    let text = idf("CyclicVoltammetry", "Standard", 8, 8);
    let cr = text.replace('\n', "\r").into_bytes();
    let mut zeros = vec![0; 20];
    zeros.extend(text.replace('\n', "\r\n").bytes());
    let at = zeros.len() - 40;
    zeros.insert(at, 0);
    let blanks = format!("        {text}").into_bytes();
    for bytes in [cr, zeros, blanks] {
        let recording = opened(&bytes).unwrap();
        assert_eq!(
            (recording.format, recording.technique),
            (Format::IviumIdf, Technique::Cv)
        );
        assert_eq!((recording.points, recording.expected_points), (8, Some(8)));
        assert_eq!(recording.completeness, Completeness::Complete);
        assert_eq!(recording.started_at.unwrap().to_string(), "2024-11-27T09:15:00");
        let electrode = &recording.electrodes[0];
        assert_eq!(electrode.time_s.as_ref().unwrap()[3], 1.5);
        let sweep = electrode.voltammogram().unwrap();
        assert_eq!((sweep.potential_v()[0], sweep.current_a()[1]), (-0.1, 2e-7));
        assert!(recording.reservations.is_empty(), "{:?}", recording.reservations);
    }
}

#[test]
fn unfinished_files_are_partial_and_spectra_are_refused() {
    let partial = opened(idf("CyclicVoltammetry", "Standard", 9, 8).as_bytes()).unwrap();
    assert_eq!((partial.points, partial.completeness), (8, Completeness::Partial));
    let spectrum = opened(idf("Impedance", "PotentiostaticEIS", 3, 3).as_bytes()).unwrap_err();
    assert_eq!(
        (spectrum.code(), spectrum.format),
        ("nothing_to_analyse", Format::IviumIdf)
    );
    let amperometry = opened(idf("ChronoAmperometry", "Standard", 3, 3).as_bytes()).unwrap();
    assert_eq!(amperometry.electrodes[0].transient().unwrap().time_s(), [0.0, 0.5, 1.0]);
    let whole = idf("CyclicVoltammetry", "Standard", 5, 5).replace("more settings=1\n", "");
    for cut in 0..whole.len() {
        match opened(&whole.as_bytes()[..cut]) {
            Ok(recording) => assert_ne!(recording.completeness, Completeness::Complete, "cut at {cut}"),
            Err(unreadable) => assert!(!unreadable.message().is_empty()),
        }
    }
}

#[test]
fn the_unnamed_column_of_the_text_export_is_passed_over() {
    let mut text = "27/03/2021 19:42:30\r\n time/s  I/A  E/V \r\n".to_owned();
    for row in 0..6 {
        let k = f64::from(row);
        write!(
            text,
            " {:.5E} {:.5E} {:.5E} {:.5E} \r\n",
            k,
            1e-6 * k,
            0.2 + 0.01 * k,
            0.2001 + 0.01 * k
        )
        .unwrap();
    }
    let recording = opened(text.as_bytes()).unwrap();
    assert_eq!((recording.format, recording.points), (Format::IviumIdf, 6));
    assert_eq!(recording.started_at.unwrap().to_string(), "2021-03-27T19:42:30");
    let electrode = &recording.electrodes[0];
    let sweep = electrode.voltammogram().unwrap();
    assert_eq!((sweep.potential_v()[5], sweep.current_a()[5]), (0.25, 5e-6));
    assert_eq!(electrode.time_s.as_ref().unwrap()[5], 5.0);
    assert!(recording.reservations.is_empty(), "{:?}", recording.reservations);
}
