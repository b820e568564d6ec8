//! What is known of each profile without opening it.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use jiff::Timestamp;
use protocol::refusal::Refusal;
use protocol::session::SessionState;
use serde::Serialize;

use super::Profiles;
use crate::clock;
use crate::profile::{HOLDER, LockHolder, ProfileLocation};
use crate::store::{Store, StoreError};

/// A profile, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProfileSummary {
    /// Its name.
    pub name: String,
    /// Its folder.
    pub folder: String,
    /// The program that has it open.
    pub in_use_by: Option<LockHolder>,
    /// What its folder takes on the disk, in bytes.
    pub bytes: u64,
    /// How many sessions it has; none where its database cannot be read.
    pub sessions: Option<u64>,
    /// How many of them go on while it is open.
    pub running: Option<u64>,
    /// How many notes it has; none where its database cannot be read.
    pub notes: Option<u64>,
    /// When a program last opened it, RFC 3339; none where none did yet.
    pub last_used: Option<String>,
    /// Whether the window opens it at its next start.
    pub opens_next: bool,
    /// Why its database cannot be read.
    pub trouble: Option<Refusal>,
}

impl Profiles {
    /// All profiles, by name. What an earlier change left undone is done first.
    ///
    /// # Errors
    /// The data directory cannot be used.
    pub fn list(&self) -> Result<Vec<ProfileSummary>, Refusal> {
        self.settle();
        let next = self.next();
        self.names()
            .iter()
            .map(|name| Ok(summary(&ProfileLocation::new(self.data_dir(), name)?, *name == next)))
            .collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// There is none of this name.
    pub fn about(&self, name: &str) -> Result<ProfileSummary, Refusal> {
        let location = self.find(name)?;
        let opens_next = self.next() == location.profile();
        Ok(summary(&location, opens_next))
    }
}

fn summary(location: &ProfileLocation, opens_next: bool) -> ProfileSummary {
    let folder = location.folder();
    let counts = count(location);
    let counted = |of: fn(&Counts) -> u64| counts.as_ref().ok().map(of);
    ProfileSummary {
        name: location.profile().to_owned(),
        in_use_by: location.in_use_by(),
        bytes: size_of(&folder),
        sessions: counted(|counts| counts.sessions),
        running: counted(|counts| counts.running),
        notes: counted(|counts| counts.notes),
        last_used: last_opened(&folder)
            .and_then(|at| Timestamp::try_from(at).ok())
            .map(clock::in_words),
        opens_next,
        trouble: counts.err().map(Refusal::from),
        folder: folder.display().to_string(),
    }
}

#[derive(Default)]
struct Counts {
    sessions: u64,
    running: u64,
    notes: u64,
}

fn count(location: &ProfileLocation) -> Result<Counts, StoreError> {
    let store = match Store::open_read_only(&location.database()) {
        Err(StoreError::Absent { .. }) => return Ok(Counts::default()),
        opened => opened?,
    };
    let sessions = store.sessions()?;
    let goes_on = |state| matches!(state, SessionState::Waiting | SessionState::Running);
    Ok(Counts {
        sessions: sessions.len() as u64,
        running: sessions.iter().filter(|row| goes_on(row.summary.state)).count() as u64,
        notes: store.count_if_there("notes")?,
    })
}

/// When a program last opened the profile of this folder.
pub(super) fn last_opened(folder: &Path) -> Option<SystemTime> {
    fs::metadata(folder.join(HOLDER)).ok()?.modified().ok()
}

/// Bytes of all files in a folder; links are not followed.
fn size_of(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => size_of(&entry.path()),
        Ok(kind) if kind.is_file() => entry.metadata().map_or(0, |about| about.len()),
        _ => 0,
    });
    sizes.sum()
}
