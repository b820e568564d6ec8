//! Relays that pass themselves off as others, and what any of them gets to see.

use std::collections::BTreeSet;

use protocol::codes::UserId;
use protocol::command::Command;
use protocol::ids::CommandId;
use protocol::query::Query;
use protocol::relay::message::{Message, ToViewer};
use protocol::sharing::SharingStatus;
use remote::following::{Code, FollowEvent, FollowState};

use super::{Heard, agent_behind, follow, looking, meddled, record};
use crate::bench::{Agent, Running, within};
use crate::meddler::{Meddler, Way};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_names_another_owner_is_not_believed() {
    let (_relay, meddler) = meddled().await;
    let agent = agent_behind(&meddler).await;
    agent.experiment(2).await;
    let other = UserId::new_random().owner_key().verifying_key().to_bytes();
    meddler.meddle(move |way, _, bytes| match ToViewer::read(&bytes) {
        Ok(ToViewer::Joined {
            generation,
            epoch,
            floor,
            top,
            agent_present,
            ..
        }) if way == Way::ToViewer => vec![
            ToViewer::Joined {
                owner: other,
                generation,
                epoch,
                floor,
                top,
                agent_present,
            }
            .bytes(),
        ],
        _ => vec![bytes],
    });
    let (follower, mut events) = follow(&meddler, looking(&agent));
    let first = within(events.next()).await.unwrap();
    assert_eq!(first, FollowEvent::AlteredData { dropped: 1 });
    assert!(!matches!(*follower.state().borrow(), FollowState::Live { .. }));
    meddler.behave();
    let mut heard = Heard::default();
    heard.through(&mut events, agent.head().await).await;
    assert_eq!(heard.entries, record(&agent).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_passes_the_proof_on_to_another_gets_no_channel_there() {
    let (meddler, listener) = Meddler::listen().await;
    // It does not know itself under the name of the one in between.
    let relay = Running::start().await;
    meddler.before(listener, &relay.authority);
    let data = tempfile::tempdir().unwrap();
    let agent = Agent::start_through(&meddler.authority, data, UserId::new_random(), "LAB-PC-7").await;
    let refused = agent
        .status(|status| matches!(status, SharingStatus::Refused { .. }))
        .await;
    let SharingStatus::Refused { reason, again_at, .. } = refused else {
        panic!("{refused:?}");
    };
    assert_eq!((reason.code.as_str(), again_at), ("relay_ownership", None));
    assert_eq!(relay.relay.counters.refused().get("ownership"), Some(&1));
    assert_eq!(relay.relay.size(), (0, 0), "no channel");
    agent.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_goes_by_names_what_is_secret() {
    let (_relay, meddler) = meddled().await;
    let agent = agent_behind(&meddler).await;
    let session = agent.experiment(2).await;
    agent
        .command(Command::RenameSession {
            session,
            name: "Confidential aptamer".to_owned(),
        })
        .await;
    let (follower, mut events) = follow(&meddler, Code::Owner(agent.id));
    let mut heard = Heard::default();
    heard.through(&mut events, agent.head().await).await;
    within(follower.query(Query::Session { session })).await.unwrap();
    within(follower.command(CommandId::new(), Command::PauseAll))
        .await
        .unwrap();
    let seen: Vec<u8> = meddler.seen().into_iter().flat_map(|seen| seen.bytes).collect();
    let (id, code) = (agent.id, agent.id.view_only_code(1));
    let secrets: [(&str, Vec<u8>); 10] = [
        ("the User ID", id.reveal().into_bytes()),
        ("the root", id.reveal().replace('-', "").into_bytes()),
        ("the owner key", id.owner_key().to_bytes().to_vec()),
        ("the control key", id.control_key().to_vec()),
        ("the label key", id.label_key().to_vec()),
        ("the view key", code.view_key().to_vec()),
        ("the view-only code", code.reveal().into_bytes()),
        ("the computer's name", b"LAB-PC-7".to_vec()),
        ("a session's name", b"Confidential aptamer".to_vec()),
        ("a measurement", b"peak_current_a".to_vec()),
    ];
    let lengths: BTreeSet<usize> = secrets.iter().map(|(_, secret)| secret.len()).collect();
    assert!(seen.len() > 2_000 && lengths.iter().all(|length| *length > 5));
    for (what, secret) in secrets {
        assert!(!seen.windows(secret.len()).any(|part| part == secret), "{what} went by");
    }
}
