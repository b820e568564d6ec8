//! The fuzz targets over seeded mutations of files in every format, and real files cut short.
#![cfg_attr(
    not(reference_data),
    allow(dead_code, unused_imports, reason = "some of it is for real files only")
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may say what must hold in the shortest way"
)]

mod fuzzing {
    pub mod look_alikes;
    pub mod mutations;

    /// Rows of each made-up file.
    const ROWS: u32 = 24;
}
#[path = "../../fuzz/targets.rs"]
mod targets;

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use fuzzing::look_alikes;
use fuzzing::mutations::Mutator;
use instrument::{Completeness, ReadOptions, Recording, Trace};

/// Damaged copies of each made-up file.
const COPIES: u64 = 60;
/// Damaged copies of each real file, and the largest that is damaged.
const REAL_COPIES: u64 = 8;
const REAL_BYTES: usize = 64 * 1024;
/// No file of these sizes may take longer, however slow the computer.
const PATIENCE: Duration = Duration::from_secs(20);
/// Real files are cut at every so many bytes.
const CUT: usize = 97;

fn real_files() -> Vec<(PathBuf, Vec<u8>)> {
    fn collect(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
        let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                collect(&path, found);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                found.push((path, bytes));
            }
        }
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data");
    let mut found = Vec::new();
    collect(&folder, &mut found);
    // What lies beside the folders of instruments are lists for people.
    found.retain(|(path, _)| path.parent() != Some(&folder));
    found
}

/// Runs a target; a panic or a hang names the file and the seed that brought it about.
fn run(name: &str, seed: u64, bytes: &[u8], target: fn(&[u8])) {
    let begun = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| target(bytes)));
    assert!(
        outcome.is_ok(),
        "{name}, seed {seed}: {:?}",
        String::from_utf8_lossy(&bytes[..bytes.len().min(2000)])
    );
    assert!(begun.elapsed() < PATIENCE, "{name}, seed {seed}: {:?}", begun.elapsed());
}

#[test]
fn no_damage_to_made_up_files_does_harm() {
    let files = look_alikes::all();
    for (position, (name, file)) in files.iter().enumerate() {
        run(name, 0, file, targets::every_parser);
        for seed in 1..=COPIES {
            let mut mutator = Mutator::new(seed * 1000 + position as u64);
            let other = &files[(position + seed as usize) % files.len()].1;
            let damaged = mutator.damaged(file, other);
            run(name, seed, &damaged, targets::any_file);
            run(name, seed, &damaged, targets::every_parser);
        }
    }
}

#[cfg(reference_data)]
#[test]
fn no_damage_to_real_files_does_harm() {
    let files = real_files();
    for (position, (path, file)) in files.iter().enumerate() {
        if file.len() > REAL_BYTES {
            continue;
        }
        for seed in 1..=REAL_COPIES {
            let mut mutator = Mutator::new(seed * 7919 + position as u64);
            let other = &files[(position + seed as usize) % files.len()].1;
            let damaged = mutator.damaged(file, other);
            run(&path.to_string_lossy(), seed, &damaged, targets::any_file);
        }
    }
}

#[test]
fn no_damage_inside_workbooks_does_harm() {
    let package = targets::workbook_link("officeDocument", "xl/workbook.xml");
    let links = targets::workbook_link("worksheet", "worksheets/sheet1.xml");
    let parts = [
        targets::WORKBOOK_SHEET,
        targets::WORKBOOK_TEXTS,
        targets::WORKBOOK,
        &package,
        &links,
    ];
    assert!(instrument::read(&targets::workbook(&[]), &ReadOptions::default()).is_ok());
    for (position, part) in parts.iter().enumerate() {
        for seed in 1..=COPIES {
            let mut mutator = Mutator::new(seed * 31 + position as u64);
            let other = parts[(position + seed as usize) % parts.len()].as_bytes();
            let damaged = mutator.damaged(part.as_bytes(), other);
            run("part of a workbook", seed, &damaged, targets::part_of_a_workbook);
        }
    }
}

