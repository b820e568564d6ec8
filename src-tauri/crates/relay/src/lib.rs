//! The relay: an encrypted log with subscribers. It understands channels, offsets and bytes, and nothing of what they mean
//! (`docs/protocol.md`, `docs/relay.md`).
//!
//! A **channel** has one agent and any number of viewers. Its **window** is the recent part of the agent's log; the agent
//! keeps all of it. What is shared between relays (windows, leases) and what belongs to one process (connections) are
//! apart, so that one process with memory and many with Redis run the same code.

pub mod channel;
pub mod connection;
pub mod counters;
pub mod limits;
pub mod numbers;
pub mod places;
pub mod rate;
pub mod rates;
pub mod relay;
pub mod server;
pub mod shared;

use sha2::{Digest, Sha256};

/// What a relay keeps of its access token.
pub fn access_token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
