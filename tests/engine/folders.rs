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
