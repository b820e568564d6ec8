//! Single values of a profile, by name.

use rusqlite::{Connection, OptionalExtension};

use super::{Store, StoreError, Work};

impl Work<'_> {
    /// Remembers a value of the profile.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn remember(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        self.transaction.execute(
            "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [key, value],
        )?;
        Ok(())
    }

    pub(super) fn count_up(&mut self, key: &str) -> Result<(), StoreError> {
        self.transaction.execute(
            "INSERT INTO meta (key, value) VALUES (?1, '1')
             ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1",
            [key],
        )?;
        Ok(())
    }
}

impl Store {
    /// A remembered value of the profile.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn remembered(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.read(|connection| remembered(connection, key))
    }
}

/// A value, if there is one.
pub(super) fn remembered(connection: &Connection, key: &str) -> Result<Option<String>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
        .query_row([key], |r| r.get(0))
        .optional()?)
}

/// Counters are stored as text or as numbers.
pub(super) fn number(connection: &Connection, key: &str) -> Result<u64, StoreError> {
    let value: Option<i64> = connection
        .prepare_cached("SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?1")?
        .query_row([key], |r| r.get(0))
        .optional()?;
    Ok(value.unwrap_or(0).max(0) as u64)
}
