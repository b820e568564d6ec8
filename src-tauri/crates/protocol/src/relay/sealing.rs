//! Sealing and opening what a relay carries: AES-256-GCM, and the owner's signature on everything from an agent.
//!
//! Nonce: `0x00000000 ‖ counter`. AAD: `"sacmes/1" ‖ channel ‖ context 16 ‖ header`, where the context is the epoch in log
//! frames, the agent's run in questions and commands, and zeros in all others. Signature: Ed25519 over
//! `"sacmes/1 frame" ‖ AAD ‖ ciphertext ‖ tag`. Frames from viewers are padded to multiples of 256 bytes before sealing,
//! since their lengths would name commands.

mod down;
mod key;
#[cfg(test)]
mod tests;
mod up;

pub use down::{DownOpener, DownSealer, Opened};
pub use key::SealingKey;
pub use up::{UpOpener, UpSealer, open_once};

use super::bytes::FrameError;

/// Why a frame was not opened. The reason is for counters: whoever sent it learns nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It is no frame.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// It was sealed under another generation of the view-only code.
    #[error("the frame belongs to generation {0} of the view-only code")]
    Generation(u16),
    /// The owner did not sign it.
    #[error("the frame is not signed by the owner of the channel")]
    Signature,
    /// It is not what was sealed under this key, for this place.
    #[error("the frame was altered, or sealed under another key")]
    Altered,
    /// It came before, or an older one of its kind does.
    #[error("the frame came before")]
    Replayed,
    /// A run has used up its counters; a new run begins.
    #[error("the run has sealed as many frames as it may")]
    Exhausted,
}

/// Frames that one key may seal; then a new run begins.
const MOST_FRAMES: u64 = 1 << 32;
