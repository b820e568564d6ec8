//! Clocks that are set back.

use std::time::{Duration, SystemTime};

use instrument::simulated::FileFormat;
use protocol::query::{Answer, Query};
use protocol::record::RecordEvent;
use protocol::session::{FileState, SessionState};
use protocol::settings::Settings;

use crate::bench::{Bench, open, scan_text};

#[tokio::test(flavor = "multi_thread")]
async fn new_content_with_an_older_time_is_seen() {
    let bench = Bench::new().await;
    let session = bench.watch(Settings::default()).await;
    let path = bench.put("SWV_15Hz_1.txt", scan_text(1, FileFormat::ChiText));
    bench.until_files(session, FileState::Measured, 1).await;
    // Written elsewhere and moved here, so that not even a moment of it has today's time.
    let elsewhere = bench.data.path().join("next");
    std::fs::write(&elsewhere, scan_text(2, FileFormat::ChiText)).unwrap();
    let file = std::fs::File::options().write(true).open(&elsewhere).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_hours(48)).unwrap();
    drop(file);
    std::fs::rename(&elsewhere, &path).unwrap();
    let is_second = |e: &RecordEvent| matches!(e, RecordEvent::FileState { file_revision: 2, .. });
    bench.until(session, |events| events.iter().any(is_second)).await;
    assert_eq!(bench.results(session).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_session_that_was_made_last_is_the_first_of_the_list_and_no_duration_is_negative() {
    let mut bench = Bench::new().await;
    let first = bench.import(Settings::default()).await;
    bench.until_state(first, SessionState::Finished).await;
    bench.engine.close().await;
    // The clock was a year ahead when the first session was made.
    let connection = rusqlite::Connection::open(bench.engine.location().database()).unwrap();
    let changed = connection.execute("UPDATE sessions SET created_at = '2999-01-01T00:00:00.000Z'", []);
    assert_eq!(changed.unwrap(), 1);
    drop(connection);
    bench.engine = open(bench.data.path()).await.unwrap();
    let stats = || async {
        match bench.engine.query(Query::Stats).await.unwrap() {
            Answer::Stats { stats } => stats,
            other => panic!("not stats: {other:?}"),
        }
    };
    assert_eq!(stats().await.mean_duration_s, None);
    let second = bench.import(Settings::default()).await;
    bench.until_state(second, SessionState::Finished).await;
    assert!(stats().await.mean_duration_s.is_some_and(|mean| mean >= 0.0));
    let Answer::Sessions { sessions } = bench.engine.query(Query::Sessions).await.unwrap() else {
        panic!("not sessions")
    };
    assert_eq!(sessions.iter().map(|s| s.session).collect::<Vec<_>>(), [second, first]);
}
