//! One agent to a thousand viewers, through the relay and, in turn with it, through NATS.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use protocol::relay::header::{Destination, DownHeader};
use protocol::relay::message::{Message, ToViewer};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::nats::Nats;
use crate::program::Memory;
use crate::raw_agent::RawAgent;
use crate::raw_viewer::RawViewer;
use crate::samples::Samples;
use crate::servers::Relay;
use crate::table::{Report, ms};
use crate::{Outcome, handles};

const VIEWERS: usize = 1_000;
const FRAMES_A_SECOND: u32 = 20;
/// Frames of a round, and those before it that only warm up.
const FRAMES: usize = 400;
const WARM_UP: usize = 20;
/// Rounds of each server, in turn.
const ROUNDS: usize = 2;
/// What is sealed: together with the header, tag and signature, a frame of about one measurement.
const PLAIN: usize = 160;
/// Connections that are made at once.
const AT_ONCE: usize = 20;
/// No round takes longer.
const PATIENCE: Duration = Duration::from_mins(2);

/// Feeds viewers through both servers in turn.
pub async fn measure(report: &mut Report) -> Outcome {
    handles::raise(4_096, report)?;
    let mut relay = Rounds::new("relay");
    let mut nats = Rounds::new("NATS");
    let mut length = 0;
    for _ in 0..ROUNDS {
        let round = through_relay(report).await?;
        length = round.length;
        relay.add(round);
        match through_nats(length).await? {
            Some(round) => nats.add(round),
            None => println!("nats-server is not installed (Debian package nats-server): no yardstick is measured"),
        }
    }
    println!("Each frame has {length} bytes; {ROUNDS} rounds of {FRAMES} frames");
    let (p99, all) = relay.say(report);
    report.promise(
        format!("{}: 99th percentile", relay.title()),
        ms(p99),
        "under 100 ms",
        p99 < Duration::from_millis(100),
    );
    report.add(format!("{}: largest", relay.title()), ms(all.largest()));
    if nats.times.is_empty() {
        report.add(nats.title(), "nats-server is not installed");
        return Ok(());
    }
    let (p99, all) = nats.say(report);
    report.add(format!("{}: 99th percentile", nats.title()), ms(p99));
    report.add(format!("{}: largest", nats.title()), ms(all.largest()));
    Ok(())
}

/// What one round gives.
struct Round {
    times: Vec<Duration>,
    cpu: Duration,
    memory: Memory,
    length: usize,
}

/// The rounds of one server.
struct Rounds {
    server: &'static str,
    times: Vec<Duration>,
    cpu: Duration,
    memory: u64,
}

impl Rounds {
    fn new(server: &'static str) -> Self {
        Self {
            server,
            times: Vec::new(),
            cpu: Duration::ZERO,
            memory: 0,
        }
    }

    fn add(&mut self, round: Round) {
        self.times.extend(round.times);
        self.cpu += round.cpu;
        self.memory = self.memory.max(round.memory.peak);
    }

    fn title(&self) -> String {
        format!(
            "{FRAMES_A_SECOND} frames/s to {VIEWERS} viewers through {}",
            self.server
        )
    }

    /// Says what it cost, and gives the 99th percentile.
    fn say(&self, report: &mut Report) -> (Duration, Samples) {
        let all = Samples::new(self.times.clone());
        let seconds = (ROUNDS * FRAMES) as f64 / f64::from(FRAMES_A_SECOND);
        report.add(
            format!("{}: CPU of the server", self.title()),
            format!("{:.1} s in {seconds:.0} s", self.cpu.as_secs_f64()),
        );
        let mib = self.memory as f64 / 1_024.0;
        report.add(
            format!("{}: memory of the server", self.title()),
            format!("{mib:.0} MiB"),
        );
        report.add(format!("{}: median", self.title()), ms(all.median()));
        (all.quantile(0.99), all)
    }
}

/// When each frame left.
#[derive(Clone)]
struct Departures(Arc<Vec<OnceLock<Instant>>>);

impl Departures {
    fn new() -> Self {
        Self(Arc::new((0..WARM_UP + FRAMES).map(|_| OnceLock::new()).collect()))
    }

    fn note(&self, number: usize) {
        if let Some(departure) = self.0.get(number) {
            // Each is noted once.
            let _ = departure.set(Instant::now());
        }
    }

