//! Peaks of couples in solution: the height above the baseline that is extrapolated from before the wave.
//!
//! The wave of a diffusing couple (R. S. Nicholson, I. Shain, Anal. Chem. 36 (1964) 706-723) has a foot that rises
//! exponentially and a tail that does not return to the background, so that only what lies before the wave says what
//! the background is. All steps look at the segment in the order of its sweep, turned so that the peak points up.
//!
//! 1. The regression line is taken off, spikes and transients are left out, as in [`crate::swv::tangent`].
//! 2. A first baseline is the line from start to end; summit, half-peak width W and baseline are repeated until they agree.
//! 3. Baseline (`baseline`): a straight line together with the exponential foot of the wave, fitted to the stretch
//!    that ends 2.5 W before the peak; the line alone is extrapolated.
//! 4. Summit (`summit`): top of a cubic fitted around it.

mod baseline;
mod summit;

use crate::smoothing::savitzky_golay;
use crate::sums::largest;
use crate::swv::tangent::trace::{Trace, hampel_choice};
use crate::swv::{EffectiveFilters, MAX_SAVGOL_DEGREE, MAX_WINDOW, Polarity, SavitzkyGolay};

use super::peak::{Drawn, Peak, crossing};
use super::points::Points;
use super::reason::CvReason;
use super::segments::PotentialSweep;
use super::settings::CvSettings;

use baseline::Baseline;

/// Fewest points in which a wave, what comes before it and what comes after can be told apart.
const FEWEST_POINTS: usize = 15;

/// Rounds in which summit, width and baseline come to agree.
const ROUNDS: usize = 12;

/// The current must fall by this part of the height after the peak; a reversible wave does so 0.55 W after it.
const FALL: f64 = 0.05;

/// Up to so many half-peak widths after the peak the fall may still be cut off by the end of the segment.
const CUT_OFF: f64 = 1.0;

/// The height must be this many times its own noise.
const CLEAR: f64 = 4.0;

/// One segment in the order of its sweep, the peak pointing up.
struct Wave<'a> {
    /// Potential in the direction of the sweep (V), ascending.
    x: &'a [f64],
    /// Current less its trend (A).
    z: &'a [f64],
    /// The same, smoothed.
    s: &'a [f64],
    noise_a: f64,
}

/// The peak of one segment, from its points in ascending potential.
pub(super) fn measure(
    points: &Points,
    direction: PotentialSweep,
    polarity: Polarity,
    settings: &CvSettings,
) -> Result<(Peak, Drawn), CvReason> {
    let n = points.len();
    if n < FEWEST_POINTS {
        return Err(CvReason::TooFewPoints);
    }
    if points.current_a.iter().all(|current| *current == points.current_a[0]) {
        return Err(CvReason::FlatTrace);
    }
    let (turn, sign) = (direction.sign(), polarity.sign());
    let x = in_sweep_order(&points.potential_v, direction, turn);
    let y = in_sweep_order(&points.current_a, direction, sign);
    let trace = Trace::new(&x, &y, settings.hampel);
    let (first, end) = trace.usable;
    let (smoothed, window) = smooth(&trace.z[first..end], trace.noise_a, settings.savgol);
    let wave = Wave {
        x: &x[first..end],
        z: if settings.savgol == SavitzkyGolay::Auto {
            &trace.z[first..end]
        } else {
            &smoothed
        },
        s: &smoothed,
        noise_a: trace.noise_a,
    };
    let found = wave.find()?;
    let baseline_at = |x: f64| found.baseline.at(x) + trace.trend.at(x);
    let snr = found.summit.height_a / trace.noise_a.max(f64::MIN_POSITIVE);
    let reservation = if snr < 5.0 {
        Some(CvReason::NoisyPeak)
    } else if found.baseline.short {
        Some(CvReason::ShortBaseline)
    } else {
        (trace.outliers > 0).then_some(CvReason::OutliersIgnored)
    };
    let hampel = hampel_choice(settings.hampel);
    let peak = Peak {
        polarity,
        height_a: found.summit.height_a,
        potential_v: turn * found.summit.x,
        baseline_a: sign * baseline_at(found.summit.x),
        baseline_slope: Some(sign * turn * (found.baseline.slope() + trace.trend.slope)),
        half_peak_v: Some(turn * found.half_x),
        width_v: found.falls_to_half_x.map(|x| x - found.half_x),
        area_va: wave.area(&found.baseline),
        snr,
        filters: EffectiveFilters {
            hampel_window: hampel.map(|(window, _)| window),
            hampel_threshold: hampel.map(|(_, threshold)| threshold),
            savgol_window: window.map(|(window, _)| window),
            savgol_degree: window.map(|(_, degree)| degree),
            ..EffectiveFilters::default()
        },
        ignored: trace.outliers + n - (end - first),
        reservation,
    };

    let mut drawn_s = y.clone();
    for ((value, x), s) in drawn_s[first..end].iter_mut().zip(wave.x).zip(wave.s) {
        *value = s + trace.trend.at(*x);
    }
    let drawn_b: Vec<f64> = x.iter().map(|x| baseline_at(*x)).collect();
    let (from, to) = found.baseline.from_x;
    let drawn = Drawn {
        smoothed_a: in_sweep_order(&drawn_s, direction, sign),
        baseline_a: in_sweep_order(&drawn_b, direction, sign),
        from_v: vec![((turn * from).min(turn * to), (turn * from).max(turn * to))],
    };
    Ok((peak, drawn))
}

