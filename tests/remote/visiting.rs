//! Questions and commands from afar.

use protocol::command::{Command, Outcome};
use protocol::ids::{CommandId, NoteId};
use protocol::note::{Author, NoteDraft, NoteFilter, NoteLink};
use protocol::query::{Answer, Query};
use protocol::relay::body::{Ask, CREDIT, Reply};
use protocol::settings::Settings;

use super::bench::{Agent, Running};
use super::viewer::Viewer;

async fn name(agent: &Agent) -> String {
    match agent.engine.query(Query::Sessions).await.unwrap() {
        Answer::Sessions { sessions } => sessions[0].name.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_only_look_cannot_steer() {
    let relay = Running::start().await;
    let agent = Agent::start(&relay).await;
    agent.online().await;
    let session = agent.experiment(1).await;
    let mut viewer = Viewer::looking(&relay, &agent.id).await;
    viewer.open().await;
    let rename = Command::RenameSession {
        session,
        name: "Mine".to_owned(),
    };
    let Reply::Refused { refusal } = viewer.command(CommandId::new(), rename).await else {
        panic!("not refused");
    };
    assert_eq!(
        (refusal.code.as_str(), agent.publisher.refused().view_only()),
        ("view_only", 1)
    );
    let preview = Query::FolderPreview {
        folder: "/".to_owned(),
        settings: Box::new(Settings::default()),
    };
    // The sealer of the order was the query key's second one; questions go on under the first with a higher counter.
    viewer.ask(Ask::Drop { of: 1 }).await;
    let question = viewer.ask(Ask::Query { query: preview }).await;
    assert_eq!(viewer.refusal(question).await.code, "control_needed");
    assert_eq!(name(&agent).await, "Titration");
    agent.end().await;
}

/// The visit's query key follows from what every code holder and the relay know: once the owner had given a command, they could
/// read the owner's folders in the owner's visit.
#[tokio::test(flavor = "multi_thread")]
async fn folders_are_shown_only_to_a_question_that_proves_control_itself() {
    let relay = Running::start().await;
    let agent = Agent::start(&relay).await;
    agent.online().await;
    let session = agent.experiment(1).await;
    let mut owner = Viewer::steering(&relay, &agent.id).await;
    owner.open().await;
    let name = "Mine".to_owned();
    let renamed = owner
        .command(CommandId::new(), Command::RenameSession { session, name })
        .await;
    assert_eq!(renamed, Reply::Outcome { outcome: Outcome::Done });
    let preview = || Ask::Query {
        query: Query::FolderPreview {
            folder: agent.data.path().display().to_string(),
            settings: Box::new(Settings::default()),
        },
    };
    let forged = owner.ask(preview()).await;
    assert_eq!(owner.refusal(forged).await.code, "control_needed");
    let proven = owner.ask_with_control(preview()).await;
    assert!(matches!(owner.reply(proven).await, Reply::Answer { .. }));
    agent.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_has_one_effect_and_is_refused_when_it_comes_late() {
    let relay = Running::start().await;
    let agent = Agent::start(&relay).await;
    agent.online().await;
    let session = agent.experiment(1).await;
    let mut viewer = Viewer::steering(&relay, &agent.id).await;
    let tick_ms = viewer.open().await.tick_ms;
    let rename = |name: &str| Command::RenameSession {
        session,
        name: name.to_owned(),
    };
    let (id, head) = (CommandId::new(), agent.head().await);
    let (frame, question) = viewer.order(id, tick_ms, rename("First"));
    viewer.say(frame.clone()).await;
    let done = Reply::Outcome { outcome: Outcome::Done };
    assert_eq!(viewer.reply(question).await, done);
    // The same frame again is dropped; the same command in a new frame gets the first outcome.
    viewer.say(frame).await;
    assert_eq!(viewer.command(id, rename("First")).await, done);
    assert_eq!((agent.head().await, agent.publisher.refused().dropped()), (head + 1, 1));
    let (late, question) = viewer.order(CommandId::new(), tick_ms + 3_600_000, rename("Late"));
    viewer.say(late).await;
    assert_eq!(viewer.refusal(question).await.code, "too_late");
    assert_eq!(
        (name(&agent).await.as_str(), agent.publisher.refused().late()),
        ("First", 1)
    );
    agent.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_answer_comes_in_parts_as_there_is_credit() {
    let relay = Running::start().await;
    let agent = Agent::start(&relay).await;
    let session = agent.experiment(1).await;
    agent.rename(session, 1_800).await;
    agent.online().await;
    let mut viewer = Viewer::looking(&relay, &agent.id).await;
    viewer.open().await;
    let head = agent.head().await;
    let (mut entries, mut after, mut pieces) = (Vec::new(), 0, 0);
    while after < head {
        let history = Ask::History { after, through: head };
        let question = viewer.ask(history).await;
        let Reply::Entries {
            entries: piece,
            through,
        } = viewer.reply(question).await
        else {
            panic!("no entries");
        };
        assert!(through > after);
        entries.extend(piece);
        (after, pieces) = (through, pieces + 1);
    }
    assert_eq!(entries, agent.engine.history(0, head, 1_000_000).await.unwrap().entries);
    assert!(viewer.parts_heard > pieces * CREDIT, "{pieces} {}", viewer.parts_heard);
    agent.end().await;
}

/// The profile's own notes are its owner's: a view-only code opens those about sessions, whatever its holder asks for.
#[tokio::test(flavor = "multi_thread")]
async fn notes_are_told_in_full_only_to_a_question_that_proves_control() {
    let relay = Running::start().await;
    let agent = Agent::start(&relay).await;
    agent.online().await;
    let session = agent.experiment(1).await;
    let write = |text: &str, link| Command::PutNote {
        note: NoteDraft {
            id: NoteId::new(),
            text: text.to_owned(),
            topics: vec![text.to_owned()],
            link,
        },
        seen_revision: 0,
    };
    let (id, own) = (CommandId::new(), write("own", None));
    agent.engine.command(id, own).await.unwrap();
    let mut owner = Viewer::steering(&relay, &agent.id).await;
    owner.open().await;
    let link = Some(NoteLink::Session { session });
    let written = owner.command(CommandId::new(), write("of the session", link)).await;
    assert_eq!(written, Reply::Outcome { outcome: Outcome::Done });
    let notes = || Ask::Query {
        query: Query::Notes {
            filter: NoteFilter::default(),
            offset: 0,
            limit: 10,
        },
    };
    let told = |reply: Reply| -> Vec<(String, Author)> {
        let Reply::Answer { answer } = reply else {
            panic!("{reply:?}")
        };
        match *answer {
            Answer::Notes { notes, total } => {
                assert_eq!(total as usize, notes.len());
                notes
                    .into_iter()
                    .map(|found| (found.note.text, found.note.created_by))
                    .collect()
            }
            Answer::NoteTopics { topics } => topics.into_iter().map(|topic| (topic.topic, Author::Here)).collect(),
            Answer::NoteStatistics { statistics } => vec![(statistics.notes.to_string(), Author::Here)],
            other => panic!("{other:?}"),
        }
    };
    let of_session = ("of the session".to_owned(), Author::Afar);
    let question = owner.ask_with_control(notes()).await;
    assert_eq!(
        told(owner.reply(question).await),
        [of_session.clone(), ("own".to_owned(), Author::Here)]
    );
    let mut looking = Viewer::looking(&relay, &agent.id).await;
    looking.open().await;
    let clear = Command::ClearNotes { seen: 2 };
    let Reply::Refused { refusal } = looking.command(CommandId::new(), clear).await else {
        panic!("not refused");
    };
    assert_eq!(
        (refusal.code.as_str(), refusal.message.as_str()),
        ("view_only", "This code lets you look, not steer.")
    );
    // The order was sealed by a second sealer of the query key: the first goes on behind its counter.
    looking.ask(Ask::Drop { of: 1 }).await;
    for viewer in [&mut looking, &mut owner] {
        // Also in the owner's visit a frame of the query key proves nothing.
        let question = viewer.ask(notes()).await;
        assert_eq!(told(viewer.reply(question).await), std::slice::from_ref(&of_session));
        let filter = NoteFilter::default();
        let topics = Query::NoteTopics { filter: filter.clone() };
        let question = viewer.ask(Ask::Query { query: topics }).await;
        assert_eq!(
            told(viewer.reply(question).await),
            [("of the session".to_owned(), Author::Here)]
        );
        let numbers = Query::NoteStatistics {
            filter,
            utc_offset_min: 0,
        };
        let question = viewer.ask(Ask::Query { query: numbers }).await;
        assert_eq!(told(viewer.reply(question).await), [("1".to_owned(), Author::Here)]);
    }
    agent.end().await;
}
