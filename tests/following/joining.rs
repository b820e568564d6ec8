//! Coming late, coming back, and what lies between.

use protocol::record::LiveEvent;
use protocol::relay::body::{Ask, Reply, Verdict, WholeAnswer};
use protocol::relay::message::FromAgent;
use protocol::relay::{Epoch, Position};
use relay::limits::Limits;
use remote::following::{Code, FollowEvent, FollowState, From};

use crate::peers::{Agent, Claim, all, entries, follow, someone, start};

async fn answer_history(agent: &mut Agent, through_at_most: u64) -> (u64, u64) {
    let question = agent.question().await;
    let Ask::History { after, through } = question.ask else {
        panic!("{question:?}");
    };
    let through = through.min(through_at_most);
    let reply = Reply::Entries {
        entries: entries(after + 1, through),
        through,
    };
    agent
        .answer(question.question, &WholeAnswer::Reply(Box::new(reply)))
        .await;
    (after, through)
}

#[tokio::test]
async fn a_late_viewer_gets_the_window_then_what_is_new_each_once() {
    let (running, id) = (start(Limits::default()).await, someone());
    let mut agent = Claim::new(&id).take(&running.address).await;
    agent.begin(1).await;
    agent.publish(1, 3).await;
    agent.publish(4, 5).await;
    let mut viewer = follow(Code::Owner(id), &running.address, From::Beginning);
    assert_eq!(agent.opening().await.position, None);
    agent.welcome(Verdict::StartOver, 5).await;
    agent.publish(6, 6).await;
    assert_eq!(viewer.offsets_to(6).await, all(1, 6));
    viewer.live().await;
    assert!(!viewer.heard.contains(&FollowEvent::StartedOver), "{:?}", viewer.heard);
    assert_eq!(viewer.events.position().unwrap().offset, 6);
}

#[tokio::test]
async fn what_lies_below_the_relays_window_comes_from_the_agent() {
    let (running, id) = (start(Limits::default()).await, someone());
    let mut agent = Claim::new(&id).take(&running.address).await;
    agent.begin(2_011).await;
    agent.publish(2_011, 2_012).await;
    let mut viewer = follow(Code::ViewOnly(id.view_only_code(1)), &running.address, From::Beginning);
    agent.opening().await;
    agent.welcome(Verdict::StartOver, 2_012).await;
    // An answer may end before what was asked for.
    assert_eq!(answer_history(&mut agent, 700).await, (0, 700));
    assert_eq!(answer_history(&mut agent, 9_999).await.0, 700);
    assert_eq!(viewer.offsets_to(2_012).await, all(1, 2_012));
}

#[tokio::test]
async fn a_viewer_from_now_on_gets_only_what_is_new() {
    let (running, id) = (start(Limits::default()).await, someone());
    let mut agent = Claim::new(&id).take(&running.address).await;
    agent.begin(1).await;
    agent.publish(1, 5).await;
    let mut viewer = follow(Code::Owner(id), &running.address, From::Now);
    agent.opening().await;
    agent.welcome(Verdict::StartOver, 5).await;
    agent.publish(6, 7).await;
    assert_eq!(viewer.offsets_to(7).await, [6, 7]);
}

#[tokio::test]
async fn a_viewer_goes_on_from_its_position() {
    let (running, id) = (start(Limits::default()).await, someone());
    let mut agent = Claim::new(&id).take(&running.address).await;
    agent.begin(1).await;
    agent.publish(1, 5).await;
    let position = Position {
        epoch: agent.epoch,
        run: agent.run,
        offset: 3,
    };
    let mut viewer = follow(Code::Owner(id), &running.address, From::After(position));
    assert_eq!(
        agent.opening().await.position.map(|position| position.epoch),
        Some(agent.epoch)
    );
    agent.welcome(Verdict::GoOn, 5).await;
    assert_eq!(viewer.offsets_to(5).await, [4, 5]);
}

#[tokio::test]
async fn a_frame_that_is_lost_is_asked_for_again_and_then_from_the_agent() {
    let (running, id) = (start(Limits::default()).await, someone());
    let mut agent = Claim::new(&id).take(&running.address).await;
    agent.begin(1).await;
    agent.publish(1, 2).await;
    let mut viewer = follow(Code::Owner(id), &running.address, From::Beginning);
    agent.opening().await;
    agent.welcome(Verdict::StartOver, 2).await;
    assert_eq!(viewer.offsets_to(2).await, all(1, 2));
    // The agent says that it has more than the relay will ever send.
    agent.status(4, 1).await;
    assert_eq!(answer_history(&mut agent, 9).await, (2, 4));
    assert_eq!(viewer.offsets_to(4).await, [3, 4]);
}

