//! Points marked by hand: the peak, the ends of a straight baseline, or both, in the place of what a method would find.
//!
//! All finite points of the sweep count, in ascending potential, those of equal potential averaged: neither the potential range nor
//! the trim of the settings leaves out what a person has pointed at. Let `s` be the sweep as `tangent` smooths it for a peak of that
//! width, and `b` the baseline:
//!
//! * **Ends marked** at `a` and `c`: with `k(a)` and `k(c)` the points nearest to them, `b` is the line through (E, s) at these two.
//!   **Ends not marked**: `b` is the baseline of the method in the settings, between its own points.
//! * **Peak marked** at `p`: the peak is the point `k(p)`, its height `s − b` there.
//!   **Peak not marked**: the vertex of the parabola around the point between the ends that lies furthest from `b`, as in `tangent`.
//! * Width: where `s − b` falls to half of the height on either side, between the ends. Area: trapezoids of the sweep less `b`
//!   between the ends. Noise, and with it the signal to noise ratio, as in `tangent`.
//!
//! Units: V, A, V·A. Shifting, scaling, tilting or turning the sweep round changes the result exactly as it should.

use crate::sweep::Sweep;

use super::analysis::{EffectiveFilters, Polarity, Quality, SwvAnalysis, SwvCurves, SwvStatus};
use super::points::{self, Points};
use super::reason::SwvReason;
use super::settings::{PolarityChoice, SavitzkyGolay, SwvSettings};
use super::tangent::FEWEST_POINTS;
use super::tangent::smooth::{self, Smoothed};
use super::tangent::summit::{self, Summit};
use super::tangent::trace::{Line, Trace, hampel_choice};

/// What is marked in a sweep.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct MarkedPoints {
    /// Potential of the peak (V).
    pub peak_potential_v: Option<f64>,
    /// Potentials (V) of the two ends of the baseline, in either order.
    pub baseline_v: Option<(f64, f64)>,
}

/// Currents less their height on the baseline are their own baseline.
const FLAT: Line = Line {
    origin_v: 0.0,
    value_a: 0.0,
    slope: 0.0,
};

/// The baseline over the points of a sweep less its trend (A).
struct Base {
    /// Current at each point; not a number where the baseline does not reach.
    at: Vec<f64>,
    /// First and last point between its ends.
    window: (usize, usize),
    /// Potentials of its ends (V).
    ends_v: (f64, f64),
}

/// Measures a sweep at the points that were marked in it, the others as `settings` say. Nothing marked: as `settings` say.
pub(super) fn analyze(
    sweep: &Sweep,
    settings: &SwvSettings,
    marked: &MarkedPoints,
    curves: Option<&mut SwvCurves>,
) -> SwvAnalysis {
    if *marked == MarkedPoints::default() {
        return super::run(sweep, settings, curves);
    }
    let everything = SwvSettings {
        range_v: None,
        trim_points: 0,
        ..*settings
    };
    let mut points = match points::select(sweep, &everything) {
        Ok(points) => points,
        Err(reason) => return SwvAnalysis::failed(reason, 0),
    };
    points.merge_repeated();
    let n = points.len();
    if n < FEWEST_POINTS {
        if let Some(curves) = curves {
            draw(curves, &points, None);
        }
        return SwvAnalysis::failed(SwvReason::TooFewPoints, n);
    }
    let x = &points.potential_v;
    let trace = Trace::new(x, &points.current_a, settings.hampel);
    let mut smoothed = Smoothed::default();
    let found = Measured::new(sweep, settings, marked, x, &trace, &mut smoothed);
    let mut result = match &found {
        Ok(measured) => measured.result(&trace, settings, &smoothed, x, n),
        Err(reason) => SwvAnalysis::without_peak(*reason, n),
    };
    result.ignored_points = points.not_finite + trace.outliers;
    let reservation = if points.not_finite > 0 {
        Some(SwvReason::NonFinitePoints)
    } else {
        (points.merged > 0).then_some(SwvReason::RepeatedPotentials)
    };
    if found.is_ok()
        && let Some(reason) = reservation
    {
        (result.status, result.reason) = (SwvStatus::Warning, Some(reason));
        result.quality = Quality::Warning;
    }
    if let Some(curves) = curves {
        draw(
            curves,
            &points,
            found.as_ref().ok().map(|found| (found, &trace, smoothed.values())),
        );
    }
    result
}

