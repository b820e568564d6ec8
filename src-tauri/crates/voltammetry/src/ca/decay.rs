//! The fit of one or two exponentials to a transient.

use super::gap;
use super::model::{Decay, DecayModel};
use super::reason::CaReason;
use super::result::{DecayComponent, DecayCurve, DecayFit, SecondExponential};
use super::start;
use crate::fitting::{self, Bound, End, Fit, FitReason, Model};
use crate::statistics::{f_upper_tail, linear_coefficients, student_t_95};
use crate::transient::Transient;

/// Settings of [`fit_decay`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CaSettings {
    /// How many exponentials.
    pub model: DecayModel,
    /// First and last time fitted (s, on the transient's clock, both included); `None` for all.
    pub fit_range_s: Option<(f64, f64)>,
}

/// Points beyond the parameters that a fit needs.
const SPARE_POINTS: usize = 2;

/// Times nearer to each other than this part of the range are the same to any model.
const SAME_TIME: f64 = 1e-6;

/// Time constants from this part of the mean sampling step ...
const FASTEST_STEPS: f64 = 0.3;

/// ... to this multiple of the fit range; beyond it the decay is a straight line.
const SLOWEST_SPANS: f64 = 10.0;

/// An exponential must improve the fit by more than chance does with this probability. The time constant is searched over decades, which gives chance
/// several tries that the F test does not know of; hence not the usual 1 %.
const SIGNIFICANCE: f64 = 1e-3;

/// Greatest standard error of `ln tau`, a factor of e.
const GREATEST_LOG_TAU_ERROR: f64 = 1.0;

/// Points in units of the range, in ascending time.
struct Points {
    u: Vec<f64>,
    y: Vec<f64>,
    first_s: f64,
    last_s: f64,
    span_s: f64,
    ignored: usize,
}

impl Points {
    /// Time (s) of a place in the range.
    fn at(&self, u: f64) -> f64 {
        self.first_s + u * self.span_s
    }

    /// Number of times that differ, as those of repeats do not.
    fn different_times(&self) -> usize {
        let mut last = f64::NEG_INFINITY;
        let different = self.u.iter().filter(|u| {
            let is_new = **u - last > SAME_TIME;
            if is_new {
                last = **u;
            }
            is_new
        });
        different.count()
    }
}

/// Fits `i(t) = c + sum a_k exp(-(t - t0) / tau_k)`, all parameters free, `t0` being the first point of the range.
///
/// Least squares in `c`, `a_k` and `ln tau_k` from the best of a grid of time constants, at each of which the rest follows linearly; no start
/// value need be given, and currents of either sign are fitted alike. Points whose time or current is no number are left out and counted; points of equal time all
/// count. Cost: below a millisecond for 500 points and one exponential, several for
/// two.
///
/// # Errors
/// [`CaReason`]. A second exponential that does not improve on one (F test at 0.1 %, and `AICc`), or whose time constant is not known
/// within a factor of e, is refused, never silently replaced by the other model.
pub fn fit_decay(transient: &Transient, settings: &CaSettings) -> Result<DecayFit, CaReason> {
    let points = points(transient, settings.fit_range_s);
    let n = points.u.len();
    if n < settings.model.parameters() + SPARE_POINTS {
        return Err(CaReason::TooFewPoints);
    }
    if points.span_s <= 0.0 {
        return Err(CaReason::NoSpan);
    }
    if points.different_times() < settings.model.parameters() {
        return Err(CaReason::TooFewPoints);
    }
    let taus = (FASTEST_STEPS / (n - 1) as f64, SLOWEST_SPANS);
    let constant = linear_coefficients(&points.u, &points.y, |_| [1.0]).map_or(0.0, |(_, squares)| squares);
    if is_rounding(constant, &points) {
        return Err(CaReason::NoDecay);
    }
    let mono = fit_mono(&points, taus);
    match settings.model {
        DecayModel::Mono => {
            let fit = mono?;
            if chance(constant, sum_of_squares(&fit), fit.degrees_of_freedom) > SIGNIFICANCE {
                return Err(CaReason::NoDecay);
            }
            is_known(&fit, CaReason::NotIdentifiable)?;
            Ok(result(&points, DecayModel::Mono, &fit, None))
        }
        DecayModel::Bi => {
            // Where even one exponential finds nothing, the sum of squares of the constant is what two must improve on.
            let (less, less_parameters) = match &mono {
                Ok(fit) => (sum_of_squares(fit), 3),
                Err(_) => (constant, 1),
            };
            if is_rounding(less, &points) {
                return Err(CaReason::OneExponentialSuffices);
            }
            let fit = fit_bi(&points, taus).map_err(|reason| match &mono {
                // Parameters that a model has too many of run away along a valley, and the fit does not settle.
                Ok(_) if reason == CaReason::NotConverged && !starts_improve(&points, taus, less) => {
                    CaReason::OneExponentialSuffices
                }
                Ok(_) => reason,
                Err(mono) => *mono,
            })?;
            let squares = sum_of_squares(&fit);
            let second = SecondExponential {
                chance: chance(less, squares, fit.degrees_of_freedom),
                aicc_gain: aicc(n, less_parameters, less) - aicc(n, 5, squares),
            };
            if second.chance > SIGNIFICANCE || second.aicc_gain <= 0.0 {
                return Err(mono.err().unwrap_or(CaReason::OneExponentialSuffices));
            }
            is_known(&fit, CaReason::OneExponentialSuffices)?;
            Ok(result(&points, DecayModel::Bi, &fit, Some(second)))
        }
    }
}

