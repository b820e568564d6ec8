//! The course of an undisturbed signal, fitted over a stretch of a series.
//!
//! Sensors lose signal in two phases, a fast one that dies away and a slow steady one; see K. K. Leung et al., ACS Sens. 6 (2021)
//! 3340-3347, for what they are. Hence the three models.

use crate::fitting::{self, Bound, FitReason, Model};
use crate::statistics::{Line, LineReason, f_upper_tail, linear_coefficients};

/// One number of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeriesPoint {
    /// Index of the scan in its series.
    pub index: u32,
    /// Position on the axis (index, or seconds).
    pub x: f64,
    /// The number; `None` where there is none, or where it is flagged and must not count.
    pub value: Option<f64>,
}

/// Shape of a baseline, with `u = x - x0` counted from its first point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum BaselineModel {
    /// `b = c + m u`.
    #[default]
    Linear,
    /// `b = c + a exp(-u / tau)`.
    Exponential,
    /// `b = c + a exp(-u / tau) + m u`.
    ExponentialLinear,
}

impl BaselineModel {
    /// Number of parameters.
    pub fn parameters(self) -> usize {
        match self {
            Self::Linear => 2,
            Self::Exponential => 3,
            Self::ExponentialLinear => 4,
        }
    }
}

/// The course of a baseline. Units: those of the values, and of `x`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BaselineCurve {
    /// `x0`, the first `x` of the stretch.
    pub origin_x: f64,
    /// `c`.
    pub offset: f64,
    /// `m`, per unit of `x`; 0 in the purely exponential model.
    pub slope: f64,
    /// `a`; 0 in the linear model.
    pub amplitude: f64,
    /// `tau`, in the unit of `x`; `None` in the linear model.
    pub tau_x: Option<f64>,
}

/// A fitted baseline. Units: those of the values, and of `x`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Baseline {
    /// Its shape.
    pub model: BaselineModel,
    /// Its course.
    pub curve: BaselineCurve,
    /// The last `x` of the stretch; beyond it the baseline is extrapolated.
    pub last_x: f64,
    /// Standard error of `m`; `None` where `m` is not fitted, or with as many points as parameters.
    pub slope_error: Option<f64>,
    /// Standard error of `tau`.
    pub tau_error_x: Option<f64>,
    /// Standard deviation of the points about the baseline; `None` with as many points as parameters.
    pub residual_deviation: Option<f64>,
    /// Share of the variance that the baseline explains; `None` where all values are equal.
    pub r_squared: Option<f64>,
    /// Number of points.
    pub points: usize,
}

/// Why there is no baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BaselineReason {
    /// The stretch has too few numbers for the model.
    TooFewPoints,
    /// All numbers have the same `x`.
    NoSpan,
    /// The exponential cannot be told from a line or from nothing.
    NotIdentifiable,
    /// The fit does not settle.
    NotConverged,
}

impl BaselineReason {
    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooFewPoints => "baseline_too_few_points",
            Self::NoSpan => "baseline_no_span",
            Self::NotIdentifiable => "baseline_not_identifiable",
            Self::NotConverged => "baseline_not_converged",
        }
    }

    /// A sentence for people, with what to do next.
    pub fn message(self) -> &'static str {
        match self {
            Self::TooFewPoints => "The baseline has too few points; choose a longer range or the linear model.",
            Self::NoSpan => "All points of the baseline lie at the same place on the axis; choose another range.",
            Self::NotIdentifiable => "The baseline shows no exponential; choose the linear model or a longer range.",
            Self::NotConverged => "The baseline fit does not settle; choose the linear model or another range.",
        }
    }
}

/// An exponential must improve on the line (or the constant) more than chance does with this probability.
const SIGNIFICANCE: f64 = 0.01;

/// Greatest standard error of `ln tau`: beyond it the data give no more than the order of magnitude.
const GREATEST_LOG_TAU_ERROR: f64 = 1.0;

/// Time constants tried as starts.
const STARTS: usize = 32;

