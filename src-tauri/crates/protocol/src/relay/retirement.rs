//! Giving a channel up for ever, because its User ID was renewed.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use super::bytes::{FrameError, Reader};
use crate::codes::Channel;

/// The owner's wish that a channel be never used again: the owner's public key, and the signature over
/// `"sacmes/1 retire" ‖ channel`.
///
/// It holds no secret, and is good for ever and at every relay, since the User ID is given up with it. So it can be kept
/// until a relay can be told, when the User ID itself is long gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retirement {
    /// Public half of the owner key; the channel follows from it.
    pub owner: [u8; 32],
    /// The owner's signature.
    pub signature: [u8; 64],
}

impl Retirement {
    /// Bytes on the wire.
    pub const LENGTH: usize = 96;

    /// Gives up the channel of an owner key.
    pub fn of(owner: &SigningKey) -> Self {
        let public = owner.verifying_key();
        Self {
            owner: public.to_bytes(),
            signature: owner.sign(&text(Channel::of(&public))).to_bytes(),
        }
    }

    /// The channel that is given up; none where the signature is not its owner's.
    pub fn channel(&self) -> Option<Channel> {
        let owner = VerifyingKey::from_bytes(&self.owner).ok()?;
        let channel = Channel::of(&owner);
        let signature = Signature::from_bytes(&self.signature);
        owner.verify_strict(&text(channel), &signature).ok()?;
        Some(channel)
    }

    /// The bytes on the wire: `owner 32 ‖ signature 64`.
    pub fn bytes(&self) -> Vec<u8> {
        [&self.owner[..], &self.signature].concat()
    }

    /// Reads them; the signature is not checked by this.
    ///
    /// # Errors
    /// There are fewer bytes.
    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, FrameError> {
        Ok(Self {
            owner: from.array()?,
            signature: from.array()?,
        })
    }

    /// Reads them where there is nothing else.
    ///
    /// # Errors
    /// There are fewer bytes, or more.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrameError> {
        let mut from = Reader::new(bytes);
        let retirement = Self::read(&mut from)?;
        from.end()?;
        Ok(retirement)
    }
}

fn text(channel: Channel) -> Vec<u8> {
    [&b"sacmes/1 retire"[..], &channel.0].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::UserId;

    fn id(last: char) -> UserId {
        format!("0b5c1e9e-6f0a-4d3c-9a7e-2f4b8d6c1a3{last}").parse().unwrap()
    }

    #[test]
    fn a_retirement_is_the_owners_alone() {
        let retirement = Retirement::of(&id('5').owner_key());
        assert_eq!(retirement.channel(), Some(id('5').channel()));
        let forged = Retirement {
            owner: Retirement::of(&id('6').owner_key()).owner,
            ..retirement
        };
        assert_eq!(forged.channel(), None);
    }

    #[test]
    fn it_comes_back_from_its_bytes() {
        let retirement = Retirement::of(&id('5').owner_key());
        let bytes = retirement.bytes();
        assert_eq!(bytes.len(), Retirement::LENGTH);
        assert_eq!(Retirement::from_bytes(&bytes), Ok(retirement));
        assert_eq!(Retirement::from_bytes(&bytes[1..]), Err(FrameError::Truncated));
        assert!(Retirement::from_bytes(&[&bytes[..], &[0]].concat()).is_err());
    }
}
