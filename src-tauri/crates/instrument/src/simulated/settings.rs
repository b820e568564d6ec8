//! What to simulate: parsed once, so that everything after it can rely on it.

use super::binding::ConcentrationProfile;
use super::drift::Drift;
use super::error::SimulationError;
use super::kinetics::Reporter;

/// Largest number of working electrodes.
pub(super) const MAX_ELECTRODES: u8 = 16;
/// Largest number of frequencies in one experiment.
pub(super) const MAX_FREQUENCIES: usize = 100;
/// Largest number of points in one sweep.
pub(super) const MAX_POINTS: f64 = 100_000.0;

/// The potential program of a square-wave sweep: a staircase with a square wave on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SweepProgram {
    /// Potential in V at which the sweep starts (and rests before it).
    pub initial_potential_v: f64,
    /// Potential in V at which it ends; below the initial one for a cathodic sweep, above it for an anodic one.
    pub final_potential_v: f64,
    /// Height of a stair in V, positive whatever the direction.
    pub increment_v: f64,
    /// Square-wave amplitude in V (half of the peak-to-peak value).
    pub amplitude_v: f64,
    /// Rest at the initial potential in s.
    pub quiet_time_s: f64,
}

impl Default for SweepProgram {
    /// 0 to -0.5 V in 500 steps of 1 mV, amplitude 25 mV: usual for methylene blue.
    fn default() -> Self {
        Self {
            initial_potential_v: 0.0,
            final_potential_v: -0.5,
            increment_v: 0.001,
            amplitude_v: 0.025,
            quiet_time_s: 2.0,
        }
    }
}

impl SweepProgram {
    /// Number of points: steps between the initial and the final potential. The initial potential itself is not recorded.
    pub fn points(&self) -> usize {
        (self.span_v() / self.increment_v).round() as usize
    }

    /// `-1.0` for a sweep towards negative potentials, else `1.0`.
    pub fn direction(&self) -> f64 {
        if self.final_potential_v < self.initial_potential_v {
            -1.0
        } else {
            1.0
        }
    }

    /// Potential in V of point `k`, counted from 0: initial + (k + 1) steps.
    pub fn potential_v(&self, k: usize) -> f64 {
        self.initial_potential_v + self.direction() * self.increment_v * (k + 1) as f64
    }

    /// Duration of the sweep in s at a frequency: the rest, then one period per point.
    pub fn duration_s(&self, frequency_hz: f64) -> f64 {
        self.quiet_time_s + self.points() as f64 / frequency_hz
    }

    fn span_v(&self) -> f64 {
        (self.final_potential_v - self.initial_potential_v).abs()
    }
}

/// What to simulate.
#[derive(Debug, Clone, PartialEq)]
pub struct ExperimentSettings {
    /// Working electrodes, 1 to 16; they are numbered from 1.
    pub electrodes: u8,
    /// Square-wave frequencies in Hz, 0.1 to 100,000, each once.
    pub frequencies_hz: Vec<f64>,
    /// Indices to measure, numbered from 1.
    pub files: u32,
    /// Everything random follows from this.
    pub seed: u64,
    /// The potential program.
    pub program: SweepProgram,
    /// The redox reporter.
    pub reporter: Reporter,
    /// Median electron-transfer rate `k0` in 1/s of aptamers without target.
    pub unbound_rate_per_s: f64,
    /// Median electron-transfer rate `k0` in 1/s of aptamers with target.
    pub bound_rate_per_s: f64,
    /// Dissociation constant of the aptamer in mol/L.
    pub dissociation_m: f64,
    /// The target over the run; `None` for the standard titration over `files` indices.
    pub concentration: Option<ConcentrationProfile>,
    /// Loss of signal over the run.
    pub drift: Drift,
    /// Relative standard deviation of the sensitivity between electrodes.
    pub sensitivity_spread: f64,
    /// Background of the difference current in A at 15 Hz in the middle of the sweep; it grows as `f^0.7`.
    pub background_a: f64,
    /// Standard deviation of the white noise of the difference current in A at 15 Hz; it grows as `f^0.5`.
    pub noise_a: f64,
}

