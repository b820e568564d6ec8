//! What relays share of a channel: whose it is, who holds it, its window. In memory for one process, in Redis for many.
//!
//! Whatever changes a channel names the **fence** of its claim. A claim that was superseded can change nothing more: its
//! fence is no longer the channel's.

mod backend;
mod channel;
mod memory;
mod news;
mod redis;

pub use backend::{Ear, Shared};
pub use channel::SharedChannel;
pub use memory::Memory;
pub use news::News;
pub use redis::{NotReady, Redis, RedisAddress};

use bytes::Bytes;
use protocol::codes::Channel;
use protocol::relay::hello::SealedLabel;
use protocol::relay::{Epoch, Offset, Position, Process, Run};

use crate::channel::Kept;

/// Rises with every claim of a channel.
pub type Fence = u64;

/// What an agent claims a channel with; its hello has been verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The channel.
    pub channel: Channel,
    /// Public half of the owner key.
    pub owner: [u8; 32],
    /// Generation of the view-only code.
    pub generation: u16,
    /// SHA-256 of its join token.
    pub join_hash: [u8; 32],
    /// Program that claims it.
    pub process: Process,
    /// Connection that claims it.
    pub run: Run,
    /// Name of the computer, sealed.
    pub label: SealedLabel,
    /// The claim that was probed and did not answer, and may be taken over.
    pub silent: Option<Fence>,
}

/// Who holds a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Its claim.
    pub fence: Fence,
    /// Its program.
    pub process: Process,
    /// Its connection.
    pub run: Run,
    /// Its computer's name, sealed.
    pub label: SealedLabel,
    /// The relay that it is connected to.
    pub relay: RelayId,
}

/// One relay process among several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RelayId(pub [u8; 16]);

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// The channel is the agent's.
    Yes {
        /// Its claim.
        fence: Fence,
        /// How far the window has come.
        position: Option<Position>,
        /// No agent has ever been here: those who wait have not been checked yet.
        first: bool,
    },
    /// Another program holds it.
    Held(Lease),
    /// Its owner has given it up.
    Retired,
}

/// A claim no longer counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// Another claim took the channel over.
    #[error("another connection of the agent took the channel over")]
    Fenced,
    /// Its owner has given it up.
    #[error("the channel is retired")]
    Retired,
    /// What relays share cannot be reached now: nothing was done, and nothing is lost.
    #[error("what the relays share cannot be reached now")]
    Away,
}

/// What relays share cannot be reached now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what the relays share cannot be reached now")]
pub struct Away;

impl From<Away> for Lost {
    fn from(_: Away) -> Self {
        Self::Away
    }
}

/// A live claim, as it is kept alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Renewed {
    /// How far the window has come.
    pub position: Option<Position>,
    /// Viewers at all relays.
    pub viewers: u32,
    /// The claim was as before; otherwise it had run out, or was forgotten.
    pub was_kept: bool,
}

/// What a viewer has to know of a channel to be let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Door {
    /// Generation of the view-only code.
    pub generation: u16,
    /// SHA-256 of its join token.
    pub join_hash: [u8; 32],
    /// Its owner has given it up.
    pub retired: bool,
}

/// What a viewer gets when it joins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Public half of the owner key.
    pub owner: [u8; 32],
    /// Generation of the view-only code.
    pub generation: u16,
    /// Life of the record, once an agent has begun one.
    pub epoch: Option<Epoch>,
    /// First entry of the window.
    pub floor: Offset,
    /// Last entry of the window.
    pub top: Offset,
    /// Whether somebody holds the channel.
    pub agent_present: bool,
    /// When somebody last did, seconds since 1970.
    pub seen_s: u64,
    /// Whether these are all frames that there are.
    pub is_whole: bool,
    /// The frames after the viewer's position.
    pub frames: Vec<Kept>,
    /// The newest of each kind.
    pub latest: Vec<Bytes>,
}
