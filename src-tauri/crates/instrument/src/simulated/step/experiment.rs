//! A whole run of potential steps: any decay of it, in any order.

use super::super::binding::{ConcentrationProfile, Injection, occupancy};
use super::super::content::FileContent;
use super::super::error::SimulationError;
use super::super::file::FileFormat;
use super::super::kinetics::{FARADAY_C_PER_MOL, GAS_J_PER_MOL_K, Reporter};
use super::super::noise::{Purpose, RandomStream};
use super::super::run::{Run, Slot};
use super::super::writers::{chi_text, csv_text, gamry_dta, pstrace_csv};
use super::scan::{StepScan, StepTruth};
use super::settings::StepSettings;
use jiff::civil::DateTime;

/// Spread of the formal potential between electrodes, standard deviation in V.
const FORMAL_POTENTIAL_SPREAD_V: f64 = 0.003;
/// The loss of signal is that of square waves at this frequency, in Hz.
const DRIFT_FREQUENCY_HZ: f64 = 100.0;

/// A simulated run of potential steps: the same settings always give the same decays.
#[derive(Debug, Clone)]
pub struct StepExperiment {
    settings: StepSettings,
    concentration: ConcentrationProfile,
    electrodes: Vec<Electrode>,
}

/// What distinguishes an electrode from the others.
#[derive(Debug, Clone, Copy)]
struct Electrode {
    sensitivity: f64,
    formal_potential_v: f64,
    capacitance: f64,
    offset: f64,
}

impl StepExperiment {
    /// Checks the settings and draws the electrodes.
    ///
    /// # Errors
    /// [`SimulationError`] names the first rule that the settings break.
    pub fn new(settings: StepSettings) -> Result<Self, SimulationError> {
        settings.check()?;
        let draw = |number| {
            let mut random = RandomStream::keyed(settings.seed, Purpose::StepElectrode, number, 0.0, 0);
            Electrode {
                sensitivity: (settings.sensitivity_spread * random.normal()).exp(),
                formal_potential_v: settings.reporter.formal_potential_v + FORMAL_POTENTIAL_SPREAD_V * random.normal(),
                capacitance: (0.15 * random.normal()).exp(),
                offset: random.between(0.5, 1.5),
            }
        };
        let electrodes = (1..=settings.electrodes).map(draw).collect();
        let concentration = settings
            .concentration
            .clone()
            .unwrap_or_else(|| ConcentrationProfile::titration(settings.files));
        Ok(Self {
            settings,
            concentration,
            electrodes,
        })
    }

    /// What is simulated.
    pub fn settings(&self) -> &StepSettings {
        &self.settings
    }

    /// The changes of the target concentration: where a scientist would set markers.
    pub fn injections(&self) -> &[Injection] {
        &self.concentration.injections
    }

    /// The decay of `electrode` (from 1) at `index` (from 1).
    ///
    /// # Errors
    /// [`SimulationError`] if the run has no such electrode or index.
    pub fn scan(&self, electrode: u8, index: u32) -> Result<StepScan, SimulationError> {
        let settings = &self.settings;
        let properties = self
            .electrodes
            .get(usize::from(electrode).wrapping_sub(1))
            .ok_or(SimulationError::UnknownElectrode(electrode))?;
        if !(1..=settings.files).contains(&index) {
            return Err(SimulationError::UnknownIndex(index));
        }
        let truth = self.truth(properties, index);
        let mut random = RandomStream::keyed(settings.seed, Purpose::StepScan, electrode, 0.0, index);
        let time_s: Vec<f64> = (0..settings.program.points())
            .map(|k| settings.program.time_s(k))
            .collect();
        let current_a = time_s
            .iter()
            .map(|&time_s| truth.current_a(time_s) + settings.noise_a * random.normal())
            .collect();
        Ok(StepScan {
            electrode,
            index,
            time_s,
            current_a,
            truth,
        })
    }

