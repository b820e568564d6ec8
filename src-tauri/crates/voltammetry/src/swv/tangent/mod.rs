//! `tangent`: the height of a peak above the chord that touches the sweep on both sides of it.
//!
//! Stages, each in its file: points in ascending potential, repeated ones averaged; the sweep less its regression line
//! and without bad points (`trace`) with its noise (`noise`); places where a peak may be (`detect`); for each of
//! them smoothing (`smooth`), chord (`chord`), feet (`feet`), summit, width and area (`summit`). The candidate
//! with the greatest height above its own chord is the peak; its polarity is that candidate's. `docs/methods/swv.md` gives
//! the formulas and the limits.
//!
//! Because only the sweep less its regression line is looked at, and every threshold is relative to noise, height or
//! width, adding a linear background, scaling, offsetting, reversing or shifting the sweep changes the result exactly
//! as it should.

pub(super) mod bend;
mod chord;
mod detect;
mod feet;
pub(crate) mod noise;
mod peak;
pub(super) mod smooth;
pub(super) mod summit;
pub(crate) mod trace;

use crate::sweep::Sweep;

use super::analysis::{EffectiveFilters, Quality, QualityMetrics, SwvAnalysis, SwvCurves, SwvStatus};
use super::points::{self, Points};
use super::reason::SwvReason;
use super::settings::{PolarityChoice, SwvSettings};

use peak::Usable;

pub(super) use peak::Peak;
pub(super) use smooth::Smoothed;
pub(super) use trace::{Line, Trace, hampel_choice};

/// Fewest points in which a peak with two feet can be told from anything else.
pub(super) const FEWEST_POINTS: usize = 9;

/// Candidates that are followed at most.
const MOST_CANDIDATES: usize = 8;

/// Analyses one sweep; with `curves` also what is needed to draw it.
pub(super) fn analyze(sweep: &Sweep, settings: &SwvSettings, curves: Option<&mut SwvCurves>) -> SwvAnalysis {
    let mut points = match points::select(sweep, settings) {
        Ok(points) => points,
        Err(reason) => return SwvAnalysis::failed(reason, 0),
    };
    points.merge_repeated();
    let (x, y) = (&points.potential_v, &points.current_a);
    let n = points.len();
    let reservation = if points.not_finite > 0 {
        Some(SwvReason::NonFinitePoints)
    } else {
        (points.merged > 0).then_some(SwvReason::RepeatedPotentials)
    };

    if n < FEWEST_POINTS || y.iter().all(|current| *current == y[0]) {
        if let Some(curves) = curves {
            draw(curves, &points, None);
        }
        return if n < FEWEST_POINTS {
            SwvAnalysis::failed(SwvReason::TooFewPoints, n)
        } else {
            SwvAnalysis::without_peak(SwvReason::FlatTrace, n)
        };
    }

    let trace = Trace::new(x, y, settings.hampel);
    let (first, end) = trace.usable;
    let z = &trace.z[first..end];
    let usable = Usable {
        x: &x[first..end],
        z,
        sums: &detect::running_sums(z),
        noise_a: trace.noise_a,
    };
    let mut smoothed = Smoothed::default();
    let found = best_peak(usable, settings, &mut smoothed);
    let mut result = match &found {
        Ok(peak) => {
            let measured = measure(usable, &trace, peak, &smoothed, n);
            let doubt = if measured.snr.is_some_and(|snr| snr < 5.0) {
                Some(SwvReason::NoisyPeak)
            } else if peak.bent || bends(usable, peak) {
                Some(SwvReason::CurvedBackground)
            } else {
                (trace.outliers > 0).then_some(SwvReason::OutliersIgnored)
            };
            let filters = filters(settings, &smoothed);
            match reservation.or(doubt) {
                None => SwvAnalysis { filters, ..measured },
                reason => SwvAnalysis {
                    status: SwvStatus::Warning,
                    reason,
                    quality: Quality::Warning,
                    filters,
                    ..measured
                },
            }
        }
        Err(reason) => SwvAnalysis::without_peak(*reason, n),
    };
    result.ignored_points = points.not_finite + trace.outliers + n - (end - first);
    if let Some(curves) = curves {
        draw(
            curves,
            &points,
            found.as_ref().ok().map(|peak| (peak, &trace, smoothed.values())),
        );
    }
    result
}

/// The peak in currents less their regression line (A) over ascending potentials (V), where other methods begin.
pub(super) fn locate(x: &[f64], z: &[f64], noise_a: f64, settings: &SwvSettings) -> Result<Peak, SwvReason> {
    let usable = Usable {
        x,
        z,
        sums: &detect::running_sums(z),
        noise_a,
    };
    best_peak(usable, settings, &mut Smoothed::default())
}

