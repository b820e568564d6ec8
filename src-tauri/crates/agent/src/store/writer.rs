//! The one thread that writes. What waits is committed together: one disk flush serves many files.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use protocol::record::RecordEntry;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{Announce, StoreError};

/// Jobs in one transaction at most, so that nobody waits long for the disk.
const JOBS_PER_TRANSACTION: usize = 64;
/// Jobs that may wait; a full queue blocks those who submit, which is the back-pressure of intake.
const QUEUE: usize = 256;

/// What a piece of work may use: the transaction, and the entries that are announced once it is committed.
pub struct Work<'a> {
    pub(super) transaction: &'a Connection,
    pub(super) entries: &'a mut Vec<RecordEntry>,
    pub(super) now: String,
}

/// A job: runs in the transaction, then learns whether the commit succeeded.
trait Job: Send {
    fn run(&mut self, work: &mut Work<'_>) -> Ran;
    /// Why it failed, where SQLite said so.
    fn failure(&self) -> Option<rusqlite::Error>;
    fn settle(self: Box<Self>, commit: Result<(), StoreError>);
}

enum Ran {
    Kept,
    Failed,
}

struct Pending<T, F> {
    work: Option<F>,
    result: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T: Send, F: FnOnce(&mut Work<'_>) -> Result<T, StoreError> + Send> Job for Pending<T, F> {
    fn run(&mut self, work: &mut Work<'_>) -> Ran {
        let result = self.work.take().map(|f| f(work));
        let kept = matches!(result, Some(Ok(_)));
        self.result = result;
        if kept { Ran::Kept } else { Ran::Failed }
    }

    fn failure(&self) -> Option<rusqlite::Error> {
        let failure = self.result.as_ref()?.as_ref().err()?;
        meaning_again(failure)
    }

    fn settle(self: Box<Self>, commit: Result<(), StoreError>) {
        let result = match (self.result, commit) {
            (Some(Ok(_)) | None, Err(error)) => Err(error),
            (Some(result), _) => result,
            (None, Ok(())) => Err(StoreError::Closed),
        };
        // Whoever asked may have gone; the work is done all the same.
        drop(self.reply.send(result));
    }
}

pub(super) struct Writer {
    jobs: Mutex<Option<SyncSender<Box<dyn Job>>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    waiting: Arc<AtomicU64>,
}

impl Writer {
    pub(super) fn start(connection: Connection, path: PathBuf, announce: Announce) -> Result<Self, StoreError> {
        let (jobs, queue) = sync_channel(QUEUE);
        let waiting = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&waiting);
        let thread = std::thread::Builder::new()
            .name("store writer".to_owned())
            .spawn(move || write_all(connection, &path, &queue, &announce, &counted))
            .map_err(|e| StoreError::Value(e.to_string()))?;
        Ok(Self {
            jobs: Mutex::new(Some(jobs)),
            thread: Mutex::new(Some(thread)),
            waiting,
        })
    }

    pub(super) fn submit<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Work<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T, StoreError>>, StoreError> {
        let (reply, answer) = oneshot::channel();
        let jobs = self
            .jobs
            .lock()
            .map_err(|_| StoreError::Closed)?
            .clone()
            .ok_or(StoreError::Closed)?;
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let sent = jobs.send(Box::new(Pending {
            work: Some(work),
            result: None,
            reply,
        }));
        if sent.is_err() {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(StoreError::Closed);
        }
        Ok(answer)
    }

