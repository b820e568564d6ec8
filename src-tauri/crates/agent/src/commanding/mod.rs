//! Commands: each changes something, once, with its outcome.

mod expiring;
mod exporting;
mod names;
mod noting;
mod starting;

pub(crate) use expiring::expire_in_time;
pub(crate) use names::{checked_name, tidied_name};
pub(crate) use starting::{go_on_after_start, handle_of};

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use exporting::{Exported, start_export};
use jiff::{Span, Timestamp};
use protocol::author::Author;
use protocol::command::{Command, Outcome};
use protocol::ids::{CommandId, MeasurementId, SessionId};
use protocol::mark::MarkedPoints;
use protocol::record::{LiveEvent, RecordEvent};
use protocol::refusal::Refusal;
use protocol::session::{Marker, SessionState};
use starting::start;

use crate::archive;
use crate::engine::{Engine, absolute};
use crate::marks;
use crate::session::Message;
use crate::store::StoreError;

/// Outcomes of commands are remembered this long.
const REMEMBER_COMMANDS: i64 = 7;

pub(crate) async fn carry_out(
    engine: &Engine,
    id: CommandId,
    by: Author,
    command: Command,
) -> Result<Outcome, Refusal> {
    match command {
        Command::StartSession {
            name,
            source,
            settings,
            temporary,
        } => start(engine, id, name, source, *settings, temporary).await,
        Command::KeepSession { session } => expiring::set_expiry(engine, id, session, 0).await,
        Command::SetExpiry { session, after_s } => expiring::set_expiry(engine, id, session, after_s).await,
        Command::SetTemporaryLifetime { after_s } => expiring::set_temporary_lifetime(engine, id, after_s).await,
        Command::PauseSession { session } => engine.tell(session, |reply| Message::Pause(id, reply)).await,
        Command::ResumeSession { session } => engine.tell(session, |reply| Message::Resume(id, reply)).await,
        Command::PauseAll => pause_all(engine).await,
        Command::StopSession { session } => engine.tell(session, |reply| Message::Stop(id, reply)).await,
        Command::ReopenSession { session } => engine.tell(session, |reply| Message::Reopen(id, reply)).await,
        Command::RenameSession { session, name } => rename(engine, id, session, name).await,
        Command::DeleteSession { session } => delete(engine, id, session).await,
        Command::ReviseSettings {
            session,
            seen_revision,
            settings,
        } => {
            engine
                .tell(session, |reply| Message::Revise(id, by, seen_revision, settings, reply))
                .await
        }
        Command::PutMarker { session, marker } => put_marker(engine, id, session, marker, by).await,
        Command::RemoveMarker { session, marker } => {
            let work = move |work: &mut crate::store::Work<'_>| {
                let row = work.session_row(session)?;
                if let Some(marker) = work.remove_marker(row, marker)? {
                    work.append(row, session, RecordEvent::MarkerChanged { marker, removed: true })?;
                }
                work.settle_command(id, &Outcome::Done)?;
                Ok(Outcome::Done)
            };
            Ok(engine.inner.store.write_async(work).await?)
        }
        Command::Exclude {
            session,
            measurements,
            excluded,
        } => {
            let work = move |work: &mut crate::store::Work<'_>| {
                let row = work.session_row(session)?;
                let measurements = work.exclude(row, &measurements, excluded)?;
                if !measurements.is_empty() {
                    work.append(row, session, RecordEvent::ExclusionChanged { measurements, excluded })?;
                }
                work.settle_command(id, &Outcome::Done)?;
                Ok(Outcome::Done)
            };
            Ok(engine.inner.store.write_async(work).await?)
        }
        Command::PutMark {
            session,
            measurement,
            points,
        } => put_mark(engine, id, session, measurement, points, by).await,
        Command::RemoveMark { session, marks } => {
            let work = move |work: &mut crate::store::Work<'_>| marks::remove(work, id, session, &marks);
            Ok(engine.inner.store.write_async(work).await?)
        }
        Command::Export {
            session,
            layout,
            destination,
            selection,
        } => {
            let what = Exported::Results { layout, selection };
            start_export(engine, id, session, what, PathBuf::from(destination)).await
        }
        Command::ExportFigure {
            session,
            destination,
            figure,
        } => {
            start_export(
                engine,
                id,
                session,
                Exported::Figure(figure),
                PathBuf::from(destination),
            )
            .await
        }
        Command::OpenArchive { path, name, temporary } => open_archive(engine, id, &path, name, temporary).await,
        Command::PutNote { note, seen_revision } => noting::put(engine, id, by, note, seen_revision).await,
        Command::AddNotes { notes } => noting::add(engine, id, by, notes).await,
        Command::DeleteNote { note } => noting::delete(engine, id, note).await,
        Command::DeleteNotesOfTopic { topic, seen } => noting::delete_of_topic(engine, id, &topic, seen).await,
        Command::ClearNotes { seen } => noting::clear(engine, id, seen).await,
        Command::Cancel { operation } => {
            let operations = engine.inner.operations.lock().map_err(|_| StoreError::Closed)?;
            match operations.get(&operation) {
                Some(cancelled) => cancelled.store(true, Ordering::Relaxed),
                None => {
                    return Err(Refusal::new(
                        "no_such_operation",
                        "This operation has ended already.",
                        "",
                    ));
                }
            }
            Ok(Outcome::Done)
        }
    }
}

/// Forgets the outcomes of commands that nobody repeats any more.
pub(crate) async fn forget_old_commands(engine: &Engine) -> Result<(), Refusal> {
    let forget = Timestamp::now()
        .checked_sub(Span::new().hours(24 * REMEMBER_COMMANDS))
        .map(crate::clock::in_words);
    if let Ok(moment) = forget {
        engine
            .inner
            .store
            .write_async(move |work| work.forget_commands_before(&moment))
            .await?;
    }
    Ok(())
}

