//! What is particular to a measurement of chronoamperometry.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::settings::CaModel;

/// The decay `i(t) = offset + Σ amplitude·exp(-(t - t0)/τ)` that was fitted, t being the time after the step and t0 the
/// beginning of the fit. `tau1_s` is the shorter time constant. Errors are standard errors.
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
    /// Number of the step in the file, from 1.
    pub step: Option<u32>,
    /// Steps that were measured as one.
    pub repeats: Option<u32>,
    /// Potential that the step leads to, V.
    pub step_potential_v: Option<f64>,
    /// When the step was made, on the file's own clock, s.
    pub step_start_s: Option<f64>,
    /// Standard error of `amplitude1_a`, A.
    pub amplitude1_error_a: Option<f64>,
    /// Standard error of `amplitude2_a`, A.
    pub amplitude2_error_a: Option<f64>,
    /// Standard error of `offset_a`, A.
    pub offset_error_a: Option<f64>,
    /// Standard error of `half_life1_s`, s.
    pub half_life1_error_s: Option<f64>,
    /// Standard error of `half_life2_s`, s.
    pub half_life2_error_s: Option<f64>,
    /// t0, the first point that was fitted, s after the step.
    pub fit_start_s: Option<f64>,
    /// The last point that was fitted, s after the step.
    pub fit_end_s: Option<f64>,
    /// Points that were fitted.
    pub fit_points: Option<u32>,
    /// Standard deviation of the points about the fit, A.
    pub residual_deviation_a: Option<f64>,
    /// Correlation of neighbouring residuals: near 0 where they scatter, near 1 where they follow a curve.
    pub residual_correlation: Option<f64>,
    /// Standard error of the Cottrell slope, A·√s.
    pub cottrell_slope_error_a_sqrt_s: Option<f64>,
    /// Current at which the Cottrell line ends at long times, A.
    pub cottrell_intercept_a: Option<f64>,
    /// First point of the Cottrell region, s after the step.
    pub cottrell_start_s: Option<f64>,
    /// Last point of the Cottrell region, s after the step.
    pub cottrell_end_s: Option<f64>,
    /// Diffusion coefficient from the Cottrell slope, m²/s; null where area or concentration are not given.
    pub diffusion_m2_s: Option<f64>,
    /// Its standard error from that of the slope, m²/s.
    pub diffusion_error_m2_s: Option<f64>,
}

impl CaNumbers {
    /// A model without any number yet.
    pub const fn without_numbers(model: CaModel) -> Self {
        Self {
            model,
            tau1_s: None,
            tau2_s: None,
            amplitude1_a: None,
            amplitude2_a: None,
            offset_a: None,
            tau1_error_s: None,
            tau2_error_s: None,
            half_life1_s: None,
            half_life2_s: None,
            r_squared: None,
            cottrell_slope_a_sqrt_s: None,
            cottrell_r_squared: None,
            step: None,
            repeats: None,
            step_potential_v: None,
            step_start_s: None,
            amplitude1_error_a: None,
            amplitude2_error_a: None,
            offset_error_a: None,
            half_life1_error_s: None,
            half_life2_error_s: None,
            fit_start_s: None,
            fit_end_s: None,
            fit_points: None,
            residual_deviation_a: None,
            residual_correlation: None,
            cottrell_slope_error_a_sqrt_s: None,
            cottrell_intercept_a: None,
            cottrell_start_s: None,
            cottrell_end_s: None,
            diffusion_m2_s: None,
            diffusion_error_m2_s: None,
        }
    }
}
