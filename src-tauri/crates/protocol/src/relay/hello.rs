//! How an agent proves that a channel is its own, and how a viewer asks for one.
//!
//! The relay sends 32 random bytes. The agent answers with its public key, whose hash is the channel, and signs
//! `"sacmes/1 hello" ‖ u8 length ‖ authority ‖ challenge ‖ SHA-256(hello)`. `authority` is the host and port that the agent
//! dialled: a relay accepts only its own names, so that none can pass a challenge on to another.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use super::bytes::{FrameError, Reader, put_optional, put_short};
use super::ids::{Position, Process, Run};
use super::keys::LabelKey;
use super::sealing::SealError;
use super::version::Versions;
use crate::codes::Channel;

/// Longest authority, bytes.
pub const LONGEST_AUTHORITY: usize = 255;

/// Longest access token, bytes.
pub const LONGEST_TOKEN: usize = 256;

/// A computer's name is cut to this, bytes; its sealed form always has the same length.
const LABEL: usize = 64;
const SEALED_LABEL: usize = LABEL + 16;

/// What an agent says of itself.
#[derive(Clone, PartialEq, Eq)]
pub struct AgentHello {
    /// Public half of the owner key.
    pub owner: [u8; 32],
    /// Channel; must be the hash of `owner`.
    pub channel: Channel,
    /// This start of the agent's program.
    pub process: Process,
    /// This connection.
    pub run: Run,
    /// Generation of the view-only code.
    pub generation: u16,
    /// SHA-256 of the join token of that generation.
    pub join_hash: [u8; 32],
    /// Name of the computer, sealed for holders of the User ID.
    pub label: SealedLabel,
    /// What it speaks.
    pub versions: Versions,
    /// What a closed relay asks for.
    pub access_token: Option<Vec<u8>>,
}

impl std::fmt::Debug for AgentHello {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AgentHello({:?}, {:?}, {:?})", self.channel, self.process, self.run)
    }
}

/// Why a hello does not prove what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HelloError {
    /// It is none.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// The channel is not the hash of the public key, or that is no key.
    #[error("the channel does not belong to the key")]
    Channel,
    /// Not signed by the owner for this relay and this challenge.
    #[error("the signature does not prove the ownership of the channel")]
    Signature,
}

impl AgentHello {
    /// The hello and its signature, for a challenge of the relay at `authority`.
    pub fn sign(&self, owner: &SigningKey, authority: &str, challenge: &[u8; 32]) -> Vec<u8> {
        let mut hello = self.fields();
        let signature = owner.sign(&proof(authority, challenge, &hello));
        hello.extend_from_slice(&signature.to_bytes());
        hello
    }

    /// Reads a hello and checks that it proves its channel, at one of the relay's own names.
    ///
    /// # Errors
    /// Why it does not.
    pub fn verify(bytes: &[u8], names: &[String], challenge: &[u8; 32]) -> Result<Self, HelloError> {
        if bytes.len() > super::LONGEST_HELLO {
            return Err(FrameError::TooLarge.into());
        }
        let (fields, signature) = bytes.split_last_chunk::<64>().ok_or(FrameError::Truncated)?;
        let hello = Self::read(fields)?;
        let owner = VerifyingKey::from_bytes(&hello.owner).map_err(|_| HelloError::Channel)?;
        if Channel::of(&owner) != hello.channel {
            return Err(HelloError::Channel);
        }
        let signature = Signature::from_bytes(signature);
        let proves = |name: &String| {
            let proof = proof(name, challenge, fields);
            owner.verify_strict(&proof, &signature).is_ok()
        };
        if names.iter().any(proves) {
            Ok(hello)
        } else {
            Err(HelloError::Signature)
        }
    }

    fn fields(&self) -> Vec<u8> {
        let mut to = Vec::with_capacity(320);
        to.extend_from_slice(&self.owner);
        to.extend_from_slice(&self.channel.0);
        to.extend_from_slice(&self.process.0);
        to.extend_from_slice(&self.run.0);
        to.extend_from_slice(&self.generation.to_be_bytes());
        to.extend_from_slice(&self.join_hash);
        to.extend_from_slice(&self.label.0);
        self.versions.put(&mut to);
        put_optional(&mut to, self.access_token.as_deref(), put_short);
        to
    }

