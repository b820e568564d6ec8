//! What waits to be written to a connection: bounded in bytes, each and all together.
//!
//! A connection that does not keep up is closed with a code that means "come back": it resumes from its position, and
//! neither slows others nor grows memory.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use bytes::Bytes;
use protocol::relay::CloseCode;
use tokio::sync::Notify;

/// The queues of a process and what they may hold together.
#[derive(Clone)]
pub struct Queues {
    shared: Arc<All>,
}

struct All {
    most_each: usize,
    most_together: usize,
    waiting: AtomicUsize,
    next: AtomicU64,
    queues: Mutex<HashMap<u64, Weak<Queue>>>,
    ended: Notify,
}

struct Queue {
    id: u64,
    all: Arc<All>,
    state: Mutex<State>,
    wake: Notify,
    written: Notify,
}

#[derive(Default)]
struct State {
    messages: VecDeque<Bytes>,
    bytes: usize,
    closed: Option<CloseCode>,
    // The writer is gone: nothing that is pushed will ever be written.
    abandoned: bool,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    /// It will be written.
    Queued,
    /// The connection is behind, and this message is of no use later.
    Skipped,
    /// The connection is closed, or closes now.
    Closed,
}

impl Queues {
    /// Queues of at most `most_each` bytes, and `most_together` in all.
    pub fn new(most_each: usize, most_together: usize) -> Self {
        Self {
            shared: Arc::new(All {
                most_each,
                most_together,
                waiting: AtomicUsize::new(0),
                next: AtomicU64::new(0),
                queues: Mutex::default(),
                ended: Notify::new(),
            }),
        }
    }

    /// A queue for a new connection, and the end from which its writer takes.
    pub fn open(&self) -> (Outbox, Drain) {
        let id = self.shared.next.fetch_add(1, Ordering::Relaxed);
        let queue = Arc::new(Queue {
            id,
            all: Arc::clone(&self.shared),
            state: Mutex::default(),
            wake: Notify::new(),
            written: Notify::new(),
        });
        locked(&self.shared.queues).insert(id, Arc::downgrade(&queue));
        let outbox = Outbox {
            queue: Arc::clone(&queue),
        };
        (outbox, Drain { queue })
    }

    /// Bytes that wait in all queues.
    pub fn waiting(&self) -> usize {
        self.shared.waiting.load(Ordering::Relaxed)
    }

    /// Open connections.
    pub fn connections(&self) -> usize {
        locked(&self.shared.queues).len()
    }

    /// Waits until there are no connections.
    pub async fn emptied(&self) {
        loop {
            let ended = self.shared.ended.notified();
            if self.connections() == 0 {
                return;
            }
            ended.await;
        }
    }

    /// Closes all connections.
    pub fn close_all(&self, code: CloseCode) {
        let queues: Vec<_> = locked(&self.shared.queues).values().filter_map(Weak::upgrade).collect();
        for queue in queues {
            queue.close(code, false);
        }
    }
}

impl All {
    /// Closes the fullest queue, whoever's message was one too many.
    fn close_fullest(&self) {
        let queues: Vec<_> = locked(&self.queues).values().filter_map(Weak::upgrade).collect();
        let fullest = queues.iter().max_by_key(|queue| locked(&queue.state).bytes);
        if let Some(fullest) = fullest {
            fullest.close(CloseCode::TooSlow, true);
        }
    }
}

impl Queue {
    fn close(&self, code: CloseCode, forget: bool) {
        {
            let mut state = locked(&self.state);
            state.closed.get_or_insert(code);
            if forget {
                self.all.waiting.fetch_sub(state.bytes, Ordering::Relaxed);
                state.messages.clear();
                state.bytes = 0;
            }
        }
        self.wake.notify_one();
        self.written.notify_waiters();
    }
}

/// Where messages for a connection are put. Cloning shares it.
#[derive(Clone)]
pub struct Outbox {
    queue: Arc<Queue>,
}

impl Outbox {
    /// Identity of the connection in this process.
    pub fn id(&self) -> u64 {
        self.queue.id
    }

    /// Bytes that may wait for the connection.
    pub fn room(&self) -> usize {
        self.queue.all.most_each
    }

    /// Puts a message that must arrive: a connection without room for it is closed, unflushed.
    pub fn push(&self, message: Bytes) -> Pushed {
        self.put(message, false)
    }

    /// Puts a message that only counts now: it is skipped where the connection is behind by half of its room.
    pub fn offer(&self, message: Bytes) -> Pushed {
        self.put(message, true)
    }

    fn put(&self, message: Bytes, may_skip: bool) -> Pushed {
        let all = &self.queue.all;
        let length = message.len();
        let together = {
            let mut state = locked(&self.queue.state);
            if state.closed.is_some() || state.abandoned {
                return Pushed::Closed;
            }
            if may_skip && state.bytes + length > all.most_each / 2 {
                return Pushed::Skipped;
            }
            if state.bytes + length > all.most_each {
                drop(state);
                self.queue.close(CloseCode::TooSlow, true);
                return Pushed::Closed;
            }
            state.bytes += length;
            state.messages.push_back(message);
            // Before the writer can take it, and subtract it.
            all.waiting.fetch_add(length, Ordering::Relaxed) + length
        };
        self.queue.wake.notify_one();
        if together > all.most_together {
            all.close_fullest();
        }
        Pushed::Queued
    }

