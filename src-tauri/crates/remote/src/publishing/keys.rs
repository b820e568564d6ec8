//! The keys of a User ID that publishing needs.

use protocol::codes::{Channel, UserId};
use protocol::relay::{ControlKey, LabelKey, ViewKey};
use sha2::{Digest, Sha256};

/// Everything that follows from a User ID and a generation of its view-only code.
#[derive(Clone)]
pub struct Keys {
    user_id: UserId,
    pub generation: u16,
    pub channel: Channel,
    pub view: ViewKey,
    pub control: ControlKey,
    pub label: LabelKey,
    pub join_hash: [u8; 32],
}

impl Keys {
    pub fn of(user_id: &UserId, generation: u16) -> Self {
        let code = user_id.view_only_code(generation);
        Self {
            user_id: *user_id,
            generation,
            channel: code.channel,
            view: ViewKey::of(&code),
            control: ControlKey::of(user_id),
            label: LabelKey::of(user_id),
            join_hash: Sha256::digest(code.join_token()).into(),
        }
    }

    /// What signs.
    pub fn user_id(&self) -> &UserId {
        &self.user_id
    }
}
