//! Real instrument files, where the folder with them is present.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may say what must hold in the shortest way"
)]

mod palmsens;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use instrument::{Completeness, Format, ReadOptions, Recording, Technique, Unreadable};

fn shared(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../../shared/data")
        .join(folder);
    if path.is_dir() {
        Some(path)
    } else {
        println!("skipped: ../shared/data/{folder} is not present");
        None
    }
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_in(&path));
        } else {
            found.push(path);
        }
    }
    found.sort_by(|a, b| instrument::natural_order(&a.to_string_lossy(), &b.to_string_lossy()));
    found
}

fn read(path: &Path) -> Result<Recording, Unreadable> {
    instrument::read(&std::fs::read(path).unwrap(), &ReadOptions::default())
}

fn row(path: &Path, result: &Result<Recording, Unreadable>) -> String {
    let name = path.file_name().unwrap().to_string_lossy();
    let mut row = format!("{name:58.58} ");
    match result {
        Ok(r) => {
            let electrodes: Vec<u32> = r.electrodes.iter().map(|e| e.electrode).collect();
            let codes: Vec<&str> = r.reservations.iter().map(instrument::Reservation::code).collect();
            write!(
                row,
                "{} {} {} f={:?} v={:?} electrodes={electrodes:?} points={}/{:?} cycles={:?} {} {:?} {:?} {codes:?}",
                r.format.code(),
                r.encoding.code(),
                r.technique.code(),
                r.frequency_hz,
                r.scan_rate_v_s,
                r.points,
                r.expected_points,
                r.cycles,
                r.completeness.code(),
                r.started_at.map(|t| t.to_string()),
                r.instrument,
            )
            .unwrap();
        }
        Err(e) => write!(row, "{} {}: {}", e.format, e.code(), e.message()).unwrap(),
    }
    row
}

#[test]
fn ch_instruments_files_are_read_with_their_channels_and_parameters() {
    let Some(folder) = shared("chi") else { return };
    for path in files_in(&folder) {
        let result = read(&path);
        println!("{}", row(&path, &result));
        let place = path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
        if place.starts_with("ideation_expected/") {
            continue;
        }
        let recording = result.unwrap_or_else(|error| panic!("{place}: {error}"));
        assert_eq!(recording.format, Format::ChiText, "{place}");
        let electrodes: Vec<u32> = recording
            .electrodes
            .iter()
            .map(|electrode| electrode.electrode)
            .collect();
        let stated = recording.electrodes.iter().all(|electrode| electrode.stated);
        if place.starts_with("ideation_swv/") {
            assert_eq!(
                (recording.technique, &electrodes[..], stated),
                (Technique::Swv, &[4, 5][..], true),
                "{place}"
            );
            let named = if place.contains("F=80") { 80.0 } else { 5.0 };
            assert_eq!(recording.frequency_hz, Some(named), "{place}");
            assert_eq!(recording.completeness, Completeness::Complete, "{place}");
            assert!(recording.reservations.is_empty(), "{place}");
            assert!(
                recording
                    .electrodes
                    .iter()
                    .all(|e| e.forward_a.is_some() && e.reverse_a.is_some()),
                "{place}"
            );
            assert!(
                recording.electrodes[0]
                    .voltammogram()
                    .unwrap()
                    .current_a()
                    .iter()
                    .all(|current| *current < 0.0),
                "{place}"
            );
        } else if place.starts_with("ideation_swv_2022/") {
            assert_eq!(
                (&electrodes[..], stated, recording.points),
                (&[1, 3][..], true, 900),
                "{place}"
            );
            assert_eq!(
                (recording.frequency_hz, recording.completeness),
                (Some(100.0), Completeness::Complete),
                "{place}"
            );
        } else if place.starts_with("ideation_swv_mangled/") {
            // The second of the two has no line break behind its last row.
            let settled = ReadOptions {
                settled: true,
                ..ReadOptions::default()
            };
            let recording = instrument::read(&std::fs::read(&path).unwrap(), &settled).unwrap();
            assert_eq!((&electrodes[..], recording.points), (&[1, 2, 3][..], 860), "{place}");
            assert_eq!(recording.completeness, Completeness::Unproven, "{place}");
        } else if place.starts_with("pdp/") {
            assert_eq!(electrodes, [1], "{place}");
            assert_eq!(recording.completeness, Completeness::Complete, "{place}");
            assert_eq!(Some(recording.points), recording.expected_points, "{place}");
        }
    }
}

#[test]
fn rodeostat_files_are_read_with_potential_and_microamperes() {
    let Some(folder) = shared("rodeostat") else { return };
    for path in files_in(&folder) {
        let result = read(&path);
        println!("{}", row(&path, &result));
        let recording = result.unwrap();
        let lines = std::fs::read_to_string(&path).unwrap().lines().count();
        assert_eq!((recording.format, recording.points), (Format::Delimited, lines));
        let sweep = recording.electrodes[0].voltammogram().unwrap();
        assert!(sweep.potential_v().iter().all(|potential| potential.abs() < 2.0));
        assert!(sweep.current_a().iter().all(|current| current.abs() < 1e-3));
        assert!(sweep.current_a().iter().any(|current| current.abs() > 1e-6));
    }
}

#[test]
fn files_of_other_instruments_are_named_and_refused() {
    for (folder, format) in [("gamry", Format::GamryDta), ("biologic", Format::BiologicMpt)] {
        let Some(folder) = shared(folder) else { return };
        for path in files_in(&folder) {
            let result = read(&path);
            println!("{}", row(&path, &result));
            let unreadable = result.unwrap_err();
            assert_eq!(
                (unreadable.code(), unreadable.format),
                ("unsupported_format", format),
                "{}",
                path.display()
            );
        }
    }
}
