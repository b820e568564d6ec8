//! The fit of a titration.

use super::detection;
use super::hill::{HillCurve, LN_K, N, Y_MAX, Y_MIN, occupancy, value_and_gradient};
use super::reason::CalibrationReason;
use super::result::{Calibration, Interval};
use super::titration::TitrationPoint;
use crate::fitting::{self, Bound, FitReason};
use crate::statistics::{f_upper_tail, linear_coefficients, student_t};

/// The Hill coefficient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Hill {
    /// Given; 1 is the Langmuir isotherm, one site without cooperativity.
    Fixed(f64),
    /// Fitted, from 0.1 to 10.
    Free,
}

/// What each point counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Weighting {
    /// All the same.
    #[default]
    Equal,
    /// The number of values that it is the mean of.
    Count,
    /// The inverse of its squared standard error, `count / deviation^2`.
    InverseVariance,
}

/// Settings of [`calibrate`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CalibrationSettings {
    /// The Hill coefficient.
    pub hill: Hill,
    /// What each point counts.
    pub weighting: Weighting,
    /// Probability of the intervals, above 0 and below 1.
    pub confidence: f64,
}

impl Default for CalibrationSettings {
    /// Langmuir isotherm, equal weights, intervals of 95 %.
    fn default() -> Self {
        Self {
            hill: Hill::Fixed(1.0),
            weighting: Weighting::Equal,
            confidence: 0.95,
        }
    }
}

/// `K` may lie outside the positive concentrations by this factor; beyond it nothing of the curve's bend is left.
const FARTHEST_K: f64 = 100.0;

/// The curve must improve on a constant more than chance does with this probability.
const SIGNIFICANCE: f64 = 0.01;

/// Greatest standard error of `ln K`, a factor of e.
const GREATEST_LOG_K_ERROR: f64 = 1.0;

/// Hill coefficients that can be fitted.
const HILL_RANGE: (f64, f64) = (0.1, 10.0);

/// Starts of ln K.
const STARTS: usize = 40;

/// Stands for `ln 0` in the fit, which takes finite numbers only: no share of any curve is left there.
const LN_BLANK: f64 = -1e6;

/// Fits `y(C) = y_min + (y_max - y_min) C^n / (C^n + K^n)` to the points, `C = 0` included.
///
/// Least squares in `y_min`, `y_max`, `ln K` and, where it is free, `n`; the start is the best of a grid of `K` (and `n`), at each of
/// which the other two follow linearly. Standard errors are those of the fit; intervals use Student's t, that of `K` is the one of `ln K`
/// transformed back. The value may rise or fall with the concentration.
///
/// # Errors
/// [`CalibrationReason`].
pub fn calibrate(points: &[TitrationPoint], settings: &CalibrationSettings) -> Result<Calibration, CalibrationReason> {
    let is_valid = |point: &TitrationPoint| {
        point.value.is_finite() && point.concentration_m.is_finite() && point.concentration_m >= 0.0
    };
    let hill_is_valid = match settings.hill {
        Hill::Fixed(n) => n.is_finite() && n > 0.0,
        Hill::Free => true,
    };
    if !points.iter().all(is_valid) || !hill_is_valid {
        return Err(CalibrationReason::InvalidPoint);
    }
    let mut concentrations: Vec<f64> = points.iter().map(|point| point.concentration_m).collect();
    concentrations.sort_by(f64::total_cmp);
    concentrations.dedup();
    let fitted = match settings.hill {
        Hill::Fixed(_) => 3,
        Hill::Free => 4,
    };
    let least = concentrations.iter().copied().find(|c| *c > 0.0);
    let (Some(least), Some(&most), true) = (least, concentrations.last(), concentrations.len() > fitted) else {
        return Err(CalibrationReason::TooFewConcentrations);
    };

    let weights = weights(points, settings.weighting)?;
    let ln_c: Vec<f64> = points
        .iter()
        .map(|point| {
            if point.concentration_m > 0.0 {
                point.concentration_m.ln()
            } else {
                LN_BLANK
            }
        })
        .collect();
    let y: Vec<f64> = points.iter().map(|point| point.value).collect();
    let ln_k_range = ((least / FARTHEST_K).ln(), (most * FARTHEST_K).ln());
    let start = start(&ln_c, &y, ln_k_range, settings.hill).ok_or(CalibrationReason::NoSpan)?;
    let bounds = [
        Bound::Free,
        Bound::Free,
        Bound::Between(ln_k_range.0, ln_k_range.1),
        match settings.hill {
            Hill::Fixed(n) => Bound::Fixed(n),
            Hill::Free => Bound::Between(HILL_RANGE.0, HILL_RANGE.1),
        },
    ];
    let fit = fitting::fit_weighted(&HillCurve, &ln_c, &y, &weights, &start, &bounds);

    let fit = match fit {
        Ok(fit) => fit,
        Err(failure) => {
            return Err(match failure.reason {
                FitReason::NotIdentifiable { .. } | FitReason::AtBound { .. } => {
                    // A flat titration leaves K at a limit as readily as an unfinished one.
                    if is_flat(&ln_c, &y, &weights, &failure.parameters, fitted) {
                        CalibrationReason::NoSpan
                    } else {
                        CalibrationReason::NotIdentifiable
                    }
                }
                FitReason::TooFewPoints { .. } => CalibrationReason::TooFewConcentrations,
                FitReason::NotFinite | FitReason::Mismatch | FitReason::InvalidBound { .. } => {
                    CalibrationReason::InvalidPoint
                }
                FitReason::NotComputable | FitReason::NotConverged => CalibrationReason::NotConverged,
            });
        }
    };
    if is_flat(&ln_c, &y, &weights, &fit.parameters, fitted) {
        return Err(CalibrationReason::NoSpan);
    }

    let parameters = [
        fit.parameters[0],
        fit.parameters[1],
        fit.parameters[2],
        fit.parameters[3],
    ];
    let t = student_t(settings.confidence, fit.degrees_of_freedom).unwrap_or(f64::INFINITY);
    let span_error = fit.standard_error_of(&[-1.0, 1.0]);
    if fit.standard_errors[LN_K] > GREATEST_LOG_K_ERROR
        || t * span_error > (parameters[Y_MAX] - parameters[Y_MIN]).abs()
    {
        return Err(CalibrationReason::NotIdentifiable);
    }
    let around = |k: usize| {
        let half = t * fit.standard_errors[k];
        Interval {
            lower: parameters[k] - half,
            upper: parameters[k] + half,
        }
    };
    let ln_k = around(LN_K);
    let is_free = settings.hill == Hill::Free;
    let mut calibration = Calibration {
        y_min: parameters[Y_MIN],
        y_max: parameters[Y_MAX],
        k_m: parameters[LN_K].exp(),
        hill: parameters[N],
        y_min_error: fit.standard_errors[Y_MIN],
        y_max_error: fit.standard_errors[Y_MAX],
        ln_k_error: fit.standard_errors[LN_K],
        hill_error: is_free.then(|| fit.standard_errors[N]),
        y_min_interval: around(Y_MIN),
        y_max_interval: around(Y_MAX),
        k_interval_m: Interval {
            lower: ln_k.lower.exp(),
            upper: ln_k.upper.exp(),
        },
        hill_interval: is_free.then(|| around(N)),
        covariance: std::array::from_fn(|a| std::array::from_fn(|b| fit.covariance(a, b))),
        r_squared: fit.r_squared,
        residual_deviation: fit.residual_deviation / typical_root_weight(&weights),
        residuals: points
            .iter()
            .zip(&ln_c)
            .map(|(point, &ln_c)| point.value - value_and_gradient(ln_c, &parameters).0)
            .collect(),
        points: fit.points,
        degrees_of_freedom: fit.degrees_of_freedom,
        confidence: settings.confidence,
        t,
        lowest_m: concentrations[0],
        highest_m: most,
        limit_of_detection: Err(detection::DetectionReason::BeyondResponse),
    };
    calibration.limit_of_detection = detection::limit(points, &calibration);
    Ok(calibration)
}

