//! Temporary sessions: they expire after their end, and never while something is done with them; and the limits of imports.

use std::time::Duration;

use agent::intake::ImportLimits;
use agent::{Clock, Engine, EngineOptions, ProfileLocation};
use instrument::simulated::{FileFormat, WritingStyle};
use protocol::command::{Command, Outcome};
use protocol::ids::SessionId;
use protocol::query::{Answer, Query, Stats};
use protocol::record::RecordEvent;
use protocol::session::{FileState, SessionState, Source};
use protocol::settings::Settings;

use crate::bench::{Bench, next, play_into, scan_text};

const HOUR: Duration = Duration::from_hours(1);

/// A bench whose engine has a clock that can run ahead.
async fn bench_with(limits: ImportLimits) -> (Bench, Clock) {
    let mut bench = Bench::new().await;
    let clock = Clock::default();
    reopen(&mut bench, &clock, limits).await;
    (bench, clock)
}

async fn reopen(bench: &mut Bench, clock: &Clock, limits: ImportLimits) {
    bench.engine.close().await;
    let options = EngineOptions {
        clock: clock.clone(),
        limits,
        ..EngineOptions::of("engine tests")
    };
    let location = ProfileLocation::new(bench.data.path(), "default").unwrap();
    bench.engine = Engine::open(location, options).await.unwrap();
}

async fn begin(bench: &Bench, source: Source) -> SessionId {
    let command = Command::StartSession {
        name: String::new(),
        source,
        settings: Box::new(Settings::default()),
        temporary: true,
    };
    match bench.command(command).await.unwrap() {
        Outcome::Started { session } => session,
        other => panic!("not started: {other:?}"),
    }
}

async fn import(bench: &Bench) -> SessionId {
    let session = begin(
        bench,
        Source::ImportedFiles {
            folder: bench.folder(),
            files: Vec::new(),
        },
    )
    .await;
    bench.until_state(session, SessionState::Finished).await;
    session
}

async fn sessions(bench: &Bench) -> Vec<SessionId> {
    match bench.engine.query(Query::Sessions).await.unwrap() {
        Answer::Sessions { sessions } => sessions.iter().map(|s| s.session).collect(),
        other => panic!("not sessions: {other:?}"),
    }
}

async fn stats(bench: &Bench) -> Stats {
    match bench.engine.query(Query::Stats).await.unwrap() {
        Answer::Stats { stats } => *stats,
        other => panic!("not stats: {other:?}"),
    }
}

