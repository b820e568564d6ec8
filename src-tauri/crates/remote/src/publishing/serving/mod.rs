//! Serving a claimed channel until the connection ends: one task, which waits for everything and sends one thing at a time, so
//! that nothing but what the system buffers waits to be sent.

mod asked;
mod frames;
mod ordered;
mod place;
mod sending;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use agent::Engine;
use protocol::command::Outcome;
use protocol::ids::OperationId;
use protocol::refusal::Refusal;
use protocol::relay::body::BodyError;
use protocol::relay::message::{FromAgent, ToAgent};
use protocol::relay::sealing::{DownSealer, SealError};
use protocol::relay::{Epoch, Offset, Run};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::claim::Claimed;
use super::counters::Refused;
use super::feed::Feed;
use super::keys::Keys;
use super::link::stopped;
use super::log::Log;
use super::operations::Operations;
use super::questions::Questions;
use super::retiring::Retiring;
use super::status::Status;
use super::transfers::{Measured, Place, Transfers};
use super::visits::Visits;
use crate::dial::{Connection, Ended};

/// The newest of the record that a relay without any gets, bytes of JSON: some 4 MiB of frames. Its window holds 8.
const NEWEST: u64 = 16 << 20;
/// Bytes of answers that may wait for credit, of all visits together.
const ANSWERS: usize = 256 << 20;
/// Of one visit: the longest answer.
const ANSWERS_OF_VISIT: usize = 64 << 20;

/// What is in the record already still goes out for so long when publishing is to end.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Why serving ended.
pub enum End {
    /// It was asked for; the channel is free.
    Stopped,
    /// A new run is needed.
    Anew,
    /// The store failed, or the engine closed.
    Store(Refusal),
    /// The connection ended.
    Connection(Ended),
}

impl From<Ended> for End {
    fn from(ended: Ended) -> Self {
        Self::Connection(ended)
    }
}

impl From<Refusal> for End {
    fn from(refusal: Refusal) -> Self {
        Self::Store(refusal)
    }
}

impl From<SealError> for End {
    /// A run that has used up its counters; nothing else occurs.
    fn from(error: SealError) -> Self {
        tracing::debug!("a new run begins: {error}");
        Self::Anew
    }
}

impl From<BodyError> for End {
    fn from(error: BodyError) -> Self {
        tracing::error!("a frame could not be made: {error}");
        Self::Anew
    }
}

/// Work that is done beside.
enum Finished {
    Answered {
        viewer: Run,
        question: u32,
        bytes: Vec<u8>,
    },
    Ordered {
        viewer: Run,
        question: u32,
        outcome: Result<Outcome, Refusal>,
        place: Option<Place>,
    },
    Measured {
        operation: OperationId,
        measured: Measured,
    },
}

/// A claimed channel.
pub struct Serving<'a> {
    engine: &'a Engine,
    keys: &'a Keys,
    transfers: &'a mut Transfers,
    refused: Arc<Refused>,
    connection: Connection,
    run: Run,
    epoch: Epoch,
    sealer: DownSealer,
    log: Log,
    feed: Feed,
    /// Newest entry that came from the feed.
    fed: Offset,
    status: Status,
    visits: Visits,
    turns: VecDeque<Run>,
    questions: Questions,
    operations: Operations,
    retiring: Retiring,
    work: JoinSet<Finished>,
    /// Once the relay has this entry, it has nothing of the first so many deleted sessions.
    clears: Option<(Offset, u64)>,
}