/// A peak at marked points.
struct Measured {
    base: Base,
    sign: f64,
    summit: Summit,
    /// Baseline at the summit, less the trend (A).
    base_a: f64,
    fwhm_v: Option<f64>,
    area_va: f64,
}

impl Measured {
    fn new(
        sweep: &Sweep,
        settings: &SwvSettings,
        marked: &MarkedPoints,
        x: &[f64],
        trace: &Trace,
        smoothed: &mut Smoothed,
    ) -> Result<Self, SwvReason> {
        let z = &trace.z;
        let ends = marked
            .baseline_v
            .map(|(a, b)| (nearest(x, a.min(b)), nearest(x, a.max(b))));
        if ends.is_some_and(|(left, right)| left + 1 >= right) {
            return Err(SwvReason::MarkedEndsTogether);
        }
        let base = |s: &[f64]| match ends {
            Some(ends) => Ok(straight(x, s, ends)),
            None => of_method(sweep, settings, x, trace),
        };
        let peak = marked.peak_potential_v.map(|potential_v| nearest(x, potential_v));
        // First roughly, on the currents as they are: how wide the peak is says how far to smooth.
        let rough = base(z)?;
        let (top, sign) = furthest(z, &rough, peak, settings.polarity)?;
        let above = |s: &[f64], base: &Base, k: usize| sign * (s[k] - base.at[k]);
        let height_a = above(z, &rough, top);
        let width = rough_width(rough.window, top, |k| above(z, &rough, k) <= 0.5 * height_a);
        let half = smooth::best_half_window(width, height_a, trace.noise_a);
        let automatic = settings.savgol == SavitzkyGolay::Auto;
        let s = smoothed.of(z, smooth::choose(settings.savgol, half, x.len()));
        let base = if ends.is_some() { base(s)? } else { rough };
        let over = |values: &[f64]| -> Vec<f64> { values.iter().zip(&base.at).map(|(a, b)| a - b).collect() };
        let (smooth_over, raw_over) = (over(s), over(z));
        let window = base.window;
        let summit = if let Some(k) = peak {
            Summit {
                potential_v: x[k],
                height_a: sign * smooth_over[k],
            }
        } else {
            let top = (window.0..=window.1)
                .max_by(|a, b| (sign * smooth_over[*a]).total_cmp(&(sign * smooth_over[*b])))
                .ok_or(SwvReason::MarkedEndsTogether)?;
            let (fitted, reach) = if automatic {
                (&raw_over, half)
            } else {
                (&smooth_over, 1)
            };
            // Where the points around it do not bend like a peak, the point itself is what there is.
            summit::parabola(x, fitted, sign, &FLAT, window, top, reach).unwrap_or(Summit {
                potential_v: x[top],
                height_a: sign * smooth_over[top],
            })
        };
        if summit.height_a.is_nan() {
            return Err(SwvReason::MarkedPeakOutside);
        }
        if summit.height_a <= 0.0 {
            return Err(SwvReason::PeakOnBaseline);
        }
        let middle = nearest(x, summit.potential_v).clamp(window.0, window.1);
        let halves = summit::half_heights(x, &smooth_over, sign, &FLAT, window, middle, summit.height_a);
        let (from, to) = window;
        let area_va = summit::area(&x[from..=to], &raw_over[from..=to], sign, &FLAT, base.ends_v);
        let base_a = base.current_a(x, summit.potential_v, middle);
        Ok(Self {
            sign,
            summit,
            base_a,
            fwhm_v: halves.0.zip(halves.1).map(|(left, right)| right - left),
            area_va,
            base,
        })
    }

