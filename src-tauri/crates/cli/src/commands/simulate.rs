//! `sacmes simulate`: a simulated potentiostat.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use instrument::simulated::{
    Experiment, ExperimentSettings, FileFormat, Handle, PlayOutcome, PlaySettings, RealPace, ScanTime, SimulationError,
    StopSignal, WritingStyle, file_count, play,
};
use protocol::refusal::Refusal;

use super::analyze::TechniqueChoice;
use super::not_in_this_version;
use crate::ending::{Ending, Failure, Outcome, complain};
use crate::interruption;
use crate::progress::Progress;

/// Longest time between two files: a day.
const LONGEST_INTERVAL_S: f64 = 86_400.0;

/// What the simulated instrument writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatChoice {
    /// A table with a header that names units.
    Csv,
    /// CH Instruments text.
    Chi,
    /// Gamry DTA; a file for each electrode.
    Gamry,
    /// CSV export of `PSTrace`.
    Pstrace,
}

/// How it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StyleChoice {
    /// Under another name, then renamed.
    Atomic,
    /// Line by line while the scan runs.
    Append,
    /// Whole files at once.
    Burst,
}

#[derive(Debug, Args)]
pub struct Simulate {
    /// Folder to write to; it is made if it is not there.
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Technique.
    #[arg(long, value_enum, default_value = "swv")]
    technique: TechniqueChoice,

    /// Format of the files.
    #[arg(long, value_enum, default_value = "csv")]
    format: FormatChoice,

    /// Electrodes, all in one file; with gamry, a file for each.
    #[arg(long, value_name = "N", default_value_t = 1)]
    electrodes: u8,

    /// Frequencies in Hz; one file each per index.
    #[arg(long, value_name = "HZ,HZ", value_delimiter = ',', default_value = "15,200")]
    frequencies: Vec<f64>,

    /// Indices to measure.
    #[arg(long, value_name = "N", default_value_t = 100)]
    files: u32,

    /// Seconds from the start of one file to the start of the next; 0 = as fast as possible.
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0)]
    interval: f64,

    /// Common stem of the file names.
    #[arg(long, value_name = "H", default_value = "SWV")]
    handle: String,

    /// The same seed gives the same numbers.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,

    /// How files come into being.
    #[arg(long, value_enum, default_value = "append")]
    style: StyleChoice,
}

impl Simulate {
    /// Writes until done or asked to end.
    pub fn run(self) -> Outcome {
        if self.technique != TechniqueChoice::Swv {
            return Err(not_in_this_version(
                "--technique",
                self.technique.word(),
                "--technique swv",
            ));
        }
        let format = match self.format {
            FormatChoice::Csv => FileFormat::Csv,
            FormatChoice::Chi => FileFormat::ChiText,
            FormatChoice::Gamry => FileFormat::GamryDta,
            FormatChoice::Pstrace => FileFormat::PstraceCsv,
        };
        let interval = interval(self.interval)?;
        let experiment = Experiment::new(ExperimentSettings {
            electrodes: self.electrodes,
            frequencies_hz: self.frequencies,
            files: self.files,
            seed: self.seed,
            ..ExperimentSettings::default()
        })
        .map_err(|error| usage(&error))?;
        let settings = PlaySettings {
            folder: self.folder,
            handle: Handle::new(&self.handle).map_err(|error| usage(&error))?,
            format,
            style: match self.style {
                StyleChoice::Atomic => WritingStyle::Atomic,
                StyleChoice::Append => WritingStyle::Append,
                StyleChoice::Burst => WritingStyle::Burst,
            },
            interval,
            scan_time: ScanTime::for_interval(interval),
        };

        let stop = StopSignal::new();
        let stopped = stop.clone();
        interruption::on_request(move || stopped.stop());
        let progress = Progress::start("Simulating", file_count(&experiment, format));
        let played = play(&experiment, &settings, &RealPace::start(stop), |file| {
            progress.set(file.done, file.total);
        });
        drop(progress);
        let outcome = played.map_err(|error| {
            Refusal::new(
                error.code(),
                format!("{error}."),
                format!("{}.", capitalised(error.hint())),
            )
        })?;
        complain(&in_words(&outcome, &experiment, &settings));
        Ok(Ending::Done)
    }
}

fn interval(seconds: f64) -> Result<Duration, Failure> {
    let allowed = (0.0..=LONGEST_INTERVAL_S).contains(&seconds);
    let duration = Duration::try_from_secs_f64(seconds).ok().filter(|_| allowed);
    duration.ok_or_else(|| {
        let message = format!("--interval {seconds} is not a number of seconds from 0 to {LONGEST_INTERVAL_S}.");
        Failure::Usage(Refusal::new("interval", message, "Use 0 to write as fast as possible."))
    })
}

fn usage(error: &SimulationError) -> Failure {
    Failure::Usage(Refusal::new(
        error.code(),
        format!("{error}."),
        format!("{}.", capitalised(error.hint())),
    ))
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

fn in_words(outcome: &PlayOutcome, experiment: &Experiment, settings: &PlaySettings) -> String {
    let already_there = match outcome.already_there {
        0 => String::new(),
        files => format!("; {files} were there with the same content"),
    };
    let stopped = if outcome.stopped { "; stopped when asked to" } else { "" };
    let (written, total) = (outcome.written, file_count(experiment, settings.format));
    format!(
        "wrote {written} of {total} files to {}{already_there}{stopped}",
        settings.folder.display()
    )
}