/// Weights whose size does not matter, only their ratios.
fn weights(points: &[TitrationPoint], weighting: Weighting) -> Result<Vec<f64>, CalibrationReason> {
    points
        .iter()
        .map(|point| match weighting {
            Weighting::Equal => Ok(1.0),
            Weighting::Count => Ok(f64::from(point.count.max(1))),
            Weighting::InverseVariance => point
                .deviation
                .filter(|deviation| *deviation > 0.0)
                .map(|deviation| f64::from(point.count) / (deviation * deviation))
                .ok_or(CalibrationReason::NoWeights),
        })
        .collect()
}

/// Root of the mean weight: brings the residual deviation, which is that of a point of weight 1, to that of a point of usual weight.
fn typical_root_weight(weights: &[f64]) -> f64 {
    (weights.iter().sum::<f64>() / weights.len() as f64).sqrt()
}

/// The best start of a grid.
fn start(ln_c: &[f64], y: &[f64], (low, high): (f64, f64), hill: Hill) -> Option<[f64; 4]> {
    let coefficients: &[f64] = match &hill {
        Hill::Fixed(n) => std::slice::from_ref(n),
        Hill::Free => &[0.5, 1.0, 2.0, 4.0],
    };
    let mut best: Option<([f64; 4], f64)> = None;
    for &n in coefficients {
        for k in 0..STARTS {
            let ln_k = low + (high - low) * (k as f64 + 0.5) / STARTS as f64;
            let columns = |ln_c: f64| {
                let share = occupancy(ln_c, ln_k, n);
                [1.0 - share, share]
            };
            if let Some(([y_min, y_max], squares)) = linear_coefficients(ln_c, y, columns)
                && best.is_none_or(|(_, least)| squares < least)
            {
                best = Some(([y_min, y_max, ln_k, n], squares));
            }
        }
    }
    best.map(|(start, _)| start)
}

/// Whether the curve explains no more than chance would.
fn is_flat(ln_c: &[f64], y: &[f64], weights: &[f64], parameters: &[f64], fitted: usize) -> bool {
    let Ok(parameters) = <&[f64; 4]>::try_from(parameters) else {
        return false;
    };
    let total: f64 = weights.iter().sum();
    let mean = y.iter().zip(weights).map(|(y, w)| w * y).sum::<f64>() / total;
    let about_mean: f64 = y.iter().zip(weights).map(|(y, w)| w * (y - mean).powi(2)).sum();
    let about_curve: f64 = ln_c
        .iter()
        .zip(y)
        .zip(weights)
        .map(|((&ln_c, y), w)| w * (y - value_and_gradient(ln_c, parameters).0).powi(2))
        .sum();
    let freedom = y.len().saturating_sub(fitted);
    let more = fitted - 1;
    let improvement = (about_mean - about_curve) / more as f64 / (about_curve / freedom as f64);
    // Equal values leave nothing to improve, not even a quotient.
    about_mean <= 0.0 || f_upper_tail(improvement, more, freedom).is_none_or(|chance| chance > SIGNIFICANCE)
}

#[cfg(test)]
mod tests;
