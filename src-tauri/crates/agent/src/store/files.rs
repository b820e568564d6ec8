//! Files and their kept contents in the store.

use protocol::ids::SessionId;
use protocol::session::{FileEntry, FileState};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::sessions::{from_word, word};
use super::{Store, StoreError, Work, unpack};

/// A file as it is stored.
#[derive(Debug, Clone)]
pub struct FileRow {
    /// Row in the database.
    pub row: i64,
    /// What every door sees.
    pub entry: FileEntry,
    /// Modification time when last looked at, ns since 1970.
    pub modified_ns: i64,
    /// SHA-256 of the newest complete content.
    pub hash: Option<Vec<u8>>,
    /// Electrode that its name states.
    pub electrode: Option<u32>,
}

/// A file's new state. A `None` in what the content states leaves nothing from an earlier content behind.
#[derive(Debug, Clone)]
pub struct NewFileState {
    /// What every door sees; `at` is set by the store.
    pub entry: FileEntry,
    /// Modification time, ns since 1970.
    pub modified_ns: i64,
    /// SHA-256 and compressed bytes of a complete content that is to be kept.
    pub content: Option<(Vec<u8>, Vec<u8>)>,
    /// Electrode that its name states.
    pub electrode: Option<u32>,
}

/// A file's newest complete content.
#[derive(Debug, Clone)]
pub struct KeptFile {
    /// Row of the file.
    pub row: i64,
    /// Its name.
    pub name: String,
    /// Which content of that path.
    pub file_revision: u32,
    /// Modification time, ns since 1970.
    pub modified_ns: i64,
    /// State now.
    pub state: FileState,
    /// The bytes.
    pub content: Vec<u8>,
    /// Why they cannot be had, where the store is damaged; then there are none.
    pub damage: Option<String>,
}

const COLUMNS: &str = "id, name, file_revision, state, reason, message, bytes, modified_ns, hash, format, electrode,
    frequency_hz, idx, points, expected_points, at";

fn file_row(row: &Row<'_>) -> Result<FileRow, StoreError> {
    let count =
        |k: usize| -> Result<Option<u64>, StoreError> { Ok(row.get::<_, Option<i64>>(k)?.map(|n| n.max(0) as u64)) };
    let entry = FileEntry {
        file: row.get(1)?,
        file_revision: row.get(2)?,
        state: from_word(&row.get::<_, String>(3)?)?,
        reason: row.get(4)?,
        message: row.get(5)?,
        bytes: row.get::<_, i64>(6)?.max(0) as u64,
        format: row.get(9)?,
        index: row.get(12)?,
        frequency_hz: row.get(11)?,
        points: count(13)?,
        expected_points: count(14)?,
        at: row.get(15)?,
    };
    Ok(FileRow {
        row: row.get(0)?,
        entry,
        modified_ns: row.get(7)?,
        hash: row.get(8)?,
        electrode: row.get(10)?,
    })
}

