//! Engine, publisher, relay and follower together.

use std::collections::BTreeSet;

use protocol::ids::{CommandId, SessionId};
use protocol::query::{Answer, Query};
use protocol::record::RecordEntry;
use protocol::session::SessionState;
use remote::following::{Code, Events, FollowEvent, Follower, From};

use crate::bench::{Agent, Running, within};

/// Every entry up to an offset, as a follower hears of it.
pub async fn heard(events: &mut Events, through: u64) -> Vec<RecordEntry> {
    let mut entries: Vec<RecordEntry> = Vec::new();
    while entries.last().is_none_or(|entry| entry.offset < through) {
        match within(events.next()).await.expect("the follower goes on") {
            FollowEvent::Record { entries: more, .. } => entries.extend(more),
            FollowEvent::StartedOver => entries.clear(),
            _ => {}
        }
    }
    entries
}

/// The whole record of an agent, as its own engine has it.
pub async fn record(agent: &Agent) -> Vec<RecordEntry> {
    agent.engine.history(0, u64::MAX, 100_000).await.unwrap().entries
}

async fn state(follower: &Follower, session: SessionId) -> SessionState {
    match within(follower.query(Query::Session { session })).await.unwrap() {
        Answer::Session { detail } => detail.summary.state,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_followers_of_several_agents_get_their_own_record_complete_in_order_once() {
    let relay = Running::start().await;
    let mut agents = Vec::new();
    for _ in 0..3 {
        let agent = Agent::start(&relay).await;
        agent.online().await;
        agents.push(agent);
    }
    let follow = |agent: &Agent, from: From| {
        let code = Code::ViewOnly(agent.id.view_only_code(1));
        Follower::start(code, relay.authority.parse().unwrap(), from)
    };
    let mut early: Vec<_> = agents.iter().map(|agent| follow(agent, From::Beginning)).collect();
    for (k, agent) in agents.iter().enumerate() {
        agent.experiment(10 + 5 * k as u32).await;
    }
    let mut late: Vec<_> = agents.iter().map(|agent| follow(agent, From::Beginning)).collect();
    let mut seen = BTreeSet::new();
    for (k, agent) in agents.iter().enumerate() {
        let (own, head) = (record(agent).await, agent.head().await);
        for (_, events) in [&mut early[k], &mut late[k]] {
            assert_eq!(heard(events, head).await, own, "agent {k}");
        }
        assert!(seen.insert(own[0].session), "sessions differ");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_restarts_costs_a_follower_nothing_and_the_owner_steers_through_it() {
    let relay = Running::start().await;
    let agent = Agent::start(&relay).await;
    agent.online().await;
    let session = agent.experiment(10).await;
    let code = Code::Owner(agent.id);
    let (follower, mut events) = Follower::start(code, relay.authority.parse().unwrap(), From::Beginning);
    let before = heard(&mut events, agent.head().await).await;
    let relay = relay.restart().await;
    agent.rename(session, 3).await;
    let after = heard(&mut events, agent.head().await).await;
    assert_eq!([before, after].concat(), record(&agent).await);
    // An order goes the same way, once however often it is said.
    let order = protocol::command::Command::ReopenSession { session };
    let id = CommandId::new();
    let first = within(follower.command(id, order.clone())).await.unwrap();
    assert_eq!(within(follower.command(id, order)).await.unwrap(), first);
    assert_ne!(state(&follower, session).await, SessionState::Finished);
    let looker = Code::ViewOnly(agent.id.view_only_code(1));
    let (looker, _events) = Follower::start(looker, relay.authority.parse().unwrap(), From::Now);
    let refused = within(looker.command(CommandId::new(), protocol::command::Command::PauseAll)).await;
    assert_eq!(refused.unwrap_err().code, "view_only");
}
