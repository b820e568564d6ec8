//! Summit, width and area above a background.

use crate::swv::analysis::QualityMetrics;
use crate::swv::reason::SwvReason;
use crate::swv::settings::SavitzkyGolay;
use crate::swv::tangent::{Line, Smoothed, smooth, summit};

use super::start::Start;

/// A background of 0: what is measured here has its own taken off already.
const FLAT: Line = Line {
    origin_v: 0.0,
    value_a: 0.0,
    slope: 0.0,
};

/// How far from where it was expected the summit may lie, in widths at half height.
const SEARCH: f64 = 0.75;

/// How far from the summit the area reaches at most, in widths at half height.
const REACH: f64 = 2.75;

/// The summit must lie at least this many widths from either end of the sweep.
const INSIDE: f64 = 0.5;

/// The height must be this many times its own noise.
const CLEAR: f64 = 4.0;

/// A peak above its background.
#[derive(Debug)]
pub(in crate::swv) struct Above {
    pub potential_v: f64,
    /// Height (A), positive for both polarities.
    pub height_a: f64,
    pub fwhm_v: Option<f64>,
    /// Area (V·A), positive for both polarities.
    pub area_va: f64,
    pub snr: f64,
    pub metrics: QualityMetrics,
    /// From where to where the area was taken (V).
    pub feet_v: (f64, f64),
    /// What is above the background, smoothed (A), upward for both polarities.
    pub smoothed: Smoothed,
}

impl Above {
    /// Measures the peak near `start` in `r`, the current above the background turned upwards, at the potentials `x`.
    ///
    /// `deviations` are the noise from point to point and the standard error of the background at the summit (A).
    pub fn measure(
        x: &[f64],
        r: &[f64],
        start: &Start,
        (noise_a, background_a): (f64, f64),
        savgol: SavitzkyGolay,
    ) -> Result<Self, SwvReason> {
        let n = x.len();
        let step_v = (x[n - 1] - x[0]) / (n - 1) as f64;
        let width = (start.fwhm_v / step_v).max(2.0);
        let half = smooth::best_half_window(width, start.height_a, noise_a);
        let auto = savgol == SavitzkyGolay::Auto;
        let mut smoothed = Smoothed::default();
        let s = smoothed.of(r, smooth::choose(savgol, if auto { half } else { 1 }, n));
        let (fitted, half) = if auto { (r, half) } else { (s, 1) };

        let near = |v: f64| (v - start.potential_v).abs() <= SEARCH * start.fwhm_v;
        let first = x.partition_point(|v| *v < start.potential_v - SEARCH * start.fwhm_v);
        let top = (first..n)
            .take_while(|&k| near(x[k]))
            .max_by(|&a, &b| s[a].total_cmp(&s[b]))
            .ok_or(SwvReason::NoPeak)?;
        let whole = (0, n - 1);
        let parabola = |half| summit::parabola(x, fitted, 1.0, &FLAT, whole, top, half);
        // Where noise hides the bend from the best window, one of twice its length still sees it.
        let summit = parabola(half).or_else(|| parabola(2 * half)).ok_or(SwvReason::NoPeak)?;
        let height_noise = (noise_a * noise_a * 4.5 / width + background_a * background_a).sqrt();
        if summit.height_a < CLEAR * height_noise {
            return Err(SwvReason::NoPeak);
        }
        let from_end = (summit.potential_v - x[0]).min(x[n - 1] - summit.potential_v);
        if from_end < INSIDE * start.fwhm_v {
            return Err(SwvReason::PeakAtEdge);
        }

        let (left_v, right_v) = summit::half_heights(x, s, 1.0, &FLAT, whole, top, summit.height_a);
        let fwhm_v = left_v.zip(right_v).map(|(left, right)| right - left);
        let reach = REACH * fwhm_v.unwrap_or(start.fwhm_v);
        let left = (0..top)
            .rev()
            .find(|&k| s[k] <= 0.0 || summit.potential_v - x[k] > reach)
            .unwrap_or(0);
        let right = (top + 1..n)
            .find(|&k| s[k] <= 0.0 || x[k] - summit.potential_v > reach)
            .unwrap_or(n - 1);
        let feet_v = (x[left], x[right]);
        let area_va = summit::area(x, r, 1.0, &FLAT, feet_v);

        let metrics = metrics(r, s, (left, right), summit.height_a);
        // Smoothing with central weight c leaves 1 - c of the noise variance in the residual; a quadratic has c = 9/(4 w).
        let kept = smoothed
            .chosen()
            .map_or(0.0, |(window, _)| 1.0 - (2.25 / window as f64).min(1.0));
        let residual_a = metrics.residual * summit.height_a;
        let noise_a = if kept > 0.3 {
            noise_a.max(residual_a / kept.sqrt())
        } else {
            noise_a
        };
        Ok(Self {
            potential_v: summit.potential_v,
            height_a: summit.height_a,
            fwhm_v,
            area_va,
            snr: summit.height_a / noise_a,
            metrics,
            feet_v,
            smoothed,
        })
    }
}

/// What smoothing did between two indices.
fn metrics(r: &[f64], s: &[f64], (first, last): (usize, usize), height_a: f64) -> QualityMetrics {
    let (mut residual, mut raw_steps, mut smooth_steps, mut raw_top) = (0.0, 0.0, 0.0, 0.0f64);
    for k in first..=last {
        residual += (r[k] - s[k]).powi(2);
        raw_top = raw_top.max(r[k]);
        if k > first {
            raw_steps += (r[k] - r[k - 1]).powi(2);
            smooth_steps += (s[k] - s[k - 1]).powi(2);
        }
    }
    let residual = (residual / (last - first + 1) as f64).sqrt();
    QualityMetrics {
        snr_improvement: if smooth_steps > 0.0 {
            (raw_steps / smooth_steps).sqrt()
        } else {
            1.0
        },
        peak_retention: if raw_top > 0.0 { height_a / raw_top } else { 1.0 },
        residual: residual / height_a,
    }
}
