//! What is told, and about what: one notice per cause until the cause is over.

use std::time::Duration;

use protocol::ids::SessionId;

/// What a notice is about. The same cause is told again only after it was over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// No new file comes to a session, or it cannot go on.
    Stalled(SessionId),
    /// One electrode of a session fails while others go on.
    Electrode(SessionId, u32),
    /// Every electrode of a session fails.
    Electrodes(SessionId),
    /// A session is over.
    Finished(SessionId),
    /// The relay is away for long.
    RelayLost,
    /// A newer version can be had.
    NewVersion,
    /// Somebody wants to see what a notification looks like.
    Test,
}

/// What can be switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Stalled sessions.
    Stalled,
    /// Failing electrodes.
    ElectrodeFailing,
    /// Sessions that are over.
    Finished,
    /// The relay.
    RelayLost,
    /// What was asked for, and cannot be switched off here.
    AskedFor,
}

/// One notice for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it is about.
    pub cause: Cause,
    /// What happened, with the session's name.
    pub title: String,
    /// More of it, and what to do.
    pub body: String,
}

/// What the watch says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// Tell the person.
    Tell(Notice),
    /// A cause is over: what was told of it holds no more.
    Over(Cause),
}

impl Cause {
    /// The session that it is about.
    pub fn session(self) -> Option<SessionId> {
        match self {
            Self::Stalled(session)
            | Self::Electrode(session, _)
            | Self::Electrodes(session)
            | Self::Finished(session) => Some(session),
            Self::RelayLost | Self::NewVersion | Self::Test => None,
        }
    }

    /// Which switch it belongs to.
    pub fn kind(self) -> Kind {
        match self {
            Self::Stalled(_) => Kind::Stalled,
            Self::Electrode(..) | Self::Electrodes(_) => Kind::ElectrodeFailing,
            Self::Finished(_) => Kind::Finished,
            Self::RelayLost => Kind::RelayLost,
            Self::NewVersion | Self::Test => Kind::AskedFor,
        }
    }

    /// Whether it waits for somebody: such a notice stays on the screen until it is closed.
    pub fn needs_somebody(self) -> bool {
        !matches!(self, Self::Finished(_) | Self::NewVersion | Self::Test)
    }
}

/// A duration as people say it, in its largest unit that is not too coarse.
pub fn in_words(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7200 => format!("{} min", (seconds + 30) / 60),
        seconds => format!("{} h", (seconds + 1800) / 3600),
    }
}

/// A sentence from a reason that may lack its capital and its full stop.
pub fn sentence(reason: &str) -> String {
    let reason = reason.trim();
    let mut characters = reason.chars();
    let Some(first) = characters.next() else {
        return String::new();
    };
    let end = if reason.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{end}", first.to_uppercase(), characters.as_str())
}
