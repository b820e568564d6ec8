//! What a session knows of the files in its folder, so that a look costs the same however many there are.

use std::collections::HashMap;
use std::time::Duration;

use protocol::session::FileState;
use tokio::time::Instant;

use crate::analysis::FileFacts;
use crate::intake::Signature;
use crate::store::FileRow;

/// Shortest time without change after which a format without an end mark counts as complete.
pub const QUIET: Duration = Duration::from_secs(1);
/// Longest.
pub const LONGEST_QUIET: Duration = Duration::from_mins(2);
/// Gaps up to this long between two changes of a file count as its instrument's pace.
const LONGEST_GAP: Duration = Duration::from_secs(40);

/// Whether a file that was skipped for this reason may be readable without having changed.
pub fn is_worth_another_try(reason: &str) -> bool {
    matches!(reason, "permission_denied" | "cannot_be_read" | "vanished")
}

/// A place in the series: electrode in the name, frequency (bits), index.
pub type Place = (Option<u32>, Option<u64>, u32);

/// What was told of a file before a new content began to arrive.
#[derive(Debug, Clone)]
pub struct EarlierState {
    /// State.
    pub state: FileState,
    /// Its code, where it was not measured.
    pub reason: Option<String>,
}

/// What is known of one file.
#[derive(Debug, Clone)]
pub struct KnownFile {
    /// Signature when it was last looked at.
    pub signature: Signature,
    /// When the signature last changed while we watched.
    pub changed: Instant,
    /// Since when its end is awaited.
    pub unfinished_since: Option<Instant>,
    /// State that was told, or `None` where nothing was told yet.
    pub told: Option<(FileState, Option<String>)>,
    /// Newest complete content; 0 = none yet.
    pub file_revision: u32,
    /// Its SHA-256.
    pub hash: Option<[u8; 32]>,
    /// Opening failed: try again at every scan.
    pub try_again: bool,
    /// State before a new content began to arrive, to go back to if it turns out to be the same.
    pub before_partial: Option<Box<EarlierState>>,
}

impl KnownFile {
    /// A file that nobody has told anything about.
    pub fn new(signature: Signature, now: Instant) -> Self {
        Self {
            signature,
            changed: now,
            unfinished_since: None,
            told: None,
            file_revision: 0,
            hash: None,
            try_again: false,
            before_partial: None,
        }
    }

    /// A file as an earlier run left it.
    pub fn from_row(row: &FileRow, now: Instant) -> Self {
        let signature = Signature {
            bytes: row.entry.bytes,
            modified_ns: row.modified_ns,
        };
        Self {
            told: Some((row.entry.state, row.entry.reason.clone())),
            file_revision: row.entry.file_revision,
            hash: row.hash.as_deref().and_then(|h| h.try_into().ok()),
            try_again: row.entry.reason.as_deref().is_some_and(is_worth_another_try),
            ..Self::new(signature, now)
        }
    }

    /// The state that was told.
    pub fn state(&self) -> Option<FileState> {
        self.told.as_ref().map(|(state, _)| *state)
    }
}

/// All files of a session.
#[derive(Debug, Default)]
pub struct KnownFiles {
    files: HashMap<String, KnownFile>,
    places: HashMap<Place, String>,
    longest_gap: Duration,
}

impl KnownFiles {
    /// As the store has them.
    pub fn load(rows: &[FileRow], now: Instant) -> Self {
        let mut known = Self::default();
        for row in rows {
            known
                .files
                .insert(row.entry.file.clone(), KnownFile::from_row(row, now));
            if row.entry.state == FileState::Measured {
                let facts = FileFacts {
                    electrode: row.electrode,
                    frequency_hz: row.entry.frequency_hz,
                    index: row.entry.index,
                    ..FileFacts::default()
                };
                known.claim_place(&facts, &row.entry.file);
            }
        }
        known
    }

    /// What is known of a file.
    pub fn get(&self, name: &str) -> Option<&KnownFile> {
        self.files.get(name)
    }

    /// Notes a signature and, where it changed, when; learns the pace at which files grow.
    pub fn note(&mut self, name: &str, signature: Signature, now: Instant) -> &mut KnownFile {
        let file = self
            .files
            .entry(name.to_owned())
            .or_insert_with(|| KnownFile::new(signature, now));
        if file.signature != signature {
            // By the file's own clock: how late we looked says nothing about the instrument.
            let gap = signature.modified_ns.saturating_sub(file.signature.modified_ns);
            let gap = Duration::from_nanos(u64::try_from(gap).unwrap_or(0));
            if gap > QUIET / 2 && now - file.changed <= LONGEST_GAP {
                self.longest_gap = self.longest_gap.max(gap.min(LONGEST_GAP));
            }
            file.signature = signature;
            file.changed = now;
        }
        file
    }

    /// How long a file without an end mark must rest: at least three times the longest pause its instrument made.
    pub fn quiet_time(&self) -> Duration {
        (3 * self.longest_gap).clamp(QUIET, LONGEST_QUIET)
    }

    /// Takes a place in the series; returns the other file that has it already.
    pub fn claim_place(&mut self, facts: &FileFacts, name: &str) -> Option<&str> {
        let place = facts.place()?;
        let holder = self.places.entry(place).or_insert_with(|| name.to_owned());
        (holder != name).then_some(holder.as_str())
    }

    /// Forgets the files of which nothing is kept, so that they are looked at again under new rules.
    pub fn forget_unkept(&mut self) {
        self.files
            .retain(|_, file| file.hash.is_some() || file.state() == Some(FileState::Partial));
    }

    /// Puts newly computed places into force.
    pub fn set_places(&mut self, places: HashMap<Place, String>) {
        self.places = places;
    }

    /// Files that wait for their end.
    pub fn partial(&self) -> impl Iterator<Item = &String> {
        self.files
            .iter()
            .filter(|(_, f)| f.state() == Some(FileState::Partial))
            .map(|(name, _)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(seconds: i64) -> Signature {
        Signature {
            bytes: 1,
            modified_ns: seconds * 1_000_000_000,
        }
    }

    #[test]
    fn the_quiet_time_follows_a_slow_instrument() {
        let (mut known, start) = (KnownFiles::default(), Instant::now());
        known.note("slow", signature(0), start);
        assert_eq!(known.quiet_time(), QUIET);
        // Looking late at a file that grows fast is not a slow instrument.
        known.note("fast", signature(0), start);
        known.note("fast", signature(0), start + Duration::from_secs(5));
        assert_eq!(known.quiet_time(), QUIET);
        known.note("slow", signature(3), start + Duration::from_secs(3));
        assert_eq!(known.quiet_time(), Duration::from_secs(9));
        // A file that is written again hours later says nothing about the pace.
        known.note("slow", signature(7200), start + Duration::from_hours(2));
        // Nor does a clock that was set back.
        known.note("slow", signature(100), start + Duration::from_hours(2));
        assert_eq!(known.quiet_time(), Duration::from_secs(9));
    }

    #[test]
    fn a_place_belongs_to_the_first_file() {
        let mut known = KnownFiles::default();
        let facts = FileFacts {
            frequency_hz: Some(15.0),
            index: Some(3),
            ..FileFacts::default()
        };
        assert_eq!(known.claim_place(&facts, "a_15Hz_3.txt"), None);
        assert_eq!(known.claim_place(&facts, "a_15Hz_3.txt"), None);
        assert_eq!(known.claim_place(&facts, "b_15Hz_3.txt"), Some("a_15Hz_3.txt"));
        assert_eq!(known.claim_place(&FileFacts::default(), "no index"), None);
    }
}
