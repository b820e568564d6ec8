//! What an agent repeats every few seconds, so that a lost frame, a slow relay and a dead agent are noticed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::SessionId;

/// Key of the *latest* frame that carries an [`AgentStatus`].
pub const STATUS: u16 = 1;

/// How the agent is. Sent every 5 s and whenever something in it changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AgentStatus {
    /// Offset of the newest entry of the record.
    #[ts(type = "number")]
    pub head: u64,
    /// Milliseconds of the agent's run, by a clock that nobody sets. Commands name the newest one they have seen.
    #[ts(type = "number")]
    pub tick_ms: u64,
    /// Time on the agent's computer, RFC 3339, UTC.
    pub at: String,
    /// How many look, as the relay says.
    pub viewers: u32,
    /// What the store has trouble with.
    pub trouble: Option<Trouble>,
    /// Sessions that were deleted in this run of the agent; the newest 32.
    pub deleted: Vec<SessionId>,
    /// Counts the changes of the profile's notes: another number than before has viewers ask for them again.
    #[serde(default)]
    #[ts(type = "number")]
    pub notes: u64,
}

/// What the store has trouble with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Trouble {
    /// Stable code.
    pub code: String,
    /// For people.
    pub message: String,
}
