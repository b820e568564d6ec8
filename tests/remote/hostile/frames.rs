//! Frames that are altered, cut, repeated, swapped, swallowed, moved and sent back.

use std::collections::HashMap;
use std::time::Duration;

use protocol::command::Command;
use protocol::ids::CommandId;
use protocol::query::{Answer, Query};
use protocol::relay::header::DownHeader;
use remote::following::Code;

use super::{Heard, agent_behind, follow, live, looking, meddled, record};
use crate::bench::within;
use crate::meddler::{FRAME_OF_AGENT, FRAME_OF_VIEWER, FRAME_TO_AGENT, FRAME_TO_VIEWER, Seen, Way};

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
    let noticed = || -> u64 { agents.iter().map(|agent| agent.publisher.refused().dropped()).sum() };
    // On a busy machine it takes more rounds until a question is among what is altered.
    let mut rounds = 0;
    while rounds < 10 || (noticed() == 0 && rounds < 300) {
        rounds += 1;
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
    let at_agents = noticed();
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
    let is_ack = |seen: &Seen| seen.way == Way::ToAgent && seen.bytes[0] == 3;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_larger_than_any_frame_end_a_connection_which_is_made_anew_and_nothing_is_lost() {
    let (_relay, meddler) = meddled().await;
    let agent = agent_behind(&meddler).await;
    let session = agent.experiment(2).await;
    let (follower, mut events) = follow(&meddler, looking(&agent));
    live(&follower).await;
    let (of_agent, of_viewer) = (meddler.newest(true), meddler.newest(false));
    meddler.meddle(move |way, line, bytes| {
        let is_first = (way == Way::ToAgent && line == of_agent) || (way == Way::ToViewer && line == of_viewer);
        vec![if is_first { vec![bytes[0]; 300_000] } else { bytes }]
    });
    agent.rename(session, 3).await;
    let mut heard = Heard::default();
    heard.through(&mut events, agent.head().await).await;
    assert_eq!(heard.entries, record(&agent).await);
    assert!(meddler.newest(false) > of_viewer);
    // What the agent had sent may have come before it was cut off; it comes back a little later.
    within(async {
        while meddler.newest(true) == of_agent {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}
