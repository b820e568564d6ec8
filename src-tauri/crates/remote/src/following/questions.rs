//! Questions and commands on their way, and the parts of their answers.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use protocol::command::Command;
use protocol::ids::CommandId;
use protocol::query::{ColumnQuery, Query};
use protocol::refusal::Refusal;
use protocol::relay::body::{Ask, CREDIT, OPEN_QUESTIONS, Order, Question, WholeAnswer};
use protocol::relay::{Offset, words};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use uuid::Uuid;

use super::transfer::PIECES;
use super::visit::OpenVisit;

/// What an answer may unpack to, bytes.
const MOST: usize = 64 << 20;
/// Pieces that may wait for a taker while more parts are asked for: there is room for all that may be on their way, the last one too.
const BACKLOG: usize = PIECES - CREDIT - 1;

/// What is asked.
#[derive(Debug, Clone)]
pub enum Asked {
    /// A query.
    Query(Query),
    /// A query for columns.
    Columns(ColumnQuery),
    /// A command.
    Order(CommandId, Box<Command>),
    /// Entries that the relay does not have.
    History {
        /// Entries after this one.
        after: Offset,
        /// Up to this one.
        through: Offset,
    },
    /// The bytes of an export.
    Transfer {
        /// Which.
        transfer: Uuid,
        /// From where on.
        from: u64,
    },
}

/// A piece of a file.
#[derive(Debug)]
pub enum Piece {
    /// Bytes, and whether they are the last ones.
    Bytes(Vec<u8>, bool),
    /// There is no such file any more, or not for this viewer.
    Refused(Refusal),
}

/// Who waits for an answer.
pub enum Waits {
    /// A caller.
    Caller(oneshot::Sender<Result<WholeAnswer, Refusal>>),
    /// A caller that takes a file piece by piece and says when it has room again, by this key.
    Taker(u64, mpsc::Sender<Piece>),
    /// The fold.
    Fold,
}

/// Somebody's question.
pub struct Pending {
    asked: Asked,
    waits: Waits,
    parts: Vec<u8>,
    begun: bool,
    /// When it was asked, or something came for it.
    heard: Instant,
    /// Pieces that its taker was given and has not taken.
    backlog: usize,
    deadline: Instant,
}

/// All of them.
pub struct Questions {
    patience: Duration,
    next: u32,
    open: HashMap<u32, Pending>,
    waiting: VecDeque<Pending>,
}

impl Asked {
    /// Whether only those are answered, or answered in full, who prove in this visit that they may steer.
    fn needs_control(&self) -> bool {
        matches!(
            self,
            Self::Transfer { .. }
                | Self::Query(
                    Query::FolderPreview { .. }
                        | Query::Lot { .. }
                        | Query::Notes { .. }
                        | Query::NoteTopics { .. }
                        | Query::NoteStatistics { .. }
                )
                | Self::Columns(ColumnQuery::FilePreview { .. })
        )
    }
}

impl Questions {
    /// None yet. Whoever waits for longer than `patience` without anything is told so.
    pub fn new(patience: Duration) -> Self {
        Self {
            patience,
            next: 1,
            open: HashMap::new(),
            waiting: VecDeque::new(),
        }
    }

    /// Takes a question, to be asked when there is room.
    pub fn add(&mut self, asked: Asked, waits: Waits) {
        let pending = Pending {
            asked,
            parts: Vec::new(),
            begun: false,
            heard: Instant::now(),
            backlog: 0,
            deadline: Instant::now() + self.patience,
            waits,
        };
        match pending.waits {
            // Everything else may depend on what is missing.
            Waits::Fold => self.waiting.push_front(pending),
            Waits::Caller(_) | Waits::Taker(..) => self.waiting.push_back(pending),
        }
    }

    /// Asks what waits, as far as a visit may; gives the frames.
    pub fn ask(&mut self, visit: &mut OpenVisit) -> Vec<Vec<u8>> {
        let mut frames = Vec::new();
        while self.open.len() < OPEN_QUESTIONS
            && let Some(mut pending) = self.waiting.pop_front()
        {
            let question = self.next;
            self.next += 1;
            pending.heard = Instant::now();
            let sealed = match pending.ask() {
                Ok(ask) => visit.question(&Question { question, ask }, pending.asked.needs_control()),
                Err(order) => {
                    let (id, command) = *order;
                    let order = Order {
                        question,
                        id,
                        tick_ms: visit.tick_ms,
                        command,
                    };
                    let Some(sealed) = visit.order(&order) else {
                        pending.refuse(words::view_only());
                        continue;
                    };
                    sealed
                }
            };
            match sealed {
                Ok(frame) => {
                    self.open.insert(question, pending);
                    frames.push(frame);
                }
                Err(_) => pending.refuse(Refusal::new(
                    "question_too_long",
                    "The question is too long to be sent.",
                    "Ask for less at once.",
                )),
            }
        }
        frames
    }