async fn pause_all(engine: &Engine) -> Result<Outcome, Refusal> {
    let store = engine.inner.store.clone();
    let sessions = tokio::task::spawn_blocking(move || store.sessions())
        .await
        .map_err(|_| StoreError::Closed)??;
    let mut refused = None;
    for row in sessions {
        if matches!(row.summary.state, SessionState::Waiting | SessionState::Running) {
            let session = row.summary.session;
            let paused = engine.tell(session, |reply| Message::Pause(CommandId::new(), reply));
            match paused.await {
                // One that ended meanwhile does not look for files any more, and keeps no other from being paused.
                Err(refusal) if refusal.code != "wrong_state" => refused = refused.or(Some(refusal)),
                _ => {}
            }
        }
    }
    refused.map_or(Ok(Outcome::Done), Err)
}

async fn rename(engine: &Engine, id: CommandId, session: SessionId, name: String) -> Result<Outcome, Refusal> {
    let name = checked_name(&name)?;
    let work = move |work: &mut crate::store::Work<'_>| {
        let row = work.session_row(session)?;
        work.rename_session(row, &name)?;
        let (state, reason) = work.session_state(row)?;
        work.append(row, session, RecordEvent::SessionChanged { name, state, reason })?;
        work.settle_command(id, &Outcome::Done)?;
        Ok(Outcome::Done)
    };
    Ok(engine.inner.store.write_async(work).await?)
}

async fn delete(engine: &Engine, id: CommandId, session: SessionId) -> Result<Outcome, Refusal> {
    // Held to the end, so that nobody starts the session's task again between its end and that of its row.
    let mut sessions = engine.inner.sessions.lock().await;
    if let Some(handle) = sessions.remove(&session) {
        drop(handle.messages.send(Message::Shutdown).await);
        drop(handle.task.await);
    }
    let work = move |work: &mut crate::store::Work<'_>| {
        let row = work.session_row(session)?;
        work.delete_session(row)?;
        work.settle_command(id, &Outcome::Done)
    };
    engine.inner.store.write_async(work).await?;
    drop(sessions);
    after_deletion(engine, session).await;
    Ok(Outcome::Done)
}

/// Removes what a deleted session had beside the store, and tells that it is gone.
async fn after_deletion(engine: &Engine, session: SessionId) {
    let folder = engine.simulated_folder(session);
    if folder.exists()
        && let Err(error) = std::fs::remove_dir_all(&folder)
    {
        tracing::warn!("{} could not be removed: {error}", folder.display());
    }
    engine.inner.announcements.live(LiveEvent::SessionDeleted { session });
    // Notes about it may have stayed behind.
    if let Err(refusal) = noting::tell(engine).await {
        tracing::warn!(code = refusal.code, "nobody was told of notes that stayed behind");
    }
}

async fn open_archive(
    engine: &Engine,
    id: CommandId,
    path: &str,
    name: String,
    temporary: bool,
) -> Result<Outcome, Refusal> {
    let path = absolute(path)?;
    let name = if name.trim().is_empty() {
        name
    } else {
        checked_name(&name)?
    };
    let store = engine.inner.store.clone();
    let opened = tokio::task::spawn_blocking(move || {
        archive::open(&store, &path, &name, temporary, Some(id)).map_err(|error| error.refusal(&path))
    });
    let session = opened.await.map_err(|_| StoreError::Closed)??;
    // It may have brought notes.
    noting::tell(engine).await?;
    Ok(Outcome::Started { session })
}

async fn put_mark(
    engine: &Engine,
    id: CommandId,
    session: SessionId,
    measurement: MeasurementId,
    points: MarkedPoints,
    from: Author,
) -> Result<Outcome, Refusal> {
    if points.parts().is_none() {
        return Err(Refusal::new(
            "nothing_marked",
            "Neither the peak nor the ends of the baseline are marked.",
            "Mark at least one of them, or remove the mark.",
        ));
    }
    if !points.is_finite() {
        return Err(Refusal::new(
            "mark_invalid",
            "A point is marked at a potential, in V.",
            "Correct the potentials.",
        ));
    }
    let work = move |work: &mut crate::store::Work<'_>| marks::put(work, id, session, measurement, points, from);
    engine.inner.store.write_async(work).await?
}

async fn put_marker(
    engine: &Engine,
    id: CommandId,
    session: SessionId,
    marker: Marker,
    from: Author,
) -> Result<Outcome, Refusal> {
    let mut marker = checked_marker(marker)?;
    marker.from = Some(from);
    let work = move |work: &mut crate::store::Work<'_>| {
        let row = work.session_row(session)?;
        work.put_marker(row, &marker)?;
        work.append(row, session, RecordEvent::MarkerChanged { marker, removed: false })?;
        work.settle_command(id, &Outcome::Done)?;
        Ok(Outcome::Done)
    };
    Ok(engine.inner.store.write_async(work).await?)
}

/// A marker as it may be kept.
///
/// # Errors
/// What it may not be.
pub(crate) fn checked_marker(mut marker: Marker) -> Result<Marker, Refusal> {
    marker.label = checked_name(&marker.label)?;
    if !marker.index.is_finite() || marker.index < 0.0 {
        return Err(Refusal::new(
            "marker_index_invalid",
            "A marker stands at an index from 0.",
            "Choose another index.",
        ));
    }
    if marker.concentration_m.is_some_and(|c| !c.is_finite() || c < 0.0) {
        return Err(Refusal::new(
            "marker_concentration_invalid",
            "A concentration is a number from 0, in mol/L.",
            "Correct the concentration, or leave it out.",
        ));
    }
    Ok(marker)
}
