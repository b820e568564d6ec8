//! Folders that come and go.

use instrument::simulated::FileFormat;
use protocol::command::Command;
use protocol::ids::CommandId;
use protocol::session::{FileState, SessionState, Source};
use protocol::settings::Settings;

use crate::bench::{Bench, scan_text};

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_vanishes_and_comes_back_is_followed_on() {
    let bench = Bench::new().await;
    let session = bench.watch(Settings::default()).await;
    bench.put("SWV_15Hz_1.txt", scan_text(1, FileFormat::ChiText));
    bench.until_files(session, FileState::Measured, 1).await;
    let (here, away) = (bench.files.path().to_owned(), bench.files.path().with_extension("away"));
    std::fs::rename(&here, &away).unwrap();
    bench.until_state(session, SessionState::Waiting).await;
    let reason = bench.detail(session).await.summary.reason.unwrap();
    assert!(reason.contains("not there"), "{reason}");
    std::fs::rename(&away, &here).unwrap();
    bench.put("SWV_15Hz_2.txt", scan_text(2, FileFormat::ChiText));
    bench.until_files(session, FileState::Measured, 2).await;
    assert_eq!(bench.detail(session).await.summary.state, SessionState::Running);
    assert_eq!(bench.results(session).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_needs_a_folder_that_is_there() {
    let bench = Bench::new().await;
    let file = bench.put("file.txt", "x").to_string_lossy().into_owned();
    for (folder, code) in [
        ("", "no_folder"),
        ("/no/such/folder", "folder_absent"),
        (&file, "not_a_folder"),
    ] {
        let source = Source::WatchedFolder {
            folder: folder.to_owned(),
        };
        let command = Command::StartSession {
            name: String::new(),
            source,
            settings: Box::default(),
            temporary: false,
        };
        let refused = bench.engine.command(CommandId::new(), command).await.unwrap_err();
        assert_eq!(refused.code, code);
        assert!(!refused.hint.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_ever_written_into_the_instruments_folder() {
    let bench = Bench::new().await;
    bench.put("SWV_15Hz_1.txt", scan_text(1, FileFormat::ChiText));
    let before = std::fs::metadata(bench.files.path()).unwrap().modified().unwrap();
    let session = bench.watch(Settings::default()).await;
    bench.until_files(session, FileState::Measured, 1).await;
    let destination = bench.files.path().join("results.csv").to_string_lossy().into_owned();
    let command = Command::Export {
        session,
        layout: protocol::command::ExportLayout::Csv,
        destination,
        selection: protocol::command::Selection::default(),
    };
    let mut subscription = bench.engine.subscribe().unwrap();
    bench.command(command).await.unwrap();
    let refused = crate::steering::outcome(&mut subscription).await;
    assert!(format!("{refused:?}").contains("instrument_folder"), "{refused:?}");
    assert_eq!(
        std::fs::metadata(bench.files.path()).unwrap().modified().unwrap(),
        before
    );
}

/// Gives up the powers by which root reads everything, in this thread and those that it starts.
#[cfg(target_os = "linux")]
fn without_powers() {
    use rustix::thread::{CapabilitySet, capabilities, set_capabilities};
    if let Ok(mut sets) = capabilities(None) {
        sets.effective
            .remove(CapabilitySet::DAC_OVERRIDE | CapabilitySet::DAC_READ_SEARCH);
        set_capabilities(None, sets).unwrap();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_may_not_be_read_is_refused_and_waited_for() {
    use std::os::unix::fs::PermissionsExt;
    without_powers();
    // After that, so that all of its threads are without them.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let bench = Bench::new().await;
        let allow = |mode| {
            let permissions = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(bench.files.path(), permissions).unwrap();
        };
        allow(0o000);
        let command = Command::StartSession {
            name: String::new(),
            source: Source::WatchedFolder { folder: bench.folder() },
            settings: Box::default(),
            temporary: false,
        };
        let refused = bench.command(command).await.unwrap_err();
        assert_eq!(refused.code, "folder_forbidden");
        allow(0o755);
        let session = bench.watch(Settings::default()).await;
        bench.put("SWV_15Hz_1.txt", scan_text(1, FileFormat::ChiText));
        bench.until_files(session, FileState::Measured, 1).await;
        allow(0o000);
        bench.until_state(session, SessionState::Waiting).await;
        let reason = bench.detail(session).await.summary.reason.unwrap();
        assert!(reason.contains("may not be read"), "{reason}");
        allow(0o755);
        bench.until_state(session, SessionState::Running).await;
        assert_eq!(bench.results(session).await.len(), 1);
    });
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_which_no_event_comes_is_found_by_the_scans() {
    let bench = Bench::new().await;
    let session = bench.watch(Settings::default()).await;
    let whole = scan_text(1, FileFormat::ChiText);
    // Written through another folder: the watched one hears nothing of it, as of a network drive.
    let elsewhere = bench.data.path().join("elsewhere.txt");
    std::fs::write(&elsewhere, &whole[..whole.len() / 2]).unwrap();
    std::os::unix::fs::symlink(&elsewhere, bench.files.path().join("SWV_15Hz_1.txt")).unwrap();
    bench.until_files(session, FileState::Partial, 1).await;
    std::fs::write(&elsewhere, &whole).unwrap();
    bench.until_files(session, FileState::Measured, 1).await;
    assert_eq!(bench.results(session).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chosen_file_that_is_not_there_is_listed_with_the_reason() {
    let bench = Bench::new().await;
    bench.put("SWV_15Hz_1.txt", scan_text(1, FileFormat::ChiText));
    bench.put("not chosen.txt", "x");
    let source = Source::ImportedFiles {
        folder: bench.folder(),
        files: vec!["SWV_15Hz_1.txt".to_owned(), "SWV_15Hz_2.txt".to_owned()],
    };
    let session = bench.start(source, Settings::default()).await;
    bench.until_state(session, SessionState::Finished).await;
    assert_eq!(bench.files(session).await.len(), 2);
    let absent = bench.file(session, "SWV_15Hz_2.txt").await;
    assert_eq!(
        (absent.state, absent.reason.as_deref()),
        (FileState::Skipped, Some("absent"))
    );
    let failed = bench
        .results(session)
        .await
        .into_iter()
        .find(|m| m.index == Some(2))
        .unwrap();
    assert_eq!((failed.reason.as_deref(), failed.time), (Some("absent"), None));
    // Once it is back, the reopened session reads it.
    bench.put("SWV_15Hz_2.txt", scan_text(2, FileFormat::ChiText));
    bench.command(Command::ReopenSession { session }).await.unwrap();
    bench.until_files(session, FileState::Measured, 2).await;
}
