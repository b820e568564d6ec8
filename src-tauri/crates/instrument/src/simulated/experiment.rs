//! The model of a whole experiment: any scan of it, in any order.

use super::binding::{ConcentrationProfile, Injection, occupancy};
use super::content::FileContent;
use super::error::SimulationError;
use super::file::{FileFormat, ScanFile};
use super::kinetics::{FaradaicCurrent, Reporter, surface_square_wave};
use super::noise::{FlickerNoise, Purpose, RandomStream};
use super::run::{Run, Slot};
use super::scan::{SimulatedScan, Truth, locate_peak};
use super::settings::ExperimentSettings;
use jiff::civil::DateTime;
use std::f64::consts::TAU;

/// Spread of the formal potential between electrodes, standard deviation in V.
const FORMAL_POTENTIAL_SPREAD_V: f64 = 0.003;
/// Part of the background that the forward current carries; the reverse current carries the rest, negative.
const FORWARD_SHARE: f64 = 0.42;
/// Standard deviation of the 1/f noise relative to that of the white noise.
const FLICKER_SHARE: f64 = 0.4;
/// Potential distance in V from the middle of the sweep at which slope and curvature of the background are stated.
const BACKGROUND_SCALE_V: f64 = 0.25;

/// A simulated experiment: the same settings always give the same scans, in whatever order they are asked for.
#[derive(Debug, Clone)]
pub struct Experiment {
    settings: ExperimentSettings,
    concentration: ConcentrationProfile,
    electrodes: Vec<Electrode>,
    /// Faradaic currents of fully unbound and fully bound aptamers, by electrode, then frequency.
    responses: Vec<Vec<Responses>>,
}

/// What distinguishes an electrode from the others.
#[derive(Debug, Clone, Copy)]
struct Electrode {
    sensitivity: f64,
    formal_potential_v: f64,
    background: f64,
    slope: f64,
    curvature: f64,
}

#[derive(Debug, Clone)]
struct Responses {
    unbound: FaradaicCurrent,
    bound: FaradaicCurrent,
}

/// Background of the difference current: `level (1 + slope u + curvature u²)`, `u = (E - middle) / 0.25 V`.
struct Background {
    level_a: f64,
    slope: f64,
    curvature: f64,
}

impl Experiment {
    /// Checks the settings and prepares the responses of all electrodes and frequencies.
    ///
    /// # Errors
    /// [`SimulationError`] names the first rule that the settings break.
    pub fn new(settings: ExperimentSettings) -> Result<Self, SimulationError> {
        settings.check()?;
        let electrodes: Vec<Electrode> = (1..=settings.electrodes)
            .map(|number| Electrode::draw(&settings, number))
            .collect();
        let responses = electrodes
            .iter()
            .map(|electrode| {
                settings
                    .frequencies_hz
                    .iter()
                    .map(|&frequency_hz| electrode.responses(&settings, frequency_hz))
                    .collect()
            })
            .collect();
        let concentration = settings
            .concentration
            .clone()
            .unwrap_or_else(|| ConcentrationProfile::titration(settings.files));
        Ok(Self {
            settings,
            concentration,
            electrodes,
            responses,
        })
    }

    /// What is simulated.
    pub fn settings(&self) -> &ExperimentSettings {
        &self.settings
    }

    /// The changes of the target concentration: where a scientist would set markers.
    pub fn injections(&self) -> &[Injection] {
        &self.concentration.injections
    }

    /// Number of files of the whole experiment: one per index and frequency.
    pub fn file_count(&self) -> u64 {
        u64::from(self.settings.files) * self.settings.frequencies_hz.len() as u64
    }

