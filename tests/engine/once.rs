//! A command has one effect, however often it arrives.

use instrument::simulated::{FileFormat, WritingStyle};
use protocol::command::Command;
use protocol::ids::CommandId;
use protocol::query::{Answer, Query};
use protocol::session::Source;

use crate::bench::{Bench, play_into};

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_start_begins_one_session() {
    let mut bench = Bench::new().await;
    play_into(bench.files.path(), 1, 1, FileFormat::ChiText, WritingStyle::Burst);
    let source = Source::WatchedFolder { folder: bench.folder() };
    let command = Command::StartSession {
        name: "once".to_owned(),
        source,
        settings: Box::default(),
        temporary: false,
    };
    let id = CommandId::new();
    let first = bench.engine.command(id, command.clone()).await.unwrap();
    assert_eq!(bench.engine.command(id, command.clone()).await.unwrap(), first);
    bench.restart().await;
    assert_eq!(bench.engine.command(id, command).await.unwrap(), first);
    let Answer::Sessions { sessions } = bench.engine.query(Query::Sessions).await.unwrap() else {
        panic!()
    };
    assert_eq!(sessions.len(), 1);
}

/// Two that come at the same time, as after a lost connection, are one too.
#[tokio::test(flavor = "multi_thread")]
async fn simultaneous_repeats_begin_one_session() {
    let bench = Bench::new().await;
    let source = Source::WatchedFolder { folder: bench.folder() };
    let command = Command::StartSession {
        name: "once".to_owned(),
        source,
        settings: Box::default(),
        temporary: false,
    };
    let id = CommandId::new();
    let [engine, again] = [(); 2].map(|()| bench.engine.clone());
    let repeat = command.clone();
    let (first, second) = tokio::join!(
        tokio::spawn(async move { engine.command(id, command).await }),
        tokio::spawn(async move { again.command(id, repeat).await }),
    );
    assert_eq!(first.unwrap().unwrap(), second.unwrap().unwrap());
    let Answer::Sessions { sessions } = bench.engine.query(Query::Sessions).await.unwrap() else {
        panic!()
    };
    assert_eq!(sessions.len(), 1);
}