impl DecayFit {
    /// The fit and what it leaves, at the points of the transient that it was made from.
    pub fn curve(&self, transient: &Transient) -> DecayCurve {
        let points = points(transient, Some(self.range_s));
        let time_s: Vec<f64> = points.u.iter().map(|u| points.at(*u)).collect();
        let fitted_a: Vec<f64> = time_s.iter().map(|time| self.at(*time)).collect();
        let residual_a = points.y.iter().zip(&fitted_a).map(|(y, fit)| y - fit).collect();
        DecayCurve {
            time_s,
            fitted_a,
            residual_a,
        }
    }
}

fn points(transient: &Transient, range_s: Option<(f64, f64)>) -> Points {
    let (low, high) = range_s.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
    let numbers = || {
        let pairs = transient.time_s().iter().zip(transient.current_a());
        pairs.filter(|(time, current)| time.is_finite() && current.is_finite())
    };
    let mut within: Vec<(f64, f64)> = numbers()
        .filter(|(time, _)| (low..=high).contains(*time))
        .map(|(time, current)| (*time, *current))
        .collect();
    within.sort_by(|a, b| a.0.total_cmp(&b.0));
    let first_s = within.first().map_or(0.0, |first| first.0);
    let last_s = within.last().map_or(first_s, |last| last.0);
    let span_s = last_s - first_s;
    let scale = if span_s > 0.0 { span_s } else { 1.0 };
    Points {
        u: within.iter().map(|(time, _)| (time - first_s) / scale).collect(),
        y: within.iter().map(|(_, current)| *current).collect(),
        first_s,
        last_s,
        span_s,
        ignored: transient.len() - numbers().count(),
    }
}

fn fit_mono(points: &Points, taus: (f64, f64)) -> Result<Fit, CaReason> {
    let start = start::mono(&points.u, &points.y, taus).ok_or(CaReason::NotIdentifiable)?;
    let bounds = [Bound::Free, Bound::Free, Bound::Between(taus.0.ln(), taus.1.ln())];
    fitting::fit(&Decay(DecayModel::Mono), &points.u, &points.y, &start, &bounds).map_err(|failure| {
        match failure.reason {
            FitReason::AtBound { end: End::Lower, .. } => CaReason::TooFast,
            // Straight, or growing: no time constant is long enough. And without an amplitude it has no effect.
            FitReason::AtBound { end: End::Upper, .. } | FitReason::NotIdentifiable { .. } => CaReason::NoDecay,
            FitReason::TooFewPoints { .. } => CaReason::TooFewPoints,
            _ => CaReason::NotConverged,
        }
    })
}

fn fit_bi(points: &Points, taus: (f64, f64)) -> Result<Fit, CaReason> {
    let tau = Bound::Between(taus.0.ln(), taus.1.ln());
    let bounds = [Bound::Free, Bound::Free, tau, Bound::Free, tau];
    let mut best: Option<Fit> = None;
    let mut reason = CaReason::OneExponentialSuffices;
    for start in start::bi(&points.u, &points.y, taus) {
        match fitting::fit(&Decay(DecayModel::Bi), &points.u, &points.y, &start, &bounds) {
            Ok(fit)
                if best
                    .as_ref()
                    .is_none_or(|best| fit.residual_deviation < best.residual_deviation) =>
            {
                best = Some(fit);
            }
            Ok(_) => {}
            Err(failure) => {
                if failure.reason == FitReason::NotConverged {
                    reason = CaReason::NotConverged;
                }
            }
        }
    }
    best.ok_or(reason)
}

/// Whether the best start with two exponentials already improves on a sum of squares by more than chance does.
fn starts_improve(points: &Points, taus: (f64, f64), less: f64) -> bool {
    let decay = Decay(DecayModel::Bi);
    let parameters = DecayModel::Bi.parameters();
    let mut partials = vec![0.0; parameters];
    let squares = start::bi(&points.u, &points.y, taus).into_iter().map(|start| {
        let residual = |(u, y): (&f64, &f64)| (y - decay.evaluate(*u, &start, &mut partials)).powi(2);
        points.u.iter().zip(&points.y).map(residual).sum::<f64>()
    });
    let best = squares.fold(f64::INFINITY, f64::min);
    best < less && chance(less, best, points.u.len() - parameters) <= SIGNIFICANCE
}

