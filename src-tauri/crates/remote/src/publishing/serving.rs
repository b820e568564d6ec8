//! Serving a claimed channel until the connection ends: one task, which waits for everything and sends one thing at a time, so
//! that nothing but what the system buffers waits to be sent.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use agent::Engine;
use agent::sharing::Beginning;
use protocol::command::Outcome;
use protocol::ids::OperationId;
use protocol::record::{Event, LiveEvent, OperationOutcome};
use protocol::refusal::Refusal;
use protocol::relay::body::{
    Ask, BodyError, Direct, News, Opened, Opening, Order, Question, Reply, STATUS, Verdict, from_json, to_json,
};
use protocol::relay::header::{Destination, UpHeader, UpKind};
use protocol::relay::message::{FromAgent, ToAgent};
use protocol::relay::sealing::{DownSealer, SealError, open_once};
use protocol::relay::{Epoch, Offset, Position, Run, Versions, Visit};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::answering::{NotTaken, Source};
use super::claim::Claimed;
use super::counters::Refused;
use super::feed::Feed;
use super::keys::Keys;
use super::link::stopped;
use super::log::{Cut, Log};
use super::operations::Operations;
use super::orders::{self, Judged};
use super::questions::{self, Asked, Questions};
use super::status::Status;
use super::transfers::{self, Measured, Place, Transfers};
use super::visits::Visits;
use crate::dial::{Connection, Ended};

