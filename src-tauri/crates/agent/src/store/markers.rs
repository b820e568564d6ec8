//! Markers in the store.

use protocol::ids::MarkerId;
use protocol::session::Marker;
use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError, Work};

impl Work<'_> {
    /// Sets a marker, replacing an earlier one with its id.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn put_marker(&mut self, row: i64, marker: &Marker) -> Result<(), StoreError> {
        let value = serde_json::to_string(marker).map_err(|e| StoreError::Value(e.to_string()))?;
        self.transaction.execute(
            "INSERT INTO markers (session, marker, value) VALUES (?1, ?2, ?3)
             ON CONFLICT (session, marker) DO UPDATE SET value = excluded.value",
            params![row, marker.id.0.to_string(), value],
        )?;
        Ok(())
    }

    /// Takes a marker away and returns it; `None` where there was none.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn remove_marker(&mut self, row: i64, marker: MarkerId) -> Result<Option<Marker>, StoreError> {
        let value: Option<String> = self
            .transaction
            .query_row(
                "DELETE FROM markers WHERE session = ?1 AND marker = ?2 RETURNING value",
                params![row, marker.0.to_string()],
                |r| r.get(0),
            )
            .optional()?;
        value
            .map(|v| serde_json::from_str(&v).map_err(|e| StoreError::Value(e.to_string())))
            .transpose()
    }
}

impl Store {
    /// All markers of a session, by index.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn markers(&self, row: i64) -> Result<Vec<Marker>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT value FROM markers WHERE session = ?1")?;
            let mut rows = statement.query([row])?;
            let mut markers = Vec::new();
            while let Some(row) = rows.next()? {
                let value: String = row.get(0)?;
                let marker: Marker = serde_json::from_str(&value).map_err(|e| StoreError::Value(e.to_string()))?;
                markers.push(marker);
            }
            markers.sort_by(|a, b| a.index.total_cmp(&b.index));
            Ok(markers)
        })
    }
}
