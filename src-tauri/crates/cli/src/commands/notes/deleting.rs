//! `sacmes notes delete`.

use agent::querying;
use agent::store::Store;
use clap::Args;
use protocol::command::Command;
use protocol::ids::NoteId;
use protocol::note::NoteFilter;
use protocol::query::{Answer, Query};
use protocol::refusal::Refusal;

use super::found;
use super::writing::change;
use crate::ending::{Ending, Failure, Outcome, complain};
use crate::place::Place;

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("which").required(true).args(["note", "topic", "all"]))]
pub struct Delete {
    /// Id of a note, or the beginning of its id.
    #[arg(value_name = "NOTE")]
    note: Option<String>,

    /// All notes with this topic.
    #[arg(long, value_name = "TOPIC")]
    topic: Option<String>,

    /// All notes of the profile.
    #[arg(long)]
    all: bool,

    /// Agree that several notes are deleted; without it, only their number is said.
    #[arg(long)]
    yes: bool,

    #[command(flatten)]
    place: Place,
}

impl Delete {
    /// Deletes them, or says how many they are.
    pub fn run(self) -> Outcome {
        let store = self.place.read_store()?;
        if let Some(wanted) = &self.note {
            let note = the_note(&store, wanted)?;
            drop(store);
            change(&self.place, Command::DeleteNote { note })?;
            complain("deleted 1 note");
            return Ok(Ending::Done);
        }
        let filter = NoteFilter {
            topic: self.topic.clone(),
            ..NoteFilter::default()
        };
        let seen = count(&store, filter)?;
        drop(store);
        let number = if seen == 1 {
            "1 note".to_owned()
        } else {
            format!("{seen} notes")
        };
        let which = match &self.topic {
            Some(topic) if seen == 1 => format!("{number} has the topic \"{topic}\""),
            Some(topic) => format!("{number} have the topic \"{topic}\""),
            None => format!("The profile has {number}"),
        };
        if seen == 0 {
            complain(&format!("{which}: nothing was deleted"));
            return Ok(Ending::Done);
        }
        if !self.yes {
            return Err(Failure::Usage(Refusal::new(
                "not_agreed",
                format!("{which}; none was deleted."),
                "Add --yes to delete for good.",
            )));
        }
        let command = match self.topic {
            Some(topic) => Command::DeleteNotesOfTopic { topic, seen },
            None => Command::ClearNotes { seen },
        };
        change(&self.place, command)?;
        complain(&format!("deleted {number}"));
        Ok(Ending::Done)
    }
}

fn count(store: &Store, filter: NoteFilter) -> Result<u64, Failure> {
    let query = Query::Notes {
        filter,
        offset: 0,
        limit: 1,
    };
    match querying::read(store, query)? {
        Answer::Notes { total, .. } => Ok(total),
        _ => Ok(0),
    }
}

/// The one note whose id begins so.
fn the_note(store: &Store, wanted: &str) -> Result<NoteId, Failure> {
    let lower = wanted.trim().to_lowercase();
    let all = found(store, &NoteFilter::default(), usize::MAX)?;
    let mut fit = all
        .iter()
        .map(|found| found.note.id)
        .filter(|id| !lower.is_empty() && id.to_string().starts_with(&lower));
    match (fit.next(), fit.count()) {
        (Some(id), 0) => Ok(id),
        (None, _) => Err(Failure::Refused(Refusal::new(
            "no_such_note",
            format!("There is no note \"{wanted}\"."),
            "`sacmes notes list` lists all; give an id, or the beginning of an id.",
        ))),
        (Some(_), more) => Err(Failure::Refused(Refusal::new(
            "several_notes",
            format!("{} notes fit \"{wanted}\".", more + 1),
            "Give more of the id.",
        ))),
    }
}
