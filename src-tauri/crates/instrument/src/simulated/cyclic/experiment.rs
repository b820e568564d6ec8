//! A whole run of cyclic voltammograms: any scan of it, in any order.

use super::super::content::FileContent;
use super::super::error::SimulationError;
use super::super::file::FileFormat;
use super::super::kinetics::Reporter;
use super::super::noise::{Purpose, RandomStream};
use super::super::run::{Run, Slot};
use super::super::writers::{chi_text, csv_text, gamry_dta, pstrace_csv};
use super::scan::{CyclicScan, CyclicTruth, cycles};
use super::settings::{Couple, CyclicSettings};
use super::{solution, surface};
use jiff::civil::DateTime;

/// Spread of the formal potential between electrodes, standard deviation in V.
const FORMAL_POTENTIAL_SPREAD_V: f64 = 0.003;
/// Part of its first value by which the capacitance grows over a run, as a layer is lost.
const CAPACITANCE_GROWTH: f64 = 0.25;
/// What is left of the start's disorder from one point to the next, and for how many points it is there.
const START_DECAY: f64 = 0.35;
const START_POINTS: usize = 3;

/// A simulated run of cyclic voltammograms: the same settings always give the same scans.
#[derive(Debug, Clone)]
pub struct CyclicExperiment {
    settings: CyclicSettings,
    electrodes: Vec<Electrode>,
}

/// What distinguishes an electrode from the others.
#[derive(Debug, Clone, Copy)]
struct Electrode {
    sensitivity: f64,
    formal_shift_v: f64,
    capacitance: f64,
    leak: f64,
}

impl CyclicExperiment {
    /// Checks the settings and draws the electrodes.
    ///
    /// # Errors
    /// [`SimulationError`] names the first rule that the settings break.
    pub fn new(settings: CyclicSettings) -> Result<Self, SimulationError> {
        settings.check()?;
        let draw = |number| {
            let mut random = RandomStream::keyed(settings.seed, Purpose::CyclicElectrode, number, 0.0, 0);
            Electrode {
                sensitivity: (settings.sensitivity_spread * random.normal()).exp(),
                formal_shift_v: FORMAL_POTENTIAL_SPREAD_V * random.normal(),
                capacitance: (0.15 * random.normal()).exp(),
                leak: random.between(0.5, 1.5),
            }
        };
        let electrodes = (1..=settings.electrodes).map(draw).collect();
        Ok(Self { settings, electrodes })
    }

    /// What is simulated.
    pub fn settings(&self) -> &CyclicSettings {
        &self.settings
    }

    /// The scan of `electrode` (from 1) at `index` (from 1).
    ///
    /// # Errors
    /// [`SimulationError`] if the run has no such electrode or index.
    pub fn scan(&self, electrode: u8, index: u32) -> Result<CyclicScan, SimulationError> {
        let settings = &self.settings;
        let properties = self
            .electrodes
            .get(usize::from(electrode).wrapping_sub(1))
            .ok_or(SimulationError::UnknownElectrode(electrode))?;
        if !(1..=settings.files).contains(&index) {
            return Err(SimulationError::UnknownIndex(index));
        }
        let program = &settings.program;
        let scan_rate_v_s = program.scan_rate_v_s(index);
        // A round of scan rates is one study: nothing is lost within it. All rates lose alike: it is the couple itself.
        let rates = u32::try_from(program.scan_rates_v_s.len()).unwrap_or(u32::MAX).max(1);
        let rounds = settings.files.div_ceil(rates);
        let run_fraction = f64::from((index - 1) / rates) / f64::from(rounds.max(2) - 1);
        let remaining = settings.drift.remaining(run_fraction, 100.0);
        let gain = properties.sensitivity * remaining;
        let shift_v = properties.formal_shift_v - settings.reference_drift_v * run_fraction;
        let (mut faradaic_a, formal_potential_v, layer_charge_c) = match settings.couple {
            Couple::Surface { reporter, rate_per_s } => {
                let moved = Reporter {
                    formal_potential_v: reporter.formal_potential_v + shift_v,
                    layer_charge_c: gain * reporter.layer_charge_c,
                    ..reporter
                };
                let current_a = surface::current_a(&moved, rate_per_s, program, scan_rate_v_s);
                (current_a, moved.formal_potential_v, Some(moved.layer_charge_c))
            }
            Couple::Solution(couple) => {
                let mut moved = couple;
                moved.formal_potential_v += shift_v;
                moved.area_cm2 *= gain;
                let current_a = solution::current_a(&moved, program, scan_rate_v_s);
                (current_a, moved.formal_potential_v, None)
            }
        };

        let mut random = RandomStream::keyed(settings.seed, Purpose::CyclicScan, electrode, scan_rate_v_s, index);
        let capacitance_f = settings.capacitance_f * properties.capacitance * (1.0 + CAPACITANCE_GROWTH * run_fraction);
        let background = Background {
            settings,
            charging_a: capacitance_f * scan_rate_v_s,
            relaxation_points: (settings.resistance_ohm * capacitance_f * scan_rate_v_s / program.step_v).max(1e-3),
            leak_s: settings.leak_s * properties.leak,
        };
        let start_a = random.between(1.5, 4.0) * background.charging_a;
        let points = program.points();
        let column = || Vec::with_capacity(points);
        let mut scan = CyclicScan {
            electrode,
            index,
            scan_rate_v_s,
            time_s: column(),
            potential_v: column(),
            current_a: column(),
            cycle: Vec::with_capacity(points),
            end: (0.0, 0.0),
            truth: CyclicTruth {
                faradaic_a: Vec::new(),
                background_a: column(),
                transient_a: column(),
                cycles: Vec::new(),
                formal_potential_v,
                layer_charge_c,
                capacitance_f,
                remaining,
            },
        };
        for (k, faradaic_a) in faradaic_a.iter().enumerate().take(points) {
            let background_a = background.at_a(k);
            let transient_a = if k < START_POINTS {
                start_a * START_DECAY.powi(k as i32) * program.direction(0)
            } else {
                0.0
            };
            scan.time_s.push((k + 1) as f64 * program.step_v / scan_rate_v_s);
            scan.potential_v.push(program.potential_v(k as f64));
            scan.current_a
                .push(faradaic_a + background_a + transient_a + settings.noise_a * random.normal());
            scan.cycle.push(program.segment(k) / 2 + 1);
            scan.truth.background_a.push(background_a);
            scan.truth.transient_a.push(transient_a);
        }
        let end_a = faradaic_a.pop().unwrap_or(0.0) + background.at_a(points) + settings.noise_a * random.normal();
        scan.end = (program.potential_v(points as f64), end_a);
        scan.truth.cycles = cycles(program, &faradaic_a);
        scan.truth.faradaic_a = faradaic_a;
        Ok(scan)
    }
}

