//! What a session is told to do.

use std::sync::Arc;

use protocol::author::Author;
use protocol::command::Outcome;
use protocol::ids::{CommandId, OperationId};
use protocol::record::{LiveEvent, OperationOutcome, RecordEvent};
use protocol::refusal::Refusal;
use protocol::session::SessionState;
use protocol::settings::Settings;
use tokio::time::Instant;

use super::{Actor, Message};
use crate::analysis::Rules;
use crate::session::recompute::{self, Recomputation};
impl Actor {
    pub(super) async fn obey(&mut self, message: Message) {
        match message {
            Message::Pause(id, reply) => {
                let result = self.steer(id, SessionState::Paused, "running", Self::looks).await;
                self.rest().await;
                drop(reply.send(result));
            }
            Message::Resume(id, reply) => {
                let state = self.state_when_looking();
                let result = self
                    .steer(id, state, "paused", |s| s.state == SessionState::Paused)
                    .await;
                self.look_afresh();
                drop(reply.send(result));
            }
            Message::Stop(id, reply) => {
                let result = self
                    .steer(id, SessionState::Finished, "going on", |s| {
                        s.state != SessionState::Finished
                    })
                    .await;
                self.rest().await;
                drop(reply.send(result));
            }
            Message::Reopen(id, reply) => {
                let state = self.state_when_looking();
                let ended = |s: &Self| matches!(s.state, SessionState::Finished | SessionState::Failed);
                let result = self.steer(id, state, "ended", ended).await;
                self.look_afresh();
                drop(reply.send(result));
            }
            Message::Revise(id, from, seen, settings, reply) => {
                drop(reply.send(self.revise(id, from, seen, *settings).await));
            }
            Message::Shutdown => {}
        }
    }

    /// Compares the whole folder with the store again, as after a start.
    pub(super) fn look_afresh(&mut self) {
        (self.loaded, self.first_scan, self.next_scan) = (false, true, Instant::now());
    }

    pub(super) fn state_when_looking(&self) -> SessionState {
        if self.measured {
            SessionState::Running
        } else {
            SessionState::Waiting
        }
    }

    pub(super) async fn steer(
        &mut self,
        command: CommandId,
        state: SessionState,
        needed: &str,
        allowed: impl Fn(&Self) -> bool,
    ) -> Result<Outcome, Refusal> {
        if !allowed(self) {
            let (store, id) = (self.store.clone(), self.id);
            // It may have been renamed.
            let row = tokio::task::spawn_blocking(move || store.session(id)).await;
            let name = row.ok().and_then(Result::ok).map(|row| row.summary.name);
            let name = name.unwrap_or_else(|| self.name.clone());
            let message = format!("The session \"{name}\" is not {needed}.");
            return Err(Refusal::new("wrong_state", message, "Look at its state and try again."));
        }
        self.commit_state(Some(command), state, None).await?;
        Ok(Outcome::Done)
    }

    /// Lets go of the folder.
    pub(super) async fn rest(&mut self) {
        if self.looks() {
            return;
        }
        self.watcher = None;
        // What goes on there may never end, on a drive that does not answer: nobody waits for it any more.
        (self.listing, self.looks) = (None, None);
        self.agenda.clear();
        self.trouble = None;
        if let Some(simulation) = self.simulation.take() {
            simulation.stop().await;
        }
    }

    pub(super) async fn revise(
        &mut self,
        command: CommandId,
        from: Author,
        seen: u32,
        settings: Settings,
    ) -> Result<Outcome, Refusal> {
        if seen != self.revision {
            let message = format!(
                "The settings were changed meanwhile: revision {} is in force, not {seen}.",
                self.revision
            );
            return Err(Refusal::new(
                "settings_changed_meanwhile",
                message,
                "Look at the newest settings and try again.",
            ));
        }
        let rules = Rules::new(&settings)?;
        let everything = self.rules.settings.needs_measuring_anew(&settings) || self.recomputation.is_some();
        let (row, id, operation) = (self.row, self.id, OperationId::new());
        let outcome = self
            .store
            .write_async(move |work| {
                let revision = work.add_revision(row, Some(from), &settings)?;
                let event = RecordEvent::SettingsRevised {
                    revision,
                    from: Some(from),
                    settings: Box::new(settings),
                };
                work.append(row, id, event)?;
                if !everything {
                    let measurements = work.finish_recomputation(row, revision)?;
                    work.append(row, id, RecordEvent::Recomputed { revision, measurements })?;
                }
                let outcome = Outcome::Revised { revision, operation };
                work.settle_command(command, &outcome)?;
                Ok(outcome)
            })
            .await?;
        if let Outcome::Revised { revision, .. } = outcome {
            self.revision = revision;
        }
        self.rules = Arc::new(rules);
        if everything {
            self.measuring += 1;
            if let Some(earlier) = self.recomputation.take() {
                earlier.cancel().await;
            }
            self.start_recomputation(operation);
        } else {
            // Whoever waits for the operation learns that there was nothing to measure.
            self.announcements.live(LiveEvent::Progress {
                operation,
                session: self.id,
                label: "Applying settings".to_owned(),
                done: 1,
                total: 1,
                outcome: Some(OperationOutcome::Done),
            });
        }
        Ok(outcome)
    }

    pub(super) fn start_recomputation(&mut self, operation: OperationId) {
        let job = recompute::Job {
            store: self.store.clone(),
            announcements: self.announcements.clone(),
            session: self.id,
            row: self.row,
            revision: self.revision,
            rules: Arc::clone(&self.rules),
            operation,
        };
        self.recomputation = Some(Recomputation::start(job));
    }

    pub(super) fn after_recomputation(&mut self, done: Option<recompute::Done>) {
        self.recomputation = None;
        let Some(done) = done else { return };
        // Files of which nothing is kept, such as those whose names did not fit, are looked at under the new rules.
        self.known.after_recomputation(done);
        self.next_scan = Instant::now();
    }
}
