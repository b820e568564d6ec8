//! The commands, one file or folder each.

mod agent;
mod analyze;
mod calibrate;
mod export;
mod figure;
mod id;
mod inspect;
mod map;
mod notes;
mod open;
mod profile;
mod relay;
mod results;
mod scan_rates;
mod selected;
mod sessions;
mod share;
mod simulate;
mod stats;
mod study_output;
mod study_sources;
mod sweep;
mod trends;
mod view;

use clap::Subcommand;
use protocol::refusal::Refusal;

use crate::ending::{Failure, Outcome};

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say what files are: one JSON object a line.
    Inspect(inspect::Inspect),
    /// Analyse files or folders once and write the measurements.
    Analyze(analyze::Analyze),
    /// Write files as a potentiostat would: a simulated experiment.
    Simulate(simulate::Simulate),
    /// Watch a folder and measure every scan when it is complete, without a window.
    Agent(agent::Agent),
    /// List the sessions of a profile.
    Sessions(sessions::Sessions),
    /// Write a session's measurements, one JSON object a line.
    Results(results::Results),
    /// Write a session's trends, one JSON object a line.
    Trends(trends::Trends),
    /// Frequency maps, and how later ones differ from the first.
    Map(map::MapCommand),
    /// Study how the peaks of cyclic voltammograms depend on the scan rate.
    ScanRates(scan_rates::ScanRatesCommand),
    /// Binding curves from a session's titration.
    Calibrate(calibrate::Calibrate),
    /// Write the sweep behind a measurement as one JSON object.
    Sweep(sweep::Sweep),
    /// Write a session's results to a file.
    Export(export::Export),
    /// Draw a session's results as a figure for a publication: SVG, PDF or PNG.
    Figure(figure::Figure),
    /// Open an archive as a session.
    Open(open::Open),
    /// Notes: list, search, write, delete, count.
    Notes(notes::Notes),
    /// Numbers about a profile's store.
    Stats(stats::Stats),
    /// Run a relay: the server through which agents and viewers meet.
    Relay(Box<relay::RelayCommand>),
    /// Print the profile's User ID, or its view-only code.
    Id(id::Id),
    /// List, create, rename, choose or delete profiles.
    Profile(profile::Profile),
    /// Follow an agent from anywhere, through a relay: its events, one JSON object a line.
    View(view::View),
    /// Say or choose whether a profile is shared; renew its view-only code.
    Share(share::Share),
}

impl Command {
    /// Does it. `verbose`: also what is usually not worth a line.
    ///
    /// # Errors
    /// Why it was not done.
    pub fn run(self, verbose: bool) -> Outcome {
        match self {
            Self::Inspect(command) => command.run(),
            Self::Analyze(command) => command.run(verbose),
            Self::Simulate(command) => command.run(),
            Self::Agent(command) => command.run(),
            Self::Sessions(command) => command.run(),
            Self::Results(command) => command.run(),
            Self::Trends(command) => command.run(),
            Self::Map(command) => command.run(verbose),
            Self::ScanRates(command) => command.run(verbose),
            Self::Calibrate(command) => command.run(),
            Self::Sweep(command) => command.run(),
            Self::Export(command) => command.run(),
            Self::Figure(command) => command.run(),
            Self::Open(command) => command.run(),
            Self::Notes(command) => command.run(),
            Self::Stats(command) => command.run(),
            Self::Relay(command) => command.run(),
            Self::Id(command) => command.run(),
            Self::Profile(command) => command.run(),
            Self::View(command) => command.run(),
            Self::Share(command) => command.run(),
        }
    }
}

/// The word by which a value stands in JSON.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => format!("{other:?}"),
    }
}

/// A runtime for what the engine does asynchronously.
fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            let message = format!("The system gives no threads: {error}.");
            Failure::Refused(Refusal::new(
                "no_threads",
                message,
                "Close other programs, then try again.",
            ))
        })
}
