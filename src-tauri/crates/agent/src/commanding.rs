//! Commands: each changes something, once, with its outcome.

use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jiff::{Span, Timestamp};
use protocol::command::{Command, ExportLayout, Outcome, Selection};
use protocol::ids::{CommandId, OperationId, SessionId};
use protocol::record::{LiveEvent, OperationOutcome, RecordEvent};
use protocol::refusal::Refusal;
use protocol::session::{Marker, SessionState, Source};
use protocol::settings::Settings;
use tokio::sync::mpsc;

use crate::analysis::Rules;
use crate::engine::{Engine, absolute};
use crate::intake::list;
use crate::session::{self, Message};
use crate::store::{NewSession, SessionRow, StoreError};
use crate::{archive, export};

/// Outcomes of commands are remembered this long.
const REMEMBER_COMMANDS: i64 = 7;

/// Longest name of a session or marker.
const LONGEST_NAME: usize = 200;

pub(crate) async fn carry_out(engine: &Engine, id: CommandId, command: Command) -> Result<Outcome, Refusal> {
    match command {
        Command::StartSession { name, source, settings } => start(engine, id, name, source, *settings).await,
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
                .tell(session, |reply| Message::Revise(id, seen_revision, settings, reply))
                .await
        }
        Command::PutMarker { session, marker } => put_marker(engine, id, session, marker).await,
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
        Command::Export {
            session,
            layout,
            destination,
            selection,
        } => start_export(engine, id, session, layout, PathBuf::from(destination), selection).await,
        Command::OpenArchive { path, name } => open_archive(engine, id, &path, name).await,
        Command::Cancel { operation } => {
            let operations = engine.inner.operations.lock().map_err(|_| StoreError::Closed)?;
            match operations.get(&operation) {
                Some(cancelled) => cancelled.store(true, std::sync::atomic::Ordering::Relaxed),
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

/// Continues what was going on when the profile was last open.
pub(crate) async fn go_on_after_start(engine: &Engine) -> Result<(), Refusal> {
    let store = engine.inner.store.clone();
    let sessions = tokio::task::spawn_blocking(move || store.sessions())
        .await
        .map_err(|_| StoreError::Closed)??;
    for row in sessions {
        let goes_on = matches!(row.summary.state, SessionState::Waiting | SessionState::Running);
        if !goes_on && row.recomputed >= row.summary.revision {
            continue;
        }
        // One session that cannot go on keeps no other from going on.
        if let Err(refusal) = handle_of(engine, row.summary.session).await {
            tracing::error!("the session {} cannot go on: {refusal}", row.summary.session);
            fail(engine, &row, refusal).await?;
        }
    }
    Ok(())
}

/// Notes why a session cannot go on.
async fn fail(engine: &Engine, row: &SessionRow, refusal: Refusal) -> Result<(), StoreError> {
    let (row, session) = (row.row, row.summary.session);
    let reason = Some(format!("{} {}", refusal.message, refusal.hint));
    let work = move |work: &mut crate::store::Work<'_>| {
        let name = work.session_name(row)?;
        work.set_state(row, SessionState::Failed, reason.as_deref())?;
        let event = RecordEvent::SessionChanged {
            name,
            state: SessionState::Failed,
            reason,
        };
        work.append(row, session, event).map(drop)
    };
    engine.inner.store.write_async(work).await
}

/// The mailbox of a session's task, which is started if it does not run.
pub(crate) async fn handle_of(engine: &Engine, session: SessionId) -> Result<mpsc::Sender<Message>, Refusal> {
    let mut sessions = engine.inner.sessions.lock().await;
    let entry = match sessions.entry(session) {
        Entry::Occupied(running) => return Ok(running.get().messages.clone()),
        Entry::Vacant(entry) => entry,
    };
    let store = engine.inner.store.clone();
    let loaded = tokio::task::spawn_blocking(move || -> Result<(SessionRow, Settings), StoreError> {
        let row = store.session(session)?;
        let settings = store.revisions(row.row)?.pop().map(|r| r.settings).unwrap_or_default();
        Ok((row, settings))
    });
    let (row, settings) = loaded.await.map_err(|_| StoreError::Closed)??;
    let rules = Rules::new(&settings)?;
    let handle = session::spawn(
        &row,
        rules,
        engine.inner.store.clone(),
        engine.inner.announcements.clone(),
        engine.inner.closing.subscribe(),
    );
    Ok(entry.insert(handle).messages.clone())
}

async fn start(
    engine: &Engine,
    command: CommandId,
    name: String,
    source: Source,
    settings: Settings,
) -> Result<Outcome, Refusal> {
    Rules::new(&settings)?;
    let id = SessionId::new();
    let source = prepared(engine, id, source).await?;
    let name = if name.trim().is_empty() {
        name_of(&source)
    } else {
        checked_name(&name)?
    };
    let outcome = Outcome::Started { session: id };
    let (settled, new) = (
        outcome.clone(),
        NewSession {
            id,
            name,
            source,
            settings,
        },
    );
    let work = move |work: &mut crate::store::Work<'_>| {
        work.begin_session(&new)?;
        work.settle_command(command, &settled)
    };
    engine.inner.store.write_async(work).await?;
    handle_of(engine, id).await?;
    Ok(outcome)
}

/// The source with absolute paths; a simulated one gets its own folder.
async fn prepared(engine: &Engine, id: SessionId, source: Source) -> Result<Source, Refusal> {
    Ok(match source {
        Source::WatchedFolder { folder } => {
            let folder = existing(&folder).await?;
            Source::WatchedFolder { folder }
        }
        Source::ImportedFiles { folder, files } => {
            for file in &files {
                if Path::new(file).file_name().is_none_or(|n| n != file.as_str()) {
                    let message = format!("{file} is not the name of a file in the folder.");
                    return Err(Refusal::new(
                        "file_name_invalid",
                        message,
                        "Choose files of one folder.",
                    ));
                }
            }
            Source::ImportedFiles {
                folder: existing(&folder).await?,
                files,
            }
        }
        Source::Simulated { instrument, .. } => {
            session::check_simulation(&instrument)?;
            let folder = engine.simulated_folder(id);
            std::fs::create_dir_all(&folder).map_err(|e| {
                let message = format!("{} cannot be made: {e}.", folder.display());
                Refusal::new(
                    "data_folder_unusable",
                    message,
                    "Check the disk and the rights of the data folder.",
                )
            })?;
            Source::Simulated {
                folder: folder.to_string_lossy().into_owned(),
                instrument,
            }
        }
    })
}

/// The absolute path of a folder that can be read now.
async fn existing(folder: &str) -> Result<String, Refusal> {
    let path = absolute(folder)?;
    let looked = path.clone();
    tokio::task::spawn_blocking(move || list(&looked).map(drop))
        .await
        .map_err(|_| StoreError::Closed)??;
    Ok(path.to_string_lossy().into_owned())
}

fn name_of(source: &Source) -> String {
    match source {
        Source::Simulated { .. } => "Simulated experiment".to_owned(),
        Source::WatchedFolder { folder } | Source::ImportedFiles { folder, .. } => Path::new(folder)
            .file_name()
            .map_or_else(|| folder.clone(), |n| n.to_string_lossy().into_owned()),
    }
}

fn checked_name(name: &str) -> Result<String, Refusal> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        let message = format!("A name has 1 to {LONGEST_NAME} characters, on one line.");
        return Err(Refusal::new("name_invalid", message, "Choose another name."));
    }
    Ok(name.to_owned())
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
    let handle = engine.inner.sessions.lock().await.remove(&session);
    if let Some(handle) = handle {
        drop(handle.messages.send(Message::Shutdown).await);
        drop(handle.task.await);
    }
    let work = move |work: &mut crate::store::Work<'_>| {
        let row = work.session_row(session)?;
        work.delete_session(row)?;
        work.settle_command(id, &Outcome::Done)
    };
    engine.inner.store.write_async(work).await?;
    let folder = engine.simulated_folder(session);
    if folder.exists()
        && let Err(error) = std::fs::remove_dir_all(&folder)
    {
        tracing::warn!("{} could not be removed: {error}", folder.display());
    }
    engine.inner.announcements.live(LiveEvent::SessionDeleted { session });
    Ok(Outcome::Done)
}

