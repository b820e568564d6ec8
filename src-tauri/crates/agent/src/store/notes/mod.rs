//! Notes in the store, and the index of their words.

mod finding;
mod search;
mod statistics;

use protocol::author::Author;
use protocol::ids::{NoteId, SessionId};
use protocol::note::{Note, NoteDraft, NoteLink, topic_key, words};
use rusqlite::{Connection, OptionalExtension, params};

use super::meta::number;
use super::sessions::word;
use super::{Store, StoreError, Work};

/// Counts the changes of notes.
const VERSION: &str = "notes_version";

/// A note that comes with its history: out of an archive.
#[derive(Debug, Clone)]
pub struct NewNote {
    /// What it says; its link is one of this store.
    pub draft: NoteDraft,
    /// Who wrote it, and when.
    pub created: (String, Author),
    /// Who changed it last, and when.
    pub changed: (String, Author),
    /// How often it was written.
    pub revision: u32,
}

/// A link as columns.
#[derive(Default)]
struct Linked {
    session: Option<i64>,
    index: Option<u32>,
    measurement: Option<i64>,
}

impl Work<'_> {
    /// Writes a new note (`seen_revision` 0) or changes one. It was checked ([`protocol::note::checked`]).
    ///
    /// # Errors
    /// The note, or what it is about, is not as it was seen; and what SQLite reports.
    pub fn put_note(&mut self, note: &NoteDraft, by: Author, seen_revision: u32) -> Result<(), StoreError> {
        let at = self.now.clone();
        let known: Option<(i64, u32)> = self
            .transaction
            .prepare_cached("SELECT id, revision FROM notes WHERE uuid = ?1")?
            .query_row([note.id.to_string()], |r| Ok((r.get(0)?, r.get(1)?)))
            .optional()?;
        match known {
            None if seen_revision == 0 => {
                let new = NewNote {
                    draft: note.clone(),
                    created: (at.clone(), by),
                    changed: (at, by),
                    revision: 1,
                };
                self.add_note(&new)
            }
            None => Err(StoreError::NoNote(note.id.to_string())),
            Some(_) if seen_revision == 0 => Err(StoreError::NoteExists(note.id.to_string())),
            Some((_, newest)) if newest != seen_revision => Err(StoreError::NoteChanged {
                newest,
                seen: seen_revision,
            }),
            Some((row, _)) => {
                let linked = self.linked(note.link)?;
                self.transaction
                    .prepare_cached(
                        "UPDATE notes SET revision = revision + 1, text = ?2, words = ?3, session = ?4, idx = ?5, measurement = ?6,
                             former_session = CASE WHEN ?4 IS NULL THEN former_session END, changed_at = ?7, changed_by = ?8
                         WHERE id = ?1",
                    )?
                    .execute(params![
                        row,
                        note.text,
                        words(&note.text) as i64,
                        linked.session,
                        linked.index,
                        linked.measurement,
                        at,
                        word(&by)?
                    ])?;
                self.forget_words(row)?;
                self.transaction
                    .execute("DELETE FROM note_topics WHERE note = ?1", [row])?;
                self.index_note(row, note)?;
                self.notes_changed()
            }
        }
    }

    /// Adds a note with its history.
    ///
    /// # Errors
    /// What it is about is not there; and what SQLite reports.
    pub fn add_note(&mut self, new: &NewNote) -> Result<(), StoreError> {
        let note = &new.draft;
        let linked = self.linked(note.link)?;
        self.transaction
            .prepare_cached(
                "INSERT INTO notes (uuid, revision, text, words, session, idx, measurement, created_at, created_by, changed_at,
                     changed_by)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                note.id.to_string(),
                new.revision,
                note.text,
                words(&note.text) as i64,
                linked.session,
                linked.index,
                linked.measurement,
                new.created.0,
                word(&new.created.1)?,
                new.changed.0,
                word(&new.changed.1)?,
            ])?;
        let row = self.transaction.last_insert_rowid();
        self.index_note(row, note)?;
        self.notes_changed()
    }

    /// Deletes a note.
    ///
    /// # Errors
    /// [`StoreError::NoNote`], and what SQLite reports.
    pub fn delete_note(&mut self, note: NoteId) -> Result<(), StoreError> {
        let row: i64 = self
            .transaction
            .query_row("SELECT id FROM notes WHERE uuid = ?1", [note.to_string()], |r| r.get(0))
            .optional()?
            .ok_or_else(|| StoreError::NoNote(note.to_string()))?;
        self.forget_words(row)?;
        self.transaction.execute("DELETE FROM notes WHERE id = ?1", [row])?;
        self.notes_changed()
    }

    /// Deletes all notes with a topic, if they are as many as were seen.
    ///
    /// # Errors
    /// [`StoreError::NotesChanged`], and what SQLite reports.
    pub fn delete_notes_of_topic(&mut self, topic: &str, seen: u64) -> Result<(), StoreError> {
        let key = topic_key(topic);
        let found: i64 =
            self.transaction
                .query_row("SELECT count(*) FROM note_topics WHERE key = ?1", [&key], |r| r.get(0))?;
        self.delete_notes(
            "SELECT note FROM note_topics WHERE key = ?1",
            &[&key],
            found.max(0) as u64,
            seen,
        )
    }

    /// Deletes all notes, if they are as many as were seen.
    ///
    /// # Errors
    /// [`StoreError::NotesChanged`], and what SQLite reports.
    pub fn clear_notes(&mut self, seen: u64) -> Result<(), StoreError> {
        let found: i64 = self
            .transaction
            .query_row("SELECT count(*) FROM notes", [], |r| r.get(0))?;
        self.delete_notes("SELECT id FROM notes", &[], found.max(0) as u64, seen)
    }

    fn delete_notes(&mut self, which: &str, by: &[&str], found: u64, seen: u64) -> Result<(), StoreError> {
        if found != seen {
            return Err(StoreError::NotesChanged { found, seen });
        }
        let by = rusqlite::params_from_iter(by);
        let mut rows = Vec::new();
        {
            let mut statement = self.transaction.prepare(which)?;
            let mut found = statement.query(by)?;
            while let Some(row) = found.next()? {
                rows.push(row.get::<_, i64>(0)?);
            }
        }
        for row in rows {
            self.forget_words(row)?;
            self.transaction
                .prepare_cached("DELETE FROM notes WHERE id = ?1")?
                .execute([row])?;
        }
        self.notes_changed()
    }

    /// A session is about to be deleted: notes about it stay, with its name.
    ///
    /// # Errors
    /// What SQLite reports.
    pub(super) fn let_notes_go(&mut self, session: i64) -> Result<(), StoreError> {
        let notes = self.transaction.execute(
            "UPDATE notes SET former_session = (SELECT name FROM sessions WHERE id = ?1), session = NULL, idx = NULL, measurement = NULL
             WHERE session = ?1",
            [session],
        )?;
        if notes > 0 { self.notes_changed() } else { Ok(()) }
    }

    /// Rows of what a note is about.
    fn linked(&mut self, link: Option<NoteLink>) -> Result<Linked, StoreError> {
        let Some(link) = link else {
            return Ok(Linked::default());
        };
        let session = self.session_row(link.session())?;
        let linked = Linked {
            session: Some(session),
            ..Linked::default()
        };
        Ok(match link {
            NoteLink::Session { .. } => linked,
            NoteLink::Sweep { index, .. } => Linked {
                index: Some(index),
                ..linked
            },
            NoteLink::Point { measurement, .. } => {
                self.transaction
                    .query_row(
                        "SELECT 1 FROM measurements WHERE id = ?1 AND session = ?2",
                        [measurement.0, session],
                        |_| Ok(()),
                    )
                    .optional()?
                    .ok_or(StoreError::NoMeasurement(measurement.0))?;
                Linked {
                    measurement: Some(measurement.0),
                    ..linked
                }
            }
        })
    }

    /// Topics and words of a note. A topic that others have is written as they write it.
    fn index_note(&mut self, row: i64, note: &NoteDraft) -> Result<(), StoreError> {
        let mut topics = Vec::with_capacity(note.topics.len());
        for (position, topic) in note.topics.iter().enumerate() {
            let key = topic_key(topic);
            let known: Option<String> = self
                .transaction
                .prepare_cached("SELECT topic FROM note_topics WHERE key = ?1 LIMIT 1")?
                .query_row([&key], |r| r.get(0))
                .optional()?;
            let topic = known.unwrap_or_else(|| topic.clone());
            self.transaction
                .prepare_cached("INSERT INTO note_topics (note, key, topic, position) VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![row, key, topic, position as i64])?;
            topics.push(topic);
        }
        self.transaction
            .prepare_cached("INSERT INTO note_words (rowid, text, topics) VALUES (?1, ?2, ?3)")?
            .execute(params![row, note.text, topics.join("\n")])?;
        Ok(())
    }

    fn forget_words(&mut self, row: i64) -> Result<(), StoreError> {
        self.transaction
            .prepare_cached("DELETE FROM note_words WHERE rowid = ?1")?
            .execute([row])?;
        Ok(())
    }

    fn notes_changed(&mut self) -> Result<(), StoreError> {
        self.count_up(VERSION)
    }
}

impl Store {
    /// Counts the changes of notes.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn notes_version(&self) -> Result<u64, StoreError> {
        self.read(|connection| number(connection, VERSION))
    }

    /// All notes about a session, in the order in which they were written.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn notes_of(&self, session: SessionId) -> Result<Vec<Note>, StoreError> {
        self.read(|connection| {
            if has_none(connection)? {
                return Ok(Vec::new());
            }
            finding::of_session(connection, session)
        })
    }
}

/// Whether this is a store of an earlier version, which knew no notes and is only being read.
fn has_none(connection: &Connection) -> Result<bool, StoreError> {
    let tables: i64 = connection
        .prepare_cached("SELECT count(*) FROM sqlite_master WHERE name = 'notes'")?
        .query_row([], |r| r.get(0))?;
    Ok(tables == 0)
}