    fn read(fields: &[u8]) -> Result<Self, FrameError> {
        let mut from = Reader::new(fields);
        let hello = Self {
            owner: from.array()?,
            channel: Channel(from.array()?),
            process: Process::read(&mut from)?,
            run: Run::read(&mut from)?,
            generation: from.u16()?,
            join_hash: from.array()?,
            label: SealedLabel(from.array()?),
            versions: Versions::read(&mut from)?,
            access_token: from.optional("access token", |from| {
                from.short("access token", LONGEST_TOKEN).map(<[u8]>::to_vec)
            })?,
        };
        from.end()?;
        Ok(hello)
    }
}

/// The name of a computer that uses a channel, readable by holders of the User ID only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedLabel(pub [u8; SEALED_LABEL]);

impl SealedLabel {
    /// Seals a computer's name for one run; longer names are cut at a character.
    ///
    /// # Errors
    /// None that occur: the name is short.
    pub fn seal(key: &LabelKey, run: Run, name: &str) -> Result<Self, SealError> {
        let mut plain = [0; LABEL];
        let cut = (0..=name.len().min(LABEL)).rev().find(|at| name.is_char_boundary(*at));
        let name = &name.as_bytes()[..cut.unwrap_or(0)];
        plain[..name.len()].copy_from_slice(name);
        let sealed = key.label(run).seal(0, b"sacmes/1 label", &plain)?;
        sealed.try_into().map(Self).map_err(|_| SealError::Altered)
    }

    /// The name that a run sealed.
    ///
    /// # Errors
    /// When it was sealed by another key or run.
    pub fn open(&self, key: &LabelKey, run: Run) -> Result<String, SealError> {
        let plain = key.label(run).open(0, b"sacmes/1 label", &self.0)?;
        let end = plain.iter().position(|byte| *byte == 0).unwrap_or(plain.len());
        String::from_utf8(plain[..end].to_vec()).map_err(|_| SealError::Altered)
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, FrameError> {
        from.array().map(Self)
    }
}

/// What a viewer asks for.
#[derive(Clone, PartialEq, Eq)]
pub struct ViewerHello {
    /// Whose experiments.
    pub channel: Channel,
    /// Proves a code of the channel.
    pub join_token: [u8; 32],
    /// What it speaks.
    pub versions: Versions,
    /// How far it has come; none for a new viewer.
    pub position: Option<Position>,
}

impl std::fmt::Debug for ViewerHello {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ViewerHello({:?}, {:?})", self.channel, self.position)
    }
}

impl ViewerHello {
    /// The bytes to send.
    pub fn bytes(&self) -> Vec<u8> {
        let mut to = Vec::with_capacity(128);
        to.extend_from_slice(&self.channel.0);
        to.extend_from_slice(&self.join_token);
        self.versions.put(&mut to);
        put_optional(&mut to, self.position, |to, position| position.put(to));
        to
    }

    /// Reads one.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Self, FrameError> {
        let mut from = Reader::new(bytes);
        let hello = Self {
            channel: Channel(from.array()?),
            join_token: from.array()?,
            versions: Versions::read(&mut from)?,
            position: from.optional("position", Position::read)?,
        };
        from.end()?;
        Ok(hello)
    }
}

