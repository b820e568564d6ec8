//! Relays that restart, alter, repeat and mix up; viewers that are slow.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use protocol::relay::body::Verdict;
use protocol::relay::message::{Message, ToViewer};
use relay::limits::Limits;
use remote::following::{Code, FollowEvent, FollowState, From};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message as Frame;

use crate::peers::{Claim, Running, all, follow, log_frame, someone, soon, start, start_at};

/// What happens to a message on its way to the viewer: what is sent instead.
type Meddling = Box<dyn FnMut(Vec<u8>) -> Vec<Vec<u8>> + Send>;

/// A relay before the relay, which does to the viewers' messages what it likes. `connections` counts.
async fn meddle(running: &Running, mut how: Vec<Meddling>) -> (remote::address::RelayAddress, mpsc::Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string().parse().unwrap();
    let target = running.address.viewers();
    let (tell, connections) = mpsc::channel(16);
    how.reverse();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let mut meddling = how.pop().unwrap_or_else(|| Box::new(|bytes| vec![bytes]));
            tell.try_send(()).ok();
            let viewer = tokio_tungstenite::accept_async(socket).await.unwrap();
            let (relay, _) = tokio_tungstenite::connect_async(&target).await.unwrap();
            tokio::spawn(async move {
                let ((mut to_viewer, mut from_viewer), (mut to_relay, mut from_relay)) =
                    (viewer.split(), relay.split());
                loop {
                    tokio::select! {
                        Some(Ok(frame)) = from_viewer.next() => drop(to_relay.send(frame).await),
                        Some(Ok(frame)) = from_relay.next() => match frame {
                            Frame::Binary(bytes) => for bytes in meddling(bytes.to_vec()) {
                                drop(to_viewer.send(Frame::Binary(bytes.into())).await);
                            },
                            other => drop(to_viewer.send(other).await),
                        },
                        else => break,
                    }
                }
            });
        }
    });
    (address, connections)
}

fn is_log(bytes: &[u8]) -> bool {
    // Message 2 is a frame, of kind 1 after its version.
    bytes[0] == 2 && bytes[2] == 1
}

#[tokio::test]
async fn frames_that_come_twice_and_in_another_order_are_taken_once() {
    let (running, id) = (start(Limits::default()).await, someone());
    let mut agent = Claim::new(&id).take(&running.address).await;
    agent.begin(1).await;
    let mut held: Vec<Vec<u8>> = Vec::new();
    let how: Meddling = Box::new(move |bytes| {
        if !is_log(&bytes) {
            return vec![bytes];
        }
        held.push(bytes.clone());
        if held.len() < 3 {
            return Vec::new();
        }
        // Newest first, and all of them again.
        let all = held.drain(..).rev().collect::<Vec<_>>();
        [all.clone(), all].concat()
    });
    let (address, _connections) = meddle(&running, vec![how]).await;
    let mut viewer = follow(Code::Owner(id), &address, From::Beginning);
    agent.opening().await;
    agent.welcome(Verdict::StartOver, 0).await;
    viewer.live().await;
    for offset in 1..=6 {
        agent.publish(offset, offset).await;
    }
    assert_eq!(viewer.offsets_to(6).await, all(1, 6));
}

#[tokio::test]
async fn a_relay_that_alters_frames_is_found_out_and_nothing_of_it_is_used() {
    let (running, id) = (start(Limits::default()).await, someone());
    let mut agent = Claim::new(&id).take(&running.address).await;
    agent.begin(1).await;
    for offset in 1..=4 {
        agent.publish(offset, offset).await;
    }
    let how: Meddling = Box::new(|mut bytes| {
        if is_log(&bytes) {
            let last = bytes.len() - 70;
            bytes[last] ^= 1;
        }
        vec![bytes]
    });
    let (address, mut connections) = meddle(&running, vec![how]).await;
    let mut viewer = follow(Code::Owner(id), &address, From::Beginning);
    let first = soon(viewer.events.next()).await.unwrap();
    assert_eq!(first, FollowEvent::AlteredData { dropped: 3 });
    for _ in 0..2 {
        soon(connections.recv()).await.unwrap();
    }
    // The connection that was made anew is left alone.
    assert_eq!(viewer.offsets_to(4).await, all(1, 4));
}

