//! Chronoamperometry of the simulated potentiostat: a potential step, and the current that decays after it.
//!
//! ```text
//! i(t) = A1 exp(-t / τ1) + A2 exp(-t / τ2) + offset + noise        reduction positive
//! τ1 = R C        A1 = ΔE / R                                      the double layer is charged
//! τ2 = 1 / k      A2 = Q Δx k                                      the bound reporter is reduced
//! k  = ((1 - θ) k_unbound + θ k_bound) (exp(-α ξ) + exp((1 - α) ξ))
//! ```
//!
//! with the charge `Q` of the layer, the part `Δx` of it that the step reduces, and `ξ = n F (E - E0) / (R T)` at the potential
//! of the step: target changes the electron-transfer rate, so the slow time constant follows the occupancy `θ` while drift
//! only takes amplitude.
//!
//! Sources: H. O. Finklea, *Electroanal. Chem.* 19 (1996) 109 (kinetics of bound couples after a step); N. Arroyo-Currás et al.,
//! *Anal. Chem.* 90 (2018) 12123 (decay times of aptamer sensors as the signal).

mod experiment;
mod scan;
mod settings;
#[cfg(test)]
mod tests;

pub use experiment::StepExperiment;
pub use scan::{StepScan, StepTruth};
pub use settings::{StepProgram, StepSettings};

pub(super) use experiment::StepFile;
