//! The files' names and content.

use super::experiment;
use crate::simulated::{Experiment, ExperimentSettings, FileFormat, Handle, ScanFile, SweepProgram};

#[test]
fn handles_become_names_and_cannot_leave_the_folder() {
    assert_eq!(Handle::new("My run").unwrap().file_name(12.5, 3), "My run_12.5Hz_3.txt");
    for stem in [
        "",
        ".hidden",
        "a/b",
        "a\\b",
        "..",
        "a:b",
        "a\nb",
        " a",
        &"x".repeat(101),
    ] {
        assert_eq!(Handle::new(stem).unwrap_err().code(), "handle", "{stem:?}");
    }
}

#[test]
fn csv_states_quantities_electrodes_and_units() {
    let experiment = experiment(2, &[15.0], 1);
    let at = jiff::civil::date(2024, 5, 7).at(16, 5, 57, 0);
    let file = ScanFile::of(&experiment, &Handle::default(), 15.0, 1, at).unwrap();
    let content = file.content(FileFormat::Csv).unwrap();
    let text = content.text();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("Potential (V),Current E1 (A),Current E2 (A)"));
    for (k, row) in lines.enumerate() {
        let values: Vec<f64> = row.split(',').map(|cell| cell.parse().unwrap()).collect();
        assert_eq!(values.len(), 3);
        assert!((values[0] - file.scans[0].potential_v[k]).abs() < 1e-9);
        for (value, scan) in values[1..].iter().zip(&file.scans) {
            assert!((value - scan.difference_a[k]).abs() <= 5.1e-7 * value.abs());
        }
    }
    assert_eq!(text.lines().count(), 501);
}

#[test]
fn chi_text_has_all_sections_channels_and_four_digits() {
    let experiment = experiment(2, &[12.5], 1);
    let at = jiff::civil::date(2024, 5, 7).at(16, 5, 57, 0);
    let file = ScanFile::of(&experiment, &Handle::new("Plate 7").unwrap(), 12.5, 1, at).unwrap();
    let content = file.content(FileFormat::ChiText).unwrap();
    let text = content.text();
    assert_eq!(text.matches("\r\n").count(), text.matches('\n').count());
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(
        &lines[..20],
        [
            "May 7, 2024   16:05:57",
            "Square Wave Voltammetry",
            "File: plate 7_12.5hz_1.bin",
            "Data Source:  Experiment",
            "Instrument Model:  CHI1040C",
            "Header: simulated by SACMES",
            "Note: ",
            "",
            "Init E (V) = 0",
            "Final E (V) = -0.5",
            "Incr E (V) = 0.001",
            "Amplitude (V) = 0.025",
            "Frequency (Hz) = 12.5",
            "Quiet Time (sec) = 2",
            "Sensitivity (A/V) = 1e-6",
            "",
            "E2 Scan On",
            "Sens 2 = 1e-6",
            "",
            "Results:",
        ]
    );
    let header = lines.iter().position(|line| line.starts_with("Potential/V")).unwrap();
    assert_eq!(lines[header], "Potential/V, i1d/A, i1f/A, i1r/A, i2d/A, i2f/A, i2r/A");
    assert_eq!(lines[header + 1], "");
    let rows = &lines[header + 2..lines.len() - 1];
    assert_eq!(rows.len(), 500);
    assert!(rows[0].starts_with("-0.001, ") && rows[499].starts_with("-0.500, "));
    let cells: Vec<f64> = rows[300].split(", ").map(|cell| cell.parse().unwrap()).collect();
    assert_eq!(cells.len(), 7);
    for (cell, value) in cells[1..4].iter().zip([
        file.scans[0].difference_a[300],
        file.scans[0].forward_a[300],
        file.scans[0].reverse_a[300],
    ]) {
        assert!((cell - value).abs() <= 5.1e-4 * value.abs(), "{cell} {value}");
    }
}

#[test]
fn fine_steps_get_the_decimals_they_need() {
    let program = SweepProgram {
        increment_v: 0.000_25,
        ..SweepProgram::default()
    };
    let experiment = Experiment::new(ExperimentSettings {
        program,
        ..ExperimentSettings::default()
    })
    .unwrap();
    let at = jiff::civil::date(2024, 5, 7).at(0, 0, 0, 0);
    let content = ScanFile::of(&experiment, &Handle::default(), 15.0, 1, at)
        .unwrap()
        .content(FileFormat::Csv)
        .unwrap();
    let text = content.text();
    assert!(text.lines().nth(1).unwrap().starts_with("-0.00025,"));
}
