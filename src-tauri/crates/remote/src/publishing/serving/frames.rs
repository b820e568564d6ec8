//! Frames of viewers: openings of visits, questions and orders.

use protocol::relay::body::{Direct, Opened, Opening, Order, Question, Verdict, from_json};
use protocol::relay::header::{UpHeader, UpKind};
use protocol::relay::sealing::{SealError, open_once};
use protocol::relay::{Run, Versions, Visit, words};
use tokio::time::Instant;

use super::asked::Proof;
use super::{End, Serving};

impl Serving<'_> {
    /// Takes a frame of a viewer.
    pub(super) async fn open(&mut self, frame: &[u8]) -> Result<(), End> {
        let header = match UpHeader::read(frame) {
            Ok((header, _)) if header.generation == self.keys.generation => header,
            Ok(_) => {
                self.refused.count_dropped("another generation");
                return Ok(());
            }
            Err(error) => {
                self.refused.count_dropped(&error.to_string());
                return Ok(());
            }
        };
        let (viewer, now) = (header.viewer, Instant::now());
        match header.kind {
            UpKind::Open => return self.open_visit(viewer, frame).await,
            UpKind::Query => {
                let Some(visiting) = self.visits.of(viewer) else {
                    self.refused.count_dropped("no visit");
                    return Ok(());
                };
                match visiting.query.open(frame) {
                    Ok(body) => {
                        self.visits.seen(viewer, now);
                        match from_json::<Question>(&body) {
                            Ok(question) => self.ask(viewer, question, Proof::None),
                            Err(_) => self.refused.count_dropped("no question"),
                        }
                    }
                    Err(error) => self.refused.count_dropped(&error.to_string()),
                }
            }
            UpKind::Command => self.open_command(viewer, frame, now),
        }
        Ok(())
    }

    async fn open_visit(&mut self, viewer: Run, frame: &[u8]) -> Result<(), End> {
        if self.visits.has(viewer) || !self.visits.may_open(Instant::now()) {
            self.refused.count_dropped("opened already, or too many");
            return Ok(());
        }
        let opened = open_once(&self.keys.view.open(viewer), frame);
        let Some(opening) = opened.ok().and_then(|body| Opening::read(&body).ok()) else {
            self.refused.count_dropped("no opening");
            return Ok(());
        };
        let goes_on = match opening.position {
            Some(position) => self.engine.goes_on_from(position).await?,
            None => false,
        };
        let Ok(visit) = Visit::random() else {
            return Ok(());
        };
        // Without a common version it hears which there are, and cannot go on.
        if Versions::own().common(&opening.versions).is_ok() {
            self.visits.open(self.keys, self.run, viewer, visit, Instant::now());
        }
        let opened = Opened {
            verdict: if goes_on { Verdict::GoOn } else { Verdict::StartOver },
            visit,
            epoch: self.epoch,
            run: self.run,
            head: self.engine.head().await?,
            tick_ms: self.status.tick_ms(),
            versions: Versions::own(),
        };
        self.direct(viewer, &Direct::Opened(opened)).await
    }

    fn open_command(&mut self, viewer: Run, frame: &[u8], now: Instant) {
        let Some(visiting) = self.visits.of(viewer) else {
            self.refused.count_dropped("no visit");
            return;
        };
        match visiting.command.open(frame) {
            Ok(body) => {
                visiting.has_control = true;
                self.visits.seen(viewer, now);
                if let Ok(order) = from_json::<Order>(&body) {
                    self.order(viewer, order);
                } else if let Ok(question) = from_json::<Question>(&body) {
                    self.ask(viewer, question, Proof::Control);
                } else {
                    self.refused.count_dropped("no order");
                }
            }
            Err(SealError::Replayed) => self.refused.count_dropped("a command that came before"),
            // Somebody who may only look has the visit's other key.
            Err(_) => match visiting
                .query
                .open(frame)
                .ok()
                .and_then(|body| from_json::<Order>(&body).ok())
            {
                Some(order) => {
                    self.refused.count_view_only();
                    self.visits.seen(viewer, now);
                    self.refuse(viewer, order.question, words::view_only());
                }
                None => self.refused.count_dropped("a command under no key of the visit"),
            },
        }
    }
}
