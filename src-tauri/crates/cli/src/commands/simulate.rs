//! `sacmes simulate`: a simulated potentiostat.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use instrument::simulated::{
    CoupleKind, FileFormat, Handle, PlayOutcome, PlaySettings, RealPace, RunSettings, ScanTime, SimulatedTechnique,
    SimulationError, StopSignal, WritingStyle, file_count, play,
};
use protocol::refusal::Refusal;

use crate::ending::{Ending, Failure, Outcome, complain};
use crate::interruption;
use crate::progress::Progress;

/// Longest time between two files: a day.
const LONGEST_INTERVAL_S: f64 = 86_400.0;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TechniqueChoice {
    /// Square-wave voltammetry of an aptamer sensor during a titration.
    Swv,
    /// Square-wave voltammetry over many frequencies, without target first and with it last.
    #[value(name = "frequency_map")]
    FrequencyMap,
    /// Cyclic voltammetry.
    Cv,
    /// Chronoamperometry of an aptamer sensor during a titration.
    Ca,
}

/// Where the couple of a cyclic voltammogram is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CoupleChoice {
    /// Bound to the electrode.
    Surface,
    /// Dissolved.
    Solution,
}

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

    /// Frequencies in Hz; one file each per index. Without it 15,200, or 16 from 10 to 500 for a frequency map.
    #[arg(long, value_name = "HZ,HZ", value_delimiter = ',')]
    frequencies: Option<Vec<f64>>,

    /// Scan rates of cyclic voltammetry in V/s; the indices use them in turn. Without it 0.1.
    #[arg(long, value_name = "V/S,V/S", value_delimiter = ',')]
    scan_rates: Option<Vec<f64>>,

    /// Cycles of a cyclic voltammogram. Without it 3.
    #[arg(long, value_name = "N")]
    cycles: Option<u32>,

    /// Couple of a cyclic voltammogram. Without it surface.
    #[arg(long, value_enum)]
    couple: Option<CoupleChoice>,

    /// Indices to measure.
    #[arg(long, value_name = "N", default_value_t = 100)]
    files: u32,

    /// Seconds from the start of one file to the start of the next; 0 = as fast as possible.
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0)]
    interval: f64,

    /// Common stem of the file names. Without it SWV, CV or CA.
    #[arg(long, value_name = "H")]
    handle: Option<String>,

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
        let technique = match self.technique {
            TechniqueChoice::Swv => SimulatedTechnique::Swv,
            TechniqueChoice::FrequencyMap => SimulatedTechnique::FrequencyMap,
            TechniqueChoice::Cv => SimulatedTechnique::Cv,
            TechniqueChoice::Ca => SimulatedTechnique::Ca,
        };
        let format = match self.format {
            FormatChoice::Csv => FileFormat::Csv,
            FormatChoice::Chi => FileFormat::ChiText,
            FormatChoice::Gamry => FileFormat::GamryDta,
            FormatChoice::Pstrace => FileFormat::PstraceCsv,
        };
        let interval = interval(self.interval)?;
        let handle = self.handle.as_deref().unwrap_or(technique.default_handle());
        let handle = Handle::new(handle).map_err(|error| usage(&error))?;
        let run = RunSettings {
            technique,
            electrodes: self.electrodes,
            files: self.files,
            seed: self.seed,
            frequencies_hz: self.frequencies,
            scan_rates_v_s: self.scan_rates,
            cycles: self.cycles,
            couple: self.couple.map(|couple| match couple {
                CoupleChoice::Surface => CoupleKind::Surface,
                CoupleChoice::Solution => CoupleKind::Solution,
            }),
        };
        let run = run.run().map_err(|error| usage(&error))?;
        let settings = PlaySettings {
            folder: self.folder,
            handle,
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
        let progress = Progress::start("Simulating", file_count(&*run, format));
        let played = play(&*run, &settings, &RealPace::start(stop), |file| {
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
        complain(&in_words(&outcome, file_count(&*run, format), &settings));
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

fn in_words(outcome: &PlayOutcome, total: u64, settings: &PlaySettings) -> String {
    let already_there = match outcome.already_there {
        0 => String::new(),
        files => format!("; {files} were there with the same content"),
    };
    let stopped = if outcome.stopped { "; stopped when asked to" } else { "" };
    let written = outcome.written;
    format!(
        "wrote {written} of {total} files to {}{already_there}{stopped}",
        settings.folder.display()
    )
}