impl Work<'_> {
    /// Writes a file's state and keeps its content, and counts it in its session. Returns the file's row.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn put_file(&mut self, session: i64, new: &NewFileState) -> Result<i64, StoreError> {
        let entry = &new.entry;
        let before: Option<String> = self
            .transaction
            .prepare_cached("SELECT state FROM files WHERE session = ?1 AND name = ?2")?
            .query_row(params![session, entry.file], |r| r.get(0))
            .optional()?;
        let row: i64 = self
            .transaction
            .prepare_cached(
                "INSERT INTO files (session, name, file_revision, state, reason, message, bytes, modified_ns, hash, format,
                     electrode, frequency_hz, idx, points, expected_points, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
                 ON CONFLICT (session, name) DO UPDATE SET file_revision = excluded.file_revision, state = excluded.state,
                     reason = excluded.reason, message = excluded.message, bytes = excluded.bytes,
                     modified_ns = excluded.modified_ns, hash = coalesce(excluded.hash, hash), format = excluded.format,
                     electrode = excluded.electrode, frequency_hz = excluded.frequency_hz, idx = excluded.idx,
                     points = excluded.points, expected_points = excluded.expected_points, at = excluded.at
                 RETURNING id",
            )?
            .query_row(
                params![
                    session,
                    entry.file,
                    entry.file_revision,
                    word(&entry.state)?,
                    entry.reason,
                    entry.message,
                    entry.bytes as i64,
                    new.modified_ns,
                    new.content.as_ref().map(|(hash, _)| hash),
                    entry.format,
                    new.electrode,
                    entry.frequency_hz,
                    entry.index,
                    entry.points.map(|n| n as i64),
                    entry.expected_points.map(|n| n as i64),
                    self.now,
                ],
                |r| r.get(0),
            )?;
        if let Some((hash, packed)) = &new.content {
            self.transaction
                .prepare_cached(
                    "INSERT OR IGNORE INTO contents (file, file_revision, hash, bytes, modified_ns, packed)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![
                    row,
                    entry.file_revision,
                    hash,
                    entry.bytes as i64,
                    new.modified_ns,
                    packed
                ])?;
        }
        let before = before.as_deref().map(from_word::<FileState>).transpose()?;
        self.count_file(session, before, entry.state)?;
        Ok(row)
    }

    /// Notes size and time of a file whose content is the one that is kept; returns its row.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn note_signature(
        &mut self,
        session: i64,
        name: &str,
        bytes: u64,
        modified_ns: i64,
    ) -> Result<i64, StoreError> {
        let row = self
            .transaction
            .prepare_cached(
                "UPDATE files SET bytes = ?3, modified_ns = ?4 WHERE session = ?1 AND name = ?2 RETURNING id",
            )?
            .query_row(params![session, name, bytes as i64, modified_ns], |r| r.get(0))?;
        Ok(row)
    }

    /// Keeps a content in the place of the one that has its revision: for contents that gave no number, and those that
    /// are damaged.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn replace_content(&mut self, file: i64, new: &NewFileState) -> Result<(), StoreError> {
        let Some((hash, packed)) = &new.content else {
            return Ok(());
        };
        let revision = new.entry.file_revision;
        self.transaction
            .prepare_cached(
                "INSERT INTO contents (file, file_revision, hash, bytes, modified_ns, packed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (file, file_revision) DO UPDATE SET hash = excluded.hash, bytes = excluded.bytes,
                     modified_ns = excluded.modified_ns, packed = excluded.packed",
            )?
            .execute(params![
                file,
                revision,
                hash,
                new.entry.bytes as i64,
                new.modified_ns,
                packed
            ])?;
        self.transaction
            .prepare_cached("UPDATE files SET hash = ?2 WHERE id = ?1")?
            .execute(params![file, hash])?;
        Ok(())
    }

    /// Row and state of a file, if its newest content is still that revision.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn file_at_revision(
        &mut self,
        session: i64,
        name: &str,
        file_revision: u32,
    ) -> Result<Option<(i64, FileState)>, StoreError> {
        let found: Option<(i64, String)> = self
            .transaction
            .prepare_cached("SELECT id, state FROM files WHERE session = ?1 AND name = ?2 AND file_revision = ?3")?
            .query_row(params![session, name, file_revision], |r| Ok((r.get(0)?, r.get(1)?)))
            .optional()?;
        found.map(|(row, state)| Ok((row, from_word(&state)?))).transpose()
    }

    fn count_file(&mut self, session: i64, before: Option<FileState>, after: FileState) -> Result<(), StoreError> {
        let (before, after) = (before.map(counter), counter(after));
        if before == Some(after) {
            return Ok(());
        }
        let down = before.map_or(String::new(), |column| format!(", {column} = {column} - 1"));
        self.transaction
            .prepare_cached(&format!(
                "UPDATE sessions SET {after} = {after} + 1{down} WHERE id = ?1"
            ))?
            .execute([session])?;
        Ok(())
    }
}

/// The session's counter for files in a state.
fn counter(state: FileState) -> &'static str {
    match state {
        FileState::Partial | FileState::Ready => "files_partial",
        FileState::Measured => "files_measured",
        FileState::Skipped => "files_skipped",
    }
}

