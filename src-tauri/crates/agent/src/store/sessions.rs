//! Sessions and their settings revisions in the store.

use protocol::author::Author;
use protocol::ids::SessionId;
use protocol::record::RecordEvent;
use protocol::session::{SessionState, SessionSummary, SettingsRevision, Source};
use protocol::settings::Settings;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Store, StoreError, Work};

/// A session as it is stored.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// Row in the database.
    pub row: i64,
    /// What every door sees.
    pub summary: SessionSummary,
    /// Where its files come from.
    pub source: Source,
    /// Newest revision that is in force for every measurement.
    pub recomputed: u32,
}

/// What a new session begins with.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Identity.
    pub id: SessionId,
    /// Name.
    pub name: String,
    /// Where its files come from, with an absolute folder.
    pub source: Source,
    /// Settings revision 1.
    pub settings: Settings,
    /// Whether it stays only for the profile's time of temporary sessions.
    pub temporary: bool,
}

const COLUMNS: &str =
    "id, uuid, name, source, technique, state, reason, created_at, ended_at, last_measured, seq, revision,
    recomputed, files_measured, files_skipped, files_partial, measurements";

/// The columns of a session. A database of an earlier version that is only read has no temporary sessions.
fn columns(connection: &Connection) -> Result<String, StoreError> {
    let knows_expiry: bool = connection
        .prepare_cached("SELECT count(*) FROM pragma_table_info('sessions') WHERE name = 'lifetime_s'")?
        .query_row([], |row| row.get::<_, i64>(0))
        .map(|found| found > 0)?;
    let expiry = if knows_expiry {
        "lifetime_s, resting_since"
    } else {
        "NULL, NULL"
    };
    Ok(format!("{COLUMNS}, {expiry}"))
}

/// The word by which an enum stands in a column: the same as in its JSON.
pub(super) fn word<T: Serialize>(value: &T) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        other => Err(StoreError::Value(format!("{other:?} is not a word"))),
    }
}

/// An enum back from its word.
pub(super) fn from_word<T: DeserializeOwned>(word: &str) -> Result<T, StoreError> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).map_err(|e| StoreError::Value(e.to_string()))
}

pub(super) fn id(text: &str) -> Result<SessionId, StoreError> {
    text.parse()
        .map_err(|_| StoreError::Value(format!("{text} is not a session")))
}

pub(super) fn row_of(connection: &Connection, session: SessionId) -> Result<i64, StoreError> {
    connection
        .prepare_cached("SELECT id FROM sessions WHERE uuid = ?1")?
        .query_row([session.to_string()], |r| r.get(0))
        .optional()?
        .ok_or_else(|| StoreError::NoSession(session.to_string()))
}

fn session_row(row: &Row<'_>) -> Result<SessionRow, StoreError> {
    let count = |k: usize| -> Result<u64, StoreError> { Ok(row.get::<_, i64>(k)?.max(0) as u64) };
    let source: Source =
        serde_json::from_str(&row.get::<_, String>(3)?).map_err(|e| StoreError::Value(e.to_string()))?;
    let (measured, skipped, partial) = (count(13)?, count(14)?, count(15)?);
    let expires_after_s = row.get::<_, Option<i64>>(17)?.map(|seconds| seconds.max(0) as u64);
    let resting_since: Option<String> = row.get(18)?;
    let expires_at = expires_after_s
        .zip(resting_since)
        .and_then(|(seconds, since)| crate::clock::later(&since, seconds))
        .map(crate::clock::in_words);
    let summary = SessionSummary {
        session: id(&row.get::<_, String>(1)?)?,
        name: row.get(2)?,
        technique: from_word(&row.get::<_, String>(4)?)?,
        source: source.kind(),
        state: from_word(&row.get::<_, String>(5)?)?,
        reason: row.get(6)?,
        folder: source.folder().to_owned(),
        files: measured + skipped + partial,
        files_measured: measured,
        files_skipped: skipped,
        files_partial: partial,
        files_expected: expected_files(&source),
        measurements: count(16)?,
        revision: row.get(11)?,
        seq: count(10)?,
        created_at: row.get(7)?,
        ended_at: row.get(8)?,
        last_measured_at: row.get(9)?,
        expires_after_s,
        expires_at,
    };
    Ok(SessionRow {
        row: row.get(0)?,
        summary,
        source,
        recomputed: row.get(12)?,
    })
}

