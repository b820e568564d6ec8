//! Smoothing, baseline and peak of one segment as the earlier program computes them.

use crate::cv::analysis::{CvCurves, CvSegmentResult, CvStatus};
use crate::cv::reason::CvReason;
use crate::cv::segments::{CvDirection, PotentialSweep, Segment};
use crate::cv::settings::{CvSettings, MassTransport};
use crate::smoothing::savitzky_golay;
use crate::swv::{EffectiveFilters, MAX_SAVGOL_DEGREE, MAX_WINDOW, Polarity, Quality, SavitzkyGolay, sacmes_web};

/// Fewest points within the range.
const FEWEST_POINTS: usize = 3;

/// Result and curves of the points of one segment, in time order; number and direction are the caller's to fill in.
pub(super) fn analyze(
    v: &[f64],
    i: &[f64],
    settings: &CvSettings,
    scan_rate: f64,
) -> Result<(CvSegmentResult, CvCurves), CvReason> {
    let (low, high) = match settings.range_v {
        Some((a, b)) => (a.min(b), a.max(b)),
        None => (f64::NEG_INFINITY, f64::INFINITY),
    };
    let inside = || (0..v.len()).filter(|&k| v[k] >= low && v[k] <= high);
    let p: Vec<f64> = inside().map(|k| v[k]).collect();
    let raw_a: Vec<f64> = inside().map(|k| i[k]).collect();
    if p.len() < FEWEST_POINTS {
        return Err(if p.is_empty() {
            CvReason::NoPointsInRange
        } else {
            CvReason::TooFewPoints
        });
    }
    let (smoothed_a, filters) = smooth(&raw_a, settings.savgol);
    let (baseline_a, baseline_from_v) = match settings.mass_transport {
        MassTransport::Surface => valleys(&p, &smoothed_a),
        MassTransport::Solution => first_points(&p, &smoothed_a),
    };
    let corrected: Vec<f64> = smoothed_a.iter().zip(&baseline_a).map(|(s, b)| s - b).collect();
    let at = first_largest(corrected.iter().map(|c| c.abs()));
    let height = corrected[at];
    let area: f64 = (1..p.len())
        .map(|k| (p[k] - p[k - 1]) * (corrected[k].abs() + corrected[k - 1].abs()) / 2.0)
        .sum();

    let half = height.abs() / 2.0;
    let wide: Vec<usize> = (0..p.len()).filter(|&k| corrected[k].abs() >= half).collect();
    let ends = match wide[..] {
        [first, .., last] if p.len() > 3 => Some((p[first], p[last])),
        _ => None,
    };
    let nothing = Segment {
        number: 0,
        cycle: 0,
        sweep: PotentialSweep::Rising,
        direction: CvDirection::Forward,
        first: 0,
        last: 0,
        from_v: 0.0,
        to_v: 0.0,
    };
    let result = CvSegmentResult {
        status: CvStatus::Ok,
        reason: None,
        polarity: if height == 0.0 {
            None
        } else if height > 0.0 {
            Some(Polarity::Up)
        } else {
            Some(Polarity::Down)
        },
        peak_current_a: Some(height),
        peak_potential_v: Some(p[at]),
        baseline_current_a: Some(baseline_a[at]),
        half_peak_potential_v: ends.map(|(first, last)| f64::midpoint(first, last)),
        peak_width_v: ends.map(|(first, last)| (last - first).abs()),
        area_va: Some(area),
        charge_c: Some(area / scan_rate),
        quality: Quality::Pass,
        filters,
        points: p.len(),
        ..CvSegmentResult::without_peak(&nothing, CvDirection::Forward, CvReason::NoPeak)
    };
    let curves = CvCurves {
        segment: 0,
        potential_v: p,
        raw_a,
        smoothed_a,
        baseline_a,
        baseline_from_v,
    };
    Ok((result, curves))
}

/// Savitzky-Golay over the points; unsmoothed where window and degree do not go with their number.
fn smooth(raw: &[f64], savgol: SavitzkyGolay) -> (Vec<f64>, EffectiveFilters) {
    let n = raw.len();
    let (window, degree) = match savgol {
        SavitzkyGolay::Off => return (raw.to_vec(), EffectiveFilters::default()),
        SavitzkyGolay::Auto => ((((0.2 * n as f64) as usize).max(3) | 1).min(n / 2), 2),
        SavitzkyGolay::Manual { window, degree } => (window.min(MAX_WINDOW), degree.min(MAX_SAVGOL_DEGREE)),
    };
    let smoothed = sacmes_web::fit_savgol_window(window, degree, n).and_then(|window| {
        savitzky_golay(raw, window, degree)
            .ok()
            .map(|smoothed| (smoothed, window))
    });
    match smoothed {
        Some((smoothed, window)) => (
            smoothed,
            EffectiveFilters {
                savgol_window: Some(window),
                savgol_degree: Some(degree),
                ..EffectiveFilters::default()
            },
        ),
        None => (raw.to_vec(), EffectiveFilters::default()),
    }
}

/// Straight line through the smallest currents of the first third before and the last third after the largest.
fn valleys(p: &[f64], s: &[f64]) -> (Vec<f64>, Vec<(f64, f64)>) {
    let n = p.len();
    if n < 4 {
        return (vec![0.0; n], Vec::new());
    }
    let peak = first_largest(s.iter().map(|s| s.abs()));
    let smallest = |from: usize, to: usize| from + first_largest(s[from..to].iter().map(|s| -s.abs()));
    let left = smallest(0, (peak / 3).max(1));
    let right = smallest((peak + (n - peak) * 2 / 3).min(n - 1), n);
    let span = p[right] - p[left];
    let line = if span.abs() < 1e-9 {
        vec![f64::midpoint(s[left], s[right]); n]
    } else {
        let slope = (s[right] - s[left]) / span;
        let intercept = s[left] - slope * p[left];
        p.iter().map(|p| slope * p + intercept).collect()
    };
    (line, vec![(p[left], p[left]), (p[right], p[right])])
}

/// Least-squares line through the first 15 % of the points.
fn first_points(p: &[f64], s: &[f64]) -> (Vec<f64>, Vec<(f64, f64)>) {
    let n = p.len();
    if n < 6 {
        return (vec![0.0; n], Vec::new());
    }
    let count = ((0.15 * n as f64) as usize).max(3);
    let centre = p[..count].iter().sum::<f64>() / count as f64;
    let level = s[..count].iter().sum::<f64>() / count as f64;
    let (mut xx, mut xy) = (0.0, 0.0);
    for (p, s) in p.iter().zip(s).take(count) {
        xx += (p - centre) * (p - centre);
        xy += (p - centre) * (s - level);
    }
    let slope = if xx > 0.0 { xy / xx } else { 0.0 };
    let line = p.iter().map(|p| level + slope * (p - centre)).collect();
    (line, vec![(p[0], p[count - 1])])
}

/// Index of the first of the largest values; at least one value.
fn first_largest(values: impl Iterator<Item = f64>) -> usize {
    let (mut best, mut most) = (0, f64::NEG_INFINITY);
    for (k, value) in values.enumerate() {
        if value > most {
            (best, most) = (k, value);
        }
    }
    best
}
