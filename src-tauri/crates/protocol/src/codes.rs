//! The User ID, the keys derived from it, and the view-only code (`docs/codes.md`).
//!
//! `H(ikm, salt, info, n)` below is HKDF-SHA256 (RFC 5869) with `n` bytes out. Everything follows from the 16 bytes of the
//! User ID; nothing that leads back to it is in a view-only code.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{SigningKey, VerifyingKey};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use uuid::{Uuid, Variant};

const SALT: &[u8] = b"sacmes/1";
const CODE_VERSION: u8 = 1;
const CODE_BYTES: usize = 1 + 2 + 16 + 16 + 4;

/// Crockford's base32 in lower case: no i, l, o, u.
const CROCKFORD: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Why a text is not a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Nothing was given.
    #[error("no code was given")]
    Empty,
    /// Neither a User ID nor a view-only code: mistyped or cut.
    #[error("this is not a valid code")]
    NotACode,
}

/// A profile's User ID: a version 4 UUID, the root secret. Never printed by `Debug`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct UserId(Uuid);

impl UserId {
    /// A new random User ID.
    pub fn new_random() -> Self {
        Self(Uuid::new_v4())
    }

    /// The text to show and to copy: hyphenated lower case.
    pub fn reveal(&self) -> String {
        self.0.hyphenated().to_string()
    }

    /// The first group of the text, enough to recognise it by.
    pub fn short(&self) -> String {
        self.reveal().chars().take(8).collect()
    }

    /// Owner key: Ed25519, seed `H(root, "sacmes/1", "owner", 32)`.
    pub fn owner_key(&self) -> SigningKey {
        SigningKey::from_bytes(&derive(self.0.as_bytes(), SALT, b"owner"))
    }

    /// Control key: `H(root, "sacmes/1", "control", 32)`.
    pub fn control_key(&self) -> [u8; 32] {
        derive(self.0.as_bytes(), SALT, b"control")
    }

    /// Label key, which seals the computer's name: `H(root, "sacmes/1", "label", 32)`.
    pub fn label_key(&self) -> [u8; 32] {
        derive(self.0.as_bytes(), SALT, b"label")
    }

    /// Channel: the first 16 bytes of SHA-256("sacmes/1 channel" ‖ public owner key).
    pub fn channel(&self) -> Channel {
        Channel::of(&self.owner_key().verifying_key())
    }

    /// View-only code of a generation: its secret is `H(root, "sacmes/1", "view" ‖ generation, 16)`.
    pub fn view_only_code(&self, generation: u16) -> ViewOnlyCode {
        let mut info = b"view".to_vec();
        info.extend_from_slice(&generation.to_be_bytes());
        let view_secret = derive(self.0.as_bytes(), SALT, &info);
        ViewOnlyCode {
            generation,
            channel: self.channel(),
            view_secret,
        }
    }
}

impl fmt::Debug for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserId(secret)")
    }
}

impl FromStr for UserId {
    type Err = CodeError;

    /// Case, braces and `urn:uuid:` do not matter; only version 4 is accepted.
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(CodeError::Empty);
        }
        let uuid = Uuid::try_parse(text).map_err(|_| CodeError::NotACode)?;
        if uuid.get_version_num() == 4 && uuid.get_variant() == Variant::RFC4122 {
            Ok(Self(uuid))
        } else {
            Err(CodeError::NotACode)
        }
    }
}

/// Where an agent and its viewers meet; not secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Channel(pub [u8; 16]);

impl Channel {
    /// The channel of a public owner key.
    pub fn of(owner: &VerifyingKey) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"sacmes/1 channel");
        hash.update(owner.as_bytes());
        Self(first_16(&hash.finalize()))
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl FromStr for Channel {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let bytes = data_encoding::HEXLOWER
            .decode(text.as_bytes())
            .map_err(|_| CodeError::NotACode)?;
        bytes.try_into().map(Self).map_err(|_| CodeError::NotACode)
    }
}