    fn truth(&self, properties: &Electrode, index: u32) -> StepTruth {
        let settings = &self.settings;
        let program = &settings.program;
        let run_fraction = f64::from(index - 1) / f64::from(settings.files.max(2) - 1);
        let remaining = settings.drift.remaining(run_fraction, DRIFT_FREQUENCY_HZ);
        let concentration_m = self.concentration.concentration_m(index);
        let occupancy = occupancy(concentration_m, settings.dissociation_m);
        let reporter = Reporter {
            formal_potential_v: properties.formal_potential_v,
            ..settings.reporter
        };
        let (rest, _) = equilibrium_and_speed(&reporter, program.rest_potential_v);
        let (step, speed) = equilibrium_and_speed(&reporter, program.step_potential_v);
        let rate_per_s =
            speed * ((1.0 - occupancy) * settings.unbound_rate_per_s + occupancy * settings.bound_rate_per_s);
        let step_v = program.rest_potential_v - program.step_potential_v;
        // What the layer loses, the electrolyte takes: the capacitance grows as the signal goes.
        let capacitance_f = settings.capacitance_f * properties.capacitance * (1.5 - 0.5 * remaining);
        StepTruth {
            tau1_s: settings.resistance_ohm * capacitance_f,
            amplitude1_a: step_v / settings.resistance_ohm,
            tau2_s: 1.0 / rate_per_s,
            amplitude2_a: properties.sensitivity * remaining * reporter.layer_charge_c * (rest - step) * rate_per_s,
            offset_a: settings.offset_a * properties.offset,
            concentration_m,
            occupancy,
            remaining,
        }
    }
}

/// Oxidised fraction in equilibrium, and `(k_red + k_ox) / k0`, at a potential.
fn equilibrium_and_speed(reporter: &Reporter, potential_v: f64) -> (f64, f64) {
    let per_volt = reporter.electrons * FARADAY_C_PER_MOL / (GAS_J_PER_MOL_K * reporter.temperature_k);
    let xi = per_volt * (potential_v - reporter.formal_potential_v);
    let alpha = reporter.transfer_coefficient;
    (
        1.0 / (1.0 + (-xi).exp()),
        (-alpha * xi).exp() + ((1.0 - alpha) * xi).exp(),
    )
}

impl Run for StepExperiment {
    fn electrodes(&self) -> u8 {
        self.settings.electrodes
    }

    fn indices(&self) -> u32 {
        self.settings.files
    }

    fn frequencies_hz(&self) -> &[f64] {
        &[]
    }

    fn duration_s(&self, _index: u32, _position: usize) -> f64 {
        self.settings.program.quiet_time_s + self.settings.program.duration_s
    }

    fn starts_after_s(&self, index: u32, position: usize) -> f64 {
        f64::from(index.saturating_sub(1)) * self.duration_s(index, position)
    }

    fn content(
        &self,
        slot: &Slot,
        format: FileFormat,
        name: &str,
        measured_at: DateTime,
    ) -> Result<FileContent, SimulationError> {
        let scans = slot.scans(self.settings.electrodes, |electrode| self.scan(electrode, slot.index))?;
        format.check(scans.len())?;
        let file = StepFile {
            settings: &self.settings,
            measured_at,
            name,
            scans,
        };
        let text = match format {
            FileFormat::Csv => csv_text::step(&file),
            FileFormat::ChiText => chi_text::step(&file),
            FileFormat::GamryDta => gamry_dta::step(&file),
            FileFormat::PstraceCsv => pstrace_csv::step(&file),
        };
        Ok(FileContent::new(text, format.encoding()))
    }
}

/// One file of decays.
pub(in super::super) struct StepFile<'a> {
    pub(in super::super) settings: &'a StepSettings,
    pub(in super::super) measured_at: DateTime,
    pub(in super::super) name: &'a str,
    pub(in super::super) scans: Vec<StepScan>,
}
