//! Following an agent: a visit to it, its record, questions and commands.
//!
//! [`Follower::start`] gives a handle to ask with and a stream of what happens. It reconnects by itself, as long as that makes
//! sense; [`FollowState`] says how it goes. Nothing that comes from the relay is believed: frames are verified and opened first
//! ([`protocol::relay::sealing`]), and only the agent's own answer makes anything live.

mod alarm;
mod code;
mod conversation;
mod deleted;
mod known_bad;
mod link;
mod log;
mod outbox;
mod questions;
mod state;
mod transfer;
mod visit;

use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use protocol::command::{Command, Outcome};
use protocol::ids::CommandId;
use protocol::query::{Answer, ColumnQuery, Query};
use protocol::refusal::Refusal;
use protocol::relay::body::{News, Reply, WholeAnswer};
use protocol::relay::{Position, words};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, timeout};

pub use code::{Code, Invitation};
pub use log::OutOfOrder;
pub use state::{FollowEvent, FollowState};
pub use transfer::bare_name;

use crate::address::RelayAddress;
use deleted::Deleted;
use link::{Link, Request};
use questions::{Asked, Piece, Waits};
use transfer::{PIECES, Receiving};

/// Batches that wait for whoever takes the events; then entries wait at the relay or the agent.
const BATCHES: usize = 16;
/// Requests that wait for the connection.
const REQUESTS: usize = 64;

/// Where following begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// With the first entry of the record.
    Beginning,
    /// With what is new.
    Now,
    /// After what was taken before ([`Events::position`]).
    After(Position),
}

/// How long to wait before something is said.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Without a signed status of the agent.
    pub news: Duration,
    /// For an answer, or the next part of it.
    pub answer: Duration,
    /// Before a word to the agent, which ends visits that it hears nothing of for 15 min.
    pub alive: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            news: Duration::from_secs(15),
            answer: Duration::from_secs(30),
            alive: Duration::from_mins(5),
        }
    }
}

/// Follows an agent, and asks it. Cloning shares it; it ends when its [`Events`] are dropped.
#[derive(Clone)]
pub struct Follower {
    code: Code,
    patience: Patience,
    requests: mpsc::Sender<Request>,
    state: watch::Receiver<FollowState>,
    deleted: Deleted,
    keys: Arc<AtomicU64>,
}

/// What happens, in order. While nobody takes it, entries wait where they are; nothing is lost.
pub struct Events {
    events: mpsc::Receiver<FollowEvent>,
    position: Arc<Mutex<Option<Position>>>,
}

impl Follower {
    /// Begins to follow. Must be called within a tokio runtime.
    pub fn start(code: Code, relay: RelayAddress, from: From) -> (Self, Events) {
        Self::start_with(code, relay, from, Patience::default())
    }

    /// The same with other waits.
    pub fn start_with(code: Code, relay: RelayAddress, from: From, patience: Patience) -> (Self, Events) {
        let (to_events, events) = mpsc::channel(BATCHES);
        let (requests, from_handles) = mpsc::channel(REQUESTS);
        let (to_state, state) = watch::channel(FollowState::Connecting);
        let link = Link::new(code, relay, from, patience, to_events, from_handles, to_state);
        let deleted = link.deleted.clone();
        tokio::spawn(link.run());
        let position = match from {
            From::After(position) => Some(position),
            From::Beginning | From::Now => None,
        };
        let follower = Self {
            code,
            patience,
            requests,
            state,
            deleted,
            keys: Arc::default(),
        };
        let events = Events {
            events,
            position: Arc::new(Mutex::new(position)),
        };
        (follower, events)
    }

    /// How it goes.
    pub fn state(&self) -> watch::Receiver<FollowState> {
        self.state.clone()
    }

    /// Asks the engine. Waits for the connection, at most 30 s without a sign of life.
    ///
    /// # Errors
    /// The agent's refusal, or why it was not reached.
    pub async fn query(&self, query: Query) -> Result<Answer, Refusal> {
        match self.ask(Asked::Query(query.clone())).await? {
            WholeAnswer::Reply(reply) => match *reply {
                Reply::Answer { answer } => Ok(*answer),
                other => Err(self.deleted.explain(questions::refusal_in(other), &query)),
            },
            _ => Err(words::answer_unreadable()),
        }
    }

