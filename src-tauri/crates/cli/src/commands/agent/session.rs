//! The session that an agent works for: the one of the same folder and name, else a new one.

use std::path::{Path, PathBuf};

use agent::Engine;
use protocol::command::{Command, Outcome};
use protocol::ids::{CommandId, SessionId};
use protocol::query::{Answer, Query};
use protocol::refusal::Refusal;
use protocol::session::{SessionDetail, SessionState, SessionSummary, Source, SourceKind};
use protocol::settings::Settings;

/// A session that goes on.
#[derive(Debug)]
pub struct Begun {
    /// Which.
    pub session: SessionId,
    name: String,
    folder: String,
    continued: bool,
    settings_revised: bool,
}

impl Begun {
    /// For people.
    pub fn in_words(&self) -> String {
        let Self {
            session, name, folder, ..
        } = self;
        let begun = if self.continued { "continuing" } else { "new" };
        let revised = if self.settings_revised {
            ", with new settings"
        } else {
            ""
        };
        format!("watching {folder}; {begun} session \"{name}\" ({session}){revised}")
    }
}

/// Goes on with the newest session of this folder and name, or starts one.
///
/// # Errors
/// The folder of a new session cannot be read, settings or name cannot be, or the store says no.
pub async fn continue_or_start(
    engine: &Engine,
    folder: &Path,
    name: Option<&str>,
    settings: Option<Settings>,
) -> Result<Begun, Refusal> {
    let folder = absolute(folder)?;
    let name = name.map_or_else(|| name_of(&folder), |name| name.trim().to_owned());
    match find(engine, &folder, &name).await? {
        Some(found) => go_on(engine, found, settings).await,
        None => start(engine, &folder, name, settings.unwrap_or_default()).await,
    }
}

async fn start(engine: &Engine, folder: &Path, name: String, settings: Settings) -> Result<Begun, Refusal> {
    let folder = folder.to_string_lossy().into_owned();
    let command = Command::StartSession {
        name: name.clone(),
        source: Source::WatchedFolder { folder: folder.clone() },
        settings: Box::new(settings),
        temporary: false,
    };
    match engine.command(CommandId::new(), command).await? {
        Outcome::Started { session } => Ok(Begun {
            session,
            name,
            folder,
            continued: false,
            settings_revised: false,
        }),
        other => Err(unexpected(&other)),
    }
}

async fn go_on(engine: &Engine, found: SessionDetail, settings: Option<Settings>) -> Result<Begun, Refusal> {
    let SessionSummary {
        session,
        name,
        folder,
        state,
        revision,
        ..
    } = found.summary;
    let new_settings = settings.filter(|settings| *settings != found.settings);
    let settings_revised = new_settings.is_some();
    // Before files are looked at, so that new ones are measured with the new settings at once.
    if let Some(settings) = new_settings {
        let settings = Box::new(settings);
        let command = Command::ReviseSettings {
            session,
            seen_revision: revision,
            settings,
        };
        engine.command(CommandId::new(), command).await?;
    }
    match state {
        SessionState::Paused => {
            engine
                .command(CommandId::new(), Command::ResumeSession { session })
                .await?;
        }
        SessionState::Finished | SessionState::Failed => {
            engine
                .command(CommandId::new(), Command::ReopenSession { session })
                .await?;
        }
        SessionState::Waiting | SessionState::Running => engine.go_on(session).await?,
    }
    Ok(Begun {
        session,
        name,
        folder,
        continued: true,
        settings_revised,
    })
}

/// The newest session that watches this folder and has this name.
async fn find(engine: &Engine, folder: &Path, name: &str) -> Result<Option<SessionDetail>, Refusal> {
    let Answer::Sessions { sessions } = engine.query(Query::Sessions).await? else {
        return Ok(None);
    };
    let found = sessions
        .into_iter()
        .find(|s| s.source == SourceKind::WatchedFolder && s.name == name && is_same(Path::new(&s.folder), folder));
    let Some(summary) = found else { return Ok(None) };
    match engine
        .query(Query::Session {
            session: summary.session,
        })
        .await?
    {
        Answer::Session { detail } => Ok(Some(*detail)),
        _ => Ok(None),
    }
}

/// Spelled the same, or the same behind links.
fn is_same(one: &Path, other: &Path) -> bool {
    one == other
        || one
            .canonicalize()
            .is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

/// Absolute, without a separator at the end; links stay as they are.
fn absolute(folder: &Path) -> Result<PathBuf, Refusal> {
    let absolute = std::path::absolute(folder).map_err(|error| {
        Refusal::new(
            "no_folder",
            format!("--watch names no folder: {error}."),
            "Name the folder of the instrument.",
        )
    })?;
    Ok(absolute.components().collect())
}

fn name_of(folder: &Path) -> String {
    folder
        .file_name()
        .map_or_else(|| folder.to_string_lossy(), |name| name.to_string_lossy())
        .into_owned()
}

fn unexpected(outcome: &Outcome) -> Refusal {
    Refusal::new(
        "unexpected_outcome",
        format!("Starting a session gave {outcome:?}."),
        "Please report this.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_the_same_in_every_spelling() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("run");
        std::fs::create_dir(&folder).unwrap();
        let with_separator = PathBuf::from(format!("{}/", folder.display()));
        assert_eq!(absolute(&with_separator).unwrap(), folder);
        assert!(is_same(&folder, &data.path().join("run/../run")));
        assert!(!is_same(&folder, data.path()));
        // A folder that is away is known by its path.
        let away = data.path().join("away");
        assert!(is_same(&away, &away) && !is_same(&away, &folder));
    }

    #[test]
    fn a_session_is_named_after_its_folder() {
        assert_eq!(name_of(Path::new("/data/run 7")), "run 7");
        assert_eq!(name_of(Path::new("/")), "/");
    }
}
