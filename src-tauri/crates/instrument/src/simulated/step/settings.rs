//! What to simulate in chronoamperometry.

use super::super::binding::ConcentrationProfile;
use super::super::drift::Drift;
use super::super::error::SimulationError;
use super::super::kinetics::Reporter;
use super::super::settings::{self, MAX_ELECTRODES, MAX_POINTS};

/// A rest and a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepProgram {
    /// Potential in V of the rest before the step.
    pub rest_potential_v: f64,
    /// Potential in V of the step.
    pub step_potential_v: f64,
    /// From one point to the next, in s.
    pub sample_interval_s: f64,
    /// How long the current is recorded after the step, in s.
    pub duration_s: f64,
    /// How long it rests before, in s.
    pub quiet_time_s: f64,
}

impl Default for StepProgram {
    /// -0.2 to -0.3 V, 0.1 s long, a point each 0.1 ms.
    fn default() -> Self {
        Self {
            rest_potential_v: -0.2,
            step_potential_v: -0.3,
            sample_interval_s: 1.0e-4,
            duration_s: 0.1,
            quiet_time_s: 2.0,
        }
    }
}

impl StepProgram {
    /// Number of points.
    pub fn points(&self) -> usize {
        (self.duration_s / self.sample_interval_s).round() as usize
    }

    /// Time in s of point `k`, counted from 0: the first is one interval behind the step.
    pub fn time_s(&self, k: usize) -> f64 {
        self.sample_interval_s * (k + 1) as f64
    }
}

/// What to simulate.
#[derive(Debug, Clone, PartialEq)]
pub struct StepSettings {
    /// Working electrodes, 1 to 16; they are numbered from 1.
    pub electrodes: u8,
    /// Indices to measure, numbered from 1.
    pub files: u32,
    /// Everything random follows from this.
    pub seed: u64,
    /// The potential program.
    pub program: StepProgram,
    /// The redox reporter.
    pub reporter: Reporter,
    /// Electron-transfer rate `k0` in 1/s of aptamers without target.
    pub unbound_rate_per_s: f64,
    /// Electron-transfer rate `k0` in 1/s of aptamers with target.
    pub bound_rate_per_s: f64,
    /// Dissociation constant of the aptamer in mol/L.
    pub dissociation_m: f64,
    /// The target over the run; `None` for the standard titration over `files` indices.
    pub concentration: Option<ConcentrationProfile>,
    /// Loss of signal over the run.
    pub drift: Drift,
    /// Relative standard deviation of the sensitivity between electrodes.
    pub sensitivity_spread: f64,
    /// Capacitance of the double layer in F.
    pub capacitance_f: f64,
    /// Resistance in ohm through which it is charged.
    pub resistance_ohm: f64,
    /// Current in A that stays after the decay.
    pub offset_a: f64,
    /// Standard deviation of the white noise in A.
    pub noise_a: f64,
}

impl Default for StepSettings {
    /// One electrode, 100 indices, seed 1.
    fn default() -> Self {
        Self {
            electrodes: 1,
            files: 100,
            seed: 1,
            program: StepProgram::default(),
            reporter: Reporter::methylene_blue(),
            unbound_rate_per_s: 12.0,
            bound_rate_per_s: 26.0,
            dissociation_m: 1.0e-5,
            concentration: None,
            drift: Drift::default(),
            sensitivity_spread: 0.15,
            capacitance_f: 1.0e-7,
            resistance_ohm: 1.0e4,
            offset_a: 2.0e-8,
            noise_a: 2.0e-9,
        }
    }
}

impl StepSettings {
    /// Checks every rule; the error names the first one broken.
    pub(super) fn check(&self) -> Result<(), SimulationError> {
        if !(1..=MAX_ELECTRODES).contains(&self.electrodes) {
            return Err(SimulationError::ElectrodeCount(self.electrodes));
        }
        if self.files == 0 {
            return Err(SimulationError::NoFiles);
        }
        let program = &self.program;
        let points = program.duration_s / program.sample_interval_s;
        let measurable = program.sample_interval_s > 0.0
            && (2.0..=MAX_POINTS).contains(&points)
            && program.rest_potential_v.abs() <= 10.0
            && program.step_potential_v.abs() <= 10.0;
        if !measurable {
            return Err(SimulationError::StepProgram {
                sample_interval_s: program.sample_interval_s,
                duration_s: program.duration_s,
            });
        }
        settings::positive(&[
            ("electrons", self.reporter.electrons),
            ("temperature_k", self.reporter.temperature_k),
            ("layer_charge_c", self.reporter.layer_charge_c),
            ("unbound_rate_per_s", self.unbound_rate_per_s),
            ("bound_rate_per_s", self.bound_rate_per_s),
            ("dissociation_m", self.dissociation_m),
            ("capacitance_f", self.capacitance_f),
            ("resistance_ohm", self.resistance_ohm),
        ])?;
        settings::not_negative(&[
            ("quiet_time_s", program.quiet_time_s),
            ("sensitivity_spread", self.sensitivity_spread),
            ("offset_a", self.offset_a),
            ("noise_a", self.noise_a),
        ])
    }
}
