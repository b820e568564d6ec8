//! The record in the store.

use protocol::ids::SessionId;
use protocol::record::{RecordEntry, RecordEvent};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Store, StoreError, Work};

impl Work<'_> {
    /// Appends an entry; it is announced once the transaction is committed.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn append(&mut self, row: i64, session: SessionId, event: RecordEvent) -> Result<u64, StoreError> {
        let offset = match self.entries.last() {
            Some(last) => last.offset + 1,
            None => newest_offset(self.transaction)? + 1,
        };
        let seq: i64 = self
            .transaction
            .prepare_cached("UPDATE sessions SET seq = seq + 1 WHERE id = ?1 RETURNING seq")?
            .query_row([row], |r| r.get(0))?;
        let text = serde_json::to_string(&event).map_err(|e| StoreError::Value(e.to_string()))?;
        self.transaction
            .prepare_cached("INSERT INTO record (at_offset, session, seq, at, event) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![offset as i64, row, seq, self.now, text])?;
        self.entries.push(RecordEntry {
            session,
            seq: seq as u64,
            offset,
            at: self.now.clone(),
            event,
        });
        Ok(offset)
    }
}

impl Store {
    /// Entries of a session from an entry number on.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn record_of(&self, session: SessionId, from_seq: u64, limit: u32) -> Result<Vec<RecordEntry>, StoreError> {
        self.read(|connection| {
            let row = super::sessions::row_of(connection, session)?;
            entries(
                connection,
                "SELECT r.at_offset, s.uuid, r.seq, r.at, r.event FROM record r JOIN sessions s ON s.id = r.session
                 WHERE r.session = ?1 AND r.seq >= ?2 ORDER BY r.seq LIMIT ?3",
                params![row, from_seq as i64, limit],
            )
        })
    }

    /// Entries of all sessions after an offset; those of deleted sessions are left out.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn record_after(&self, offset: u64, limit: u32) -> Result<Vec<RecordEntry>, StoreError> {
        self.read(|connection| {
            entries(
                connection,
                "SELECT r.at_offset, s.uuid, r.seq, r.at, r.event FROM record r JOIN sessions s ON s.id = r.session
                 WHERE r.at_offset > ?1 AND r.event IS NOT NULL ORDER BY r.at_offset LIMIT ?2",
                params![offset as i64, limit],
            )
        })
    }

    /// Offset of the newest entry; 0 before the first.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn newest_offset(&self) -> Result<u64, StoreError> {
        self.read(newest_offset)
    }
}

pub(super) fn newest_offset(connection: &Connection) -> Result<u64, StoreError> {
    let newest: Option<i64> = connection
        .prepare_cached("SELECT at_offset FROM record ORDER BY at_offset DESC LIMIT 1")?
        .query_row([], |r| r.get(0))
        .optional()?;
    Ok(newest.unwrap_or(0) as u64)
}

fn entries(
    connection: &Connection,
    sql: &str,
    parameters: &[&dyn rusqlite::ToSql],
) -> Result<Vec<RecordEntry>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let event: String = row.get(4)?;
        let event: RecordEvent = serde_json::from_str(&event).map_err(|e| StoreError::Value(e.to_string()))?;
        entries.push(RecordEntry {
            offset: row.get::<_, i64>(0)? as u64,
            session: super::sessions::id(&row.get::<_, String>(1)?)?,
            seq: row.get::<_, i64>(2)? as u64,
            at: row.get(3)?,
            event,
        });
    }
    Ok(entries)
}
