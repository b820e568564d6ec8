//! `sacmes trends`: normalised signals, ratio and KDM over the series.

use agent::querying;
use clap::Args;

use crate::ending::{Ending, Outcome, complain};
use crate::output::Output;
use crate::place::Place;
use crate::session_choice;

#[derive(Debug, Args)]
pub struct Trends {
    /// Id of a session, the beginning of its id, or its name.
    #[arg(value_name = "SESSION")]
    session: String,

    /// Only the last N indices.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    last: Option<u32>,

    #[command(flatten)]
    place: Place,

    /// One JSON object a line; trends always are.
    #[arg(long)]
    json: bool,
}

impl Trends {
    /// One object per electrode and index.
    pub fn run(self) -> Outcome {
        let store = self.place.read_store()?;
        let session = session_choice::find(&store, &self.session)?;
        if let Some(refusal) = querying::without_trends(&store, &session)? {
            return Err(refusal.into());
        }
        let mut output = Output::standard();
        if let Some(newest) = store.last_index(session.row)? {
            let first = self.last.map_or(0, |last| newest.saturating_sub(last - 1));
            for row in querying::trends(&store, session.summary.session, first, newest.max(1))? {
                output.json_line(&row)?;
            }
        }
        output.finish()?;
        if let Some(left_out) = querying::without_index(&store, &session)? {
            complain(&left_out.to_string());
        }
        Ok(Ending::Done)
    }
}
