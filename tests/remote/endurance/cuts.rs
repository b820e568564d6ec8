//! What a viewer wants while its connection breaks.

use std::io::{self, Write};
use std::sync::Arc;

use protocol::command::{Command, ExportLayout, Outcome, Selection};
use protocol::ids::{CommandId, OperationId, SessionId};
use protocol::query::{Answer, Query};
use protocol::record::{LiveEvent, OperationOutcome};
use protocol::relay::body::News;
use protocol::settings::Settings;
use tokio::time::{Duration, sleep};

use super::lab::Lab;
use super::onlooker::Onlooker;
use super::stage::{Shared, Stage};
use crate::bench::{PATIENCE, within};

async fn one_lab() -> Stage {
    let stage = Stage::set(Shared::Memory, 1, 1, 1, 1).await;
    stage.begin().await;
    stage.labs[0].begin_experiment(120).await;
    stage.all_have_everything(PATIENCE).await;
    stage
}

fn export(session: SessionId) -> Command {
    Command::Export {
        session,
        layout: ExportLayout::Archive,
        destination: "run.zip".to_owned(),
        selection: Selection::default(),
    }
}

async fn until<T>(viewer: &Onlooker, look: impl Fn(&super::onlooker::Heard) -> Option<T>) -> T {
    within(async {
        loop {
            if let Some(found) = viewer.heard(&look) {
                return found;
            }
            sleep(Duration::from_millis(10)).await;
        }
    })
    .await
}

async fn begins(viewer: &Onlooker, id: CommandId, command: &Command) -> OperationId {
    let outcome = viewer.follower().unwrap().command(id, command.clone()).await.unwrap();
    let Outcome::Accepted { operation } = outcome else {
        panic!("{outcome:?}");
    };
    operation
}

/// Breaks the road once when something was written.
struct Breaks<'a> {
    viewer: &'a Onlooker,
    written: Vec<u8>,
}

impl Write for Breaks<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.written.is_empty() {
            self.viewer.road.cut();
        }
        self.written.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_whose_connection_breaks_in_the_middle_is_fetched_to_the_end() {
    let stage = one_lab().await;
    let (lab, viewer) = (&stage.labs[0], &stage.onlookers[0][0]);
    begins(viewer, CommandId::new(), &export(lab.experiment())).await;
    let ready = until(viewer, |heard| heard.ready.first().cloned()).await;
    let mut to = Breaks {
        viewer,
        written: Vec::new(),
    };
    let fetched = within(viewer.follower().unwrap().fetch(&ready, &mut to)).await.unwrap();
    let News::Ready { bytes, .. } = ready else {
        panic!("{ready:?}");
    };
    assert_eq!((fetched, to.written.len() as u64), (bytes, bytes));
    assert!(bytes > 5 * 128 * 1024, "the file is too short to be cut: {bytes}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_that_died_with_the_agent_is_said_to_be_gone() {
    let stage = one_lab().await;
    let (lab, viewer): (&Arc<Lab>, _) = (&stage.labs[0], &stage.onlookers[0][0]);
    let (id, command) = (CommandId::new(), export(lab.experiment()));
    let operation = begins(viewer, id, &command).await;
    until(viewer, |heard| heard.ready.first().cloned()).await;
    lab.end().await;
    lab.start().await;
    // The same command again, as after every lost connection.
    assert_eq!(begins(viewer, id, &command).await, operation);
    let refusal = until(viewer, |heard| {
        heard.progress.iter().find_map(|event| match event {
            LiveEvent::Progress {
                outcome: Some(OperationOutcome::Failed { refusal }),
                ..
            } => Some(refusal.clone()),
            _ => None,
        })
    })
    .await;
    assert_eq!(refusal.code, "export_gone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_owner_may_look_into_folders_before_anything_was_commanded() {
    let stage = one_lab().await;
    let folder = tempfile::tempdir().unwrap();
    let query = Query::FolderPreview {
        folder: folder.path().to_string_lossy().into_owned(),
        settings: Box::new(Settings::default()),
        files: Vec::new(),
    };
    let follower = stage.onlookers[0][0].follower().unwrap();
    let answer = within(follower.query(query)).await.unwrap();
    assert!(matches!(answer, Answer::FolderPreview { .. }), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_viewer_that_asks_without_a_pause_is_not_turned_out() {
    let stage = one_lab().await;
    let viewer = &stage.onlookers[0][0];
    let follower = viewer.follower().unwrap();
    // Beyond what a relay takes at once.
    for _ in 0..120 {
        within(follower.query(Query::Stats)).await.unwrap();
    }
    let stats = stage.servers[0].get("/stats").await;
    assert!(stats.contains("\"refused\":{}"), "{stats}");
}
