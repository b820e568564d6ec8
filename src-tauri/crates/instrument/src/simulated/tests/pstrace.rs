//! CSV exports of PSTrace.

use super::experiment;
use crate::simulated::{FileFormat, Handle, ScanFile};

#[test]
fn square_wave_stands_in_pairs_of_columns_with_currents_in_microampere() {
    let experiment = experiment(2, &[15.0], 1);
    let at = jiff::civil::date(2024, 5, 7).at(16, 5, 57, 0);
    let file = ScanFile::of(&experiment, &Handle::default(), 15.0, 1, at).unwrap();
    let content = file.content(FileFormat::PstraceCsv).unwrap();
    let bytes = content.bytes();
    assert!(bytes.starts_with(&[0xFF, 0xFE]) && bytes.ends_with(&[0xFF, 0xFE]));
    let text = content.text().trim_matches('\u{feff}');
    assert_eq!(text.matches("\r\n").count(), text.matches('\n').count());
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[..6],
        [
            "Date and time:,2024-05-07 16:06:33",
            "Notes:,simulated by SACMES",
            ",,",
            "Square Wave Voltammetry: SWV i vs E Channel 1,,Square Wave Voltammetry: SWV i vs E Channel 2",
            "Date and time measurement:,2024-05-07 16:05:57,Date and time measurement:,2024-05-07 16:05:57",
            "V,µA,V,µA",
        ]
    );
    assert_eq!(lines.len(), 6 + 500);
    for (k, line) in lines[6..].iter().enumerate() {
        let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        assert_eq!(cells.len(), 4);
        for (pair, scan) in cells.chunks(2).zip(&file.scans) {
            assert!((pair[0] - scan.potential_v[k]).abs() < 1e-8);
            assert!((pair[1] * 1e-6 - scan.difference_a[k]).abs() < 1e-15);
        }
    }
}

#[test]
fn a_single_curve_has_a_comma_behind_its_time() {
    let experiment = experiment(1, &[15.0], 1);
    let at = jiff::civil::date(2024, 5, 7).at(16, 5, 57, 0);
    let file = ScanFile::of(&experiment, &Handle::default(), 15.0, 1, at).unwrap();
    let content = file.content(FileFormat::PstraceCsv).unwrap();
    let lines: Vec<&str> = content.text().lines().collect();
    assert_eq!(lines[2], "");
    assert_eq!(lines[4], "Date and time measurement:,2024-05-07 16:05:57,");
}
