//! What is sealed in frames: what agent and viewer say to each other (`docs/protocol.md`, "What is sealed").
//!
//! | Frame | Body |
//! |---|---|
//! | *log* | [`pack_entries`]; entries of deleted sessions are left out |
//! | *latest*, key [`STATUS`] | JSON of [`AgentStatus`] |
//! | *direct* | [`Direct`] |
//! | *open* | [`Opening`] |
//! | *query* | JSON of [`Question`] |
//! | *command* | JSON of [`Order`] |

mod answer;
mod asking;
mod direct;
mod log;
mod opening;
pub mod packing;
mod status;

pub use answer::{Reply, WholeAnswer};
pub use asking::{Ask, Order, Question};
pub use direct::{Direct, News};
pub use log::{pack_entries, unpack_entries};
pub use opening::{Opened, Opening, Verdict};
pub use status::{AgentStatus, STATUS, Trouble};

use super::bytes::FrameError;

/// A part of an answer is at most this long, bytes.
pub const PART: usize = 128 * 1024;

/// Parts that may be on their way to a visit, of all its answers together; the last part of an answer may go besides. With one
/// for each open question these are less than a relay lets wait for a connection.
pub const CREDIT: usize = 3;

/// Questions that a visit may have open.
pub const OPEN_QUESTIONS: usize = 4;

/// A command is refused that names a status older than this, ms.
pub const COMMAND_WITHIN_MS: u64 = 30_000;

/// Why a body cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// Its fields.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// Its JSON.
    #[error("the JSON of a frame could not be read: {0}")]
    Json(#[from] serde_json::Error),
    /// Its packing.
    #[error("a frame could not be unpacked")]
    Packing,
}

/// The JSON of a body.
///
/// # Errors
/// None that occur: these types are all JSON.
pub fn to_json(body: &impl serde::Serialize) -> Result<Vec<u8>, BodyError> {
    Ok(serde_json::to_vec(body)?)
}

/// A body from its JSON.
///
/// # Errors
/// It is none.
pub fn from_json<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, BodyError> {
    Ok(serde_json::from_slice(bytes)?)
}

#[cfg(test)]
mod tests;