/// Lets its holder look and not touch.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ViewOnlyCode {
    /// Counts the renewals, from 1.
    pub generation: u16,
    /// Where to meet.
    pub channel: Channel,
    view_secret: [u8; 16],
}

impl ViewOnlyCode {
    /// View key: `H(view secret, channel, "view key", 32)`.
    pub fn view_key(&self) -> [u8; 32] {
        derive(&self.view_secret, &self.channel.0, b"view key")
    }

    /// Join token, which the relay sees: `H(view secret, channel, "join", 32)`.
    pub fn join_token(&self) -> [u8; 32] {
        derive(&self.view_secret, &self.channel.0, b"join")
    }

    /// The text to show and to copy: 63 characters of base32 over `version ‖ generation ‖ channel ‖ view secret ‖ checksum`.
    pub fn reveal(&self) -> String {
        let mut bytes = Vec::with_capacity(CODE_BYTES);
        bytes.push(CODE_VERSION);
        bytes.extend_from_slice(&self.generation.to_be_bytes());
        bytes.extend_from_slice(&self.channel.0);
        bytes.extend_from_slice(&self.view_secret);
        let checksum = Sha256::digest(&bytes);
        bytes.extend_from_slice(&checksum[..4]);
        base32_encode(&bytes)
    }
}

impl fmt::Debug for ViewOnlyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ViewOnlyCode(secret, generation {})", self.generation)
    }
}

impl FromStr for ViewOnlyCode {
    type Err = CodeError;

    /// Read without case, hyphens or blanks; `o` is read as 0, `i` and `l` as 1.
    fn from_str(text: &str) -> Result<Self, CodeError> {
        if text.trim().is_empty() {
            return Err(CodeError::Empty);
        }
        let bytes = base32_decode(text).ok_or(CodeError::NotACode)?;
        let [version, g1, g2, rest @ ..] = bytes.as_slice() else {
            return Err(CodeError::NotACode);
        };
        if *version != CODE_VERSION || bytes.len() != CODE_BYTES {
            return Err(CodeError::NotACode);
        }
        let (body, checksum) = bytes.split_at(CODE_BYTES - 4);
        if Sha256::digest(body)[..4] != *checksum {
            return Err(CodeError::NotACode);
        }
        Ok(Self {
            generation: u16::from_be_bytes([*g1, *g2]),
            channel: Channel(first_16(rest)),
            view_secret: first_16(&rest[16..]),
        })
    }
}

/// HKDF-SHA256. A length that HKDF cannot give does not occur: all lengths here are constants far below its limit.
pub(crate) fn derive<const N: usize>(ikm: &[u8], salt: &[u8], info: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    if Hkdf::<Sha256>::new(Some(salt), ikm).expand(info, &mut out).is_err() {
        unreachable!("HKDF-SHA256 gives up to 8,160 bytes");
    }
    out
}

fn first_16(bytes: &[u8]) -> [u8; 16] {
    let mut out = [0; 16];
    out.copy_from_slice(&bytes[..16]);
    out
}

fn base32_encode(bytes: &[u8]) -> String {
    let (mut text, mut buffer, mut bits) = (String::new(), 0_u32, 0);
    for byte in bytes {
        buffer = (buffer << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(CROCKFORD[(buffer >> bits) as usize & 31]));
        }
    }
    if bits > 0 {
        text.push(char::from(CROCKFORD[(buffer << (5 - bits)) as usize & 31]));
    }
    text
}

