//! A hostile relay or network between a real agent and real followers: whatever it does, nothing that the agent did not say is
//! taken for its word, nobody steers who may not, it is counted, and the honest traffic arrives complete, in order, once.

mod commands;
mod frames;
mod relays;

use protocol::codes::UserId;
use protocol::ids::SessionId;
use protocol::query::{Answer, Query};
use protocol::record::RecordEntry;
use remote::following::{Code, Events, FollowEvent, FollowState, Follower, From};

use crate::bench::{Agent, Running, within};
use crate::meddler::Meddler;

/// A relay, and somebody before it through whom everybody comes.
async fn meddled() -> (Running, Meddler) {
    let (meddler, listener) = Meddler::listen().await;
    let relay = Running::start_named(std::slice::from_ref(&meddler.authority)).await;
    meddler.before(listener, &relay.authority);
    (relay, meddler)
}

async fn agent_behind(meddler: &Meddler) -> Agent {
    let data = tempfile::tempdir().unwrap();
    let agent = Agent::start_through(&meddler.authority, data, UserId::new_random(), "LAB-PC-7").await;
    agent.online().await;
    agent
}

fn follow(meddler: &Meddler, code: Code) -> (Follower, Events) {
    Follower::start(code, meddler.authority.parse().unwrap(), From::Beginning)
}

fn looking(agent: &Agent) -> Code {
    Code::ViewOnly(agent.id.view_only_code(1))
}

/// What a follower heard.
#[derive(Default)]
struct Heard {
    entries: Vec<RecordEntry>,
    dropped: u64,
}

impl Heard {
    async fn through(&mut self, events: &mut Events, offset: u64) {
        while self.entries.last().is_none_or(|entry| entry.offset < offset) {
            match within(events.next()).await.expect("the follower goes on") {
                FollowEvent::Record { entries, .. } => self.entries.extend(entries),
                FollowEvent::StartedOver => self.entries.clear(),
                FollowEvent::AlteredData { dropped } => self.dropped = dropped,
                FollowEvent::OutOfOrder(wrong) => panic!("{wrong:?}"),
                _ => {}
            }
        }
    }
}

async fn record(agent: &Agent) -> Vec<RecordEntry> {
    agent.engine.history(0, u64::MAX, 100_000).await.unwrap().entries
}

async fn live(follower: &Follower) {
    let mut state = follower.state();
    within(state.wait_for(|state| matches!(state, FollowState::Live { .. })))
        .await
        .unwrap();
}

async fn name(agent: &Agent, session: SessionId) -> String {
    match agent.engine.query(Query::Session { session }).await.unwrap() {
        Answer::Session { detail } => detail.summary.name,
        other => panic!("{other:?}"),
    }
}