/// Values in ascending potential as values in the order of the sweep, or back, times a sign.
fn in_sweep_order(values: &[f64], direction: PotentialSweep, sign: f64) -> Vec<f64> {
    match direction {
        PotentialSweep::Rising => values.iter().map(|value| sign * value).collect(),
        PotentialSweep::Falling => values.iter().rev().map(|value| sign * value).collect(),
    }
}

/// The sweep as it is looked at for the position of summit and half height. Automatic: a hundredth of the points, and nothing
/// where there is no noise.
fn smooth(z: &[f64], noise_a: f64, savgol: SavitzkyGolay) -> (Vec<f64>, Option<(usize, usize)>) {
    let n = z.len();
    let odd = n - usize::from(n.is_multiple_of(2));
    let chosen = match savgol {
        SavitzkyGolay::Off => None,
        SavitzkyGolay::Auto if noise_a < 1e-4 * largest(z) => None,
        SavitzkyGolay::Auto => Some((2 * (n / 100).max(2) + 1, 2)),
        SavitzkyGolay::Manual { window, degree } => {
            Some((window.clamp(1, MAX_WINDOW) | 1, degree.min(MAX_SAVGOL_DEGREE)))
        }
    };
    let smoothed = chosen.and_then(|(window, degree)| {
        let window = window.max((degree + 1) | 1).min(odd);
        Some((savitzky_golay(z, window, degree).ok()?, (window, degree)))
    });
    match smoothed {
        Some((smoothed, window)) => (smoothed, Some(window)),
        None => (z.to_vec(), None),
    }
}

/// A wave on its baseline, in the direction of the sweep.
struct Found {
    summit: summit::Summit,
    baseline: Baseline,
    /// Where the current reaches half of the height before the peak.
    half_x: f64,
    /// Where it falls to half after the peak, if it does.
    falls_to_half_x: Option<f64>,
}

