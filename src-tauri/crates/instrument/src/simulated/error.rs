//! Why something cannot be simulated.

use super::settings::MAX_FREQUENCIES;
use thiserror::Error;

/// Why an experiment or a scan cannot be simulated.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SimulationError {
    /// Not 1 to 16 electrodes.
    #[error("the simulated instrument has 1 to 16 electrodes, not {0}")]
    ElectrodeCount(u8),
    /// No frequency, or too many.
    #[error("an experiment takes 1 to {MAX_FREQUENCIES} frequencies, not {0}")]
    FrequencyCount(usize),
    /// A frequency outside the instrument's range.
    #[error("{0} Hz is outside 0.1 to 100000 Hz")]
    FrequencyRange(f64),
    /// The same frequency twice: two scans would have one name.
    #[error("{0} Hz is given twice")]
    FrequencyTwice(f64),
    /// No index to measure.
    #[error("an experiment has at least one file")]
    NoFiles,
    /// A sweep without points, or with far too many.
    #[error(
        "a sweep from {initial_potential_v} V to {final_potential_v} V in steps of {increment_v} V cannot be measured"
    )]
    SweepProgram {
        /// Where it would start.
        initial_potential_v: f64,
        /// Where it would end.
        final_potential_v: f64,
        /// Its step.
        increment_v: f64,
    },
    /// A cyclic program whose start is not between its vertices, or whose step does not fit between them.
    #[error(
        "a scan from {initial_potential_v} V to {first_vertex_v} V and {second_vertex_v} V in steps of {step_v} V cannot be \
         measured"
    )]
    CyclicProgram {
        /// Where it would start.
        initial_potential_v: f64,
        /// Where it would turn first.
        first_vertex_v: f64,
        /// Where it would turn then.
        second_vertex_v: f64,
        /// Its step.
        step_v: f64,
    },
    /// No cycle, or more points than a scan can have.
    #[error("{0} cycles cannot be measured in one scan")]
    CycleCount(u32),
    /// No scan rate, or too many.
    #[error("a run takes 1 to 100 scan rates, not {0}")]
    ScanRateCount(usize),
    /// A scan rate outside the instrument's range.
    #[error("{0} V/s is outside 0.0001 to 1000 V/s")]
    ScanRate(f64),
    /// A decay without points, or with far too many.
    #[error("a decay of {duration_s} s with a point each {sample_interval_s} s cannot be measured")]
    StepProgram {
        /// From point to point.
        sample_interval_s: f64,
        /// The whole time.
        duration_s: f64,
    },
    /// A setting that the technique does not have.
    #[error("{technique} has no {setting}")]
    NotOfThisTechnique {
        /// The setting.
        setting: &'static str,
        /// The technique.
        technique: &'static str,
    },
    /// A physical constant of the model that is negative, not finite, or zero where it must not be.
    #[error("{name} cannot be {value}")]
    Constant {
        /// The setting.
        name: &'static str,
        /// What it was set to.
        value: f64,
    },
    /// A scan of an electrode that the experiment does not have.
    #[error("the experiment has no electrode {0}")]
    UnknownElectrode(u8),
    /// A scan at a frequency that the experiment does not use.
    #[error("the experiment does not measure at {0} Hz")]
    UnknownFrequency(f64),
    /// A scan before the first or after the last index.
    #[error("the experiment has no index {0}")]
    UnknownIndex(u32),
    /// Several electrodes for one file of a format that holds one.
    #[error("a Gamry file holds one electrode, not {0}")]
    OneElectrodeAFile(usize),
    /// A file stem that cannot be part of a file name on every system.
    #[error("\"{0}\" cannot be the handle of file names")]
    Handle(String),
}

impl SimulationError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ElectrodeCount(_) => "electrode_count",
            Self::FrequencyCount(_) => "frequency_count",
            Self::FrequencyRange(_) => "frequency_range",
            Self::FrequencyTwice(_) => "frequency_twice",
            Self::NoFiles => "no_files",
            Self::SweepProgram { .. } => "sweep_program",
            Self::CyclicProgram { .. } => "cyclic_program",
            Self::CycleCount(_) => "cycle_count",
            Self::ScanRateCount(_) => "scan_rate_count",
            Self::ScanRate(_) => "scan_rate",
            Self::StepProgram { .. } => "step_program",
            Self::NotOfThisTechnique { .. } => "not_of_this_technique",
            Self::Constant { .. } => "constant",
            Self::UnknownElectrode(_) => "unknown_electrode",
            Self::UnknownFrequency(_) => "unknown_frequency",
            Self::UnknownIndex(_) => "unknown_index",
            Self::OneElectrodeAFile(_) => "one_electrode_a_file",
            Self::Handle(_) => "handle",
        }
    }

    /// What to do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::ElectrodeCount(_) => "choose 1 to 16 electrodes",
            Self::FrequencyCount(_) => "give at least one frequency, such as 15,200",
            Self::FrequencyRange(_) => "give frequencies in Hz, such as 15,200",
            Self::FrequencyTwice(_) => "give each frequency once",
            Self::NoFiles => "ask for one file or more",
            Self::SweepProgram { .. } => {
                "choose two different potentials and a step between 1 and 100000 times smaller"
            }
            Self::CyclicProgram { .. } => {
                "start between two different vertices and take steps much smaller than their distance"
            }
            Self::CycleCount(_) => "ask for one cycle or more, with no more than 100000 points in all",
            Self::ScanRateCount(_) => "give at least one scan rate, such as 0.1",
            Self::ScanRate(_) => "give scan rates in V/s, such as 0.05,0.1,0.2",
            Self::StepProgram { .. } => "choose a sampling interval between 2 and 100000 times shorter than the decay",
            Self::NotOfThisTechnique { .. } => "leave it out, or choose the technique that has it",
            Self::Constant { .. } => "set it to a number above 0",
            Self::UnknownElectrode(_) => "ask for one of the experiment's electrodes",
            Self::UnknownFrequency(_) => "ask for one of the experiment's frequencies",
            Self::UnknownIndex(_) => "ask for an index from 1 to the number of files",
            Self::OneElectrodeAFile(_) => "write one file for each electrode",
            Self::Handle(_) => "use letters, digits, spaces, dots, dashes and underscores, at most 100 of them",
        }
    }
}
