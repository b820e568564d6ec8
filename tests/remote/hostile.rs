//! A hostile relay or network between a real agent and real followers: whatever it does, nothing that the agent did not say is
//! taken for its word, nobody steers who may not, it is counted, and the honest traffic arrives complete, in order, once.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use protocol::codes::UserId;
use protocol::command::{Command, Outcome};
use protocol::ids::{CommandId, SessionId};
use protocol::query::{Answer, Query};
use protocol::record::RecordEntry;
use protocol::relay::header::{DownHeader, UpHeader, UpKind};
use protocol::relay::message::{Message, ToViewer};
use protocol::sharing::SharingStatus;
use remote::following::{Code, Events, FollowEvent, FollowState, Follower, From};

use super::bench::{Agent, Running, within};
use super::meddler::{FRAME_OF_AGENT, FRAME_OF_VIEWER, FRAME_TO_AGENT, FRAME_TO_VIEWER, Meddler, Way};

/// A relay, and somebody before it through whom everybody comes.
async fn meddled() -> (Running, Meddler) {
    let (meddler, listener) = Meddler::listen().await;
    let relay = Running::start_named(&[meddler.authority.clone()]).await;
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

fn is_log(bytes: &[u8]) -> bool {
    bytes[0] == FRAME_TO_VIEWER
        && DownHeader::read(&bytes[1..]).is_ok_and(|(header, _)| header.destination.last().is_some())
}

/// Numbers that look random and are the same in each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }
}

