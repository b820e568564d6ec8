//! Notes: what people write about their experiments. They are the profile's; a note may be about a session, about the sweeps of
//! one file number, or about one point.

mod checking;
mod finding;

pub use checking::{
    LONGEST_NOTE, LONGEST_SEARCH, LONGEST_TOPIC, MOST_BYTES_TOGETHER, MOST_TOGETHER, MOST_TOPICS, checked, checked_all,
    checked_topic, topic_key, words,
};
pub use finding::{DayCount, FoundNote, NoteFilter, NoteStatistics, TextRange, TopicCount, WeekCount};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::author::Author;
use crate::ids::{MeasurementId, NoteId, SessionId};

/// What a note is about, besides the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "to", rename_all = "snake_case", deny_unknown_fields)]
pub enum NoteLink {
    /// A session as a whole.
    Session {
        /// Which.
        session: SessionId,
    },
    /// All sweeps of one file number.
    Sweep {
        /// Of which session.
        session: SessionId,
        /// File number.
        index: u32,
    },
    /// One measurement.
    Point {
        /// Of which session.
        session: SessionId,
        /// Which.
        measurement: MeasurementId,
    },
}

impl NoteLink {
    /// The session that it is about, or lies in.
    pub fn session(&self) -> SessionId {
        match self {
            Self::Session { session } | Self::Sweep { session, .. } | Self::Point { session, .. } => *session,
        }
    }
}

/// A note as somebody writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NoteDraft {
    /// Identity, chosen by whoever writes it.
    pub id: NoteId,
    /// The text, 1 to 10,000 characters, on as many lines as wanted.
    pub text: String,
    /// Topics, at most 12, each of 1 to 60 characters without a comma. Large and small letters are not told apart.
    #[serde(default)]
    pub topics: Vec<String>,
    /// What it is about; null: the profile.
    #[serde(default)]
    pub link: Option<NoteLink>,
}

/// A note as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Note {
    /// Identity.
    pub id: NoteId,
    /// How often it was written: 1 for a note that was never changed. A change names the revision that it is based on.
    pub revision: u32,
    /// The text.
    pub text: String,
    /// Its topics, in their order.
    pub topics: Vec<String>,
    /// What it is about; null: the profile.
    pub link: Option<NoteLink>,
    /// Where that is, for people; null without a link.
    pub place: Option<NotePlace>,
    /// Name of the session that it was about, where that session was deleted.
    pub former_session: Option<String>,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// Who wrote it.
    pub created_by: Author,
    /// RFC 3339, UTC; as `created_at` for a note that was never changed.
    pub changed_at: String,
    /// Who changed it last.
    pub changed_by: Author,
}

/// Where the thing is that a note is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct NotePlace {
    /// Name of the session.
    pub session_name: String,
    /// File number; null for a session, and for a point whose file's name has none.
    pub index: Option<u32>,
    /// Electrode of a point; null for an average, and for what is no point.
    pub electrode: Option<u32>,
    /// Frequency of a point, Hz.
    pub frequency_hz: Option<f64>,
    /// File of a point, relative to the session's folder.
    pub file: Option<String>,
}
