//! Questions, commands and files.

use protocol::codes::UserId;
use protocol::command::{Command, Outcome};
use protocol::ids::{CommandId, OperationId};
use protocol::query::{Answer, ColumnQuery, Query};
use protocol::relay::body::{Ask, CREDIT, Direct, News, PART, Reply, Verdict, WholeAnswer};
use relay::limits::Limits;
use remote::following::{Code, From};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::peers::{Agent, Claim, Running, SESSION, Wanted, Watched, follow, someone, soon, start};

async fn live() -> (Running, Agent, Watched) {
    live_as(&someone()).await
}

async fn live_as(id: &UserId) -> (Running, Agent, Watched) {
    let running = start(Limits::default()).await;
    let mut agent = Claim::new(id).take(&running.address).await;
    agent.begin(1).await;
    let mut viewer = follow(Code::Owner(*id), &running.address, From::Beginning);
    agent.opening().await;
    agent.welcome(Verdict::StartOver, 0).await;
    viewer.live().await;
    (running, agent, viewer)
}

fn outcome(outcome: Outcome) -> WholeAnswer {
    WholeAnswer::Reply(Box::new(Reply::Outcome { outcome }))
}

/// Sends an answer as an agent does: no more is on its way than there is credit for. How often credit was given.
async fn send_under_credit(agent: &mut Agent, question: u32, bytes: &[u8]) -> u32 {
    let (mut on_the_way, mut words) = (Vec::new(), 0);
    let mut parts = bytes.chunks(PART).peekable();
    while let Some(part) = parts.next() {
        let last = parts.peek().is_none();
        while !last && on_the_way.len() >= CREDIT {
            match agent.question().await.ask {
                Ask::Credit { through } => on_the_way.retain(|number| *number > through),
                other => panic!("{other:?}"),
            }
            words += 1;
        }
        on_the_way.push(agent.part(question, part.to_vec(), last).await);
    }
    words
}

fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let next = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    next.take(length).collect()
}

#[tokio::test]
async fn questions_are_answered_four_at_a_time() {
    let (_running, mut agent, viewer) = live().await;
    let asked: Vec<_> = (0..6)
        .map(|_| {
            let follower = viewer.follower.clone();
            tokio::spawn(async move { follower.query(Query::Sessions).await })
        })
        .collect();
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(agent.question().await.question);
    }
    assert_eq!(open, [1, 2, 3, 4]);
    let nothing = || {
        let answer = Box::new(Answer::Sessions { sessions: Vec::new() });
        WholeAnswer::Reply(Box::new(Reply::Answer { answer }))
    };
    for question in open {
        agent.answer(question, &nothing()).await;
    }
    for question in [5, 6] {
        assert_eq!(agent.question().await.question, question);
        agent.answer(question, &nothing()).await;
    }
    for asked in asked {
        let answer = soon(asked).await.unwrap().unwrap();
        assert_eq!(answer, Answer::Sessions { sessions: Vec::new() });
    }
}

#[tokio::test]
async fn a_long_answer_comes_in_parts_under_credit() {
    let (_running, mut agent, viewer) = live().await;
    let query = ColumnQuery::Series {
        session: SESSION,
        after: 0,
    };
    let follower = viewer.follower.clone();
    let asked = tokio::spawn(async move { follower.columns(query).await });
    let question = agent.question().await.question;
    let columns = noise(11 * PART);
    let bytes = WholeAnswer::Columns(columns.clone()).bytes().unwrap();
    assert!(send_under_credit(&mut agent, question, &bytes).await >= 4);
    assert!(soon(asked).await.unwrap().unwrap() == columns);
}

/// An answer without one of its parts was taken for whole where what was left could be read.
#[tokio::test]
async fn an_answer_of_which_the_relay_swallows_a_part_is_asked_for_again() {
    let (_running, mut agent, viewer) = live().await;
    let query = ColumnQuery::Series {
        session: SESSION,
        after: 0,
    };
    let follower = viewer.follower.clone();
    let asked = tokio::spawn(async move { follower.columns(query).await });
    let question = agent.question().await.question;
    let columns = noise(3 * PART);
    let bytes = WholeAnswer::Columns(columns.clone()).bytes().unwrap();
    let parts: Vec<&[u8]> = bytes.chunks(PART).collect();
    agent.part(question, parts[0].to_vec(), false).await;
    agent.lose_part();
    agent.part(question, parts[2].to_vec(), false).await;
    agent.part(question, parts[3].to_vec(), true).await;
    // In another visit, since nobody knows whose part it was.
    agent.opening().await;
    agent.welcome(Verdict::GoOn, 0).await;
    let again = agent.question().await.question;
    send_under_credit(&mut agent, again, &bytes).await;
    assert!(soon(asked).await.unwrap().unwrap() == columns);
}