    /// A part came. Gives what is to be said of its question, and the answer if the fold waits for it and it is whole.
    pub fn part(&mut self, question: u32, last: bool, bytes: &[u8]) -> (Option<Ask>, Option<WholeAnswer>) {
        let Some(pending) = self.open.get_mut(&question) else {
            return (None, None);
        };
        pending.heard = Instant::now();
        pending.deadline = pending.heard + self.patience;
        if pending.is_unwanted() || pending.parts.len() + bytes.len() > MOST {
            if let Some(pending) = self.open.remove(&question) {
                pending.refuse(words::answer_unreadable());
            }
            return ((!last).then_some(Ask::Drop { of: question }), None);
        }
        let first = !std::mem::replace(&mut pending.begun, true);
        if let Waits::Taker(_, to) = &pending.waits
            && let Some(piece) = pending.piece(first, bytes, last)
        {
            // Never full: no more comes than there is room for.
            drop(to.try_send(piece));
            pending.backlog += 1;
            if last {
                self.open.remove(&question);
            }
            return (None, None);
        }
        pending.parts.extend_from_slice(bytes);
        if !last {
            return (None, None);
        }
        let Some(pending) = self.open.remove(&question) else {
            return (None, None);
        };
        let answer = WholeAnswer::read(&pending.parts, MOST);
        match (pending.waits, answer) {
            (Waits::Fold, answer) => return (None, answer.ok()),
            (Waits::Caller(to), answer) => drop(to.send(answer.map_err(|_| words::answer_unreadable()))),
            (Waits::Taker(_, to), Ok(WholeAnswer::Reply(reply))) => {
                drop(to.try_send(Piece::Refused(refusal_in(*reply))));
            }
            (Waits::Taker(_, to), _) => drop(to.try_send(Piece::Refused(words::answer_unreadable()))),
        }
        (None, None)
    }

    /// Whoever takes a file has taken a piece.
    pub fn taken(&mut self, key: u64) {
        let taker = |pending: &&mut Pending| matches!(pending.waits, Waits::Taker(of, _) if of == key);
        if let Some(pending) = self.open.values_mut().find(taker) {
            pending.backlog = pending.backlog.saturating_sub(1);
        }
    }

    /// Whether there is room for as many parts as may be on their way, whosever they are.
    pub fn have_room(&self) -> bool {
        self.open.values().all(|pending| pending.backlog <= BACKLOG)
    }

    /// The visit ended: what was open is asked again in the next one. Files are asked for by whoever takes them, who knows how far
    /// they have come.
    pub fn interrupt(&mut self) {
        let mut open: Vec<(u32, Pending)> = self.open.drain().collect();
        open.sort_by_key(|(question, _)| std::cmp::Reverse(*question));
        for (_, mut pending) in open {
            if matches!(pending.waits, Waits::Caller(_)) {
                pending.parts.clear();
                (pending.begun, pending.backlog) = (false, 0);
                self.waiting.push_front(pending);
            }
        }
        self.waiting.retain(|pending| matches!(pending.waits, Waits::Caller(_)));
        self.next = 1;
    }

    /// Whether entries are being asked for.
    pub fn asks_for_history(&self) -> bool {
        let all = self.open.values().chain(&self.waiting);
        all.into_iter().any(|pending| matches!(pending.waits, Waits::Fold))
    }

    /// Whether nothing came for a question for so long that it, or its answer, may be lost.
    pub fn may_be_lost(&self, now: Instant) -> bool {
        // Before whoever asked is told that there is no answer.
        let long = self.patience * 5 / 6;
        self.open
            .values()
            .any(|pending| now.saturating_duration_since(pending.heard) > long)
    }

    /// Tells those who have waited for too long; what the agent need not answer any more.
    pub fn expire(&mut self, now: Instant) -> Vec<Ask> {
        let late = |pending: &Pending| pending.deadline <= now || pending.is_unwanted();
        let open: Vec<u32> = self.open.iter().filter(|(_, p)| late(p)).map(|(of, _)| *of).collect();
        for question in &open {
            if let Some(pending) = self.open.remove(question) {
                pending.expired();
            }
        }
        let (late, waiting): (Vec<_>, Vec<_>) = self.waiting.drain(..).partition(late);
        self.waiting = waiting.into();
        late.into_iter().for_each(Pending::expired);
        open.into_iter().map(|of| Ask::Drop { of }).collect()
    }

    /// Nothing will be answered any more.
    pub fn refuse_all(&mut self, refusal: &Refusal) {
        let open = self.open.drain().map(|(_, pending)| pending);
        for pending in open.chain(self.waiting.drain(..)) {
            pending.refuse(refusal.clone());
        }
    }
}

impl Pending {
    fn ask(&self) -> Result<Ask, Box<(CommandId, Command)>> {
        Ok(match &self.asked {
            Asked::Query(query) => Ask::Query { query: query.clone() },
            Asked::Columns(query) => Ask::Columns { query: query.clone() },
            Asked::History { after, through } => Ask::History {
                after: *after,
                through: *through,
            },
            Asked::Transfer { transfer, from } => Ask::Transfer {
                transfer: *transfer,
                from: *from,
            },
            Asked::Order(id, command) => return Err(Box::new((*id, (**command).clone()))),
        })
    }

    /// The bytes of a file in a part; none if the answer is something else.
    fn piece(&self, first: bool, bytes: &[u8], last: bool) -> Option<Piece> {
        if !first {
            return self.parts.is_empty().then(|| Piece::Bytes(bytes.to_vec(), last));
        }
        match bytes.split_first() {
            Some((3, content)) => Some(Piece::Bytes(content.to_vec(), last)),
            _ => None,
        }
    }

    fn is_unwanted(&self) -> bool {
        match &self.waits {
            Waits::Caller(to) => to.is_closed(),
            Waits::Taker(_, to) => to.is_closed(),
            Waits::Fold => false,
        }
    }

    fn expired(self) {
        let why = match self.asked {
            Asked::Order(..) => words::too_late(),
            _ => words::no_answer(),
        };
        self.refuse(why);
    }

    fn refuse(self, refusal: Refusal) {
        match self.waits {
            Waits::Caller(to) => drop(to.send(Err(refusal))),
            Waits::Taker(_, to) => drop(to.try_send(Piece::Refused(refusal))),
            Waits::Fold => {}
        }
    }
}

/// Why a reply is not what was asked for.
pub fn refusal_in(reply: protocol::relay::body::Reply) -> Refusal {
    match reply {
        protocol::relay::body::Reply::Refused { refusal } => refusal,
        _ => words::answer_unreadable(),
    }
}
