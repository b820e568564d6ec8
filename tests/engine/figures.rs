//! Figures that are stopped.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use agent::export::{ExportError, figure};
use agent::store::Store;
use instrument::simulated::{FileFormat, WritingStyle};
use protocol::figure::FigureRequest;
use protocol::session::SessionState;
use protocol::settings::Settings;

use crate::bench::{Bench, play_into};

#[tokio::test(flavor = "multi_thread")]
async fn a_figure_that_is_stopped_leaves_what_was_there() {
    let bench = Bench::new().await;
    play_into(bench.files.path(), 1, 2, FileFormat::Csv, WritingStyle::Burst);
    let session = bench.import(Settings::default()).await;
    bench.until_state(session, SessionState::Finished).await;
    let store = Store::open_read_only(&bench.engine.location().database()).unwrap();
    let request: FigureRequest = serde_json::from_str(r#"{"kind":"sweep","format":"svg"}"#).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("figure.svg");
    fs::write(&out, "the figure before").unwrap();
    // Before the numbers are gathered, before they are drawn, before the file is written.
    for stopped_at in 0..3 {
        let cancelled = AtomicBool::new(false);
        let mut heard = Vec::new();
        let ended = figure::export(&store, session, &request, &out, &cancelled, |done, all| {
            heard.push((done, all));
            cancelled.fetch_or(done == stopped_at, Ordering::Relaxed);
        });
        assert!(matches!(ended, Err(ExportError::Cancelled)), "{stopped_at}: {ended:?}");
        assert_eq!(heard.last(), Some(&(stopped_at, 3)), "nothing is done after that");
        assert_eq!(fs::read_to_string(&out).unwrap(), "the figure before");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half written");
    }
    let never = AtomicBool::new(false);
    let bytes = figure::export(&store, session, &request, &out, &never, |_, _| {}).unwrap();
    assert_eq!(fs::metadata(&out).unwrap().len(), bytes);
}