    fn since(&self, number: usize) -> Outcome<Duration> {
        let left = self.0.get(number).and_then(OnceLock::get);
        Ok(left.ok_or("a frame arrived that was not sent")?.elapsed())
    }
}

/// Times of a viewer that has received every frame, in order.
struct Arrivals {
    departures: Departures,
    next: usize,
    times: Vec<Duration>,
}

impl Arrivals {
    fn new(departures: Departures) -> Self {
        Self {
            departures,
            next: 0,
            times: Vec::with_capacity(FRAMES),
        }
    }

    /// Notes a frame; true after the last.
    fn note(&mut self, number: usize) -> Outcome<bool> {
        if number != self.next {
            return Err(format!("frame {number} came instead of {}", self.next).into());
        }
        let took = self.departures.since(number)?;
        if number >= WARM_UP {
            self.times.push(took);
        }
        self.next += 1;
        Ok(self.next == WARM_UP + FRAMES)
    }
}

async fn through_relay(report: &mut Report) -> Outcome<Round> {
    let relay = Relay::start_for_many(2_000, report)?;
    let mut agent = RawAgent::claim(&relay.authority).await?;
    let departures = Departures::new();
    let mut viewers = JoinSet::new();
    let mut connecting = JoinSet::new();
    for number in 0..VIEWERS {
        let (authority, code) = (relay.authority.clone(), agent.code);
        connecting.spawn(async move { RawViewer::join(&authority, &code).await });
        if connecting.len() == AT_ONCE || number == VIEWERS - 1 {
            while let Some(viewer) = connecting.join_next().await {
                let (mut viewer, mut arrivals) = (viewer??, Arrivals::new(departures.clone()));
                viewers.spawn(async move {
                    loop {
                        let message = viewer.next().await?;
                        let ToViewer::Frame(frame) = ToViewer::read(&message)? else {
                            continue;
                        };
                        if let Destination::Log { first, .. } = DownHeader::read(&frame)?.0.destination
                            && arrivals.note(first as usize - 1)?
                        {
                            return Ok(arrivals.times);
                        }
                    }
                });
            }
        }
    }
    let before = relay.program.cpu()?;
    let mut pace = pace();
    for _ in 0..WARM_UP + FRAMES {
        pace.tick().await;
        agent
            .publish(&[7; PLAIN], |offset| departures.note(offset as usize - 1))
            .await?;
    }
    agent.is_acknowledged().await?;
    finish(viewers, &relay.program, before, agent.frame_length()).await
}

async fn through_nats(length: usize) -> Outcome<Option<Round>> {
    let Some(nats) = Nats::start()? else {
        return Ok(None);
    };
    let departures = Departures::new();
    let mut viewers = JoinSet::new();
    for _ in 0..VIEWERS {
        let (mut viewer, mut arrivals) = (nats.subscribe().await?, Arrivals::new(departures.clone()));
        viewers.spawn(async move {
            loop {
                let message = viewer.next().await?;
                let number = message.first_chunk().ok_or("a message of NATS is cut")?;
                if arrivals.note(u64::from_be_bytes(*number) as usize)? {
                    return Ok(arrivals.times);
                }
            }
        });
    }
    let mut publisher = nats.publisher().await?;
    let mut payload = vec![7; length];
    let before = nats.program.cpu()?;
    let mut pace = pace();
    for number in 0..WARM_UP + FRAMES {
        pace.tick().await;
        payload[..8].copy_from_slice(&(number as u64).to_be_bytes());
        departures.note(number);
        publisher.publish(&payload).await?;
    }
    finish(viewers, &nats.program, before, length).await.map(Some)
}

fn pace() -> tokio::time::Interval {
    let mut pace = interval(Duration::from_secs(1) / FRAMES_A_SECOND);
    // A frame that is late does not make the next ones come closer together.
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    pace
}

/// Waits until every viewer has every frame.
async fn finish(
    mut viewers: JoinSet<Outcome<Vec<Duration>>>,
    server: &crate::program::Program,
    before: Duration,
    length: usize,
) -> Outcome<Round> {
    let mut times = Vec::with_capacity(VIEWERS * FRAMES);
    timeout(PATIENCE, async {
        while let Some(viewer) = viewers.join_next().await {
            times.extend(viewer??);
        }
        Outcome::Ok(())
    })
    .await??;
    Ok(Round {
        times,
        cpu: server.cpu()?.saturating_sub(before),
        memory: server.memory()?,
        length,
    })
}
