//! A remembered agent, as lists show it: without its code.

use protocol::identity::KeptIn;
use protocol::refusal::Refusal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::trouble::Trouble;
use crate::following::{Code, Invitation};

/// Longest name, in characters.
const LONGEST: usize = 80;

/// What a code lets its holder do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Look and steer: a User ID.
    UserId,
    /// Look.
    ViewOnly,
}

impl Access {
    /// That of a code.
    pub fn of(code: &Code) -> Self {
        match code {
            Code::Owner(_) => Self::UserId,
            Code::ViewOnly(_) => Self::ViewOnly,
        }
    }
}

/// A remembered agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RememberedAgent {
    /// By which it is named where no name may be used; also names its code in the keyring.
    pub id: Uuid,
    /// What its follower calls it; no two of a profile have the same.
    pub name: String,
    /// Its relay's address.
    pub relay: String,
    /// What its code lets one do.
    pub access: Access,
    /// Where its code is kept.
    pub kept_in: KeptIn,
}

impl RememberedAgent {
    /// Whether this is its name; case does not matter.
    pub fn is_called(&self, name: &str) -> bool {
        self.name.to_lowercase() == name.to_lowercase()
    }
}

/// A text as a name.
pub(super) fn name_of(text: &str) -> Result<String, Refusal> {
    let name = text.trim();
    // Pasted into the wrong field, a code would stand in the list.
    let is_code = name.parse::<Invitation>().is_ok();
    let is_sound = !name.is_empty() && name.chars().count() <= LONGEST && !name.chars().any(char::is_control);
    match (is_code, is_sound) {
        (true, _) => Err(Trouble::NameIsCode.refusal()),
        (_, false) => Err(Trouble::NotAName.refusal()),
        _ => Ok(name.to_owned()),
    }
}