#[tokio::test]
async fn frames_of_another_record_and_of_a_run_that_is_over_count_for_nothing() {
    let (running, id) = (start(Limits::default()).await, someone());
    let mut agent = Claim::new(&id).take(&running.address).await;
    // Frames of another life of the record, with entries that this one also has.
    let mut other = agent.in_another_life(protocol::relay::Epoch([9; 16]));
    let forged: Vec<Vec<u8>> = (1..=3).map(|offset| log_frame(&mut other, offset, offset)).collect();
    agent.begin(1).await;
    let how: Meddling = Box::new(move |bytes| {
        let is_joined = matches!(ToViewer::read(&bytes), Ok(ToViewer::Joined { .. }));
        let forged = forged.iter().map(|frame| ToViewer::Frame(frame.clone()).bytes());
        std::iter::once(bytes).chain(forged.filter(|_| is_joined)).collect()
    });
    agent.publish(1, 3).await;
    let (address, _connections) = meddle(&running, vec![how]).await;
    let mut viewer = follow(Code::Owner(id), &address, From::Beginning);
    let first = soon(viewer.events.next()).await.unwrap();
    assert_eq!(first, FollowEvent::AlteredData { dropped: 3 });
    assert_eq!(viewer.offsets_to(3).await, all(1, 3));
}

#[tokio::test]
async fn a_frame_that_the_relay_swallows_is_asked_for_again() {
    let (running, id) = (start(Limits::default()).await, someone());
    let mut agent = Claim::new(&id).take(&running.address).await;
    agent.begin(1).await;
    let mut logs = 0;
    let how: Meddling = Box::new(move |bytes| {
        logs += usize::from(is_log(&bytes));
        if is_log(&bytes) && logs == 2 {
            Vec::new()
        } else {
            vec![bytes]
        }
    });
    let (address, _connections) = meddle(&running, vec![how]).await;
    let mut viewer = follow(Code::Owner(id), &address, From::Beginning);
    agent.opening().await;
    agent.welcome(Verdict::StartOver, 0).await;
    viewer.live().await;
    for offset in 1..=3 {
        agent.publish(offset, offset).await;
    }
    assert_eq!(viewer.offsets_to(3).await, all(1, 3));
}

#[tokio::test]
async fn a_relay_that_forgot_everything_changes_nothing() {
    let (running, id) = (start(Limits::default()).await, someone());
    let claim = Claim::new(&id);
    let mut agent = claim.take(&running.address).await;
    agent.begin(1).await;
    agent.publish(1, 3).await;
    let mut viewer = follow(Code::Owner(id), &running.address, From::Beginning);
    agent.opening().await;
    agent.welcome(Verdict::StartOver, 3).await;
    assert_eq!(viewer.offsets_to(3).await, all(1, 3));
    viewer.live().await;
    drop(agent);
    let place = running.end().await;
    viewer.reaches(|state| !matches!(state, FollowState::Live { .. })).await;
    let running = start_at(&place, Limits::default()).await;
    let mut agent = claim.take(&running.address).await;
    agent.begin(4).await;
    assert_eq!(agent.opening().await.position.unwrap().offset, 3);
    agent.welcome(Verdict::GoOn, 3).await;
    agent.publish(4, 4).await;
    assert_eq!(viewer.offsets_to(4).await, [4]);
    assert!(!viewer.heard.contains(&FollowEvent::StartedOver));
}

#[tokio::test]
async fn a_relay_that_is_not_there_is_said_to_be_unreachable_since() {
    let (running, id) = (start(Limits::default()).await, someone());
    let address = running.address.clone();
    running.end().await;
    let mut viewer = follow(Code::Owner(id), &address, From::Beginning);
    let first = viewer
        .reaches(|state| matches!(state, FollowState::Unreachable { .. }))
        .await;
    let words = first.in_words().unwrap();
    assert_eq!(words.code, "relay_unreachable");
    assert!(words.message.contains("unreachable since 2"), "{words}");
}

