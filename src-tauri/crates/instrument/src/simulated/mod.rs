//! The simulated potentiostat: square-wave voltammetry, frequency maps and chronoamperometry of an electrochemical
//! aptamer-based (E-AB) sensor, cyclic voltammetry of bound and dissolved couples, and the files that an instrument would
//! write while measuring them.
//!
//! The model is pure and reproducible: every number is a function of the settings, the seed, and (electrode, frequency,
//! index), in whatever order it is asked for. Each scan ([`SimulatedScan`], [`cyclic::CyclicScan`], [`step::StepScan`])
//! carries the noise-free truth beside the data, so that an analysis can be compared with what is really there.
//!
//! | Part | Model | Source |
//! |---|---|---|
//! | redox reporter | surface-bound, Butler-Volmer, exact relaxation in each half-period ([`kinetics`]) | Komorsky-Lovrić & Lovrić 1995; Laviron 1979 |
//! | signalling | bound and unbound aptamers differ in electron-transfer rate, so the gain depends on frequency | White & Plaxco 2010 |
//! | binding | Langmuir isotherm of a concentration profile ([`binding`]) | Plaxco group titrations |
//! | drift | exponential and linear loss of signal ([`drift`]), nearly the same at all frequencies, so KDM cancels it | Ferguson et al. 2013; Leung et al. 2021 |
//! | background | capacitive, sloping, curved, slowly varying; a start transient of two points | shape of recorded files |
//! | noise | white and 1/f | |
//! | cyclic voltammetry | bound or dissolved couple, charging, leak, disordered start ([`cyclic`]) | Laviron 1979; Nicholson & Shain 1964 |
//! | chronoamperometry | charging and reporter after a step: two exponentials and an offset ([`step`]) | Finklea 1996; Arroyo-Currás et al. 2018 |
//!
//! [`RunSettings`] turn what a person asks for into a [`Run`], or say why it cannot be; [`play`] turns a run into files:
//! [`FileFormat`] says what they hold, [`WritingStyle`] how they come into being, [`Pace`] when.

pub mod binding;
pub mod cyclic;
pub mod drift;
pub mod kinetics;
pub mod step;

mod choice;
mod content;
mod cut_short;
mod error;
mod experiment;
mod file;
mod handle;
mod noise;
mod pace;
mod play;
mod run;
mod scan;
mod settings;
#[cfg(test)]
mod tests;
mod writers;
mod writing;

pub use choice::{CoupleKind, RunSettings, SimulatedTechnique};
pub use content::FileContent;
pub use cut_short::cut_short;
pub use error::SimulationError;
pub use experiment::Experiment;
pub use file::{FileFormat, ScanFile};
pub use handle::Handle;
pub use pace::{Pace, RealPace, StopSignal, Wait};
pub use play::{PlayError, PlayOutcome, PlaySettings, PlayedFile, ScanTime, play};
pub use run::{Run, Slot, file_count};
pub use scan::{SimulatedScan, Truth};
pub use settings::{ExperimentSettings, MAP_FREQUENCIES_HZ, SweepProgram};
pub use writing::WritingStyle;
