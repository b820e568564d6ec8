//! `sacmes notes add`.

use std::io::Read;

use agent::{Engine, EngineOptions};
use clap::Args;
use protocol::command::Command;
use protocol::ids::{CommandId, MeasurementId, NoteId};
use protocol::note::{NoteDraft, NoteLink};
use protocol::refusal::Refusal;

use crate::commands::runtime;
use crate::ending::{Ending, Failure, Outcome};
use crate::output::Output;
use crate::place::Place;
use crate::session_choice;

/// Bytes that are read of a text; a note has fewer, and more are refused as too long.
const MOST_READ: u64 = 1 << 20;

#[derive(Debug, Args)]
pub struct Add {
    /// The text; without it, or with `-`, what comes on standard input.
    #[arg(value_name = "TEXT")]
    text: Option<String>,

    /// A topic; may be given several times.
    #[arg(long, value_name = "TOPIC")]
    topic: Vec<String>,

    /// Session that it is about: its id, the beginning of its id, or its name.
    #[arg(long, value_name = "SESSION")]
    session: Option<String>,

    /// File number of the session that it is about.
    #[arg(long, value_name = "N", requires = "session", conflicts_with = "measurement")]
    index: Option<u32>,

    /// Measurement of the session that it is about (`measurement` of `sacmes results`).
    #[arg(long, value_name = "MEASUREMENT", requires = "session")]
    measurement: Option<i64>,

    #[command(flatten)]
    place: Place,

    /// One JSON object with the id instead of the id alone.
    #[arg(long)]
    json: bool,
}

impl Add {
    /// Writes it and prints its id.
    pub fn run(self) -> Outcome {
        let link = self.link()?;
        let text = match self.text {
            Some(text) if text != "-" => text,
            _ => read_text()?,
        };
        let id = NoteId::new();
        let note = NoteDraft {
            id,
            text,
            topics: self.topic,
            link,
        };
        change(&self.place, Command::PutNote { note, seen_revision: 0 })?;
        let mut output = Output::standard();
        if self.json {
            output.json_line(&serde_json::json!({"id": id}))?;
        } else {
            output.bytes(format!("{id}\n").as_bytes())?;
        }
        output.finish()?;
        Ok(Ending::Done)
    }

    fn link(&self) -> Result<Option<NoteLink>, Failure> {
        let Some(wanted) = &self.session else { return Ok(None) };
        let session = session_choice::find(&self.place.read_store()?, wanted)?.summary.session;
        Ok(Some(match (self.measurement, self.index) {
            (Some(measurement), _) => NoteLink::Point {
                session,
                measurement: MeasurementId(measurement),
            },
            (None, Some(index)) => NoteLink::Sweep { session, index },
            (None, None) => NoteLink::Session { session },
        }))
    }
}

fn read_text() -> Result<String, Failure> {
    let mut text = String::new();
    let read = std::io::stdin().lock().take(MOST_READ).read_to_string(&mut text);
    read.map_err(|error| {
        Failure::Refused(Refusal::new(
            "input_unreadable",
            format!("The text cannot be read from standard input: {error}."),
            "Give it as UTF-8.",
        ))
    })?;
    Ok(text)
}

/// Opens the profile at rest, does it, and closes it: an app or an agent that has it open is named in the refusal.
pub fn change(place: &Place, command: Command) -> Result<(), Failure> {
    let location = place.location()?;
    runtime()?.block_on(async {
        let engine = Engine::open_at_rest(location, EngineOptions::of("sacmes notes"))
            .await
            .map_err(in_use)?;
        let done = engine.command(CommandId::new(), command).await;
        engine.close().await;
        done.map(drop).map_err(Failure::from)
    })
}

/// Where an app or an agent has the profile, it is the one that writes.
fn in_use(refusal: Refusal) -> Failure {
    Failure::Refused(if refusal.code == "profile_in_use" {
        Refusal {
            hint: "Write it there, close that program first, or, where it is shared, give the command with `sacmes view CODE --command`."
                .to_owned(),
            ..refusal
        }
    } else {
        refusal
    })
}
