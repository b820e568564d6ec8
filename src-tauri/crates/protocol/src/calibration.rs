//! Binding curves of a session.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::settings::MeasuredResponse;

/// One binding curve: that of an electrode, or the one of all electrodes together. Its numbers are null where there is none, and the reason
/// says why. Concentrations are mol/L, responses have the unit of the trend (per cent for KDM, none else).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct SessionCalibration {
    /// Electrode; null for an averaged trace and for all electrodes together.
    pub electrode: Option<u32>,
    /// Whether the points of all electrodes were fitted together.
    pub pooled: bool,
    /// What was calibrated.
    pub response: Option<MeasuredResponse>,
    /// Whether the response was corrected for drift before.
    pub drift_corrected: bool,
    /// Concentration at half of the span.
    pub k_m: Option<f64>,
    /// Standard error of `k_m`.
    pub k_error_m: Option<f64>,
    /// Interval of `k_m`, lower end.
    pub k_low_m: Option<f64>,
    /// Upper end.
    pub k_high_m: Option<f64>,
    /// Response without target.
    pub y_min: Option<f64>,
    /// Standard error of `y_min`.
    pub y_min_error: Option<f64>,
    /// Interval of `y_min`, lower end.
    pub y_min_low: Option<f64>,
    /// Upper end.
    pub y_min_high: Option<f64>,
    /// Response at saturation.
    pub y_max: Option<f64>,
    /// Standard error of `y_max`.
    pub y_max_error: Option<f64>,
    /// Interval of `y_max`, lower end.
    pub y_max_low: Option<f64>,
    /// Upper end.
    pub y_max_high: Option<f64>,
    /// Hill coefficient.
    pub hill: Option<f64>,
    /// Its standard error; null where it was given.
    pub hill_error: Option<f64>,
    /// Interval of the Hill coefficient, lower end.
    pub hill_low: Option<f64>,
    /// Upper end.
    pub hill_high: Option<f64>,
    /// Lowest concentration that can be told from the blank.
    pub limit_of_detection_m: Option<f64>,
    /// Standard deviation by which that was judged.
    pub blank_deviation: Option<f64>,
    /// Where it comes from: `blank` or `residuals`.
    pub blank_source: Option<String>,
    /// Why there is no limit of detection.
    pub limit_of_detection_reason: Option<String>,
    /// Concentration at 10 % of the span.
    pub dynamic_range_low_m: Option<f64>,
    /// Concentration at 90 % of the span.
    pub dynamic_range_high_m: Option<f64>,
    /// Share of the variance that the curve explains; null for a given curve.
    pub r_squared: Option<f64>,
    /// Standard deviation of a point about the curve.
    pub residual_deviation: Option<f64>,
    /// Points less fitted parameters.
    pub degrees_of_freedom: Option<u32>,
    /// Probability of the intervals.
    pub confidence: f64,
    /// Lowest concentration of the titration.
    pub lowest_m: Option<f64>,
    /// Highest concentration of the titration.
    pub highest_m: Option<f64>,
    /// Covariance of `y_min, y_max, ln K, n`; empty without a curve.
    pub covariance: Vec<Vec<f64>>,
    /// The points of the titration; none for a given curve.
    pub points: Vec<CalibrationPoint>,
    /// Concentrations of the steps without any number.
    pub steps_without_value_m: Vec<f64>,
    /// Why there is no curve.
    pub reason: Option<String>,
    /// The same for people, with what to do next.
    pub message: Option<String>,
}

/// A point of a titration.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct CalibrationPoint {
    /// Electrode; null for an averaged trace.
    pub electrode: Option<u32>,
    /// mol/L.
    pub concentration_m: f64,
    /// Response.
    pub value: f64,
    /// Scans that it is the mean of.
    pub count: u32,
    /// Their standard deviation.
    pub deviation: Option<f64>,
    /// Response less curve; null without a curve.
    pub residual: Option<f64>,
}