fn proof(authority: &str, challenge: &[u8; 32], fields: &[u8]) -> Vec<u8> {
    // Names and addresses with ports are at most 255 bytes; a longer one is no host and proves nothing anywhere.
    let authority = &authority.as_bytes()[..authority.len().min(LONGEST_AUTHORITY)];
    let mut text = Vec::with_capacity(80 + authority.len());
    text.extend_from_slice(b"sacmes/1 hello");
    text.push(authority.len() as u8);
    text.extend_from_slice(authority);
    text.extend_from_slice(challenge);
    text.extend_from_slice(&Sha256::digest(fields));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::UserId;
    use crate::relay::{Epoch, LONGEST_HELLO};
    use proptest::prelude::*;

    const RUN: Run = Run([3; 16]);
    const CHALLENGE: [u8; 32] = [9; 32];

    fn id() -> UserId {
        "0b5c1e9e-6f0a-4d3c-9a7e-2f4b8d6c1a35".parse().unwrap()
    }

    fn hello() -> AgentHello {
        let id = id();
        AgentHello {
            owner: id.owner_key().verifying_key().to_bytes(),
            channel: id.channel(),
            process: Process([2; 16]),
            run: RUN,
            generation: 1,
            join_hash: Sha256::digest(id.view_only_code(1).join_token()).into(),
            label: SealedLabel::seal(&LabelKey::of(&id), RUN, "LAB-PC-7").unwrap(),
            versions: Versions::own(),
            access_token: Some(b"of the institute".to_vec()),
        }
    }

    fn names() -> [String; 2] {
        ["relay.example:443".to_owned(), "127.0.0.1:8787".to_owned()]
    }

    #[test]
    fn the_owner_proves_a_channel_at_any_name_of_the_relay() {
        for name in names() {
            let signed = hello().sign(&id().owner_key(), &name, &CHALLENGE);
            assert_eq!(AgentHello::verify(&signed, &names(), &CHALLENGE), Ok(hello()));
        }
    }

    #[test]
    fn a_relay_cannot_pass_a_challenge_on_to_another() {
        let signed = hello().sign(&id().owner_key(), "evil.example:443", &CHALLENGE);
        let refused = AgentHello::verify(&signed, &names(), &CHALLENGE);
        assert_eq!(refused, Err(HelloError::Signature));
    }

    #[test]
    fn an_old_proof_or_one_for_another_channel_is_worth_nothing() {
        let signed = hello().sign(&id().owner_key(), "127.0.0.1:8787", &CHALLENGE);
        let refused = AgentHello::verify(&signed, &names(), &[8; 32]);
        assert_eq!(refused, Err(HelloError::Signature));
        let mut squatter = hello();
        squatter.channel = Channel([0; 16]);
        let signed = squatter.sign(&id().owner_key(), "127.0.0.1:8787", &CHALLENGE);
        let refused = AgentHello::verify(&signed, &names(), &CHALLENGE);
        assert_eq!(refused, Err(HelloError::Channel));
    }

    #[test]
    fn an_altered_byte_of_a_hello_is_noticed_wherever_it_stands() {
        let signed = hello().sign(&id().owner_key(), "127.0.0.1:8787", &CHALLENGE);
        for at in 0..signed.len() {
            let mut altered = signed.clone();
            altered[at] ^= 1 << (at % 8);
            assert!(AgentHello::verify(&altered, &names(), &CHALLENGE).is_err(), "byte {at}");
        }
        let long = vec![0; LONGEST_HELLO + 1];
        let refused = AgentHello::verify(&long, &names(), &CHALLENGE);
        assert_eq!(refused, Err(FrameError::TooLarge.into()));
    }

    #[test]
    fn only_the_user_id_reads_the_name_of_the_computer() {
        let label = hello().label;
        assert_eq!(label.open(&LabelKey::of(&id()), RUN).as_deref(), Ok("LAB-PC-7"));
        let other: UserId = "0b5c1e9e-6f0a-4d3c-9a7e-2f4b8d6c1a36".parse().unwrap();
        assert_eq!(label.open(&LabelKey::of(&other), RUN), Err(SealError::Altered));
        let long = SealedLabel::seal(&LabelKey::of(&id()), RUN, &"ä".repeat(60)).unwrap();
        assert_eq!(long.open(&LabelKey::of(&id()), RUN).unwrap(), "ä".repeat(32));
    }

    proptest! {
        #[test]
        fn a_viewers_hello_comes_back_and_no_bytes_make_it_panic(
            channel: [u8; 16], join_token: [u8; 32], offset: Option<u64>, bytes: Vec<u8>
        ) {
            let position = offset.map(|offset| Position { epoch: Epoch([1; 16]), run: RUN, offset });
            let hello = ViewerHello { channel: Channel(channel), join_token, versions: Versions::own(), position };
            prop_assert_eq!(ViewerHello::read(&hello.bytes()), Ok(hello));
            let _ = ViewerHello::read(&bytes);
            let _ = AgentHello::verify(&bytes, &names(), &CHALLENGE);
        }
    }
}
