//! The record on its way to the relay: cut into frames, and how far it is acknowledged.

use std::collections::VecDeque;
use std::time::Duration;

use protocol::record::RecordEntry;
use protocol::relay::body::{BodyError, pack_entries, to_json};
use protocol::relay::{Offset, Position};
use tokio::time::{Instant, sleep_until};

/// Entries that follow one that was sent share a frame for so long.
const TOGETHER: Duration = Duration::from_millis(20);
/// Entries in a frame.
const ENTRIES: usize = 200;
/// JSON in a frame, bytes: what deflates to nothing less still fits.
const JSON: usize = 160 * 1024;
/// A frame's body is at most this long; the frame's own fields and its signature come to it.
const BODY: usize = 250 * 1024;
/// Frames and bytes on their way.
const UNACKNOWLEDGED_FRAMES: usize = 256;
const UNACKNOWLEDGED_BYTES: usize = 1 << 20;

/// The same answer is about frames that were on their way for so long; then something was lost again.
const SAME_ANSWER: Duration = Duration::from_secs(1);
/// Frames without any answer for so long are sent again: a relay whose Redis is away drops them.
const UNANSWERED: Duration = Duration::from_secs(15);

/// What goes into the next frame.
#[derive(Debug, PartialEq)]
pub enum Cut {
    /// These places.
    Frame { first: Offset, count: u16, body: Vec<u8> },
    /// An entry that fits in no frame: viewers get it in parts, as history.
    TooLarge(Offset),
}

struct Waiting {
    entry: RecordEntry,
    bytes: usize,
}

/// The newest answer of the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answered {
    /// It follows.
    Follows,
    /// It is somewhere else; nowhere, if it has nothing.
    Elsewhere(Option<Position>),
}

/// The log from one place on.
pub struct Log {
    next: Offset,
    top: Offset,
    waiting: VecDeque<Waiting>,
    waiting_bytes: usize,
    sent: VecDeque<(Offset, usize)>,
    sent_bytes: usize,
    not_before: Instant,
    /// What the relay answered to a frame that did not follow: the frames on their way get the same answer.
    answered: Answered,
    /// When it last answered anything, or had nothing to answer.
    answered_at: Instant,
}

impl Log {
    /// The next frame begins with this entry.
    pub fn from(next: Offset) -> Self {
        Self {
            next,
            top: next.saturating_sub(1),
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            sent: VecDeque::new(),
            sent_bytes: 0,
            not_before: Instant::now(),
            answered: Answered::Follows,
            answered_at: Instant::now(),
        }
    }

    /// Whether more entries can be taken.
    pub fn has_room(&self) -> bool {
        self.waiting.len() < 2 * ENTRIES && self.waiting_bytes < 8 * JSON
    }

    /// Takes an entry. Those from before the log's beginning are none of it.
    pub fn take(&mut self, entry: RecordEntry) -> Result<(), BodyError> {
        let newest = self.waiting.back().map_or(self.next, |w| w.entry.offset + 1);
        if entry.offset >= newest {
            let bytes = to_json(&entry)?.len();
            self.waiting_bytes += bytes;
            self.waiting.push_back(Waiting { entry, bytes });
        }
        Ok(())
    }

    /// Returns when a frame is to be cut: the first entry at once, a full frame at once, the others together. Never while as
    /// much is on its way as may be.
    pub async fn due(&self) {
        let full = self.sent.len() >= UNACKNOWLEDGED_FRAMES || self.sent_bytes >= UNACKNOWLEDGED_BYTES;
        if self.waiting.is_empty() || full {
            return std::future::pending().await;
        }
        if self.waiting.len() < ENTRIES && self.waiting_bytes < JSON {
            sleep_until(self.not_before).await;
        }
    }

