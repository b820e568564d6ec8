//! The columns of a series: those of every technique, and behind them those of its own.

use protocol::columns::Columns;
use protocol::mark::MarkedByHand;
use protocol::measurement::{CaNumbers, CvNumbers, Direction, PeakProcess};
use protocol::settings::Technique;

use crate::clock;
use crate::store::SeriesRow;

const COMMON: [&str; 17] = [
    "measurement",
    "electrode",
    "frequency_hz",
    "index",
    "time_s",
    "status",
    "peak_current_a",
    "peak_potential_v",
    "baseline_current_a",
    "area_va",
    "fwhm_v",
    "snr",
    "quality",
    "excluded",
    "revision",
    "duplicate",
    "marked",
];

const OF_MAP: [&str; 1] = ["charge_c"];

const OF_CV: [&str; 11] = [
    "segment",
    "cycle",
    "direction",
    "process",
    "charge_c",
    "peak_separation_v",
    "half_wave_potential_v",
    "half_peak_potential_v",
    "peak_ratio",
    "surface_coverage_mol_m2",
    "scan_rate_v_s",
];

const OF_CA: [&str; 13] = [
    "step",
    "tau1_s",
    "tau2_s",
    "amplitude1_a",
    "amplitude2_a",
    "offset_a",
    "half_life1_s",
    "half_life2_s",
    "tau1_error_s",
    "tau2_error_s",
    "r_squared",
    "cottrell_slope_a_sqrt_s",
    "diffusion_m2_s",
];

/// A series on its way to its columns.
pub struct SeriesColumns {
    technique: Technique,
    cells: Vec<Option<f64>>,
    /// The columns so far.
    pub columns: Columns,
}

impl SeriesColumns {
    /// Those of a technique. A series of square-wave voltammograms has nothing beside the common ones, and costs nothing more.
    pub fn new(technique: Technique, about: serde_json::Value) -> Self {
        let own: &[&'static str] = match technique {
            Technique::Swv => &[],
            Technique::FrequencyMap => &OF_MAP,
            Technique::Cv => &OF_CV,
            Technique::Ca => &OF_CA,
        };
        let names: Vec<&'static str> = COMMON.iter().chain(own).copied().collect();
        Self {
            technique,
            cells: Vec::with_capacity(names.len()),
            columns: Columns::new(&names, about),
        }
    }

    /// Adds a row.
    pub fn push(&mut self, row: &SeriesRow) {
        let more = row.more.as_deref();
        self.cells.clear();
        self.cells.extend(common(row));
        match self.technique {
            Technique::Swv => {}
            Technique::FrequencyMap => self.cells.push(row.charge_c),
            Technique::Cv => self.cells.extend(of_cv(row, more.and_then(|more| more.cv.as_ref()))),
            Technique::Ca => self.cells.extend(of_ca(more.and_then(|more| more.ca.as_ref()))),
        }
        self.columns.push(&self.cells);
    }
}

fn common(row: &SeriesRow) -> [Option<f64>; 17] {
    let code = |word: &str, words: &[&str]| words.iter().position(|w| *w == word).map(|k| k as f64);
    [
        Some(row.measurement as f64),
        row.electrode.map(f64::from),
        row.frequency_hz,
        row.index.map(f64::from),
        row.time.as_deref().and_then(clock::seconds),
        code(&row.status, &["ok", "warning", "failed"]),
        row.peak_current_a,
        row.peak_potential_v,
        row.baseline_current_a,
        row.area_va,
        row.fwhm_v,
        row.snr,
        row.quality
            .as_deref()
            .and_then(|q| code(q, &["pass", "warning", "fail"])),
        Some(f64::from(u8::from(row.excluded))),
        Some(f64::from(row.revision)),
        Some(f64::from(u8::from(row.reason.as_deref() == Some("duplicate_index")))),
        Some(marked(row.more.as_ref().and_then(|more| more.marked_by_hand))),
    ]
}

fn marked(by_hand: Option<MarkedByHand>) -> f64 {
    match by_hand {
        None => 0.0,
        Some(MarkedByHand::Peak) => 1.0,
        Some(MarkedByHand::Baseline) => 2.0,
        Some(MarkedByHand::PeakAndBaseline) => 3.0,
    }
}

fn of_cv(row: &SeriesRow, cv: Option<&CvNumbers>) -> [Option<f64>; 11] {
    let direction = |cv: &CvNumbers| match cv.direction {
        Direction::Forward => 0.0,
        Direction::Reverse => 1.0,
    };
    let process = |process: PeakProcess| match process {
        PeakProcess::Anodic => 0.0,
        PeakProcess::Cathodic => 1.0,
    };
    [
        row.segment.map(f64::from),
        cv.and_then(|cv| cv.cycle).map(f64::from),
        cv.map(direction),
        cv.and_then(|cv| cv.process).map(process),
        row.charge_c,
        cv.and_then(|cv| cv.peak_separation_v),
        cv.and_then(|cv| cv.half_wave_potential_v),
        cv.and_then(|cv| cv.half_peak_potential_v),
        cv.and_then(|cv| cv.peak_ratio),
        cv.and_then(|cv| cv.surface_coverage_mol_m2),
        cv.and_then(|cv| cv.scan_rate_v_s),
    ]
}

fn of_ca(ca: Option<&CaNumbers>) -> [Option<f64>; 13] {
    let number = |of: fn(&CaNumbers) -> Option<f64>| ca.and_then(of);
    [
        ca.and_then(|ca| ca.step).map(f64::from),
        number(|ca| ca.tau1_s),
        number(|ca| ca.tau2_s),
        number(|ca| ca.amplitude1_a),
        number(|ca| ca.amplitude2_a),
        number(|ca| ca.offset_a),
        number(|ca| ca.half_life1_s),
        number(|ca| ca.half_life2_s),
        number(|ca| ca.tau1_error_s),
        number(|ca| ca.tau2_error_s),
        number(|ca| ca.r_squared),
        number(|ca| ca.cottrell_slope_a_sqrt_s),
        number(|ca| ca.diffusion_m2_s),
    ]
}
