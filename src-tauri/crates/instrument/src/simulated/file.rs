//! The files of a simulated instrument: names and content.

use super::settings::{ExperimentSettings, SimulationError};
use super::{Experiment, SimulatedScan, chi_text, csv_text};
use jiff::civil::DateTime;

/// What a simulated instrument's files hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FileFormat {
    /// A comma-separated table with a header: potential, then the difference current of each electrode.
    #[default]
    Csv,
    /// Text as a CHI1040C writes it: memo, parameters, results, then difference, forward and reverse current of each
    /// channel with four significant digits.
    ChiText,
}

/// The common stem of the names of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handle(String);

impl Handle {
    /// Longest handle, in characters; the rest of a name needs about 40 more.
    const MAX_CHARS: usize = 100;

    /// Takes a stem that can be part of a file name on every system.
    ///
    /// # Errors
    /// [`SimulationError::Handle`] for an empty or overlong stem, for one that starts with a dot or a blank (such files
    /// are hidden, or hard to name), and for characters other than letters, digits, blank and `. - _ # + = ( )`.
    pub fn new(stem: &str) -> Result<Self, SimulationError> {
        let fits = (1..=Self::MAX_CHARS).contains(&stem.chars().count())
            && !stem.starts_with(['.', ' '])
            && stem.chars().all(|c| c.is_alphanumeric() || " .-_#+=()".contains(c));
        if fits {
            Ok(Self(stem.to_owned()))
        } else {
            Err(SimulationError::Handle(stem.to_owned()))
        }
    }

    /// Name of the file of one frequency and index: `HANDLE_15Hz_1.txt`.
    pub fn file_name(&self, frequency_hz: f64, index: u32) -> String {
        format!("{}_{frequency_hz}Hz_{index}.txt", self.0)
    }

    /// The stem.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Handle {
    fn default() -> Self {
        Self("SWV".to_owned())
    }
}

/// One file: the scans of all electrodes at one frequency and index.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanFile<'a> {
    /// The experiment's settings, for the parameters that formats state.
    pub settings: &'a ExperimentSettings,
    /// Square-wave frequency in Hz.
    pub frequency_hz: f64,
    /// Local date and time that the file states, where its format has one.
    pub measured_at: DateTime,
    /// File name, which CHI repeats inside.
    pub name: String,
    /// One scan per electrode, in order.
    pub scans: Vec<SimulatedScan>,
}

impl<'a> ScanFile<'a> {
    /// The file of one frequency and index of an experiment.
    ///
    /// # Errors
    /// As [`Experiment::sweep`].
    pub fn of(
        experiment: &'a Experiment,
        handle: &Handle,
        frequency_hz: f64,
        index: u32,
        measured_at: DateTime,
    ) -> Result<Self, SimulationError> {
        Ok(Self {
            settings: experiment.settings(),
            frequency_hz,
            measured_at,
            name: handle.file_name(frequency_hz, index),
            scans: experiment.scans(frequency_hz, index)?,
        })
    }

    /// The whole text of the file.
    pub fn text(&self, format: FileFormat) -> String {
        match format {
            FileFormat::Csv => csv_text::text(self),
            FileFormat::ChiText => chi_text::text(self),
        }
    }

    /// Number of points of each scan.
    pub(super) fn points(&self) -> usize {
        self.scans.first().map_or(0, |scan| scan.potential_v.len())
    }
}

/// Decimals that potentials need: as many as the step has, at least three (as CHI prints them), at most nine.
pub(super) fn potential_decimals(settings: &ExperimentSettings) -> usize {
    let program = &settings.program;
    let even = |decimals: i32| {
        let scale = 10_f64.powi(decimals);
        [program.increment_v, program.initial_potential_v]
            .iter()
            .all(|value| ((value * scale).round() - value * scale).abs() < 1e-6)
    };
    (3_u8..9).find(|&decimals| even(decimals.into())).unwrap_or(9).into()
}
