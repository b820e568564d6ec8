//! The whole pipeline over existing files, against `cat` on the same files.

use super::samples::{median, milliseconds};
use super::{Bench, Figure, files};
use crate::failure::{Doing, Failure, Outcome};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Indices with two frequencies each: 10,000 files of 500 points.
const INDICES: u32 = 5_000;
/// Timed runs of each command, after one that fills the caches.
const RUNS: usize = 7;

/// Times `cat` and `sacmes analyze` in turn and compares their medians; both write to the null device.
pub fn measure(bench: &Bench<'_>) -> Outcome<Vec<Figure>> {
    let folder = bench.simulate("pipeline", "csv", "15,200", INDICES)?;
    let names: Vec<_> = files(&folder)?
        .into_iter()
        .filter_map(|path| path.file_name().map(ToOwned::to_owned))
        .collect();
    let bytes: u64 = files(&folder)?
        .iter()
        .filter_map(|path| path.metadata().ok())
        .map(|file| file.len())
        .sum();

    let (mut cat_times, mut analyze_times) = (Vec::new(), Vec::new());
    for run in 0..=RUNS {
        let mut cat = Command::new("cat");
        cat.args(&names).current_dir(&folder);
        let mut analyze = bench.sacmes(&["analyze"]);
        analyze.arg(&folder);
        let times = (
            time(bench, "cat", &mut cat)?,
            time(bench, "sacmes analyze", &mut analyze)?,
        );
        if run > 0 {
            cat_times.push(times.0);
            analyze_times.push(times.1);
        }
    }
    std::fs::remove_dir_all(&folder).doing(|| format!("remove {}", folder.display()))?;

    let (cat, analyze) = (median(&cat_times), median(&analyze_times));
    let per_file = analyze.as_secs_f64() / names.len() as f64;
    Ok(vec![
        Figure {
            name: format!(
                "cat of {} files ({:.0} MB), median of {RUNS}",
                names.len(),
                bytes as f64 / 1e6
            ),
            measured: milliseconds(cat),
            promised: "",
        },
        Figure {
            name: format!("sacmes analyze of the same ({:.0} µs per file)", per_file * 1e6),
            measured: milliseconds(analyze),
            promised: "",
        },
        Figure {
            name: "ratio".to_owned(),
            measured: format!("{:.2}", analyze.as_secs_f64() / cat.as_secs_f64()),
            promised: "at most 4, aim 2",
        },
    ])
}

/// From starting a program to its end.
fn time(bench: &Bench<'_>, name: &str, command: &mut Command) -> Outcome<Duration> {
    command.stdout(Stdio::null()).stdin(Stdio::null());
    let started = Instant::now();
    let mut running = bench.supervisor.spawn(name, command)?;
    // Waiting as the supervisor does, by looking now and then, would be coarser than what is measured.
    let status = running.child().wait().doing(|| format!("wait for {name}"))?;
    let took = started.elapsed();
    if status.success() {
        Ok(took)
    } else {
        Err(Failure::new(format!("{name} failed ({status})")))
    }
}