impl Baseline {
    /// Fits the numbers with an index from `first_index` to `last_index`. Cost: that of the points given, which need be
    /// no more than the stretch.
    ///
    /// The linear model needs 2 numbers, the exponential 5, both together 6. `tau` starts at the best of a grid at which the other
    /// parameters follow linearly, so that no start value need be given.
    ///
    /// # Errors
    /// [`BaselineReason`]; an exponential that does not improve on its absence (F test, 1 %), or whose `tau` is not known
    /// within a factor of e, is not identifiable.
    pub fn fit(
        points: &[SeriesPoint],
        (first_index, last_index): (u32, u32),
        model: BaselineModel,
    ) -> Result<Self, BaselineReason> {
        let mut stretch: Vec<(f64, f64)> = points
            .iter()
            .filter(|point| (first_index..=last_index).contains(&point.index))
            .filter_map(|point| Some((point.x, point.value?)))
            .filter(|(x, value)| x.is_finite() && value.is_finite())
            .collect();
        stretch.sort_by(|a, b| a.0.total_cmp(&b.0));
        match model {
            BaselineModel::Linear => linear(&stretch),
            BaselineModel::Exponential => exponential(&stretch, false),
            BaselineModel::ExponentialLinear => exponential(&stretch, true),
        }
    }
}

impl BaselineCurve {
    /// The baseline at `x`; `None` where it overflows, as an exponential does long before its stretch.
    pub fn at(&self, x: f64) -> Option<f64> {
        let u = x - self.origin_x;
        let falling = self.tau_x.map_or(0.0, |tau| self.amplitude * (-u / tau).exp());
        Some(self.offset + self.slope * u + falling).filter(|value| value.is_finite())
    }

    /// The baseline at `x` over that at its first point; `None` where it is not positive: nothing can be divided by a baseline that
    /// reached 0.
    pub fn remaining(&self, x: f64) -> Option<f64> {
        Some(self.at(x)? / self.at(self.origin_x)?).filter(|share| share.is_finite() && *share > 0.0)
    }
}

fn linear(stretch: &[(f64, f64)]) -> Result<Baseline, BaselineReason> {
    let origin_x = stretch.first().ok_or(BaselineReason::TooFewPoints)?.0;
    let line = Line::fit(stretch.iter().map(|(x, y)| (x - origin_x, *y))).map_err(|reason| match reason {
        LineReason::TooFewPoints => BaselineReason::TooFewPoints,
        LineReason::NoSpan => BaselineReason::NoSpan,
    })?;
    Ok(Baseline {
        model: BaselineModel::Linear,
        curve: BaselineCurve {
            origin_x,
            offset: line.intercept,
            slope: line.slope,
            amplitude: 0.0,
            tau_x: None,
        },
        last_x: stretch.last().map_or(origin_x, |last| last.0),
        slope_error: line.slope_error,
        tau_error_x: None,
        residual_deviation: line.residual_deviation,
        r_squared: line.r_squared,
        points: line.points,
    })
}

/// `c + a exp(-u / tau) [+ m u]` with the parameters `c, a, ln tau [, m]`, `u` in units of the stretch.
struct Drift {
    with_slope: bool,
}

impl Model for Drift {
    fn parameters(&self) -> usize {
        if self.with_slope { 4 } else { 3 }
    }

    fn evaluate(&self, u: f64, parameters: &[f64], partials: &mut [f64]) -> f64 {
        let [offset, amplitude, log_tau, ..] = *parameters else {
            return f64::NAN;
        };
        let taus = u * (-log_tau).exp();
        let falling = (-taus).exp();
        partials[0] = 1.0;
        partials[1] = falling;
        partials[2] = amplitude * falling * taus;
        let mut value = offset + amplitude * falling;
        if let (true, Some(slope), Some(partial)) = (self.with_slope, parameters.get(3), partials.get_mut(3)) {
            *partial = u;
            value += slope * u;
        }
        value
    }
}

