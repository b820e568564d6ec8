//! From the keys of a code to the keys that seal: one for each run and direction.

use std::fmt;

use super::ids::{Run, Visit};
use super::sealing::SealingKey;
use crate::codes::{Channel, UserId, ViewOnlyCode, derive};

/// What everybody with a code holds: reads what the agent sends, and asks.
#[derive(Clone)]
pub struct ViewKey {
    key: [u8; 32],
    channel: Channel,
}

/// What only the User ID gives: steers.
#[derive(Clone)]
pub struct ControlKey {
    key: [u8; 32],
    channel: Channel,
}

/// What only the User ID gives: reads the name of the computer that uses a channel.
#[derive(Clone)]
pub struct LabelKey {
    key: [u8; 32],
    channel: Channel,
}

impl ViewKey {
    /// The view key of a code.
    pub fn of(code: &ViewOnlyCode) -> Self {
        Self {
            key: code.view_key(),
            channel: code.channel,
        }
    }

    /// Seals what an agent's run sends: `H(view key, channel ‖ run, "down", 32)`.
    pub fn down(&self, run: Run) -> SealingKey {
        sealing_key(&self.key, self.channel, &[&run.0], b"down")
    }

    /// Seals a viewer's first frame: `H(view key, channel ‖ viewer run, "open", 32)`.
    pub fn open(&self, viewer: Run) -> SealingKey {
        sealing_key(&self.key, self.channel, &[&viewer.0], b"open")
    }

    /// Seals a visit's questions and credit: `H(view key, channel ‖ viewer run ‖ visit, "query", 32)`.
    pub fn query(&self, viewer: Run, visit: Visit) -> SealingKey {
        sealing_key(&self.key, self.channel, &[&viewer.0, &visit.0], b"query")
    }
}

impl ControlKey {
    /// The control key of a User ID.
    pub fn of(id: &UserId) -> Self {
        Self {
            key: id.control_key(),
            channel: id.channel(),
        }
    }

    /// Seals a visit's commands: `H(control key, channel ‖ viewer run ‖ visit, "command", 32)`.
    pub fn command(&self, viewer: Run, visit: Visit) -> SealingKey {
        sealing_key(&self.key, self.channel, &[&viewer.0, &visit.0], b"command")
    }
}

impl LabelKey {
    /// The label key of a User ID.
    pub fn of(id: &UserId) -> Self {
        Self {
            key: id.label_key(),
            channel: id.channel(),
        }
    }

    /// Seals the computer's name in the hello of a run: `H(label key, channel ‖ run, "label", 32)`.
    pub fn label(&self, run: Run) -> SealingKey {
        sealing_key(&self.key, self.channel, &[&run.0], b"label")
    }
}

fn sealing_key(key: &[u8; 32], channel: Channel, runs: &[&[u8; 16]], info: &[u8]) -> SealingKey {
    let mut salt = Vec::with_capacity(48);
    salt.extend_from_slice(&channel.0);
    for run in runs {
        salt.extend_from_slice(*run);
    }
    SealingKey::new(&derive(key, &salt, info), channel)
}

macro_rules! secret {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(secret)"))
            }
        }
    )*};
}

secret!(ViewKey, ControlKey, LabelKey);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_down_key_of_the_documented_vector_is_derived() {
        let id: UserId = "0b5c1e9e-6f0a-4d3c-9a7e-2f4b8d6c1a35".parse().unwrap();
        let code = id.view_only_code(1);
        let mut salt = code.channel.0.to_vec();
        salt.extend_from_slice(&[0xaa; 16]);
        let down: [u8; 32] = derive(&code.view_key(), &salt, b"down");
        assert_eq!(
            data_encoding::HEXLOWER.encode(&down),
            "d37cfa9420a30e3c8aa7a2bff6436f887ec351eb2f517a5c2b1dc62942cab68e"
        );
    }

    #[test]
    fn keys_stay_out_of_debug_output() {
        let id: UserId = "0b5c1e9e-6f0a-4d3c-9a7e-2f4b8d6c1a35".parse().unwrap();
        let shown = format!("{:?} {:?}", ViewKey::of(&id.view_only_code(1)), ControlKey::of(&id));
        assert_eq!(shown, "ViewKey(secret) ControlKey(secret)");
    }
}
