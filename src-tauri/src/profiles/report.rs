//! What a change of profiles did, for the page that comes after it.

use serde::Serialize;

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "done", rename_all = "snake_case")]
pub enum Report {
    /// The profile was in use already; nothing was done.
    Already {
        /// The profile.
        profile: String,
    },
    /// The window uses another profile.
    Switched {
        /// The profile now.
        profile: String,
        /// The profile before.
        previous: String,
        /// How many sessions of the one before go on in the background.
        kept: usize,
        /// How many sessions of the one before were stopped.
        stopped: usize,
        /// Whether the one before is still shared.
        shared: bool,
        /// What did not go as it should.
        warnings: Vec<String>,
    },
    /// A profile has another name.
    Renamed {
        /// The name now.
        profile: String,
        /// The name before.
        previous: String,
        /// What did not go as it should.
        warnings: Vec<String>,
    },
}