fn exponential(stretch: &[(f64, f64)], with_slope: bool) -> Result<Baseline, BaselineReason> {
    let model = Drift { with_slope };
    let parameters = model.parameters();
    let [(first_x, _), .., (last_x, _)] = *stretch else {
        return Err(BaselineReason::TooFewPoints);
    };
    if stretch.len() < parameters + 2 {
        return Err(BaselineReason::TooFewPoints);
    }
    let span = last_x - first_x;
    if span <= 0.0 {
        return Err(BaselineReason::NoSpan);
    }
    let u: Vec<f64> = stretch.iter().map(|(x, _)| (x - first_x) / span).collect();
    let y: Vec<f64> = stretch.iter().map(|(_, y)| *y).collect();
    // Faster than half a step is one odd point; slower than this is a line, or a line and a parabola.
    let fastest = 0.5 / (stretch.len() - 1) as f64;
    let slowest = if with_slope { 1.0 } else { 10.0 };

    let (start, _) = (0..STARTS)
        .filter_map(|k| {
            let tau = fastest * (slowest / fastest).powf((k as f64 + 0.5) / STARTS as f64);
            let (start, squares) = if with_slope {
                let ([c, a, m], squares) = linear_coefficients(&u, &y, |u| [1.0, (-u / tau).exp(), u])?;
                (vec![c, a, tau.ln(), m], squares)
            } else {
                let ([c, a], squares) = linear_coefficients(&u, &y, |u| [1.0, (-u / tau).exp()])?;
                (vec![c, a, tau.ln()], squares)
            };
            Some((start, squares))
        })
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .ok_or(BaselineReason::NotIdentifiable)?;
    let mut bounds = vec![Bound::Free; parameters];
    bounds[2] = Bound::Between(fastest.ln(), slowest.ln());
    let fit = fitting::fit(&model, &u, &y, &start, &bounds).map_err(|failure| match failure.reason {
        FitReason::TooFewPoints { .. } => BaselineReason::TooFewPoints,
        FitReason::AtBound { .. } | FitReason::NotIdentifiable { .. } => BaselineReason::NotIdentifiable,
        _ => BaselineReason::NotConverged,
    })?;

    let freedom = fit.degrees_of_freedom;
    let squares = fit.residual_deviation.powi(2) * freedom as f64;
    let without = if with_slope {
        linear_coefficients(&u, &y, |u| [1.0, u]).map(|(_, squares)| squares)
    } else {
        linear_coefficients(&u, &y, |_| [1.0]).map(|(_, squares)| squares)
    };
    let improvement = (without.unwrap_or(0.0) - squares) / 2.0 / (squares / freedom as f64);
    let chance = f_upper_tail(improvement, 2, freedom).unwrap_or(1.0);
    if chance > SIGNIFICANCE || fit.standard_errors[2] > GREATEST_LOG_TAU_ERROR {
        return Err(BaselineReason::NotIdentifiable);
    }
    let tau_x = span * fit.parameters[2].exp();
    Ok(Baseline {
        model: if with_slope {
            BaselineModel::ExponentialLinear
        } else {
            BaselineModel::Exponential
        },
        curve: BaselineCurve {
            origin_x: first_x,
            offset: fit.parameters[0],
            amplitude: fit.parameters[1],
            slope: fit.parameters.get(3).map_or(0.0, |slope| slope / span),
            tau_x: Some(tau_x),
        },
        last_x,
        slope_error: fit.standard_errors.get(3).map(|error| error / span),
        tau_error_x: Some(tau_x * fit.standard_errors[2]),
        residual_deviation: Some(fit.residual_deviation),
        r_squared: fit.r_squared,
        points: fit.points,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(of: impl Fn(f64) -> f64) -> Vec<SeriesPoint> {
        (1..=60)
            .map(|index| SeriesPoint {
                index,
                x: 20.0 * f64::from(index),
                // A little of what looks like noise, always the same.
                value: Some(of(20.0 * f64::from(index)) * (1.0 + 1e-3 * (f64::from(index) * 12.9898).sin())),
            })
            .collect()
    }

    #[test]
    fn finds_each_shape_with_its_parameters() {
        let line = Baseline::fit(&series(|x| 5e-6 - 1e-9 * x), (1, 60), BaselineModel::Linear).unwrap();
        assert!((line.curve.slope / -1e-9 - 1.0).abs() < 0.01, "{line:?}");
        assert!(line.curve.at(2000.0).unwrap() < line.curve.at(20.0).unwrap());
        let falling = |x: f64| 3e-6 + 2e-6 * (-(x - 20.0) / 150.0).exp();
        let found = Baseline::fit(&series(falling), (1, 60), BaselineModel::Exponential).unwrap();
        assert!((found.curve.tau_x.unwrap() / 150.0 - 1.0).abs() < 0.02, "{found:?}");
        let tau_error = found.tau_error_x.unwrap();
        assert!((found.curve.tau_x.unwrap() - 150.0).abs() < 3.0 * tau_error && tau_error < 3.0);
        assert!((found.curve.at(5000.0).unwrap() / 3e-6 - 1.0).abs() < 0.002);
        let both = series(|x| falling(x) - 5e-10 * x);
        let found = Baseline::fit(&both, (1, 60), BaselineModel::ExponentialLinear).unwrap();
        assert!((found.curve.slope / -5e-10 - 1.0).abs() < 0.05, "{found:?}");
        assert!((found.curve.tau_x.unwrap() / 150.0 - 1.0).abs() < 0.05);
    }

    #[test]
    fn a_line_has_no_exponential_and_few_points_have_no_model() {
        let line = series(|x| 5e-6 - 1e-9 * x);
        for model in [BaselineModel::Exponential, BaselineModel::ExponentialLinear] {
            assert_eq!(
                Baseline::fit(&line, (1, 60), model),
                Err(BaselineReason::NotIdentifiable)
            );
        }
        let fit = |range, model| Baseline::fit(&line, range, model).unwrap_err();
        assert_eq!(fit((1, 4), BaselineModel::Exponential), BaselineReason::TooFewPoints);
        assert_eq!(fit((1, 1), BaselineModel::Linear), BaselineReason::TooFewPoints);
        assert_eq!(fit((90, 99), BaselineModel::Linear), BaselineReason::TooFewPoints);
        assert_eq!(
            fit((9, 3), BaselineModel::ExponentialLinear),
            BaselineReason::TooFewPoints
        );
        let same = [1, 2, 3].map(|index| SeriesPoint {
            index,
            x: 7.0,
            value: Some(1.0),
        });
        let no_span = Baseline::fit(&same, (1, 3), BaselineModel::Linear);
        assert_eq!(no_span, Err(BaselineReason::NoSpan));
    }

    #[test]
    fn an_exponential_overflows_to_no_number() {
        let falling = series(|x| 3e-6 + 2e-6 * (-x / 50.0).exp());
        let found = Baseline::fit(&falling, (1, 60), BaselineModel::Exponential).unwrap();
        assert_eq!(found.curve.at(-1e9), None);
        assert_eq!(found.curve.at(f64::NAN), None);
    }

    #[test]
    fn the_model_knows_its_derivatives() {
        use crate::fitting::Model as _;
        for with_slope in [false, true] {
            let model = Drift { with_slope };
            let parameters = &[1.0, 0.7, -1.3, 0.4][..model.parameters()];
            let value = |parameters: &[f64]| model.evaluate(0.6, parameters, &mut [0.0; 4]);
            let mut partials = [0.0; 4];
            model.evaluate(0.6, parameters, &mut partials);
            for k in 0..parameters.len() {
                let moved = |by: f64| {
                    let mut moved = parameters.to_vec();
                    moved[k] += by;
                    value(&moved)
                };
                let numeric = (moved(1e-6) - moved(-1e-6)) / 2e-6;
                assert!((numeric - partials[k]).abs() < 1e-8, "{k}: {numeric} {}", partials[k]);
            }
        }
    }
}
