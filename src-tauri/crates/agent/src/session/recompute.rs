//! Measuring every kept file anew under new settings, in parallel, while intake goes on.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use protocol::ids::{OperationId, SessionId};
use protocol::record::{LiveEvent, OperationOutcome, RecordEvent};
use protocol::refusal::Refusal;
use protocol::session::FileState;
use rayon::prelude::*;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::batch::{self, Change};
use super::known::{DAMAGED, Recomputed};
use super::places::Place;
use crate::analysis::{
    FileFacts, Reading, Rules, ScanFile, Unused, failed_measurement, not_read, read_and_measure, stopped_early,
};
use crate::announcements::Announcements;
use crate::intake::Signature;
use crate::store::{KeptFile, Store, StoreError, Work};

/// Files read and measured together.
const FILES: usize = 256;
/// Bytes of their contents, about.
const BYTES: u64 = 64 * 1024 * 1024;
/// Before the first repetition of a write that a full disk or a lock refused, and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

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

/// What came of it: each kept file as it is now.
pub type Done = Vec<Recomputed>;

/// A recomputation that goes on in a task of its own.
pub struct Recomputation {
    cancel: watch::Sender<bool>,
    job: Arc<Job>,
    task: JoinHandle<Option<Done>>,
}

impl Recomputation {
    /// Starts.
    pub fn start(job: Job) -> Self {
        let (cancel, cancelled) = watch::channel(false);
        let job = Arc::new(job);
        let running = Arc::clone(&job);
        Self {
            cancel,
            job,
            task: tokio::spawn(async move { running.run(cancelled).await }),
        }
    }

    /// Stops at the next batch and waits for that. What is left keeps its older revision.
    pub async fn cancel(self) {
        self.cancel.send_replace(true);
        drop(self.task.await);
    }
}

/// Returns when a recomputation has ended; never where there is none.
pub async fn finished(recomputation: &mut Option<Recomputation>) -> Option<Done> {
    let Some(recomputation) = recomputation else {
        return std::future::pending().await;
    };
    match (&mut recomputation.task).await {
        Ok(done) => done,
        Err(ended) => {
            tracing::error!("a recomputation ended in a panic: {ended}");
            let refusal = Refusal::new(
                "recomputation_failed",
                "Measuring with the new settings failed inside SACMES.",
                "Please report this. What was measured before stays.",
            );
            recomputation.job.tell(0, 0, Some(OperationOutcome::Failed { refusal }));
            None
        }
    }
}

/// How a step ended that may have to wait for the disk.
enum Step<T> {
    Done(T),
    Cancelled,
}

impl Job {
    async fn run(&self, mut cancelled: watch::Receiver<bool>) -> Option<Done> {
        let (mut progress, mut done) = ((0, 0), Vec::new());
        progress.1 = self.store.read(|c| crate::store::kept_count(c, self.row)).unwrap_or(0);
        let ended = self.everything(&mut cancelled, &mut progress, &mut done).await;
        let (counted, total) = progress;
        match ended {
            Ok(Step::Done(())) => {
                self.tell(counted, total, Some(OperationOutcome::Done));
                Some(done)
            }
            Ok(Step::Cancelled) => {
                self.tell(counted, total, Some(OperationOutcome::Cancelled));
                None
            }
            Err(error) => {
                self.tell(counted, total, Some(OperationOutcome::Failed { refusal: error.into() }));
                None
            }
        }
    }

