//! Whether and how a profile's experiments are shared, as its owner's window shows it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::refusal::Refusal;

/// What becomes of a User ID that is renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OldUserId {
    /// It came into wrong hands: relays refuse whoever comes with it from now on.
    GivenUp,
    /// This profile is a copy: the one that it was copied from goes on with it.
    StaysInUse,
}

/// How sharing goes. Off until the owner turns it on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "sharing", rename_all = "snake_case")]
pub enum SharingStatus {
    /// Nothing leaves this computer.
    Off {
        /// Relay that was used last.
        relay: Option<String>,
    },
    /// The relay is being called.
    Connecting {
        /// Its address.
        relay: String,
        /// When that began, RFC 3339, UTC.
        since: String,
    },
    /// Holders of a code can follow.
    Online {
        /// The relay's address.
        relay: String,
        /// Since when, RFC 3339, UTC.
        since: String,
        /// How many look.
        viewers: u32,
    },
    /// The relay cannot be reached; it is tried again.
    Offline {
        /// Its address.
        relay: String,
        /// Since when, RFC 3339, UTC.
        since: String,
        /// Why.
        reason: Refusal,
        /// When it is tried again, RFC 3339, UTC.
        again_at: String,
    },
    /// The relay does not want this agent.
    Refused {
        /// Its address.
        relay: String,
        /// Since when, RFC 3339, UTC.
        since: String,
        /// Why, and what to do.
        reason: Refusal,
        /// When it is tried again; none where that is of no use.
        again_at: Option<String>,
    },
}