/// Alters, cuts, repeats, swaps, swallows and moves what goes to viewers, and what they say.
fn mixing(seed: u64) -> impl FnMut(Way, usize, Vec<u8>) -> Vec<Vec<u8>> + Send {
    let mut chance = Chance(seed);
    let mut held: HashMap<(Way, usize), Vec<u8>> = HashMap::new();
    let mut of_others: Vec<(usize, Vec<u8>)> = Vec::new();
    move |way, line, bytes| {
        let is_frame = match way {
            Way::FromAgent => bytes[0] == FRAME_OF_AGENT,
            Way::ToAgent => bytes[0] == FRAME_TO_AGENT,
            Way::FromViewer => bytes[0] == FRAME_OF_VIEWER,
            Way::ToViewer => bytes[0] == FRAME_TO_VIEWER,
        };
        // Whoever alters what a relay itself understands ends a connection, which is no secret to anybody.
        if !is_frame || way == Way::FromAgent {
            return vec![bytes];
        }
        if way == Way::ToViewer {
            of_others.push((line, bytes.clone()));
            of_others.truncate(64);
        }
        let altered = |at: usize| {
            let mut altered = bytes.clone();
            altered[at] ^= 1;
            altered
        };
        match chance.below(10) {
            // Behind the header of a viewer's frame, which the relay reads.
            0 => vec![altered(bytes.len() - 1 - chance.below(bytes.len() - 40))],
            1 => vec![bytes[..bytes.len() - 1 - chance.below(bytes.len() - 40)].to_vec()],
            2 => vec![bytes.clone(), bytes],
            3 => vec![altered(bytes.len() - 1), bytes],
            // What was held comes behind what follows it.
            4 => held.insert((way, line), bytes).into_iter().collect(),
            5 if is_log(&bytes) => Vec::new(),
            // Of another connection, which may be one of another channel.
            6 if way == Way::ToViewer => {
                let (_, other) = of_others[chance.below(of_others.len())].clone();
                vec![other, bytes]
            }
            _ => std::iter::once(bytes).chain(held.remove(&(way, line))).collect(),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_done_to_frames_the_record_is_the_agents_and_in_the_end_complete() {
    let (_relay, meddler) = meddled().await;
    let agents = [agent_behind(&meddler).await, agent_behind(&meddler).await];
    let mut sessions = Vec::new();
    for agent in &agents {
        sessions.push(agent.experiment(5).await);
    }
    meddler.meddle(mixing(7));
    let mut followers: Vec<_> = agents.iter().map(|agent| follow(&meddler, looking(agent))).collect();
    let mut heard = [Heard::default(), Heard::default()];
    for _ in 0..10 {
        for (k, agent) in agents.iter().enumerate() {
            agent.rename(sessions[k], 5).await;
            // Some are answered, whatever happens to others.
            let follower = followers[k].0.clone();
            tokio::spawn(async move { follower.query(Query::Sessions).await });
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    meddler.behave();
    for (k, agent) in agents.iter().enumerate() {
        let head = agent.head().await;
        heard[k].through(&mut followers[k].1, head).await;
        assert_eq!(heard[k].entries, record(agent).await, "agent {k}");
        let answer = within(followers[k].0.query(Query::Session { session: sessions[k] })).await;
        assert!(matches!(answer, Ok(Answer::Session { .. })), "{answer:?}");
    }
    // Something was altered, and somebody noticed.
    let at_agents: u64 = agents.iter().map(|agent| agent.publisher.refused().dropped()).sum();
    let at_followers: u64 = heard.iter().map(|heard| heard.dropped).sum();
    assert!(at_agents > 0 && at_followers > 0, "{at_agents} {at_followers}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_that_are_altered_before_the_relay_keeps_them_do_not_keep_viewers_from_the_record() {
    let (_relay, meddler) = meddled().await;
    let agent = agent_behind(&meddler).await;
    let session = agent.experiment(3).await;
    meddler.meddle(|way, _, mut bytes| {
        // Behind the header, so that the relay takes them: it cannot tell.
        if way == Way::FromAgent && bytes[0] == FRAME_OF_AGENT {
            let last = bytes.len() - 70;
            bytes[last] ^= 1;
        }
        vec![bytes]
    });
    let before = meddler.seen().len();
    for _ in 0..6 {
        agent.rename(session, 1).await;
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    let is_ack = |seen: &super::meddler::Seen| seen.way == Way::ToAgent && seen.bytes[0] == 3;
    within(async {
        while meddler.seen()[before..].iter().filter(|seen| is_ack(seen)).count() < 3 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    meddler.behave();
    // They stay at the relay. Without remembering them a viewer would make its connection anew for ever.
    let (_follower, mut events) = follow(&meddler, looking(&agent));
    let mut heard = Heard::default();
    heard.through(&mut events, agent.head().await).await;
    assert_eq!(heard.entries, record(&agent).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_sent_back_to_where_they_came_from_are_nothing_there() {
    let (_relay, meddler) = meddled().await;
    let agent = agent_behind(&meddler).await;
    let session = agent.experiment(2).await;
    let (follower, mut events) = follow(&meddler, Code::Owner(agent.id));
    live(&follower).await;
    within(follower.query(Query::Sessions)).await.unwrap();
    within(follower.command(CommandId::new(), Command::PauseAll))
        .await
        .unwrap();
    let dropped = agent.publisher.refused().dropped();
    let mut reflected = 0;
    for seen in meddler.seen() {
        match (seen.way, seen.bytes[0]) {
            // What the agent sealed, as if a viewer had sent it.
            (Way::FromAgent, FRAME_OF_AGENT) => {
                let frame = [&[FRAME_TO_AGENT], &seen.bytes[1..]].concat();
                meddler.say_to_client(meddler.newest(true), frame);
                reflected += 1;
            }
            // What the viewer sealed, as if the agent had sent it.
            (Way::FromViewer, FRAME_OF_VIEWER) => {
                let frame = [&[FRAME_TO_VIEWER], &seen.bytes[1..]].concat();
                meddler.say_to_client(meddler.newest(false), frame);
            }
            _ => {}
        }
    }
    assert!(reflected > 0);
    within(async {
        while agent.publisher.refused().dropped() < dropped + reflected {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    agent.rename(session, 3).await;
    let mut heard = Heard::default();
    heard.through(&mut events, agent.head().await).await;
    assert_eq!(heard.entries, record(&agent).await);
    assert!(heard.dropped >= 3, "{}", heard.dropped);
}

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
    let (_other, _other_events) = follow(&meddler, looking(&agent));
    within(async {
        while meddler.newest(false) == line {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
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
