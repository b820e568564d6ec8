//! From starting to follow until everything of a large session is there, and the agent has said so.

use std::time::{Duration, Instant};

use protocol::record::{RecordEntry, RecordEvent};
use protocol::relay::body::pack_entries;
use remote::address::RelayAddress;
use remote::following::{Code, FollowEvent, FollowState, Follower, From};
use tempfile::TempDir;
use tokio::time::timeout;

use crate::Outcome;
use crate::raw_agent::RawAgent;
use crate::samples::Samples;
use crate::servers::{Agent, Relay, simulate};
use crate::table::{Report, ms};

/// Measurements of the session: so many indices of two frequencies.
const INDICES: u32 = 5_000;
const MEASUREMENTS: usize = 2 * INDICES as usize;
/// How often a viewer joins, each time as one that knows nothing.
const JOINS: usize = 10;
const PATIENCE: Duration = Duration::from_mins(1);
const PROMISED: Duration = Duration::from_secs(1);

/// Lets viewers join while the relay has everything, in large frames and in small ones, and while it has next to nothing.
pub async fn measure(report: &mut Report) -> Outcome {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR"))?;
    let (watched, data) = (folder.path().join("watched"), folder.path().join("data"));
    simulate(&watched, "15,200", INDICES)?;

    let relay = Relay::start()?;
    let agent = Agent::start(&watched, &data, &relay)?;
    let (code, address) = whom(&agent)?;
    // The first to join waits until the files are measured.
    let (_, entries) = join(code, &address).await?;
    say(
        report,
        "the relay has it in frames of up to 200 entries",
        &joins(code, &address).await?,
    );
    drop((agent, relay));

    let relay = Relay::start_with(&["--window-frames", "1"])?;
    let agent = Agent::start(&watched, &data, &relay)?;
    let (code, address) = whom(&agent)?;
    say(
        report,
        "the relay has one frame, the agent gives the rest",
        &joins(code, &address).await?,
    );
    drop((agent, relay));

    let relay = Relay::start()?;
    let mut agent = RawAgent::claim(&relay.authority).await?;
    // As they come at some files a second: of each file two entries, and together they fit into the window.
    for of_file in entries.chunks(2) {
        let count = of_file.len().try_into()?;
        agent.publish_several(count, &pack_entries(of_file)?, |_| ()).await?;
    }
    agent.is_acknowledged().await?;
    let (code, address): (_, RelayAddress) = (Code::ViewOnly(agent.code), relay.authority.parse()?);
    let receiving = tokio::spawn(async move { agent.receive_visitors().await });
    say(
        report,
        "the relay has it in frames of two entries",
        &joins(code, &address).await?,
    );
    receiving.abort();
    Ok(())
}

fn say(report: &mut Report, how: &str, times: &Samples) {
    let name = |what: &str| format!("joining a session of {MEASUREMENTS} measurements, {how}: {what} of {JOINS}");
    report.add(name("median"), ms(times.median()));
    let largest = times.largest();
    report.promise(name("largest"), ms(largest), "under 1 s", largest < PROMISED);
}

fn whom(agent: &Agent) -> Outcome<(Code, RelayAddress)> {
    let address = agent
        .invitation
        .relay
        .clone()
        .ok_or("the agent's link names no relay")?;
    Ok((agent.invitation.code, address))
}

async fn joins(code: Code, address: &RelayAddress) -> Outcome<Samples> {
    let mut times = Vec::new();
    for _ in 0..JOINS {
        times.push(join(code, address).await?.0);
    }
    Ok(Samples::new(times))
}

/// Follows until every measurement is there and the agent has said that it is live.
async fn join(code: Code, address: &RelayAddress) -> Outcome<(Duration, Vec<RecordEntry>)> {
    let started = Instant::now();
    let (follower, mut events) = Follower::start(code, address.clone(), From::Beginning);
    let (mut all, mut measured) = (Vec::new(), 0);
    while measured < MEASUREMENTS {
        let event = timeout(PATIENCE, events.next())
            .await
            .map_err(|_| format!("{measured} of {MEASUREMENTS} measurements arrived"))?;
        match event {
            Some(FollowEvent::Record { entries, .. }) => {
                for entry in entries {
                    if let RecordEvent::Measured { measurements } = &entry.event {
                        measured += measurements.len();
                    }
                    all.push(entry);
                }
            }
            // What came before is void; that it comes once more is part of what joining takes.
            Some(FollowEvent::StartedOver) => {
                if measured > 0 {
                    println!("a viewer had to start over after {measured} measurements");
                }
                all.clear();
                measured = 0;
            }
            Some(_) => {}
            None => return Err("following ended".into()),
        }
    }
    let mut state = follower.state();
    timeout(
        PATIENCE,
        state.wait_for(|state| matches!(state, FollowState::Live { .. })),
    )
    .await??;
    Ok((started.elapsed(), all))
}
