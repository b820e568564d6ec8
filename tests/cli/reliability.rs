//! The agent killed at random moments while files arrive: every scan ends up measured exactly once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use agent::store::Store;
use protocol::record::{RecordEntry, RecordEvent};

use crate::agent_process::{AgentProcess, PATIENCE, agent, take_in};
use crate::arguments;
use crate::program::{run, sacmes};

/// Times that the agent is killed.
const KILLS: usize = 30;
/// Longest life of an agent before it is killed.
const LONGEST_LIFE_MS: u64 = 400;
/// Simulated instruments that write into one folder: format, style, frequency, electrodes, indices, interval.
const INSTRUMENTS: [(&str, &str, &str, &str, u32, &str); 4] = [
    ("chi", "append", "15", "2", 60, "0.16"),
    ("chi", "atomic", "60", "1", 100, "0.1"),
    ("chi", "burst", "200", "3", 100, "0.1"),
    ("csv", "append", "500", "1", 40, "0.25"),
];

/// Reproducible random numbers (`SplitMix64`).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}

struct Instruments(Vec<Child>);

impl Instruments {
    fn start(folder: &Path) -> Self {
        let start = |(format, style, frequency, electrodes, files, interval): (&str, &str, &str, &str, u32, &str)| {
            let mut command = sacmes(arguments!["simulate", folder]);
            command
                .args([
                    "--format",
                    format,
                    "--style",
                    style,
                    "--frequencies",
                    frequency,
                    "--electrodes",
                    electrodes,
                ])
                .args(["--files", &files.to_string(), "--interval", interval, "--handle", style])
                .stderr(Stdio::null());
            command.spawn().unwrap()
        };
        Self(INSTRUMENTS.into_iter().map(start).collect())
    }

    fn wait(mut self) {
        for mut child in std::mem::take(&mut self.0) {
            assert!(child.wait().unwrap().success());
        }
    }
}

impl Drop for Instruments {
    fn drop(&mut self) {
        for child in &mut self.0 {
            // Of a test that failed.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[test]
fn thirty_kills_while_files_arrive_leave_every_scan_exactly_once() {
    let (folder, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let started = Instant::now();
    let instruments = Instruments::start(folder.path());
    let mut random = Random(20);
    let mut printed = Vec::new();
    for _ in 0..KILLS {
        let process = AgentProcess::start(agent(folder.path(), data.path(), &["--name", "killed"]));
        thread::sleep(Duration::from_millis(random.below(LONGEST_LIFE_MS)));
        printed.extend(process.kill());
    }
    let lives = started.elapsed();
    instruments.wait();
    printed.extend(take_in_everything(folder.path(), data.path()));
    println!("{KILLS} kills in {lives:.1?}");

    let results = run(arguments!["results", "killed", "--data-dir", data.path()])
        .ends_with(0)
        .objects();
    let mut found: BTreeMap<(String, u64), usize> = BTreeMap::new();
    for m in &results {
        assert_eq!(m["status"], "ok", "{m}");
        *found
            .entry((m["file"].as_str().unwrap().to_owned(), m["electrode"].as_u64().unwrap()))
            .or_default() += 1;
    }
    let twice: Vec<_> = found.iter().filter(|(_, count)| **count != 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
    let expected = expected();
    assert_eq!(found.keys().cloned().collect::<BTreeSet<_>>(), expected);

    let record = record(data.path());
    let sequence: Vec<u64> = record.iter().map(|entry| entry.seq).collect();
    assert_eq!(sequence, (1..=record.len() as u64).collect::<Vec<_>>());
    let measured: Vec<String> = record
        .iter()
        .filter_map(|entry| match &entry.event {
            RecordEvent::Measured { measurements } => Some(measurements),
            _ => None,
        })
        .map(|measurements| {
            assert!(
                measurements.iter().all(|m| m.file_revision == 1),
                "half a file was taken for a whole one"
            );
            measurements[0].file.clone()
        })
        .collect();
    let files: BTreeSet<&String> = measured.iter().collect();
    assert_eq!(measured.len(), files.len(), "each file is announced as measured once");
    assert_eq!(
        files.len(),
        expected.iter().map(|(file, _)| file).collect::<BTreeSet<_>>().len()
    );

    // No agent printed what another had printed; what was printed is what is kept.
    let printed: Vec<u64> = printed.iter().filter_map(|event| event["seq"].as_u64()).collect();
    assert!(printed.is_sorted_by(|a, b| a < b), "{printed:?}");
    assert!(printed.last() <= sequence.last());
}

/// An agent that is left alone until every file was measured.
fn take_in_everything(folder: &Path, data: &Path) -> Vec<serde_json::Value> {
    let deadline = Instant::now() + PATIENCE;
    let mut events = take_in(folder, data, &["--name", "killed"]);
    // On a busy machine a file may still have been settling.
    while run(arguments!["results", "killed", "--data-dir", data]).objects().len() < expected().len() {
        assert!(Instant::now() < deadline, "files are missing");
        events.extend(take_in(folder, data, &["--name", "killed"]));
    }
    events
}

/// Every file with its electrodes.
fn expected() -> BTreeSet<(String, u64)> {
    let of = |(_, style, frequency, electrodes, files, _): (&str, &'static str, &'static str, &str, u32, &str)| {
        let electrodes: u64 = electrodes.parse().unwrap();
        (1..=files).flat_map(move |index| {
            (1..=electrodes).map(move |electrode| (format!("{style}_{frequency}Hz_{index}.txt"), electrode))
        })
    };
    INSTRUMENTS.into_iter().flat_map(of).collect()
}

fn record(data: &Path) -> Vec<RecordEntry> {
    let store = Store::open_read_only(&data.join("profiles/default/sacmes.db")).unwrap();
    let session = store.sessions().unwrap().remove(0).summary.session;
    let mut record = Vec::new();
    loop {
        let page = store.record_of(session, record.len() as u64 + 1, 1_000).unwrap();
        if page.is_empty() {
            return record;
        }
        record.extend(page);
    }
}
