//! Sessions: side by side, after a restart, renamed, deleted.

use instrument::simulated::{FileFormat, WritingStyle};
use protocol::command::Command;
use protocol::query::{Answer, Query};
use protocol::record::{Event, RecordEvent};
use protocol::session::{FileState, SessionState, SimulatedFormat, SimulatedInstrument, Source};
use protocol::settings::Settings;

use crate::bench::{Bench, next, open, play_into, scan_text};

fn simulated(files: u32) -> Source {
    let instrument = SimulatedInstrument {
        electrodes: 2,
        files,
        interval_s: 0.0,
        format: SimulatedFormat::Chi,
        style: protocol::session::WritingStyle::Burst,
        ..SimulatedInstrument::default()
    };
    Source::Simulated {
        folder: String::new(),
        instrument,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_simulated_experiment_runs_to_its_end() {
    let bench = Bench::new().await;
    let session = bench.start(simulated(10), Settings::default()).await;
    bench.until_state(session, SessionState::Finished).await;
    let detail = bench.detail(session).await;
    assert_eq!(
        (detail.summary.files_measured, detail.summary.files_expected),
        (20, Some(20))
    );
    assert_eq!(detail.summary.measurements, 40);
    assert!(detail.summary.ended_at.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_goes_on_after_a_restart_with_every_point_once() {
    let mut bench = Bench::new().await;
    let session = bench.watch(Settings::default()).await;
    bench.put("SWV_15Hz_1.txt", scan_text(1, FileFormat::ChiText));
    bench.until_files(session, FileState::Measured, 1).await;
    let before = bench.results(session).await;
    bench.engine.close().await;
    bench.put("SWV_15Hz_2.txt", scan_text(2, FileFormat::ChiText));
    bench.engine = open(bench.data.path()).await.unwrap();
    bench.until_files(session, FileState::Measured, 2).await;
    let after = bench.results(session).await;
    assert_eq!(after[..1], before[..]);
    assert_eq!(after.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_simulated_experiment_goes_on_where_it_was_interrupted() {
    let mut bench = Bench::new().await;
    let Source::Simulated { folder, instrument } = simulated(30) else {
        unreachable!()
    };
    let slow = SimulatedInstrument {
        interval_s: 0.02,
        ..instrument
    };
    let session = bench
        .start(
            Source::Simulated {
                folder,
                instrument: slow,
            },
            Settings::default(),
        )
        .await;
    bench.until_files(session, FileState::Measured, 5).await;
    bench.restart().await;
    bench.until_state(session, SessionState::Finished).await;
    let results = bench.results(session).await;
    assert_eq!(results.len(), 120);
    assert!(results.iter().all(|m| m.file_revision == 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_has_one_engine_at_a_time() {
    let bench = Bench::new().await;
    let refused = open(bench.data.path()).await.err().unwrap();
    assert_eq!(refused.code, "profile_in_use");
    assert!(refused.message.contains("engine tests"), "{refused}");
    bench.engine.close().await;
    open(bench.data.path()).await.unwrap().close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_isolated_and_deleting_one_leaves_the_others() {
    let bench = Bench::new().await;
    play_into(bench.files.path(), 1, 3, FileFormat::ChiText, WritingStyle::Burst);
    let (first, second) = (
        bench.import(Settings::default()).await,
        bench.import(Settings::default()).await,
    );
    bench.until_state(first, SessionState::Finished).await;
    bench.until_state(second, SessionState::Finished).await;
    bench
        .command(Command::RenameSession {
            session: second,
            name: "  kept  ".to_owned(),
        })
        .await
        .unwrap();
    bench.command(Command::DeleteSession { session: first }).await.unwrap();
    let Answer::Sessions { sessions } = bench.engine.query(Query::Sessions).await.unwrap() else {
        panic!()
    };
    assert_eq!(sessions.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["kept"]);
    assert_eq!(bench.results(second).await.len(), 6);
    let refused = bench.engine.query(Query::Session { session: first }).await.unwrap_err();
    assert_eq!(refused.code, "no_such_session");
    // Who joins later sees no trace of the deleted one, and no gap stops them.
    let mut subscription = bench.engine.subscribe_after(0);
    let mut seen = Vec::new();
    while seen.len() < bench.record(second).await.len() {
        for event in next(&mut subscription).await {
            if let Event::Record(entry) = event {
                assert_eq!(entry.session, second);
                seen.push(entry.seq);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn paused_sessions_read_what_came_meanwhile_when_resumed() {
    let bench = Bench::new().await;
    let session = bench.watch(Settings::default()).await;
    bench.put("SWV_15Hz_1.txt", scan_text(1, FileFormat::ChiText));
    bench.until_files(session, FileState::Measured, 1).await;
    bench.command(Command::PauseAll).await.unwrap();
    assert_eq!(bench.detail(session).await.summary.state, SessionState::Paused);
    let refused = bench.command(Command::PauseSession { session }).await.unwrap_err();
    assert_eq!(refused.code, "wrong_state");
    bench.put("SWV_15Hz_2.txt", scan_text(2, FileFormat::ChiText));
    bench.command(Command::ResumeSession { session }).await.unwrap();
    bench.until_files(session, FileState::Measured, 2).await;
    bench.command(Command::StopSession { session }).await.unwrap();
    assert_eq!(bench.detail(session).await.summary.state, SessionState::Finished);
    bench.command(Command::ReopenSession { session }).await.unwrap();
    bench.put("SWV_15Hz_3.txt", scan_text(3, FileFormat::ChiText));
    let events = bench.until_files(session, FileState::Measured, 3).await;
    assert!(events.iter().any(|e| matches!(e, RecordEvent::SessionEnded { .. })));
}
