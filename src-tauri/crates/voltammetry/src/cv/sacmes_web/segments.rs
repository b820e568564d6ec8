//! Segmentation as the earlier program does it.

use crate::cv::segments::{CvDirection, PotentialSweep, Segment};

/// Steps up to this size (V) keep the direction before them.
const STEP: f64 = 1e-6;

/// The first direction must show within so many steps.
const FIRST_STEPS: usize = 9;

/// Points that are looked at, from a change of direction on, to accept it.
const LOOK_AHEAD: usize = 5;

/// Indices of a piece; neighbouring pieces share the turning point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    sweep: PotentialSweep,
    forward: bool,
    first: usize,
    last: usize,
}

impl Piece {
    pub fn range(&self) -> std::ops::RangeInclusive<usize> {
        self.first..=self.last
    }
}

/// Cuts potentials (V) where their direction changes and at least half of the following steps agree. That the return from a
/// single backward step is such a change, too, is that program's.
pub(super) fn find(v: &[f64]) -> Vec<Piece> {
    let n = v.len();
    let significant = |j: usize| {
        let step = v[j + 1] - v[j];
        (step.abs() > STEP).then_some(if step > 0.0 {
            PotentialSweep::Rising
        } else {
            PotentialSweep::Falling
        })
    };
    if n < 3 {
        return Vec::new();
    }
    let Some(initial) = (0..FIRST_STEPS.min(n - 1)).find_map(significant) else {
        return Vec::new();
    };
    let mut before = initial;
    let directions: Vec<PotentialSweep> = (0..n - 1)
        .map(|j| {
            before = significant(j).unwrap_or(before);
            before
        })
        .collect();
    let piece = |sweep, first, last| Piece {
        sweep,
        forward: sweep == initial,
        first,
        last,
    };
    let mut pieces = Vec::new();
    let mut first = 0;
    for i in 2..n {
        let here = directions[i - 1];
        if here == directions[i - 2] {
            continue;
        }
        let look = LOOK_AHEAD.min(n - i);
        let agree = (1..look)
            .filter(|j| i + j < n - 1 && directions[i + j - 1] == here)
            .count();
        if look <= 1 || agree >= look / 2 {
            pieces.push(piece(directions[i - 2], first, i - 1));
            first = i - 1;
        }
    }
    pieces.push(piece(directions[n - 2], first, n - 1));
    pieces
}

/// The pieces as segments of the recorded sweep, `recorded` being the recorded index of each point.
pub(super) fn describe(pieces: &[Piece], v: &[f64], recorded: &[usize], cycles: Option<&[u32]>) -> Vec<Segment> {
    pieces
        .iter()
        .enumerate()
        .map(|(at, piece)| Segment {
            number: at as u32 + 1,
            cycle: cycles.map_or(at as u32 / 2 + 1, |cycles| cycles[recorded[piece.last]]),
            sweep: piece.sweep,
            direction: if piece.forward {
                CvDirection::Forward
            } else {
                CvDirection::Reverse
            },
            first: recorded[piece.first],
            last: recorded[piece.last],
            from_v: v[piece.first],
            to_v: v[piece.last],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_backward_step_cuts_the_sweep_at_its_return() {
        let v = [0.0, 0.1, 0.2, 0.3, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75];
        let pieces = find(&v);
        let ends: Vec<(usize, usize, bool)> = pieces.iter().map(|p| (p.first, p.last, p.forward)).collect();
        assert_eq!(ends, [(0, 4, false), (4, 9, true)]);
        assert!(find(&[0.0, 0.1]).is_empty());
        assert!(find(&[0.3; 40]).is_empty());
    }
}
