//! The recent part of an agent's log.

use std::collections::VecDeque;

use bytes::Bytes;
use protocol::relay::{Epoch, Offset, Position, Run};

/// A frame that is kept, with the entries that it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Life of the record that its entries belong to.
    pub epoch: Epoch,
    /// Offset of its first entry.
    pub first: Offset,
    /// Offset of its last entry.
    pub last: Offset,
    /// The sealed frame.
    pub frame: Bytes,
}

/// What became of a frame that was to be appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// Viewers can get everything up to here. The frame is new, and goes to them.
    New(Offset),
    /// The frame was there before.
    Known(Offset),
    /// It does not follow: this is how far the window has come.
    Have(Option<Position>),
}

/// The recent part of an agent's log: frames without gaps, the oldest given up first.
///
/// Offsets, not bytes, tell entries apart: after a reconnect the agent seals the same entries anew.
#[derive(Debug, Clone, Default)]
pub struct Window {
    begun: Option<Begun>,
    frames: VecDeque<Kept>,
    bytes: usize,
}

#[derive(Debug, Clone, Copy)]
struct Begun {
    epoch: Epoch,
    run: Run,
    floor: Offset,
    top: Offset,
}

impl Window {
    /// Forgets everything; entry `first` comes next.
    pub fn begin(&mut self, epoch: Epoch, run: Run, first: Offset) {
        let first = first.max(1);
        self.begun = Some(Begun {
            epoch,
            run,
            floor: first,
            top: first - 1,
        });
        self.frames.clear();
        self.bytes = 0;
    }

    /// Appends a frame of the entries `first..=last`, if it follows.
    ///
    /// A frame that begins before the top and ends behind it does not follow: the agent cuts its frames anew from there.
    pub fn append(&mut self, run: Run, kept: Kept) -> Appended {
        let Some(begun) = &mut self.begun else {
            return Appended::Have(None);
        };
        if kept.epoch == begun.epoch && kept.last <= begun.top {
            return Appended::Known(begun.top);
        }
        if kept.epoch != begun.epoch || kept.first != begun.top + 1 {
            return Appended::Have(self.position());
        }
        begun.top = kept.last;
        begun.run = run;
        self.bytes += kept.frame.len();
        self.frames.push_back(kept);
        Appended::New(begun.top)
    }

    /// Gives up the oldest frames while there are more bytes or frames than allowed; the newest stays. Returns how many
    /// bytes that made free.
    pub fn shrink(&mut self, bytes: usize, frames: usize) -> usize {
        let before = self.bytes;
        while self.frames.len() > 1 && (self.bytes > bytes || self.frames.len() > frames) {
            let Some(oldest) = self.frames.pop_front() else { break };
            self.bytes -= oldest.frame.len();
            if let Some(begun) = &mut self.begun {
                begun.floor = oldest.last + 1;
            }
        }
        before - self.bytes
    }

    /// Gives up all frames; what comes next follows as before.
    pub fn free(&mut self) {
        self.frames.clear();
        self.bytes = 0;
        if let Some(begun) = &mut self.begun {
            begun.floor = begun.top + 1;
        }
    }

    /// How far the window has come.
    pub fn position(&self) -> Option<Position> {
        self.begun.map(|begun| Position {
            epoch: begun.epoch,
            run: begun.run,
            offset: begun.top,
        })
    }

    /// Offset of the first entry that it has, or will have.
    pub fn floor(&self) -> Offset {
        self.begun.map_or(1, |begun| begun.floor)
    }

    /// Offset of the last entry that it has.
    pub fn top(&self) -> Offset {
        self.begun.map_or(0, |begun| begun.top)
    }

