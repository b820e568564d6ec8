//! `sacmes open`: an archive becomes a session again.

use std::path::PathBuf;

use agent::{Engine, EngineOptions};
use clap::Args;
use protocol::command::{Command, Outcome as Done};
use protocol::ids::CommandId;

use crate::ending::{Ending, Outcome};
use crate::output::Output;
use crate::place::Place;

#[derive(Debug, Args)]
pub struct Open {
    /// Archive that `sacmes export --format archive` or the app wrote.
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,

    /// Name of the session; without it, the name in the archive.
    #[arg(long, default_value = "")]
    name: String,

    /// Have the session deleted by itself some time after that (a day, unless the profile has another time), as files that are dropped
    /// on the window.
    #[arg(long)]
    temporary: bool,

    #[command(flatten)]
    place: Place,
}

impl Open {
    /// Opens it and prints the id of the new session.
    pub fn run(self) -> Outcome {
        let location = self.place.location()?;
        let path = std::path::absolute(&self.archive).unwrap_or(self.archive);
        let command = Command::OpenArchive {
            path: path.to_string_lossy().into_owned(),
            name: self.name,
            temporary: self.temporary,
        };
        let done = super::runtime()?.block_on(async {
            let engine = Engine::open_at_rest(location, EngineOptions::of("sacmes open")).await?;
            let done = engine.command(CommandId::new(), command).await;
            engine.close().await;
            done
        })?;
        let mut output = Output::standard();
        if let Done::Started { session } = done {
            output.bytes(format!("{session}\n").as_bytes())?;
        }
        output.finish()?;
        Ok(Ending::Done)
    }
}