#[test]
fn made_up_workbooks_cut_short_are_never_read() {
    for (name, file) in look_alikes::all() {
        if !file.starts_with(b"PK") {
            continue;
        }
        for cut in (CUT..file.len()).step_by(CUT) {
            let read = instrument::read(&file[..cut], &ReadOptions::default());
            let unreadable = read.err().unwrap_or_else(|| panic!("{name} cut at {cut} is read"));
            assert!(unreadable.may_become_readable(), "{name} cut at {cut}: {unreadable}");
        }
    }
}

#[test]
fn no_damage_to_names_does_harm() {
    for seed in 1..=2000 {
        let mut mutator = Mutator::new(seed);
        let name = mutator.damaged(b"E1_SWV_15Hz_1042.txt", b"<H>_<F>Hz__<N>.(1)#<E>");
        run("name", seed, &name, targets::scan_name);
    }
}

#[test]
fn made_up_files_are_read() {
    for (name, file) in look_alikes::all() {
        let known_refusals = ["chi binary", "gamry", "ec-lab"];
        let read = instrument::read(&file, &ReadOptions::default());
        assert!(
            read.is_ok() || known_refusals.contains(&name),
            "{name}: {:?}",
            read.err()
        );
    }
}

#[test]
fn short_rows_below_a_wide_header_cost_no_memory() {
    let header = vec!["Current (A)"; 1000].join(";");
    let whole: String = (0..4).map(|_| "1;".repeat(1001) + "\n").collect();
    let text = format!("Potential (V);{header}\n{whole}{}", "1;2\n".repeat(20_000));
    let recording = instrument::read(text.as_bytes(), &ReadOptions::default()).unwrap();
    assert!(
        recording
            .reservations
            .iter()
            .any(|reservation| reservation.code() == "unreadable_lines")
    );
}

fn arrays(recording: &Recording, electrode: usize) -> (bool, &[f64], &[f64]) {
    match &recording.electrodes[electrode].trace {
        Trace::Voltammogram(sweep) => (false, sweep.potential_v(), sweep.current_a()),
        Trace::Transient(transient) => (true, transient.time_s(), transient.current_a()),
    }
}

/// Whether every point of `part` is the same point of `whole`; files whose first rows leave open what they are may be
/// understood otherwise while they grow.
fn is_beginning(part: &Recording, whole: &Recording) -> bool {
    let comparable = part.format == whole.format && part.electrodes.len() == whole.electrodes.len();
    !comparable
        || (0..part.electrodes.len()).all(|electrode| {
            let ((time, x, y), (whole_time, whole_x, whole_y)) = (arrays(part, electrode), arrays(whole, electrode));
            let begins = |part: &[f64], whole: &[f64]| {
                part.len() <= whole.len() && part.iter().zip(whole).all(|(a, b)| a.to_bits() == b.to_bits())
            };
            time != whole_time || (begins(x, whole_x) && begins(y, whole_y))
        })
}

#[cfg(reference_data)]
#[test]
fn real_files_cut_at_every_97th_byte_are_complete_only_if_nothing_is_missing() {
    let (files, next) = (real_files(), AtomicUsize::new(0));
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let cuts: usize = std::thread::scope(|scope| {
        let work = || {
            let mut cuts = 0;
            while let Some((path, file)) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                cuts += cut_short(&path.to_string_lossy(), file);
            }
            cuts
        };
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    println!("{cuts} cuts");
}

/// Reads every beginning of a file that ends at a multiple of 97 bytes; gives how many there were.
fn cut_short(name: &str, file: &[u8]) -> usize {
    let growing = ReadOptions::default();
    let Ok(whole) = instrument::read(file, &growing) else {
        return 0;
    };
    let mut cuts = 0;
    for cut in (CUT..file.len()).step_by(CUT) {
        cuts += 1;
        let Ok(part) = instrument::read(&file[..cut], &growing) else {
            continue;
        };
        let missing = (0..whole.electrodes.len()).any(|electrode| {
            part.electrodes.len() <= electrode || arrays(&part, electrode) != arrays(&whole, electrode)
        });
        assert!(
            part.completeness != Completeness::Complete || !missing,
            "{name} cut at {cut} is called complete"
        );
        assert!(
            is_beginning(&part, &whole),
            "{name} cut at {cut} has a point that the whole file has not"
        );
    }
    cuts
}
