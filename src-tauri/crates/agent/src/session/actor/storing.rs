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
use crate::intake::Signature;
use crate::session::batch::{self, Change};
use crate::session::known::{EarlierState, is_worth_another_try};
use crate::store::{StoreError, Work};
impl Actor {
    /// Writes changes; where the disk is full or the database locked, waits and tries again until it succeeds.
    pub(super) async fn write(&mut self, changes: Vec<Change>) {
        if changes.is_empty() {
            return;
        }
        let changes = Arc::new(changes);
        let becomes_running =
            self.state == SessionState::Waiting && changes.iter().any(|c| c.file.entry.state == FileState::Measured);
        let mut pause = Duration::from_millis(250);
        let mut in_trouble = false;
        loop {
            let (row, id, revision, name) = (self.row, self.id, self.revision, self.name.clone());
            let batch = Arc::clone(&changes);
            let written = self.store.write_async(move |work| {
                batch::write(work, row, id, revision, &batch)?;
                if becomes_running {
                    work.set_state(row, SessionState::Running, None)?;
                    let event = RecordEvent::SessionChanged {
                        name,
                        state: SessionState::Running,
                        reason: None,
                    };
                    work.append(row, id, event)?;
                }
                Ok(())
            });
            match written.await {
                Ok(()) => break,
                Err(StoreError::Closed) => return,
                Err(error) => {
                    // Nothing is lost: the files are still there, and what was read of them is still here.
                    in_trouble = true;
                    let refusal = Refusal::from(error);
                    tracing::warn!("storing waits: {refusal}");
                    self.announcements.live(LiveEvent::StoreTrouble {
                        code: refusal.code,
                        message: refusal.message,
                    });
                    tokio::select! {
                        () = tokio::time::sleep(pause) => pause = (pause * 2).min(Duration::from_secs(10)),
                        // The files are still in their folder: the next start finds them.
                        () = closes(&mut self.closing) => return,
                    }
                }
            }
        }
        if in_trouble {
            self.announcements.live(LiveEvent::StoreTrouble {
                code: String::new(),
                message: String::new(),
            });
        }
        if becomes_running {
            self.state = SessionState::Running;
            self.reason = None;
        }
        let now = Instant::now();
        for change in changes.iter() {
            self.remember(change, now);
        }
    }

    pub(super) fn remember(&mut self, change: &Change, now: Instant) {
        let entry = &change.file.entry;
        let signature = Signature {
            bytes: entry.bytes,
            modified_ns: change.file.modified_ns,
        };
        let known = self.known.note(&entry.file, signature, now);
        if entry.state == FileState::Partial {
            if let (Some((state, reason)), true) = (known.told.clone(), known.file_revision > 0)
                && state != FileState::Partial
            {
                known.before_partial = Some(Box::new(EarlierState { state, reason }));
            }
        } else {
            known.before_partial = None;
            known.unfinished_since = None;
        }
        known.told = Some((entry.state, entry.reason.clone()));
        known.file_revision = entry.file_revision;
        known.try_again = entry.reason.as_deref().is_some_and(is_worth_another_try);
        if let Some(hash) = change.hash {
            known.hash = Some(hash);
        }
        self.measured |= entry.state == FileState::Measured;
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

/// Returns when the engine closes.
async fn closes(closing: &mut watch::Receiver<bool>) {
    // An engine that is gone has closed too.
    drop(closing.wait_for(|closing| *closing).await);
}
