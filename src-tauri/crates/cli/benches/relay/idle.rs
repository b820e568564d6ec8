//! What viewers cost that only wait: ten thousand at one relay.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use protocol::codes::ViewOnlyCode;
use protocol::relay::body::Direct;
use protocol::relay::message::{Message, ToViewer};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::program::Memory;
use crate::raw_agent::RawAgent;
use crate::raw_viewer::RawViewer;
use crate::servers::Relay;
use crate::table::Report;
use crate::{Outcome, handles};

const VIEWERS: usize = 10_000;
/// A channel takes 2,000 viewers.
const CHANNELS: usize = 5;
/// Frames that each window has when viewers come.
const WINDOW: usize = 100;
/// Connections that are made at once.
const AT_ONCE: usize = 20;
/// Longer than the relay lets pass between two pings.
const A_ROUND_OF_PINGS: Duration = Duration::from_secs(25);
/// Bytes of an answer's part.
const PART: usize = 128 * 1024;
const PATIENCE: Duration = Duration::from_mins(1);
const GIB: u64 = 1 << 20;

/// Lets viewers join, begin a visit each, receive an answer, and wait; then a frame proves that all are there.
pub async fn measure(report: &mut Report) -> Outcome {
    handles::raise(VIEWERS as u64 + 4_096, report)?;
    let relay = Relay::start_for_many(5_000, report)?;
    let mut agents = Vec::new();
    for _ in 0..CHANNELS {
        let mut agent = RawAgent::claim(&relay.authority).await?;
        for _ in 0..WINDOW {
            agent.publish(&[7; 200], |_| ()).await?;
        }
        agent.is_acknowledged().await?;
        agents.push(agent);
    }
    let without = relay.program.memory()?;

    let received = Arc::new(Received::default());
    let mut viewers = JoinSet::new();
    let mut connecting = JoinSet::new();
    for number in 0..VIEWERS {
        connecting.spawn(enter(relay.authority.clone(), agents[number % CHANNELS].code));
        if connecting.len() == AT_ONCE || number == VIEWERS - 1 {
            while let Some(viewer) = connecting.join_next().await {
                viewers.spawn(stay(viewer??, Arc::clone(&received)));
            }
        }
    }
    received.frames(VIEWERS * WINDOW).await?;
    sleep(A_ROUND_OF_PINGS).await;
    say(report, "that have joined", &relay, without)?;

    // What a viewer asks for when it opens a session.
    let part = Direct::Part {
        question: 1,
        number: 0,
        last: true,
        bytes: vec![7; PART],
    };
    let (part, mut given) = (part.bytes()?, VIEWERS * WINDOW);
    for _ in 0..VIEWERS / CHANNELS {
        for agent in &mut agents {
            let viewer = agent.visitor().await?;
            agent.tell(viewer, &part).await?;
        }
        given += CHANNELS;
        received.frames(given).await?;
    }
    sleep(A_ROUND_OF_PINGS).await;
    say(
        report,
        &format!("that have had an answer of {} KiB", PART / 1_024),
        &relay,
        without,
    )?;

    for agent in &mut agents {
        agent.publish(&[7; 200], |_| ()).await?;
    }
    // Nobody was lost: a frame reaches each of them.
    received.frames(given + VIEWERS).await
}

fn say(report: &mut Report, which: &str, relay: &Relay, without: Memory) -> Outcome {
    let memory = relay.program.memory()?;
    let mib = |kib: u64| format!("{:.0} MiB", kib as f64 / 1_024.0);
    let name = |what: &str| format!("{VIEWERS} idle viewers of {CHANNELS} channels {which}: {what}");
    let holds = memory.peak <= GIB;
    report.promise(name("memory of the relay"), mib(memory.now), "at most 1 GiB", holds);
    report.add(name("largest so far"), mib(memory.peak));
    let each = memory.now.saturating_sub(without.now) as f64 / VIEWERS as f64;
    report.add(name("of each"), format!("{each:.1} KiB"));
    Ok(())
}

async fn enter(authority: String, code: ViewOnlyCode) -> Outcome<RawViewer> {
    let mut viewer = RawViewer::join(&authority, &code).await?;
    viewer.open().await?;
    Ok(viewer)
}

/// Stays, and counts what comes.
async fn stay(mut viewer: RawViewer, received: Arc<Received>) -> Outcome {
    while let Ok(message) = viewer.next().await {
        if let ToViewer::Frame(_) = ToViewer::read(&message)? {
            received.add();
        }
    }
    Ok(())
}

/// How many frames have come to all viewers together.
#[derive(Default)]
struct Received {
    count: AtomicUsize,
    changed: Notify,
}

impl Received {
    fn add(&self) {
        self.count.fetch_add(1, Ordering::Relaxed);
        self.changed.notify_one();
    }

    /// Waits until so many have come.
    async fn frames(&self, count: usize) -> Outcome {
        let reached = async {
            while self.count.load(Ordering::Relaxed) < count {
                self.changed.notified().await;
            }
        };
        let late = |_| format!("{} of {count} frames arrived", self.count.load(Ordering::Relaxed));
        Ok(timeout(PATIENCE, reached).await.map_err(late)?)
    }
}