fn base32_decode(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut buffer, mut bits) = (Vec::new(), 0_u32, 0);
    for character in text.chars().filter(|c| *c != '-' && !c.is_whitespace()) {
        let value = match character.to_ascii_lowercase() {
            'o' => 0,
            'i' | 'l' => 1,
            c => CROCKFORD.iter().position(|k| char::from(*k) == c)?,
        };
        buffer = (buffer << 5) | value as u32;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((buffer >> bits) as u8);
        }
        buffer &= (1 << bits) - 1;
    }
    (buffer == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::HEXLOWER;
    use proptest::prelude::*;

    const ID: &str = "0b5c1e9e-6f0a-4d3c-9a7e-2f4b8d6c1a35";
    const CODE: &str = "04003kq8yv5hsneztwrtf1k0czbd7rjbbxq5qvcnrkvfsye30a7r39abc21zxjg";

    #[test]
    fn keys_follow_from_the_user_id_as_the_protocol_says() {
        let id: UserId = ID.parse().unwrap();
        let public = id.owner_key().verifying_key();
        assert_eq!(
            HEXLOWER.encode(public.as_bytes()),
            "0651a43ce02f41285b07fce24cfc7da826c91b84b6cc4da2a437a0d72db21999"
        );
        assert_eq!(id.channel().to_string(), "cee8f6cb1cd5dfd731a7866067d6d3e2");
        assert_eq!(
            HEXLOWER.encode(&id.control_key()),
            "50b1412e52b0b5ea9fdba47c24f5b36ee76ddd55a0b33cc7b2f3ff6c2b04adea"
        );
        let code = id.view_only_code(1);
        assert_eq!(HEXLOWER.encode(&code.view_secret), "4b5f6e5bed95c4f6fcf9c3028f81a54b");
        assert_eq!(
            HEXLOWER.encode(&code.view_key()),
            "9ae82cde3c91b6659621bc6b2d13a1453ed2b6dfae428e211eaf577997f30782"
        );
        assert_eq!(code.reveal(), CODE);
    }

    #[test]
    fn a_user_id_is_read_in_any_spelling_but_only_version_4() {
        let id: UserId = ID.parse().unwrap();
        for text in [
            format!("{{{}}}", ID.to_uppercase()),
            format!("urn:uuid:{ID}"),
            ID.replace('-', ""),
            format!("  {ID}\n"),
        ] {
            assert_eq!(text.parse::<UserId>().unwrap(), id);
        }
        assert_eq!("".parse::<UserId>().unwrap_err(), CodeError::Empty);
        for wrong in [
            "0b5c1e9e-6f0a-1d3c-9a7e-2f4b8d6c1a35",
            "00000000-0000-0000-0000-000000000000",
            "hello",
            CODE,
        ] {
            assert_eq!(wrong.parse::<UserId>().unwrap_err(), CodeError::NotACode);
        }
    }

    #[test]
    fn secrets_stay_out_of_debug_output() {
        let id: UserId = ID.parse().unwrap();
        let shown = format!("{id:?} {:?}", id.view_only_code(1));
        assert!(!shown.contains("0b5c") && !shown.contains("4b5f"), "{shown}");
    }

    #[test]
    fn one_wrong_character_makes_a_code_invalid() {
        let wrong = CODE.replacen("kq8", "kq9", 1);
        assert_eq!(wrong.parse::<ViewOnlyCode>().unwrap_err(), CodeError::NotACode);
        assert_eq!(CODE[..62].parse::<ViewOnlyCode>().unwrap_err(), CodeError::NotACode);
        assert_eq!("".parse::<ViewOnlyCode>().unwrap_err(), CodeError::Empty);
    }

    proptest! {
        #[test]
        fn codes_come_back_in_any_case_and_grouping(bytes in any::<[u8; 16]>(), generation in any::<u16>()) {
            let id = UserId(uuid::Builder::from_random_bytes(bytes).into_uuid());
            let code = id.view_only_code(generation);
            let grouped: String = code.reveal().to_uppercase().chars().enumerate()
                .flat_map(|(k, c)| (k > 0 && k % 8 == 0).then_some('-').into_iter().chain([c])).collect();
            prop_assert_eq!(grouped.parse::<ViewOnlyCode>().unwrap(), code);
            prop_assert_eq!(code.reveal().len(), 63);
        }

        #[test]
        fn any_text_is_a_code_or_an_error(text in ".{0,80}") {
            let _ = text.parse::<ViewOnlyCode>();
            let _ = text.parse::<UserId>();
        }
    }
}
