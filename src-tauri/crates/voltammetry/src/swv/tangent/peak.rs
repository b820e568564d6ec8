//! From a place where a peak may be to a peak on its chord, or the reason why there is none.

use crate::swv::analysis::{Polarity, SwvReason};
use crate::swv::settings::SavitzkyGolay;

use super::chord::{Touch, hull_edge};
use super::detect::{Candidate, SIGNIFICANT};
use super::feet::{Feet, Surroundings, settle};
use super::smooth::{self, Smoothed};
use super::summit::{self, Summit};
use super::trace::Line;

/// How far the window reaches to either side of the summit, in widths at half height. At 2.5 widths a Gaussian has
/// fallen to 10⁻⁸ and a reversible square wave peak, sech²(nFE/2RT), to 0.06 % of its height.
const REACH: f64 = 2.5;

/// A foot begins this many widths from the summit; nearer is flank.
const FLANK: f64 = 0.75;

/// A foot whose slope relative to the chord is more than this part of the steepest slope of its flank is no foot: the
/// current has not begun to level off. A Gaussian cut at 0.8 widths from its summit just fails.
const NOT_LEVEL: f64 = 0.55;

/// Beyond this part the background bends noticeably.
const BENT: f64 = 0.25;

/// The usable part of a sweep.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usable<'a> {
    /// Potentials (V).
    pub x: &'a [f64],
    /// Currents less their trend (A).
    pub z: &'a [f64],
    /// Noise from point to point (A).
    pub noise_a: f64,
}

/// A peak on its chord.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peak {
    pub polarity: Polarity,
    pub summit: Summit,
    pub feet: Feet,
    pub chord: Line,
    /// Index nearest to the summit.
    pub middle: usize,
    /// Window in which the peak was looked at, first and last index.
    pub window: (usize, usize),
    /// Width at half height (V), where both half heights lie inside the sweep.
    pub fwhm_v: Option<f64>,
    /// The background bends under the peak.
    pub bent: bool,
}

/// Follows a candidate to its peak. On success `smoothed` holds the sweep as smoothed for it.
pub(super) fn follow(
    usable: Usable<'_>,
    candidate: &Candidate,
    savgol: SavitzkyGolay,
    smoothed: &mut Smoothed,
) -> Result<Peak, SwvReason> {
    let Usable { x, z, noise_a } = usable;
    let n = x.len();
    let sign = candidate.polarity.sign();
    let mut width = candidate.width as f64;
    let mut middle = candidate.centre;
    // The contrast of a Gaussian at its best width is about 0.63 of its height.
    let mut height = candidate.contrast_a / 0.6;
    let mut found: Option<(Touch, (usize, usize))> = None;
    for _ in 0..5 {
        let chosen = smooth::choose(savgol, smooth::best_half_window(width, height, noise_a), n);
        let s = smoothed.of(z, chosen);
        let reach = (REACH * width).ceil() as usize;
        let window = (middle.saturating_sub(reach), (middle + reach).min(n - 1));
        let stride = ((width / 16.0) as usize).max(1);
        let touch = hull_edge(x, s, sign, window, middle, stride).ok_or(SwvReason::NoPeak)?;
        let line = touch.line(x, s);
        let above = |k: usize| sign * (s[k] - line.at(x[k]));
        let top = highest(touch.left + 1..touch.right, above).ok_or(SwvReason::NoPeak)?;
        height = above(top);
        let left = (window.0..top).rev().find(|&k| above(k) <= 0.5 * height);
        let right = (top..=window.1).find(|&k| above(k) <= 0.5 * height);
        let new_width = match (left, right) {
            (Some(left), Some(right)) => (right - left) as f64,
            (Some(left), None) => 2.0 * (top - left) as f64,
            (None, Some(right)) => 2.0 * (right - top) as f64,
            (None, None) => return Err(SwvReason::NoPeak),
        };
        let settled = top == middle && (new_width - width).abs() <= 0.1 * width;
        (width, middle) = (new_width.max(2.0), top);
        found = Some((touch, window));
        if settled {
            break;
        }
    }
    let (touch, window) = found.ok_or(SwvReason::NoPeak)?;

    let half = smooth::best_half_window(width, height, noise_a);
    let s = smoothed.of(z, smooth::choose(savgol, half, n));
    let hull = touch.line(x, s);
    let flank = (FLANK * width).ceil() as usize;
    let around = Surroundings {
        x,
        z: if savgol == SavitzkyGolay::Auto { z } else { s },
        sign,
        noise_a,
        left: (window.0, middle.saturating_sub(flank).max(touch.left)),
        right: ((middle + flank).min(touch.right), window.1),
        shortest: half.max(2),
        longest: (1.2 * width).ceil() as usize,
    };
    let feet = settle(&around, touch, hull);
    let chord = feet.line();

    let (values, reach) = if savgol == SavitzkyGolay::Auto {
        (z, half)
    } else {
        (s, 1)
    };
    let summit = summit::parabola(x, values, sign, &chord, window, middle, reach).ok_or(SwvReason::NoPeak)?;
    let (left_v, right_v) = summit::half_heights(x, s, sign, &chord, window, middle, summit.height_a);

    // The height's own noise: summit from 2 half + 1 points, feet from at least as many together.
    let height_noise = noise_a * (4.5 / (width.max(2.0))).sqrt();
    if summit.height_a <= 0.0 || summit.height_a < 0.8 * SIGNIFICANT * height_noise {
        return Err(SwvReason::NoPeak);
    }
    let step = ((width / 6.0) as usize).max(1);
    let tolerance = 3.0 * noise_a * (2.0 / (2 * half + 1) as f64).sqrt();
    let above = |k: usize| sign * (s[k] - chord.at(x[k]));
    let levels = [
        levelling(middle, touch.left, step, tolerance, above),
        levelling(middle, touch.right, step, tolerance, above),
    ];
    for (level, touch, end) in [(levels[0], touch.left, 0), (levels[1], touch.right, n - 1)] {
        if level > NOT_LEVEL {
            let cut_off = touch == end && (middle.abs_diff(touch) as f64) < 1.25 * width;
            return Err(if cut_off {
                SwvReason::PeakAtEdge
            } else {
                SwvReason::NoPeak
            });
        }
    }
    Ok(Peak {
        polarity: candidate.polarity,
        summit,
        feet,
        chord,
        middle,
        window,
        fwhm_v: left_v.zip(right_v).map(|(left, right)| right - left),
        bent: levels.iter().any(|level| *level > BENT),
    })
}

fn highest(indices: impl Iterator<Item = usize>, value: impl Fn(usize) -> f64) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for k in indices {
        let here = value(k);
        if best.is_none_or(|(_, most)| here > most) {
            best = Some((k, here));
        }
    }
    best.map(|(k, _)| k)
}

/// Slope at the foot over the steepest slope of the flank, over `step` points each; what noise explains is taken off.
fn levelling(middle: usize, foot: usize, step: usize, tolerance: f64, above: impl Fn(usize) -> f64) -> f64 {
    let distance = middle.abs_diff(foot);
    let at = |from_foot: usize| {
        if foot < middle {
            foot + from_foot
        } else {
            foot - from_foot
        }
    };
    let step = step.min(distance.max(1));
    let mut steepest = 0.0f64;
    let mut from = 0;
    while from + step <= distance {
        steepest = steepest.max(above(at(from + step)) - above(at(from)));
        from += (step / 2).max(1);
    }
    let slope = above(at(step)) - above(foot);
    if steepest > 0.0 {
        (slope - tolerance).max(0.0) / steepest
    } else {
        1.0
    }
}
