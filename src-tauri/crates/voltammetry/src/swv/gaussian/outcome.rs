//! From a fit to a result.

use crate::swv::analysis::{
    EffectiveFilters, FittedPeak, Polarity, Quality, QualityMetrics, SwvAnalysis, SwvCurves, SwvStatus,
};
use crate::swv::background::Ready;
use crate::swv::reason::SwvReason;
use crate::swv::settings::SwvSettings;
use crate::swv::tangent::hampel_choice;

use super::choice::Candidate;
use super::model::AREA;

/// A residual deviation of more than this part of the height, and of more than three times the noise, is no Gaussian's.
const MISFIT: f64 = 0.03;

/// The drawn baseline ends this many widths from the summit.
const DRAWN: f64 = 1.5;

/// The numbers of a fit; `missing` if a second peak was asked for and not found.
pub(super) fn measured(
    ready: &Ready,
    settings: &SwvSettings,
    polarity: Polarity,
    found: &Candidate,
    missing: bool,
) -> SwvAnalysis {
    let n = ready.points.len();
    let fitted = peaks(ready, polarity.sign(), found);
    let size = |peak: &FittedPeak| peak.peak_current_a.abs();
    let Some(main) = fitted
        .iter()
        .flatten()
        .copied()
        .max_by(|a, b| size(a).total_cmp(&size(b)))
    else {
        return SwvAnalysis::without_peak(SwvReason::FitNotFound, n);
    };
    let (height_a, residual_a, noise_a) = (size(&main), found.fit.residual_deviation, ready.trace.noise_a);
    let snr = height_a / noise_a.max(residual_a);
    let doubt = if missing {
        Some(SwvReason::OnePeakOnly)
    } else if residual_a > MISFIT * height_a && residual_a > 3.0 * noise_a {
        Some(SwvReason::ShapeMisfit)
    } else if snr < 5.0 {
        Some(SwvReason::NoisyPeak)
    } else {
        (ready.trace.outliers > 0).then_some(SwvReason::OutliersIgnored)
    };
    let reason = ready.reservation.or(doubt);
    let hampel = hampel_choice(settings.hampel);
    SwvAnalysis {
        status: if reason.is_some() {
            SwvStatus::Warning
        } else {
            SwvStatus::Ok
        },
        reason,
        polarity: Some(polarity),
        peak_current_a: Some(main.peak_current_a),
        peak_potential_v: Some(main.peak_potential_v),
        baseline_current_a: Some(main.baseline_current_a),
        area_va: Some(main.area_va),
        fwhm_v: Some(main.fwhm_v),
        snr: Some(snr),
        quality: if reason.is_none() && snr >= 10.0 {
            Quality::Pass
        } else {
            Quality::Warning
        },
        metrics: Some(metrics(ready, polarity.sign(), found, height_a)),
        filters: EffectiveFilters {
            hampel_window: hampel.map(|(window, _)| window),
            hampel_threshold: hampel.map(|(_, threshold)| threshold),
            background_degree: Some(found.model.degree),
            ..EffectiveFilters::default()
        },
        fitted,
        ..SwvAnalysis::without_peak(SwvReason::NoPeak, n)
    }
}

/// The peaks of a fit in ascending potential.
fn peaks(ready: &Ready, sign: f64, found: &Candidate) -> [Option<FittedPeak>; 2] {
    let (model, fit) = (&found.model, &found.fit);
    let of = |at: usize| {
        let [height, potential_v, fwhm_v] = found.peak(at);
        let first = model.first_of(at);
        let mut of_area = vec![0.0; fit.parameters.len()];
        of_area[first] = AREA * fwhm_v;
        of_area[first + 2] = AREA * height;
        FittedPeak {
            peak_current_a: sign * height,
            peak_current_error_a: fit.standard_errors[first],
            peak_potential_v: potential_v,
            peak_potential_error_v: fit.standard_errors[first + 1],
            fwhm_v,
            fwhm_error_v: fit.standard_errors[first + 2],
            area_va: sign * AREA * height * fwhm_v,
            area_error_va: fit.standard_error_of(&of_area),
            baseline_current_a: sign * model.background(potential_v, &fit.parameters)
                + ready.trace.trend.at(potential_v),
        }
    };
    if model.count == 1 {
        return [Some(of(0)), None];
    }
    let (a, b) = (of(0), of(1));
    if a.peak_potential_v <= b.peak_potential_v {
        [Some(a), Some(b)]
    } else {
        [Some(b), Some(a)]
    }
}

/// What the fit leaves of the sweep.
fn metrics(ready: &Ready, sign: f64, found: &Candidate, height_a: f64) -> QualityMetrics {
    let (mut raw_steps, mut fit_steps, mut raw_top) = (0.0, 0.0, 0.0f64);
    let mut before: Option<(f64, f64)> = None;
    for (x, z) in ready.x().iter().zip(ready.z()) {
        let background = found.model.background(*x, &found.fit.parameters);
        let fit = background + all_peaks(found, *x);
        let raw = sign * z;
        raw_top = raw_top.max(raw - background);
        if let Some((raw_before, fit_before)) = before {
            raw_steps += (raw - raw_before).powi(2);
            fit_steps += (fit - fit_before).powi(2);
        }
        before = Some((raw, fit));
    }
    QualityMetrics {
        snr_improvement: if fit_steps > 0.0 {
            (raw_steps / fit_steps).sqrt()
        } else {
            1.0
        },
        peak_retention: if raw_top > 0.0 { height_a / raw_top } else { 1.0 },
        residual: found.fit.residual_deviation / height_a,
    }
}

fn all_peaks(found: &Candidate, x: f64) -> f64 {
    (0..found.model.count)
        .map(|at| found.model.peak(x, &found.fit.parameters, at))
        .sum()
}

/// Background, sum and each peak, over all points of the sweep.
pub(super) fn draw(curves: &mut SwvCurves, ready: &Ready, polarity: Polarity, found: &Candidate) {
    let sign = polarity.sign();
    let parameters = &found.fit.parameters;
    let baseline = |x: f64| sign * found.model.background(x, parameters) + ready.trace.trend.at(x);
    let over = |curve: &dyn Fn(f64) -> f64| curves.potential_v.iter().map(|x| curve(*x)).collect::<Vec<f64>>();
    let mut order: Vec<usize> = (0..found.model.count).collect();
    order.sort_by(|&a, &b| found.peak(a)[1].total_cmp(&found.peak(b)[1]));
    let peaks_a = order
        .iter()
        .map(|&at| over(&|x| baseline(x) + sign * found.model.peak(x, parameters, at)))
        .collect();
    let fit_a = over(&|x| baseline(x) + sign * all_peaks(found, x));
    curves.baseline_a = over(&baseline);
    curves.peaks_a = peaks_a;
    curves.fit_a = fit_a;
    let (first, end) = ready.trace.usable;
    for (k, z) in (first..end).zip(ready.z()) {
        curves.smoothed_a[k] = z + ready.trace.trend.at(ready.points.potential_v[k]);
    }
    let widest = |side: f64| {
        let ends = (0..found.model.count)
            .map(|at| found.peak(at))
            .map(|[_, v, w]| v + side * DRAWN * w);
        let outermost = ends.fold(None, |best: Option<f64>, v| {
            Some(best.map_or(v, |best| if side * v > side * best { v } else { best }))
        });
        let (low, high) = (ready.x()[0], ready.x()[ready.x().len() - 1]);
        outermost.map(|v| v.clamp(low, high)).map(|v| (v, baseline(v)))
    };
    curves.baseline_left = widest(-1.0);
    curves.baseline_right = widest(1.0);
}
