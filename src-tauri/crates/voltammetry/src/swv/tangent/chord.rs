//! The chord: a straight line that touches the sweep on both sides of a peak.

use super::trace::Line;

/// Indices where a chord touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Touch {
    /// Left of the summit.
    pub left: usize,
    /// Right of the summit.
    pub right: usize,
}

impl Touch {
    /// The chord itself; `s` gives the current at an index.
    pub fn line(self, x: &[f64], s: impl Fn(usize) -> f64) -> Line {
        Line::through((x[self.left], s(self.left)), (x[self.right], s(self.right)))
    }
}

/// Each round moves an end of the chord; a handful settle it, and rounding must not keep it going.
const MOST_ROUNDS: usize = 40;

/// The edge of the convex hull (below an upward, above a downward peak) that spans `summit`, within `from..=to`.
///
/// Of all chords from a point left to a point right of the summit it is the one that passes the summit at the greatest
/// distance; it is found by moving one end at a time until neither can move, because then no point lies beyond the
/// chord. Both ends of the window and every `stride`-th point from the summit are looked at; `s`, the
/// current at an index, is smooth at that scale. `None` if the summit is at an end of the window or lies on the hull.
pub(super) fn hull_edge(
    x: &[f64],
    s: impl Fn(usize) -> f64,
    sign: f64,
    (from, to): (usize, usize),
    summit: usize,
    stride: usize,
) -> Option<Touch> {
    if summit <= from || summit >= to {
        return None;
    }
    let mut touch = Touch { left: from, right: to };
    for _ in 0..MOST_ROUNDS {
        let before = touch;
        let (end, level) = (touch.right, s(touch.right));
        let steepness = |k: usize| sign * (level - s(k)) / (x[end] - x[k]);
        touch.left = steepest((from..summit).rev().step_by(stride), touch.left, steepness);
        let (end, level) = (touch.left, s(touch.left));
        let steepness = |k: usize| sign * (level - s(k)) / (x[k] - x[end]);
        touch.right = steepest((summit + 1..=to).step_by(stride), touch.right, steepness);
        if touch == before {
            break;
        }
    }
    let height = sign * (s(summit) - touch.line(x, &s).at(x[summit]));
    (height > 0.0).then_some(touch)
}

/// The index of greatest steepness; `start` where none is steeper than it.
fn steepest(indices: impl Iterator<Item = usize>, start: usize, steepness: impl Fn(usize) -> f64) -> usize {
    let (mut best, mut most) = (start, steepness(start));
    for k in indices {
        let here = steepness(k);
        if here > most {
            (best, most) = (k, here);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touches_a_peak_on_a_steep_line_on_both_sides() {
        let x: Vec<f64> = (0..=100).map(|i| f64::from(i) / 100.0).collect();
        let peak = |x: f64| (-((x - 0.5) / 0.05).powi(2)).exp();
        for slope in [-7.0, 0.0, 7.0] {
            for sign in [1.0, -1.0] {
                // A background that bends away from the peak has its touching points inside.
                let s: Vec<f64> = x
                    .iter()
                    .map(|x| sign * (peak(*x) + 3.0 * (x - 0.5).powi(2)) + slope * x)
                    .collect();
                let touch = hull_edge(&x, |k| s[k], sign, (0, 100), 50, 1).unwrap();
                let line = touch.line(&x, |k| s[k]);
                assert!(
                    (32..42).contains(&touch.left) && (58..68).contains(&touch.right),
                    "{touch:?}"
                );
                for (x, s) in x.iter().zip(&s) {
                    assert!(sign * (s - line.at(*x)) > -1e-12);
                }
            }
        }
    }

    #[test]
    fn a_summit_on_the_hull_has_no_chord() {
        let x = [0.0, 1.0, 2.0, 3.0];
        let edge = |s: [f64; 4], summit| hull_edge(&x, |k| s[k], 1.0, (0, 3), summit, 1);
        assert_eq!(edge([0.0, 1.0, 0.5, 0.0], 0), None);
        assert_eq!(edge([0.0, -1.0, 0.5, 0.0], 1), None);
        assert_eq!(edge([0.0, 1.0, 0.5, 0.0], 1), Some(Touch { left: 0, right: 3 }));
    }
}
