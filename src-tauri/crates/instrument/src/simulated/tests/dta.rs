//! Gamry files.

use super::experiment;
use crate::simulated::{FileFormat, Handle, ScanFile};

/// Name and value of an object line.
pub(super) fn object<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines()
        .map(|line| line.split('\t'))
        .find_map(|mut cells| (cells.next() == Some(name)).then(|| cells.nth(1)).flatten())
}

/// The rows of each table, as cells behind the leading tab.
pub(super) fn tables(text: &str) -> Vec<(String, Vec<Vec<String>>)> {
    let mut tables: Vec<(String, Vec<Vec<String>>)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix('\t'), line.split_once("\tTABLE")) {
            (None, Some((name, _))) => tables.push((name.to_owned(), Vec::new())),
            (Some(row), _) => {
                let cells = row.split('\t').map(str::to_owned).collect();
                tables
                    .iter_mut()
                    .last()
                    .map(|(_, rows)| rows.push(cells))
                    .unwrap_or_default();
            }
            _ => {}
        }
    }
    tables
}

#[test]
fn square_wave_states_its_parameters_and_announces_its_points() {
    let experiment = experiment(1, &[12.5], 1);
    let at = jiff::civil::date(2024, 5, 7).at(16, 5, 57, 0);
    let file = ScanFile::of(&experiment, &Handle::default(), 12.5, 1, at).unwrap();
    let content = file.content(FileFormat::GamryDta).unwrap();
    let text = content.text();
    assert_eq!(text.matches("\r\n").count(), text.matches('\n').count());
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..2], ["EXPLAIN", "TAG\tSQUARE_WAVE"]);
    for (name, value) in [
        ("DATE", "5/7/2024"),
        ("TIME", "16:05:57"),
        ("VINIT", "0.00000E+000"),
        ("VFINAL", "-5.00000E-001"),
        ("STEPSIZE", "1.00000E+000"),
        ("FREQUENCY", "1.25000E+001"),
        ("PULSESIZE", "2.50000E+001"),
        ("CYCLES", "500"),
    ] {
        assert_eq!(object(text, name), Some(value), "{name}");
    }
    assert!(lines.contains(&"CURVE\tTABLE\t500"));
    let tables = tables(text);
    assert_eq!(tables.len(), 1);
    let (_, rows) = &tables[0];
    assert_eq!(rows.len(), 502, "names, units, points");
    assert_eq!(rows[0][..2], ["Pt", "T"]);
    let column = |name: &str| rows[0].iter().position(|known| known == name).unwrap();
    let scan = &file.scans[0];
    for (k, row) in rows[2..].iter().enumerate() {
        assert_eq!(row.len(), rows[0].len());
        assert_eq!(row[0], k.to_string());
        for (name, value) in [
            ("Vstep", scan.potential_v[k]),
            ("Ifwd", scan.forward_a[k]),
            ("Irev", scan.reverse_a[k]),
            ("Idif", scan.difference_a[k]),
        ] {
            let written: f64 = row[column(name)].parse().unwrap();
            assert!(
                (written - value).abs() <= 5.1e-6 * value.abs(),
                "{name} {written} {value}"
            );
        }
    }
}

#[test]
fn a_second_electrode_has_no_place() {
    let experiment = experiment(2, &[15.0], 1);
    let at = jiff::civil::date(2024, 5, 7).at(0, 0, 0, 0);
    let file = ScanFile::of(&experiment, &Handle::default(), 15.0, 1, at).unwrap();
    let error = file.content(FileFormat::GamryDta).unwrap_err();
    assert_eq!(error.code(), "one_electrode_a_file");
}
