//! What to simulate in cyclic voltammetry.

use super::super::drift::Drift;
use super::super::error::SimulationError;
use super::super::kinetics::Reporter;
use super::super::settings::{self, MAX_ELECTRODES};
use super::program::CyclicProgram;
use super::solution::SolutionCouple;

/// The redox couple.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Couple {
    /// Bound to the electrode, with a median electron-transfer rate `k0` in 1/s.
    Surface {
        /// The layer.
        reporter: Reporter,
        /// Median `k0` in 1/s.
        rate_per_s: f64,
    },
    /// Dissolved.
    Solution(SolutionCouple),
}

/// What to simulate.
#[derive(Debug, Clone, PartialEq)]
pub struct CyclicSettings {
    /// Working electrodes, 1 to 16; they are numbered from 1.
    pub electrodes: u8,
    /// Indices to measure, numbered from 1.
    pub files: u32,
    /// Everything random follows from this.
    pub seed: u64,
    /// The potential program.
    pub program: CyclicProgram,
    /// The redox couple.
    pub couple: Couple,
    /// Loss of the couple over the run.
    pub drift: Drift,
    /// What the reference electrode gains over the run, in V.
    pub reference_drift_v: f64,
    /// Relative standard deviation of the sensitivity between electrodes.
    pub sensitivity_spread: f64,
    /// Capacitance of the double layer in F.
    pub capacitance_f: f64,
    /// Resistance in ohm between the electrodes, through which it is charged.
    pub resistance_ohm: f64,
    /// Slope of the background in A/V: what leaks.
    pub leak_s: f64,
    /// Standard deviation of the white noise in A.
    pub noise_a: f64,
}

impl CyclicSettings {
    /// Methylene blue bound to a 2 mm gold disk, 0 to -0.5 V and back: one electrode, 100 indices, seed 1.
    pub fn surface() -> Self {
        Self {
            electrodes: 1,
            files: 100,
            seed: 1,
            program: CyclicProgram::between(-0.5, 0.0),
            couple: Couple::Surface {
                reporter: Reporter::methylene_blue(),
                rate_per_s: 60.0,
            },
            drift: Drift::default(),
            reference_drift_v: 0.008,
            sensitivity_spread: 0.15,
            capacitance_f: 3.0e-7,
            resistance_ohm: 400.0,
            leak_s: 1.5e-8,
            noise_a: 1.5e-10,
        }
    }

    /// 1 mmol/L ferricyanide at a 2 mm gold disk, 0.55 to -0.15 V and back: one electrode, 100 indices, seed 1.
    pub fn solution() -> Self {
        Self {
            program: CyclicProgram::between(-0.15, 0.55),
            couple: Couple::Solution(SolutionCouple::ferricyanide()),
            capacitance_f: 6.0e-7,
            leak_s: 1.0e-7,
            noise_a: 1.0e-8,
            ..Self::surface()
        }
    }

    /// Checks every rule; the error names the first one broken.
    pub(super) fn check(&self) -> Result<(), SimulationError> {
        if !(1..=MAX_ELECTRODES).contains(&self.electrodes) {
            return Err(SimulationError::ElectrodeCount(self.electrodes));
        }
        if self.files == 0 {
            return Err(SimulationError::NoFiles);
        }
        self.program.check()?;
        let couple = match self.couple {
            Couple::Surface { reporter, rate_per_s } => [
                ("electrons", reporter.electrons),
                ("temperature_k", reporter.temperature_k),
                ("layer_charge_c", reporter.layer_charge_c),
                ("rate_per_s", rate_per_s),
                ("rate_dispersion", reporter.rate_dispersion + f64::MIN_POSITIVE),
            ],
            Couple::Solution(couple) => [
                ("electrons", couple.electrons),
                ("temperature_k", couple.temperature_k),
                ("rate_cm_s", couple.rate_cm_s),
                ("diffusion_cm2_s", couple.diffusion_cm2_s),
                ("area_cm2", couple.area_cm2 * couple.concentration_m),
            ],
        };
        settings::positive(&couple)?;
        settings::not_negative(&[
            ("quiet_time_s", self.program.quiet_time_s),
            ("sensitivity_spread", self.sensitivity_spread),
            ("capacitance_f", self.capacitance_f),
            ("resistance_ohm", self.resistance_ohm),
            ("leak_s", self.leak_s),
            ("noise_a", self.noise_a),
        ])
    }
}
