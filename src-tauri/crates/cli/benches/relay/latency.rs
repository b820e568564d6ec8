//! From the moment an instrument closes a file to the event at a viewer behind a relay, and what a measurement weighs on its way.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use protocol::codes::ViewOnlyCode;
use protocol::record::RecordEvent;
use protocol::relay::Offset;
use protocol::relay::header::DownHeader;
use protocol::relay::message::{Message, ToViewer};
use remote::following::{Code, FollowEvent, FollowState, Follower, From};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::Outcome;
use crate::raw_viewer::{RawViewer, header_length};
use crate::samples::Samples;
use crate::servers::{Agent, Relay, simulate};
use crate::table::{Report, ms};

/// No file takes as long to arrive.
const PATIENCE: Duration = Duration::from_secs(30);
/// Files a second, and how many files.
const PACES: [(u32, u32); 2] = [(10, 300), (33, 500)];

/// Lets files appear at different paces.
pub async fn measure(report: &mut Report) -> Outcome {
    for (pace, files) in PACES {
        let measured = at_pace(pace, files).await?;
        let name = |what: &str| format!("file closed to remote viewer, {files} files, {pace} a second: {what}");
        report.add(name("median"), ms(measured.latencies.median()));
        let p99 = measured.latencies.quantile(0.99);
        report.promise(
            name("99th percentile"),
            ms(p99),
            "at most 100 ms",
            p99 <= Duration::from_millis(100),
        );
        report.add(name("largest"), ms(measured.latencies.largest()));
        let bytes = measured.bytes as f64 / f64::from(files);
        report.promise(
            format!("bytes per measurement to a viewer, {pace} a second, everything that the relay sends"),
            format!("{bytes:.0}"),
            "under 300",
            bytes < 300.0,
        );
    }
    Ok(())
}

struct Measured {
    latencies: Samples,
    bytes: usize,
}

async fn at_pace(pace: u32, count: u32) -> Outcome<Measured> {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR"))?;
    let (prepared, watched) = (folder.path().join("prepared"), folder.path().join("watched"));
    fs::create_dir(&watched)?;
    simulate(&prepared, "15", count)?;
    let relay = Relay::start()?;
    let agent = Agent::start(&watched, &folder.path().join("data"), &relay)?;
    let Code::ViewOnly(code) = agent.invitation.code else {
        return Err("the agent's link has no view-only code".into());
    };
    let address = agent
        .invitation
        .relay
        .clone()
        .ok_or("the agent's link names no relay")?;
    let (follower, mut events) = Follower::start(agent.invitation.code, address, From::Beginning);
    let mut state = follower.state();
    timeout(
        PATIENCE,
        state.wait_for(|state| matches!(state, FollowState::Live { .. })),
    )
    .await??;
    let weighing = Weighing::start(&relay, &code).await?;

    let received = tokio::spawn(async move {
        let mut received = HashMap::new();
        while received.len() < count as usize {
            match timeout(PATIENCE, events.next()).await {
                Ok(Some(FollowEvent::Record { entries, .. })) => {
                    let now = Instant::now();
                    for entry in entries {
                        if let RecordEvent::Measured { measurements } = entry.event {
                            received.extend(measurements.into_iter().map(|measured| (measured.file, now)));
                        }
                    }
                }
                Ok(Some(_)) => {}
                Ok(None) | Err(_) => return Err(format!("{} of {count} files arrived", received.len())),
            }
        }
        let last = events.position().map_or(0, |position| position.offset);
        Ok((received, last))
    });
    let closed = write(&prepared, &watched, Duration::from_secs(1) / pace).await?;
    let (received, last) = received.await??;
    let bytes = weighing.until(last).await?;
    let times = closed.into_iter().map(|(file, closed)| {
        let at = received.get(&file).ok_or_else(|| format!("{file} never arrived"))?;
        Ok(at.saturating_duration_since(closed))
    });
    let latencies = Samples::new(times.collect::<Result<_, String>>()?);
    Ok(Measured { latencies, bytes })
}

/// Writes files one by one; tells when each was closed.
async fn write(prepared: &Path, watched: &Path, pause: Duration) -> Outcome<Vec<(String, Instant)>> {
    let mut paths = fs::read_dir(prepared)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Outcome<Vec<PathBuf>>>()?;
    paths.sort();
    let mut closed = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = fs::read(&path)?;
        // Writing also closes the file.
        fs::write(watched.join(&name), bytes)?;
        closed.push((name, Instant::now()));
        sleep(pause).await;
    }
    Ok(closed)
}

/// Counts what a viewer is sent, the WebSocket's own bytes included.
struct Weighing {
    last: oneshot::Sender<Offset>,
    bytes: JoinHandle<Outcome<usize>>,
}

impl Weighing {
    async fn start(relay: &Relay, code: &ViewOnlyCode) -> Outcome<Self> {
        let mut viewer = RawViewer::join(&relay.authority, code).await?;
        let (last, mut told) = oneshot::channel();
        let bytes = tokio::spawn(async move {
            let (mut bytes, mut reached, mut last) = (0, 0, Offset::MAX);
            while reached < last {
                tokio::select! {
                    until = &mut told, if last == Offset::MAX => last = until?,
                    message = viewer.next() => {
                        let message = message?;
                        bytes += header_length(message.len()) + message.len();
                        if let Ok(ToViewer::Frame(frame)) = ToViewer::read(&message) {
                            let (header, _) = DownHeader::read(&frame)?;
                            reached = header.destination.last().unwrap_or(reached);
                        }
                    }
                }
            }
            Ok(bytes)
        });
        Ok(Self { last, bytes })
    }

    /// The bytes up to this entry.
    async fn until(self, last: Offset) -> Outcome<usize> {
        // Where it has ended already, it says why below.
        let _ = self.last.send(last);
        timeout(PATIENCE, self.bytes).await??
    }
}
