//! Points marked by hand, in the store.

use protocol::ids::{MarkId, MeasurementId, SessionId};
use protocol::mark::{Mark, MarkedSweep};
use protocol::measurement::Measurement;
use protocol::settings::Settings;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::files::kept_file_or_damage;
use super::sessions::row_of;
use super::{KeptFile, Store, StoreError, Work};

const COLUMNS: &str = "k.id, k.value, k.automatic";

/// A mark with the result that the sweep has without it.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkRow {
    /// The mark.
    pub mark: Mark,
    /// The measurement without it; none where the sweep has none now.
    pub automatic: Option<Measurement>,
}

fn mark_row(row: &Row<'_>) -> Result<MarkRow, StoreError> {
    let mut mark: Mark = parsed(&row.get::<_, String>(1)?)?;
    mark.id = MarkId(row.get(0)?);
    let automatic = row.get::<_, Option<String>>(2)?.as_deref().map(parsed).transpose()?;
    Ok(MarkRow { mark, automatic })
}

fn parsed<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|e| StoreError::Value(e.to_string()))
}

fn text(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|e| StoreError::Value(e.to_string()))
}

impl Work<'_> {
    /// Marks a sweep, in the place of an earlier mark of it; returns the mark with its id and its time.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn put_mark(&mut self, session: i64, new: &MarkRow) -> Result<Mark, StoreError> {
        let mut mark = new.mark.clone();
        if mark.at.is_empty() {
            mark.at.clone_from(&self.now);
        }
        let automatic = new.automatic.as_ref().map(text).transpose()?;
        let id = self
            .transaction
            .prepare_cached(
                "INSERT INTO marks (session, file, electrode, segment, peak, value, automatic) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (session, file, coalesce(electrode, -1), coalesce(segment, -1), coalesce(peak, -1))
                 DO UPDATE SET value = excluded.value, automatic = excluded.automatic RETURNING id",
            )?
            .query_row(
                params![session, mark.file, mark.electrode, mark.segment, mark.peak, text(&mark)?, automatic],
                |r| r.get(0),
            )?;
        mark.id = MarkId(id);
        Ok(mark)
    }

    /// Notes what a marked sweep would give without its mark.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn note_automatic(&mut self, mark: MarkId, automatic: Option<&Measurement>) -> Result<(), StoreError> {
        let automatic = automatic.map(text).transpose()?;
        self.transaction
            .prepare_cached("UPDATE marks SET automatic = ?2 WHERE id = ?1")?
            .execute(params![mark.0, automatic])?;
        Ok(())
    }

    /// The marks of a file's sweeps.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn marks_of_file(&mut self, session: i64, file: &str) -> Result<Vec<Mark>, StoreError> {
        let condition = "k.session = ?1 AND k.file = ?2 ORDER BY k.id";
        let rows = rows_where(self.transaction, condition, &[&session, &file])?;
        Ok(rows.into_iter().map(|row| row.mark).collect())
    }

    /// The mark of a measurement's sweep.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn mark_of(&mut self, session: i64, m: &Measurement) -> Result<Option<MarkRow>, StoreError> {
        mark_of(self.transaction, session, m)
    }

    /// Takes a mark away and returns it; `None` where there was none.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn remove_mark(&mut self, session: i64, mark: MarkId) -> Result<Option<MarkRow>, StoreError> {
        let row = rows_where(self.transaction, "k.session = ?1 AND k.id = ?2", &[&session, &mark.0])?.pop();
        self.transaction.execute(
            "DELETE FROM marks WHERE session = ?1 AND id = ?2",
            params![session, mark.0],
        )?;
        Ok(row)
    }

    /// A kept content of a file.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn kept_content(&mut self, file: i64, file_revision: u32) -> Result<Option<KeptFile>, StoreError> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT f.id, f.name, c.file_revision, c.modified_ns, f.state, c.bytes, c.packed
             FROM files f JOIN contents c ON c.file = f.id WHERE f.id = ?1 AND c.file_revision = ?2",
        )?;
        let mut rows = statement.query(params![file, file_revision])?;
        rows.next()?.map(kept_file_or_damage).transpose()
    }

    /// A session's settings of a revision.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn settings_of(&mut self, session: i64, revision: u32) -> Result<Settings, StoreError> {
        let text: String = self.transaction.query_row(
            "SELECT settings FROM revisions WHERE session = ?1 AND revision = ?2",
            params![session, revision],
            |r| r.get(0),
        )?;
        Settings::from_toml(&text).map_err(|e| StoreError::Value(e.to_string()))
    }
}

impl Store {
    /// The marked sweeps of a session, by file number.
    ///
    /// # Errors
    /// [`StoreError::NoSession`], and what SQLite reports.
    pub fn marks(&self, session: SessionId) -> Result<Vec<MarkedSweep>, StoreError> {
        self.read(|connection| {
            let session = row_of(connection, session)?;
            let mut marks = Vec::new();
            // A store of an earlier version, which knew no marks and is only being read.
            if !connection.table_exists(None, "marks")? {
                return Ok(marks);
            }
            for MarkRow { mark, automatic } in rows_where(connection, "k.session = ?1 ORDER BY k.id", &[&session])? {
                let measurement: Option<i64> = connection
                    .prepare_cached(
                        "SELECT m.id FROM measurements m JOIN files f ON f.id = m.file
                         WHERE f.session = ?1 AND f.name = ?2 AND m.current = 1 AND m.electrode IS ?3 AND m.segment IS ?4
                             AND m.peak IS ?5",
                    )?
                    .query_row(
                        params![session, mark.file, mark.electrode, mark.segment, mark.peak],
                        |r| r.get(0),
                    )
                    .optional()?;
                marks.push(MarkedSweep {
                    mark,
                    measurement: measurement.map(MeasurementId),
                    automatic: automatic.map(Box::new),
                });
            }
            marks.sort_by_key(|marked| (marked.mark.index.unwrap_or(u32::MAX), marked.mark.electrode));
            Ok(marks)
        })
    }

    /// The mark of a measurement's sweep.
    ///
    /// # Errors
    /// [`StoreError::NoSession`], and what SQLite reports.
    pub fn mark_of(&self, session: SessionId, m: &Measurement) -> Result<Option<Mark>, StoreError> {
        self.read(|connection| {
            let session = row_of(connection, session)?;
            Ok(mark_of(connection, session, m)?.map(|row| row.mark))
        })
    }
}

fn mark_of(connection: &Connection, session: i64, m: &Measurement) -> Result<Option<MarkRow>, StoreError> {
    let condition = "k.session = ?1 AND k.file = ?2 AND k.electrode IS ?3 AND k.segment IS ?4 AND k.peak IS ?5";
    let place: [&dyn rusqlite::ToSql; 5] = [&session, &m.file, &m.electrode, &m.segment(), &m.peak];
    Ok(rows_where(connection, condition, &place)?.pop())
}

fn rows_where(
    connection: &Connection,
    condition: &str,
    parameters: &[&dyn rusqlite::ToSql],
) -> Result<Vec<MarkRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM marks k WHERE {condition}"))?;
    let mut rows = statement.query(parameters)?;
    let mut marks = Vec::new();
    while let Some(row) = rows.next()? {
        marks.push(mark_row(row)?);
    }
    Ok(marks)
}
