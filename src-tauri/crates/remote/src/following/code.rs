//! The code that somebody follows with.

use std::str::FromStr;

use protocol::codes::{Channel, CodeError, UserId, ViewOnlyCode};
use protocol::relay::ControlKey;

use crate::address::RelayAddress;

/// A User ID or a view-only code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// Looks and steers, and follows renewals of the view-only code by itself.
    Owner(UserId),
    /// Looks.
    ViewOnly(ViewOnlyCode),
}

impl Code {
    /// What opens the frames of a generation. A view-only code has only its own.
    pub fn viewing(&self, generation: u16) -> ViewOnlyCode {
        match self {
            Self::Owner(id) => id.view_only_code(generation),
            Self::ViewOnly(code) => *code,
        }
    }

    /// The generation to try first.
    pub fn first_generation(&self) -> u16 {
        match self {
            Self::Owner(_) => 1,
            Self::ViewOnly(code) => code.generation,
        }
    }

    /// Where to meet; not secret.
    pub fn channel(&self) -> Channel {
        match self {
            Self::Owner(id) => id.channel(),
            Self::ViewOnly(code) => code.channel,
        }
    }

    /// The text to keep or to copy: a secret.
    pub fn reveal(&self) -> String {
        match self {
            Self::Owner(id) => id.reveal(),
            Self::ViewOnly(code) => code.reveal(),
        }
    }

    /// What steers, for who may.
    pub fn control(&self) -> Option<ControlKey> {
        match self {
            Self::Owner(id) => Some(ControlKey::of(id)),
            Self::ViewOnly(_) => None,
        }
    }
}

impl FromStr for Code {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        // 32 hexadecimal digits are no view-only code, and 63 digits of base32 no User ID.
        match text.parse() {
            Ok(id) => Ok(Self::Owner(id)),
            Err(CodeError::Empty) => Err(CodeError::Empty),
            Err(CodeError::NotACode) => text.parse().map(Self::ViewOnly),
        }
    }
}

/// What people paste: a code, or a link `https://relay/#code` that names the relay as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The code.
    pub code: Code,
    /// The relay, if it was a link.
    pub relay: Option<RelayAddress>,
}

impl FromStr for Invitation {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let text = text.trim();
        let Some((page, code)) = text.split_once('#') else {
            let code = text.parse()?;
            return Ok(Self { code, relay: None });
        };
        let relay = page.parse().map_err(|_| CodeError::NotACode)?;
        let code = code.parse()?;
        Ok(Self {
            code,
            relay: Some(relay),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_alone_or_in_a_link() {
        let id = UserId::new_random();
        let view_only = id.view_only_code(3);
        let alone: Invitation = id.reveal().parse().unwrap();
        assert_eq!((alone.code, alone.relay), (Code::Owner(id), None));
        let link = format!(
            " https://relay.example.org:8443/#{} ",
            view_only.reveal().to_uppercase()
        );
        let invitation: Invitation = link.parse().unwrap();
        assert_eq!(invitation.code, Code::ViewOnly(view_only));
        assert_eq!(invitation.relay.unwrap().authority(), "relay.example.org:8443");
    }

    #[test]
    fn what_is_no_code_is_told_apart_from_nothing() {
        for (text, error) in [
            ("", CodeError::Empty),
            ("https://relay/#", CodeError::Empty),
            ("hello", CodeError::NotACode),
            (
                "https://relay/path/#0b5c1e9e-6f0a-4d3c-9a7e-2f4b8d6c1a35",
                CodeError::NotACode,
            ),
        ] {
            assert_eq!(text.parse::<Invitation>(), Err(error), "{text}");
        }
    }
}
