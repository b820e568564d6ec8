//! Orders of viewers, and what comes of them later.

use protocol::author::Author;
use protocol::command::Outcome;
use protocol::ids::OperationId;
use protocol::record::{LiveEvent, OperationOutcome};
use protocol::refusal::Refusal;
use protocol::relay::Run;
use protocol::relay::body::{Direct, News, Order, Reply};

use super::{End, Finished, Serving};
use crate::named_session::explained;
use crate::publishing::orders::{self, Judged};
use crate::publishing::questions;
use crate::publishing::transfers::{self, Place};

impl Serving<'_> {
    pub(super) fn order(&mut self, viewer: Run, order: Order) {
        if let Err(refusal) = orders::is_in_time(&order, self.status.tick_ms()) {
            self.refused.count_late();
            return self.refuse(viewer, order.question, refusal);
        }
        if !self.is_taken(viewer, order.question) {
            return;
        }
        let Order {
            question, id, command, ..
        } = order;
        let (command, place) = match orders::judge(command, self.transfers) {
            Ok(Judged::CarryOut(command, place)) => (command, place),
            Ok(Judged::Done) => {
                let outcome = Outcome::Done;
                return self.answer(viewer, question, questions::reply(Reply::Outcome { outcome }));
            }
            Err(refusal) => return self.answer(viewer, question, questions::refused(refusal)),
        };
        let (engine, is_deleted) = (self.engine.clone(), self.status.names_deleted(&command));
        // Of its own, so that a command is carried out as a whole even if the connection ends meanwhile.
        let carried_out = tokio::spawn(async move { engine.command_by(id, Author::Afar, *command).await });
        self.work.spawn(async move {
            let ended = || Refusal::new("command_failed", "The command failed.", "Please report this.");
            let outcome = carried_out.await.unwrap_or_else(|_| Err(ended()));
            let outcome = outcome.map_err(|refusal| explained(refusal, is_deleted));
            Finished::Ordered {
                viewer,
                question,
                outcome,
                place,
            }
        });
    }

    pub(super) async fn finish(&mut self, finished: Finished) -> Result<(), End> {
        match finished {
            Finished::Answered {
                viewer,
                question,
                bytes,
            } => self.answer(viewer, question, bytes),
            Finished::Ordered {
                viewer,
                question,
                outcome,
                place,
            } => self.ordered(viewer, question, outcome, place).await?,
            Finished::Measured { operation, measured } => {
                let offered = self.transfers.measured(operation, measured);
                self.tell_measured(operation, offered).await?;
            }
        }
        Ok(())
    }

    async fn ordered(
        &mut self,
        viewer: Run,
        question: u32,
        outcome: Result<Outcome, Refusal>,
        place: Option<Place>,
    ) -> Result<(), End> {
        let operation = match &outcome {
            Ok(Outcome::Accepted { operation } | Outcome::Revised { operation, .. }) => Some(*operation),
            _ => None,
        };
        let reply = match outcome {
            Ok(outcome) => questions::reply(Reply::Outcome { outcome }),
            Err(refusal) => questions::refused(refusal),
        };
        self.answer(viewer, question, reply);
        let Some(operation) = operation else {
            if let Some(place) = place {
                transfers::give_up(&place);
            }
            return Ok(());
        };
        if let Some(place) = place {
            self.transfers.begun(operation, place);
        }
        // Asked first: what ends meanwhile has left its file, or its last word.
        let goes_on = self.engine.works_on(operation);
        if let Some(event) = self.operations.began(operation, viewer) {
            return self.tell_progress(viewer, operation, event).await;
        }
        // A repeat of a command whose file is there already.
        if let Some(offer) = self.transfers.offer(operation) {
            self.direct(viewer, &Direct::News(offer)).await?;
        } else if let Some(path) = self.transfers.unmeasured(operation) {
            self.measure(operation, path);
        } else if !goes_on {
            return self.tell_that_there_is_none(viewer, operation).await;
        }
        Ok(())
    }

    /// A repeat of a command whose file was not made, or is gone.
    async fn tell_that_there_is_none(&mut self, viewer: Run, operation: OperationId) -> Result<(), End> {
        let last = self.engine.last_word_of(operation);
        let refusal = match last {
            Some(LiveEvent::Progress {
                outcome: Some(OperationOutcome::Failed { refusal }),
                ..
            }) => refusal,
            _ => Refusal::new(
                "export_gone",
                "The exported file was not finished, or is no longer kept.",
                "Export it again.",
            ),
        };
        match self.transfers.failed(operation, refusal) {
            Some(event) => self.tell_news_of(viewer, operation, event).await,
            None => Ok(()),
        }
    }

    /// The last news of an operation.
    async fn tell_news_of(&mut self, viewer: Run, operation: OperationId, event: LiveEvent) -> Result<(), End> {
        self.operations.over(operation);
        if self.visits.has(viewer) {
            self.direct(viewer, &Direct::News(News::Progress { event })).await?;
        }
        Ok(())
    }

    pub(super) async fn tell_progress(
        &mut self,
        viewer: Run,
        operation: OperationId,
        mut event: LiveEvent,
    ) -> Result<(), End> {
        let name = self.transfers.name(operation).map(str::to_owned);
        if let LiveEvent::Progress { label, outcome, .. } = &mut event {
            if let Some(name) = name {
                // The engine's own label names the place on this computer.
                *label = format!("Exporting {name}");
                match outcome {
                    Some(OperationOutcome::Done) => {
                        if let Some(path) = self.transfers.unmeasured(operation) {
                            self.measure(operation, path);
                        }
                    }
                    Some(_) => self.transfers.forget(operation),
                    None => {}
                }
            } else if outcome.is_some() {
                self.operations.over(operation);
            }
        }
        if self.visits.has(viewer) {
            self.direct(viewer, &Direct::News(News::Progress { event })).await?;
        }
        Ok(())
    }

    fn measure(&mut self, operation: OperationId, path: std::path::PathBuf) {
        self.work.spawn_blocking(move || Finished::Measured {
            operation,
            measured: transfers::measure(&path),
        });
    }

    async fn tell_measured(&mut self, operation: OperationId, offered: Result<(), Refusal>) -> Result<(), End> {
        let failed = offered.err().and_then(|refusal| {
            tracing::warn!(code = refusal.code, "an exported file is not offered: {refusal}");
            self.transfers.failed(operation, refusal)
        });
        let Some(viewer) = self.operations.who(operation).filter(|viewer| self.visits.has(*viewer)) else {
            return Ok(());
        };
        if let Some(event) = failed {
            return self.tell_news_of(viewer, operation, event).await;
        }
        match self.transfers.offer(operation) {
            Some(offer) => self.direct(viewer, &Direct::News(offer)).await,
            None => Ok(()),
        }
    }
}
