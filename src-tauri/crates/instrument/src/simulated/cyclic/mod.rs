//! Cyclic voltammetry of the simulated potentiostat.
//!
//! `i = i_F + i_C + i_start + noise`, oxidation positive (IUPAC): the faradaic current of a couple that is bound to the
//! electrode ([`surface`]) or dissolved ([`solution`]); charging of the double layer, `C dE/dt` behind a series resistance, with
//! a slope; and a start that is not yet in order for a few points, as the first points of recorded files are. Over the files of a
//! run the couple is lost ([`Drift`](super::drift::Drift)), the capacitance grows and the reference electrode wanders.

pub mod solution;
pub mod surface;

mod experiment;
mod program;
mod scan;
mod settings;
#[cfg(test)]
mod tests;

pub use experiment::CyclicExperiment;
pub use program::CyclicProgram;
pub use scan::{CycleTruth, CyclicPeak, CyclicScan, CyclicTruth};
pub use settings::{Couple, CyclicSettings};
pub use solution::SolutionCouple;

pub(super) use experiment::CyclicFile;