async fn open_archive(engine: &Engine, id: CommandId, path: &str, name: String) -> Result<Outcome, Refusal> {
    let path = absolute(path)?;
    let store = engine.inner.store.clone();
    let opened = tokio::task::spawn_blocking(move || archive::open(&store, &path, &name, Some(id))).await;
    let session = opened.map_err(|_| StoreError::Closed)??;
    Ok(Outcome::Started { session })
}

async fn put_marker(
    engine: &Engine,
    id: CommandId,
    session: SessionId,
    mut marker: Marker,
) -> Result<Outcome, Refusal> {
    marker.label = checked_name(&marker.label)?;
    if !marker.index.is_finite() || marker.index < 0.0 {
        return Err(Refusal::new(
            "marker_index_invalid",
            "A marker stands at an index from 0.",
            "Choose another index.",
        ));
    }
    let work = move |work: &mut crate::store::Work<'_>| {
        let row = work.session_row(session)?;
        work.put_marker(row, &marker)?;
        work.append(row, session, RecordEvent::MarkerChanged { marker, removed: false })?;
        work.settle_command(id, &Outcome::Done)?;
        Ok(Outcome::Done)
    };
    Ok(engine.inner.store.write_async(work).await?)
}

async fn start_export(
    engine: &Engine,
    command: CommandId,
    session: SessionId,
    layout: ExportLayout,
    destination: PathBuf,
    selection: Selection,
) -> Result<Outcome, Refusal> {
    if !destination.is_absolute() {
        let message = format!("{} is not an absolute path.", destination.display());
        return Err(Refusal::new(
            "destination_invalid",
            message,
            "Choose the file to write.",
        ));
    }
    let operation = OperationId::new();
    let cancelled = Arc::new(AtomicBool::new(false));
    engine
        .inner
        .operations
        .lock()
        .map_err(|_| StoreError::Closed)?
        .insert(operation, Arc::clone(&cancelled));
    let outcome = Outcome::Accepted { operation };
    let settled = outcome.clone();
    engine
        .inner
        .store
        .write_async(move |work| work.settle_command(command, &settled))
        .await?;
    let (engine, label) = (engine.clone(), format!("Exporting {}", destination.display()));
    tokio::task::spawn_blocking(move || {
        let inner = &engine.inner;
        let tell = |done, total, outcome| {
            let label = label.clone();
            inner.announcements.live(LiveEvent::Progress {
                operation,
                session,
                label,
                done,
                total,
                outcome,
            });
        };
        let mut last = (0, 0);
        let result = export::export(
            &inner.store,
            session,
            layout,
            &selection,
            &destination,
            &cancelled,
            |done, total| {
                last = (done, total);
                tell(done, total, None);
            },
        );
        let outcome = match result {
            Ok(_) => OperationOutcome::Done,
            Err(export::ExportError::Cancelled) => OperationOutcome::Cancelled,
            Err(error) => OperationOutcome::Failed { refusal: error.into() },
        };
        tell(last.0, last.1, Some(outcome));
        if let Ok(mut operations) = inner.operations.lock() {
            operations.remove(&operation);
        }
    });
    Ok(outcome)
}