#[tokio::test]
async fn a_record_of_another_life_starts_the_viewer_over() {
    let (running, id) = (start(Limits::default()).await, someone());
    let mut claim = Claim::new(&id);
    let mut agent = claim.take(&running.address).await;
    agent.begin(1).await;
    agent.publish(1, 4).await;
    let mut viewer = follow(Code::Owner(id), &running.address, From::Beginning);
    agent.opening().await;
    agent.welcome(Verdict::StartOver, 4).await;
    assert_eq!(viewer.offsets_to(4).await, all(1, 4));
    drop(agent);
    claim.epoch = Epoch([2; 16]);
    let mut agent = claim.take(&running.address).await;
    agent.begin(1).await;
    agent.publish(1, 2).await;
    let named = agent.opening().await.position.unwrap();
    assert_eq!((named.epoch, named.offset), (Epoch([1; 16]), 4));
    agent.welcome(Verdict::StartOver, 2).await;
    viewer.event(|event| *event == FollowEvent::StartedOver).await;
    assert_eq!(viewer.offsets_to(2).await, [1, 2]);
}

#[tokio::test]
async fn without_an_agent_the_window_is_shown_as_of_its_last_status() {
    let (running, id) = (start(Limits::default()).await, someone());
    let claim = Claim::new(&id);
    let mut agent = claim.take(&running.address).await;
    agent.begin(3).await;
    agent.status(4, 0).await;
    agent.publish(3, 4).await;
    agent.connection.say(&FromAgent::Release).await.unwrap();
    let gone = tokio::spawn(async move {
        while agent
            .connection
            .hear::<protocol::relay::message::ToAgent>()
            .await
            .is_ok()
        {}
    });
    crate::peers::soon(gone).await.unwrap();
    let mut viewer = follow(Code::Owner(id), &running.address, From::Beginning);
    assert_eq!(viewer.offsets_to(4).await, [3, 4]);
    assert!(
        viewer.heard.contains(&FollowEvent::BeginsLate { first: 3 }),
        "{:?}",
        viewer.heard
    );
    assert!(
        viewer
            .heard
            .iter()
            .any(|event| matches!(event, FollowEvent::AsOf { .. }))
    );
    viewer
        .reaches(|state| matches!(state, FollowState::Waiting { last_seen: Some(_) }))
        .await;
    // The agent is back: now everything comes, from the first entry on.
    let mut agent = claim.take(&running.address).await;
    agent.opening().await;
    agent.welcome(Verdict::StartOver, 4).await;
    viewer.event(|event| *event == FollowEvent::StartedOver).await;
    answer_history(&mut agent, 9).await;
    assert_eq!(viewer.offsets_to(4).await, all(1, 4));
}

#[tokio::test]
async fn a_viewer_before_any_agent_waits() {
    let (running, id) = (start(Limits::default()).await, someone());
    let mut viewer = follow(Code::Owner(id), &running.address, From::Beginning);
    let state = viewer
        .reaches(|state| matches!(state, FollowState::Waiting { .. }))
        .await;
    assert_eq!(state.in_words().unwrap().code, "no_agent");
    let mut agent = Claim::new(&id).take(&running.address).await;
    agent.begin(1).await;
    agent.opening().await;
    agent.welcome(Verdict::StartOver, 0).await;
    agent.publish(1, 1).await;
    assert_eq!(viewer.offsets_to(1).await, [1]);
}

/// Notes have no place in the record: their number of changes tells also of those that nobody heard of.
#[tokio::test]
async fn notes_that_changed_without_a_connection_are_told_after_it_and_each_change_once() {
    let (running, id) = (start(Limits::default()).await, someone());
    let claim = Claim::new(&id);
    let mut agent = claim.take(&running.address).await;
    agent.begin(1).await;
    let mut viewer = follow(Code::Owner(id), &running.address, From::Beginning);
    agent.opening().await;
    agent.welcome(Verdict::StartOver, 0).await;
    let mut told = async |agent: &mut Agent, notes: u64| {
        agent.status_with_notes(0, 1, notes).await;
        // Again, and then something else, which comes behind it.
        agent.status_with_notes(0, 1, notes).await;
        agent.status_with_notes(0, notes as u32 + 1, notes).await;
        let mut versions = Vec::new();
        let viewers = LiveEvent::Viewers {
            count: notes as u32 + 1,
        };
        let is_last = |event: &FollowEvent| *event == FollowEvent::Live(viewers.clone());
        loop {
            match viewer.event(|_| true).await {
                FollowEvent::Live(LiveEvent::NotesChanged { version }) => versions.push(version),
                event if is_last(&event) => return versions,
                _ => {}
            }
        }
    };
    assert_eq!(told(&mut agent, 3).await, [3]);
    assert_eq!(told(&mut agent, 4).await, [4]);
    drop(agent);
    let mut agent = claim.take(&running.address).await;
    agent.begin(1).await;
    agent.opening().await;
    agent.welcome(Verdict::GoOn, 0).await;
    assert_eq!(told(&mut agent, 9).await, [9]);
}