    /// Cuts the next frame from what waits; something does after [`Log::due`]. Places without an entry are counted.
    pub fn cut(&mut self) -> Result<Option<Cut>, BodyError> {
        let first = self.next;
        let Some(front) = self.waiting.front() else {
            return Ok(None);
        };
        // So many places were emptied that no frame can count them: they go alone.
        if front.entry.offset - first >= u64::from(u16::MAX) {
            self.next += u64::from(u16::MAX);
            return Ok(Some(Cut::Frame {
                first,
                count: u16::MAX,
                body: pack_entries(&[])?,
            }));
        }
        let (mut entries, mut json) = (Vec::new(), 0);
        while let Some(front) = self.waiting.front() {
            let fits = entries.len() < ENTRIES
                && json + front.bytes <= JSON
                && front.entry.offset - first < u64::from(u16::MAX);
            if !entries.is_empty() && !fits {
                break;
            }
            if let Some(Waiting { entry, bytes }) = self.waiting.pop_front() {
                json += bytes;
                self.waiting_bytes -= bytes;
                entries.push(entry);
            }
        }
        let last = entries.last().map_or(first, |entry| entry.offset);
        self.next = last + 1;
        self.not_before = Instant::now() + TOGETHER;
        let body = pack_entries(&entries)?;
        if body.len() > BODY {
            return Ok(Some(Cut::TooLarge(last)));
        }
        let count = (last - first + 1) as u16;
        Ok(Some(Cut::Frame { first, count, body }))
    }

    /// A frame is on its way.
    pub fn sent(&mut self, last: Offset, bytes: usize) {
        if self.sent.is_empty() {
            self.answered_at = Instant::now();
        }
        self.sent.push_back((last, bytes));
        self.sent_bytes += bytes;
    }

    /// Viewers can get everything up to here.
    pub fn acknowledged(&mut self, top: Offset) {
        (self.answered, self.answered_at) = (Answered::Follows, Instant::now());
        self.top = self.top.max(top);
        while let Some((last, bytes)) = self.sent.front().copied()
            && last <= top
        {
            self.sent.pop_front();
            self.sent_bytes -= bytes;
        }
    }

    /// Up to where viewers can get everything.
    pub fn top(&self) -> Offset {
        self.top
    }

    /// The relay is somewhere else; true where that has to be dealt with, and is not the answer to a frame that was on
    /// its way when it was.
    pub fn is_news(&mut self, position: Option<Position>) -> bool {
        let now = Instant::now();
        let is_same = self.answered == Answered::Elsewhere(position);
        if is_same && now.duration_since(self.answered_at) < SAME_ANSWER {
            return false;
        }
        (self.answered, self.answered_at) = (Answered::Elsewhere(position), now);
        true
    }

    /// Returns when frames on their way were not answered for too long.
    pub async fn overdue(&self) {
        if self.sent.is_empty() {
            return std::future::pending().await;
        }
        sleep_until(self.answered_at + UNANSWERED).await;
    }

    /// Whatever the relay answers next is news.
    pub fn expect_anything(&mut self) {
        self.answered = Answered::Follows;
    }

    /// Goes on from another place, after what the relay answered.
    pub fn go_on_from(&mut self, next: Offset) {
        *self = Self {
            answered: self.answered,
            answered_at: self.answered_at,
            ..Self::from(next)
        };
    }
}

#[cfg(test)]
mod tests {
    use protocol::ids::SessionId;
    use protocol::record::RecordEvent;
    use protocol::relay::body::unpack_entries;
    use protocol::relay::{Epoch, Run};

    use super::*;

    fn entry(offset: Offset, text: &str) -> RecordEntry {
        RecordEntry {
            session: SessionId::new(),
            seq: offset,
            offset,
            at: "2026-01-01T00:00:00.000Z".to_owned(),
            event: RecordEvent::SessionEnded {
                reason: Some(text.to_owned()),
            },
        }
    }

    fn offsets(log: &mut Log) -> (Offset, u16, Vec<Offset>) {
        let Some(Cut::Frame { first, count, body }) = log.cut().unwrap() else {
            panic!("no frame");
        };
        let entries = unpack_entries(&body, 1 << 24).unwrap();
        (first, count, entries.iter().map(|entry| entry.offset).collect())
    }

