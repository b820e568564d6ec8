//! `sacmes sessions`: the list of sessions.

use agent::querying;
use clap::Args;
use protocol::query::{Answer, Query};
use protocol::session::SessionSummary;

use super::word;
use crate::ending::{Ending, Outcome};
use crate::output::Output;
use crate::place::Place;
use crate::table::{self, Align};

#[derive(Debug, Args)]
pub struct Sessions {
    #[command(flatten)]
    place: Place,

    /// One JSON object a line instead of a table.
    #[arg(long)]
    json: bool,
}

impl Sessions {
    /// Newest first.
    pub fn run(self) -> Outcome {
        let store = self.place.read_store()?;
        let mut output = Output::standard();
        if let Answer::Sessions { sessions } = querying::read(&store, Query::Sessions)? {
            if self.json {
                for session in &sessions {
                    output.json_line(session)?;
                }
            } else {
                output.bytes(for_people(&sessions).as_bytes())?;
            }
        }
        output.finish()?;
        Ok(Ending::Done)
    }
}

/// When a temporary session is deleted; `-` for one that is kept.
fn expiry(session: &SessionSummary) -> String {
    match (&session.expires_at, session.expires_after_s) {
        (Some(moment), _) => moment.clone(),
        (None, Some(seconds)) => format!("{seconds} s after its end"),
        (None, None) => "-".to_owned(),
    }
}

fn for_people(sessions: &[SessionSummary]) -> String {
    let header = [
        ("SESSION", Align::Left),
        ("NAME", Align::Left),
        ("STATE", Align::Left),
        ("FILES", Align::Right),
        ("SKIPPED", Align::Right),
        ("MEASUREMENTS", Align::Right),
        ("CREATED", Align::Left),
        ("EXPIRES", Align::Left),
        ("FOLDER", Align::Left),
    ];
    let rows: Vec<Vec<String>> = sessions
        .iter()
        .map(|session| {
            vec![
                session.session.to_string().chars().take(8).collect(),
                session.name.clone(),
                word(&session.state),
                session.files.to_string(),
                session.files_skipped.to_string(),
                session.measurements.to_string(),
                session.created_at.clone(),
                expiry(session),
                session.folder.clone(),
            ]
        })
        .collect();
    table::text(&header, &rows)
}
