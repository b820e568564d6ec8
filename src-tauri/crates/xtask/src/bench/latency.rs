//! From the moment an instrument closes a file to the event at a local viewer.

use super::agent_events::MeasuredAgent;
use super::samples::{median, milliseconds, quantile};
use super::{Bench, Figure, files};
use crate::failure::{Doing, Failure, Outcome};
use std::collections::HashMap;
use std::fs;
use std::time::{Duration, Instant};

/// Files to write; CHI text, whose declared points prove its end.
const FILES: u32 = 500;
/// Pause between files, so that each is taken in by itself.
const PAUSE: Duration = Duration::from_millis(30);
/// The agent gives up after this much silence.
const IDLE_SECONDS: u32 = 10;

/// Writes files into a watched folder one by one and waits for each to be announced.
pub fn measure(bench: &Bench<'_>) -> Outcome<Vec<Figure>> {
    let prepared = bench.simulate("latency-prepared", "chi", "15", FILES)?;
    let watched = bench.folder.join("latency");
    fs::create_dir_all(&watched).doing(|| format!("create {}", watched.display()))?;
    let agent = MeasuredAgent::start(bench, &watched, "latency-data", IDLE_SECONDS)?;
    agent.wait_for_session(bench)?;

    let mut closed: HashMap<String, Instant> = HashMap::new();
    for path in files(&prepared)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = fs::read(&path).doing(|| format!("read {}", path.display()))?;
        // Writing also closes the file.
        fs::write(watched.join(&name), bytes).doing(|| format!("write {name}"))?;
        closed.insert(name, Instant::now());
        bench.supervisor.wait_for(PAUSE, || false)?;
    }
    let mut latencies = Vec::new();
    while latencies.len() < closed.len() {
        let Some(measured) = agent.next(bench)? else {
            let missing = closed.len() - latencies.len();
            return Err(Failure::new(format!("{missing} of {FILES} files were never announced")));
        };
        let times = measured.files.iter().filter_map(|file| closed.get(file));
        latencies.extend(times.map(|&at| measured.at.saturating_duration_since(at)));
    }
    agent.end();
    let name = |what: &str| format!("file closed to event, CHI text, {FILES} files: {what}");
    Ok(vec![
        Figure {
            name: name("median"),
            measured: milliseconds(median(&latencies)),
            promised: "",
        },
        Figure {
            name: name("99th percentile"),
            measured: milliseconds(quantile(&latencies, 0.99)),
            promised: "at most 50 ms",
        },
        Figure {
            name: name("largest"),
            measured: milliseconds(quantile(&latencies, 1.0)),
            promised: "",
        },
    ])
}
