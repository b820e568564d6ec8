//! Real instrument files, where the folder with them is present.
#![cfg(reference_data)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may say what must hold in the shortest way"
)]

mod palmsens;
mod real_files;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use instrument::{ReadOptions, Recording, Unreadable};

fn shared(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../../shared/data")
        .join(folder)
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

/// Prints what became of every real file, and holds it against what is known of it.
#[test]
fn every_real_file_is_read_as_it_is_or_refused_with_a_true_reason() {
    let folder = shared("");
    let settled = ReadOptions {
        settled: true,
        ..ReadOptions::default()
    };
    let makers = ["chi/", "gamry/", "biologic/", "palmsens/", "rodeostat/"];
    let mut claimed = 0;
    for path in files_in(&folder) {
        let place = path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
        let result = instrument::read(&std::fs::read(&path).unwrap(), &settled);
        println!("{}", row(&path, &result));
        let known = real_files::rows().find(|row| row.file == place);
        assert!(
            known.is_some() || !makers.iter().any(|maker| place.starts_with(maker)),
            "nothing is known of {place}"
        );
        if let Some(known) = known {
            known.check(&result);
            claimed += 1;
        }
    }
    assert_eq!(claimed, real_files::rows().count(), "some files are missing");
}

#[test]
fn rodeostat_files_have_the_times_of_their_samples() {
    let folder = shared("rodeostat");
    for path in files_in(&folder) {
        let recording = read(&path).unwrap();
        let time_s = recording.electrodes[0].time_s.as_deref().unwrap();
        let lines = std::fs::read_to_string(&path).unwrap();
        let first = |line: Option<&str>| line.and_then(|line| line.split(',').next()?.parse::<f64>().ok());
        assert_eq!(time_s.len(), lines.lines().count());
        assert_eq!(
            (time_s.first().copied(), time_s.last().copied()),
            (first(lines.lines().next()), first(lines.lines().last()))
        );
    }
}
