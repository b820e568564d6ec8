//! Temporary sessions: they are deleted some time after their end, unless they are kept or something is still done with them.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use protocol::command::Outcome;
use protocol::ids::{CommandId, SessionId};
use protocol::refusal::Refusal;

use super::after_deletion;
use crate::engine::Engine;
use crate::session::Message;
use crate::store::StoreError;

/// Longest time until it is looked again which sessions are due.
const LOOK: Duration = Duration::from_mins(1);
/// How soon one is looked at again that is due while something is still done with it.
const LOOK_AT_BUSY: Duration = Duration::from_secs(1);
/// Shortest time that a session may stay.
const SHORTEST_S: u64 = 60;
/// Longest: ten years.
const LONGEST_S: u64 = 10 * 366 * 86_400;

/// Deletes temporary sessions as their time is over, until the engine is closed.
pub(crate) fn expire_in_time(engine: &Engine) {
    let mut closing = engine.inner.closing.subscribe();
    let mut jumps = engine.inner.clock.jumps();
    let engine = Arc::downgrade(&engine.inner);
    tokio::spawn(async move {
        loop {
            // Not held while it waits: an engine that nobody uses any more goes.
            let Some(inner) = engine.upgrade() else { return };
            if *closing.borrow_and_update() {
                return;
            }
            let wait = expire_due(&Engine { inner }).await.unwrap_or_else(|error| {
                tracing::warn!("temporary sessions could not be looked at: {error}");
                LOOK
            });
            tokio::select! {
                closes = closing.changed() => if closes.is_err() { return },
                jumped = jumps.changed() => if jumped.is_err() { return },
                () = tokio::time::sleep(wait) => {}
            }
        }
    });
}

/// Deletes what is due; returns how long to wait for the next.
async fn expire_due(engine: &Engine) -> Result<Duration, StoreError> {
    let store = engine.inner.store.clone();
    let due = tokio::task::spawn_blocking(move || store.due()).await;
    let mut wait = LOOK;
    for (session, moment) in due.map_err(|_| StoreError::Closed)?? {
        let left = moment.duration_since(engine.inner.clock.now());
        match Duration::try_from(left) {
            Ok(left) if !left.is_zero() => wait = wait.min(left),
            // Negative, or now.
            _ if expire(engine, session).await? => {}
            _ => wait = wait.min(LOOK_AT_BUSY),
        }
    }
    Ok(wait)
}

/// Deletes a session that is due; false where something is still done with it.
async fn expire(engine: &Engine, session: SessionId) -> Result<bool, StoreError> {
    let is_exporting = engine
        .inner
        .operations
        .lock()
        .is_ok_and(|operations| !operations.is_empty());
    // Held to the end, as when a session is deleted.
    let mut sessions = engine.inner.sessions.lock().await;
    let is_at_work = |handle: &crate::session::SessionHandle| handle.waiting.load(Ordering::Relaxed) > 0;
    if is_exporting || sessions.get(&session).is_some_and(is_at_work) {
        return Ok(false);
    }
    if let Some(handle) = sessions.remove(&session) {
        drop(handle.messages.send(Message::Shutdown).await);
        drop(handle.task.await);
    }
    let now = engine.inner.clock.now();
    let expired = engine
        .inner
        .store
        .write_async(move |work| work.expire(session, now))
        .await;
    drop(sessions);
    match expired {
        Ok(true) => {
            tracing::info!("the temporary session {session} has expired");
            after_deletion(engine, session).await;
            Ok(true)
        }
        // It was kept or goes on meanwhile, or was deleted.
        Ok(false) | Err(StoreError::NoSession(_)) => Ok(true),
        Err(error) => Err(error),
    }
}

/// Chooses how long a session stays; 0 = for good.
pub(super) async fn set_expiry(
    engine: &Engine,
    command: CommandId,
    session: SessionId,
    after_s: u64,
) -> Result<Outcome, Refusal> {
    let lifetime_s = checked(after_s)?;
    let work = move |work: &mut crate::store::Work<'_>| {
        let row = work.session_row(session)?;
        work.set_lifetime(row, session, lifetime_s)?;
        work.settle_command(command, &Outcome::Done)?;
        Ok(Outcome::Done)
    };
    Ok(engine.inner.store.write_async(work).await?)
}

/// Chooses how long temporary sessions stay that begin from now on; 0 = for good.
pub(super) async fn set_temporary_lifetime(
    engine: &Engine,
    command: CommandId,
    after_s: u64,
) -> Result<Outcome, Refusal> {
    checked(after_s)?;
    let work = move |work: &mut crate::store::Work<'_>| {
        work.set_temporary_lifetime(after_s)?;
        work.settle_command(command, &Outcome::Done)?;
        Ok(Outcome::Done)
    };
    Ok(engine.inner.store.write_async(work).await?)
}

fn checked(after_s: u64) -> Result<Option<u64>, Refusal> {
    match after_s {
        0 => Ok(None),
        SHORTEST_S..=LONGEST_S => Ok(Some(after_s)),
        _ => Err(Refusal::new(
            "expiry_invalid",
            "A temporary session stays from a minute to ten years.",
            "Choose a time in between, or never.",
        )),
    }
}
