//! The square-wave files of a simulated instrument.

use super::content::{FileContent, TextEncoding};
use super::error::SimulationError;
use super::handle::Handle;
use super::run::Slot;
use super::settings::ExperimentSettings;
use super::writers::{chi_text, csv_text, gamry_dta, pstrace_csv};
use super::{Experiment, SimulatedScan};
use jiff::civil::DateTime;

/// What a simulated instrument's files hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FileFormat {
    /// A comma-separated table with a header: potential or time, then the (difference) current of each electrode.
    #[default]
    Csv,
    /// Text as a CHI1040C writes it: memo, parameters, results, then the currents of each channel with four significant
    /// digits.
    ChiText,
    /// A Gamry data file: parameters, then tables with a row per point; holds one electrode.
    GamryDta,
    /// A CSV export of PSTrace, UTF-16: two columns for each electrode, currents in µA.
    PstraceCsv,
}

impl FileFormat {
    /// Extension of the file names.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv | Self::ChiText => "txt",
            Self::GamryDta => "DTA",
            Self::PstraceCsv => "csv",
        }
    }

    /// Whether several electrodes need several files, because the format has no place for a second one.
    pub const fn holds_one_electrode(self) -> bool {
        matches!(self, Self::GamryDta)
    }

    /// The encoding of its text.
    pub(super) const fn encoding(self) -> TextEncoding {
        match self {
            Self::Csv | Self::ChiText | Self::GamryDta => TextEncoding::Utf8,
            Self::PstraceCsv => TextEncoding::Utf16Le,
        }
    }

    /// Checks that this many electrodes fit into one file.
    pub(super) fn check(self, scans: usize) -> Result<(), SimulationError> {
        if self.holds_one_electrode() && scans != 1 {
            return Err(SimulationError::OneElectrodeAFile(scans));
        }
        Ok(())
    }
}

/// One square-wave file: the scans of all electrodes, or of one, at one frequency and index.
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
    /// The file of one frequency and index of an experiment, with all electrodes.
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

    /// The file of a slot.
    pub(super) fn of_slot(
        experiment: &'a Experiment,
        slot: &Slot,
        name: &str,
        measured_at: DateTime,
    ) -> Result<Self, SimulationError> {
        let frequency_hz = slot.frequency_hz.unwrap_or(f64::NAN);
        Ok(Self {
            settings: experiment.settings(),
            frequency_hz,
            measured_at,
            name: name.to_owned(),
            scans: match slot.electrode {
                Some(electrode) => vec![experiment.sweep(electrode, frequency_hz, slot.index)?],
                None => experiment.scans(frequency_hz, slot.index)?,
            },
        })
    }

    /// The whole content of the file.
    ///
    /// # Errors
    /// [`SimulationError::OneElectrodeAFile`] if the format has no place for all the scans.
    pub fn content(&self, format: FileFormat) -> Result<FileContent, SimulationError> {
        format.check(self.scans.len())?;
        let text = match format {
            FileFormat::Csv => csv_text::square_wave(self),
            FileFormat::ChiText => chi_text::square_wave(self),
            FileFormat::GamryDta => gamry_dta::square_wave(self),
            FileFormat::PstraceCsv => pstrace_csv::square_wave(self),
        };
        Ok(FileContent::new(text, format.encoding()))
    }

    /// Number of points of each scan.
    pub(super) fn points(&self) -> usize {
        self.scans.first().map_or(0, |scan| scan.potential_v.len())
    }
}