    #[test]
    fn places_of_deleted_sessions_are_counted_and_empty() {
        let mut log = Log::from(3);
        for offset in [2, 5, 7, 200_000] {
            log.take(entry(offset, "x")).unwrap();
        }
        assert_eq!(offsets(&mut log), (3, 5, vec![5, 7]));
        let mut next = 8;
        loop {
            let (first, count, entries) = offsets(&mut log);
            assert_eq!(first, next);
            next += u64::from(count);
            if !entries.is_empty() {
                assert_eq!((entries, next), (vec![200_000], 200_001));
                break;
            }
        }
        assert_eq!(log.cut().unwrap(), None);
    }

    #[test]
    fn a_frame_is_never_longer_than_the_relay_takes() {
        let mut log = Log::from(1);
        // What does not deflate.
        let noise = |seed: u64| -> String {
            let mut state = seed;
            (0..50_000)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    char::from(b'0' + (state >> 58) as u8)
                })
                .collect()
        };
        for offset in 1..=9 {
            log.take(entry(offset, &noise(offset))).unwrap();
        }
        log.take(entry(10, &noise(10).repeat(20))).unwrap();
        let mut frames = 0;
        let too_large = loop {
            match log.cut().unwrap().unwrap() {
                Cut::Frame { body, .. } => assert!(body.len() <= BODY),
                Cut::TooLarge(offset) => break offset,
            }
            frames += 1;
        };
        assert_eq!((frames, too_large), (3, 10));
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_entry_goes_at_once_and_those_that_follow_share_a_frame() {
        let mut log = Log::from(1);
        let began = Instant::now();
        log.take(entry(1, "x")).unwrap();
        log.due().await;
        assert_eq!(began.elapsed(), Duration::ZERO);
        offsets(&mut log);
        log.take(entry(2, "x")).unwrap();
        log.take(entry(3, "x")).unwrap();
        log.due().await;
        assert!(began.elapsed() >= TOGETHER);
        assert_eq!(offsets(&mut log), (2, 2, vec![2, 3]));
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_is_on_its_way_than_may_be() {
        let mut log = Log::from(1);
        log.take(entry(9, "x")).unwrap();
        log.sent(1, UNACKNOWLEDGED_BYTES);
        let due = |log: &Log| futures_util::FutureExt::now_or_never(log.due()).is_some();
        assert!(!due(&log));
        log.acknowledged(1);
        assert!(due(&log));
    }

    const THERE: Option<Position> = Some(Position {
        epoch: Epoch([1; 16]),
        run: Run([2; 16]),
        offset: 4,
    });

    #[tokio::test(start_paused = true)]
    async fn what_was_lost_twice_while_redis_was_away_is_sent_a_third_time() {
        let mut log = Log::from(5);
        log.sent(5, 100);
        assert!(log.is_news(THERE));
        log.go_on_from(5);
        log.sent(5, 100);
        tokio::time::advance(SAME_ANSWER).await;
        assert!(log.is_news(THERE), "no frame was on its way for so long");
    }

    #[tokio::test(start_paused = true)]
    async fn frames_that_are_never_answered_are_overdue() {
        let mut log = Log::from(5);
        let overdue = |log: &Log| futures_util::FutureExt::now_or_never(log.overdue()).is_some();
        tokio::time::advance(UNANSWERED).await;
        assert!(!overdue(&log), "nothing is on its way");
        log.sent(5, 100);
        assert!(!overdue(&log));
        tokio::time::advance(UNANSWERED).await;
        assert!(overdue(&log));
        log.acknowledged(5);
        assert!(!overdue(&log));
    }

    #[tokio::test(start_paused = true)]
    async fn frames_on_their_way_do_not_send_the_agent_back_again() {
        let mut log = Log::from(10);
        assert!(log.is_news(THERE));
        log.go_on_from(5);
        assert!(!log.is_news(THERE), "the answer to a frame that was on its way");
        log.acknowledged(5);
        assert!(log.is_news(THERE), "the relay fell back again");
    }
}
