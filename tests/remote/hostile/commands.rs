//! Commands that are said again, late, or by somebody else.

use std::time::Duration;

use protocol::command::{Command, Outcome};
use protocol::ids::CommandId;
use protocol::relay::header::{UpHeader, UpKind};
use remote::following::Code;

use super::{agent_behind, follow, live, looking, meddled, name};
use crate::bench::{Agent, within};
use crate::meddler::{FRAME_OF_VIEWER, Meddler, Way};

/// The frames of the newest viewer's line under the command key.
fn commands(meddler: &Meddler, line: usize) -> Vec<Vec<u8>> {
    let is_command = |bytes: &[u8]| {
        bytes[0] == FRAME_OF_VIEWER
            && UpHeader::read(&bytes[1..]).is_ok_and(|(header, _)| header.kind == UpKind::Command)
    };
    let seen = meddler.seen().into_iter();
    seen.filter(|seen| seen.way == Way::FromViewer && seen.line == line && is_command(&seen.bytes))
        .map(|seen| seen.bytes)
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_that_are_said_again_have_no_second_effect_in_this_visit_or_a_later_one() {
    let (_relay, meddler) = meddled().await;
    let agent = agent_behind(&meddler).await;
    let session = agent.experiment(1).await;
    let (follower, _events) = follow(&meddler, Code::Owner(agent.id));
    live(&follower).await;
    let rename = |name: &str| Command::RenameSession {
        session,
        name: name.to_owned(),
    };
    within(follower.command(CommandId::new(), rename("By the owner")))
        .await
        .unwrap();
    let line = meddler.newest(false);
    let recorded = commands(&meddler, line);
    assert_eq!(recorded.len(), 1);
    agent.command(rename("At the bench")).await;
    // In the same visit: its counter came before.
    let again = |line, times: usize| {
        for _ in 0..times {
            meddler.say_to_relay(line, recorded[0].clone());
        }
    };
    let dropped = |agent: &Agent| agent.publisher.refused().dropped();
    let wait_for = async |agent: &Agent, count: u64| {
        within(async {
            while dropped(agent) < count {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
    };
    let before = dropped(&agent);
    again(line, 5);
    wait_for(&agent, before + 5).await;
    // In another visit of another run of the agent, together with the very opening of the old visit.
    let opening = meddler
        .seen()
        .into_iter()
        .find(|seen| seen.line == line && seen.way == Way::FromViewer && seen.bytes[0] == FRAME_OF_VIEWER)
        .unwrap();
    let (data, id) = agent.end().await;
    let agent = Agent::start_through(&meddler.authority, data, id, "LAB-PC-7").await;
    agent.online().await;
    live(&follower).await;
    let line = meddler.newest(false);
    let (other, _other_events) = follow(&meddler, looking(&agent));
    within(async {
        while meddler.newest(false) == line {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    // A relay takes frames of those only whom it has let in.
    live(&other).await;
    let line = meddler.newest(false);
    let before = dropped(&agent);
    meddler.say_to_relay(line, opening.bytes);
    again(line, 1);
    wait_for(&agent, before + 1).await;
    assert_eq!(name(&agent, session).await, "At the bench");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_under_its_id_gets_the_first_outcome_from_whoever_says_it_and_after_a_restart() {
    let (_relay, meddler) = meddled().await;
    let agent = agent_behind(&meddler).await;
    let session = agent.experiment(1).await;
    let (follower, _events) = follow(&meddler, Code::Owner(agent.id));
    let rename = |name: &str| Command::RenameSession {
        session,
        name: name.to_owned(),
    };
    let id = CommandId::new();
    assert_eq!(within(follower.command(id, rename("First"))).await, Ok(Outcome::Done));
    let (data, user) = agent.end().await;
    let agent = Agent::start_through(&meddler.authority, data, user, "LAB-PC-7").await;
    agent.online().await;
    let head = agent.head().await;
    let (other, _other_events) = follow(&meddler, Code::Owner(agent.id));
    assert_eq!(within(other.command(id, rename("Second"))).await, Ok(Outcome::Done));
    assert_eq!(within(follower.command(id, rename("Third"))).await, Ok(Outcome::Done));
    assert_eq!(
        (name(&agent, session).await.as_str(), agent.head().await),
        ("First", head)
    );
}
