//! `sacmes analyze`: files to measurements, once, in parallel.

mod gathering;
mod inputs;
mod measuring;
mod pulses;
mod reading;
mod writing;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use agent::export::refuse_layout;
use clap::{Args, ValueEnum};
use protocol::command::ExportLayout;
use protocol::refusal::Refusal;
use protocol::settings::{CaModel, CvMethod, PeakMethod, Settings, Technique};
use rayon::prelude::*;

pub use self::gathering::gather;
pub use self::inputs::refuse_inside;
use self::inputs::{Input, Inputs};
use self::measuring::{Bench, Part};
use self::pulses::{Group, Groups, Pulse};
use self::writing::{Form, Report};
use crate::ending::{Ending, Failure, Outcome, complain};
use crate::progress::Progress;
use crate::{interruption, settings_file};

/// Files whose results wait in memory to be written in order.
const ROUND: usize = 512;
/// Files that a core takes at a time.
const PART: usize = 4;

/// Techniques by their settings name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TechniqueChoice {
    /// Square-wave voltammetry.
    Swv,
    /// One SWV sweep per frequency.
    #[value(name = "frequency_map")]
    FrequencyMap,
    /// Cyclic voltammetry.
    Cv,
    /// Chronoamperometry.
    Ca,
}

impl TechniqueChoice {
    fn technique(self) -> Technique {
        match self {
            Self::Swv => Technique::Swv,
            Self::FrequencyMap => Technique::FrequencyMap,
            Self::Cv => Technique::Cv,
            Self::Ca => Technique::Ca,
        }
    }
}

/// Methods by their settings name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MethodChoice {
    /// The chord that touches the sweep on both sides of the peak; also for cyclic voltammetry.
    Tangent,
    /// A polynomial baseline fitted outside of the peak.
    Polynomial,
    /// Asymmetrically reweighted penalised least squares.
    Arpls,
    /// One or two Gaussian peaks on a polynomial baseline.
    Gaussian,
    /// The numbers of `SACMES_Web`; also for cyclic voltammetry.
    SacmesWeb,
    /// The numbers of the original SACMES.
    Sacmes,
    /// Chronoamperometry: one exponential.
    Mono,
    /// Chronoamperometry: two exponentials.
    Bi,
}

/// Form of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatChoice {
    /// One measurement object a line.
    Jsonl,
    /// One row per measurement.
    Csv,
    /// The report of `SACMES_Web` that belongs to the technique.
    SacmesWeb,
    /// Excel workbook.
    Xlsx,
    /// The table of the original SACMES that belongs to the technique.
    Sacmes,
}

#[derive(Debug, Args)]
pub struct Analyze {
    /// Files, or folders whose files are taken (not those of folders below).
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// Settings; what they leave out is found automatically or has its default.
    #[arg(long, value_name = "FILE.toml")]
    settings: Option<PathBuf>,

    /// Technique, instead of the settings' one.
    #[arg(long, value_enum)]
    technique: Option<TechniqueChoice>,

    /// Method of the peak search, instead of the settings' one.
    #[arg(long, value_enum)]
    method: Option<MethodChoice>,

    /// Chronoamperometry: how the names of the files of one pulse begin, and which seconds after the step are used of it, such as
    /// `Short_=0.001:0.01`. Given for each pulse; files whose names are the same behind it are measured as one.
    #[arg(long, value_name = "PREFIX[=FROM:TO]")]
    pulse: Vec<Pulse>,

    /// File to write instead of standard output; it appears when it is complete.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Form of the results; without it, what the extension of --out says, else jsonl.
    #[arg(long, value_enum)]
    format: Option<FormatChoice>,
}

