//! How an agent and its viewers talk through a relay that nobody has to trust (`docs/protocol.md`).
//!
//! A relay understands channels, offsets and bytes. What travels between agent and viewer is sealed: [`sealing`] has the
//! frames of both directions, [`hello`] how an agent proves that a channel is its own, [`message`] what either end says to the
//! relay itself. Integers are big-endian; `‖` joins bytes; `H(ikm, salt, info, n)` is HKDF-SHA256 with `n` bytes out.

pub mod body;
mod bytes;
pub mod close;
pub mod header;
pub mod hello;
pub mod ids;
mod keys;
pub mod message;
mod retirement;
pub mod sealing;
pub mod version;
pub mod words;

pub use bytes::FrameError;
pub use close::CloseCode;
pub use ids::{Epoch, Offset, Position, Process, Run, Visit};
pub use keys::{ControlKey, LabelKey, ViewKey};
pub use retirement::Retirement;
pub use version::{PROTOCOL_VERSION, VersionMismatch, Versions};

/// Longest frame from an agent, bytes: a chunk of 128 KiB with room for what it is packed in.
pub const LONGEST_DOWN: usize = 256 * 1024;

/// Longest frame from a viewer, bytes: settings and the longest question are far below it.
pub const LONGEST_UP: usize = 64 * 1024;

/// Longest hello, bytes.
pub const LONGEST_HELLO: usize = 4 * 1024;

#[cfg(test)]
mod vectors;