/// Lets the clock run ahead, and waits until the session is gone.
async fn expires(bench: &Bench, clock: &Clock, ahead: Duration, session: SessionId) {
    let mut events = bench.engine.subscribe().unwrap();
    clock.advance(ahead);
    while sessions(bench).await.contains(&session) {
        next(&mut events).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_temporary_session_expires_a_day_after_its_end_with_its_data_and_leaves_the_files() {
    let (bench, clock) = bench_with(ImportLimits::default()).await;
    play_into(bench.files.path(), 1, 2, FileFormat::ChiText, WritingStyle::Burst);
    let kept = bench.import(Settings::default()).await;
    bench.until_state(kept, SessionState::Finished).await;
    let session = import(&bench).await;
    let summary = bench.detail(session).await.summary;
    assert_eq!(summary.expires_after_s, Some(86_400));
    assert!(summary.expires_at.unwrap() > summary.ended_at.unwrap());
    assert_eq!(bench.detail(kept).await.summary.expires_at, None);
    assert!(
        bench
            .record(session)
            .await
            .iter()
            .any(|entry| entry.event == RecordEvent::ExpiryChanged { after_s: Some(86_400) })
    );

    expires(&bench, &clock, HOUR * 25, session).await;
    assert_eq!(sessions(&bench).await, [kept]);
    let refused = bench.engine.query(Query::Session { session }).await.unwrap_err();
    assert_eq!(refused.code, "no_such_session");
    let stats = stats(&bench).await;
    assert_eq!((stats.expired, stats.deleted), (1, 0));
    // The instrument's files are as they were, and the other session has all of its own.
    assert_eq!(std::fs::read_dir(bench.files.path()).unwrap().count(), 4);
    assert_eq!(bench.results(kept).await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_in_time_stays_and_what_was_given_another_time_expires_then() {
    let (bench, clock) = bench_with(ImportLimits::default()).await;
    bench.put("SWV_15Hz_1.txt", scan_text(1, FileFormat::ChiText));
    let (kept, short) = (import(&bench).await, import(&bench).await);
    bench.command(Command::KeepSession { session: kept }).await.unwrap();
    let set = |after_s| Command::SetExpiry {
        session: short,
        after_s,
    };
    bench.command(set(7_200)).await.unwrap();
    for wrong in [1, 59, 100 * 366 * 86_400] {
        assert_eq!(bench.command(set(wrong)).await.unwrap_err().code, "expiry_invalid");
    }
    assert_eq!(bench.detail(kept).await.summary.expires_after_s, None);
    assert_eq!(bench.detail(short).await.summary.expires_after_s, Some(7_200));
    expires(&bench, &clock, HOUR * 3, short).await;
    clock.advance(HOUR * 1_000);
    // Also one that was begun for good can be given a time, which counts from then on.
    bench
        .command(Command::SetExpiry {
            session: kept,
            after_s: 60,
        })
        .await
        .unwrap();
    expires(&bench, &clock, HOUR, kept).await;
    assert_eq!(stats(&bench).await.expired, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_expired_while_nothing_ran_is_gone_after_the_start_and_what_did_not_is_there() {
    let (mut bench, clock) = bench_with(ImportLimits::default()).await;
    bench.put("SWV_15Hz_1.txt", scan_text(1, FileFormat::ChiText));
    let (first, second) = (import(&bench).await, import(&bench).await);
    let long = Command::SetExpiry {
        session: second,
        after_s: 7 * 86_400,
    };
    bench.command(long).await.unwrap();
    reopen(&mut bench, &clock, ImportLimits::default()).await;
    assert_eq!(sessions(&bench).await, [second, first]);
    bench.engine.close().await;
    clock.advance(HOUR * 30);
    reopen(&mut bench, &clock, ImportLimits::default()).await;
    let mut events = bench.engine.subscribe().unwrap();
    while sessions(&bench).await != [second] {
        next(&mut events).await;
    }
    assert_eq!(stats(&bench).await.expired, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_on_never_expires_and_its_time_counts_from_its_end() {
    let (bench, clock) = bench_with(ImportLimits::default()).await;
    bench.put("SWV_15Hz_1.txt", scan_text(1, FileFormat::ChiText));
    let watched = begin(&bench, Source::WatchedFolder { folder: bench.folder() }).await;
    bench.until_files(watched, FileState::Measured, 1).await;
    let (other, another) = (import(&bench).await, import(&bench).await);
    let longer = Command::SetExpiry {
        session: another,
        after_s: 2 * 86_400,
    };
    bench.command(longer).await.unwrap();
    assert_eq!(bench.detail(watched).await.summary.expires_at, None);
    // That the other one is gone shows that the engine has looked.
    expires(&bench, &clock, HOUR * 25, other).await;
    assert_eq!(sessions(&bench).await, [another, watched]);
    bench.command(Command::PauseAll).await.unwrap();
    expires(&bench, &clock, HOUR * 25, another).await;
    assert_eq!(sessions(&bench).await, [watched]);
    bench.command(Command::StopSession { session: watched }).await.unwrap();
    assert!(bench.detail(watched).await.summary.expires_at.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_profile_chooses_how_long_temporary_sessions_stay() {
    let (bench, _) = bench_with(ImportLimits::default()).await;
    bench.put("SWV_15Hz_1.txt", scan_text(1, FileFormat::ChiText));
    let rules = async || match bench.engine.query(Query::ImportRules).await.unwrap() {
        Answer::ImportRules { rules } => rules,
        other => panic!("not rules: {other:?}"),
    };
    assert_eq!(rules().await.temporary_after_s, 86_400);
    let choose = |after_s| Command::SetTemporaryLifetime { after_s };
    bench.command(choose(3_600)).await.unwrap();
    let session = import(&bench).await;
    assert_eq!(bench.detail(session).await.summary.expires_after_s, Some(3_600));
    assert_eq!(bench.command(choose(5)).await.unwrap_err().code, "expiry_invalid");
    // Never: then nothing is temporary.
    bench.command(choose(0)).await.unwrap();
    assert_eq!(rules().await.temporary_after_s, 0);
    let session = import(&bench).await;
    assert_eq!(bench.detail(session).await.summary.expires_after_s, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_beyond_the_limits_of_an_import_are_listed_with_the_reason_and_the_rest_is_measured() {
    let (bench, _) = bench_with(ImportLimits {
        files: 3,
        bytes: u64::MAX,
    })
    .await;
    for index in 1..=4 {
        bench.put(&format!("SWV_15Hz_{index}.txt"), scan_text(index, FileFormat::ChiText));
    }
    bench.put("SWV_15Hz_10.txt", vec![b'1'; 40 * 1024 * 1024]);
    let session = import(&bench).await;
    let states: Vec<_> = bench
        .files(session)
        .await
        .into_iter()
        .map(|file| (file.file, file.state, file.reason.unwrap_or_default()))
        .collect();
    let expected = [
        ("SWV_15Hz_1.txt", FileState::Measured, ""),
        ("SWV_15Hz_2.txt", FileState::Measured, ""),
        ("SWV_15Hz_3.txt", FileState::Measured, ""),
        ("SWV_15Hz_4.txt", FileState::Skipped, "too_many_files"),
        ("SWV_15Hz_10.txt", FileState::Skipped, "too_many_files"),
    ]
    .map(|(file, state, reason)| (file.to_owned(), state, reason.to_owned()));
    assert_eq!(states, expected);
    assert!(
        bench
            .file(session, "SWV_15Hz_4.txt")
            .await
            .message
            .unwrap()
            .contains("takes 3 files")
    );
    // Reopened, they stay what they are.
    bench.command(Command::ReopenSession { session }).await.unwrap();
    bench
        .until(session, |events| {
            events
                .iter()
                .filter(|e| matches!(e, RecordEvent::SessionEnded { .. }))
                .count()
                == 2
        })
        .await;
    assert_eq!(bench.detail(session).await.summary.files_skipped, 2);
    // Watched folders have no such limits.
    let watched = bench.watch(Settings::default()).await;
    bench.until_files(watched, FileState::Measured, 4).await;
}
