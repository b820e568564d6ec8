//! The record: everything that happened, in order. A viewer's screen is a fold over it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::author::Author;
use crate::ids::{MeasurementId, OperationId, SessionId};
use crate::mark::Mark;
use crate::measurement::Measurement;
use crate::session::{FileState, Marker, SessionState, Source};
use crate::settings::Settings;

/// One entry of the record. Serialises to one flat object with `event`, `session`, `seq` and the event's own fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RecordEntry {
    /// Session it belongs to.
    pub session: SessionId,
    /// Position within the session, from 1 without gaps.
    #[ts(type = "number")]
    pub seq: u64,
    /// Position within the profile's store, from 1 without gaps, over all sessions.
    #[ts(type = "number")]
    pub offset: u64,
    /// When it was committed, RFC 3339, UTC.
    pub at: String,
    /// What happened.
    #[serde(flatten)]
    pub event: RecordEvent,
}

/// What can happen in a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum RecordEvent {
    /// The session began.
    SessionStarted {
        /// Its name.
        name: String,
        /// Where its files come from.
        source: Source,
        /// Settings revision 1.
        settings: Box<Settings>,
    },
    /// A file was measured; all of its electrodes.
    Measured {
        /// One per electrode, or one failed measurement for a file that could not be used.
        measurements: Vec<Measurement>,
    },
    /// A file changed its state.
    FileState {
        /// Name relative to the session's folder.
        file: String,
        /// Content revision; 0 while nothing complete was read.
        file_revision: u32,
        /// What became of it.
        state: FileState,
        /// Stable code, where it was not measured.
        reason: Option<String>,
        /// The same for people.
        message: Option<String>,
    },
    /// New settings are in force; a recomputation follows.
    SettingsRevised {
        /// The new revision.
        revision: u32,
        /// From where it was made; absent in earlier records.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        from: Option<Author>,
        /// The new settings.
        settings: Box<Settings>,
    },
    /// All kept sweeps were measured anew.
    Recomputed {
        /// Revision that is now in force everywhere.
        revision: u32,
        /// How many measurements there are now.
        #[ts(type = "number")]
        measurements: u64,
    },
    /// A marker was set, moved or renamed.
    MarkerChanged {
        /// The marker as it is now.
        marker: Marker,
        /// True when it was taken away.
        removed: bool,
    },
    /// Points were left out of the trends, or taken in again.
    ExclusionChanged {
        /// Which.
        measurements: Vec<MeasurementId>,
        /// Left out or taken in.
        excluded: bool,
    },
    /// Points of a sweep were marked by hand, or a mark was taken away.
    MarkChanged {
        /// The mark as it is now, or was.
        mark: Mark,
        /// True when it was taken away.
        removed: bool,
        /// The sweep's measurement as it is now, where it has one.
        measurement: Option<Box<Measurement>>,
    },
    /// The name, the state or its reason changed.
    SessionChanged {
        /// Name as it is now.
        name: String,
        /// State as it is now.
        state: SessionState,
        /// Why, for people.
        reason: Option<String>,
    },
    /// The session became a temporary one, stays for another time, or is kept.
    ExpiryChanged {
        /// Seconds after its end, or after this entry where it had ended, at which it is deleted; null where it is kept.
        #[ts(type = "number | null")]
        after_s: Option<u64>,
    },
    /// The session ended; it can be reopened.
    SessionEnded {
        /// Why, for people.
        reason: Option<String>,
    },
}

/// What is told to everybody who listens, without a place in the record: only the newest matters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum LiveEvent {
    /// The agent came or went.
    AgentStatus {
        /// Whether it runs.
        online: bool,
    },
    /// How many look at this agent.
    Viewers {
        /// Number of viewers.
        count: u32,
    },
    /// A long operation got on.
    Progress {
        /// Which.
        operation: OperationId,
        /// Session it works on.
        session: SessionId,
        /// What it is, for people.
        label: String,
        /// Steps done.
        #[ts(type = "number")]
        done: u64,
        /// Steps in all.
        #[ts(type = "number")]
        total: u64,
        /// How it ended, once it has.
        outcome: Option<OperationOutcome>,
    },
    /// A session was deleted with everything in it.
    SessionDeleted {
        /// Which.
        session: SessionId,
    },
    /// Notes of the profile were written, changed or deleted: whoever shows some asks again.
    NotesChanged {
        /// Counts the changes of the store's notes.
        #[ts(type = "number")]
        version: u64,
    },
    /// The store has trouble (full disk, locked): intake waits and tries again.
    StoreTrouble {
        /// Stable code; empty when the trouble is over.
        code: String,
        /// For people; empty when the trouble is over.
        message: String,
    },
}

/// How a long operation ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum OperationOutcome {
    /// All of it.
    Done,
    /// Stopped by the user; nothing was left behind.
    Cancelled,
    /// Not done.
    Failed {
        /// Why.
        refusal: crate::refusal::Refusal,
    },
}

/// What a subscriber receives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum Event {
    /// A durable entry, in order, once.
    Record(Box<RecordEntry>),
    /// News without a place in the record.
    Live(LiveEvent),
}
