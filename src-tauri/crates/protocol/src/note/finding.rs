//! Looking for notes, and numbers about them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Note;
use crate::ids::SessionId;

/// Which notes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct NoteFilter {
    /// Only those with this topic; empty: only those without any; null: whatever their topics.
    pub topic: Option<String>,
    /// Only those about this session, its sweeps and its points.
    pub session: Option<SessionId>,
    /// Only those with all these words, as people type them: the beginning of a word is enough, `"in quotes"` is a phrase, `-word` leaves
    /// out. Empty: all.
    pub search: String,
    /// Only those about some session: what whoever may only look is told.
    pub of_sessions_only: bool,
}

/// A note that was found, and where in its text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FoundNote {
    /// The note.
    #[serde(flatten)]
    pub note: Note,
    /// Where the words stand that were looked for, in order, without overlaps.
    pub matches: Vec<TextRange>,
}

/// A stretch of a text, counted in characters (Unicode code points) from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TextRange {
    /// First character.
    pub from: u32,
    /// The one behind the last.
    pub to: u32,
}

/// A topic and how many notes have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TopicCount {
    /// The topic.
    pub topic: String,
    /// Notes with it.
    #[ts(type = "number")]
    pub notes: u64,
    /// Words in them.
    #[ts(type = "number")]
    pub words: u64,
}

/// Numbers about notes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NoteStatistics {
    /// How many there are.
    #[ts(type = "number")]
    pub notes: u64,
    /// Words in them.
    #[ts(type = "number")]
    pub words: u64,
    /// Those that are about a session, one of its sweeps, or a point.
    #[ts(type = "number")]
    pub of_sessions: u64,
    /// Those without a topic.
    #[ts(type = "number")]
    pub without_topic: u64,
    /// Those that were changed after they were written.
    #[ts(type = "number")]
    pub changed: u64,
    /// Topics by their number of notes; a note with two topics counts in both.
    pub topics: Vec<TopicCount>,
    /// When the oldest was written, RFC 3339, UTC; null where there is none.
    pub oldest_at: Option<String>,
    /// When the newest was written.
    pub newest_at: Option<String>,
    /// Days on which notes were written, oldest first; days without any are not listed.
    pub days: Vec<DayCount>,
    /// Weeks, from Monday, in which notes were written, oldest first.
    pub weeks: Vec<WeekCount>,
}

/// Notes of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DayCount {
    /// The day, `2026-11-30`.
    pub day: String,
    /// Notes written on it.
    #[ts(type = "number")]
    pub notes: u64,
}

/// Notes of a week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WeekCount {
    /// Its Monday, `2026-11-30`.
    pub monday: String,
    /// Notes written in it.
    #[ts(type = "number")]
    pub notes: u64,
}
