//! The one shape of an error at every door: a stable code for programs, a sentence for people, what to do next.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{message} {hint}")]
pub struct Refusal {
    /// Stable `snake_case` code.
    pub code: String,
    /// One sentence that says what happened, to which file or action.
    pub message: String,
    /// One sentence that says what to do next; may be empty where nothing can be done.
    pub hint: String,
}

impl Refusal {
    /// A refusal from its three parts.
    pub fn new(code: impl Into<String>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            hint: hint.into(),
        }
    }
}
