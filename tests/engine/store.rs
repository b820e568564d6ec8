//! Databases that are newer, damaged, full or foreign.

use protocol::session::FileState;
use protocol::settings::Settings;

use crate::bench::{Bench, open, scan_text};

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
    bench.put(
        "SWV_15Hz_1.txt",
        scan_text(1, instrument::simulated::FileFormat::ChiText),
    );
    'waiting: loop {
        for event in crate::bench::next(&mut subscription).await {
            if format!("{event:?}").contains("database_locked") {
                break 'waiting;
            }
        }
    }
    holder.execute_batch("ROLLBACK").unwrap();
    bench.until_files(session, FileState::Measured, 1).await;
    assert_eq!(bench.results(session).await.len(), 1);
}
