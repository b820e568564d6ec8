//! From a place where a peak may be to a peak on its chord, or the reason why there is none.

use crate::swv::analysis::Polarity;
use crate::swv::reason::SwvReason;
use crate::swv::settings::SavitzkyGolay;

use super::chord::{Touch, hull_edge};
use super::detect::Candidate;
use super::feet::{Feet, Surroundings, settle};
use super::smooth::{self, Smoothed};
use super::summit::{self, Summit};
use super::trace::Line;

/// How far the window reaches to either side of the summit, in widths at half height. At 2.5 widths a Gaussian has
/// fallen to 10⁻⁸ and a reversible square wave peak, sech²(nFE/2RT), to 0.06 % of its height.
const REACH: f64 = 2.75;

/// A foot never reaches nearer to the summit than this many widths; nearer is flank.
const FLANK: f64 = 0.75;

/// From here on outwards, in widths, a foot is averaged freely; between it and the flank only near its touching point.
const FREE: f64 = 2.0;

/// How far towards the summit from its touching point a foot may reach inside [`FREE`], in widths.
const NEAR: f64 = 0.35;

/// A foot whose slope relative to the chord is more than this part of the steepest slope of its flank is no foot: the
/// current has not begun to level off. A Gaussian cut at 0.8 widths from its summit just fails.
const NOT_LEVEL: f64 = 0.55;

/// Beyond this part the background bends noticeably.
const BENT: f64 = 0.25;

/// A foot at the end of the sweep that is not level is taken for a cut off peak up to this many widths from the summit.
const CUT_OFF: f64 = 1.25;

/// The height on the finished chord must be this many times its own noise.
const CLEAR: f64 = 4.0;

/// The usable part of a sweep.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usable<'a> {
    /// Potentials (V).
    pub x: &'a [f64],
    /// Currents less their trend (A).
    pub z: &'a [f64],
    /// Running sums of `z`, from 0.
    pub sums: &'a [f64],
    /// Noise from point to point (A).
    pub noise_a: f64,
}

/// A peak on its chord.
#[derive(Debug, Clone, Copy)]
pub(in crate::swv) struct Peak {
    pub polarity: Polarity,
    pub summit: Summit,
    pub feet: Feet,
    pub chord: Line,
    /// Window in which the peak was looked at, first and last index.
    pub window: (usize, usize),
    /// Width at half height (V), where both half heights lie inside the sweep.
    pub fwhm_v: Option<f64>,
    /// The background bends under the peak.
    pub bent: bool,
}

/// Roughly where a peak is, by the hull of the sweep.
#[derive(Debug, Clone, Copy)]
struct Outline {
    touch: Touch,
    window: (usize, usize),
    summit: usize,
    width: f64,
    height_a: f64,
}

/// Follows a candidate to its peak. On success `smoothed` holds the sweep as smoothed for it.
pub(super) fn follow(
    usable: Usable<'_>,
    candidate: &Candidate,
    savgol: SavitzkyGolay,
    smoothed: &mut Smoothed,
) -> Result<Peak, SwvReason> {
    let n = usable.x.len();
    let sign = candidate.polarity.sign();
    if savgol == SavitzkyGolay::Auto {
        // On the way to the peak a moving average is as good as any smoothing, and costs nothing.
        let average = |k: usize, half: usize| {
            let half = half.min(k).min(n - 1 - k);
            (usable.sums[k + half + 1] - usable.sums[k - half]) / (2 * half + 1) as f64
        };
        let outline = outline(usable, candidate, average).ok_or(SwvReason::NoPeak)?;
        let half = smooth::best_half_window(outline.width, outline.height_a, usable.noise_a);
        let s = smoothed.of(usable.z, smooth::choose(savgol, half, n));
        measure(usable, sign, &outline, s, usable.z, half)
    } else {
        let s = smoothed.of(usable.z, smooth::choose(savgol, 1, n));
        let outline = outline(usable, candidate, |k, _| s[k]).ok_or(SwvReason::NoPeak)?;
        measure(usable, sign, &outline, s, s, 1)
    }
}