    async fn everything(
        &self,
        cancelled: &mut watch::Receiver<bool>,
        progress: &mut (u64, u64),
        done: &mut Done,
    ) -> Result<Step<()>, StoreError> {
        let (row, session, revision) = (self.row, self.session, self.revision);
        let (mut after, mut holders) = (0, HashMap::new());
        loop {
            if *cancelled.borrow() {
                return Ok(Step::Cancelled);
            }
            let mut measured = match self.measured(after, cancelled).await? {
                Step::Done(measured) => measured,
                Step::Cancelled => return Ok(Step::Cancelled),
            };
            let Some((last, _, _)) = measured.last() else { break };
            after = *last;
            progress.0 += measured.len() as u64;
            mark_all_duplicates(&mut measured, &mut holders);
            done.extend(measured.iter().map(recomputed));
            let changes: Arc<Vec<Change>> = Arc::new(measured.into_iter().map(|(_, _, change)| change).collect());
            let rules = Arc::clone(&self.rules);
            let write = move |work: &mut Work<'_>| batch::rewrite(work, row, session, revision, &rules, &changes);
            if let Step::Cancelled = self.written(write, cancelled).await? {
                return Ok(Step::Cancelled);
            }
            self.tell(progress.0, progress.1, None);
        }
        let finish = move |work: &mut Work<'_>| {
            let measurements = work.finish_recomputation(row, revision)?;
            work.append(row, session, RecordEvent::Recomputed { revision, measurements })
                .map(drop)
        };
        self.written(finish, cancelled).await
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

    /// Measures the files after a file row; none when there are no more.
    async fn measured(
        &self,
        after: i64,
        cancelled: &mut watch::Receiver<bool>,
    ) -> Result<Step<Vec<Measured>>, StoreError> {
        let mut pause = FIRST_PAUSE;
        loop {
            let (store, rules, row) = (self.store.clone(), Arc::clone(&self.rules), self.row);
            let measured = tokio::task::spawn_blocking(move || -> Result<_, StoreError> {
                let kept = store.kept_files(row, after, FILES, BYTES)?;
                Ok(kept
                    .into_par_iter()
                    .map(|file| {
                        let (facts, change) = measure_kept(&file, &rules);
                        (file.row, facts, change)
                    })
                    .collect())
            });
            match measured.await.map_err(|_| StoreError::Closed)? {
                Err(error) if error.may_pass() => {
                    if wait(&error, &mut pause, cancelled).await {
                        return Ok(Step::Cancelled);
                    }
                }
                result => return result.map(Step::Done),
            }
        }
    }

