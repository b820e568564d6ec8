//! How following goes, and what it gives.

use std::time::SystemTime;

use protocol::record::{LiveEvent, RecordEntry};
use protocol::refusal::Refusal;
use protocol::relay::body::News;
use protocol::relay::{Offset, Position, words};

use super::log::OutOfOrder;

/// How following goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowState {
    /// The relay is being called, or the agent is.
    Connecting,
    /// The relay says that no agent is there for this code; goes on by itself.
    Waiting {
        /// When one was there last: the relay's claim.
        last_seen: Option<SystemTime>,
    },
    /// The agent itself has said that it is there.
    Live {
        /// How many look, as the relay told the agent.
        viewers: u32,
        /// Since when.
        since: SystemTime,
    },
    /// The agent should be there, but nothing that it signed has come for 15 s.
    NoNews {
        /// When something came last.
        since: SystemTime,
    },
    /// There is no way to the relay; it is tried again.
    Unreachable {
        /// The relay's address.
        relay: String,
        /// Since when.
        since: SystemTime,
        /// Why.
        why: String,
    },
    /// It makes no sense to go on without somebody who decides something. `Some` other refusals (full) are tried again.
    Refused {
        /// Why, and what to do.
        reason: Refusal,
        /// Whether it is tried again.
        again: bool,
    },
}

impl FollowState {
    /// The sentence for people; none where everything is well.
    pub fn in_words(&self) -> Option<Refusal> {
        match self {
            Self::Connecting | Self::Live { .. } => None,
            Self::Waiting { last_seen } => Some(words::no_agent(last_seen.map(shown).as_deref())),
            Self::NoNews { since } => Some(words::no_news(&shown(*since))),
            Self::Unreachable { relay, since, why } => Some(words::unreachable(relay, &shown(*since), why)),
            Self::Refused { reason, .. } => Some(reason.clone()),
        }
    }

    /// Whether following has ended.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Refused { again: false, .. })
    }
}

/// A time as people are told it, in UTC, by this computer's clock.
fn shown(time: SystemTime) -> String {
    match jiff::Timestamp::try_from(time) {
        Ok(time) => time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        Err(_) => "an unknown time".to_owned(),
    }
}

/// What a follower hears, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum FollowEvent {
    /// Entries of the record: complete, in order, each once.
    Record {
        /// Never empty.
        entries: Vec<RecordEntry>,
        /// Where to go on after them.
        position: Position,
    },
    /// What the record does not tell: viewers, trouble, deleted sessions, whether the agent is there, progress.
    Live(LiveEvent),
    /// The agent's record is not the one that was followed: what was received before is void, and everything comes anew.
    StartedOver,
    /// The agent is away and the relay no longer has what lies before this entry: it comes, after [`FollowEvent::StartedOver`], when the
    /// agent is back.
    BeginsLate {
        /// First entry that follows.
        first: Offset,
    },
    /// The agent is away: what is shown is as of this time on its clock, RFC 3339.
    AsOf {
        /// When it signed for the last time.
        at: String,
    },
    /// An export is ready ([`News::Ready`]).
    Ready(News),
    /// Frames failed their check; none was used, and the connection is made anew.
    AlteredData {
        /// How many so far.
        dropped: u64,
    },
    /// An entry's number does not follow the one before in its session: the agent's mistake.
    OutOfOrder(OutOfOrder),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_that_need_words_have_them() {
        let since = SystemTime::UNIX_EPOCH;
        let code = |state: FollowState| state.in_words().map(|refusal| refusal.code);
        assert_eq!(code(FollowState::Connecting), None);
        assert_eq!(code(FollowState::Live { viewers: 1, since }), None);
        let waiting = FollowState::Waiting { last_seen: Some(since) };
        assert!(waiting.in_words().unwrap().message.contains("1970-01-01 00:00:00 UTC"));
        assert_eq!(code(FollowState::NoNews { since }).as_deref(), Some("no_news"));
    }
}