impl Analyze {
    /// Writes the measurements of all files in natural order.
    pub fn run(self, verbose: bool) -> Outcome {
        let form = self.form();
        let settings = self.settings()?;
        if form == Form::SacmesWeb {
            refuse_layout(ExportLayout::SacmesWeb, &settings).map_err(|error| Failure::Usage(error.into()))?;
        }
        let bench = Bench::new(settings_file::rules(&settings)?, form);
        let inputs = Inputs::of(&self.paths)?;
        if let Some(out) = &self.out {
            refuse_inside(&self.paths, out)?;
        }
        let mut report = Report::begin(form, settings, self.out.as_deref())?;
        let stopped = match self.out {
            // An unfinished file is taken away; without one the usual effect of Ctrl+C is all that is needed.
            Some(_) => interruption::flag(),
            None => Arc::new(AtomicBool::new(false)),
        };

        let total = inputs.files.len() as u64;
        let progress = Progress::start("Analysing", total);
        let mut tally = Tally {
            failed: inputs.unusable.len(),
            ..Tally::default()
        };
        for refusal in &inputs.unusable {
            progress.complain(&refusal.to_string());
        }
        let mut take = |part: Part| {
            tally.add(&part);
            for line in part.failures.iter().chain(part.left_out.iter().filter(|_| verbose)) {
                progress.complain(line);
            }
            report.add(part)
        };
        if self.pulse.is_empty() {
            let round = |files: &[Input]| measured(&bench, files);
            let done = |done| progress.set(done, total);
            in_rounds(&inputs.files, round, &stopped, &mut take, done)?;
        } else {
            let groups = Groups::of(inputs.files, &self.pulse);
            take(Part {
                failures: groups.alone,
                left_out: groups.others,
                ..Part::default()
            })?;
            let round = |groups: &[Group]| {
                let parts = groups.par_chunks(PART).map(|part| bench.measure_together(part));
                parts.collect()
            };
            let done = |done| progress.set(done * self.pulse.len() as u64, total);
            in_rounds(&groups.whole, round, &stopped, &mut take, done)?;
        }
        drop(progress);
        if tally.seen() > 0 {
            report.finish()?;
        }
        tally.ending(verbose)
    }

    fn settings(&self) -> Result<Settings, Failure> {
        let mut settings = settings_file::read_or_default(self.settings.as_deref())?;
        if let Some(technique) = self.technique {
            settings.technique = technique.technique();
        }
        if let Some(method) = self.method {
            choose(&mut settings, method)?;
        }
        if self.pulse.len() == 1 || (!self.pulse.is_empty() && settings.technique != Technique::Ca) {
            return Err(Failure::Usage(Refusal::new(
                "pulses_not_usable",
                "--pulse puts files of chronoamperometry together.",
                "Use it with --technique ca, twice or more: --pulse Short_ --pulse Long_.",
            )));
        }
        Ok(settings)
    }

    fn form(&self) -> Form {
        let extension = self
            .out
            .as_deref()
            .and_then(|out| out.extension())
            .map(|e| e.to_string_lossy().to_lowercase());
        let chosen = self.format.unwrap_or(match extension.as_deref() {
            Some("csv") => FormatChoice::Csv,
            Some("xlsx") => FormatChoice::Xlsx,
            _ => FormatChoice::Jsonl,
        });
        match chosen {
            FormatChoice::Jsonl => Form::Jsonl,
            FormatChoice::Csv => Form::Csv,
            FormatChoice::SacmesWeb => Form::SacmesWeb,
            FormatChoice::Xlsx => Form::Xlsx,
            FormatChoice::Sacmes => Form::Sacmes,
        }
    }
}

