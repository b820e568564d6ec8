//! Sessions that were deleted: viewers and relays that have not heard of it may still show them.

use protocol::ids::SessionId;
use rusqlite::Connection;

use super::expiry::EXPIRED;
use super::meta::{number, remembered};
use super::record::newest_offset;
use super::{Store, StoreError, Work};

/// Newest entry when a session was last deleted.
const DELETED_THROUGH: &str = "deleted_through";
/// Sessions that were deleted so far, and how many of them no relay keeps entries of any more.
const DELETED: &str = "sessions_deleted";
const CLEARED: &str = "deletions_cleared";
/// The sessions that were deleted last.
const LAST_DELETED: &str = "last_deleted";
/// So many of them.
const REMEMBERED: usize = 32;

/// How many sessions were deleted, and how many of these were cleared from the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deletions {
    /// In all.
    pub all: u64,
    /// Cleared.
    pub cleared: u64,
}

impl Deletions {
    /// Whether a relay may still keep entries of a deleted session.
    pub fn are_uncleared(&self) -> bool {
        self.cleared < self.all
    }
}

impl Work<'_> {
    /// Notes that a session is deleted: whoever has come no further than the newest entry may still show it.
    ///
    /// # Errors
    /// What SQLite reports, and a value that cannot be read.
    pub(super) fn note_deletion(&mut self, session: SessionId) -> Result<(), StoreError> {
        let head = newest_offset(self.transaction)?;
        self.remember(DELETED_THROUGH, &head.to_string())?;
        let mut last = last_deleted(self.transaction)?;
        last.push(session);
        let first = last.len().saturating_sub(REMEMBERED);
        let last: Vec<String> = last[first..].iter().map(ToString::to_string).collect();
        self.remember(LAST_DELETED, &last.join(" "))
    }

    /// Notes that no relay keeps entries of the first `deletions` deleted sessions any more.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn note_cleared(&mut self, deletions: u64) -> Result<(), StoreError> {
        self.remember(CLEARED, &deletions.to_string())
    }

    /// Counts a deleted session.
    pub(super) fn count_deletion(&mut self) -> Result<(), StoreError> {
        self.count_up(DELETED)
    }
}

impl Store {
    /// How many sessions were deleted and cleared.
    ///
    /// # Errors
    /// What SQLite reports, and a value that cannot be read.
    pub fn deletions(&self) -> Result<Deletions, StoreError> {
        self.read(deletions)
    }

    /// The sessions that were deleted last, oldest first.
    ///
    /// # Errors
    /// What SQLite reports, and a value that cannot be read.
    pub fn recently_deleted(&self) -> Result<Vec<SessionId>, StoreError> {
        self.read(last_deleted)
    }

    /// Newest entry when a session was last deleted; 0 where none was.
    ///
    /// # Errors
    /// What SQLite reports, and a value that cannot be read.
    pub fn deleted_through(&self) -> Result<u64, StoreError> {
        self.read(|connection| number(connection, DELETED_THROUGH))
    }
}

/// How many sessions were deleted and cleared.
pub(super) fn deletions(connection: &Connection) -> Result<Deletions, StoreError> {
    Ok(Deletions {
        // Those that expired are gone as well.
        all: number(connection, DELETED)? + number(connection, EXPIRED)?,
        cleared: number(connection, CLEARED)?,
    })
}

fn last_deleted(connection: &Connection) -> Result<Vec<SessionId>, StoreError> {
    let text = remembered(connection, LAST_DELETED)?.unwrap_or_default();
    let read = |id: &str| id.parse().ok();
    let ids: Option<Vec<SessionId>> = text.split_whitespace().map(read).collect();
    ids.ok_or_else(|| StoreError::Value(format!("the deleted sessions \"{text}\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sessions_that_were_deleted_last_are_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("sacmes.db"), Box::new(drop)).unwrap();
        let deleted: Vec<_> = (0..40).map(|_| SessionId::new()).collect();
        for session in deleted.clone() {
            store.write(move |work| work.note_deletion(session)).unwrap();
        }
        assert_eq!(store.recently_deleted().unwrap(), deleted[8..]);
    }
}
