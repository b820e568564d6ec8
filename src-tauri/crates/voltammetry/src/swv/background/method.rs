//! From a sweep to a result, for a method that is a way to compute the background.

use crate::sweep::Sweep;
use crate::swv::analysis::{EffectiveFilters, Quality, SwvAnalysis, SwvCurves, SwvStatus};
use crate::swv::reason::SwvReason;
use crate::swv::settings::SwvSettings;
use crate::swv::tangent::hampel_choice;

use super::above::Above;
use super::start::{Ready, Start, prepare};

/// How often background and peak are computed anew from one another at most.
const ROUNDS: usize = 4;

/// Peak and background agree when potential and width change by less than this part of the width.
const SETTLED: f64 = 0.02;

/// A background at the usable points, less the regression line of the sweep.
#[derive(Debug)]
pub(in crate::swv) struct Background {
    /// Current (A).
    pub values: Vec<f64>,
    /// Standard error at the summit (A), as far as the method knows it.
    pub error_a: f64,
    /// Degree, if it is a polynomial.
    pub degree: Option<usize>,
}

/// What makes a method out of a way to compute the background.
pub(in crate::swv) trait Baseline {
    /// The background for a peak.
    fn background(&self, ready: &Ready, start: &Start) -> Result<Background, SwvReason>;

    /// What is to be said against the background on which a peak was measured; `start` is that peak.
    fn doubt(&self, ready: &Ready, start: &Start, background: &Background) -> Option<SwvReason>;
}

/// Analyses one sweep.
pub(in crate::swv) fn analyze(
    sweep: &Sweep,
    settings: &SwvSettings,
    mut curves: Option<&mut SwvCurves>,
    baseline: &impl Baseline,
) -> SwvAnalysis {
    let ready = match prepare(sweep, settings, curves.as_deref_mut()) {
        Ok(ready) => ready,
        Err(result) => return *result,
    };
    let found = ready
        .start(settings)
        .and_then(|start| settle(&ready, start, settings, baseline));
    if let Some(curves) = curves {
        *curves = ready.undrawn();
        if let Ok((start, background, above)) = &found {
            draw(curves, &ready, start.polarity.sign(), background, above);
        }
    }
    let n = ready.points.len();
    let result = match found {
        Err(reason) => SwvAnalysis::without_peak(reason, n),
        Ok((start, background, above)) => {
            let doubt = baseline.doubt(&ready, &start, &background);
            measured(&ready, settings, (&start, &background, &above), doubt)
        }
    };
    SwvAnalysis {
        ignored_points: ready.ignored(),
        ..result
    }
}

/// Background and peak that agree with one another.
fn settle(
    ready: &Ready,
    mut start: Start,
    settings: &SwvSettings,
    baseline: &impl Baseline,
) -> Result<(Start, Background, Above), SwvReason> {
    let sign = start.polarity.sign();
    let mut round = 0;
    loop {
        round += 1;
        let under = baseline.background(ready, &start)?;
        let r: Vec<f64> = ready
            .z()
            .iter()
            .zip(&under.values)
            .map(|(z, b)| sign * (z - b))
            .collect();
        let deviations = (ready.trace.noise_a, under.error_a);
        let above = Above::measure(ready.x(), &r, &start, deviations, settings.savgol)?;
        let fwhm_v = above.fwhm_v.unwrap_or(start.fwhm_v);
        let moved = (above.potential_v - start.potential_v)
            .abs()
            .max((fwhm_v - start.fwhm_v).abs());
        start = Start {
            potential_v: above.potential_v,
            height_a: above.height_a,
            fwhm_v,
            ..start
        };
        if round == ROUNDS || moved <= SETTLED * fwhm_v {
            return Ok((start, under, above));
        }
    }
}

fn measured(
    ready: &Ready,
    settings: &SwvSettings,
    (start, background, above): (&Start, &Background, &Above),
    doubt: Option<SwvReason>,
) -> SwvAnalysis {
    let sign = start.polarity.sign();
    let doubt = if above.snr < 5.0 {
        Some(SwvReason::NoisyPeak)
    } else {
        doubt.or_else(|| (ready.trace.outliers > 0).then_some(SwvReason::OutliersIgnored))
    };
    let reason = ready.reservation.or(doubt);
    let hampel = hampel_choice(settings.hampel);
    let savgol = above.smoothed.chosen();
    SwvAnalysis {
        status: if reason.is_some() {
            SwvStatus::Warning
        } else {
            SwvStatus::Ok
        },
        reason,
        polarity: Some(start.polarity),
        peak_current_a: Some(sign * above.height_a),
        peak_potential_v: Some(above.potential_v),
        baseline_current_a: Some(background.at(ready.x(), above.potential_v) + ready.trace.trend.at(above.potential_v)),
        area_va: Some(sign * above.area_va),
        fwhm_v: above.fwhm_v,
        snr: Some(above.snr),
        quality: if reason.is_none() && above.snr >= 10.0 {
            Quality::Pass
        } else {
            Quality::Warning
        },
        metrics: Some(above.metrics),
        filters: EffectiveFilters {
            hampel_window: hampel.map(|(window, _)| window),
            hampel_threshold: hampel.map(|(_, threshold)| threshold),
            savgol_window: savgol.map(|(window, _)| window),
            savgol_degree: savgol.map(|(_, degree)| degree),
            background_degree: background.degree,
        },
        ..SwvAnalysis::without_peak(SwvReason::NoPeak, ready.points.len())
    }
}

impl Background {
    /// Its value (A) at a potential within the potentials `x` that it was computed at (V), by linear interpolation.
    pub fn at(&self, x: &[f64], potential_v: f64) -> f64 {
        between(x, &self.values, potential_v)
    }
}

/// Value between samples by linear interpolation.
fn between(x: &[f64], values: &[f64], at: f64) -> f64 {
    let right = x.partition_point(|v| *v < at).clamp(1, x.len() - 1);
    let share = (at - x[right - 1]) / (x[right] - x[right - 1]);
    values[right - 1] + share * (values[right] - values[right - 1])
}

fn draw(curves: &mut SwvCurves, ready: &Ready, sign: f64, background: &Background, above: &Above) {
    let (first, end) = ready.trace.usable;
    let trend = |k: usize| ready.trace.trend.at(ready.points.potential_v[k]);
    // Outside the usable points the background goes on as it ends.
    let value = |k: usize| background.values[k.clamp(first, end - 1) - first];
    curves.baseline_a = (0..ready.points.len()).map(|k| value(k) + trend(k)).collect();
    for (k, s) in (first..end).zip(above.smoothed.values()) {
        curves.smoothed_a[k] = curves.baseline_a[k] + sign * s;
    }
    let foot = |v: f64| Some((v, background.at(ready.x(), v) + ready.trace.trend.at(v)));
    curves.baseline_left = foot(above.feet_v.0);
    curves.baseline_right = foot(above.feet_v.1);
}