/// Sets the method of the settings' technique.
fn choose(settings: &mut Settings, method: MethodChoice) -> Result<(), Failure> {
    let other = |message: &str, hint: &str| {
        Err(Failure::Usage(Refusal::new(
            "method_of_another_technique",
            message,
            hint,
        )))
    };
    match settings.technique {
        Technique::Cv => {
            settings.cv.method = match method {
                MethodChoice::Tangent => CvMethod::Tangent,
                MethodChoice::SacmesWeb => CvMethod::SacmesWeb,
                _ => {
                    return other(
                        "This method does not measure cyclic voltammograms.",
                        "Use tangent or sacmes-web.",
                    );
                }
            };
        }
        Technique::Ca => {
            settings.ca.model = match method {
                MethodChoice::Mono => CaModel::Mono,
                MethodChoice::Bi => CaModel::Bi,
                _ => return other("This method does not measure chronoamperograms.", "Use mono or bi."),
            };
        }
        Technique::Swv | Technique::FrequencyMap => {
            settings.peak.method = match method {
                MethodChoice::Tangent => PeakMethod::Tangent,
                MethodChoice::Polynomial => PeakMethod::Polynomial,
                MethodChoice::Arpls => PeakMethod::Arpls,
                MethodChoice::Gaussian => PeakMethod::Gaussian,
                MethodChoice::SacmesWeb => PeakMethod::SacmesWeb,
                MethodChoice::Sacmes => PeakMethod::Sacmes,
                MethodChoice::Mono | MethodChoice::Bi => {
                    return other(
                        "This method measures chronoamperograms only.",
                        "Add --technique ca, or use tangent, polynomial, arpls, gaussian, sacmes-web or sacmes.",
                    );
                }
            };
        }
    }
    Ok(())
}

/// The parts of a round, in order, measured on all cores.
fn measured(bench: &Bench, round: &[Input]) -> Vec<Part> {
    if round.len() <= 1 {
        return vec![bench.measure(round)];
    }
    round.par_chunks(PART).map(|files| bench.measure(files)).collect()
}

/// Measures in rounds, and takes the parts in order.
fn in_rounds<T>(
    all: &[T],
    measured: impl Fn(&[T]) -> Vec<Part>,
    stopped: &AtomicBool,
    take: &mut impl FnMut(Part) -> Result<(), Failure>,
    done: impl Fn(u64),
) -> Result<(), Failure> {
    let mut count = 0;
    for round in all.chunks(ROUND) {
        if stopped.load(Ordering::Relaxed) {
            let message = "The analysis was stopped; no file was written.";
            return Err(Refusal::new("cancelled", message, "Start it again to have the file.").into());
        }
        measured(round).into_iter().try_for_each(&mut *take)?;
        count += round.len() as u64;
        done(count);
    }
    Ok(())
}

/// How many files were used.
#[derive(Debug, Default)]
pub struct Tally {
    used: usize,
    failed: usize,
    left_out: usize,
}

impl Tally {
    fn add(&mut self, part: &Part) {
        self.used += part.used;
        self.failed += part.failures.len();
        self.left_out += part.left_out.len();
    }

    /// These files and those of another count.
    pub fn with(self, other: &Self) -> Self {
        Self {
            used: self.used + other.used,
            failed: self.failed + other.failed,
            left_out: self.left_out + other.left_out,
        }
    }

    fn seen(&self) -> usize {
        self.used + self.failed
    }

    /// How a command ends that used these files.
    ///
    /// # Errors
    /// None could be used.
    pub fn ending(&self, verbose: bool) -> Outcome {
        if self.left_out > 0 && !verbose {
            let files = self.left_out;
            complain(&format!(
                "{files} file(s) were left out because of their name or the settings; --verbose names them"
            ));
        }
        match (self.used, self.failed) {
            (0, 0) => Err(Refusal::new(
                "nothing_to_analyze",
                "There is no file to analyse.",
                "Name files, or a folder that holds files which the settings do not leave out; folders below it are not looked into.",
            )
            .into()),
            // Its own line has said everything.
            (0, 1) => Err(Failure::Told),
            (0, failed) => Err(Refusal::new(
                "nothing_usable",
                format!("None of {failed} file(s) could be used."),
                "The reasons are above; `sacmes inspect` says what a file is.",
            )
            .into()),
            (_, 0) => Ok(Ending::Done),
            (_, failed) => {
                complain(&format!("{failed} file(s) could not be used, or not completely"));
                Ok(Ending::SomeFilesUnusable)
            }
        }
    }
}