/// Window, chord and width that agree with one another. `s` gives the current at an index, averaged over a half-window.
fn outline(usable: Usable<'_>, candidate: &Candidate, s: impl Fn(usize, usize) -> f64) -> Option<Outline> {
    const ROUNDS: usize = 5;
    let Usable { x, noise_a, .. } = usable;
    let sign = candidate.polarity.sign();
    let mut summit = candidate.centre;
    let mut width = candidate.width as f64;
    // The contrast of a Gaussian at its best width is about 0.6 of its height.
    let mut height_a = candidate.contrast_a / 0.6;
    let mut found = None;
    for _ in 0..ROUNDS {
        let half = smooth::best_half_window(width, height_a, noise_a);
        let s = |k: usize| s(k, half);
        let reach = (REACH * width).ceil() as usize;
        let window = (summit.saturating_sub(reach), (summit + reach).min(x.len() - 1));
        let stride = ((width / 16.0) as usize).max(1);
        let touch = hull_edge(x, s, sign, window, summit, stride)?;
        let line = touch.line(x, s);
        let above = |k: usize| sign * (s(k) - line.at(x[k]));
        let inside = touch.left + 1..touch.right;
        let coarse = highest(inside.clone().step_by(stride), above)?;
        let near = (coarse + 1).saturating_sub(stride).max(inside.start)..(coarse + stride).min(inside.end);
        let top = highest(near, above).unwrap_or(coarse);
        height_a = above(top);
        let left = (window.0..top).rev().find(|&k| above(k) <= 0.5 * height_a);
        let right = (top..=window.1).find(|&k| above(k) <= 0.5 * height_a);
        let points = match (left, right) {
            (Some(left), Some(right)) => right - left,
            (Some(left), None) => 2 * (top - left),
            (None, Some(right)) => 2 * (right - top),
            (None, None) => return None,
        };
        let new_width = (points as f64).max(2.0);
        let settled = top == summit && (new_width - width).abs() <= 0.1 * width;
        (width, summit) = (new_width, top);
        found = Some(Outline {
            touch,
            window,
            summit,
            width,
            height_a,
        });
        if settled {
            break;
        }
    }
    found
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

/// Feet, summit and width of an outlined peak, or the reason why it is none.
///
/// `s` is the smoothed sweep; feet and summit are fitted to `fitted`, the summit to points within `half`.
fn measure(
    usable: Usable<'_>,
    sign: f64,
    outline: &Outline,
    s: &[f64],
    fitted: &[f64],
    half: usize,
) -> Result<Peak, SwvReason> {
    let Usable { x, noise_a, .. } = usable;
    let Outline {
        touch,
        window,
        summit: middle,
        width,
        ..
    } = *outline;
    let shortest = half.max(2);
    let inner = |touch: usize| {
        let distance = middle.abs_diff(touch) as f64;
        let near = distance - (NEAR * width).max(shortest as f64);
        near.min(FREE * width).max(FLANK * width).min(distance).ceil() as usize
    };
    let around = Surroundings {
        x,
        z: fitted,
        sign,
        noise_a,
        left: (window.0, middle - inner(touch.left)),
        right: (middle + inner(touch.right), window.1),
        shortest,
        longest: (1.2 * width).ceil() as usize,
    };
    let feet = settle(&around, touch, touch.line(x, |k| s[k]));
    let chord = feet.line();
    // Where noise hides the bend from the best window, one of twice its length still sees it.
    let summit = summit::parabola(x, fitted, sign, &chord, window, middle, half)
        .or_else(|| summit::parabola(x, fitted, sign, &chord, window, middle, 2 * half))
        .ok_or(SwvReason::NoPeak)?;

    // Noise of the height: the summit is fitted to about half a width of points, the feet to as many together.
    let height_noise = noise_a * (4.5 / width).sqrt();
    if summit.height_a < CLEAR * height_noise {
        return Err(SwvReason::NoPeak);
    }
    let step = ((width / 6.0) as usize).max(1);
    let tolerance = 3.0 * noise_a * (2.0 / (2 * half + 1) as f64).sqrt();
    let above = |k: usize| sign * (s[k] - chord.at(x[k]));
    let levels = [touch.left, touch.right].map(|touch| levelling(middle, touch, step, tolerance, above));
    let cut_off = |touch: usize, end: usize| touch == end && (middle.abs_diff(touch) as f64) < CUT_OFF * width;
    match levels.map(|level| level > NOT_LEVEL) {
        [false, false] => {}
        [true, false] if cut_off(touch.left, 0) => return Err(SwvReason::PeakAtEdge),
        [false, true] if cut_off(touch.right, x.len() - 1) => return Err(SwvReason::PeakAtEdge),
        // Level on neither side, or not for want of points: a bend of the background, a wave, a step.
        _ => return Err(SwvReason::NoPeak),
    }
    let (left_v, right_v) = summit::half_heights(x, s, sign, &chord, window, middle, summit.height_a);
    Ok(Peak {
        polarity: if sign > 0.0 { Polarity::Up } else { Polarity::Down },
        summit,
        feet,
        chord,
        window,
        fwhm_v: left_v.zip(right_v).map(|(left, right)| right - left),
        bent: levels.iter().any(|level| *level > BENT),
    })
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