    /// The scan of `electrode` (from 1) at `frequency_hz` (one of the settings') and `index` (from 1).
    ///
    /// # Errors
    /// [`SimulationError`] if the experiment has no such electrode, frequency or index.
    pub fn sweep(&self, electrode: u8, frequency_hz: f64, index: u32) -> Result<SimulatedScan, SimulationError> {
        let settings = &self.settings;
        let position = usize::from(electrode).wrapping_sub(1);
        let (Some(properties), Some(responses)) = (self.electrodes.get(position), self.responses.get(position)) else {
            return Err(SimulationError::UnknownElectrode(electrode));
        };
        let responses = settings
            .frequencies_hz
            .iter()
            .position(|known| known.to_bits() == frequency_hz.to_bits())
            .and_then(|k| responses.get(k))
            .ok_or(SimulationError::UnknownFrequency(frequency_hz))?;
        if !(1..=settings.files).contains(&index) {
            return Err(SimulationError::UnknownIndex(index));
        }

        let program = &settings.program;
        let run_fraction = f64::from(index - 1) / f64::from(settings.files.max(2) - 1);
        let concentration_m = self.concentration.concentration_m(index);
        let occupancy = occupancy(concentration_m, settings.dissociation_m);
        let remaining = settings.drift.remaining(run_fraction, frequency_hz);
        let gain = properties.sensitivity * remaining;
        let mix = |unbound: f64, bound: f64| gain * ((1.0 - occupancy) * unbound + occupancy * bound);
        let background = properties.background(settings, electrode, frequency_hz, run_fraction);

        let mut random = RandomStream::keyed(settings.seed, Purpose::Scan, electrode, frequency_hz, index);
        // The double layer is not yet charged when the first points are sampled: the current starts too small.
        let start = -random.between(0.15, 0.3);
        let decay = random.between(0.05, 0.15);
        let white_a = settings.noise_a * (frequency_hz / 15.0).sqrt() * std::f64::consts::FRAC_1_SQRT_2;
        let flicker_a = settings.noise_a * (frequency_hz / 15.0).sqrt() * FLICKER_SHARE;
        let mut flicker = FlickerNoise::start(&mut random);

        let points = program.points();
        let middle_v = 0.5 * (program.initial_potential_v + program.final_potential_v);
        let mut scan = SimulatedScan::with_capacity(electrode, frequency_hz, index, points);
        for k in 0..points {
            let potential_v = program.potential_v(k);
            let forward = mix(responses.unbound.forward_a[k], responses.bound.forward_a[k]);
            let reverse = mix(responses.unbound.reverse_a[k], responses.bound.reverse_a[k]);
            let background_a = background.at(potential_v - middle_v) * -program.direction();
            let transient_a = match k {
                0 => start * background_a,
                1 => start * decay * background_a,
                _ => 0.0,
            };
            let charging_a = background_a + transient_a;
            let forward_a = forward
                + FORWARD_SHARE * charging_a
                + white_a * random.normal()
                + flicker_a * flicker.next(&mut random);
            let reverse_a = reverse - (1.0 - FORWARD_SHARE) * charging_a + white_a * random.normal();
            scan.potential_v.push(potential_v);
            scan.forward_a.push(forward_a);
            scan.reverse_a.push(reverse_a);
            scan.difference_a.push(forward_a - reverse_a);
            scan.truth.faradaic_a.push(forward - reverse);
            scan.truth.background_a.push(background_a);
            scan.truth.transient_a.push(transient_a);
        }
        let peak = locate_peak(
            &scan.truth.faradaic_a,
            program.potential_v(0),
            program.direction() * program.increment_v,
        );
        scan.truth.height_a = peak.height_a;
        scan.truth.peak_potential_v = peak.potential_v;
        scan.truth.width_v = peak.width_v;
        scan.truth.concentration_m = concentration_m;
        scan.truth.occupancy = occupancy;
        scan.truth.remaining = remaining;
        Ok(scan)
    }

    /// The scans of all electrodes at one frequency and index: the content of one file.
    ///
    /// # Errors
    /// As [`Experiment::sweep`].
    pub fn scans(&self, frequency_hz: f64, index: u32) -> Result<Vec<SimulatedScan>, SimulationError> {
        (1..=self.settings.electrodes)
            .map(|electrode| self.sweep(electrode, frequency_hz, index))
            .collect()
    }
}

