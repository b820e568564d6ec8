//! Why a relay closes a connection: the close codes of its WebSockets.

/// Why the relay closed a connection, and whether to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CloseCode {
    /// The relay restarts; come back, spread over 5 s.
    Restarting,
    /// The connection did not keep up; come back and go on from the last position.
    TooSlow,
    /// Nothing was heard for too long.
    Silent,
    /// Another connection of the same agent took the channel over.
    Fenced,
    /// Too many frames; wait as told.
    Rate,
    /// The relay or the channel has no room.
    Full,
    /// The channel is in use by another running program; try again every 15 s.
    InUse,
    /// A frame that the protocol does not know.
    Protocol,
    /// No common version.
    Version,
    /// The ownership of the channel was not proven, or too late.
    Ownership,
    /// The relay asks for an access token, and this one is not it.
    AccessToken,
    /// The view-only code was renewed.
    CodeRenewed,
    /// The User ID was renewed: the channel is retired.
    Retired,
    /// A frame above the limit.
    FrameTooLarge,
}

impl CloseCode {
    /// All of them, ascending.
    pub const ALL: [Self; 14] = [
        Self::Restarting,
        Self::TooSlow,
        Self::Silent,
        Self::Fenced,
        Self::Rate,
        Self::Full,
        Self::InUse,
        Self::Protocol,
        Self::Version,
        Self::Ownership,
        Self::AccessToken,
        Self::CodeRenewed,
        Self::Retired,
        Self::FrameTooLarge,
    ];

    /// The number that the WebSocket is closed with.
    pub fn code(self) -> u16 {
        match self {
            Self::Restarting => 4000,
            Self::TooSlow => 4001,
            Self::Silent => 4002,
            Self::Fenced => 4003,
            Self::Rate => 4004,
            Self::Full => 4005,
            Self::InUse => 4010,
            Self::Protocol => 4500,
            Self::Version => 4501,
            Self::Ownership => 4502,
            Self::AccessToken => 4503,
            Self::CodeRenewed => 4504,
            Self::Retired => 4505,
            Self::FrameTooLarge => 4506,
        }
    }

    /// The close code with this number.
    pub fn from_code(code: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// Whether to connect again without asking anybody.
    pub fn is_worth_coming_back(self) -> bool {
        self.code() < 4500
    }

    /// Its name in counters and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Restarting => "restarting",
            Self::TooSlow => "too_slow",
            Self::Silent => "silent",
            Self::Fenced => "fenced",
            Self::Rate => "rate",
            Self::Full => "full",
            Self::InUse => "in_use",
            Self::Protocol => "protocol",
            Self::Version => "version",
            Self::Ownership => "ownership",
            Self::AccessToken => "access_token",
            Self::CodeRenewed => "code_renewed",
            Self::Retired => "retired",
            Self::FrameTooLarge => "frame_too_large",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_close_code_comes_back_from_its_number() {
        for code in CloseCode::ALL {
            assert_eq!(CloseCode::from_code(code.code()), Some(code));
        }
        assert!(CloseCode::ALL.is_sorted_by_key(|code| code.code()));
        assert_eq!(CloseCode::from_code(1006), None);
    }

    #[test]
    fn what_the_user_has_to_decide_is_not_tried_again() {
        assert!(CloseCode::InUse.is_worth_coming_back());
        assert!(!CloseCode::CodeRenewed.is_worth_coming_back());
    }
}
