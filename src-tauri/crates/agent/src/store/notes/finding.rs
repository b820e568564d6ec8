//! Notes as they are read, and where in them a word stands.

use protocol::ids::{MeasurementId, NoteId, SessionId};
use protocol::note::{FoundNote, Note, NoteFilter, NoteLink, NotePlace, TextRange, TopicCount, topic_key};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, named_params};

use super::has_none;
use super::search::Searched;
use crate::store::sessions::{from_word, id};
use crate::store::{Store, StoreError};

const COLUMNS: &str =
    "n.id, n.uuid, n.revision, n.text, n.idx, n.measurement, n.former_session, n.created_at, n.created_by,
    n.changed_at, n.changed_by, s.uuid, s.name, m.electrode, m.frequency_hz, m.idx, f.name";

/// Notes with what they are about; a measurement that is not in force, such as one of an electrode that is not selected now, is still known.
const TABLES: &str = "notes n LEFT JOIN sessions s ON s.id = n.session
    LEFT JOIN measurements m ON m.id = n.measurement AND m.session = n.session LEFT JOIN files f ON f.id = m.file";

/// Begin and end of a word that was looked for; no note has them, as they are control characters.
const BEGIN: char = '\u{1}';
const END: char = '\u{2}';

/// A filter as a condition on `n` and `s`, and the values in it.
pub(super) struct Condition {
    topic: Option<String>,
    session: Option<String>,
    of_sessions_only: bool,
    searched: Searched,
}

/// The condition; each value is null where the filter does not ask for it.
pub(super) const CONDITION: &str = "(:session IS NULL OR s.uuid = :session)
    AND (:topic IS NULL OR EXISTS (SELECT 1 FROM note_topics t WHERE t.note = n.id AND t.key = :topic)
         OR (:topic = '' AND NOT EXISTS (SELECT 1 FROM note_topics t WHERE t.note = n.id)))
    AND (:of_sessions_only = 0 OR n.session IS NOT NULL)
    AND (:wanted IS NULL OR n.id IN (SELECT rowid FROM note_words WHERE note_words MATCH :wanted))
    AND (:unwanted IS NULL OR n.id NOT IN (SELECT rowid FROM note_words WHERE note_words MATCH :unwanted))
    AND :is_hopeless = 0";

impl Condition {
    pub(super) fn of(filter: &NoteFilter) -> Self {
        Self {
            topic: filter.topic.as_deref().map(|topic| topic_key(topic.trim())),
            session: filter.session.map(|session| session.to_string()),
            of_sessions_only: filter.of_sessions_only,
            searched: Searched::read(&filter.search),
        }
    }

    /// The values by their names.
    pub(super) fn with<'a, const N: usize>(
        &'a self,
        more: [(&'a str, &'a dyn ToSql); N],
        hopeless: &'a bool,
    ) -> Vec<(&'a str, &'a dyn ToSql)> {
        let own: [(&str, &dyn ToSql); 6] = [
            (":session", &self.session),
            (":topic", &self.topic),
            (":of_sessions_only", &self.of_sessions_only),
            (":wanted", &self.searched.wanted),
            (":unwanted", &self.searched.unwanted),
            (":is_hopeless", hopeless),
        ];
        own.into_iter().chain(more).collect()
    }

    pub(super) fn is_hopeless(&self) -> bool {
        self.searched.is_hopeless()
    }
}

impl Store {
    /// A page of the notes that fit a filter, the one written last first, and how many fit.
    ///
    /// # Errors
    /// What SQLite reports, and a value that cannot be read.
    pub fn notes(&self, filter: &NoteFilter, offset: u32, limit: u32) -> Result<(Vec<FoundNote>, u64), StoreError> {
        let condition = Condition::of(filter);
        let hopeless = condition.is_hopeless();
        self.read(|connection| {
            if has_none(connection)? {
                return Ok((Vec::new(), 0));
            }
            // One view: the number belongs to the page.
            let view = connection.unchecked_transaction()?;
            let total: i64 = view
                .prepare_cached(&format!(
                    "SELECT count(*) FROM notes n LEFT JOIN sessions s ON s.id = n.session WHERE {CONDITION}"
                ))?
                .query_row(&*condition.with([], &hopeless), |r| r.get(0))?;
            let mut found = Vec::new();
            {
                let mut statement = view.prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM {TABLES} WHERE {CONDITION} ORDER BY n.created_at DESC, n.id DESC
                     LIMIT :limit OFFSET :offset"
                ))?;
                let values = condition.with([(":limit", &limit), (":offset", &offset)], &hopeless);
                let mut rows = statement.query(&*values)?;
                while let Some(row) = rows.next()? {
                    let (key, note) = note(&view, row)?;
                    let matches = match &condition.searched.wanted {
                        Some(wanted) => matches(&view, key, wanted)?,
                        None => Vec::new(),
                    };
                    found.push(FoundNote { note, matches });
                }
            }
            Ok((found, total.max(0) as u64))
        })
    }

    /// The topics of the notes that fit a filter, in alphabetical order.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn note_topics(&self, filter: &NoteFilter) -> Result<Vec<TopicCount>, StoreError> {
        let condition = Condition::of(filter);
        self.read(|connection| {
            if has_none(connection)? {
                return Ok(Vec::new());
            }
            topics(connection, &condition, "1")
        })
    }
}

