//! The fold: from frames and answers to every entry once, complete and in order.

use std::collections::{BTreeMap, HashMap};

use protocol::ids::SessionId;
use protocol::record::RecordEntry;
use protocol::relay::body::Opened;
use protocol::relay::{Epoch, Offset, Position, Run};

/// Bytes of frames that wait behind a gap; what comes beyond is asked for again.
const WAITING_BYTES: usize = 4 << 20;

/// Stands for an agent's run where nothing was taken from one yet.
const NOBODY: Run = Run([0; 16]);

/// Entries of the record from one frame or answer, proven to be the agent's.
#[derive(Debug, Clone)]
pub struct Stretch {
    /// First offset it covers.
    pub first: Offset,
    /// Last offset it covers.
    pub last: Offset,
    /// Run of the agent that sent it.
    pub run: Run,
    /// The entries; those of deleted sessions are left out.
    pub entries: Vec<RecordEntry>,
    /// Bytes it came in.
    pub bytes: usize,
}

/// An entry does not follow the one before it in its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfOrder {
    /// In which session.
    pub session: SessionId,
    /// The number that had to come.
    pub expected: u64,
    /// The one that came.
    pub came: u64,
}

/// Entries to hand over, and how far they go.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    /// In order.
    pub entries: Vec<RecordEntry>,
    /// Numbers within sessions that do not follow each other: the agent's mistake, and worth saying.
    pub out_of_order: Vec<OutOfOrder>,
}

/// How far the viewer has come.
#[derive(Debug, Default)]
pub struct Log {
    position: Option<Position>,
    head: Offset,
    waiting: BTreeMap<Offset, Stretch>,
    waiting_bytes: usize,
    numbers: HashMap<SessionId, u64>,
    from_the_beginning: bool,
}

impl Log {
    /// Goes on after a position, or begins.
    pub fn after(position: Option<Position>) -> Self {
        Self {
            position,
            from_the_beginning: position.is_none(),
            ..Self::default()
        }
    }

    /// The last entry that was taken.
    pub fn position(&self) -> Option<Position> {
        self.position
    }

    /// Offset of the last entry that was taken; 0 before the first.
    pub fn mine(&self) -> Offset {
        self.position.map_or(0, |position| position.offset)
    }

    /// Whether entries are known to exist that were not taken yet.
    pub fn is_behind(&self) -> bool {
        self.mine() < self.head
    }

    /// The end of what lies between what was taken and the first stretch that waits.
    pub fn gap_through(&self) -> Offset {
        match self.waiting.first_key_value() {
            Some((first, _)) => first - 1,
            None => self.head,
        }
    }

