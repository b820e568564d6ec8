//! Where a sweep really begins and ends: not while the potential waits, and not with a jump.

use super::turns::Scale;

/// A wait has this many times the points that a sweep of usual pace leaves within one potential.
const WAIT: f64 = 4.0;

/// A jump is this many times the median step, and ...
const JUMP_STEPS: f64 = 8.0;

/// ... this part of the span.
const JUMP_SPAN: f64 = 0.02;

/// Points beyond a jump that still count as lone ends.
const LONE: usize = 3;

/// First and last point of each sweep between the turns.
pub(super) fn trim(e: &[f64], turns: &[usize], scale: &Scale) -> Vec<(usize, usize)> {
    // Where the potential arrives at each turn, and where it leaves it.
    let waits: Vec<(usize, usize)> = turns.iter().map(|&turn| wait(e, turn, scale)).collect();
    waits
        .windows(2)
        .zip(turns.windows(2))
        .map(|(waits, turn)| {
            let leaves = waits[0].1;
            // The point at the turn belongs to the sweep that led there, unless that was a jump or the very start.
            let led = turn[0] != turns[0] && (e[turn[0]] - e[turn[0] - 1]).abs() <= jump(scale);
            let first = if led { leaves.max(turn[0] + 1) } else { leaves };
            let last = waits[1].0;
            without_jumps(e, first.min(last), last, scale)
        })
        .collect()
}

/// First and last point at the same potential as `turn`, if they are more than passing by leaves; else `turn` itself.
fn wait(e: &[f64], turn: usize, scale: &Scale) -> (usize, usize) {
    let same = |k: usize| (e[k] - e[turn]).abs() <= scale.same_v;
    let mut first = turn;
    while first > 0 && same(first - 1) {
        first -= 1;
    }
    let mut last = turn;
    while last + 1 < e.len() && same(last + 1) {
        last += 1;
    }
    let passing = 2.0 * scale.same_v / scale.pace_v + 2.0;
    if (last - first + 1) as f64 > WAIT * passing {
        (first, last)
    } else {
        (turn, turn)
    }
}

/// Steps above this are jumps (V).
fn jump(scale: &Scale) -> f64 {
    (JUMP_STEPS * scale.step_v)
        .max(JUMP_SPAN * scale.span_v)
        .max(scale.turn_v)
}

/// Leaves out up to [`LONE`] points at either end that a jump separates from the sweep.
fn without_jumps(e: &[f64], mut first: usize, mut last: usize, scale: &Scale) -> (usize, usize) {
    let jump = jump(scale);
    let is_jump = |k: usize| (e[k + 1] - e[k]).abs() > jump;
    for k in (first..last.min(first + LONE)).rev() {
        if is_jump(k) {
            first = k + 1;
            break;
        }
    }
    for k in last.saturating_sub(LONE).max(first)..last {
        if is_jump(k) {
            last = k;
            break;
        }
    }
    (first, last)
}
