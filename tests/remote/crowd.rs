//! More of everything than one agent serves: visits, questions, answers.

use std::time::Instant;

use futures_util::stream::SplitStream;
use futures_util::{SinkExt, StreamExt};
use protocol::codes::UserId;
use protocol::query::Query;
use protocol::relay::body::{Ask, CREDIT, Direct, OPEN_QUESTIONS, Opened, Opening, PART, Question, to_json};
use protocol::relay::header::{DownHeader, UpKind};
use protocol::relay::message::{FromAgent, Message, ToAgent};
use protocol::relay::sealing::{DownOpener, UpSealer};
use protocol::relay::{Epoch, Run, Versions, ViewKey};
use relay::limits::Limits;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message as Frame;

use super::bench::{Agent, Running, within};
use super::viewer::Viewer;

/// What an agent says to a relay that the test plays.
struct Said(SplitStream<WebSocketStream<TcpStream>>);

impl Said {
    async fn next(&mut self) -> FromAgent {
        loop {
            if let Frame::Binary(bytes) = within(self.0.next()).await.unwrap().unwrap() {
                return FromAgent::read(&bytes).unwrap();
            }
        }
    }
}

fn opening(view: &ViewKey, run: Run) -> Vec<u8> {
    let opening = Opening {
        versions: Versions::own(),
        position: None,
    };
    UpSealer::new(view.open(run), UpKind::Open, 1, run, None)
        .seal(&opening.bytes())
        .unwrap()
}

/// A relay that is in league with somebody who has the view-only code is not limited by its own limits.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_visits_at_once_are_limited_by_the_agent_itself_which_goes_on_answering() {
    const OPENS: u64 = 6_000;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let authority = listener.local_addr().unwrap().to_string();
    let agent = Agent::start_through(&authority, tempfile::tempdir().unwrap(), UserId::new_random(), "PC").await;
    let (socket, _) = within(listener.accept()).await.unwrap();
    let (mut to_agent, said) = tokio_tungstenite::accept_async(socket).await.unwrap().split();
    let mut said = Said(said);
    let say = |message: ToAgent| Frame::Binary(message.bytes().into());
    to_agent.send(say(ToAgent::Challenge([7; 32]))).await.unwrap();
    assert!(matches!(said.next().await, FromAgent::Hello(_)));
    let claimed = ToAgent::Claimed {
        fence: 1,
        position: None,
    };
    to_agent.send(say(claimed)).await.unwrap();
    agent.online().await;
    let view = ViewKey::of(&agent.id.view_only_code(1));
    let began = Instant::now();
    // Read beside, as a relay does.
    let counting = tokio::spawn(async move {
        let mut answered = 0;
        loop {
            match said.next().await {
                FromAgent::Frame(frame) => {
                    let (header, _) = DownHeader::read(&frame).unwrap();
                    answered += u64::from(matches!(
                        header.destination,
                        protocol::relay::header::Destination::Direct { .. }
                    ));
                }
                // The end of the flood.
                FromAgent::Alive => return (answered, said),
                _ => {}
            }
        }
    });
    for k in 0..OPENS {
        let run = Run((u128::from(k) + 1).to_be_bytes());
        to_agent.send(say(ToAgent::Frame(opening(&view, run)))).await.unwrap();
    }
    to_agent.send(say(ToAgent::Probe)).await.unwrap();
    let (answered, mut said) = within(counting).await.unwrap();
    let dropped = agent.publisher.refused().dropped();
    assert_eq!(answered + dropped, OPENS, "each was answered or counted");
    let most = 501.0 + 500.0 * began.elapsed().as_secs_f64();
    assert!(
        (500.0..most).contains(&(answered as f64)),
        "{answered} of at most {most}"
    );
    // Somebody honest is answered: as soon as visits may be opened again, and by as many tries as a viewer makes.
    let owner = agent.id.owner_key().verifying_key();
    let mut opener = DownOpener::new(view.clone(), owner, 1);
    let mut answer = async |run: Run| loop {
        if let FromAgent::Frame(frame) = said.next().await
            && let Ok(opened) = opener.open(Epoch([0; 16]), &frame)
            && opened.header.destination == (protocol::relay::header::Destination::Direct { viewer: run })
        {
            return Direct::read(&opened.plain).unwrap();
        }
    };
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let run = Run::random().unwrap();
    to_agent.send(say(ToAgent::Frame(opening(&view, run)))).await.unwrap();
    let Direct::Opened(Opened { visit, run: agents, .. }) = answer(run).await else {
        panic!("no visit");
    };
    let question = Question {
        question: 1,
        ask: Ask::Query { query: Query::Sessions },
    };
    let asked = UpSealer::new(view.query(run, visit), UpKind::Query, 1, run, Some(agents))
        .seal(&to_json(&question).unwrap())
        .unwrap();
    to_agent.send(say(ToAgent::Frame(asked))).await.unwrap();
    assert!(matches!(
        answer(run).await,
        Direct::Part {
            question: 1,
            number: 0,
            last: true,
            ..
        }
    ));
}

/// Four long answers at once were 2 MiB on their way to one viewer, whom the relay then closed as too slow.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_long_answers_at_once_are_less_than_a_relay_lets_wait_for_a_viewer() {
    assert!((CREDIT + OPEN_QUESTIONS) * (PART + 256) < Limits::default().queue_bytes);
    let relay = Running::start().await;
    let agent = Agent::start(&relay).await;
    let session = agent.experiment(1).await;
    agent.rename(session, 1_800).await;
    agent.online().await;
    let mut viewer = Viewer::looking(&relay, &agent.id).await;
    viewer.open().await;
    let head = agent.head().await;
    let mut questions = Vec::new();
    for _ in 0..OPEN_QUESTIONS {
        let history = Ask::History {
            after: 0,
            through: head,
        };
        questions.push(viewer.ask(history).await);
    }
    // Without a word of credit no more comes than may be on its way.
    viewer.until(|viewer| viewer.parts_heard == CREDIT).await;
    let more = tokio::time::timeout(
        std::time::Duration::from_secs(1),
        viewer.until(|v| v.parts_heard > CREDIT),
    )
    .await;
    assert!(more.is_err(), "{} parts came without credit", viewer.parts_heard);
    viewer
        .ask(Ask::Credit {
            through: CREDIT as u32 - 1,
        })
        .await;
    for question in questions {
        assert!(matches!(
            viewer.reply(question).await,
            protocol::relay::body::Reply::Entries { .. }
        ));
    }
    assert!(viewer.parts_heard > 4 * CREDIT, "{}", viewer.parts_heard);
    assert!(!relay.relay.counters.refused().contains_key("too_slow"));
    agent.end().await;
}