/// The newest of the record that a relay without any gets, bytes of JSON: some 4 MiB of frames. Its window holds 8.
const NEWEST: u64 = 16 << 20;
/// Bytes of answers that may wait for credit, of all visits together.
const ANSWERS: usize = 256 << 20;

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
            status: Status::new(),
            visits: Visits::new(),
            turns: VecDeque::new(),
            questions: Questions::new(engine.clone()),
            operations: Operations::default(),
            work: JoinSet::new(),
            clears: None,
        };
        serving.find_place(position.filter(|_| valid), beginning).await?;
        Ok(serving)
    }

    async fn find_place(&mut self, valid: Option<Position>, beginning: Beginning) -> Result<(), End> {
        let Beginning { head, deletions, .. } = beginning;
        match valid {
            Some(position) if !deletions.are_uncleared() => {
                self.go_on_after(position.offset);
                Ok(())
            }
            Some(_) => self.begin_log(head + 1, Some(deletions.all)).await,
            None => {
                let first = self.engine.newest_entries_after(NEWEST).await? + 1;
                self.begin_log(first, Some(deletions.all)).await
            }
        }
    }

    async fn begin_log(&mut self, first: Offset, clears: Option<u64>) -> Result<(), End> {
        let epoch = self.epoch;
        self.connection.say(&FromAgent::Begin { epoch, first }).await?;
        self.clears = clears.map(|deletions| (first, deletions)).or(self.clears);
        self.go_on_after(first - 1);
        // The relay forgot the newest status with the log.
        self.status.hurry();
        Ok(())
    }

    fn go_on_after(&mut self, offset: Offset) {
        self.log.go_on_from(offset + 1);
        // Forward, the feed gets there by itself; what it has besides entries is not lost then.
        if offset < self.fed {
            (self.feed, self.fed) = (Feed::after(self.engine, offset), offset);
        }
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
                () = self.status.due() => self.send_status().await?,
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
            ToAgent::Probe => self.connection.say(&FromAgent::Alive).await?,
            ToAgent::Viewers(_) | ToAgent::Challenge(_) | ToAgent::Claimed { .. } | ToAgent::InUse { .. } => {}
        }
        Ok(())
    }

    async fn find_place_again(&mut self, position: Option<Position>) -> Result<(), End> {
        let valid = match position {
            Some(position) => self.engine.is_valid(position).await?,
            None => false,
        };
        match position {
            Some(position) if valid => {
                self.go_on_after(position.offset);
                Ok(())
            }
            Some(position) if position.epoch == self.epoch => {
                self.engine.renew_epoch().await?;
                // A key seals for one life of the record only.
                Err(End::Anew)
            }
            _ => {
                let deletions = self.engine.deletions().await?;
                let first = self.engine.newest_entries_after(NEWEST).await? + 1;
                self.begin_log(first, Some(deletions.all)).await
            }
        }
    }

    async fn take(&mut self, batch: Vec<Event>) -> Result<(), End> {
        for event in batch {
            match event {
                Event::Record(entry) => {
                    self.fed = entry.offset;
                    self.log.take(*entry)?;
                }
                Event::Live(event @ LiveEvent::Progress { operation, .. }) => {
                    if let Some(viewer) = self.operations.beginner(operation, &event) {
                        self.tell_progress(viewer, operation, event).await?;
                    }
                }
                Event::Live(event) => {
                    if self.status.hear(&event) {
                        // Nothing of the deleted session stays at the relay.
                        let deletions = self.engine.deletions().await?;
                        let head = self.engine.head().await?;
                        self.begin_log(head + 1, Some(deletions.all)).await?;
                    }
                }
            }
        }
        Ok(())
    }

    async fn send_log(&mut self) -> Result<(), End> {
        match self.log.cut()? {
            Some(Cut::Frame { first, count, body }) => {
                let destination = Destination::Log { first, count };
                let frame = self.sealer.seal(destination, &body)?;
                self.log.sent(destination.last().unwrap_or(first), frame.len());
                self.connection.say(&FromAgent::Frame(frame)).await?;
            }
            Some(Cut::TooLarge(offset)) => {
                tracing::warn!("entry {offset} of the record is too large for a frame; viewers fetch it");
                self.begin_log(offset + 1, None).await?;
            }
            None => {}
        }
        Ok(())
    }

    async fn send_status(&mut self) -> Result<(), End> {
        self.visits.tidy(Instant::now());
        self.transfers.tidy();
        let head = self.engine.head().await?;
        let status = to_json(&self.status.say(head))?;
        let frame = self.sealer.seal(Destination::Latest { key: STATUS }, &status)?;
        Ok(self.connection.say(&FromAgent::Frame(frame)).await?)
    }

    async fn send_part(&mut self) -> Result<(), End> {
        let Some(viewer) = self.turns.pop_front() else {
            return Ok(());
        };
        let Some(visiting) = self.visits.of(viewer) else {
            return Ok(());
        };
        let part = visiting.answering.next_part().await;
        if visiting.answering.has_part() {
            self.turns.push_back(viewer);
        }
        if let Some(part) = part {
            let direct = Direct::Part {
                question: part.question,
                last: part.last,
                bytes: part.bytes,
            };
            self.direct(viewer, &direct).await?;
        }
        Ok(())
    }

    async fn direct(&mut self, viewer: Run, body: &Direct) -> Result<(), End> {
        let frame = self.sealer.seal(Destination::Direct { viewer }, &body.bytes()?)?;
        Ok(self.connection.say(&FromAgent::Frame(frame)).await?)
    }

    /// Takes a frame of a viewer.
    async fn open(&mut self, frame: &[u8]) -> Result<(), End> {
        let header = match UpHeader::read(frame) {
            Ok((header, _)) if header.generation == self.keys.generation => header,
            Ok(_) => {
                self.refused.count_dropped("another generation");
                return Ok(());
            }
            Err(error) => {
                self.refused.count_dropped(&error.to_string());
                return Ok(());
            }
        };
        let (viewer, now) = (header.viewer, Instant::now());
        match header.kind {
            UpKind::Open => return self.open_visit(viewer, frame).await,
            UpKind::Query => {
                let Some(visiting) = self.visits.of(viewer) else {
                    self.refused.count_dropped("no visit");
                    return Ok(());
                };
                match visiting.query.open(frame) {
                    Ok(body) => {
                        self.visits.seen(viewer, now);
                        match from_json::<Question>(&body) {
                            Ok(question) => self.ask(viewer, question),
                            Err(_) => self.refused.count_dropped("no question"),
                        }
                    }
                    Err(error) => self.refused.count_dropped(&error.to_string()),
                }
            }
            UpKind::Command => self.open_command(viewer, frame, now),
        }
        Ok(())
    }

    async fn open_visit(&mut self, viewer: Run, frame: &[u8]) -> Result<(), End> {
        if self.visits.has(viewer) || !self.visits.may_open(Instant::now()) {
            self.refused.count_dropped("opened already, or too many");
            return Ok(());
        }
        let opened = open_once(&self.keys.view.open(viewer), frame);
        let Some(opening) = opened.ok().and_then(|body| Opening::read(&body).ok()) else {
            self.refused.count_dropped("no opening");
            return Ok(());
        };
        let goes_on = match opening.position {
            Some(position) => self.engine.goes_on_from(position).await?,
            None => false,
        };
        let Ok(visit) = Visit::random() else {
            return Ok(());
        };
        // Without a common version it hears which there are, and cannot go on.
        if Versions::own().common(&opening.versions).is_ok() {
            self.visits.open(self.keys, self.run, viewer, visit, Instant::now());
        }
        let opened = Opened {
            verdict: if goes_on { Verdict::GoOn } else { Verdict::StartOver },
            visit,
            epoch: self.epoch,
            run: self.run,
            head: self.engine.head().await?,
            tick_ms: self.status.tick_ms(),
            versions: Versions::own(),
        };
        self.direct(viewer, &Direct::Opened(opened)).await
    }

    fn open_command(&mut self, viewer: Run, frame: &[u8], now: Instant) {
        let Some(visiting) = self.visits.of(viewer) else {
            self.refused.count_dropped("no visit");
            return;
        };
        match visiting.command.open(frame) {
            Ok(body) => {
                visiting.has_control = true;
                self.visits.seen(viewer, now);
                if let Ok(order) = from_json::<Order>(&body) {
                    self.order(viewer, order);
                } else if let Ok(question) = from_json::<Question>(&body) {
                    self.ask(viewer, question);
                } else {
                    self.refused.count_dropped("no order");
                }
            }
            Err(SealError::Replayed) => self.refused.count_dropped("a command that came before"),
            // Somebody who may only look has the visit's other key.
            Err(_) => match visiting
                .query
                .open(frame)
                .ok()
                .and_then(|body| from_json::<Order>(&body).ok())
            {
                Some(order) => {
                    self.refused.count_view_only();
                    self.visits.seen(viewer, now);
                    self.refuse(viewer, order.question, orders::view_only());
                }
                None => self.refused.count_dropped("a command under no key of the visit"),
            },
        }
    }

    /// Answers a question with a refusal.
    fn refuse(&mut self, viewer: Run, question: u32, refusal: Refusal) {
        if self.is_taken(viewer, question) {
            self.answer(viewer, question, questions::refused(refusal));
        }
    }

    /// Whether a question's number may be answered; says so to its visit where too many are open.
    fn is_taken(&mut self, viewer: Run, question: u32) -> bool {
        let Some(visiting) = self.visits.of(viewer) else {
            return false;
        };
        match visiting.answering.take(question) {
            Ok(()) => true,
            Err(NotTaken::Number) => {
                self.refused.count_dropped("a question's number that came before");
                false
            }
            Err(NotTaken::TooMany) => {
                let refusal = Refusal::new(
                    "too_many_questions",
                    "Four questions are open already.",
                    "Wait for an answer, then ask again.",
                );
                visiting.answering.refuse(question, questions::refused(refusal));
                self.has_part(viewer);
                false
            }
        }
    }

    fn answer(&mut self, viewer: Run, question: u32, bytes: Vec<u8>) {
        let bytes = if self.visits.waiting_bytes() + bytes.len() > ANSWERS {
            questions::refused(Refusal::new(
                "agent_busy",
                "Too many answers wait for those who asked.",
                "Try again later.",
            ))
        } else {
            bytes
        };
        if let Some(visiting) = self.visits.of(viewer) {
            visiting.answering.answer(question, Source::Memory { bytes, at: 0 });
            self.has_part(viewer);
        }
    }

    fn has_part(&mut self, viewer: Run) {
        let has_part = self
            .visits
            .of(viewer)
            .is_some_and(|visiting| visiting.answering.has_part());
        if has_part && !self.turns.contains(&viewer) {
            self.turns.push_back(viewer);
        }
    }

    fn ask(&mut self, viewer: Run, Question { question, ask }: Question) {
        let asked = match ask {
            Ask::Credit { of, parts } => {
                if let Some(visiting) = self.visits.of(viewer) {
                    visiting.answering.credit(of, parts);
                }
                return self.has_part(viewer);
            }
            Ask::Drop { of } => {
                if let Some(visiting) = self.visits.of(viewer) {
                    visiting.answering.drop_question(of);
                }
                return;
            }
            Ask::Transfer { transfer, from } => return self.transfer(viewer, question, transfer, from),
            Ask::Query { query } => Asked::Query(query),
            Ask::Columns { query } => Asked::Columns(query),
            Ask::History { after, through } => Asked::History { after, through },
        };
        if questions::is_about_folders(&asked) && !self.has_control(viewer) {
            return self.refuse(viewer, question, questions::control_needed());
        }
        if !self.is_taken(viewer, question) {
            return;
        }
        let questions = self.questions.clone();
        let abort = self.work.spawn(async move {
            let bytes = questions.answer(asked).await;
            Finished::Answered {
                viewer,
                question,
                bytes,
            }
        });
        if let Some(visiting) = self.visits.of(viewer) {
            visiting.answering.works(question, abort);
        }
    }

    fn has_control(&mut self, viewer: Run) -> bool {
        self.visits.of(viewer).is_some_and(|visiting| visiting.has_control)
    }

    fn transfer(&mut self, viewer: Run, question: u32, transfer: uuid::Uuid, from: u64) {
        if !self.has_control(viewer) {
            let refusal = Refusal::new(
                "control_needed",
                "An exported file goes to whoever proves control.",
                "Send the command of the export again; it is not carried out twice.",
            );
            return self.refuse(viewer, question, refusal);
        }
        let Some(offered) = self.transfers.offered(transfer) else {
            let refusal = Refusal::new(
                "no_such_transfer",
                "The exported file is no longer kept.",
                "Export it again.",
            );
            return self.refuse(viewer, question, refusal);
        };
        if self.is_taken(viewer, question)
            && let Some(visiting) = self.visits.of(viewer)
        {
            let source = Source::File {
                path: offered.path,
                at: from.min(offered.bytes),
                length: offered.bytes,
                begun: false,
            };
            visiting.answering.answer(question, source);
            self.has_part(viewer);
        }
    }

    fn order(&mut self, viewer: Run, order: Order) {
        if let Err(refusal) = orders::is_in_time(&order, self.status.tick_ms()) {
            self.refused.count_late();
            return self.refuse(viewer, order.question, refusal);
        }
        if !self.is_taken(viewer, order.question) {
            return;
        }
        let Order {
            question, id, command, ..
        } = order;
        let (command, place) = match orders::judge(command, self.transfers) {
            Ok(Judged::CarryOut(command, place)) => (command, place),
            Ok(Judged::Done) => {
                let outcome = Outcome::Done;
                return self.answer(viewer, question, questions::reply(Reply::Outcome { outcome }));
            }
            Err(refusal) => return self.answer(viewer, question, questions::refused(refusal)),
        };
        let engine = self.engine.clone();
        // Of its own, so that a command is carried out as a whole even if the connection ends meanwhile.
        let carried_out = tokio::spawn(async move { engine.command(id, *command).await });
        self.work.spawn(async move {
            let ended = || Refusal::new("command_failed", "The command failed.", "Please report this.");
            let outcome = carried_out.await.unwrap_or_else(|_| Err(ended()));
            Finished::Ordered {
                viewer,
                question,
                outcome,
                place,
            }
        });
    }

    async fn finish(&mut self, finished: Finished) -> Result<(), End> {
        match finished {
            Finished::Answered {
                viewer,
                question,
                bytes,
            } => self.answer(viewer, question, bytes),
            Finished::Ordered {
                viewer,
                question,
                outcome,
                place,
            } => self.ordered(viewer, question, outcome, place).await?,
            Finished::Measured { operation, measured } => {
                let offered = self.transfers.measured(operation, measured);
                self.tell_measured(operation, offered).await?;
            }
        }
        Ok(())
    }

    async fn ordered(
        &mut self,
        viewer: Run,
        question: u32,
        outcome: Result<Outcome, Refusal>,
        place: Option<Place>,
    ) -> Result<(), End> {
        let operation = match &outcome {
            Ok(Outcome::Accepted { operation } | Outcome::Revised { operation, .. }) => Some(*operation),
            _ => None,
        };
        let reply = match outcome {
            Ok(outcome) => questions::reply(Reply::Outcome { outcome }),
            Err(refusal) => questions::refused(refusal),
        };
        self.answer(viewer, question, reply);
        let Some(operation) = operation else {
            if let Some(place) = place {
                transfers::give_up(&place);
            }
            return Ok(());
        };
        if let Some(place) = place {
            self.transfers.begun(operation, place);
        }
        if let Some(event) = self.operations.began(operation, viewer) {
            return self.tell_progress(viewer, operation, event).await;
        }
        // A repeat of a command whose file is there already.
        if let Some(offer) = self.transfers.offer(operation) {
            self.direct(viewer, &Direct::News(offer)).await?;
        } else if let Some(path) = self.transfers.unmeasured(operation) {
            self.measure(operation, path);
        }
        Ok(())
    }

    async fn tell_progress(&mut self, viewer: Run, operation: OperationId, mut event: LiveEvent) -> Result<(), End> {
        let name = self.transfers.name(operation).map(str::to_owned);
        if let LiveEvent::Progress { label, outcome, .. } = &mut event {
            if let Some(name) = name {
                // The engine's own label names the place on this computer.
                *label = format!("Exporting {name}");
                match outcome {
                    Some(OperationOutcome::Done) => {
                        if let Some(path) = self.transfers.unmeasured(operation) {
                            self.measure(operation, path);
                        }
                    }
                    Some(_) => self.transfers.forget(operation),
                    None => {}
                }
            } else if outcome.is_some() {
                self.operations.over(operation);
            }
        }
        if self.visits.has(viewer) {
            self.direct(viewer, &Direct::News(News::Progress { event })).await?;
        }
        Ok(())
    }

    fn measure(&mut self, operation: OperationId, path: std::path::PathBuf) {
        self.work.spawn_blocking(move || Finished::Measured {
            operation,
            measured: transfers::measure(&path),
        });
    }

    async fn tell_measured(&mut self, operation: OperationId, offered: Result<(), Refusal>) -> Result<(), End> {
        let Some(viewer) = self.operations.who(operation) else {
            return Ok(());
        };
        if !self.visits.has(viewer) {
            return Ok(());
        }
        match offered {
            Ok(()) => match self.transfers.offer(operation) {
                Some(offer) => self.direct(viewer, &Direct::News(offer)).await,
                None => Ok(()),
            },
            Err(refusal) => {
                tracing::warn!(code = refusal.code, "an exported file is not offered: {refusal}");
                self.operations.over(operation);
                Ok(())
            }
        }
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
