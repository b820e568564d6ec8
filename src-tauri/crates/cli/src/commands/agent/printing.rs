//! Events on standard output: JSON Lines, handed over batch by batch.
//!
//! Writing has a thread of its own, because a reader that is slow must hold up neither intake nor the end of the program.

use std::io::{self, Write};
use std::thread::JoinHandle;
use std::time::Duration;

use protocol::ids::SessionId;
use protocol::record::{Event, LiveEvent};
use protocol::refusal::Refusal;
use tokio::sync::mpsc::{self, OwnedPermit, Sender};
use tokio::sync::oneshot;

use crate::ending::Failure;

/// Batches that wait for the reader.
const WAITING: usize = 8;
/// How long the end of the program waits for a reader that takes nothing.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// The reader has gone, or standard output fails; [`Printer::finish`] says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotTaken;

/// Prints the events of one session.
pub struct Printer {
    session: SessionId,
    batches: Sender<Vec<u8>>,
    place: Option<OwnedPermit<Vec<u8>>>,
    ended: oneshot::Receiver<io::Result<()>>,
    thread: JoinHandle<()>,
}

impl Printer {
    /// Starts the thread that writes.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(session: SessionId) -> Result<Self, Failure> {
        let (batches, mut queue) = mpsc::channel::<Vec<u8>>(WAITING);
        let (tell, ended) = oneshot::channel();
        let write_all = move || {
            let mut output = io::stdout().lock();
            let mut result = Ok(());
            while let Some(batch) = queue.blocking_recv() {
                result = output.write_all(&batch).and_then(|()| output.flush());
                if result.is_err() {
                    break;
                }
            }
            drop(queue);
            // Nobody may be waiting for the end any more.
            drop(tell.send(result));
        };
        let thread = std::thread::Builder::new()
            .name("events".to_owned())
            .spawn(write_all)
            .map_err(|error| {
                Refusal::new(
                    "no_threads",
                    format!("The system gives no thread: {error}."),
                    "Close other programs.",
                )
            })?;
        Ok(Self {
            session,
            batches,
            place: None,
            ended,
            thread,
        })
    }

    /// Whether a batch can be given now.
    pub fn is_free(&self) -> bool {
        self.place.is_some()
    }

    /// Returns when a batch can be given; never where one can be given already.
    ///
    /// # Errors
    /// Nobody takes them any more.
    pub async fn ready(&mut self) -> Result<(), NotTaken> {
        if self.place.is_some() {
            // What was given is taken, but whether the reader is still there shows only later.
            self.batches.closed().await;
            return Err(NotTaken);
        }
        let place = self.batches.clone().reserve_owned().await.map_err(|_| NotTaken)?;
        self.place = Some(place);
        Ok(())
    }

    /// Prints a batch; [`Printer::is_free`] must hold.
    pub fn give(&mut self, events: &[Event]) {
        let mut lines = Vec::new();
        for event in events.iter().filter(|event| self.is_of_the_session(event)) {
            // Memory takes everything, and an event is a JSON object by its type.
            if serde_json::to_writer(&mut lines, event).is_ok() {
                lines.push(b'\n');
            }
        }
        if !lines.is_empty()
            && let Some(place) = self.place.take()
        {
            place.send(lines);
        }
    }

    /// Waits until everything is written; not for ever.
    ///
    /// # Errors
    /// Standard output failed.
    pub async fn finish(self) -> Result<(), Failure> {
        let Self {
            batches,
            place,
            ended,
            thread,
            ..
        } = self;
        drop((batches, place));
        match tokio::time::timeout(PATIENCE, ended).await {
            Ok(Ok(result)) => {
                drop(thread.join());
                match result.map_err(|error| Failure::of_output(&error, "Standard output")) {
                    Err(Failure::ReaderGone) => Ok(()),
                    other => other,
                }
            }
            Ok(Err(_)) => Ok(()),
            Err(_) => {
                tracing::warn!("the last events were not read in time");
                Ok(())
            }
        }
    }

    fn is_of_the_session(&self, event: &Event) -> bool {
        match event {
            Event::Record(entry) => entry.session == self.session,
            Event::Live(LiveEvent::Progress { session, .. } | LiveEvent::SessionDeleted { session }) => {
                *session == self.session
            }
            Event::Live(_) => true,
        }
    }
}
