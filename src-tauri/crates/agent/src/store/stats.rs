//! Numbers about the store.

use protocol::query::{SessionCount, Stats};

use super::{Store, StoreError};

impl Store {
    /// Counts and sizes. Queues are those of the engine that asks.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn stats(&self) -> Result<Stats, StoreError> {
        let sessions = self.sessions()?;
        let mut counts: Vec<SessionCount> = Vec::new();
        let mut durations = Vec::new();
        for session in &sessions {
            let summary = &session.summary;
            match counts
                .iter_mut()
                .find(|c| c.source == summary.source && c.state == summary.state)
            {
                Some(count) => count.sessions += 1,
                None => counts.push(SessionCount {
                    source: summary.source,
                    state: summary.state,
                    sessions: 1,
                }),
            }
            if let Some(end) = &summary.ended_at
                && let (Some(from), Some(to)) = (crate::clock::seconds(&summary.created_at), crate::clock::seconds(end))
            {
                // A clock that was set back meanwhile says nothing of how long it took.
                durations.extend(Some(to - from).filter(|duration| *duration >= 0.0));
            }
        }
        let counted = |key: &str| -> Result<u64, StoreError> {
            Ok(self.remembered(key)?.and_then(|n| n.parse().ok()).unwrap_or(0))
        };
        let mean = durations.iter().sum::<f64>() / durations.len() as f64;
        Ok(Stats {
            sessions: counts,
            mean_duration_s: (!durations.is_empty()).then_some(mean),
            created: counted("sessions_created")?,
            deleted: counted("sessions_deleted")?,
            expired: counted(super::expiry::EXPIRED)?,
            queues: Vec::new(),
            memory_bytes: resident_memory(),
            database_bytes: self.size_on_disk(),
            record_offset: self.newest_offset()?,
        })
    }

    fn size_on_disk(&self) -> u64 {
        let size = |suffix: &str| {
            let mut name = self.path().as_os_str().to_owned();
            name.push(suffix);
            std::fs::metadata(name).map_or(0, |m| m.len())
        };
        size("") + size("-wal") + size("-shm")
    }
}

/// Resident memory of this process, where `/proc` tells.
fn resident_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