/// Whether what is left is no more than the rounding of the currents, which any further exponential would "explain".
fn is_rounding(squares: f64, points: &Points) -> bool {
    let largest = points.y.iter().fold(0.0f64, |most, y| most.max(y.abs()));
    squares <= points.y.len() as f64 * (1e-13 * largest).powi(2)
}

fn sum_of_squares(fit: &Fit) -> f64 {
    fit.residual_deviation.powi(2) * fit.degrees_of_freedom as f64
}

/// Probability that two more parameters reduce the sum of squares from `less` to `more` by chance.
fn chance(less: f64, more: f64, freedom: usize) -> f64 {
    let improvement = (less - more) / 2.0 / (more / freedom as f64);
    // Nothing left of nothing: two equal, perfect fits.
    f_upper_tail(improvement, 2, freedom).unwrap_or(1.0)
}

/// Corrected information criterion of a least-squares fit, up to a constant; the deviation counts as a parameter.
fn aicc(points: usize, parameters: usize, squares: f64) -> f64 {
    let (n, k) = (points as f64, parameters as f64 + 1.0);
    // Rounding leaves no fit better than this.
    n * squares.max(f64::MIN_POSITIVE).ln() + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0).max(0.5)
}

/// Every time constant within a factor of e, and every amplitude apart from 0.
fn is_known(fit: &Fit, otherwise: CaReason) -> Result<(), CaReason> {
    let exponentials = fit.parameters[1..]
        .chunks_exact(2)
        .zip(fit.standard_errors[1..].chunks_exact(2));
    for (parameters, errors) in exponentials {
        if errors[1] > GREATEST_LOG_TAU_ERROR || parameters[0].abs() < 2.0 * errors[0] {
            return Err(otherwise);
        }
    }
    Ok(())
}

/// Fewest residuals whose correlation says anything.
const FEWEST_RESIDUALS: usize = 20;

/// Lag-1 autocorrelation of the residuals, `sum r_k r_(k+1) / sum r_k^2`. Source: J. Durbin, G. S. Watson, Biometrika 37
/// (1950) 409-428, whose statistic is 2 (1 - r) for many points.
fn residual_correlation(points: &Points, model: DecayModel, fit: &Fit) -> Option<f64> {
    if points.u.len() < FEWEST_RESIDUALS || is_rounding(sum_of_squares(fit), points) {
        return None;
    }
    let decay = Decay(model);
    let mut partials = vec![0.0; model.parameters()];
    let residuals: Vec<f64> = points
        .u
        .iter()
        .zip(&points.y)
        .map(|(u, y)| y - decay.evaluate(*u, &fit.parameters, &mut partials))
        .collect();
    let squares: f64 = residuals.iter().map(|r| r * r).sum();
    let neighbours: f64 = residuals.windows(2).map(|pair| pair[0] * pair[1]).sum();
    (squares > 0.0).then(|| neighbours / squares)
}

fn result(points: &Points, model: DecayModel, fit: &Fit, second: Option<SecondExponential>) -> DecayFit {
    let t = student_t_95(fit.degrees_of_freedom).unwrap_or(f64::INFINITY);
    let exponentials = fit.parameters[1..]
        .chunks_exact(2)
        .zip(fit.standard_errors[1..].chunks_exact(2));
    let mut components: Vec<DecayComponent> = exponentials
        .map(|(parameters, errors)| {
            let tau_s = points.span_s * parameters[1].exp();
            let factor = (t * errors[1]).exp();
            DecayComponent {
                amplitude_a: parameters[0],
                amplitude_error_a: errors[0],
                tau_s,
                tau_error_s: tau_s * errors[1],
                tau_interval_s: (tau_s / factor, tau_s * factor),
                half_life_s: tau_s * std::f64::consts::LN_2,
                half_life_error_s: tau_s * errors[1] * std::f64::consts::LN_2,
            }
        })
        .collect();
    components.sort_by(|a, b| a.tau_s.total_cmp(&b.tau_s));
    DecayFit {
        model,
        origin_s: points.first_s,
        offset_a: fit.parameters[0],
        offset_error_a: fit.standard_errors[0],
        components,
        second,
        r_squared: fit.r_squared,
        residual_deviation_a: fit.residual_deviation,
        residual_correlation: residual_correlation(points, model, fit),
        points: fit.points,
        ignored_points: points.ignored,
        range_s: (points.first_s, points.last_s),
        gap_s: gap::longest(&points.u).map(|(from, to)| (points.at(from), points.at(to))),
    }
}