    /// Bytes of its frames.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The frames with entries after `offset`, where that belongs to the same life of the record; otherwise all.
    pub fn after(&self, position: Option<Position>) -> impl Iterator<Item = &Kept> {
        let here = self.begun.map(|begun| begun.epoch);
        let offset = position.filter(|p| Some(p.epoch) == here).map_or(0, |p| p.offset);
        let known = self.frames.partition_point(|kept| kept.last <= offset);
        self.frames.range(known..)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EPOCH: Epoch = Epoch([1; 16]);
    const RUN: Run = Run([2; 16]);

    fn frame(length: usize) -> Bytes {
        Bytes::from(vec![7; length])
    }

    fn position(offset: Offset) -> Position {
        Position {
            epoch: EPOCH,
            run: RUN,
            offset,
        }
    }

    fn append(window: &mut Window, run: Run, first: Offset, last: Offset, frame: Bytes) -> Appended {
        let epoch = EPOCH;
        window.append(
            run,
            Kept {
                epoch,
                first,
                last,
                frame,
            },
        )
    }

    fn begun(first: Offset) -> Window {
        let mut window = Window::default();
        window.begin(EPOCH, RUN, first);
        window
    }

    #[test]
    fn frames_follow_each_other_and_a_repeat_is_known() {
        let mut window = begun(1);
        assert_eq!(append(&mut window, RUN, 1, 3, frame(10)), Appended::New(3));
        assert_eq!(append(&mut window, RUN, 1, 3, frame(10)), Appended::Known(3));
        assert_eq!(append(&mut window, RUN, 2, 2, frame(10)), Appended::Known(3));
        assert_eq!(
            append(&mut window, RUN, 5, 5, frame(10)),
            Appended::Have(Some(position(3)))
        );
        assert_eq!(
            append(&mut window, RUN, 3, 4, frame(10)),
            Appended::Have(Some(position(3)))
        );
        assert_eq!(append(&mut window, RUN, 4, 4, frame(10)), Appended::New(4));
        assert_eq!(
            window
                .after(Some(position(3)))
                .map(|kept| kept.first)
                .collect::<Vec<_>>(),
            [4]
        );
        assert_eq!(window.after(None).count(), 2);
    }

    #[test]
    fn a_window_that_was_not_begun_says_that_it_has_nothing() {
        let mut window = Window::default();
        assert_eq!(append(&mut window, RUN, 1, 1, frame(1)), Appended::Have(None));
        assert_eq!((window.floor(), window.top(), window.position()), (1, 0, None));
    }

    #[test]
    fn the_oldest_frames_go_first_and_the_newest_stays() {
        let mut window = begun(10);
        for offset in 10..20 {
            append(&mut window, RUN, offset, offset, frame(100));
        }
        assert_eq!(window.shrink(350, usize::MAX), 700);
        assert_eq!((window.floor(), window.top(), window.bytes()), (17, 19, 300));
        window.shrink(0, 0);
        assert_eq!((window.floor(), window.top(), window.bytes()), (19, 19, 100));
    }

    #[test]
    fn a_position_of_another_life_of_the_record_says_nothing() {
        let mut window = begun(1);
        append(&mut window, RUN, 1, 1, frame(1));
        let other = Position {
            epoch: Epoch([9; 16]),
            ..position(1)
        };
        assert_eq!(window.after(Some(other)).count(), 1);
        assert_eq!(window.after(Some(position(1))).count(), 0);
    }

    proptest! {
        #[test]
        fn a_window_never_has_a_gap_whatever_comes(
            frames in proptest::collection::vec((0_u64..30, 0_u64..4, 0_usize..50), 0..60),
            first in 0_u64..5, most in 0_usize..300
        ) {
            let mut window = begun(first);
            for (from, more, length) in frames {
                let top = window.top();
                match append(&mut window, RUN, from, from + more, frame(length)) {
                    Appended::New(at) => prop_assert_eq!((at, from), (from + more, top + 1)),
                    Appended::Known(at) => prop_assert_eq!(at, top),
                    Appended::Have(at) => prop_assert_eq!(at.map(|p| p.offset), Some(top)),
                }
                window.shrink(most, 20);
                let mut next = window.floor();
                for kept in window.after(None) {
                    prop_assert_eq!(kept.first, next);
                    next = kept.last + 1;
                }
                prop_assert_eq!(next, window.top() + 1);
                prop_assert_eq!(window.bytes(), window.after(None).map(|kept| kept.frame.len()).sum::<usize>());
            }
        }
    }
}
