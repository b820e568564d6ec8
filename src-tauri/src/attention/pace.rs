//! How often files come to a session, and when it is too quiet.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Gaps between files that are remembered.
const REMEMBERED: usize = 8;
/// A session is quiet when nothing came for so many times its longest remembered gap.
const TIMES: u32 = 4;
/// Sooner than this no session is called quiet: instruments pause between scans, and people change samples.
const AT_LEAST: Duration = Duration::from_mins(2);
/// While the pace is not known yet.
const UNKNOWN: Duration = Duration::from_mins(20);

/// The pace of one session's files.
#[derive(Debug, Default)]
pub struct Pace {
    quiet_since: Option<Instant>,
    /// Whether the time since then is a gap between two files, and not a pause or an absence of this program.
    is_gap: bool,
    gaps: VecDeque<Duration>,
}

impl Pace {
    /// A file came.
    pub fn arrived(&mut self, now: Instant) {
        if let Some(since) = self.quiet_since.filter(|_| self.is_gap) {
            if self.gaps.len() == REMEMBERED {
                self.gaps.pop_front();
            }
            self.gaps.push_back(now.saturating_duration_since(since));
        }
        (self.quiet_since, self.is_gap) = (Some(now), true);
    }

    /// Files are awaited from now on, whatever was before.
    pub fn resume(&mut self, now: Instant) {
        (self.quiet_since, self.is_gap) = (Some(now), false);
    }

    /// The time since the last file is no gap: it was a stall.
    pub fn forget_gap(&mut self) {
        self.is_gap = false;
    }

    /// No files are awaited.
    pub fn rest(&mut self) {
        self.quiet_since = None;
    }

    /// When the session is too quiet; none while no files are awaited.
    pub fn due(&self) -> Option<Instant> {
        Some(self.quiet_since? + self.patience())
    }

    /// How long it has been quiet.
    pub fn quiet_for(&self, now: Instant) -> Duration {
        self.quiet_since
            .map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
    }

    /// The longest gap that was usual, where one is known.
    pub fn usual(&self) -> Option<Duration> {
        self.gaps.iter().max().copied()
    }

    fn patience(&self) -> Duration {
        self.usual().map_or(UNKNOWN, |gap| (gap * TIMES).max(AT_LEAST))
    }
}