#[tokio::test]
async fn a_command_goes_out_again_under_its_id_when_the_agent_comes_back() {
    let (running, id) = (start(Limits::default()).await, someone());
    let claim = Claim::new(&id);
    let mut agent = claim.take(&running.address).await;
    agent.begin(1).await;
    let viewer = follow(Code::Owner(id), &running.address, From::Beginning);
    agent.opening().await;
    agent.welcome(Verdict::StartOver, 0).await;
    let (follower, command) = (viewer.follower.clone(), CommandId::new());
    let asked = tokio::spawn(async move { follower.command(command, Command::PauseAll).await });
    let Wanted::Order(first) = agent.wanted().await else {
        panic!("no command")
    };
    assert_eq!((first.id, first.tick_ms), (command, 500));
    // It is lost with the connection.
    drop(agent);
    let mut agent = claim.take(&running.address).await;
    agent.opening().await;
    agent.welcome(Verdict::GoOn, 0).await;
    let Wanted::Order(again) = agent.wanted().await else {
        panic!("no command")
    };
    assert_eq!(again.id, command);
    agent.answer(again.question, &outcome(Outcome::Done)).await;
    assert_eq!(soon(asked).await.unwrap(), Ok(Outcome::Done));
}

fn ready(bytes: &[u8], announced: &[u8]) -> News {
    News::Ready {
        operation: OperationId::new(),
        transfer: Uuid::from_u128(9),
        name: "../../run7.csv".to_owned(),
        bytes: bytes.len() as u64,
        sha256: data_encoding::HEXLOWER.encode(&Sha256::digest(announced)),
    }
}

#[tokio::test]
async fn a_file_is_fetched_under_credit_and_resumed_in_a_new_visit() {
    let id = someone();
    let (running, mut agent, mut viewer) = live_as(&id).await;
    let file = noise(13 * PART);
    let news = ready(&file, &file);
    agent.direct(&Direct::News(news.clone())).await;
    viewer
        .event(|event| matches!(event, remote::following::FollowEvent::Ready(_)))
        .await;
    let follower = viewer.follower.clone();
    let fetched = tokio::spawn(async move {
        let mut to = Vec::new();
        follower.fetch(&news, &mut to).await.map(|_| to)
    });
    let question = agent.question().await;
    assert!(matches!(question.ask, Ask::Transfer { from: 0, .. }), "{question:?}");
    let bytes = WholeAnswer::Bytes(file.clone()).bytes().unwrap();
    for part in bytes.chunks(PART).take(2) {
        agent.part(question.question, part.to_vec(), false).await;
    }
    // Credit is given for what came: so it came.
    assert_eq!(agent.question().await.ask, Ask::Credit { through: 1 });
    // Another run: the visit ends, and the rest is asked for in the next one.
    let mut other = {
        drop(agent);
        Claim::new(&id).take(&running.address).await
    };
    other.opening().await;
    other.welcome(Verdict::GoOn, 0).await;
    let question = other.question().await;
    let Ask::Transfer { from, .. } = question.ask else {
        panic!("{question:?}")
    };
    assert_eq!(from as usize, 2 * PART - 1);
    let rest = WholeAnswer::Bytes(file[from as usize..].to_vec()).bytes().unwrap();
    send_under_credit(&mut other, question.question, &rest).await;
    assert!(soon(fetched).await.unwrap().unwrap() == file);
}

/// Without a pace of its own the viewer was closed in the middle of a large file, for speaking too often.
#[tokio::test]
async fn a_large_file_is_fetched_in_one_visit() {
    let (_running, mut agent, viewer) = live().await;
    let file = noise(130 * PART);
    let news = ready(&file, &file);
    let follower = viewer.follower.clone();
    let fetched = tokio::spawn(async move {
        let mut to = Vec::new();
        follower.fetch(&news, &mut to).await.map(|_| to)
    });
    let question = agent.question().await.question;
    let bytes = WholeAnswer::Bytes(file.clone()).bytes().unwrap();
    // Each word of credit is a message, and a relay takes 60 at once.
    assert!(send_under_credit(&mut agent, question, &bytes).await > 60);
    assert!(soon(fetched).await.unwrap().unwrap() == file);
}

#[tokio::test]
async fn a_file_with_another_hash_than_announced_is_refused() {
    let (_running, mut agent, viewer) = live().await;
    let (file, other) = (noise(1_000), noise(1_001));
    let news = ready(&file, &other);
    let follower = viewer.follower.clone();
    let fetched = tokio::spawn(async move { follower.fetch(&news, &mut Vec::new()).await });
    let question = agent.question().await.question;
    agent.answer(question, &WholeAnswer::Bytes(file)).await;
    let refusal = soon(fetched).await.unwrap().unwrap_err();
    assert_eq!(refusal.code, "transfer_damaged");
    assert!(refusal.message.contains(" run7.csv "), "{refusal}");
}
