//! `sacmes results`: a session's current measurements.

use clap::Args;

use crate::ending::{Ending, Outcome};
use crate::output::Output;
use crate::place::Place;
use crate::session_choice;

/// Measurements read from the store at a time.
const PAGE: u32 = 10_000;

#[derive(Debug, Args)]
pub struct Results {
    /// Id of a session, the beginning of its id, or its name.
    #[arg(value_name = "SESSION")]
    session: String,

    #[command(flatten)]
    place: Place,

    /// One JSON object a line; results always are.
    #[arg(long)]
    json: bool,
}

impl Results {
    /// In record order.
    pub fn run(self) -> Outcome {
        let store = self.place.read_store()?;
        let session = session_choice::find(&store, &self.session)?.summary.session;
        let mut output = Output::standard();
        let mut after = 0;
        loop {
            let page = store.results(session, after, PAGE)?;
            for measurement in &page {
                output.json_line(measurement)?;
            }
            match page.last().and_then(|last| last.measurement) {
                Some(last) => after = last.0,
                None => break,
            }
        }
        output.finish()?;
        Ok(Ending::Done)
    }
}