    fn result(&self, trace: &Trace, settings: &SwvSettings, smoothed: &Smoothed, x: &[f64], n: usize) -> SwvAnalysis {
        let Summit { potential_v, height_a } = self.summit;
        let snr = height_a / trace.noise_a;
        let inside = x[self.base.window.0]..=x[self.base.window.1];
        let doubt = if !inside.contains(&potential_v) {
            Some(SwvReason::MarkedPeakOutside)
        } else if snr < 5.0 {
            Some(SwvReason::NoisyPeak)
        } else {
            (trace.outliers > 0).then_some(SwvReason::OutliersIgnored)
        };
        let hampel = hampel_choice(settings.hampel);
        let savgol = smoothed.chosen();
        SwvAnalysis {
            status: if doubt.is_some() {
                SwvStatus::Warning
            } else {
                SwvStatus::Ok
            },
            reason: doubt,
            polarity: Some(if self.sign > 0.0 { Polarity::Up } else { Polarity::Down }),
            peak_current_a: Some(self.sign * height_a),
            peak_potential_v: Some(potential_v),
            baseline_current_a: Some(self.base_a + trace.trend.at(potential_v)),
            area_va: Some(self.sign * self.area_va),
            fwhm_v: self.fwhm_v,
            snr: Some(snr),
            quality: if doubt.is_none() && snr >= 10.0 {
                Quality::Pass
            } else {
                Quality::Warning
            },
            filters: EffectiveFilters {
                hampel_window: hampel.map(|(window, _)| window),
                hampel_threshold: hampel.map(|(_, threshold)| threshold),
                savgol_window: savgol.map(|(window, _)| window),
                savgol_degree: savgol.map(|(_, degree)| degree),
                background_degree: None,
            },
            ..SwvAnalysis::without_peak(SwvReason::NoPeak, n)
        }
    }
}

impl Base {
    /// At a potential next to a point, on the line to the neighbour on that side.
    fn current_a(&self, x: &[f64], potential_v: f64, k: usize) -> f64 {
        let other = if potential_v < x[k] {
            k.checked_sub(1)
        } else {
            Some(k + 1).filter(|k| *k < x.len())
        };
        match other {
            Some(other) if self.at[other].is_finite() => {
                Line::through((x[k], self.at[k]), (x[other], self.at[other])).at(potential_v)
            }
            _ => self.at[k],
        }
    }
}

/// The line through two points of a sweep.
fn straight(x: &[f64], s: &[f64], (left, right): (usize, usize)) -> Base {
    let line = Line::through((x[left], s[left]), (x[right], s[right]));
    Base {
        at: x.iter().map(|x| line.at(*x)).collect(),
        window: (left, right),
        ends_v: (x[left], x[right]),
    }
}

/// The baseline of the method in the settings.
fn of_method(sweep: &Sweep, settings: &SwvSettings, x: &[f64], trace: &Trace) -> Result<Base, SwvReason> {
    let mut curves = SwvCurves::default();
    super::run(sweep, settings, Some(&mut curves));
    let (at_v, at_a) = (&curves.potential_v, &curves.baseline_a);
    let known = at_a.iter().zip(at_v).filter(|(a, _)| a.is_finite()).map(|(_, v)| *v);
    let (low, high) = known.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
        (low.min(v), high.max(v))
    });
    if at_a.len() != at_v.len() || low >= high {
        return Err(SwvReason::MarkedWithoutBaseline);
    }
    let end = |end: Option<(f64, f64)>, or: f64| end.map_or(or, |(v, _)| v.clamp(low, high));
    let ends_v = (end(curves.baseline_left, low), end(curves.baseline_right, high));
    let first = x.partition_point(|v| *v < ends_v.0);
    let last = x.partition_point(|v| *v <= ends_v.1);
    if first + 1 >= last {
        return Err(SwvReason::MarkedWithoutBaseline);
    }
    let at = x
        .iter()
        .map(|v| interpolated(at_v, at_a, *v) - trace.trend.at(*v))
        .collect();
    Ok(Base {
        at,
        window: (first, last - 1),
        ends_v,
    })
}

