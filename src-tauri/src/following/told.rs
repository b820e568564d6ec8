//! What the page is told of an agent elsewhere, in the shape that it knows from its own follower (`ui/src/remote/follower.ts`).

use std::time::{SystemTime, UNIX_EPOCH};

use protocol::record::Event;
use protocol::refusal::Refusal;
use remote::following::FollowState;
use serde::Serialize;

/// One thing that the page is told.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "told", rename_all = "snake_case")]
pub enum Told {
    /// These events happened, in this order.
    Events {
        /// Never empty.
        events: Vec<Event>,
    },
    /// What comes from now on does not continue what came before: everything has to be asked for again.
    Anew,
    /// How following goes has changed.
    State {
        /// How it goes now.
        state: State,
    },
    /// Following has ended on this side.
    Ended,
}

/// How following goes. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// The relay or the agent is being called.
    Connecting,
    /// There is no agent, as the relay says.
    Absent {
        /// When it saw one last.
        last_seen_ms: Option<u64>,
    },
    /// What is on screen is what the agent has.
    Live {
        /// None until the agent has told how many look.
        viewers: Option<u32>,
    },
    /// The agent says nothing.
    Silent {
        /// Since when.
        since_ms: u64,
    },
    /// There is no way to the relay, or none that is any good.
    Unreachable {
        /// Since when.
        since_ms: u64,
        /// It sends data that somebody altered.
        sends_altered: bool,
        /// Why it lets nobody in, where it says so.
        refusal: Option<Refusal>,
    },
    /// Nothing more is tried.
    Refused {
        /// Why.
        refusal: Refusal,
    },
}

impl State {
    /// A state, knowing since when the relay has been sending altered data.
    pub fn of(state: &FollowState, altered_since: Option<SystemTime>) -> Self {
        match state {
            FollowState::Live { viewers, .. } => Self::Live {
                // Whoever asks looks: nobody means that it is not known yet.
                viewers: Some(*viewers).filter(|viewers| *viewers > 0),
            },
            FollowState::Refused { reason, again: false } => Self::Refused {
                refusal: reason.clone(),
            },
            FollowState::Connecting | FollowState::Unreachable { .. } if altered_since.is_some() => Self::Unreachable {
                since_ms: altered_since.map_or(0, ms),
                sends_altered: true,
                refusal: None,
            },
            FollowState::Connecting => Self::Connecting,
            FollowState::Waiting { last_seen } => Self::Absent {
                last_seen_ms: last_seen.map(ms),
            },
            FollowState::NoNews { since } => Self::Silent { since_ms: ms(*since) },
            FollowState::Unreachable { since, .. } => Self::Unreachable {
                since_ms: ms(*since),
                sends_altered: false,
                refusal: None,
            },
            FollowState::Refused { reason, again: true } => Self::Unreachable {
                since_ms: ms(SystemTime::now()),
                sends_altered: false,
                refusal: Some(reason.clone()),
            },
        }
    }
}

fn ms(time: SystemTime) -> u64 {
    let since_1970 = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX)
}
