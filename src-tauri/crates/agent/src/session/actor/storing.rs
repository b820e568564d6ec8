//! Storing what a session found, and what state it is in.

use std::sync::Arc;
use std::time::Duration;

use protocol::command::Outcome;
use protocol::ids::CommandId;
use protocol::record::{LiveEvent, RecordEvent};
use protocol::refusal::Refusal;
use protocol::session::{FileState, SessionState};
use tokio::sync::watch;
use tokio::time::Instant;

use super::Actor;
use crate::analysis::STOPPED_EARLY;
use crate::intake::Signature;
use crate::session::batch::{self, Change};
use crate::store::{StoreError, Work};

/// The first pause before what could not be written is tried again; each is twice as long as the one before, up to the last.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// What was read and could not be written yet. Nothing is looked at meanwhile; commands are heard.
pub(super) struct Unwritten {
    changes: Arc<Vec<Change>>,
    measuring: u32,
    pause: Duration,
    /// When it is tried again.
    pub(super) due: Instant,
}

impl Unwritten {
    pub(super) fn count(&self) -> usize {
        self.changes.len()
    }
}

impl Actor {
    /// Writes changes; where the disk is full or the database locked, they wait.
    pub(super) async fn write(&mut self, changes: Vec<Change>) {
        if !changes.is_empty() {
            self.try_to_write(Unwritten {
                changes: Arc::new(changes),
                measuring: self.measuring,
                pause: FIRST_PAUSE,
                due: Instant::now(),
            })
            .await;
        }
    }

    /// Tries again to write what waits.
    pub(super) async fn write_what_waits(&mut self) {
        let Some(unwritten) = self.unwritten.take() else { return };
        if unwritten.measuring == self.measuring {
            self.try_to_write(unwritten).await;
            if self.unwritten.is_none() {
                self.tell_trouble(String::new(), String::new());
            }
            return;
        }
        // Measured under settings that are no longer in force; the files are still there.
        self.tell_trouble(String::new(), String::new());
        for change in unwritten.changes.iter() {
            self.agenda.put(&change.file.entry.file, Instant::now());
        }
    }

    async fn try_to_write(&mut self, unwritten: Unwritten) {
        let changes = Arc::clone(&unwritten.changes);
        let becomes_running =
            self.state == SessionState::Waiting && changes.iter().any(|c| c.file.entry.state == FileState::Measured);
        let (row, id, revision) = (self.row, self.id, self.revision);
        let (batch, rules) = (Arc::clone(&changes), Arc::clone(&self.rules));
        let written = self.store.write_async(move |work| {
            let rows = batch::write(work, row, id, revision, Some(&rules), &batch)?;
            let mut name = None;
            if becomes_running {
                let renamed = work.session_name(row)?;
                work.set_state(row, SessionState::Running, None)?;
                let event = RecordEvent::SessionChanged {
                    name: renamed.clone(),
                    state: SessionState::Running,
                    reason: None,
                };
                work.append(row, id, event)?;
                name = Some(renamed);
            }
            Ok((rows, name))
        });
        let (rows, name) = match written.await {
            Ok(written) => written,
            Err(StoreError::Closed) => return,
            Err(error) if error.may_pass() => {
                // Nothing is lost: the files are still there, and what was read of them is still here.
                let refusal = Refusal::from(error);
                tracing::warn!("storing waits: {refusal}");
                self.tell_trouble(refusal.code, refusal.message);
                self.unwritten = Some(Unwritten {
                    due: Instant::now() + unwritten.pause,
                    pause: (unwritten.pause * 2).min(LONGEST_PAUSE),
                    ..unwritten
                });
                return;
            }
            Err(error) => {
                let refusal = Refusal::from(error);
                tracing::error!("a session cannot go on: {refusal}");
                let reason = format!("{} {}", refusal.message, refusal.hint);
                self.change_state(SessionState::Failed, Some(reason)).await;
                // Also where not even that could be stored: what cannot be written is not tried for ever.
                self.state = SessionState::Failed;
                self.rest().await;
                return;
            }
        };
        if let Some(name) = name {
            (self.name, self.state, self.reason) = (name, SessionState::Running, None);
        }
        let now = Instant::now();
        for (change, row) in changes.iter().zip(rows) {
            self.remember(change, row, now);
        }
    }

    fn tell_trouble(&self, code: String, message: String) {
        self.announcements.live(LiveEvent::StoreTrouble { code, message });
    }

    fn remember(&mut self, change: &Change, row: i64, now: Instant) {
        let entry = &change.file.entry;
        let signature = Signature {
            bytes: entry.bytes,
            modified_ns: change.file.modified_ns,
        };
        self.known.places.note_row(&entry.file, row);
        let known = self.known.note(&entry.file, signature, now);
        if let Some(hash) = change.hash {
            known.hash = Some(hash);
        }
        if entry.state != FileState::Partial || change.quiet {
            known.unfinished_since = None;
            known.gives_up = None;
        }
        if !change.quiet {
            known.told = Some((entry.state, entry.reason.clone()));
            known.file_revision = entry.file_revision;
            known.replaceable = match entry.state {
                FileState::Measured => false,
                FileState::Skipped => {
                    change.hash.is_some() && entry.reason.as_deref() != Some(STOPPED_EARLY)
                        || change.hash.is_none() && known.replaceable
                }
                _ => known.replaceable,
            };
            self.measured |= entry.state == FileState::Measured;
        }
        known.try_again = known.is_worth_another_try();
    }

    pub(super) async fn change_state(&mut self, state: SessionState, reason: Option<String>) {
        if let Err(error) = self.commit_state(None, state, reason).await {
            tracing::warn!("a state could not be stored: {error}");
        }
    }

    /// Stores a state with its record entry, and with the command that asked for it.
    pub(super) async fn commit_state(
        &mut self,
        command: Option<CommandId>,
        state: SessionState,
        reason: Option<String>,
    ) -> Result<(), StoreError> {
        let (row, id, told) = (self.row, self.id, reason.clone());
        let name = self
            .store
            .write_async(move |work: &mut Work<'_>| {
                let name = work.session_name(row)?;
                work.set_state(row, state, told.as_deref())?;
                let event = match state {
                    SessionState::Finished => RecordEvent::SessionEnded { reason: told },
                    _ => RecordEvent::SessionChanged {
                        name: name.clone(),
                        state,
                        reason: told,
                    },
                };
                work.append(row, id, event)?;
                if let Some(command) = command {
                    work.settle_command(command, &Outcome::Done)?;
                }
                Ok(name)
            })
            .await?;
        (self.name, self.state, self.reason) = (name, state, reason);
        Ok(())
    }
}

/// Returns when what waits to be written is due; never where nothing waits.
pub(super) async fn is_due(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}

/// Returns when the engine closes.
pub(super) async fn closes(closing: &mut watch::Receiver<bool>) {
    // An engine that is gone has closed too.
    drop(closing.wait_for(|closing| *closing).await);
}
