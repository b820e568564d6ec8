//! Telling listeners what happened: committed record entries in order and once, and news between them.

use std::sync::{Arc, Mutex};

use protocol::ids::OperationId;
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
    standing: Arc<Mutex<Standing>>,
}

/// The newest of what the record does not tell: how operations go, whether the store is in trouble, and that notes changed.
#[derive(Default)]
struct Standing {
    operations: Vec<(OperationId, LiveEvent)>,
    trouble: Option<LiveEvent>,
    notes: Option<LiveEvent>,
}

/// Operations of which the newest word is kept.
const OPERATIONS: usize = 64;

impl Standing {
    fn note(&mut self, event: &LiveEvent) {
        match event {
            LiveEvent::Progress { operation, .. } => {
                self.operations.retain(|(known, _)| known != operation);
                if self.operations.len() == OPERATIONS {
                    self.operations.remove(0);
                }
                self.operations.push((*operation, event.clone()));
            }
            LiveEvent::StoreTrouble { .. } => self.trouble = Some(event.clone()),
            LiveEvent::NotesChanged { .. } => self.notes = Some(event.clone()),
            _ => {}
        }
    }

    /// What somebody has to hear who may have missed it: everything, or for a newcomer only what goes on.
    fn events(&self, everything: bool) -> Vec<Event> {
        let goes_on = |event: &LiveEvent| match event {
            LiveEvent::Progress { outcome, .. } => outcome.is_none(),
            LiveEvent::StoreTrouble { code, .. } => !code.is_empty(),
            // Somebody who has looked just before would not know.
            LiveEvent::NotesChanged { .. } => true,
            _ => false,
        };
        let operations = self.operations.iter().map(|(_, event)| event);
        let all = operations.chain(&self.trouble).chain(&self.notes);
        all.filter(|event| everything || goes_on(event))
            .map(|event| Event::Live(event.clone()))
            .collect()
    }
}

impl Default for Announcements {
    fn default() -> Self {
        Self {
            batches: broadcast::Sender::new(BATCHES),
            standing: Arc::default(),
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
        if let Ok(mut standing) = self.standing.lock() {
            standing.note(&event);
        }
        self.send(vec![Event::Live(event)]);
    }

    /// The newest word of an operation, if it is among the last ones.
    pub fn last_word_of(&self, operation: OperationId) -> Option<LiveEvent> {
        let standing = self.standing.lock().ok()?;
        let word = standing.operations.iter().find(|(known, _)| *known == operation);
        word.map(|(_, event)| event.clone())
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
            standing: Arc::clone(&self.standing),
            missed: Some(Missed::Beginning),
        }
    }
}

/// Why a listener may not know what stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Missed {
    /// It has just come.
    Beginning,
    /// It was too slow.
    Some,
}

/// A listener's place in the record.
pub struct Subscription {
    batches: broadcast::Receiver<Arc<Vec<Event>>>,
    store: Store,
    last: u64,
    behind: bool,
    standing: Arc<Mutex<Standing>>,
    missed: Option<Missed>,
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
            if let Some(missed) = self.missed.take() {
                let standing = self
                    .standing
                    .lock()
                    .map(|standing| standing.events(missed == Missed::Some));
                match standing {
                    Ok(events) if !events.is_empty() => return Some(events),
                    _ => {}
                }
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
                Err(RecvError::Lagged(_)) => (self.behind, self.missed) = (true, Some(Missed::Some)),
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

#[cfg(test)]
mod tests {
    use protocol::ids::SessionId;
    use protocol::record::OperationOutcome;
    use uuid::Uuid;

    use super::*;

    fn progress(operation: OperationId, outcome: Option<OperationOutcome>) -> LiveEvent {
        LiveEvent::Progress {
            operation,
            session: SessionId(Uuid::from_u128(7)),
            label: "Exporting".to_owned(),
            done: 1,
            total: 2,
            outcome,
        }
    }

    fn store(folder: &tempfile::TempDir) -> Store {
        Store::open(&folder.path().join("sacmes.sqlite"), Box::new(|_| {})).unwrap()
    }

    #[tokio::test]
    async fn a_listener_that_was_too_slow_still_hears_how_an_operation_ended() {
        let (folder, announcements) = (tempfile::tempdir().unwrap(), Announcements::default());
        let mut listener = announcements.subscribe(&store(&folder), 0);
        let [export, other] = [(); 2].map(|()| OperationId::new());
        announcements.live(progress(export, Some(OperationOutcome::Done)));
        for _ in 0..2 * BATCHES {
            announcements.live(progress(other, None));
        }
        let ended = Event::Live(progress(export, Some(OperationOutcome::Done)));
        // First what goes on, then what was missed.
        let mut heard = listener.next().await.unwrap();
        heard.extend(listener.next().await.unwrap());
        assert!(heard.contains(&ended), "{heard:?}");
    }

    #[tokio::test]
    async fn a_newcomer_hears_what_goes_on_and_not_what_is_over() {
        let (folder, announcements) = (tempfile::tempdir().unwrap(), Announcements::default());
        let [over, going] = [(); 2].map(|()| OperationId::new());
        announcements.live(progress(over, Some(OperationOutcome::Done)));
        announcements.live(progress(going, None));
        let mut listener = announcements.subscribe(&store(&folder), 0);
        assert_eq!(listener.next().await.unwrap(), [Event::Live(progress(going, None))]);
    }
}
