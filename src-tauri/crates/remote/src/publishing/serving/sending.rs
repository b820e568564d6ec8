//! What goes out: the log, the status, and parts of answers.

use protocol::record::{Event, LiveEvent};
use protocol::relay::Run;
use protocol::relay::body::{Direct, STATUS, to_json};
use protocol::relay::header::Destination;
use protocol::relay::message::FromAgent;
use tokio::time::Instant;

use super::{End, Serving};
use crate::publishing::log::Cut;

impl Serving<'_> {
    pub(super) async fn take(&mut self, batch: Vec<Event>) -> Result<(), End> {
        for event in batch {
            match event {
                Event::Record(entry) => {
                    self.fed = entry.offset;
                    self.log.take(*entry)?;
                }
                Event::Live(event @ LiveEvent::Progress { operation, .. }) => {
                    if let Some(viewer) = self.operations.beginner(operation, &event) {
                        self.tell_progress(viewer, operation, event).await?;
                    }
                }
                Event::Live(event) => {
                    if self.status.hear(&event) {
                        // Nothing of the deleted session stays at the relay.
                        let deletions = self.engine.deletions().await?;
                        let head = self.engine.head().await?;
                        self.begin_log(head + 1, Some(deletions.all)).await?;
                    }
                }
            }
        }
        Ok(())
    }

    pub(super) async fn send_log(&mut self) -> Result<(), End> {
        match self.log.cut()? {
            Some(Cut::Frame { first, count, body }) => {
                let destination = Destination::Log { first, count };
                let frame = self.sealer.seal(destination, &body)?;
                self.log.sent(destination.last().unwrap_or(first), frame.len());
                self.connection.say(&FromAgent::Frame(frame)).await?;
            }
            Some(Cut::TooLarge(offset)) => {
                tracing::warn!("entry {offset} of the record is too large for a frame; viewers fetch it");
                self.begin_log(offset + 1, None).await?;
            }
            None => {}
        }
        Ok(())
    }

    pub(super) async fn send_status(&mut self) -> Result<(), End> {
        self.visits.tidy(Instant::now());
        self.transfers.tidy();
        let head = self.engine.head().await?;
        let status = to_json(&self.status.say(head))?;
        let frame = self.sealer.seal(Destination::Latest { key: STATUS }, &status)?;
        Ok(self.connection.say(&FromAgent::Frame(frame)).await?)
    }

    pub(super) async fn send_retirements(&mut self) -> Result<(), End> {
        for retirement in self.retiring.say() {
            self.connection.say(&FromAgent::Retire(retirement)).await?;
        }
        Ok(())
    }

    pub(super) async fn send_part(&mut self) -> Result<(), End> {
        let Some(viewer) = self.turns.pop_front() else {
            return Ok(());
        };
        let Some(visiting) = self.visits.of(viewer) else {
            return Ok(());
        };
        let part = visiting.answering.next_part().await;
        // A file stays as long as somebody fetches it.
        if let Some(path) = visiting.answering.fetches() {
            self.transfers.is_fetched(path);
        }
        if visiting.answering.has_part() {
            self.turns.push_back(viewer);
        }
        if let Some(part) = part {
            let direct = Direct::Part {
                question: part.question,
                number: part.number,
                last: part.last,
                bytes: part.bytes,
            };
            self.direct(viewer, &direct).await?;
        }
        Ok(())
    }

    pub(super) async fn direct(&mut self, viewer: Run, body: &Direct) -> Result<(), End> {
        let frame = self.sealer.seal(Destination::Direct { viewer }, &body.bytes()?)?;
        Ok(self.connection.say(&FromAgent::Frame(frame)).await?)
    }
}
