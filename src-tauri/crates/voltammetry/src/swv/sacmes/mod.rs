//! `sacmes`: the method of the original desktop program SACMES, number for number.
//!
//! For series that were begun with that program (S. D. Curtis et al., Anal. Chem. 91 (2019) 12321-12328) and must stay
//! comparable. New work should use [`super::tangent`]: here *no baseline is subtracted*, so that any slope of the background adds to the
//! height (a peak of 1 µA on 1 µA/V over 400 mV reads 1.2 µA), and the area changes its sign with the direction of the sweep.
//!
//! Steps, on the sweep in the order of time: Savitzky-Golay smoothing of degree 1 over the *whole* sweep, with a window in
//! millivolt ([`SwvSettings::savgol_window_mv`]); then, of the points within [`SwvSettings::range_v`], a least-squares polynomial
//! of degree [`SwvSettings::polynomial_degree`] (15) in the potential.
//!
//! | Field | What it is here |
//! |---|---|
//! | `peak_current_a` | greatest less smallest value of the polynomial at the points in the range: never negative |
//! | `peak_potential_v` | the recorded potential where the polynomial is greatest |
//! | `baseline_current_a` | the smallest value of the polynomial |
//! | `area_va` | Σ ½(bₖ + bₖ₋₁)(Eₖ - Eₖ₋₁) in the order of time, b = smoothed current less its minimum in the range: negative for a sweep to negative potentials |
//! | `polarity`, `fwhm_v`, `snr`, `metrics` | missing: that program knows none of them |
//! | `quality` | `pass`, or `warning` with a reservation |
//!
//! The charge of its frequency maps is `peak_current_a` over the frequency. Its two windows, for frequencies up to 50 Hz and above, are
//! two settings of `range_v`. [`SwvSettings::polarity`] and the smoothing window in points have no meaning here. Beyond what it does: values that are
//! not finite are left out and said so, `trim_points` and the Hampel filter work if they are set, and smoothing can be off.

mod smooth;

use crate::polynomial::projected_values;
use crate::sweep::Sweep;

use super::analysis::{Quality, SwvAnalysis, SwvCurves, SwvStatus};
use super::points;
use super::reason::SwvReason;
use super::settings::{MAX_POLYNOMIAL_DEGREE, SwvSettings};

/// Fewest points in the range of which one can be the highest and another one the lowest.
const FEWEST_POINTS: usize = 2;

/// Analyses one sweep; with `curves` also what is needed to draw it.
pub(super) fn analyze(sweep: &Sweep, settings: &SwvSettings, curves: Option<&mut SwvCurves>) -> SwvAnalysis {
    let mut points = match points::in_order(sweep, settings.trim_points, None) {
        Ok(points) => points,
        Err(reason) => return SwvAnalysis::failed(reason, 0),
    };
    if settings.zero_volt_truncation {
        let zeros = points.potential_v.iter().filter(|potential| **potential == 0.0).count();
        let left = points.len() - zeros;
        points.potential_v.truncate(left);
        points.current_a.truncate(left);
        if left == 0 {
            return SwvAnalysis::failed(SwvReason::NothingLeftAfterTrim, 0);
        }
    }
    let (smoothed, filters) = match smooth::smoothed(&points.potential_v, &points.current_a, settings) {
        Ok(smoothed) => smoothed,
        Err(reason) => return SwvAnalysis::failed(reason, points.len()),
    };

    let (low, high) = settings
        .range_v
        .map_or((f64::NEG_INFINITY, f64::INFINITY), |(a, b)| (a.min(b), a.max(b)));
    let inside: Vec<usize> = (0..points.len())
        .filter(|&k| (low..=high).contains(&points.potential_v[k]))
        .collect();
    let n = inside.len();
    if n < FEWEST_POINTS {
        let reason = if n == 0 {
            SwvReason::NoPointsInRange
        } else {
            SwvReason::TooFewPoints
        };
        return SwvAnalysis::failed(reason, n);
    }
    let x: Vec<f64> = inside.iter().map(|&k| points.potential_v[k]).collect();
    let y: Vec<f64> = inside.iter().map(|&k| smoothed[k]).collect();
    let fit = projected_values(&x, &y, settings.polynomial_degree.clamp(1, MAX_POLYNOMIAL_DEGREE));
    let (lowest, highest) = (extreme(&fit, -1.0), extreme(&fit, 1.0));
    let (height_a, baseline_a) = (fit[highest] - fit[lowest], fit[lowest]);

    let flat = inside
        .iter()
        .all(|&k| points.current_a[k] == points.current_a[inside[0]]);
    let reason = if flat {
        Some(SwvReason::FlatTrace)
    } else if highest == 0 || highest == n - 1 {
        Some(SwvReason::PeakAtEdge)
    } else {
        (points.not_finite > 0).then_some(SwvReason::NonFinitePoints)
    };
    if let Some(curves) = curves {
        let raw: Vec<f64> = inside.iter().map(|&k| points.current_a[k]).collect();
        draw(curves, (&x, &raw, &y, &fit), baseline_a);
    }
    SwvAnalysis {
        status: if reason.is_some() {
            SwvStatus::Warning
        } else {
            SwvStatus::Ok
        },
        reason,
        peak_current_a: Some(height_a),
        peak_potential_v: Some(x[highest]),
        baseline_current_a: Some(baseline_a),
        area_va: Some(area(&x, &y)),
        quality: match reason {
            None => Quality::Pass,
            Some(SwvReason::FlatTrace) => Quality::Fail,
            Some(_) => Quality::Warning,
        },
        filters,
        ignored_points: points.not_finite,
        ..SwvAnalysis::without_peak(SwvReason::NoPeak, n)
    }
}

/// Index of the first greatest value, for a negative `sign` of the first smallest one.
fn extreme(values: &[f64], sign: f64) -> usize {
    let mut best = 0;
    for (k, value) in values.iter().enumerate() {
        if sign * value > sign * values[best] {
            best = k;
        }
    }
    best
}

/// Trapezoid integral (V·A) of the currents less the smallest of them, in the order given: the sign follows the direction.
fn area(potential_v: &[f64], current_a: &[f64]) -> f64 {
    let least = current_a.iter().copied().fold(f64::INFINITY, f64::min);
    let steps = potential_v.windows(2).zip(current_a.windows(2));
    steps
        .map(|(v, a)| 0.5 * ((a[1] - least) + (a[0] - least)) * (v[1] - v[0]))
        .sum()
}

/// Curves in ascending potential; the baseline is the level from which the height is counted.
fn draw(curves: &mut SwvCurves, (x, raw, smoothed, fit): (&[f64], &[f64], &[f64], &[f64]), baseline_a: f64) {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|&a, &b| x[a].total_cmp(&x[b]));
    let sorted = |values: &[f64]| order.iter().map(|&k| values[k]).collect::<Vec<f64>>();
    let potential_v = sorted(x);
    let end = |at: Option<&f64>| at.map(|v| (*v, baseline_a));
    *curves = SwvCurves {
        raw_a: sorted(raw),
        smoothed_a: sorted(smoothed),
        fit_a: sorted(fit),
        baseline_a: vec![baseline_a; x.len()],
        baseline_left: end(potential_v.first()),
        baseline_right: end(potential_v.last()),
        potential_v,
        ..SwvCurves::default()
    };
}
