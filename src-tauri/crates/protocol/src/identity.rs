//! The profile's identity as the owner's own window shows it. Never sent to anybody else.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::refusal::Refusal;

/// Where the User ID is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeptIn {
    /// In the operating system's keyring.
    Keyring,
    /// In a file of the data folder that only its owner can read.
    OwnerOnlyFile,
}

/// What the window knows about the User ID.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "identity", rename_all = "snake_case")]
pub enum IdentityStatus {
    /// It is there.
    Known {
        /// The User ID: a secret, shown to its owner only.
        user_id: String,
        /// Its first group.
        short: String,
        /// The view-only code.
        view_only_code: String,
        /// Where it is kept.
        kept_in: KeptIn,
    },
    /// There is no usable keyring, and none was ever kept: may it be kept in an owner-only file?
    NeedsConsent {
        /// What is wrong with the keyring.
        refusal: Refusal,
    },
    /// It was kept once and cannot be read now; everything but sharing goes on.
    Unavailable {
        /// What is wrong, and the way out.
        refusal: Refusal,
    },
}

impl std::fmt::Debug for IdentityStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Known { short, kept_in, .. } => write!(f, "Known({short}…, {kept_in:?})"),
            Self::NeedsConsent { refusal } | Self::Unavailable { refusal } => write!(f, "{refusal:?}"),
        }
    }
}
