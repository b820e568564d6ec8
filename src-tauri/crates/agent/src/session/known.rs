//! What a session knows of the files in its folder, so that a look costs the same however many there are.

use std::collections::HashMap;
use std::time::Duration;

use protocol::session::FileState;
use tokio::time::Instant;

use super::places::{Place, Places};
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

/// Reason of a file whose kept content cannot be had any more.
pub const DAMAGED: &str = "content_damaged";

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
    /// Look at it at the next scan, though it did not change.
    pub try_again: bool,
    /// The kept content never gave a number, so that the next of its kind replaces it.
    pub replaceable: bool,
    /// When a file that misses points has rested for so long that nobody goes on writing it.
    pub gives_up: Option<Instant>,
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
            replaceable: false,
            gives_up: None,
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
            // Of a file that was left out nothing is kept, and the settings may have changed since.
            try_again: row.entry.state == FileState::Skipped && row.hash.is_none()
                || row.entry.reason.as_deref().is_some_and(is_worth_another_try),
            ..Self::new(signature, now)
        }
    }

    /// The state that was told.
    pub fn state(&self) -> Option<FileState> {
        self.told.as_ref().map(|(state, _)| *state)
    }

    /// Whether it may be readable at the next scan without having changed.
    pub fn is_worth_another_try(&self) -> bool {
        matches!(&self.told, Some((_, Some(reason))) if is_worth_another_try(reason))
    }

    /// Whether this is what was told of it.
    pub fn is_told(&self, state: FileState, reason: &str) -> bool {
        matches!(&self.told, Some((told, Some(why))) if *told == state && why == reason)
    }

    /// The content that need not be read again: that of a file which is neither awaited nor damaged in the store.
    pub fn settled_hash(&self) -> Option<[u8; 32]> {
        let is_settled = self.state() != Some(FileState::Partial) && !self.is_told(FileState::Skipped, DAMAGED);
        self.hash.filter(|_| is_settled)
    }
}

/// What a recomputation made of one file.
#[derive(Debug)]
pub struct Recomputed {
    /// Name.
    pub name: String,
    /// Row in the store.
    pub row: i64,
    /// The content that was measured.
    pub file_revision: u32,
    /// State and reason now.
    pub told: (FileState, Option<String>),
    /// Its place in the series.
    pub place: Option<Place>,
}

/// All files of a session.
#[derive(Debug, Default)]
pub struct KnownFiles {
    files: HashMap<String, KnownFile>,
    /// Which of them has which place in the series.
    pub places: Places,
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
            known.places.note_row(&row.entry.file, row.row);
            // A file whose next content is being written keeps its place, as it keeps its numbers.
            let has_numbers = match row.entry.state {
                FileState::Measured => true,
                FileState::Partial => row.entry.file_revision > 0,
                _ => false,
            };
            if has_numbers {
                let facts = FileFacts {
                    electrode: row.electrode,
                    frequency_hz: row.entry.frequency_hz,
                    index: row.entry.index,
                    ..FileFacts::default()
                };
                known.places.claim(&row.entry.file, facts.place());
            }
        }
        known
    }

    /// What is known of a file.
    pub fn get(&self, name: &str) -> Option<&KnownFile> {
        self.files.get(name)
    }

    /// What is known of a file, to change it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut KnownFile> {
        self.files.get_mut(name)
    }

    /// Forgets a file, so that it is new when it is seen again.
    pub fn forget(&mut self, name: &str) {
        self.files.remove(name);
    }

    /// Learns from a growing file at which pace its instrument writes. To be called before its signature is noted.
    pub fn learn_pace(&mut self, name: &str, signature: Signature, now: Instant) {
        if let Some(file) = self.files.get(name)
            && file.signature != signature
        {
            // By the file's own clock: how late we looked says nothing about the instrument.
            let gap = signature.modified_ns.saturating_sub(file.signature.modified_ns);
            let gap = Duration::from_nanos(u64::try_from(gap).unwrap_or(0));
            if gap > QUIET / 2 && now - file.changed <= LONGEST_GAP {
                self.longest_gap = self.longest_gap.max(gap.min(LONGEST_GAP));
            }
        }
    }

    /// Notes a signature and, where it changed, when.
    pub fn note(&mut self, name: &str, signature: Signature, now: Instant) -> &mut KnownFile {
        let file = self
            .files
            .entry(name.to_owned())
            .or_insert_with(|| KnownFile::new(signature, now));
        if file.signature != signature {
            file.signature = signature;
            file.changed = now;
            file.gives_up = None;
        }
        file
    }

    /// How long a file without an end mark must rest: at least three times the longest pause its instrument made.
    pub fn quiet_time(&self) -> Duration {
        (3 * self.longest_gap).clamp(QUIET, LONGEST_QUIET)
    }

    /// Notes what new settings made of the kept files, and looks again at all that are not measured: they may be usable now.
    pub fn after_recomputation(&mut self, files: Vec<Recomputed>) {
        for recomputed in files {
            self.places.note_row(&recomputed.name, recomputed.row);
            if recomputed.told.0 == FileState::Measured {
                self.places.claim(&recomputed.name, recomputed.place);
            } else {
                self.places.release(&recomputed.name);
            }
            if let Some(known) = self.files.get_mut(&recomputed.name)
                && known.file_revision == recomputed.file_revision
                && known.state() != Some(FileState::Partial)
            {
                known.told = Some(recomputed.told);
            }
        }
        for known in self.files.values_mut() {
            // What gave nothing under the old settings may give numbers under these.
            known.replaceable = false;
            known.try_again |= known.state() != Some(FileState::Measured);
        }
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
        let mut see = |name: &str, seconds: i64, now: Instant| {
            known.learn_pace(name, signature(seconds), now);
            known.note(name, signature(seconds), now);
            known.quiet_time()
        };
        assert_eq!(see("slow", 0, start), QUIET);
        // Looking late at a file that grows fast is not a slow instrument.
        see("fast", 0, start);
        assert_eq!(see("fast", 0, start + Duration::from_secs(5)), QUIET);
        assert_eq!(see("slow", 3, start + Duration::from_secs(3)), Duration::from_secs(9));
        // A file that is written again hours later says nothing about the pace.
        see("slow", 7200, start + Duration::from_hours(2));
        // Nor does a clock that was set back.
        assert_eq!(
            see("slow", 100, start + Duration::from_hours(2)),
            Duration::from_secs(9)
        );
    }
}