/// Topics of the notes that fit, in the order of a column of the result.
pub(super) fn topics(
    connection: &Connection,
    condition: &Condition,
    order: &str,
) -> Result<Vec<TopicCount>, StoreError> {
    let hopeless = condition.is_hopeless();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT nt.key, min(nt.topic), count(*), sum(n.words)
         FROM note_topics nt JOIN notes n ON n.id = nt.note LEFT JOIN sessions s ON s.id = n.session
         WHERE {CONDITION} GROUP BY nt.key ORDER BY {order}"
    ))?;
    let mut rows = statement.query(&*condition.with([], &hopeless))?;
    let mut topics = Vec::new();
    while let Some(row) = rows.next()? {
        topics.push(TopicCount {
            topic: row.get(1)?,
            notes: row.get::<_, i64>(2)?.max(0) as u64,
            words: row.get::<_, i64>(3)?.max(0) as u64,
        });
    }
    Ok(topics)
}

/// All notes about a session, oldest first.
pub(super) fn of_session(connection: &Connection, session: SessionId) -> Result<Vec<Note>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM {TABLES} WHERE s.uuid = :session ORDER BY n.created_at, n.id"
    ))?;
    let mut rows = statement.query(named_params! {":session": session.to_string()})?;
    let mut notes = Vec::new();
    while let Some(row) = rows.next()? {
        notes.push(note(connection, row)?.1);
    }
    Ok(notes)
}

fn note(connection: &Connection, row: &Row<'_>) -> Result<(i64, Note), StoreError> {
    let key: i64 = row.get(0)?;
    let uuid: String = row.get(1)?;
    let uuid: NoteId = uuid
        .parse()
        .map_err(|_| StoreError::Value(format!("{uuid} is not a note")))?;
    let (index, measurement): (Option<u32>, Option<i64>) = (row.get(4)?, row.get(5)?);
    let session = row.get::<_, Option<String>>(11)?.map(|text| id(&text)).transpose()?;
    let link = session.map(|session| match (index, measurement) {
        (_, Some(measurement)) => NoteLink::Point {
            session,
            measurement: MeasurementId(measurement),
        },
        (Some(index), None) => NoteLink::Sweep { session, index },
        (None, None) => NoteLink::Session { session },
    });
    let place = match row.get::<_, Option<String>>(12)? {
        Some(session_name) => Some(NotePlace {
            session_name,
            index: match index {
                Some(index) => Some(index),
                None => row.get(15)?,
            },
            electrode: row.get(13)?,
            frequency_hz: row.get(14)?,
            file: row.get(16)?,
        }),
        None => None,
    };
    let note = Note {
        id: uuid,
        revision: row.get(2)?,
        text: row.get(3)?,
        topics: topics_of(connection, key)?,
        link,
        place,
        former_session: row.get(6)?,
        created_at: row.get(7)?,
        created_by: from_word(&row.get::<_, String>(8)?)?,
        changed_at: row.get(9)?,
        changed_by: from_word(&row.get::<_, String>(10)?)?,
    };
    Ok((key, note))
}

fn topics_of(connection: &Connection, note: i64) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT topic FROM note_topics WHERE note = ?1 ORDER BY position")?;
    let mut rows = statement.query([note])?;
    let mut topics = Vec::new();
    while let Some(row) = rows.next()? {
        topics.push(row.get(0)?);
    }
    Ok(topics)
}

/// Where in a note's text the words stand.
fn matches(connection: &Connection, note: i64, wanted: &str) -> Result<Vec<TextRange>, StoreError> {
    let marked: Option<String> = connection
        .prepare_cached(
            "SELECT highlight(note_words, 0, char(1), char(2)) FROM note_words WHERE note_words MATCH ?1 AND rowid = ?2",
        )?
        .query_row(rusqlite::params![wanted, note], |r| r.get(0))
        .optional()?;
    Ok(marked.as_deref().map(ranges).unwrap_or_default())
}

/// The marks in a text as ranges of the text without them.
fn ranges(marked: &str) -> Vec<TextRange> {
    let (mut at, mut from) = (0_u32, None);
    let mut ranges = Vec::new();
    for c in marked.chars() {
        match c {
            BEGIN => from = Some(at),
            END => ranges.extend(from.take().map(|from| TextRange { from, to: at })),
            _ => at += 1,
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_ranges_in_characters() {
        let range = |from, to| TextRange { from, to };
        assert_eq!(ranges("10 \u{1}µM\u{2} 🧪 \u{1}ATP\u{2}"), [range(3, 5), range(8, 11)]);
        assert_eq!(ranges("nothing"), []);
    }
}
