//! Events on their way to a window, no more of them than it can take.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use agent::Subscription;
use protocol::record::Event;
use tauri::async_runtime::JoinHandle;
use tauri::ipc::{Channel, IpcResponse};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

/// Batches that may be under way. Tauri's channels queue without limit; a window that has not taken these gets no more,
/// and what it misses meanwhile is read from the store later.
const UNDER_WAY: usize = 8;
/// The first event goes at once; those that follow within a frame of the screen go together.
pub const FRAME: Duration = Duration::from_millis(16);
/// Events in one batch, so that one message stays small.
pub const BATCH: usize = 256;

/// What a feed is about; a window has at most one of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Of {
    /// This computer's engine.
    Engine,
    /// An agent elsewhere.
    Elsewhere,
}

/// The feeds of every window.
#[derive(Default)]
pub struct Feeds(Mutex<HashMap<(String, Of), Feed>>);

struct Feed {
    channel: u32,
    credit: Arc<Credit>,
    task: JoinHandle<()>,
}

/// Takes what a window is sent, as fast as the window takes it.
pub struct Batches<T> {
    channel: Channel<Vec<T>>,
    credit: Arc<Credit>,
}

/// How many batches may still be sent.
struct Credit {
    free: Semaphore,
    under_way: AtomicUsize,
}

impl Feeds {
    /// Begins a feed of a window, in place of an earlier one: a page that was loaded anew has forgotten that.
    pub fn begin<T, F>(&self, window: &str, of: Of, channel: Channel<Vec<T>>, run: impl FnOnce(Batches<T>) -> F)
    where
        Vec<T>: IpcResponse,
        F: Future<Output = ()> + Send + 'static,
    {
        let credit = Arc::new(Credit {
            free: Semaphore::new(UNDER_WAY),
            under_way: AtomicUsize::new(0),
        });
        let feed = Feed {
            channel: channel.id(),
            credit: credit.clone(),
            task: tauri::async_runtime::spawn(run(Batches { channel, credit })),
        };
        if let Some(earlier) = self.lock().insert((window.to_owned(), of), feed) {
            earlier.task.abort();
        }
    }

    /// A window has taken a batch.
    pub fn received(&self, window: &str, of: Of, channel: u32) {
        if let Some(feed) = self
            .lock()
            .get(&(window.to_owned(), of))
            .filter(|feed| feed.channel == channel)
        {
            feed.credit.give_back();
        }
    }

    /// A window is gone.
    pub fn end(&self, window: &str) {
        for of in [Of::Engine, Of::Elsewhere] {
            if let Some(feed) = self.lock().remove(&(window.to_owned(), of)) {
                feed.task.abort();
            }
        }
    }

    /// No window is told anything any more of what it was told until now.
    pub fn end_all(&self) {
        for (_, feed) in self.lock().drain() {
            feed.task.abort();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<(String, Of), Feed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Credit {
    /// False when the feed has ended.
    async fn take(&self) -> bool {
        let Ok(permit) = self.free.acquire().await else {
            return false;
        };
        permit.forget();
        self.under_way.fetch_add(1, Ordering::AcqRel);
        true
    }

    /// More is given back than was taken only by a page that counts wrongly; that must not lift the limit.
    fn give_back(&self) {
        let taken = self
            .under_way
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |n| n.checked_sub(1));
        if taken.is_ok() {
            self.free.add_permits(1);
        }
    }
}

impl<T> Batches<T>
where
    Vec<T>: IpcResponse,
{
    /// Sends one batch as soon as the window may be sent one. False when the window is gone.
    pub async fn send(&self, batch: Vec<T>) -> bool {
        self.credit.take().await && self.channel.send(batch).is_ok()
    }
}

/// The engine's events.
pub async fn engine(mut subscription: Subscription, batches: Batches<Event>) {
    let mut last_sent = Instant::now();
    while let Some(mut events) = subscription.next().await {
        while events.len() < BATCH {
            match timeout_at(last_sent + FRAME, subscription.next()).await {
                Ok(Some(more)) => events.extend(more),
                Ok(None) | Err(_) => break,
            }
        }
        while !events.is_empty() {
            let rest = events.split_off(events.len().min(BATCH));
            if !batches.send(events).await {
                return;
            }
            events = rest;
        }
        last_sent = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn no_more_is_under_way_than_the_window_took() {
        let credit = Credit {
            free: Semaphore::new(UNDER_WAY),
            under_way: AtomicUsize::new(0),
        };
        for _ in 0..100 {
            credit.give_back();
        }
        for _ in 0..UNDER_WAY {
            assert!(credit.take().await);
        }
        assert_eq!(
            credit.free.available_permits(),
            0,
            "a page that counts wrongly lifted the limit"
        );
        credit.give_back();
        assert!(credit.take().await);
        assert_eq!(credit.free.available_permits(), 0);
    }
}
