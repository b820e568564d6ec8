//! The store: one embedded database per profile. What is announced was committed before.
//!
//! SQLite in WAL mode with `synchronous=FULL`. One writer thread groups what waits into one transaction
//! ([`writer`]); readers have connections of their own and never wait for it.

mod channels;
mod commands;
mod content;
mod deletions;
mod error;
mod expiry;
mod files;
mod home;
mod markers;
mod marks;
mod measurements;
mod meta;
mod more;
mod notes;
mod record;
mod schema;
mod series;
mod sessions;
mod sharing;
mod stats;
mod writer;

pub use content::{MAX_CONTENT_BYTES, pack, unpack};
pub use deletions::Deletions;
pub use error::StoreError;
pub(crate) use files::kept_count;
pub use files::{FileRow, KeptFile, NewFileState};
pub use marks::MarkRow;
pub use measurements::StoredMeasurement;
pub use more::More;
pub use notes::NewNote;
pub use series::SeriesRow;
pub use sessions::{NewSession, SessionRow};
pub use sharing::{Beginning, SharingChoice};
pub use writer::Work;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use protocol::record::RecordEntry;
use rusqlite::{Connection, OpenFlags};

use writer::Writer;

/// Told of every batch of entries right after it was committed.
pub type Announce = Box<dyn Fn(Vec<RecordEntry>) + Send>;

/// A profile's database. Cloning shares it.
#[derive(Clone)]
pub struct Store {
    path: PathBuf,
    readers: Arc<Mutex<Vec<Connection>>>,
    writer: Option<Arc<Writer>>,
}

impl Store {
    /// Opens the database for reading and writing, making it if there is none, and brings it to today's schema.
    ///
    /// # Errors
    /// [`StoreError::Newer`] for a database of a newer version, which is left untouched; [`StoreError::Damaged`] where
    /// it is not a sound database; and what the disk says.
    pub fn open(path: &Path, announce: Announce) -> Result<Self, StoreError> {
        let mut connection = Connection::open(path).map_err(|e| StoreError::from_sqlite(e, path))?;
        schema::prepare(&mut connection, path)?;
        let writer = Writer::start(connection, path.to_owned(), announce)?;
        Ok(Self {
            path: path.to_owned(),
            readers: Arc::default(),
            writer: Some(Arc::new(writer)),
        })
    }

    /// Opens an existing database for reading only, also while another program writes to it.
    ///
    /// # Errors
    /// [`StoreError::Absent`] where there is none, and as [`Store::open`].
    pub fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::Absent { path: path.to_owned() });
        }
        let store = Self {
            path: path.to_owned(),
            readers: Arc::default(),
            writer: None,
        };
        let connection = store.new_reader()?;
        if schema::check(&connection, path)? == 0 {
            // Another program is just making it.
            return Err(StoreError::Absent { path: path.to_owned() });
        }
        store.give_back(connection);
        Ok(store)
    }

    /// Runs `work` in the writer's next transaction and waits until it is committed. Blocks; from async code use
    /// `tokio::task::spawn_blocking` or [`Store::write_async`].
    ///
    /// # Errors
    /// What `work` returned, or why the transaction could not be committed; then nothing of it happened.
    pub fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Work<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer
            .as_ref()
            .ok_or(StoreError::ReadOnly)?
            .submit(work)?
            .blocking_recv()
            .map_err(|_| StoreError::Closed)?
    }

    /// As [`Store::write`], without blocking the caller's thread.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_async<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Work<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer
            .as_ref()
            .ok_or(StoreError::ReadOnly)?
            .submit(work)?
            .await
            .map_err(|_| StoreError::Closed)?
    }

    /// Runs a read. Blocks.
    ///
    /// # Errors
    /// What the read returned.
    pub fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let taken = self.readers.lock().map_err(|_| StoreError::Closed)?.pop();
        let connection = match taken {
            Some(connection) => connection,
            None => self.new_reader()?,
        };
        let result = work(&connection);
        self.give_back(connection);
        result
    }

    /// As [`Store::read`], on a thread that may block.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub async fn read_async<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.clone();
        tokio::task::spawn_blocking(move || store.read(work))
            .await
            .map_err(|_| StoreError::Closed)?
    }

    /// Writes that wait for the next transaction.
    pub fn queue_length(&self) -> u64 {
        self.writer.as_ref().map_or(0, |w| w.queue_length())
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Commits what waits and ends the writer thread. Later writes are refused.
    pub fn close(&self) {
        if let Some(writer) = &self.writer {
            writer.close();
        }
    }

    fn new_reader(&self) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let connection =
            Connection::open_with_flags(&self.path, flags).map_err(|e| StoreError::from_sqlite(e, &self.path))?;
        schema::tune_reader(&connection).map_err(|e| StoreError::from_sqlite(e, &self.path))?;
        Ok(connection)
    }

    fn give_back(&self, connection: Connection) {
        if let Ok(mut readers) = self.readers.lock()
            && readers.len() < 4
        {
            readers.push(connection);
        }
    }
}