    pub(super) fn queue_length(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    pub(super) fn close(&self) {
        if let Ok(mut jobs) = self.jobs.lock() {
            jobs.take();
        }
        let thread = self.thread.lock().ok().and_then(|mut t| t.take());
        if thread.is_some_and(|t| t.join().is_err()) {
            tracing::error!("the store's writer thread ended in a panic");
        }
    }
}

fn write_all(
    mut connection: Connection,
    path: &std::path::Path,
    queue: &Receiver<Box<dyn Job>>,
    announce: &Announce,
    waiting: &AtomicU64,
) {
    while let Ok(first) = queue.recv() {
        let mut jobs = vec![first];
        while jobs.len() < JOBS_PER_TRANSACTION
            && let Ok(job) = queue.try_recv()
        {
            jobs.push(job);
        }
        waiting.fetch_sub(jobs.len() as u64, Ordering::Relaxed);
        let mut entries = Vec::new();
        let committed = commit_together(&mut connection, &mut jobs, &mut entries);
        match committed {
            Ok(()) => {
                // Announced before the jobs' owners go on, so that listeners see the order of the record.
                if !entries.is_empty() {
                    announce(entries);
                }
                for job in jobs {
                    job.settle(Ok(()));
                }
            }
            Err(error) => {
                let text = error.to_string();
                tracing::warn!("a transaction was not committed: {text}");
                let mut error = Some(error);
                for job in jobs {
                    let cause = error
                        .take()
                        .unwrap_or_else(|| rusqlite::Error::InvalidParameterName(text.clone()));
                    // The first job gets the precise cause; all get the same meaning.
                    let meaning = StoreError::from_sqlite(cause, path);
                    error = meaning_again(&meaning);
                    job.settle(Err(meaning));
                }
            }
        }
    }
    // Leaves a tidy file behind: the log is folded into the database.
    if let Err(error) = connection.pragma_update(None, "wal_checkpoint", "TRUNCATE") {
        tracing::debug!("the write-ahead log stays until the next start: {error}");
    }
}

/// The same SQLite failure once more, for the next job of the batch.
fn meaning_again(meaning: &StoreError) -> Option<rusqlite::Error> {
    use rusqlite::ffi;
    let code = match meaning {
        StoreError::DiskFull { .. } => ffi::SQLITE_FULL,
        StoreError::Locked { .. } => ffi::SQLITE_BUSY,
        StoreError::NotWritable { .. } => ffi::SQLITE_IOERR,
        StoreError::Damaged { .. } => ffi::SQLITE_CORRUPT,
        _ => return None,
    };
    Some(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None))
}

fn commit_together(
    connection: &mut Connection,
    jobs: &mut [Box<dyn Job>],
    entries: &mut Vec<RecordEntry>,
) -> rusqlite::Result<()> {
    let mut transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    for job in jobs.iter_mut() {
        let before = entries.len();
        // A job that fails takes back what it did and disturbs no other.
        let savepoint = transaction.savepoint()?;
        let mut work = Work {
            transaction: &savepoint,
            entries,
            now: crate::clock::now(),
        };
        match job.run(&mut work) {
            Ran::Kept => savepoint.commit()?,
            Ran::Failed => {
                drop(savepoint);
                entries.truncate(before);
                if transaction.is_autocommit() {
                    // A full disk or a failing one: SQLite has taken everything back by itself, the jobs before included.
                    entries.clear();
                    return Err(job.failure().unwrap_or(rusqlite::Error::InvalidQuery));
                }
            }
        }
    }
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Writing = fn(&mut Work<'_>) -> Result<(), StoreError>;

    fn job(work: Writing) -> (Box<dyn Job>, oneshot::Receiver<Result<(), StoreError>>) {
        let (reply, answer) = oneshot::channel();
        let pending = Pending {
            work: Some(work),
            result: None,
            reply,
        };
        (Box::new(pending), answer)
    }

    /// On a full disk SQLite takes the whole transaction back by itself; the jobs after that must not be committed alone.
    #[test]
    fn a_disk_that_is_full_in_the_middle_of_a_batch_keeps_nothing_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("full.sqlite");
        let mut connection = Connection::open(&path).unwrap();
        connection.execute_batch("CREATE TABLE kept (content BLOB)").unwrap();
        connection.pragma_update(None, "max_page_count", 20).unwrap();
        let small: Writing = |work| {
            work.transaction.execute("INSERT INTO kept VALUES (zeroblob(10))", [])?;
            Ok(())
        };
        let large: Writing = |work| {
            let filled = work
                .transaction
                .execute("INSERT INTO kept VALUES (randomblob(1000000))", []);
            filled.map_err(|e| StoreError::from_sqlite(e, "full.sqlite".as_ref()))?;
            Ok(())
        };
        let (mut jobs, mut answers): (Vec<_>, Vec<_>) = [small, large, small].map(job).into_iter().unzip();
        let mut entries = Vec::new();
        let failure = commit_together(&mut connection, &mut jobs, &mut entries).unwrap_err();
        assert_eq!(failure.sqlite_error_code(), Some(rusqlite::ErrorCode::DiskFull));
        for job in jobs {
            job.settle(Err(StoreError::DiskFull { path: path.clone() }));
        }
        assert!(answers.iter_mut().all(|answer| answer.try_recv().unwrap().is_err()));
        let rows: i64 = connection
            .query_row("SELECT count(*) FROM kept", [], |r| r.get(0))
            .unwrap();
        assert_eq!(rows, 0);
        // Once there is room again, the same jobs are written.
        connection.pragma_update(None, "max_page_count", 10_000).unwrap();
        let (mut jobs, _answers): (Vec<_>, Vec<_>) = [small, large, small].map(job).into_iter().unzip();
        commit_together(&mut connection, &mut jobs, &mut entries).unwrap();
        let rows: i64 = connection
            .query_row("SELECT count(*) FROM kept", [], |r| r.get(0))
            .unwrap();
        assert_eq!(rows, 3);
    }
}