    /// Writes; where the disk is full or the database locked, waits and tries again.
    async fn written(
        &self,
        work: impl Fn(&mut Work<'_>) -> Result<(), StoreError> + Clone + Send + 'static,
        cancelled: &mut watch::Receiver<bool>,
    ) -> Result<Step<()>, StoreError> {
        let mut pause = FIRST_PAUSE;
        loop {
            match self.store.write_async(work.clone()).await {
                Err(error) if error.may_pass() => {
                    if wait(&error, &mut pause, cancelled).await {
                        return Ok(Step::Cancelled);
                    }
                }
                result => return result.map(Step::Done),
            }
        }
    }
}

/// Waits before the next try, each time longer; true when it was cancelled meanwhile.
async fn wait(error: &StoreError, pause: &mut Duration, cancelled: &mut watch::Receiver<bool>) -> bool {
    tracing::warn!("a recomputation waits: {error}");
    tokio::select! {
        () = tokio::time::sleep(*pause) => {
            *pause = (*pause * 2).min(LONGEST_PAUSE);
            false
        }
        () = async { drop(cancelled.wait_for(|cancelled| *cancelled).await) } => true,
    }
}

/// A file's row, what is known of it, and what is to be written.
type Measured = (i64, FileFacts, Change);

fn mark_all_duplicates(measured: &mut [Measured], holders: &mut HashMap<Place, String>) {
    for (_, facts, change) in measured {
        if change.file.entry.state != FileState::Measured {
            continue;
        }
        let name = &change.file.entry.file;
        if let Some(place) = facts.place() {
            let holder = holders.entry(place).or_insert_with(|| name.clone());
            if holder != name
                && let Some(measurements) = &mut change.measurements
            {
                batch::mark_duplicates(measurements, holder);
            }
        }
    }
}

fn recomputed((row, facts, change): &Measured) -> Recomputed {
    let entry = &change.file.entry;
    Recomputed {
        name: entry.file.clone(),
        row: *row,
        file_revision: entry.file_revision,
        told: (entry.state, entry.reason.clone()),
        place: facts.place(),
    }
}

/// Measures a kept content. One that is damaged, or that fails, is skipped with the reason.
pub fn measure_kept(kept: &KeptFile, rules: &Rules) -> (FileFacts, Change) {
    let scan = ScanFile {
        name: &kept.name,
        content: &kept.content,
        modified_ns: kept.modified_ns,
    };
    let signature = Signature {
        bytes: kept.content.len() as u64,
        modified_ns: kept.modified_ns,
    };
    let of = |facts: FileFacts, state, reason: Option<&str>, message| {
        let reason = reason.map(str::to_owned);
        batch::state_of(&kept.name, facts, signature, kept.file_revision, state, reason, message)
    };
    let unused = |unused: Unused| {
        let Unused {
            facts,
            reason,
            message,
            measurement,
            ..
        } = unused;
        let file = of(facts.clone(), FileState::Skipped, Some(reason), Some(message));
        let measurements = measurement.map(|m| *m).into_iter().collect();
        (facts, Change::new(file, Some(measurements)))
    };
    if let Some(damage) = &kept.damage {
        let message = format!(
            "The kept content of {} is damaged ({damage}). If the file is still in its folder, it is kept anew.",
            kept.name
        );
        return unused(not_read(&scan, rules, DAMAGED, message));
    }
    let Ok(reading) = catch_unwind(AssertUnwindSafe(|| read_and_measure(&scan, rules, true))) else {
        let message = format!(
            "Reading {} failed inside SACMES. Please report this, with the file.",
            kept.name
        );
        return unused(not_read(&scan, rules, "reader_failed", message));
    };
    // Kept contents are complete, or those of a run that was stopped early.
    let reading = match reading {
        Reading::Partial {
            facts,
            may_settle: false,
            ..
        } => stopped_early(&scan, rules, facts),
        reading => reading,
    };
    match reading {
        Reading::Measured { facts, measurements } => {
            let file = of(facts.clone(), FileState::Measured, None, None);
            (facts, Change::new(file, Some(measurements)))
        }
        Reading::Unusable {
            facts,
            reason,
            message,
            measurement,
            ..
        } => {
            let file = of(facts.clone(), FileState::Skipped, Some(reason), Some(message));
            let measurements = measurement.map(|m| *m).into_iter().collect();
            (facts, Change::new(file, Some(measurements)))
        }
        // A reader that calls it unfinished under new settings says so as a reason.
        Reading::Partial {
            facts, reason, message, ..
        } => {
            let failed = failed_measurement(&scan, &facts, reason, &message);
            let file = of(facts.clone(), FileState::Skipped, Some(reason), Some(message));
            (facts, Change::new(file, Some(vec![failed])))
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::record::Event;

    use super::*;

    #[tokio::test]
    async fn a_recomputation_that_breaks_down_ends_with_a_reason() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("sacmes.db"), Box::new(drop)).unwrap();
        let announcements = Announcements::default();
        let mut subscription = announcements.subscribe(&store, 0);
        let job = Job {
            store: store.clone(),
            announcements,
            session: SessionId::new(),
            row: 1,
            revision: 2,
            rules: Arc::new(Rules::new(&protocol::settings::Settings::default()).unwrap()),
            operation: OperationId::new(),
        };
        let mut broken = Some(Recomputation {
            cancel: watch::Sender::new(false),
            job: Arc::new(job),
            task: tokio::spawn(async { panic!("a fault in a method") }),
        });
        assert!(finished(&mut broken).await.is_none());
        let events = subscription.next().await.unwrap();
        assert!(
            matches!(
                events.as_slice(),
                [Event::Live(LiveEvent::Progress { outcome: Some(OperationOutcome::Failed { refusal }), .. })]
                    if refusal.code == "recomputation_failed"
            ),
            "{events:?}"
        );
        store.close();
    }

    #[tokio::test]
    async fn a_cancelled_recomputation_does_not_wait_for_a_full_disk() {
        let (cancel, mut cancelled) = watch::channel(false);
        let full = StoreError::DiskFull {
            path: "sacmes.db".into(),
        };
        let mut pause = Duration::from_hours(1);
        let waiting = tokio::spawn(async move { wait(&full, &mut pause, &mut cancelled).await });
        cancel.send_replace(true);
        assert!(waiting.await.unwrap());
    }
}
