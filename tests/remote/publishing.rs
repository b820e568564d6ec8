//! The record of an agent reaches whoever follows it: all of it, in order, once.

use protocol::command::Command;
use protocol::record::RecordEvent;
use protocol::relay::body::Verdict;
use protocol::session::Source;
use protocol::settings::Settings;
use protocol::sharing::SharingStatus;

use super::bench::{Agent, Running, open};
use super::viewer::Viewer;

async fn has_everything(viewer: &Viewer, agent: &Agent) {
    let kept = agent.engine.history(0, u64::MAX >> 1, 1_000_000).await.unwrap().entries;
    assert_eq!(viewer.entries, kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_arrives_complete_in_order_once() {
    let relay = Running::start().await;
    let agent = Agent::start(&relay).await;
    agent.online().await;
    let mut viewer = Viewer::looking(&relay, &agent.id).await;
    let opened = viewer.open().await;
    assert_eq!((opened.verdict, opened.head), (Verdict::StartOver, 0));
    agent.experiment(40).await;
    viewer.through(agent.head().await).await;
    has_everything(&viewer, &agent).await;
    let measured = |event: &RecordEvent| match event {
        RecordEvent::Measured { measurements } => measurements.len(),
        _ => 0,
    };
    let measurements: usize = viewer.entries.iter().map(|entry| measured(&entry.event)).sum();
    assert_eq!(measurements, 80);
    println!(
        "{} bytes of log frames for {measurements} measurements",
        viewer.log_bytes
    );
    // Who comes later gets the same from the relay alone.
    let mut later = Viewer::looking(&relay, &agent.id).await;
    later.through(agent.head().await).await;
    has_everything(&later, &agent).await;
    agent
        .status(|status| matches!(status, SharingStatus::Online { viewers: 2, .. }))
        .await;
    later
        .until(|viewer| viewer.status.as_ref().is_some_and(|status| status.viewers == 2))
        .await;
    assert_eq!(later.status.unwrap().head, agent.head().await);
    agent.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_is_seen_from_afar_soon_after_its_file_is_there() {
    let relay = Running::start().await;
    let agent = Agent::start(&relay).await;
    agent.online().await;
    let simulated = agent.experiment(6).await;
    let written = agent
        .data
        .path()
        .join(format!("profiles/default/simulated/{simulated}"));
    let folder = tempfile::tempdir().unwrap();
    let source = Source::WatchedFolder {
        folder: folder.path().to_string_lossy().into_owned(),
    };
    let settings = Box::new(Settings::default());
    let name = "Watched".to_owned();
    agent
        .command(Command::StartSession {
            name,
            source,
            settings,
            temporary: false,
        })
        .await;
    let mut viewer = Viewer::looking(&relay, &agent.id).await;
    viewer.through(agent.head().await).await;
    let measured = |viewer: &Viewer| {
        let is_measured = |event: &RecordEvent| matches!(event, RecordEvent::Measured { .. });
        viewer.entries.iter().filter(|entry| is_measured(&entry.event)).count()
    };
    let mut names: Vec<_> = std::fs::read_dir(written)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    names.sort();
    let (before, mut times) = (measured(&viewer), Vec::new());
    for (k, path) in names.iter().enumerate() {
        std::fs::copy(path, folder.path().join(path.file_name().unwrap())).unwrap();
        let began = std::time::Instant::now();
        viewer.until(|viewer| measured(viewer) > before + k).await;
        let committed = agent::clock::seconds(&viewer.entries.last().unwrap().at).unwrap();
        let seen = agent::clock::seconds(&agent::clock::now()).unwrap();
        times.push((began.elapsed(), seen - committed));
    }
    println!("from a file's end, and from its commit (s), to a viewer: {times:?}");
    assert_eq!(times.len(), 12);
    has_everything(&viewer, &agent).await;
    agent.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_lost_its_memory_gets_the_record_again() {
    let relay = Running::start().await;
    let agent = Agent::start(&relay).await;
    agent.online().await;
    let session = agent.experiment(5).await;
    let relay = relay.restart().await;
    agent.rename(session, 3).await;
    let mut viewer = Viewer::looking(&relay, &agent.id).await;
    viewer.through(agent.head().await).await;
    has_everything(&viewer, &agent).await;
    agent.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_starts_again_goes_on_where_the_relay_is() {
    let relay = Running::start().await;
    let agent = Agent::start(&relay).await;
    agent.online().await;
    let session = agent.experiment(5).await;
    let mut viewer = Viewer::looking(&relay, &agent.id).await;
    viewer.through(agent.head().await).await;
    let first_run = viewer.position.unwrap().run;
    let agent = agent.restart(&relay).await;
    agent.online().await;
    agent.rename(session, 3).await;
    viewer.through(agent.head().await).await;
    has_everything(&viewer, &agent).await;
    assert_eq!(viewer.joined, 1, "the log did not begin anew");
    assert!(viewer.position.unwrap().run != first_run);
    // Its position is one of the record also in the new run.
    assert_eq!(viewer.open().await.verdict, Verdict::GoOn);
    agent.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_was_put_back_begins_a_new_life_of_the_record() {
    let relay = Running::start().await;
    let agent = Agent::start(&relay).await;
    agent.online().await;
    let session = agent.experiment(3).await;
    let (data, id) = agent.end().await;
    let database = data.path().join("profiles/default/sacmes.db");
    let backup = data.path().join("backup.db");
    std::fs::copy(&database, &backup).unwrap();

    let agent = Agent::start_in(&relay, data, id, "LAB-PC-7").await;
    agent.online().await;
    let mut viewer = Viewer::looking(&relay, &id).await;
    agent.rename(session, 2).await;
    viewer.through(agent.head().await).await;
    let before = viewer.epoch;
    let (data, id) = agent.end().await;
    std::fs::copy(&backup, &database).unwrap();

    // What it adds now passes the offsets that were published.
    let engine = open(data.path()).await;
    engine.close().await;
    let agent = Agent::start_in(&relay, data, id, "LAB-PC-7").await;
    agent.online().await;
    agent.rename(session, 5).await;
    viewer.until(|viewer| viewer.joined == 2).await;
    assert!(viewer.epoch.is_some() && viewer.epoch != before);
    assert_eq!(viewer.open().await.verdict, Verdict::StartOver);
    let mut fresh = Viewer::looking(&relay, &id).await;
    fresh.through(agent.head().await).await;
    has_everything(&fresh, &agent).await;
    agent.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_missed_a_deletion_hears_of_it_from_the_next_start_of_the_agent() {
    let relay = Running::start().await;
    let agent = Agent::start(&relay).await;
    agent.online().await;
    let deleted = agent.experiment(1).await;
    let kept = agent.experiment(1).await;
    agent.command(Command::DeleteSession { session: deleted }).await;
    // A viewer that has come this far goes on, although it may have missed the status that told of the deletion.
    agent.rename(kept, 1).await;
    let agent = agent.restart(&relay).await;
    agent.online().await;
    let mut viewer = Viewer::looking(&relay, &agent.id).await;
    viewer
        .until(|viewer| viewer.status.as_ref().is_some_and(|status| status.deleted == [deleted]))
        .await;
    agent.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_deleted_session_stays_at_the_relay() {
    let relay = Running::start().await;
    let agent = Agent::start(&relay).await;
    agent.online().await;
    let deleted = agent.experiment(3).await;
    let kept = agent.experiment(3).await;
    let mut viewer = Viewer::looking(&relay, &agent.id).await;
    viewer.through(agent.head().await).await;
    let head = agent.head().await;
    agent.command(Command::DeleteSession { session: deleted }).await;
    viewer.until(|viewer| viewer.joined == 2).await;
    assert_eq!(viewer.floor, head + 1);
    viewer
        .until(|viewer| viewer.status.as_ref().is_some_and(|status| status.deleted == [deleted]))
        .await;
    // It may not have heard of it: what it shows is told anew.
    assert_eq!(viewer.open().await.verdict, Verdict::StartOver);
    agent.rename(kept, 1).await;
    viewer.through(head + 1).await;

    // A session that is deleted while nothing is published leaves the relay at the next start.
    let (data, id) = agent.end().await;
    let engine = open(data.path()).await;
    let command = Command::DeleteSession { session: kept };
    engine.command(protocol::ids::CommandId::new(), command).await.unwrap();
    engine.close().await;
    let agent = Agent::start_in(&relay, data, id, "LAB-PC-7").await;
    viewer.until(|viewer| viewer.joined == 3).await;
    assert_eq!(viewer.floor, agent.head().await + 1);
    agent.end().await;
}