impl Store {
    /// Every file of a session, in the order in which they were first seen.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn files(&self, session: i64) -> Result<Vec<FileRow>, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached(&format!("SELECT {COLUMNS} FROM files WHERE session = ?1 ORDER BY id"))?;
            let mut rows = statement.query([session])?;
            let mut files = Vec::new();
            while let Some(row) = rows.next()? {
                files.push(file_row(row)?);
            }
            Ok(files)
        })
    }

    /// Newest complete contents of a session's files after a file row, at most `limit`, and about `bytes` of them.
    ///
    /// A content that is damaged says so in its place and costs the others nothing.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn kept_files(&self, session: i64, after: i64, limit: usize, bytes: u64) -> Result<Vec<KeptFile>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT f.id, f.name, c.file_revision, c.modified_ns, f.state, c.bytes, c.packed
                 FROM files f JOIN contents c ON c.file = f.id AND c.file_revision = f.file_revision
                 WHERE f.session = ?1 AND f.id > ?2 ORDER BY f.id LIMIT ?3",
            )?;
            let mut rows = statement.query(params![session, after, limit as i64])?;
            let (mut files, mut sum) = (Vec::new(), 0);
            while let Some(row) = rows.next()? {
                files.push(kept_file_or_damage(row)?);
                sum += files.last().map_or(0, |f: &KeptFile| f.content.len() as u64);
                if sum >= bytes {
                    break;
                }
            }
            Ok(files)
        })
    }

    /// The newest complete content of a file, where one is kept.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn kept_file(&self, session: i64, name: &str) -> Result<Option<KeptFile>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT f.id, f.name, c.file_revision, c.modified_ns, f.state, c.bytes, c.packed
                 FROM files f JOIN contents c ON c.file = f.id AND c.file_revision = f.file_revision
                 WHERE f.session = ?1 AND f.name = ?2",
            )?;
            let mut rows = statement.query(params![session, name])?;
            rows.next()?.map(kept_file_or_damage).transpose()
        })
    }

    /// The content from which a measurement was made, and the session it belongs to.
    ///
    /// # Errors
    /// [`StoreError::NoMeasurement`], what SQLite reports, and damaged contents.
    pub fn content_behind(&self, measurement: i64) -> Result<(SessionId, KeptFile), StoreError> {
        self.read(|connection| content_behind(connection, measurement))
    }
}

/// How many files of a session have a kept content.
pub(crate) fn kept_count(connection: &Connection, session: i64) -> Result<u64, StoreError> {
    let count: i64 = connection
        .prepare_cached("SELECT count(*) FROM files WHERE session = ?1 AND file_revision > 0")?
        .query_row([session], |r| r.get(0))?;
    Ok(count as u64)
}

fn content_behind(connection: &Connection, measurement: i64) -> Result<(SessionId, KeptFile), StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT f.id, f.name, c.file_revision, c.modified_ns, f.state, c.bytes, c.packed, s.uuid
         FROM measurements m JOIN files f ON f.id = m.file JOIN sessions s ON s.id = m.session
         JOIN contents c ON c.file = m.file AND c.file_revision = m.file_revision
         WHERE m.id = ?1",
    )?;
    let mut rows = statement.query([measurement])?;
    let row = rows.next()?.ok_or(StoreError::NoMeasurement(measurement))?;
    Ok((super::sessions::id(&row.get::<_, String>(7)?)?, kept_file(row)?))
}

fn kept_file(row: &Row<'_>) -> Result<KeptFile, StoreError> {
    let kept = kept_file_or_damage(row)?;
    match kept.damage {
        Some(damage) => Err(StoreError::Value(damage)),
        None => Ok(kept),
    }
}

pub(super) fn kept_file_or_damage(row: &Row<'_>) -> Result<KeptFile, StoreError> {
    let (bytes, packed): (i64, Vec<u8>) = (row.get(5)?, row.get(6)?);
    let (content, damage) = match unpack(&packed, bytes.max(0) as u64) {
        Ok(content) => (content, None),
        Err(damage) => (Vec::new(), Some(damage.to_string())),
    };
    Ok(KeptFile {
        row: row.get(0)?,
        name: row.get(1)?,
        file_revision: row.get(2)?,
        modified_ns: row.get(3)?,
        state: from_word(&row.get::<_, String>(4)?)?,
        content,
        damage,
    })
}