#[tokio::test]
async fn a_viewer_that_takes_nothing_for_a_while_loses_nothing() {
    const ENTRIES: u64 = 9_000;
    let (running, id) = (start(Limits::default()).await, someone());
    let mut agent = Claim::new(&id).take(&running.address).await;
    agent.begin(1).await;
    let mut viewer = follow(Code::Owner(id), &running.address, From::Beginning);
    agent.opening().await;
    agent.welcome(Verdict::StartOver, 0).await;
    viewer.live().await;
    for first in (1..ENTRIES).step_by(100) {
        agent.publish(first, first + 99).await;
    }
    assert_eq!(viewer.offsets_to(ENTRIES).await, all(1, ENTRIES));
}

#[tokio::test]
async fn an_agent_without_a_sign_of_life_is_not_called_live() {
    let (running, id) = (start(Limits::default()).await, someone());
    let mut agent = Claim::new(&id).take(&running.address).await;
    agent.begin(1).await;
    let patience = remote::following::Patience {
        news: Duration::from_millis(300),
        ..Default::default()
    };
    let (follower, _events) =
        remote::following::Follower::start_with(Code::Owner(id), running.address.clone(), From::Beginning, patience);
    let mut state = follower.state();
    agent.opening().await;
    agent.welcome(Verdict::StartOver, 0).await;
    soon(state.wait_for(|state| matches!(state, FollowState::NoNews { .. })))
        .await
        .unwrap();
    // It asks whether the agent is still there.
    agent.opening().await;
    agent.welcome(Verdict::GoOn, 0).await;
    soon(state.wait_for(|state| matches!(state, FollowState::Live { .. })))
        .await
        .unwrap();
}

/// After 15 quiet minutes the agent had ended the visit, and what was asked then was never answered.
#[tokio::test]
async fn a_viewer_that_asks_nothing_says_that_it_is_still_there() {
    let (running, id) = (start(Limits::default()).await, someone());
    let mut agent = Claim::new(&id).take(&running.address).await;
    agent.begin(1).await;
    let patience = remote::following::Patience {
        alive: Duration::from_millis(300),
        ..Default::default()
    };
    let (_follower, _events) =
        remote::following::Follower::start_with(Code::Owner(id), running.address.clone(), From::Beginning, patience);
    agent.opening().await;
    agent.welcome(Verdict::StartOver, 0).await;
    for _ in 0..2 {
        assert_eq!(agent.question().await.ask, protocol::relay::body::Ask::Drop { of: 0 });
    }
}

/// On a slow link a relay leaves statuses out while an answer waits; the viewer then broke the answer off to ask whether the agent was there.
#[tokio::test]
async fn an_agent_that_is_answering_is_not_without_news() {
    let (running, id) = (start(Limits::default()).await, someone());
    let mut agent = Claim::new(&id).take(&running.address).await;
    agent.begin(1).await;
    let patience = remote::following::Patience {
        news: Duration::from_secs(2),
        ..Default::default()
    };
    let (follower, _events) =
        remote::following::Follower::start_with(Code::Owner(id), running.address.clone(), From::Beginning, patience);
    agent.opening().await;
    agent.welcome(Verdict::StartOver, 0).await;
    let asked = tokio::spawn(async move {
        follower
            .columns(protocol::query::ColumnQuery::Series {
                session: crate::peers::SESSION,
                after: 0,
            })
            .await
    });
    let question = agent.question().await.question;
    let bytes = protocol::relay::body::WholeAnswer::Columns(vec![7; 30])
        .bytes()
        .unwrap();
    for (k, byte) in bytes.iter().enumerate() {
        agent.part(question, vec![*byte], k + 1 == bytes.len()).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    // In the first visit: it had no other one.
    assert_eq!(soon(asked).await.unwrap().unwrap(), [7; 30]);
}