/// Charging and leak.
struct Background<'a> {
    settings: &'a CyclicSettings,
    charging_a: f64,
    relaxation_points: f64,
    leak_s: f64,
}

impl Background<'_> {
    /// `C v (1 - 2 exp(-t / RC))` after a turn, rising from 0 at the start; and a straight leak through the middle.
    fn at_a(&self, k: usize) -> f64 {
        let program = &self.settings.program;
        let segment = program.segment(k);
        let decayed = (-(program.since_turn(k) + 1.0) / self.relaxation_points).exp();
        let before = if segment == 0 { 1.0 } else { 2.0 };
        let middle_v = 0.5 * (program.first_vertex_v + program.second_vertex_v);
        let charging_a = program.direction(segment) * self.charging_a * (1.0 - before * decayed);
        charging_a + self.leak_s * (program.potential_v(k as f64) - middle_v)
    }
}

impl Run for CyclicExperiment {
    fn electrodes(&self) -> u8 {
        self.settings.electrodes
    }

    fn indices(&self) -> u32 {
        self.settings.files
    }

    fn frequencies_hz(&self) -> &[f64] {
        &[]
    }

    fn duration_s(&self, index: u32, _position: usize) -> f64 {
        self.settings.program.duration_s(index)
    }

    fn starts_after_s(&self, index: u32, _position: usize) -> f64 {
        let rates = u32::try_from(self.settings.program.scan_rates_v_s.len()).unwrap_or(u32::MAX);
        let before = index.saturating_sub(1);
        let sum_s = |indices: u32| (1..=indices).map(|k| self.settings.program.duration_s(k)).sum::<f64>();
        f64::from(before / rates) * sum_s(rates) + sum_s(before % rates)
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
        let file = CyclicFile {
            program: &self.settings.program,
            scan_rate_v_s: self.settings.program.scan_rate_v_s(slot.index),
            index: slot.index,
            measured_at,
            name,
            scans,
        };
        let text = match format {
            FileFormat::Csv => csv_text::cyclic(&file),
            FileFormat::ChiText => chi_text::cyclic(&file),
            FileFormat::GamryDta => gamry_dta::cyclic(&file),
            FileFormat::PstraceCsv => pstrace_csv::cyclic(&file),
        };
        Ok(FileContent::new(text, format.encoding()))
    }
}

/// One file of cyclic voltammograms.
pub(in super::super) struct CyclicFile<'a> {
    pub(in super::super) program: &'a super::CyclicProgram,
    pub(in super::super) scan_rate_v_s: f64,
    pub(in super::super) index: u32,
    pub(in super::super) measured_at: DateTime,
    pub(in super::super) name: &'a str,
    pub(in super::super) scans: Vec<CyclicScan>,
}