    /// Waits until most of what waited is written; false once the connection is closed.
    pub async fn has_room(&self) -> bool {
        loop {
            let written = self.queue.written.notified();
            {
                let state = locked(&self.queue.state);
                if state.closed.is_some() || state.abandoned {
                    return false;
                }
                if state.bytes <= self.queue.all.most_each / 4 {
                    return true;
                }
            }
            written.await;
        }
    }

    /// Closes the connection after what waits.
    pub fn close(&self, code: CloseCode) {
        self.queue.close(code, false);
    }

    /// Whether it was closed, and why.
    pub fn closed(&self) -> Option<CloseCode> {
        locked(&self.queue.state).closed
    }
}

/// Where a connection's writer takes messages from. Dropping it ends the queue.
pub struct Drain {
    queue: Arc<Queue>,
}

impl Drain {
    /// The next message.
    ///
    /// # Errors
    /// Why the connection is to be closed, once nothing waits any more.
    pub async fn next(&mut self) -> Result<Bytes, CloseCode> {
        loop {
            {
                let mut state = locked(&self.queue.state);
                if let Some(message) = state.messages.pop_front() {
                    state.bytes -= message.len();
                    self.queue.all.waiting.fetch_sub(message.len(), Ordering::Relaxed);
                    self.queue.written.notify_waiters();
                    return Ok(message);
                }
                if let Some(code) = state.closed {
                    return Err(code);
                }
            }
            self.queue.wake.notified().await;
        }
    }
}

impl Drop for Drain {
    fn drop(&mut self) {
        let mut state = locked(&self.queue.state);
        state.abandoned = true;
        self.queue.all.waiting.fetch_sub(state.bytes, Ordering::Relaxed);
        state.bytes = 0;
        state.messages.clear();
        drop(state);
        self.queue.written.notify_waiters();
        locked(&self.queue.all.queues).remove(&self.queue.id);
        self.queue.all.ended.notify_waiters();
    }
}

/// Nobody panics while holding these locks; if somebody did, what they guard is still whole after every step.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(length: usize) -> Bytes {
        Bytes::from(vec![1; length])
    }

    #[tokio::test]
    async fn messages_come_in_order_and_then_the_reason_of_the_close() {
        let queues = Queues::new(100, 1_000);
        let (outbox, mut drain) = queues.open();
        outbox.push(message(1));
        outbox.push(message(2));
        outbox.close(CloseCode::Restarting);
        assert_eq!(outbox.push(message(3)), Pushed::Closed);
        assert_eq!(drain.next().await.unwrap().len(), 1);
        assert_eq!(drain.next().await.unwrap().len(), 2);
        assert_eq!(drain.next().await, Err(CloseCode::Restarting));
        assert_eq!(queues.waiting(), 0);
    }

    #[tokio::test]
    async fn a_connection_that_does_not_keep_up_is_closed_unflushed() {
        let queues = Queues::new(100, 1_000);
        let (outbox, mut drain) = queues.open();
        assert_eq!(outbox.push(message(60)), Pushed::Queued);
        assert_eq!(outbox.push(message(60)), Pushed::Closed);
        assert_eq!(drain.next().await, Err(CloseCode::TooSlow));
        assert_eq!(queues.waiting(), 0);
    }

    #[test]
    fn what_only_counts_now_is_skipped_while_a_connection_is_behind() {
        let queues = Queues::new(100, 1_000);
        let (outbox, _drain) = queues.open();
        assert_eq!(outbox.offer(message(40)), Pushed::Queued);
        assert_eq!(outbox.offer(message(40)), Pushed::Skipped);
        assert_eq!(outbox.push(message(40)), Pushed::Queued);
    }

    #[test]
    fn the_fullest_pays_when_all_together_are_too_full() {
        let queues = Queues::new(100, 150);
        let (slow, _slow_drain) = queues.open();
        let (quick, _quick_drain) = queues.open();
        slow.push(message(90));
        quick.push(message(30));
        assert_eq!(quick.push(message(40)), Pushed::Queued);
        assert_eq!((slow.closed(), quick.closed()), (Some(CloseCode::TooSlow), None));
        assert_eq!(queues.waiting(), 70);
    }

    #[test]
    fn a_connection_that_ended_leaves_nothing_behind() {
        let queues = Queues::new(100, 1_000);
        let (outbox, drain) = queues.open();
        outbox.push(message(50));
        drop(drain);
        assert_eq!((queues.waiting(), queues.connections()), (0, 0));
        assert_eq!(outbox.push(message(1)), Pushed::Closed);
    }

    /// A writer that was quicker made the sum wrap, and healthy connections were closed for it.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_waits_is_never_less_than_nothing() {
        let queues = Queues::new(1 << 20, 1 << 20);
        let (outbox, mut drain) = queues.open();
        let writer = tokio::spawn(async move {
            for _ in 0..50_000 {
                drain.next().await.unwrap();
            }
            drain
        });
        for k in 0..50_000 {
            assert_eq!(outbox.push(message(10)), Pushed::Queued, "{k}");
            assert!(queues.waiting() <= 1 << 20);
        }
        let _drain = writer.await.unwrap();
        assert_eq!((queues.waiting(), outbox.closed()), (0, None));
    }

    #[tokio::test]
    async fn closing_all_wakes_every_writer() {
        let queues = Queues::new(100, 1_000);
        let (_one, mut first) = queues.open();
        let (_other, mut second) = queues.open();
        queues.close_all(CloseCode::Restarting);
        assert_eq!(first.next().await, Err(CloseCode::Restarting));
        assert_eq!(second.next().await, Err(CloseCode::Restarting));
    }
}
