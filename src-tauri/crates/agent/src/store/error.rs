//! What can be wrong with the store.

use std::path::{Path, PathBuf};

use protocol::refusal::Refusal;
use rusqlite::ErrorCode;

/// Why the store could not do something. Whatever it is, what was committed before stays.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no database.
    #[error("there is no database at {}", path.display())]
    Absent {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Made by a newer version of the app.
    #[error("the database {} was made by a newer version of SACMES (schema {found}, this version knows {known})", path.display())]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// Not a database, or a broken one.
    #[error("the database {} is damaged: {detail}", path.display())]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What SQLite said.
        detail: String,
    },
    /// No space left.
    #[error("the disk with {} is full", path.display())]
    DiskFull {
        /// The database.
        path: PathBuf,
    },
    /// Another program holds a lock on it.
    #[error("the database {} is locked by another program", path.display())]
    Locked {
        /// The database.
        path: PathBuf,
    },
    /// It may not be written.
    #[error("the database {} cannot be written: {detail}", path.display())]
    NotWritable {
        /// The database.
        path: PathBuf,
        /// What SQLite said.
        detail: String,
    },
    /// Opened for reading only.
    #[error("the store was opened for reading only")]
    ReadOnly,
    /// The engine is shutting down.
    #[error("the store is closed")]
    Closed,
    /// There is no such session.
    #[error("there is no session {0}")]
    NoSession(String),
    /// There is no such measurement.
    #[error("there is no measurement {0}")]
    NoMeasurement(i64),
    /// There is no such note.
    #[error("there is no note {0}")]
    NoNote(String),
    /// A new note has the id of one that is there.
    #[error("there is a note {0} already")]
    NoteExists(String),
    /// A note was changed by somebody else.
    #[error("the note was changed meanwhile: revision {newest} is the newest, not {seen}")]
    NoteChanged {
        /// Its newest revision.
        newest: u32,
        /// The one that the change is based on.
        seen: u32,
    },
    /// Other notes are there than somebody has seen who wants to delete them.
    #[error("the notes changed meanwhile: there are {found} now, not {seen}; none was deleted")]
    NotesChanged {
        /// How many there are.
        found: u64,
        /// How many were seen.
        seen: u64,
    },
    /// Anything else that SQLite reports.
    #[error("the database could not do this: {0}")]
    Sqlite(#[source] rusqlite::Error),
    /// A stored value that cannot be read: a bug or a damaged database.
    #[error("a stored value cannot be read: {0}")]
    Value(String),
}

impl StoreError {
    /// Gives what SQLite reports its meaning.
    pub fn from_sqlite(error: rusqlite::Error, path: &Path) -> Self {
        let path = path.to_owned();
        let detail = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged { path, detail },
            Some(ErrorCode::DiskFull) => Self::DiskFull { path },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked { path },
            Some(
                ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::SystemIoFailure,
            ) => Self::NotWritable { path, detail },
            _ => Self::Sqlite(error),
        }
    }

    /// Whether the same write may succeed later without anybody changing the data: intake waits and tries again.
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::DiskFull { .. } | Self::Locked { .. } | Self::NotWritable { .. }
        )
    }

    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Absent { .. } => "database_absent",
            Self::Newer { .. } => "database_newer",
            Self::Damaged { .. } => "database_damaged",
            Self::DiskFull { .. } => "disk_full",
            Self::Locked { .. } => "database_locked",
            Self::NotWritable { .. } => "database_not_writable",
            Self::ReadOnly => "read_only",
            Self::Closed => "closing",
            Self::NoSession(_) => "no_such_session",
            Self::NoMeasurement(_) => "no_such_measurement",
            Self::NoNote(_) => "no_such_note",
            Self::NoteExists(_) => "note_exists",
            Self::NoteChanged { .. } => "note_changed_meanwhile",
            Self::NotesChanged { .. } => "notes_changed_meanwhile",
            Self::Sqlite(_) => "database_error",
            Self::Value(_) => "database_value",
        }
    }

    /// What to do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Absent { .. } => "Start a session first, or name the right --data-dir and --profile.",
            Self::Newer { .. } => "Update SACMES. Nothing was changed.",
            Self::Damaged { .. } => {
                "Move this file (with its -wal and -shm companions) away and keep it; the instrument's files can be read again into a new session."
            }
            Self::DiskFull { .. } => "Make space; intake waits and goes on by itself.",
            Self::Locked { .. } => "Close the program that holds it; intake waits and goes on by itself.",
            Self::NotWritable { .. } => {
                "Check the disk and the rights of the data folder; intake waits and goes on by itself."
            }
            Self::ReadOnly => "Run this where the agent runs.",
            Self::Closed => "Start the app again.",
            Self::NoSession(_) => "List the sessions to see which there are.",
            Self::NoMeasurement(_) => "List the results to see which there are.",
            Self::NoNote(_) => "It may have been deleted; list the notes to see which there are.",
            Self::NoteExists(_) => "Change that one, or give the new note an id of its own.",
            Self::NoteChanged { .. } => "Look at the newest text, then change it again.",
            Self::NotesChanged { .. } => "Look at them, then delete them again.",
            Self::Sqlite(_) | Self::Value(_) => "Please report this, with the file named here.",
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::from_sqlite(error, Path::new("sacmes.db"))
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::new(error.code(), format!("{error}."), error.hint())
    }
}