/// Between the neighbours in ascending potentials; not a number outside of them.
fn interpolated(at_v: &[f64], at_a: &[f64], v: f64) -> f64 {
    let right = at_v.partition_point(|other| *other < v);
    match (right.checked_sub(1), at_v.get(right)) {
        (_, Some(other)) if *other == v => at_a[right],
        (Some(left), Some(other)) => at_a[left] + (at_a[right] - at_a[left]) * (v - at_v[left]) / (other - at_v[left]),
        _ => f64::NAN,
    }
}

/// The marked peak, or the point between the ends that is furthest from the baseline, and on which side of it that is.
fn furthest(z: &[f64], base: &Base, peak: Option<usize>, polarity: PolarityChoice) -> Result<(usize, f64), SwvReason> {
    let over = |k: usize| z[k] - base.at[k];
    if let Some(k) = peak {
        let height = over(k);
        if height.is_nan() {
            return Err(SwvReason::MarkedPeakOutside);
        }
        return if height == 0.0 {
            Err(SwvReason::PeakOnBaseline)
        } else {
            Ok((k, height.signum()))
        };
    }
    let score = |k: usize| match polarity {
        PolarityChoice::Auto => over(k).abs(),
        PolarityChoice::Up => over(k),
        PolarityChoice::Down => -over(k),
    };
    let top = (base.window.0..=base.window.1).max_by(|a, b| score(*a).total_cmp(&score(*b)));
    match top {
        Some(k) if score(k) > 0.0 => Ok((k, over(k).signum())),
        _ => Err(SwvReason::PeakOnBaseline),
    }
}

/// Points from half height to half height; twice one side where the other does not fall so far, all where none does.
fn rough_width((first, last): (usize, usize), top: usize, is_low: impl Fn(usize) -> bool) -> f64 {
    let left = (first..top).rev().find(|k| is_low(*k));
    let right = (top + 1..=last).find(|k| is_low(*k));
    let points = match (left, right) {
        (Some(left), Some(right)) => right - left,
        (Some(left), None) => 2 * (top - left),
        (None, Some(right)) => 2 * (right - top),
        (None, None) => last - first,
    };
    (points as f64).max(2.0)
}

/// The point nearest to a potential, the left one of two.
fn nearest(x: &[f64], potential_v: f64) -> usize {
    let right = x.partition_point(|v| *v < potential_v).min(x.len() - 1);
    match right.checked_sub(1) {
        Some(left) if potential_v - x[left] <= x[right] - potential_v => left,
        _ => right,
    }
}

fn draw(curves: &mut SwvCurves, points: &Points, found: Option<(&Measured, &Trace, &[f64])>) {
    let x = &points.potential_v;
    *curves = SwvCurves {
        potential_v: x.clone(),
        raw_a: points.current_a.clone(),
        smoothed_a: points.current_a.clone(),
        ..SwvCurves::default()
    };
    let Some((measured, trace, smoothed)) = found else {
        return;
    };
    curves.smoothed_a = x.iter().zip(smoothed).map(|(x, s)| s + trace.trend.at(*x)).collect();
    curves.baseline_a = x
        .iter()
        .zip(&measured.base.at)
        .map(|(x, b)| b + trace.trend.at(*x))
        .collect();
    let (left_v, right_v) = measured.base.ends_v;
    let end = |v: f64| Some((v, interpolated(x, &curves.baseline_a, v)));
    (curves.baseline_left, curves.baseline_right) = (end(left_v), end(right_v));
}
