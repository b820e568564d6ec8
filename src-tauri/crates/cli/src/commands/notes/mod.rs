//! `sacmes notes`: what people wrote about the experiments of a profile.

mod deleting;
mod printing;
mod writing;

use agent::querying;
use agent::store::Store;
use clap::{Args, Subcommand};
use protocol::note::{FoundNote, NoteFilter};
use protocol::query::{Answer, Query};

use self::deleting::Delete;
use self::printing::{notes_for_people, statistics_for_people, topics_for_people};
use self::writing::Add;
use crate::ending::{Ending, Failure, Outcome};
use crate::output::Output;
use crate::place::Place;
use crate::session_choice;

/// Notes read at a time.
const PAGE: u32 = 500;

#[derive(Debug, Args)]
pub struct Notes {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List notes, the one written last first.
    List(List),
    /// Find notes by their words: the beginning of a word is enough, "in quotes" is a phrase, -word leaves out.
    Search(Search),
    /// Write a note and print its id. No other program may have the profile open.
    Add(Add),
    /// Delete notes. No other program may have the profile open.
    Delete(Delete),
    /// List the topics with their numbers of notes.
    Topics(Topics),
    /// Numbers about notes.
    Stats(Stats),
}

/// Which notes.
#[derive(Debug, Args)]
struct Chosen {
    /// Only notes with this topic.
    #[arg(long, value_name = "TOPIC")]
    topic: Option<String>,

    /// Only notes without a topic.
    #[arg(long, conflicts_with = "topic")]
    without_topic: bool,

    /// Only notes about this session: its id, the beginning of its id, or its name.
    #[arg(long, value_name = "SESSION")]
    session: Option<String>,
}

impl Chosen {
    fn filter(self, store: &Store, search: String) -> Result<NoteFilter, Failure> {
        let session = match self.session {
            Some(wanted) => Some(session_choice::find(store, &wanted)?.summary.session),
            None => None,
        };
        Ok(NoteFilter {
            topic: if self.without_topic {
                Some(String::new())
            } else {
                self.topic
            },
            session,
            search,
            of_sessions_only: false,
        })
    }
}

#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    chosen: Chosen,

    /// At most so many.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    #[command(flatten)]
    place: Place,

    /// One JSON object a line instead of a table.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Search {
    /// What to look for; a minus at the beginning needs quotes around all of it, as in "buffer -wash".
    #[arg(value_name = "WORD", required = true, num_args = 1..)]
    words: Vec<String>,

    #[command(flatten)]
    list: List,
}

#[derive(Debug, Args)]
struct Topics {
    #[command(flatten)]
    place: Place,

    /// One JSON object a line instead of a table.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Stats {
    #[command(flatten)]
    chosen: Chosen,

    #[command(flatten)]
    place: Place,

    /// One JSON object instead of lines for people.
    #[arg(long)]
    json: bool,
}

impl Notes {
    /// Does it.
    pub fn run(self) -> Outcome {
        match self.action {
            Action::List(list) => list.run(String::new()),
            Action::Search(Search { words, list }) => list.run(words.join(" ")),
            Action::Add(add) => add.run(),
            Action::Delete(delete) => delete.run(),
            Action::Topics(topics) => topics.run(),
            Action::Stats(stats) => stats.run(),
        }
    }
}

impl List {
    fn run(self, search: String) -> Outcome {
        let store = self.place.read_store()?;
        let filter = self.chosen.filter(&store, search)?;
        let notes = found(&store, &filter, self.limit.unwrap_or(usize::MAX))?;
        let mut output = Output::standard();
        if self.json {
            for note in &notes {
                output.json_line(note)?;
            }
        } else {
            output.bytes(notes_for_people(&notes).as_bytes())?;
        }
        output.finish()?;
        Ok(Ending::Done)
    }
}

impl Topics {
    fn run(self) -> Outcome {
        let store = self.place.read_store()?;
        let filter = NoteFilter::default();
        let mut output = Output::standard();
        if let Answer::NoteTopics { topics } = querying::read(&store, Query::NoteTopics { filter })? {
            if self.json {
                for topic in &topics {
                    output.json_line(topic)?;
                }
            } else {
                output.bytes(topics_for_people(&topics).as_bytes())?;
            }
        }
        output.finish()?;
        Ok(Ending::Done)
    }
}

impl Stats {
    fn run(self) -> Outcome {
        let store = self.place.read_store()?;
        let query = Query::NoteStatistics {
            filter: self.chosen.filter(&store, String::new())?,
            // All times of the command line are UTC.
            utc_offset_min: 0,
        };
        let mut output = Output::standard();
        if let Answer::NoteStatistics { statistics } = querying::read(&store, query)? {
            if self.json {
                output.json_line(&statistics)?;
            } else {
                output.bytes(statistics_for_people(&statistics).as_bytes())?;
            }
        }
        output.finish()?;
        Ok(Ending::Done)
    }
}

/// The first notes that fit.
fn found(store: &Store, filter: &NoteFilter, most: usize) -> Result<Vec<FoundNote>, Failure> {
    let mut all = Vec::new();
    while all.len() < most {
        let query = Query::Notes {
            filter: filter.clone(),
            offset: u32::try_from(all.len()).unwrap_or(u32::MAX),
            limit: PAGE,
        };
        let Answer::Notes { notes, .. } = querying::read(store, query)? else {
            break;
        };
        if notes.is_empty() {
            break;
        }
        all.extend(notes);
    }
    all.truncate(most);
    Ok(all)
}
