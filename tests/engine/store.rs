//! Databases that are newer, damaged, full or foreign.

use instrument::simulated::{FileFormat, WritingStyle};
use protocol::command::Command;
use protocol::record::{OperationOutcome, RecordEvent};
use protocol::session::{FileState, SessionState};
use protocol::settings::Settings;

use crate::bench::{Bench, open, play_into, scan_text};
use crate::steering::outcome;

fn database(bench: &Bench) -> std::path::PathBuf {
    bench.engine.location().database()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_database_is_refused_and_left_as_it_is() {
    let bench = Bench::new().await;
    bench.engine.close().await;
    let connection = rusqlite::Connection::open(database(&bench)).unwrap();
    connection.pragma_update(None, "user_version", 999).unwrap();
    drop(connection);
    let before = std::fs::read(database(&bench)).unwrap();
    let refused = open(bench.data.path()).await.err().unwrap();
    assert_eq!(refused.code, "database_newer");
    assert_eq!(std::fs::read(database(&bench)).unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_or_foreign_database_is_refused_with_the_way_out() {
    let bench = Bench::new().await;
    bench.engine.close().await;
    for content in [
        b"this is not a database, but it is long enough to look like a file of some kind".repeat(100),
        {
            let foreign = tempfile::NamedTempFile::new().unwrap();
            rusqlite::Connection::open(foreign.path())
                .unwrap()
                .execute_batch("CREATE TABLE theirs (x)")
                .unwrap();
            std::fs::read(foreign.path()).unwrap()
        },
    ] {
        std::fs::write(database(&bench), &content).unwrap();
        let refused = open(bench.data.path()).await.err().unwrap();
        assert_eq!(refused.code, "database_damaged", "{refused}");
        assert!(refused.hint.contains("Move this file"), "{refused}");
        assert_eq!(std::fs::read(database(&bench)).unwrap(), content);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn intake_waits_while_another_program_holds_the_database_and_then_goes_on() {
    let bench = Bench::new().await;
    let session = bench.watch(Settings::default()).await;
    let holder = rusqlite::Connection::open(database(&bench)).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut subscription = bench.engine.subscribe().unwrap();
    bench.put("SWV_15Hz_1.txt", scan_text(1, FileFormat::ChiText));
    'waiting: loop {
        for event in crate::bench::next(&mut subscription).await {
            if format!("{event:?}").contains("database_locked") {
                break 'waiting;
            }
        }
    }
    // Commands are heard meanwhile, and say why they cannot be carried out.
    let pause = bench.command(Command::PauseSession { session }).await;
    assert_eq!(pause.unwrap_err().code, "database_locked");
    holder.execute_batch("ROLLBACK").unwrap();
    bench.until_files(session, FileState::Measured, 1).await;
    assert_eq!(bench.results(session).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_content_costs_a_recomputation_only_that_file_and_is_kept_anew() {
    let bench = Bench::new().await;
    play_into(bench.files.path(), 1, 5, FileFormat::ChiText, WritingStyle::Burst);
    let session = bench.watch(Settings::default()).await;
    bench.until_files(session, FileState::Measured, 10).await;
    let connection = rusqlite::Connection::open(database(&bench)).unwrap();
    let damaged =
        "UPDATE contents SET packed = x'00' WHERE file = (SELECT id FROM files WHERE name = 'SWV_15Hz_3.txt')";
    assert_eq!(connection.execute(damaged, []).unwrap(), 1);
    drop(connection);
    let mut settings = Settings::default();
    settings.peak.trim_points = 1;
    let mut subscription = bench.engine.subscribe().unwrap();
    let command = Command::ReviseSettings {
        session,
        seen_revision: 1,
        settings: Box::new(settings.clone()),
    };
    bench.command(command).await.unwrap();
    assert_eq!(outcome(&mut subscription).await, OperationOutcome::Done);
    let is_anew = |e: &RecordEvent| {
        matches!(e, RecordEvent::FileState { file, file_revision: 1, state: FileState::Measured, .. }
            if file == "SWV_15Hz_3.txt")
    };
    // Measured at first, and again from the folder.
    bench
        .until(session, |events| events.iter().filter(|e| is_anew(e)).count() == 2)
        .await;
    let results = bench.results(session).await;
    assert_eq!(results.len(), 10);
    assert!(
        results
            .iter()
            .all(|m| m.revision == Some(2) && m.peak_current_a.is_some()),
        "{results:#?}"
    );

    // Where the folder has it no more, the reason stands in its place, and the other files are measured.
    bench.command(Command::StopSession { session }).await.unwrap();
    bench.until_state(session, SessionState::Finished).await;
    let connection = rusqlite::Connection::open(database(&bench)).unwrap();
    assert_eq!(connection.execute(damaged, []).unwrap(), 1);
    drop(connection);
    settings.peak.trim_points = 2;
    let mut subscription = bench.engine.subscribe().unwrap();
    let command = Command::ReviseSettings {
        session,
        seen_revision: 2,
        settings: Box::new(settings),
    };
    bench.command(command).await.unwrap();
    assert_eq!(outcome(&mut subscription).await, OperationOutcome::Done);
    let lost = bench.file(session, "SWV_15Hz_3.txt").await;
    assert_eq!(
        (lost.state, lost.reason.as_deref()),
        (FileState::Skipped, Some("content_damaged"))
    );
    let failed: Vec<_> = bench
        .results(session)
        .await
        .into_iter()
        .filter(|m| m.peak_current_a.is_none())
        .collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].reason.as_deref(), Some("content_damaged"));
}

#[test]
fn a_database_that_another_program_is_just_making_is_none_yet() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sacmes.db");
    std::fs::write(&path, "").unwrap();
    let opened = agent::store::Store::open_read_only(&path).err();
    assert!(
        matches!(opened, Some(agent::store::StoreError::Absent { .. })),
        "{opened:?}"
    );
}
