//! Measuring every kept file anew under new settings, in parallel, while intake goes on.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use protocol::ids::{OperationId, SessionId};
use protocol::record::{LiveEvent, OperationOutcome, RecordEvent};
use protocol::session::FileState;
use rayon::prelude::*;
use tokio::task::JoinHandle;

use super::batch::{self, Change};
use super::known::Place;
use crate::analysis::{FileFacts, Reading, Rules, ScanFile, read_and_measure};
use crate::announcements::Announcements;
use crate::intake::Signature;
use crate::store::{KeptFile, Store, StoreError};

/// Files read and measured together.
const FILES: usize = 256;
/// Bytes of their contents, about.
const BYTES: u64 = 64 * 1024 * 1024;

/// What to recompute.
pub struct Job {
    pub store: Store,
    pub announcements: Announcements,
    pub session: SessionId,
    pub row: i64,
    pub revision: u32,
    pub rules: Arc<Rules>,
    pub operation: OperationId,
}

/// What came of it.
pub struct Done {
    /// Which file has which place in the series now.
    pub places: HashMap<Place, String>,
}

/// A recomputation that goes on in a task of its own.
pub struct Recomputation {
    cancelled: Arc<AtomicBool>,
    task: JoinHandle<Option<Done>>,
}

impl Recomputation {
    /// Starts.
    pub fn start(job: Job) -> Self {
        let cancelled = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&cancelled);
        Self {
            cancelled,
            task: tokio::spawn(async move { job.run(&flag).await }),
        }
    }

    /// Stops at the next batch and waits for that. What is left keeps its older revision.
    pub async fn cancel(self) {
        self.cancelled.store(true, Ordering::Relaxed);
        drop(self.task.await);
    }
}

/// Returns when a recomputation has ended; never where there is none.
pub async fn finished(recomputation: &mut Option<Recomputation>) -> Option<Done> {
    match recomputation {
        Some(recomputation) => (&mut recomputation.task).await.ok().flatten(),
        None => std::future::pending().await,
    }
}

impl Job {
    async fn run(self, cancelled: &AtomicBool) -> Option<Done> {
        let mut pause = Duration::from_millis(250);
        let (mut after, mut done, mut places) = (0, 0, HashMap::new());
        let total = self.store.read(|c| crate::store::kept_count(c, self.row)).unwrap_or(0);
        loop {
            if cancelled.load(Ordering::Relaxed) {
                self.tell(done, total, Some(OperationOutcome::Cancelled));
                return None;
            }
            match self.batch(after, &mut places).await {
                Ok(None) => break,
                Ok(Some((last, files))) => {
                    after = last;
                    done += files;
                    self.tell(done, total, None);
                }
                Err(error) if error.may_pass() => {
                    tracing::warn!("a recomputation waits: {error}");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(10));
                }
                Err(error) => {
                    self.tell(done, total, Some(OperationOutcome::Failed { refusal: error.into() }));
                    return None;
                }
            }
        }
        let (row, session, revision) = (self.row, self.session, self.revision);
        let finished = self.store.write_async(move |work| {
            let measurements = work.finish_recomputation(row, revision)?;
            work.append(row, session, RecordEvent::Recomputed { revision, measurements })
        });
        let outcome = match finished.await {
            Ok(_) => OperationOutcome::Done,
            Err(error) => OperationOutcome::Failed { refusal: error.into() },
        };
        self.tell(done, total, Some(outcome));
        Some(Done { places })
    }

    fn tell(&self, done: u64, total: u64, outcome: Option<OperationOutcome>) {
        self.announcements.live(LiveEvent::Progress {
            operation: self.operation,
            session: self.session,
            label: format!("Measuring with settings revision {}", self.revision),
            done: if outcome == Some(OperationOutcome::Done) {
                total.max(done)
            } else {
                done
            },
            total: total.max(done),
            outcome,
        });
    }

    /// Measures the files after a file row; returns the last row and how many there were.
    async fn batch(&self, after: i64, places: &mut HashMap<Place, String>) -> Result<Option<(i64, u64)>, StoreError> {
        let (store, rules, row) = (self.store.clone(), Arc::clone(&self.rules), self.row);
        let measured = tokio::task::spawn_blocking(move || -> Result<_, StoreError> {
            let kept = store.kept_files(row, after, FILES, BYTES)?;
            Ok(kept
                .into_par_iter()
                .map(|file| measure_again(&file, &rules))
                .collect::<Vec<_>>())
        });
        let mut measured = measured.await.map_err(|_| StoreError::Closed)??;
        let Some(last) = measured.last().map(|(file_row, _, _)| *file_row) else {
            return Ok(None);
        };
        for (_, facts, change) in &mut measured {
            if change.file.entry.state != FileState::Measured {
                continue;
            }
            let name = &change.file.entry.file;
            if let Some(place) = facts.place() {
                let holder = places.entry(place).or_insert_with(|| name.clone());
                if holder != name
                    && let Some(measurements) = &mut change.measurements
                {
                    batch::mark_duplicates(measurements, holder);
                }
            }
        }
        let (row, session, revision, files) = (self.row, self.session, self.revision, measured.len() as u64);
        let changes: Vec<Change> = measured.into_iter().map(|(_, _, change)| change).collect();
        self.store
            .write_async(move |work| batch::rewrite(work, row, session, revision, &changes))
            .await?;
        Ok(Some((last, files)))
    }
}

fn measure_again(kept: &KeptFile, rules: &Rules) -> (i64, FileFacts, Change) {
    let scan = ScanFile {
        name: &kept.name,
        content: &kept.content,
        modified_ns: kept.modified_ns,
    };
    let signature = Signature {
        bytes: kept.content.len() as u64,
        modified_ns: kept.modified_ns,
    };
    let (facts, change) = match read_and_measure(&scan, rules, true) {
        Reading::Measured { facts, measurements } => {
            let file = batch::state_of(
                &kept.name,
                facts.clone(),
                signature,
                kept.file_revision,
                FileState::Measured,
                None,
                None,
            );
            (
                facts,
                Change {
                    file,
                    measurements: Some(measurements),
                    hash: None,
                    quiet: true,
                },
            )
        }
        Reading::Unusable {
            facts,
            reason,
            message,
            measurement,
        } => {
            let measurements = measurement.map(|m| *m).into_iter().collect();
            let (state, reason, message) = (FileState::Skipped, Some(reason), Some(message));
            let file = batch::state_of(
                &kept.name,
                facts.clone(),
                signature,
                kept.file_revision,
                state,
                reason,
                message,
            );
            (
                facts,
                Change {
                    file,
                    measurements: Some(measurements),
                    hash: None,
                    quiet: true,
                },
            )
        }
        // Kept contents are complete; a reader that calls one partial under new settings says so as a reason.
        Reading::Partial {
            facts, reason, message, ..
        } => {
            let failed = crate::analysis::failed_measurement(&scan, &facts, reason, &message);
            let (state, reason, message) = (FileState::Skipped, Some(reason.to_owned()), Some(message));
            let file = batch::state_of(
                &kept.name,
                facts.clone(),
                signature,
                kept.file_revision,
                state,
                reason,
                message,
            );
            (
                facts,
                Change {
                    file,
                    measurements: Some(vec![failed]),
                    hash: None,
                    quiet: true,
                },
            )
        }
    };
    (kept.row, facts, change)
}
