//! Who did something.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Who did something. All who have the User ID are its owner: they are told apart by where they sit, not by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// Somebody at the recording computer.
    Here,
    /// Somebody with the User ID, through a relay.
    Afar,
}