    /// Whether frames wait for what is missing before them.
    pub fn has_gap(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Something newer exists.
    pub fn hear_of_head(&mut self, head: Offset) {
        self.head = self.head.max(head);
    }

    /// The life of the record whose frames are taken; none while only the agent can say.
    pub fn epoch(&self) -> Option<Epoch> {
        self.position.map(|position| position.epoch)
    }

    /// Takes the relay's word for the epoch of frames that are proven by the owner all the same, where nothing was taken yet.
    /// Before the agent itself confirms it, this is shown, and not called live. Begins after `offset`.
    pub fn suppose(&mut self, epoch: Epoch, offset: Offset) {
        if self.position.is_none() {
            self.from_the_beginning = offset == 0;
            self.position = Some(Position {
                epoch,
                run: NOBODY,
                offset,
            });
        }
    }

    /// What a visit begins with: nothing where nothing was taken from an agent yet.
    pub fn named(&self) -> Option<Position> {
        self.position.filter(|position| position.run != NOBODY)
    }

    /// The agent says what the record is; `goes_on`: that it continues what was taken. Where nothing was taken, a viewer
    /// begins with the first entry, or with what is `new_only`. True where what was taken before is void.
    pub fn confirm(&mut self, opened: &Opened, goes_on: bool, new_only: bool) -> bool {
        let same = self
            .position
            .filter(|mine| mine.epoch == opened.epoch && mine.offset <= opened.head);
        let taken = self.named().is_some();
        if !(taken && goes_on && same.is_some()) {
            let offset = match same {
                _ if taken || !new_only => 0,
                Some(supposed) => supposed.offset,
                None => opened.head,
            };
            *self = Self {
                position: Some(Position {
                    epoch: opened.epoch,
                    run: opened.run,
                    offset,
                }),
                from_the_beginning: offset == 0,
                ..Self::default()
            };
            self.hear_of_head(opened.head);
            return taken;
        }
        self.hear_of_head(opened.head);
        false
    }

    /// Takes a stretch: what is old is skipped, what follows is folded with whatever waited for it, what comes too early waits.
    pub fn take(&mut self, stretch: Stretch) -> Folded {
        let mut folded = Folded::default();
        self.hear_of_head(stretch.last);
        if stretch.last <= self.mine() {
            return folded;
        }
        if stretch.first > self.mine() + 1 {
            if self.waiting_bytes + stretch.bytes <= WAITING_BYTES && !self.waiting.contains_key(&stretch.first) {
                self.waiting_bytes += stretch.bytes;
                self.waiting.insert(stretch.first, stretch);
            }
            return folded;
        }
        self.fold(stretch, &mut folded);
        while let Some(entry) = self.waiting.first_entry()
            && *entry.key() <= self.position.map_or(0, |position| position.offset) + 1
        {
            let next = entry.remove();
            self.waiting_bytes -= next.bytes;
            self.fold(next, &mut folded);
        }
        folded
    }

    fn fold(&mut self, stretch: Stretch, to: &mut Folded) {
        let mine = self.mine();
        let Some(position) = &mut self.position else { return };
        if stretch.last <= mine {
            return;
        }
        (position.run, position.offset) = (stretch.run, stretch.last);
        for entry in stretch.entries.into_iter().filter(|entry| entry.offset > mine) {
            let before = self.numbers.insert(entry.session, entry.seq);
            let expected = match before {
                Some(before) => before + 1,
                None if self.from_the_beginning => 1,
                // The session's beginning lies before where this viewer began.
                None => entry.seq,
            };
            if entry.seq != expected {
                to.out_of_order.push(OutOfOrder {
                    session: entry.session,
                    expected,
                    came: entry.seq,
                });
            }
            to.entries.push(entry);
        }
    }
}

/// Whether entries lie where their frame says, in rising order.
pub fn lie_within(entries: &[RecordEntry], first: Offset, last: Offset) -> bool {
    entries.is_sorted_by(|one, next| one.offset < next.offset)
        && entries.iter().all(|entry| (first..=last).contains(&entry.offset))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use protocol::record::RecordEvent;
    use protocol::relay::body::Verdict;
    use protocol::relay::{Versions, Visit};

    use super::*;

    const RUN: Run = Run([2; 16]);

    fn opened(head: Offset) -> Opened {
        Opened {
            verdict: Verdict::GoOn,
            visit: Visit([3; 16]),
            epoch: Epoch([1; 16]),
            run: RUN,
            head,
            tick_ms: 0,
            versions: Versions::own(),
        }
    }

    fn stretch(first: Offset, last: Offset) -> Stretch {
        let entries = (first..=last).map(|offset| RecordEntry {
            session: SessionId(uuid::Uuid::from_u128(7)),
            seq: offset,
            offset,
            at: String::new(),
            event: RecordEvent::SessionEnded { reason: None },
        });
        Stretch {
            first,
            last,
            run: RUN,
            entries: entries.collect(),
            bytes: 100,
        }
    }

    fn begun() -> Log {
        let mut log = Log::after(None);
        assert!(!log.confirm(&opened(0), false, false));
        log
    }

    #[test]
    fn a_record_that_is_not_the_one_of_before_makes_what_was_taken_void() {
        let mut log = begun();
        log.take(stretch(1, 5));
        let moved = Opened {
            epoch: Epoch([9; 16]),
            ..opened(3)
        };
        assert!(!log.confirm(&opened(7), true, false), "the same record goes on");
        assert!(log.confirm(&moved, true, false));
        // Of the new record nothing was taken, and three entries are to come.
        assert_eq!(log.mine(), 0);
        assert!(log.is_behind());
    }

    #[test]
    fn an_entry_number_that_is_left_out_is_noticed() {
        let mut log = begun();
        let mut wrong = stretch(1, 3);
        wrong.entries.remove(1);
        let folded = log.take(wrong);
        assert_eq!((folded.out_of_order[0].expected, folded.out_of_order[0].came), (2, 3));
        assert_eq!(folded.entries.len(), 2, "it is said, and nothing is kept back");
    }

    proptest! {
        #[test]
        fn stretches_in_any_order_and_number_give_every_entry_once(
            mut cuts in proptest::collection::vec((1_u64..60, 0_u64..9), 0..60)
        ) {
            let mut log = begun();
            // In the end everything has come once more.
            cuts.push((1, 70));
            let mut taken = Vec::new();
            for (first, more) in cuts {
                taken.extend(log.take(stretch(first, first + more)).entries.iter().map(|entry| entry.offset));
            }
            prop_assert_eq!(taken, (1..=log.mine()).collect::<Vec<_>>());
            prop_assert_eq!(log.mine(), 71);
        }
    }
}
