//! Names of keys and of what is published. All of a channel have the hash tag `{channel}`.

use protocol::codes::Channel;

use crate::shared::RelayId;

fn key(channel: Channel, what: &str) -> Vec<u8> {
    format!("sacmes:{{{}}}:{what}", hex(&channel.0)).into_bytes()
}

pub(super) fn keys(channel: Channel, what: &[&str]) -> Vec<Vec<u8>> {
    what.iter().map(|what| key(channel, what)).collect()
}

pub(super) fn down(channel: Channel) -> Vec<u8> {
    key(channel, "down")
}

pub(super) fn up(channel: Channel) -> Vec<u8> {
    key(channel, "up")
}

pub(super) fn relay_channel(id: RelayId) -> Vec<u8> {
    format!("sacmes:relay:{}", hex(&id.0)).into_bytes()
}

/// What a relay writes to see whether Redis takes anything.
pub(super) fn probe(id: RelayId) -> Vec<u8> {
    format!("sacmes:probe:{}", hex(&id.0)).into_bytes()
}

fn hex(bytes: &[u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(*bytes))
}

pub(super) fn text(number: impl std::fmt::Display) -> Vec<u8> {
    format!("{number}").into_bytes()
}

/// The channel in a name such as `sacmes:{channel}:down`.
pub(super) fn channel_of(name: &[u8]) -> Option<Channel> {
    let digits = name.strip_prefix(b"sacmes:{")?.get(..32)?;
    let number = u128::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    Some(Channel(number.to_be_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_comes_back_from_the_names_of_its_keys() {
        let channel = Channel([0x0a; 16]);
        assert_eq!(down(channel), b"sacmes:{0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a}:down");
        assert_eq!(channel_of(&down(channel)), Some(channel));
        assert_eq!(channel_of(b"sacmes:relay:00"), None);
    }
}