/// The candidate with the greatest height above its own chord.
fn best_peak(usable: Usable<'_>, settings: &SwvSettings, smoothed: &mut Smoothed) -> Result<Peak, SwvReason> {
    let mut best: Option<(Peak, detect::Candidate)> = None;
    let mut reason = SwvReason::NoPeak;
    let mut last = None;
    let candidates = detect::candidates(usable.sums, usable.noise_a);
    let wanted = |candidate: &&detect::Candidate| match settings.polarity {
        PolarityChoice::Auto => true,
        PolarityChoice::Up => candidate.polarity.sign() > 0.0,
        PolarityChoice::Down => candidate.polarity.sign() < 0.0,
    };
    for candidate in candidates.iter().filter(wanted).take(MOST_CANDIDATES) {
        // A peak's contrast at its best width is more than half of its height: this one could not be the largest.
        if best
            .as_ref()
            .is_some_and(|(peak, _)| peak.summit.height_a > 2.2 * candidate.contrast_a)
        {
            continue;
        }
        last = Some(candidate.centre);
        match peak::follow(usable, candidate, settings.savgol, smoothed) {
            Ok(peak) => {
                if best
                    .as_ref()
                    .is_none_or(|(other, _)| peak.summit.height_a > other.summit.height_a)
                {
                    best = Some((peak, *candidate));
                }
            }
            Err(SwvReason::PeakAtEdge) => reason = SwvReason::PeakAtEdge,
            Err(_) => {}
        }
    }
    let (peak, candidate) = best.ok_or(reason)?;
    if last == Some(candidate.centre) {
        return Ok(peak);
    }
    // Another candidate was looked at since: smooth for this one again.
    peak::follow(usable, &candidate, settings.savgol, smoothed)
}

/// Whether the background around a peak says that its chord misses what lies under it.
fn bends(usable: Usable<'_>, peak: &Peak) -> bool {
    let Usable { x, z, noise_a, .. } = usable;
    let potential_v = peak.summit.potential_v;
    peak.fwhm_v.is_some_and(|fwhm_v| {
        let around = bend::Around {
            potential_v,
            height_a: peak.summit.height_a,
            fwhm_v,
            baseline_a: peak.chord.at(potential_v),
        };
        bend::is_missed(x, z, noise_a, &around)
    })
}

/// Numbers of a peak.
fn measure(usable: Usable<'_>, trace: &Trace, peak: &Peak, smoothed: &Smoothed, n: usize) -> SwvAnalysis {
    let Usable { x, z, noise_a, .. } = usable;
    let s = smoothed.values();
    let sign = peak.polarity.sign();
    let Peak {
        summit, chord, window, ..
    } = peak;
    let (first, last) = *window;

    let (mut residual, mut raw_steps, mut smooth_steps) = (0.0, 0.0, 0.0);
    for k in first..=last {
        residual += (z[k] - s[k]).powi(2);
        if k > first {
            raw_steps += (z[k] - z[k - 1]).powi(2);
            smooth_steps += (s[k] - s[k - 1]).powi(2);
        }
    }
    let count = (last - first + 1) as f64;
    let residual = (residual / count).sqrt();
    // Smoothing with central weight c leaves 1 - c of the noise variance in the residual; a quadratic has c = 9/(4 w).
    let kept = smoothed
        .chosen()
        .map_or(0.0, |(window, _)| 1.0 - (2.25 / window as f64).min(1.0));
    let noise_a = if kept > 0.3 {
        noise_a.max(residual / kept.sqrt())
    } else {
        noise_a
    };

    let raw_top = (first..=last)
        .map(|k| sign * (z[k] - chord.at(x[k])))
        .fold(0.0, f64::max);
    let metrics = QualityMetrics {
        snr_improvement: if smooth_steps > 0.0 {
            (raw_steps / smooth_steps).sqrt()
        } else {
            1.0
        },
        peak_retention: if raw_top > 0.0 { summit.height_a / raw_top } else { 1.0 },
        residual: residual / summit.height_a,
    };
    let snr = summit.height_a / noise_a;
    let area = summit::area(x, z, sign, chord, (peak.feet.left.0, peak.feet.right.0));
    SwvAnalysis {
        status: SwvStatus::Ok,
        reason: None,
        polarity: Some(peak.polarity),
        peak_current_a: Some(sign * summit.height_a),
        peak_potential_v: Some(summit.potential_v),
        baseline_current_a: Some(chord.at(summit.potential_v) + trace.trend.at(summit.potential_v)),
        area_va: Some(sign * area),
        fwhm_v: peak.fwhm_v,
        snr: Some(snr),
        quality: if snr >= 10.0 { Quality::Pass } else { Quality::Warning },
        metrics: Some(metrics),
        ..SwvAnalysis::without_peak(SwvReason::NoPeak, n)
    }
}

fn filters(settings: &SwvSettings, smoothed: &Smoothed) -> EffectiveFilters {
    let hampel = hampel_choice(settings.hampel);
    let savgol = smoothed.chosen();
    EffectiveFilters {
        hampel_window: hampel.map(|(window, _)| window),
        hampel_threshold: hampel.map(|(_, threshold)| threshold),
        savgol_window: savgol.map(|(window, _)| window),
        savgol_degree: savgol.map(|(_, degree)| degree),
        background_degree: None,
    }
}

fn draw(curves: &mut SwvCurves, points: &Points, found: Option<(&Peak, &Trace, &[f64])>) {
    let x = &points.potential_v;
    *curves = SwvCurves {
        potential_v: x.clone(),
        raw_a: points.current_a.clone(),
        smoothed_a: points.current_a.clone(),
        ..SwvCurves::default()
    };
    let Some((peak, trace, smoothed)) = found else { return };
    let (first, end) = trace.usable;
    for ((value, x), s) in curves.smoothed_a[first..end]
        .iter_mut()
        .zip(&x[first..end])
        .zip(smoothed)
    {
        *value = s + trace.trend.at(*x);
    }
    let baseline = |x: f64| peak.chord.at(x) + trace.trend.at(x);
    curves.baseline_a = x.iter().map(|x| baseline(*x)).collect();
    let foot = |foot: (f64, f64)| Some((foot.0, baseline(foot.0)));
    curves.baseline_left = foot(peak.feet.left);
    curves.baseline_right = foot(peak.feet.right);
}
