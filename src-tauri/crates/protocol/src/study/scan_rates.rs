//! Peaks of cyclic voltammograms against the scan rate (`docs/methods/cv.md`).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::LeftOut;
use crate::measurement::PeakProcess;

/// What is known of couple and electrode. Without an error a number is taken as exact.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Couple {
    /// Electrons per molecule; null = what the settings say.
    pub electrons: Option<u32>,
    /// Area of the electrode, m²; null = what the settings say.
    pub area_m2: Option<f64>,
    /// Its standard error, m².
    pub area_error_m2: Option<f64>,
    /// Concentration in solution, mol/m³ (the same number as mmol/l).
    pub concentration_mol_m3: Option<f64>,
    /// Its standard error, mol/m³.
    pub concentration_error_mol_m3: Option<f64>,
    /// Temperature, K; null = 298.15.
    pub temperature_k: Option<f64>,
    /// Its standard error, K.
    pub temperature_error_k: Option<f64>,
}

/// What limits the current.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Regime {
    /// The couple is bound to the surface: the peak grows with the scan rate.
    Surface,
    /// The couple diffuses to the electrode: the peak grows with its square root.
    Diffusion,
}

/// A study over voltammograms at several scan rates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ScanRates {
    /// Every peak that counts.
    pub peaks: Vec<RatePeak>,
    /// One for each electrode and process.
    pub studies: Vec<RateStudy>,
    /// Measurements that do not count.
    pub left_out: Vec<LeftOut>,
}

/// A peak and its scan rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RatePeak {
    /// Session or set of files that it is from, by name.
    pub source: String,
    /// Its file.
    pub file: String,
    /// Electrode; null for an averaged trace.
    pub electrode: Option<u32>,
    /// Segment of the voltammogram.
    pub segment: u32,
    /// Cycle.
    pub cycle: Option<u32>,
    /// Oxidation or reduction.
    pub process: PeakProcess,
    /// V/s.
    pub scan_rate_v_s: f64,
    /// Signed height above the baseline, A.
    pub peak_current_a: f64,
    /// V.
    pub peak_potential_v: Option<f64>,
}

/// A straight line with its standard errors.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct RateLine {
    /// Slope.
    pub slope: f64,
    /// Its standard error.
    pub slope_error: Option<f64>,
    /// Value at 0.
    pub intercept: f64,
    /// Its standard error.
    pub intercept_error: Option<f64>,
    /// Share of the variance that the line explains.
    pub r_squared: Option<f64>,
}

/// How one kind of peak of one electrode depends on the scan rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RateStudy {
    /// Electrode; null for an averaged trace.
    pub electrode: Option<u32>,
    /// Oxidation or reduction.
    pub process: PeakProcess,
    /// Peaks.
    pub peaks: u32,
    /// Different scan rates.
    pub rates: u32,
    /// Peak current against scan rate; slope in A s/V.
    pub against_rate: Option<RateLine>,
    /// Peak current against the root of the scan rate; slope in A (s/V)^½.
    pub against_root: Option<RateLine>,
    /// Decadic logarithms of both; the slope is 1 for a surface-bound, ½ for a diffusing couple.
    pub log_log: Option<RateLine>,
    /// The line that leaves the smaller residuals.
    pub better: Option<Regime>,
    /// Whether that is beyond chance.
    pub clear: Option<bool>,
    /// Why there are no lines.
    pub reason: Option<String>,
    /// The same for people.
    pub message: Option<String>,
    /// Diffusion coefficient of a reversible couple by Randles and Ševčík, m²/s.
    pub diffusion_coefficient_m2_s: Option<f64>,
    /// Its standard error, m²/s.
    pub diffusion_coefficient_error_m2_s: Option<f64>,
    /// Why there is none.
    pub diffusion_coefficient_reason: Option<String>,
    /// Surface coverage of an ideal bound couple, mol/m².
    pub surface_coverage_mol_m2: Option<f64>,
    /// Its standard error, mol/m².
    pub surface_coverage_error_mol_m2: Option<f64>,
    /// Why there is none.
    pub surface_coverage_reason: Option<String>,
}