fn expected_files(source: &Source) -> Option<u64> {
    match source {
        Source::Simulated { instrument, .. } => {
            Some(u64::from(instrument.files) * instrument.frequencies_hz.len().max(1) as u64)
        }
        Source::ImportedFiles { files, .. } if !files.is_empty() => Some(files.len() as u64),
        Source::ImportedFiles { .. } | Source::WatchedFolder { .. } => None,
    }
}

impl Work<'_> {
    /// Begins a session with its first record entry.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn begin_session(&mut self, new: &NewSession) -> Result<i64, StoreError> {
        let source = serde_json::to_string(&new.source).map_err(|e| StoreError::Value(e.to_string()))?;
        self.transaction.execute(
            "INSERT INTO sessions (uuid, name, source, technique, state, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                new.id.to_string(),
                new.name,
                source,
                word(&new.settings.technique)?,
                word(&SessionState::Waiting)?,
                self.now
            ],
        )?;
        let row = self.transaction.last_insert_rowid();
        self.count_up("sessions_created")?;
        self.add_revision(row, None, &new.settings)?;
        self.transaction
            .execute("UPDATE sessions SET recomputed = 1 WHERE id = ?1", [row])?;
        let event = RecordEvent::SessionStarted {
            name: new.name.clone(),
            source: new.source.clone(),
            settings: Box::new(new.settings.clone()),
        };
        self.append(row, new.id, event)?;
        if new.temporary {
            let lifetime_s = self.temporary_lifetime()?;
            self.set_lifetime(row, new.id, lifetime_s)?;
        }
        Ok(row)
    }

    /// Adds the next settings revision and returns its number; none is `from` anywhere that a session begins with. The caller
    /// appends the record entry.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn add_revision(&mut self, row: i64, from: Option<Author>, settings: &Settings) -> Result<u32, StoreError> {
        let revision: u32 = self.transaction.query_row(
            "UPDATE sessions SET revision = revision + 1, technique = ?2 WHERE id = ?1 RETURNING revision",
            params![row, word(&settings.technique)?],
            |r| r.get(0),
        )?;
        self.transaction.execute(
            "INSERT INTO revisions (session, revision, at, settings, author) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                row,
                revision,
                self.now,
                settings.to_toml(),
                from.map(|from| word(&from)).transpose()?
            ],
        )?;
        Ok(revision)
    }

    /// Notes that a revision is in force for every measurement; returns how many there are.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn finish_recomputation(&mut self, row: i64, revision: u32) -> Result<u64, StoreError> {
        self.renew_axes(row)?;
        let measurements: i64 = self.transaction.query_row(
            "UPDATE sessions SET recomputed = max(recomputed, ?2) WHERE id = ?1 RETURNING measurements",
            params![row, revision],
            |r| r.get(0),
        )?;
        Ok(measurements.max(0) as u64)
    }

    /// The session's name.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn session_name(&mut self, row: i64) -> Result<String, StoreError> {
        Ok(self
            .transaction
            .query_row("SELECT name FROM sessions WHERE id = ?1", [row], |r| r.get(0))?)
    }

    /// The session's state and its reason.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn session_state(&mut self, row: i64) -> Result<(SessionState, Option<String>), StoreError> {
        let (state, reason): (String, Option<String>) =
            self.transaction
                .query_row("SELECT state, reason FROM sessions WHERE id = ?1", [row], |r| {
                    Ok((r.get(0)?, r.get(1)?))
                })?;
        Ok((from_word(&state)?, reason))
    }

    /// Row of a session.
    ///
    /// # Errors
    /// [`StoreError::NoSession`], and what SQLite reports.
    pub fn session_row(&mut self, session: SessionId) -> Result<i64, StoreError> {
        row_of(self.transaction, session)
    }

    /// Changes state and reason, and notes the end of a session that ended.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn set_state(&mut self, row: i64, state: SessionState, reason: Option<&str>) -> Result<(), StoreError> {
        let ended = matches!(state, SessionState::Finished).then(|| self.now.clone());
        let rests = matches!(state, SessionState::Finished | SessionState::Failed).then(|| self.now.clone());
        self.transaction.execute(
            "UPDATE sessions SET state = ?2, reason = ?3, ended_at = ?4, resting_since = ?5 WHERE id = ?1",
            params![row, word(&state)?, reason, ended, rests],
        )?;
        Ok(())
    }

    /// Gives a session another name.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn rename_session(&mut self, row: i64, name: &str) -> Result<(), StoreError> {
        self.transaction
            .execute("UPDATE sessions SET name = ?2 WHERE id = ?1", params![row, name])?;
        Ok(())
    }

    /// Deletes a session and all that was kept for it; its record entries stay as empty places, so that offsets keep
    /// their meaning.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn delete_session(&mut self, row: i64) -> Result<(), StoreError> {
        self.remove_session(row)?;
        self.count_deletion()
    }

    /// As [`Work::delete_session`], without counting it.
    pub(super) fn remove_session(&mut self, row: i64) -> Result<(), StoreError> {
        let session = self
            .transaction
            .query_row("SELECT uuid FROM sessions WHERE id = ?1", [row], |r| {
                r.get::<_, String>(0)
            })?;
        self.transaction
            .execute("UPDATE record SET event = NULL WHERE session = ?1", [row])?;
        self.let_notes_go(row)?;
        self.transaction.execute("DELETE FROM sessions WHERE id = ?1", [row])?;
        self.note_deletion(id(&session)?)
    }
}

