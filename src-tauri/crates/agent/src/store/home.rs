//! Sessions whose files are in the profile's own folder follow that folder when it is renamed, moved or copied.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};
use serde_json::Value;

use super::{Store, StoreError, Work, meta};

/// Under which the folder is remembered.
const KEY: &str = "folder";

impl Work<'_> {
    /// The profile's folder is here. Where it was elsewhere when the profile was last open, sources in it are found here now.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn come_home(&mut self, folder: &Path) -> Result<(), StoreError> {
        let Some(here) = folder.to_str() else { return Ok(()) };
        let before = meta::remembered(self.transaction, KEY)?;
        if before.as_deref() == Some(here) {
            return Ok(());
        }
        if let Some(before) = before {
            self.move_sources(Path::new(&before), folder)?;
        }
        self.remember(KEY, here)
    }

    fn move_sources(&mut self, from: &Path, to: &Path) -> Result<(), StoreError> {
        let sources = sources(self.transaction)?;
        for (row, mut source) in sources {
            let Some(moved) = source["folder"].as_str().and_then(|folder| moved(folder, from, to)) else {
                continue;
            };
            source["folder"] = Value::String(moved);
            self.transaction.execute(
                "UPDATE sessions SET source = ?2 WHERE id = ?1",
                (row, source.to_string()),
            )?;
        }
        Ok(())
    }
}

fn sources(connection: &Connection) -> Result<Vec<(i64, Value)>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT id, source FROM sessions")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    rows.map(|row| {
        let (row, text) = row?;
        let source = serde_json::from_str(&text).map_err(|error| StoreError::Value(error.to_string()))?;
        Ok((row, source))
    })
    .collect()
}

/// A folder below `from` as it is below `to`; none for any other.
fn moved(folder: &str, from: &Path, to: &Path) -> Option<String> {
    let rest = Path::new(folder).strip_prefix(from).ok()?;
    // Collected anew, because joining an empty rest would add a separator.
    let moved: PathBuf = to.join(rest).components().collect();
    moved.to_str().map(str::to_owned)
}

impl Store {
    /// How many rows a table has; none where a database has no such table (yet).
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn count_if_there(&self, table: &'static str) -> Result<u64, StoreError> {
        self.read(|connection| {
            let is_there = connection
                .prepare_cached("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1")?
                .query_row([table], |_| Ok(()))
                .optional()?;
            if is_there.is_none() {
                return Ok(0);
            }
            let count: i64 =
                connection.query_row(&format!("SELECT count(*) FROM \"{table}\""), [], |row| row.get(0))?;
            Ok(count.max(0) as u64)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn only_what_is_in_the_folder_moves_with_it() {
        let of = |folder: &str| {
            moved(
                folder,
                Path::new("/data/profiles/ada"),
                Path::new("/data/profiles/grace"),
            )
        };
        assert_eq!(
            of("/data/profiles/ada/simulated/1").as_deref(),
            Some("/data/profiles/grace/simulated/1")
        );
        assert_eq!(of("/data/profiles/ada").as_deref(), Some("/data/profiles/grace"));
        assert_eq!(of("/data/profiles/adam/simulated/1"), None);
        assert_eq!(of("/lab/run 7"), None);
    }
}
