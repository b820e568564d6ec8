//! Beginning sessions, and going on with those that were going on.

use std::collections::hash_map::Entry;
use std::path::Path;

use protocol::command::Outcome;
use protocol::ids::{CommandId, SessionId};
use protocol::record::RecordEvent;
use protocol::refusal::Refusal;
use protocol::session::{SessionState, Source};
use protocol::settings::{Settings, Technique};
use tokio::sync::mpsc;

use super::{checked_name, tidied_name};
use crate::analysis::Rules;
use crate::engine::{Engine, absolute};
use crate::intake::list;
use crate::session::{self, Message};
use crate::store::{NewSession, SessionRow, StoreError};

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
        engine.inner.limits,
    );
    Ok(entry.insert(handle).messages.clone())
}

pub(super) async fn start(
    engine: &Engine,
    command: CommandId,
    name: String,
    source: Source,
    settings: Settings,
    temporary: bool,
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
            temporary,
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
            let instrument = session::checked_simulation(instrument)?;
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
        Source::Simulated { instrument, .. } => match instrument.technique {
            Technique::Swv => "Simulated experiment",
            Technique::FrequencyMap => "Simulated frequency maps",
            Technique::Cv => "Simulated cyclic voltammetry",
            Technique::Ca => "Simulated chronoamperometry",
        }
        .to_owned(),
        Source::WatchedFolder { folder } | Source::ImportedFiles { folder, .. } => Path::new(folder)
            .file_name()
            .map_or_else(|| tidied_name(folder), |n| tidied_name(&n.to_string_lossy())),
    }
}
