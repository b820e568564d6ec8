//! Why settings are refused.

use crate::refusal::Refusal;

/// Why settings are refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SettingsError {
    /// Not TOML, an unknown key, or a value of the wrong kind.
    #[error("{0}")]
    Syntax(String),
    /// A range that is not `[]` or `[low, high]` with low < high.
    #[error("{key} must be empty or [low, high] with low below high")]
    Range {
        /// The key.
        key: &'static str,
    },
    /// A range of indices that is not `[]` or `[first, last]` with first at most last.
    #[error("{key} must be empty or [first, last] with first at most last")]
    IndexRange {
        /// The key.
        key: &'static str,
    },
    /// A range of indices that another key asks for.
    #[error("{key} must be [first, last] where {when}")]
    IndexRangeNeeded {
        /// The key.
        key: &'static str,
        /// What asks for it.
        when: &'static str,
    },
    /// A list that another key asks for.
    #[error("{key} must not be empty where {when}")]
    Missing {
        /// The key.
        key: &'static str,
        /// What asks for it.
        when: &'static str,
    },
    /// No covariance matrix.
    #[error("{key} must be empty or four rows of four numbers, with none below 0 on the diagonal")]
    Covariance {
        /// The key.
        key: &'static str,
    },
    /// A number outside of what the key allows.
    #[error("{key} must be {allowed}, not {value}")]
    Number {
        /// The key.
        key: &'static str,
        /// What is allowed.
        allowed: &'static str,
        /// What was given.
        value: f64,
    },
    /// A key that another one needs is absent.
    #[error("{key} must be given where {with} is")]
    Absent {
        /// The key.
        key: &'static str,
        /// The key that needs it.
        with: &'static str,
    },
    /// A word that the key does not know.
    #[error("{key} does not know \"{value}\"; it takes {allowed}")]
    Word {
        /// The key.
        key: &'static str,
        /// What was given.
        value: String,
        /// What is allowed.
        allowed: &'static str,
    },
}

impl SettingsError {
    /// As it is told at every door.
    pub fn to_refusal(&self) -> Refusal {
        Refusal::new(
            "settings_invalid",
            format!("The settings cannot be used: {self}."),
            "Correct the value; docs/settings.md lists every key with its default.",
        )
    }
}