impl Default for ExperimentSettings {
    /// One electrode, 15 and 200 Hz, 100 indices, seed 1.
    fn default() -> Self {
        Self {
            electrodes: 1,
            frequencies_hz: vec![15.0, 200.0],
            files: 100,
            seed: 1,
            program: SweepProgram::default(),
            reporter: Reporter::methylene_blue(),
            unbound_rate_per_s: 12.0,
            bound_rate_per_s: 26.0,
            dissociation_m: 1.0e-5,
            concentration: None,
            drift: Drift::default(),
            sensitivity_spread: 0.15,
            background_a: 6.0e-8,
            noise_a: 3.0e-10,
        }
    }
}

/// Frequencies in Hz of a frequency map where none are given.
pub const MAP_FREQUENCIES_HZ: [f64; 16] = [
    10.0, 15.0, 20.0, 30.0, 40.0, 50.0, 60.0, 80.0, 100.0, 120.0, 150.0, 200.0, 250.0, 300.0, 400.0, 500.0,
];

impl ExperimentSettings {
    /// Frequency maps, one at each index: without target first, with it last, and so quickly that little signal is lost.
    pub fn frequency_maps(files: u32) -> Self {
        Self {
            frequencies_hz: MAP_FREQUENCIES_HZ.to_vec(),
            files,
            concentration: Some(ConcentrationProfile::maps(files)),
            drift: Drift {
                exponential_loss: 0.02,
                exponential_run_fraction: 0.5,
                linear_loss: 0.02,
                linear_loss_per_decade: 0.003,
            },
            ..Self::default()
        }
    }

    /// Checks every rule; the error names the first one broken.
    pub(super) fn check(&self) -> Result<(), SimulationError> {
        if !(1..=MAX_ELECTRODES).contains(&self.electrodes) {
            return Err(SimulationError::ElectrodeCount(self.electrodes));
        }
        if !(1..=MAX_FREQUENCIES).contains(&self.frequencies_hz.len()) {
            return Err(SimulationError::FrequencyCount(self.frequencies_hz.len()));
        }
        for (k, &frequency_hz) in self.frequencies_hz.iter().enumerate() {
            if !(0.1..=100_000.0).contains(&frequency_hz) {
                return Err(SimulationError::FrequencyRange(frequency_hz));
            }
            if self.frequencies_hz[..k]
                .iter()
                .any(|other| other.to_bits() == frequency_hz.to_bits())
            {
                return Err(SimulationError::FrequencyTwice(frequency_hz));
            }
        }
        if self.files == 0 {
            return Err(SimulationError::NoFiles);
        }
        let program = &self.program;
        let steps = program.span_v() / program.increment_v;
        let measurable = program.increment_v > 0.0
            && (0.5..=MAX_POINTS).contains(&steps)
            && program.initial_potential_v.abs() <= 10.0
            && program.final_potential_v.abs() <= 10.0;
        if !measurable {
            return Err(SimulationError::SweepProgram {
                initial_potential_v: program.initial_potential_v,
                final_potential_v: program.final_potential_v,
                increment_v: program.increment_v,
            });
        }
        positive(&[
            ("amplitude_v", program.amplitude_v),
            ("electrons", self.reporter.electrons),
            ("temperature_k", self.reporter.temperature_k),
            ("layer_charge_c", self.reporter.layer_charge_c),
            ("unbound_rate_per_s", self.unbound_rate_per_s),
            ("bound_rate_per_s", self.bound_rate_per_s),
            ("dissociation_m", self.dissociation_m),
        ])?;
        not_negative(&[
            ("quiet_time_s", program.quiet_time_s),
            ("rate_dispersion", self.reporter.rate_dispersion),
            ("sensitivity_spread", self.sensitivity_spread),
            ("background_a", self.background_a),
            ("noise_a", self.noise_a),
        ])
    }
}

/// Checks physical constants that must be above 0.
pub(super) fn positive(constants: &[(&'static str, f64)]) -> Result<(), SimulationError> {
    first_wrong(constants, |value| value > 0.0)
}

/// Checks physical constants that must not be below 0.
pub(super) fn not_negative(constants: &[(&'static str, f64)]) -> Result<(), SimulationError> {
    first_wrong(constants, |value| value >= 0.0)
}

fn first_wrong(constants: &[(&'static str, f64)], allowed: impl Fn(f64) -> bool) -> Result<(), SimulationError> {
    let wrong = constants
        .iter()
        .find(|(_, value)| !(value.is_finite() && allowed(*value)));
    wrong.map_or(Ok(()), |&(name, value)| Err(SimulationError::Constant { name, value }))
}
