//! What is particular to a measurement of chronoamperometry.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::settings::CaModel;

/// The decay `i(t) = offset + Σ amplitude·exp(-(t - t0)/τ)` that was fitted, t0 being the beginning of the fit.
/// `tau1_s` is the shorter time constant. Errors are standard errors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CaNumbers {
    /// Number of exponentials that were fitted.
    pub model: CaModel,
    /// Time constant, s.
    pub tau1_s: Option<f64>,
    /// Time constant of the second exponential, s.
    pub tau2_s: Option<f64>,
    /// Amplitude, A.
    pub amplitude1_a: Option<f64>,
    /// Amplitude of the second exponential, A.
    pub amplitude2_a: Option<f64>,
    /// What the current decays to, A.
    pub offset_a: Option<f64>,
    /// Standard error of `tau1_s`, s.
    pub tau1_error_s: Option<f64>,
    /// Standard error of `tau2_s`, s.
    pub tau2_error_s: Option<f64>,
    /// Half-life τ1·ln 2, s.
    pub half_life1_s: Option<f64>,
    /// Half-life τ2·ln 2, s.
    pub half_life2_s: Option<f64>,
    /// Share of the variance that the fit explains.
    pub r_squared: Option<f64>,
    /// Slope of the current against the inverse square root of time in the Cottrell region, A·√s.
    pub cottrell_slope_a_sqrt_s: Option<f64>,
    /// R² of that line.
    pub cottrell_r_squared: Option<f64>,
}
