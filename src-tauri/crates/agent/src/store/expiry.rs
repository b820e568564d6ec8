//! Temporary sessions: how long they stay, and which are due.

use jiff::Timestamp;
use protocol::ids::SessionId;
use protocol::record::RecordEvent;
use protocol::session::SessionState;
use rusqlite::{Connection, params};

use super::meta::remembered;
use super::sessions::word;
use super::{Store, StoreError, Work};
use crate::clock;

/// How long temporary sessions of the profile stay, in seconds; 0 = for good.
const LIFETIME: &str = "temporary_lifetime_s";
/// A day: long enough to come back to it the next morning.
const DEFAULT_LIFETIME_S: u64 = 86_400;
/// Temporary sessions that expired so far.
pub(super) const EXPIRED: &str = "sessions_expired";

impl Work<'_> {
    /// How long a temporary session that begins now stays; `None` = for good.
    ///
    /// # Errors
    /// What SQLite reports, and a value that cannot be read.
    pub fn temporary_lifetime(&mut self) -> Result<Option<u64>, StoreError> {
        lifetime(self.transaction).map(|seconds| (seconds > 0).then_some(seconds))
    }

    /// Chooses how long temporary sessions stay that begin from now on; 0 = for good.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn set_temporary_lifetime(&mut self, seconds: u64) -> Result<(), StoreError> {
        self.remember(LIFETIME, &seconds.to_string())
    }

    /// Chooses how long a session stays after its end, from now on where it has ended; `None` = for good.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn set_lifetime(&mut self, row: i64, session: SessionId, lifetime_s: Option<u64>) -> Result<(), StoreError> {
        let seconds = lifetime_s.map(|seconds| i64::try_from(seconds).unwrap_or(i64::MAX));
        let changed = self.transaction.execute(
            "UPDATE sessions SET lifetime_s = ?2, resting_since = CASE WHEN resting_since IS NULL THEN NULL ELSE ?3 END
             WHERE id = ?1 AND (lifetime_s IS NOT NULL OR ?2 IS NOT NULL)",
            params![row, seconds, self.now],
        )?;
        if changed > 0 {
            self.append(row, session, RecordEvent::ExpiryChanged { after_s: lifetime_s })?;
        }
        Ok(())
    }

    /// Deletes a session with all that was kept for it, if it is temporary, has ended, and its time is over; says whether.
    ///
    /// # Errors
    /// [`StoreError::NoSession`], and what SQLite reports.
    pub fn expire(&mut self, session: SessionId, now: Timestamp) -> Result<bool, StoreError> {
        let row = self.session_row(session)?;
        let is_due = due(self.transaction)?
            .iter()
            .any(|(due, moment)| *due == session && *moment <= now);
        if is_due {
            self.remove_session(row)?;
            self.count_up(EXPIRED)?;
        }
        Ok(is_due)
    }
}

impl Store {
    /// How long temporary sessions stay that begin now, in seconds; 0 = for good.
    ///
    /// # Errors
    /// What SQLite reports, and a value that cannot be read.
    pub fn temporary_lifetime(&self) -> Result<u64, StoreError> {
        self.read(lifetime)
    }

    /// Temporary sessions that have ended, and when the time of each is over.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn due(&self) -> Result<Vec<(SessionId, Timestamp)>, StoreError> {
        self.read(due)
    }
}

fn lifetime(connection: &Connection) -> Result<u64, StoreError> {
    let Some(text) = remembered(connection, LIFETIME)? else {
        return Ok(DEFAULT_LIFETIME_S);
    };
    text.parse()
        .map_err(|_| StoreError::Value(format!("the time of temporary sessions \"{text}\"")))
}

fn due(connection: &Connection) -> Result<Vec<(SessionId, Timestamp)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT uuid, resting_since, lifetime_s FROM sessions
         WHERE lifetime_s IS NOT NULL AND resting_since IS NOT NULL AND state IN (?1, ?2)",
    )?;
    let mut rows = statement.query([word(&SessionState::Finished)?, word(&SessionState::Failed)?])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (session, since, lifetime_s): (String, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        // A moment that cannot be read or reached is never over.
        if let Some(moment) = clock::later(&since, lifetime_s.max(0) as u64) {
            found.push((super::sessions::id(&session)?, moment));
        }
    }
    Ok(found)
}