impl Run for Experiment {
    fn electrodes(&self) -> u8 {
        self.settings.electrodes
    }

    fn indices(&self) -> u32 {
        self.settings.files
    }

    fn frequencies_hz(&self) -> &[f64] {
        &self.settings.frequencies_hz
    }

    fn duration_s(&self, _index: u32, position: usize) -> f64 {
        let frequency_hz = self.settings.frequencies_hz.get(position);
        frequency_hz.map_or(0.0, |&frequency_hz| self.settings.program.duration_s(frequency_hz))
    }

    fn starts_after_s(&self, index: u32, position: usize) -> f64 {
        let duration_s = |scans: usize| (0..scans).map(|scan| self.duration_s(index, scan)).sum::<f64>();
        f64::from(index - 1) * duration_s(self.settings.frequencies_hz.len()) + duration_s(position)
    }

    fn content(
        &self,
        slot: &Slot,
        format: FileFormat,
        name: &str,
        measured_at: DateTime,
    ) -> Result<FileContent, SimulationError> {
        ScanFile::of_slot(self, slot, name, measured_at)?.content(format)
    }
}

impl Electrode {
    fn draw(settings: &ExperimentSettings, number: u8) -> Self {
        let mut random = RandomStream::keyed(settings.seed, Purpose::Electrode, number, 0.0, 0);
        Self {
            sensitivity: (settings.sensitivity_spread * random.normal()).exp(),
            formal_potential_v: settings.reporter.formal_potential_v + FORMAL_POTENTIAL_SPREAD_V * random.normal(),
            background: (0.2 * random.normal()).exp(),
            slope: random.between(-0.35, 0.1),
            curvature: random.between(0.02, 0.12),
        }
    }

    fn responses(&self, settings: &ExperimentSettings, frequency_hz: f64) -> Responses {
        let reporter = Reporter {
            formal_potential_v: self.formal_potential_v,
            ..settings.reporter
        };
        let response = |rate_per_s: f64| surface_square_wave(&reporter, rate_per_s, frequency_hz, &settings.program);
        Responses {
            unbound: response(settings.unbound_rate_per_s),
            bound: response(settings.bound_rate_per_s),
        }
    }

    /// The background at a moment of the run: slow waves of a few per cent whose phases belong to the electrode.
    fn background(
        &self,
        settings: &ExperimentSettings,
        electrode: u8,
        frequency_hz: f64,
        run_fraction: f64,
    ) -> Background {
        let mut random = RandomStream::keyed(settings.seed, Purpose::Background, electrode, frequency_hz, 0);
        let mut wave = |cycles: f64| (TAU * (cycles * run_fraction + random.uniform())).sin();
        Background {
            level_a: settings.background_a
                * (frequency_hz / 15.0).powf(0.7)
                * self.background
                * (1.0 + 0.03 * wave(1.3) + 0.01 * wave(5.1)),
            slope: self.slope + 0.02 * wave(0.8),
            curvature: self.curvature * (1.0 + 0.1 * wave(1.7)),
        }
    }
}

impl Background {
    fn at(&self, from_middle_v: f64) -> f64 {
        let u = from_middle_v / BACKGROUND_SCALE_V;
        self.level_a * (1.0 + self.slope * u + self.curvature * u * u)
    }
}

impl SimulatedScan {
    fn with_capacity(electrode: u8, frequency_hz: f64, index: u32, points: usize) -> Self {
        let column = || Vec::with_capacity(points);
        Self {
            electrode,
            frequency_hz,
            index,
            potential_v: column(),
            forward_a: column(),
            reverse_a: column(),
            difference_a: column(),
            truth: Truth {
                faradaic_a: column(),
                background_a: column(),
                transient_a: column(),
                height_a: 0.0,
                peak_potential_v: 0.0,
                width_v: None,
                concentration_m: 0.0,
                occupancy: 0.0,
                remaining: 1.0,
            },
        }
    }
}
