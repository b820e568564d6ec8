//! `sacmes stats`: numbers about a profile's store.

use agent::querying;
use clap::Args;
use protocol::query::{self, Answer, Query};

use super::word;
use crate::ending::{Ending, Outcome};
use crate::output::Output;
use crate::place::Place;
use crate::table::{self, Align};

#[derive(Debug, Args)]
pub struct Stats {
    #[command(flatten)]
    place: Place,

    /// A JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

impl Stats {
    /// One object, or a table.
    pub fn run(self) -> Outcome {
        let store = self.place.read_store()?;
        let mut output = Output::standard();
        if let Answer::Stats { stats } = querying::read(&store, Query::Stats)? {
            if self.json {
                output.json_line(&stats)?;
            } else {
                output.bytes(for_people(&stats).as_bytes())?;
            }
        }
        output.finish()?;
        Ok(Ending::Done)
    }
}

fn for_people(stats: &query::Stats) -> String {
    let megabytes = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
    let unknown = || "-".to_owned();
    let mut rows = Vec::new();
    let mut row = |name: String, value: String| rows.push(vec![name, value]);
    for count in &stats.sessions {
        let source = word(&count.source).replace('_', " ");
        row(
            format!("sessions, {source}, {}", word(&count.state)),
            count.sessions.to_string(),
        );
    }
    row("sessions created".to_owned(), stats.created.to_string());
    row("sessions deleted".to_owned(), stats.deleted.to_string());
    row("sessions expired".to_owned(), stats.expired.to_string());
    let duration = stats
        .mean_duration_s
        .map_or_else(unknown, |seconds| format!("{seconds:.0} s"));
    row("mean duration of ended sessions".to_owned(), duration);
    for queue in &stats.queues {
        row(
            format!("waiting in queue \"{}\"", queue.queue),
            queue.length.to_string(),
        );
    }
    row("record entries".to_owned(), stats.record_offset.to_string());
    row("database".to_owned(), megabytes(stats.database_bytes));
    row(
        "memory of this program".to_owned(),
        stats.memory_bytes.map_or_else(unknown, megabytes),
    );
    table::text(&[("WHAT", Align::Left), ("VALUE", Align::Right)], &rows)
}
