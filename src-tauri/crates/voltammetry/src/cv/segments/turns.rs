//! Where the potential turns.

use crate::swv::tangent::noise::{fourth_differences, point_to_point};

/// A turn counts where the potential comes back by this part of the whole span.
const LEAST_RETURN: f64 = 0.01;

/// ... and by this many standard deviations of the jitter: the largest difference among 100,000 normal numbers stays below.
const JITTER: f64 = 10.0;

/// ... and by this many steps: a potential that is recorded with few digits may flip by one.
const STEPS: f64 = 3.0;

/// One step in so many that goes back alone is no jitter. At a third of a step of jitter it is one in 110.
const RARE: usize = 200;

/// From this number of points on, pairs of bad potentials are filtered out, too.
const LONG: usize = 50;

/// What counts as motion in a series of potentials.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_field_names, reason = "the unit belongs to each name")]
pub(super) struct Scale {
    /// Return that makes a turn (V).
    pub turn_v: f64,
    /// Largest distance at which two potentials count as the same (V).
    pub same_v: f64,
    /// Median of the steps that are not 0 (V).
    pub step_v: f64,
    /// Distance between the lowest and the highest potential (V).
    pub span_v: f64,
    /// Mean motion from one point to the next (V).
    pub pace_v: f64,
}

impl Scale {
    /// `None` where the potential does not go anywhere.
    pub fn of(e: &[f64]) -> Option<Self> {
        if e.len() < super::FEWEST_POINTS {
            return None;
        }
        let steady = without_glitches(e);
        let low = steady.iter().copied().fold(f64::INFINITY, f64::min);
        let high = steady.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let span_v = high - low;
        let largest = low.abs().max(high.abs());
        // A span of a few roundings, or one that overflows, is no sweep.
        if !(span_v.is_finite() && span_v > 64.0 * f64::EPSILON * largest && span_v > 0.0) {
            return None;
        }
        let mut steps: Vec<f64> = e
            .windows(2)
            .map(|pair| (pair[1] - pair[0]).abs())
            .filter(|step| *step > 0.0)
            .collect();
        let middle = steps.len() / 2;
        let step_v = *steps.select_nth_unstable_by(middle, f64::total_cmp).1;
        let jitter_v = jitter(e);
        let turn_v = (JITTER * jitter_v).max(STEPS * step_v).max(LEAST_RETURN * span_v);
        if turn_v > span_v {
            // Nothing but jitter, or so few steps that none is a turn: one sweep if the ends are far apart. In short series
            // jitter cannot be told from uneven steps.
            let (start, end) = (steady[0], steady[steady.len() - 1]);
            let jittery = e.len() >= LONG && JITTER * jitter_v > span_v;
            if (end - start).abs() < 0.5 * span_v || jittery {
                return None;
            }
        }
        let turn_v = turn_v.min(0.5 * span_v);
        let legs: f64 = zigzag(&steady, turn_v)
            .windows(2)
            .map(|pair| (steady[pair[1]] - steady[pair[0]]).abs())
            .sum();
        Some(Self {
            turn_v,
            same_v: (3.0 * jitter_v).max(0.25 * step_v),
            step_v,
            span_v,
            pace_v: legs / (e.len() - 1) as f64,
        })
    }
}

/// Standard deviation of the potentials about their sweeps (V); 0 where single steps hardly ever go back, because there
/// uneven steps and repeated points are no jitter.
fn jitter(e: &[f64]) -> f64 {
    let (mut flips, mut steps) = (0, 0);
    let (mut before, mut last) = (0.0, 0.0);
    for pair in e.windows(2) {
        let step = pair[1] - pair[0];
        if step == 0.0 {
            continue;
        }
        // Forward, back, forward: a turn of the sweep never looks like that.
        flips += usize::from(before * last < 0.0 && last * step < 0.0);
        steps += 1;
        (before, last) = (last, step);
    }
    if flips * RARE <= steps {
        return 0.0;
    }
    let index: Vec<f64> = (0..e.len()).map(|k| k as f64).collect();
    point_to_point(&index, e, &fourth_differences(e))
}

/// Indices of start, turns and end of the sweeps: the potential extremes between which it moves by at least a turn.
pub(super) fn find(e: &[f64], scale: &Scale) -> Vec<usize> {
    let steady = without_glitches(e);
    let reach = if e.len() >= LONG { 2 } else { 1 };
    let mut turns = zigzag(&steady, scale.turn_v);
    for at in 0..turns.len() {
        let here = turns[at];
        // Whether this end lies above the other end of its sweep.
        let upper = if at > 0 {
            steady[here] > steady[turns[at - 1]]
        } else {
            turns.len() > 1 && steady[here] > steady[turns[1]]
        };
        let sign = if upper { 1.0 } else { -1.0 };
        let low = here.saturating_sub(reach);
        let high = (here + reach).min(e.len() - 1);
        // Filtering cuts the tip off; a tip further away than a turn is a glitch.
        for k in low..=high {
            if sign * (e[k] - e[turns[at]]) > 0.0 && (e[k] - steady[here]).abs() < scale.turn_v {
                turns[at] = k;
            }
        }
    }
    turns.dedup();
    turns
}

/// Extremes between which the values move by at least `turn`, in order; fewer than two where they never do.
fn zigzag(values: &[f64], turn: f64) -> Vec<usize> {
    let mut turns = Vec::new();
    let (mut low, mut high) = (0, 0);
    // +1 while rising, -1 while falling, 0 before the first sweep is certain.
    let mut going = 0.0;
    let mut extreme = 0;
    for (k, &value) in values.iter().enumerate().skip(1) {
        if going == 0.0 {
            if value <= values[low] {
                low = k;
            }
            if value >= values[high] {
                high = k;
            }
            if value - values[low] >= turn {
                turns.push(low);
                (going, extreme) = (1.0, k);
            } else if values[high] - value >= turn {
                turns.push(high);
                (going, extreme) = (-1.0, k);
            }
        } else if going * (value - values[extreme]) > 0.0 {
            extreme = k;
        } else if going * (values[extreme] - value) >= turn {
            turns.push(extreme);
            (going, extreme) = (-going, k);
        }
    }
    if going != 0.0 {
        turns.push(extreme);
    }
    turns
}

/// Running median of five (short series: three) values, which keeps slopes and removes single wrong potentials.
fn without_glitches(e: &[f64]) -> Vec<f64> {
    let mut steady = e.to_vec();
    if e.len() >= LONG {
        for (out, five) in steady[2..].iter_mut().zip(e.windows(5)) {
            *out = median_of_five(five);
        }
    } else {
        for (out, three) in steady[1..].iter_mut().zip(e.windows(3)) {
            *out = median_of_three(three[0], three[1], three[2]);
        }
    }
    steady
}

fn median_of_three(a: f64, b: f64, c: f64) -> f64 {
    a.max(b).min(a.min(b).max(c))
}

fn median_of_five(v: &[f64]) -> f64 {
    // The greater of the two minima and the lesser of the two maxima bracket the median together with the fifth.
    let (a, b, c, d, e) = (v[0], v[1], v[2], v[3], v[4]);
    let low = a.min(b).max(c.min(d));
    let high = a.max(b).min(c.max(d));
    median_of_three(low, high, e)
}