impl Wave<'_> {
    fn find(&self) -> Result<Found, CvReason> {
        let Self { x, s, noise_a, .. } = *self;
        let n = x.len();
        let mut line = self.first_line();
        let mut top = self.highest(&line, 1, n - 1).ok_or(CvReason::NoPeak)?;
        if self.rises_to_its_end(&line, top) {
            return Err(CvReason::PeakAtEdge);
        }
        let mut width = 0.0;
        let mut fitted = None;
        for round in 0..ROUNDS {
            let height = s[top] - line.at(x[top]);
            let half_x = self.half_before(&line, top, 0.5 * height).ok_or(CvReason::NoBaseline)?;
            let new_width = x[top] - half_x;
            let settled = fitted.is_some() && (new_width - width).abs() < 0.01 * width;
            width = if round < 4 {
                new_width
            } else {
                0.5 * (width + new_width)
            };
            let baseline = Baseline::fit(x, self.z, noise_a, x[top], width, height)?;
            line = baseline;
            fitted = Some(baseline);
            // Uphill from where the summit was, as far as the new baseline moved it.
            let mut moved = false;
            loop {
                let low = x.partition_point(|v| *v < x[top] - 0.5 * width);
                let high = x.partition_point(|v| *v <= x[top] + 0.5 * width);
                let next = self.highest(&line, low, high).ok_or(CvReason::NoPeak)?;
                if next == top || s[next] - line.at(x[next]) <= s[top] - line.at(x[top]) {
                    break;
                }
                (top, moved) = (next, true);
            }
            if settled && !moved {
                break;
            }
        }
        let baseline = fitted.ok_or(CvReason::NoPeak)?;
        let height = s[top] - baseline.at(x[top]);
        if height <= 0.0 {
            return Err(CvReason::NoPeak);
        }
        let after = x[n - 1] - x[top];
        let lowest = (top..n).map(|k| s[k] - baseline.at(x[k])).fold(f64::INFINITY, f64::min);
        if top + 1 >= n || lowest > (1.0 - FALL) * height {
            // Not over before the segment ends, or a wave without a maximum.
            let cut_off = after < CUT_OFF * width;
            return Err(if cut_off {
                CvReason::PeakAtEdge
            } else {
                CvReason::NoPeak
            });
        }
        let summit = summit::fit(x, self.z, &baseline, top, width, noise_a).ok_or(CvReason::NoPeak)?;
        let deviation =
            noise_a.hypot(baseline.deviation_a * (summit.points as f64).sqrt()) / (summit.points as f64).sqrt();
        if summit.height_a < CLEAR * deviation {
            return Err(CvReason::NoPeak);
        }
        let half = 0.5 * summit.height_a;
        let half_x = self.half_before(&baseline, top, half).ok_or(CvReason::NoBaseline)?;
        let above = |k: usize| s[k] - baseline.at(x[k]);
        let falls_to_half_x = (top + 1..n)
            .find(|&k| above(k) <= half)
            .map(|k| crossing((x[k - 1], above(k - 1)), (x[k], above(k)), half));
        Ok(Found {
            summit,
            baseline,
            half_x,
            falls_to_half_x,
        })
    }

    /// The line from the start of the sweep to its end.
    fn first_line(&self) -> Baseline {
        let n = self.x.len();
        let count = (n / 30).max(1);
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let start = (mean(&self.x[..count]), mean(&self.z[..count]));
        let end = (mean(&self.x[n - count..]), mean(&self.z[n - count..]));
        Baseline::line(start, end)
    }

    /// Whether the sweep hangs below the line from start to end, most of it rising at the very end: the first half of a wave.
    fn rises_to_its_end(&self, line: &Baseline, top: usize) -> bool {
        let Self { x, s, noise_a, .. } = *self;
        let n = x.len();
        let below = |k: usize| line.at(x[k]) - s[k];
        let depth = (0..n).map(below).fold(0.0, f64::max);
        let quarter = n / 4;
        let at_end = below(n - 1 - quarter) - below(n - 1);
        let at_start = below(quarter) - below(0);
        depth > 10.0 * noise_a && -below(top) < 0.1 * depth && at_end > 1.5 * at_start.abs()
    }

    /// Index of the highest point above the baseline within `low..high`.
    fn highest(&self, baseline: &Baseline, low: usize, high: usize) -> Option<usize> {
        let above = |k: &usize| self.s[*k] - baseline.at(self.x[*k]);
        (low..high).max_by(|a, b| above(a).total_cmp(&above(b)))
    }

    /// Where the current last was at `half` above the baseline before the peak.
    fn half_before(&self, baseline: &Baseline, top: usize, half: f64) -> Option<f64> {
        let above = |k: usize| self.s[k] - baseline.at(self.x[k]);
        let below = (0..top).rev().find(|&k| above(k) <= half)?;
        Some(crossing(
            (self.x[below], above(below)),
            (self.x[below + 1], above(below + 1)),
            half,
        ))
    }

    /// Integral above the baseline from where the baseline ends to the end of the segment (V·A).
    fn area(&self, baseline: &Baseline) -> f64 {
        let above = |k: usize| self.z[k] - baseline.at(self.x[k]);
        let first = self.x.partition_point(|x| *x < baseline.from_x.1);
        (first + 1..self.x.len())
            .map(|k| 0.5 * (self.x[k] - self.x[k - 1]) * (above(k) + above(k - 1)))
            .sum()
    }
}
