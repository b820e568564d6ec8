//! The way to the relay: made, lost and made again, for as long as that makes sense.

use std::time::{Duration, SystemTime};

use protocol::record::LiveEvent;
use protocol::refusal::Refusal;
use protocol::relay::{CloseCode, words};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

use super::code::Code;
use super::conversation::{self, Why};
use super::deleted::Deleted;
use super::known_bad::KnownBad;
use super::log::Log;
use super::outbox::Outbox;
use super::questions::{Asked, Questions, Waits};
use super::state::{FollowEvent, FollowState};
use super::{From, Patience};
use crate::address::RelayAddress;
use crate::backoff::{Backoff, spread};
use crate::dial::{Connection, Ended};

/// A holder of the User ID comes back so often for a renewed code: to be told its generation, and with it.
const RENEWALS: u8 = 2;

/// What a handle wants.
pub enum Request {
    /// An answer.
    Ask(Asked, Waits),
    /// More of a file, by the key of who takes it.
    Taken(u64),
}

/// What outlives a connection.
pub struct Link {
    pub(super) code: Code,
    relay: RelayAddress,
    pub(super) generation: u16,
    /// How often a holder of the User ID has come back for a renewed code without being let in.
    renewals: u8,
    pub(super) from: From,
    pub(super) patience: Patience,
    pub(super) log: Log,
    /// What was shown begins behind the record's beginning.
    pub(super) begins_late: bool,
    pub(super) questions: Questions,
    pub(super) outbox: Outbox,
    pub(super) dropped: u64,
    pub(super) known_bad: KnownBad,
    /// Deleted sessions that were told of already.
    pub(super) deleted: Deleted,
    /// How often the agent's notes had changed when that was told last.
    pub(super) notes: u64,
    pub(super) events: mpsc::Sender<FollowEvent>,
    pub(super) requests: mpsc::Receiver<Request>,
    pub(super) state: watch::Sender<FollowState>,
    unreachable_since: Option<SystemTime>,
    backoff: Backoff,
}

/// What to do after a connection ended.
enum Next {
    Again(Duration),
    Stop(Refusal),
}

impl Link {
    /// Not connected yet.
    pub fn new(
        code: Code,
        relay: RelayAddress,
        from: From,
        patience: Patience,
        events: mpsc::Sender<FollowEvent>,
        requests: mpsc::Receiver<Request>,
        state: watch::Sender<FollowState>,
    ) -> Self {
        let position = match from {
            From::After(position) => Some(position),
            From::Beginning | From::Now => None,
        };
        Self {
            code,
            relay,
            generation: code.first_generation(),
            renewals: 0,
            from,
            patience,
            log: Log::after(position),
            begins_late: false,
            questions: Questions::new(patience.answer),
            outbox: Outbox::default(),
            dropped: 0,
            known_bad: KnownBad::default(),
            deleted: Deleted::default(),
            notes: 0,
            events,
            requests,
            state,
            unreachable_since: None,
            backoff: Backoff::default(),
        }
    }

    /// Follows until nobody takes the events any more, or it makes no sense.
    pub async fn run(mut self) {
        loop {
            let why = match Connection::open(&self.relay.viewers()).await {
                Ok(connection) => conversation::hold(&mut self, connection).await,
                Err(ended) => Why::Ended(ended),
            };
            self.questions.interrupt();
            if matches!(
                *self.state.borrow(),
                FollowState::Live { .. } | FollowState::NoNews { .. }
            ) {
                self.outbox
                    .push(FollowEvent::Live(LiveEvent::AgentStatus { online: false }));
            }
            match self.next(why) {
                Next::Again(wait) => {
                    if !self.pause(Instant::now() + wait).await {
                        return;
                    }
                }
                Next::Stop(reason) => {
                    self.questions.refuse_all(&reason);
                    self.say(FollowState::Refused { reason, again: false });
                    // What was received is handed over before the end.
                    while let Some(event) = self.outbox.pop() {
                        if self.events.send(event).await.is_err() {
                            return;
                        }
                    }
                    return;
                }
            }
        }
    }

    /// The relay let this viewer in.
    pub(super) fn reached(&mut self) {
        self.unreachable_since = None;
        self.backoff.reset();
    }

    /// The code of this generation was accepted.
    pub(super) fn let_in(&mut self) {
        self.renewals = 0;
    }

    pub(super) fn say(&self, state: FollowState) {
        self.state.send_if_modified(|before| {
            let other = *before != state;
            *before = state;
            other
        });
    }

    fn next(&mut self, why: Why) -> Next {
        match why {
            Why::NobodyListens => Next::Again(Duration::ZERO),
            Why::Versions(mismatch) => Next::Stop(words::versions_differ(&mismatch)),
            Why::Altered => {
                self.say(FollowState::Connecting);
                Next::Again(Duration::from_millis(250) + self.backoff.wait())
            }
            Why::Renewed(generation) => match self.code {
                Code::Owner(_) if self.renewals < RENEWALS && generation != self.generation => {
                    self.generation = generation;
                    self.renewals += 1;
                    Next::Again(Duration::ZERO)
                }
                _ => Next::Stop(words::closed(CloseCode::CodeRenewed)),
            },
            // Who waited, or was in, is closed without being told the generation: asked for once.
            Why::Ended(Ended::Closed(CloseCode::CodeRenewed))
                if matches!(self.code, Code::Owner(_)) && self.renewals < RENEWALS =>
            {
                self.renewals += 1;
                Next::Again(Duration::ZERO)
            }
            Why::Ended(Ended::Closed(code)) if !code.is_worth_coming_back() => Next::Stop(words::closed(code)),
            Why::Ended(Ended::Closed(CloseCode::Restarting)) => {
                self.say(FollowState::Connecting);
                Next::Again(spread(Duration::from_secs(5)))
            }
            Why::Ended(Ended::Closed(code @ (CloseCode::Full | CloseCode::Rate))) => {
                let reason = words::closed(code);
                self.say(FollowState::Refused { reason, again: true });
                Next::Again(Duration::from_secs(1) + self.backoff.wait())
            }
            Why::Ended(Ended::Closed(_)) => {
                self.say(FollowState::Connecting);
                Next::Again(self.backoff.wait())
            }
            Why::Ended(ended) => {
                let since = *self.unreachable_since.get_or_insert_with(SystemTime::now);
                let why = match ended {
                    Ended::Unreachable(why) => why,
                    other => other.to_string(),
                };
                self.say(FollowState::Unreachable {
                    relay: self.relay.to_string(),
                    since,
                    why,
                });
                Next::Again(self.backoff.wait())
            }
        }
    }

    /// Waits, and hands over what was received meanwhile. False when nobody takes it any more.
    async fn pause(&mut self, until: Instant) -> bool {
        let mut asking = true;
        loop {
            let check = Instant::now() + Duration::from_millis(250);
            tokio::select! {
                () = sleep_until(until) => return !self.events.is_closed(),
                () = self.events.closed() => return false,
                permit = self.events.reserve(), if !self.outbox.is_empty() => match (permit, self.outbox.pop()) {
                    (Ok(permit), Some(event)) => permit.send(event),
                    _ => return false,
                },
                request = self.requests.recv(), if asking => match request {
                    Some(Request::Ask(asked, waits)) => self.questions.add(asked, waits),
                    Some(Request::Taken(_)) => {}
                    None => asking = false,
                },
                () = sleep_until(check) => drop(self.questions.expire(Instant::now())),
            }
        }
    }
}
