//! What happens in the engine, read ahead a little.

use agent::Engine;
use protocol::record::Event;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Batches that are read ahead; who takes no more leaves the rest in the store.
const AHEAD: usize = 2;

/// Events after an offset. A task of its own reads them, so that a read of the store is not begun again and again by
/// somebody who waits for other things as well.
pub struct Feed {
    batches: mpsc::Receiver<Vec<Event>>,
    reader: JoinHandle<()>,
}

impl Feed {
    pub fn after(engine: &Engine, offset: u64) -> Self {
        let mut events = engine.subscribe_after(offset);
        let (sender, batches) = mpsc::channel(AHEAD);
        let reader = tokio::spawn(async move {
            while let Some(batch) = events.next().await {
                if sender.send(batch).await.is_err() {
                    break;
                }
            }
        });
        Self { batches, reader }
    }

    /// The next events; none once the engine has closed. Safe to drop and call again.
    pub async fn next(&mut self) -> Option<Vec<Event>> {
        self.batches.recv().await
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.reader.abort();
    }
}