impl Store {
    /// All sessions, the one that was made last first, whatever the clock said then.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn sessions(&self) -> Result<Vec<SessionRow>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {} FROM sessions ORDER BY id DESC",
                columns(connection)?
            ))?;
            let mut rows = statement.query([])?;
            let mut sessions = Vec::new();
            while let Some(row) = rows.next()? {
                sessions.push(session_row(row)?);
            }
            Ok(sessions)
        })
    }

    /// One session.
    ///
    /// # Errors
    /// [`StoreError::NoSession`], and what SQLite reports.
    pub fn session(&self, session: SessionId) -> Result<SessionRow, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {} FROM sessions WHERE uuid = ?1",
                columns(connection)?
            ))?;
            let mut rows = statement.query([session.to_string()])?;
            match rows.next()? {
                Some(row) => session_row(row),
                None => Err(StoreError::NoSession(session.to_string())),
            }
        })
    }

    /// All settings revisions of a session, oldest first.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn revisions(&self, row: i64) -> Result<Vec<SettingsRevision>, StoreError> {
        self.read(|connection| {
            // A store of an earlier version that is only read has no such column.
            let author = if connection.column_exists(None, "revisions", "author")? {
                "author"
            } else {
                "NULL"
            };
            let mut statement = connection.prepare_cached(&format!(
                "SELECT revision, at, settings, {author} FROM revisions WHERE session = ?1 ORDER BY revision"
            ))?;
            let mut rows = statement.query([row])?;
            let mut revisions = Vec::new();
            while let Some(row) = rows.next()? {
                let text: String = row.get(2)?;
                let settings = Settings::from_toml(&text).map_err(|e| StoreError::Value(e.to_string()))?;
                revisions.push(SettingsRevision {
                    revision: row.get(0)?,
                    at: row.get(1)?,
                    from: row.get::<_, Option<String>>(3)?.as_deref().map(from_word).transpose()?,
                    settings,
                });
            }
            Ok(revisions)
        })
    }
}