    /// Asks the engine for columns; gives their bytes ([`protocol::columns`]).
    ///
    /// # Errors
    /// As [`Follower::query`].
    pub async fn columns(&self, query: ColumnQuery) -> Result<Vec<u8>, Refusal> {
        match self.ask(Asked::Columns(query.clone())).await? {
            WholeAnswer::Columns(bytes) => Ok(bytes),
            WholeAnswer::Reply(reply) => Err(self.deleted.explain(questions::refusal_in(*reply), &query)),
            WholeAnswer::Bytes(_) => Err(words::answer_unreadable()),
        }
    }

    /// Changes something. After a lost connection the same command is sent again under its id, for at most 30 s: it has its effect
    /// once.
    ///
    /// # Errors
    /// `view_only` before anything is sent, the agent's refusal, or `too_late`: then it is not known whether it was done.
    pub async fn command(&self, id: CommandId, command: Command) -> Result<Outcome, Refusal> {
        if self.code.control().is_none() {
            return Err(words::view_only());
        }
        match self.ask(Asked::Order(id, Box::new(command.clone()))).await? {
            WholeAnswer::Reply(reply) => match *reply {
                Reply::Outcome { outcome } => Ok(outcome),
                other => Err(self.deleted.explain(questions::refusal_in(other), &command)),
            },
            _ => Err(words::answer_unreadable()),
        }
    }

    /// Fetches a finished export ([`News::Ready`]) and checks its length and hash. The file must count for nothing until this has
    /// ended well: keep it under another name until then.
    ///
    /// # Errors
    /// It is not what was announced, the agent no longer has it, or it cannot be written.
    pub async fn fetch(&self, ready: &News, to: impl Write + Send) -> Result<u64, Refusal> {
        let News::Ready {
            transfer,
            name,
            bytes,
            sha256,
            ..
        } = ready
        else {
            return Err(words::answer_unreadable());
        };
        let name = bare_name(name);
        let mut receiving = Receiving::new(to, *bytes);
        let mut progress = Instant::now();
        while progress.elapsed() < self.patience.answer {
            let (key, (give, mut pieces)) = (self.keys.fetch_add(1, Ordering::Relaxed), mpsc::channel(PIECES));
            let asked = Asked::Transfer {
                transfer: *transfer,
                from: receiving.received,
            };
            self.send(Request::Ask(asked, Waits::Taker(key, give))).await?;
            // Ends without a last piece where the connection was lost: asked again from there.
            while let Ok(Some(piece)) = timeout(self.patience.answer, pieces.recv()).await {
                progress = Instant::now();
                match piece {
                    Piece::Refused(refusal) => return Err(refusal),
                    Piece::Bytes(bytes, last) => {
                        receiving.take(&bytes, &name)?;
                        if last {
                            let received = receiving.received;
                            receiving.finish(sha256, &name)?;
                            return Ok(received);
                        }
                        self.send(Request::Taken(key)).await?;
                    }
                }
            }
        }
        Err(words::no_answer())
    }

    async fn ask(&self, asked: Asked) -> Result<WholeAnswer, Refusal> {
        let (tell, answer) = oneshot::channel();
        self.send(Request::Ask(asked, Waits::Caller(tell))).await?;
        answer.await.map_err(|_| self.ended())?
    }

    async fn send(&self, request: Request) -> Result<(), Refusal> {
        self.requests.send(request).await.map_err(|_| self.ended())
    }

    fn ended(&self) -> Refusal {
        match &*self.state.borrow() {
            FollowState::Refused { reason, .. } => reason.clone(),
            _ => words::not_following(),
        }
    }
}

impl Events {
    /// What happens next; none when following has ended for good ([`FollowState::Refused`]).
    pub async fn next(&mut self) -> Option<FollowEvent> {
        let event = self.events.recv().await?;
        if let Ok(mut position) = self.position.lock() {
            match &event {
                FollowEvent::Record { position: reached, .. } => *position = Some(*reached),
                FollowEvent::StartedOver => *position = None,
                _ => {}
            }
        }
        Some(event)
    }

    /// Where to go on after what was taken ([`From::After`]).
    pub fn position(&self) -> Option<Position> {
        self.position.lock().ok().and_then(|position| *position)
    }
}
