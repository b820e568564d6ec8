//! Durable intake: how many files a second, and whether a file costs more when many came before it.

use super::agent_events::MeasuredAgent;
use super::{Bench, Figure};
use crate::failure::{Doing, Failure, Outcome};
use std::collections::HashSet;
use std::time::{Duration, Instant};

/// Indices with two frequencies each: 100,000 files.
const INDICES: u32 = 50_000;
/// Files over which the cost of one is averaged: after the first 1,000, and up to the last.
const WINDOW: usize = 5_000;
/// The agent ends when nothing happened for so long.
const IDLE_SECONDS: u32 = 5;

/// Lets an agent take in a folder of 100,000 files and looks at when it announced them. Announced means stored.
pub fn measure(bench: &Bench<'_>) -> Outcome<Vec<Figure>> {
    let folder = bench.simulate("intake", "csv", "15,200", INDICES)?;
    let total = INDICES as usize * 2;
    let started = Instant::now();
    let agent = MeasuredAgent::start(bench, &folder, "intake-data", IDLE_SECONDS)?;
    let mut seen = HashSet::new();
    // When how many files had been announced.
    let mut progress: Vec<(Duration, usize)> = vec![(Duration::ZERO, 0)];
    while let Some(measured) = agent.next(bench)? {
        for file in measured.files {
            if !seen.insert(file.clone()) {
                return Err(Failure::new(format!(
                    "{file} was announced twice; the figures would mean nothing"
                )));
            }
        }
        progress.push((measured.at - started, seen.len()));
    }
    if seen.len() != total {
        return Err(Failure::new(format!(
            "{} of {total} files were announced; the figures would mean nothing",
            seen.len()
        )));
    }
    for folder in [folder, bench.folder.join("intake-data")] {
        std::fs::remove_dir_all(&folder).doing(|| format!("remove {}", folder.display()))?;
    }
    let (Some(first), Some(last)) = (progress.get(1), progress.last()) else {
        return Err(Failure::new("nothing was announced"));
    };
    let early = cost(&progress, 1_000, 1_000 + WINDOW);
    let late = cost(&progress, total - WINDOW, total);
    Ok(vec![
        Figure {
            name: format!("durable intake of {total} files"),
            measured: format!("{:.0} files/s", total as f64 / last.0.as_secs_f64()),
            promised: "at least 1000 files/s",
        },
        Figure {
            name: format!("first file announced, with {total} waiting"),
            measured: super::samples::milliseconds(first.0),
            promised: "",
        },
        Figure {
            name: format!("cost of a file after 1,000 (mean of {WINDOW})"),
            measured: format!("{:.0} µs", early * 1e6),
            promised: "",
        },
        Figure {
            name: format!("cost of a file before {total} (mean of {WINDOW})"),
            measured: format!("{:.0} µs", late * 1e6),
            promised: "",
        },
        Figure {
            name: "ratio".to_owned(),
            measured: format!("{:.2}", late / early),
            promised: "at most 1.2",
        },
    ])
}

/// Mean seconds per file between two numbers of announced files.
fn cost(progress: &[(Duration, usize)], from: usize, to: usize) -> f64 {
    let reached = |count: usize| progress.iter().find(|(_, files)| *files >= count);
    match (reached(from), reached(to)) {
        (Some(&(begin, first)), Some(&(end, last))) if last > first => {
            end.saturating_sub(begin).as_secs_f64() / (last - first) as f64
        }
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cost_is_time_over_files_between_two_counts() {
        let at = |ms: u64, files: usize| (Duration::from_millis(ms), files);
        let progress = [at(0, 0), at(100, 50), at(200, 150), at(700, 400)];
        assert!((cost(&progress, 50, 150) - 0.001).abs() < 1e-12);
        assert!((cost(&progress, 100, 400) - 0.002).abs() < 1e-12);
        assert!(cost(&progress, 400, 500).is_nan());
    }
}
