//! What a person can ask the simulated potentiostat for, technique by technique.

use super::cyclic::{CyclicExperiment, CyclicSettings};
use super::error::SimulationError;
use super::experiment::Experiment;
use super::run::Run;
use super::settings::{ExperimentSettings, MAP_FREQUENCIES_HZ};
use super::step::{StepExperiment, StepSettings};

/// A technique that can be simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SimulatedTechnique {
    /// Square-wave voltammetry at a few frequencies during a titration.
    #[default]
    Swv,
    /// Square-wave voltammetry over many frequencies, without and with target.
    FrequencyMap,
    /// Cyclic voltammetry.
    Cv,
    /// Chronoamperometry during a titration.
    Ca,
}

impl SimulatedTechnique {
    /// Name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Swv => "square-wave voltammetry",
            Self::FrequencyMap => "a frequency map",
            Self::Cv => "cyclic voltammetry",
            Self::Ca => "chronoamperometry",
        }
    }

    /// Stem of the file names where none is given.
    pub const fn default_handle(self) -> &'static str {
        match self {
            Self::Swv | Self::FrequencyMap => "SWV",
            Self::Cv => "CV",
            Self::Ca => "CA",
        }
    }
}

/// Where the redox couple of a cyclic voltammogram is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CoupleKind {
    /// Bound to the electrode.
    #[default]
    Surface,
    /// Dissolved.
    Solution,
}

/// What a person asks for. What is not given has the technique's default; what the technique does not have is refused.
#[derive(Debug, Clone, PartialEq)]
pub struct RunSettings {
    /// The technique.
    pub technique: SimulatedTechnique,
    /// Working electrodes, 1 to 16.
    pub electrodes: u8,
    /// Indices to measure.
    pub files: u32,
    /// Everything random follows from this.
    pub seed: u64,
    /// Frequencies in Hz, of square-wave techniques.
    pub frequencies_hz: Option<Vec<f64>>,
    /// Scan rates in V/s, of cyclic voltammetry: the indices use them in turn.
    pub scan_rates_v_s: Option<Vec<f64>>,
    /// Cycles of each scan, of cyclic voltammetry.
    pub cycles: Option<u32>,
    /// The couple, of cyclic voltammetry.
    pub couple: Option<CoupleKind>,
}

impl Default for RunSettings {
    /// Square-wave voltammetry with one electrode, 100 indices, seed 1.
    fn default() -> Self {
        Self {
            technique: SimulatedTechnique::Swv,
            electrodes: 1,
            files: 100,
            seed: 1,
            frequencies_hz: None,
            scan_rates_v_s: None,
            cycles: None,
            couple: None,
        }
    }
}

impl RunSettings {
    /// Prepares the run.
    ///
    /// # Errors
    /// [`SimulationError`] names the first setting that the technique does not have, or the first rule that is broken.
    pub fn run(self) -> Result<Box<dyn Run + Send + Sync>, SimulationError> {
        self.refuse_foreign()?;
        let Self {
            electrodes,
            files,
            seed,
            ..
        } = self;
        Ok(match self.technique {
            SimulatedTechnique::Swv => {
                let defaults = ExperimentSettings::default();
                Box::new(Experiment::new(ExperimentSettings {
                    electrodes,
                    files,
                    seed,
                    frequencies_hz: self.frequencies_hz.unwrap_or(defaults.frequencies_hz),
                    ..defaults
                })?)
            }
            SimulatedTechnique::FrequencyMap => Box::new(Experiment::new(ExperimentSettings {
                electrodes,
                seed,
                frequencies_hz: self.frequencies_hz.unwrap_or_else(|| MAP_FREQUENCIES_HZ.to_vec()),
                ..ExperimentSettings::frequency_maps(files)
            })?),
            SimulatedTechnique::Cv => {
                let mut settings = match self.couple.unwrap_or_default() {
                    CoupleKind::Surface => CyclicSettings::surface(),
                    CoupleKind::Solution => CyclicSettings::solution(),
                };
                let program = &mut settings.program;
                program.cycles = self.cycles.unwrap_or(program.cycles);
                if let Some(scan_rates_v_s) = self.scan_rates_v_s {
                    program.scan_rates_v_s = scan_rates_v_s;
                }
                Box::new(CyclicExperiment::new(CyclicSettings {
                    electrodes,
                    files,
                    seed,
                    ..settings
                })?)
            }
            SimulatedTechnique::Ca => Box::new(StepExperiment::new(StepSettings {
                electrodes,
                files,
                seed,
                ..StepSettings::default()
            })?),
        })
    }

    fn refuse_foreign(&self) -> Result<(), SimulationError> {
        let square_wave = matches!(
            self.technique,
            SimulatedTechnique::Swv | SimulatedTechnique::FrequencyMap
        );
        let cyclic = self.technique == SimulatedTechnique::Cv;
        let foreign = [
            (self.frequencies_hz.is_some() && !square_wave, "frequencies"),
            (self.scan_rates_v_s.is_some() && !cyclic, "scan rates"),
            (self.cycles.is_some() && !cyclic, "cycles"),
            (self.couple.is_some() && !cyclic, "choice of a couple"),
        ];
        match foreign.into_iter().find(|(given, _)| *given) {
            Some((_, setting)) => Err(SimulationError::NotOfThisTechnique {
                setting,
                technique: self.technique.name(),
            }),
            None => Ok(()),
        }
    }
}
