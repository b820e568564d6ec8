//! Telling listeners what happened: committed record entries in order and once, and news between them.

use std::sync::Arc;

use protocol::record::{Event, LiveEvent, RecordEntry};
use tokio::sync::broadcast::{self, error::RecvError};

use crate::store::{Store, StoreError};

/// Batches kept for slow listeners; who falls behind further reads the store instead.
const BATCHES: usize = 256;
/// Entries read from the store at a time by a listener that catches up.
const CATCH_UP: u32 = 500;

/// Where everything is announced. Cloning shares it.
#[derive(Clone)]
pub struct Announcements {
    batches: broadcast::Sender<Arc<Vec<Event>>>,
}

impl Default for Announcements {
    fn default() -> Self {
        Self {
            batches: broadcast::Sender::new(BATCHES),
        }
    }
}

impl Announcements {
    /// Announces entries that were just committed.
    pub fn record(&self, entries: Vec<RecordEntry>) {
        self.send(entries.into_iter().map(|e| Event::Record(Box::new(e))).collect());
    }

    /// Announces news without a place in the record.
    pub fn live(&self, event: LiveEvent) {
        self.send(vec![Event::Live(event)]);
    }

    fn send(&self, events: Vec<Event>) {
        // Nobody listening is not an error.
        drop(self.batches.send(Arc::new(events)));
    }

    /// Listens from an offset on: entries after it first, then everything new.
    pub fn subscribe(&self, store: &Store, after: u64) -> Subscription {
        Subscription {
            batches: self.batches.subscribe(),
            store: store.clone(),
            last: after,
            behind: true,
        }
    }
}

/// A listener's place in the record.
pub struct Subscription {
    batches: broadcast::Receiver<Arc<Vec<Event>>>,
    store: Store,
    last: u64,
    behind: bool,
}

impl Subscription {
    /// The next events, in order, each record entry once; `None` when the engine has closed.
    pub async fn next(&mut self) -> Option<Vec<Event>> {
        loop {
            if self.behind {
                match self.catch_up().await {
                    Ok(events) if events.is_empty() => self.behind = false,
                    Ok(events) => return Some(events),
                    Err(StoreError::Closed) => return None,
                    Err(error) => {
                        tracing::warn!("a listener could not catch up yet: {error}");
                        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                    }
                }
                continue;
            }
            match self.batches.recv().await {
                Ok(batch) => {
                    let fresh: Vec<Event> = batch.iter().filter(|e| self.is_new(e)).cloned().collect();
                    let gap = fresh.iter().find_map(|e| match e {
                        Event::Record(entry) => Some(entry.offset > self.last + 1),
                        Event::Live(_) => None,
                    });
                    if gap == Some(true) {
                        self.behind = true;
                        continue;
                    }
                    if let Some(Event::Record(entry)) = fresh.iter().rev().find(|e| matches!(e, Event::Record(_))) {
                        self.last = entry.offset;
                    }
                    if !fresh.is_empty() {
                        return Some(fresh);
                    }
                }
                Err(RecvError::Lagged(_)) => self.behind = true,
                Err(RecvError::Closed) => return None,
            }
        }
    }

    fn is_new(&self, event: &Event) -> bool {
        match event {
            Event::Record(entry) => entry.offset > self.last,
            Event::Live(_) => true,
        }
    }

    async fn catch_up(&mut self) -> Result<Vec<Event>, StoreError> {
        let (store, last) = (self.store.clone(), self.last);
        let read = move || -> Result<_, StoreError> {
            let head = store.newest_offset()?;
            Ok((store.record_after(last, CATCH_UP)?, head))
        };
        let (entries, head) = tokio::task::spawn_blocking(read)
            .await
            .map_err(|_| StoreError::Closed)??;
        // Places of deleted sessions are empty: what lies between is known to be nothing.
        self.last = match entries.last() {
            Some(newest) => newest.offset,
            None => self.last.max(head),
        };
        Ok(entries.into_iter().map(|e| Event::Record(Box::new(e))).collect())
    }
}