impl<'a> Serving<'a> {
    /// Goes on with the relay's log, or begins it anew.
    pub async fn begin(
        engine: &'a Engine,
        keys: &'a Keys,
        claimed: Claimed,
        transfers: &'a mut Transfers,
        refused: Arc<Refused>,
    ) -> Result<Self, End> {
        let Claimed {
            connection,
            run,
            position,
        } = claimed;
        let valid = match position {
            Some(position) => engine.is_valid(position).await?,
            None => false,
        };
        let (deleted, notes) = (engine.recently_deleted().await?, engine.notes_version().await?);
        let retiring = Retiring::new(engine.retirements().await?);
        let mut beginning = engine.begin_run(run).await?;
        // The relay's log is of this life of the record and says otherwise: another copy of the store wrote it.
        if !valid && position.is_some_and(|position| position.epoch == beginning.epoch) {
            tracing::warn!("the relay has entries that this store does not know; the record begins a new life");
            engine.renew_epoch().await?;
            beginning = engine.begin_run(run).await?;
        }
        let sealer = DownSealer::new(
            &keys.view,
            keys.user_id().owner_key(),
            keys.generation,
            run,
            beginning.epoch,
        );
        let mut serving = Self {
            engine,
            keys,
            transfers,
            refused,
            connection,
            run,
            epoch: beginning.epoch,
            sealer,
            log: Log::from(beginning.head + 1),
            feed: Feed::after(engine, beginning.head),
            fed: beginning.head,
            status: Status::new(deleted, notes),
            visits: Visits::new(),
            turns: VecDeque::new(),
            questions: Questions::new(engine.clone()),
            operations: Operations::default(),
            retiring,
            work: JoinSet::new(),
            clears: None,
        };
        serving.find_place(position.filter(|_| valid), beginning).await?;
        Ok(serving)
    }

    /// Serves until the end.
    pub async fn run(mut self, stop: &mut watch::Receiver<bool>, viewers: impl Fn(u32)) -> End {
        let end = match self.serve(stop, viewers).await {
            Err(end) => end,
            Ok(()) => End::Stopped,
        };
        // A channel that nobody holds is free at once for another agent.
        if !matches!(end, End::Connection(_)) && self.connection.say(&FromAgent::Release).await.is_ok() {
            self.connection.close().await;
        }
        end
    }

    async fn serve(&mut self, stop: &mut watch::Receiver<bool>, viewers: impl Fn(u32)) -> Result<(), End> {
        // Once it is to end: up to where the record still goes out, and until when.
        let mut last_words: Option<(Offset, Instant)> = None;
        loop {
            if last_words.is_some_and(|(head, _)| self.log.top() >= head) {
                return Ok(());
            }
            let ends_at = last_words.map(|(_, at)| at);
            let has_turns = !self.turns.is_empty();
            tokio::select! {
                () = stopped(stop), if last_words.is_none() => {
                    last_words = Some((self.engine.head().await?, Instant::now() + LAST_WORDS));
                }
                () = ended(ends_at) => return Ok(()),
                heard = self.connection.hear::<ToAgent>() => match heard? {
                    ToAgent::Viewers(count) => {
                        viewers(count);
                        self.status.see_viewers(count);
                    }
                    other => self.hear(other).await?,
                },
                batch = self.feed.next(), if self.log.has_room() => match batch {
                    Some(batch) => self.take(batch).await?,
                    None => return Err(closing()),
                },
                () = self.log.due() => self.send_log().await?,
                () = self.log.overdue() => self.send_again(),
                () = self.status.due() => self.send_status().await?,
                () = self.retiring.due() => self.send_retirements().await?,
                Some(finished) = self.work.join_next() => if let Ok(finished) = finished {
                    self.finish(finished).await?;
                },
                () = std::future::ready(()), if has_turns => self.send_part().await?,
            }
        }
    }

    async fn hear(&mut self, message: ToAgent) -> Result<(), End> {
        match message {
            ToAgent::Ack(top) => {
                self.log.acknowledged(top);
                if let Some((first, deletions)) = self.clears
                    && top >= first
                {
                    // A full disk is no reason to stop: without this note the log begins anew once more at the next claim.
                    if let Err(refusal) = self.engine.note_cleared(deletions).await {
                        tracing::warn!(code = refusal.code, "a deletion stays noted as not cleared: {refusal}");
                    }
                    self.clears = None;
                }
            }
            ToAgent::Have(position) => {
                if self.log.is_news(position) {
                    self.find_place_again(position).await?;
                }
            }
            ToAgent::Frame(frame) => self.open(&frame).await?,
            ToAgent::Gone(viewer) => self.visits.end(viewer),
            ToAgent::Retired(channel) => self.retiring.confirmed(channel),
            ToAgent::Probe => self.connection.say(&FromAgent::Alive).await?,
            ToAgent::Viewers(_) | ToAgent::Challenge(_) | ToAgent::Claimed { .. } | ToAgent::InUse { .. } => {}
        }
        Ok(())
    }
}

async fn ended(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

fn closing() -> End {
    End::Store(Refusal::new("closing", "The engine has closed.", ""))
}
