//! How far apart two sweeps are over the potentials that both pass.

use super::points::Points;

/// Difference between two sweeps over their common potentials, both taken as straight lines between their points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hysteresis {
    /// Integral of first minus second over potential (V·A), ascending: for the rising minus the falling sweep under the
    /// IUPAC convention it is positive, and over twice the scan rate it is the charge that goes back and forth.
    pub area_va: f64,
    /// First minus second where they are furthest apart (A).
    pub largest_difference_a: f64,
    /// Potential at which that is (V).
    pub at_v: f64,
    /// Lowest common potential (V).
    pub from_v: f64,
    /// Highest common potential (V).
    pub to_v: f64,
}

/// `None` where the two have no stretch of potentials in common.
pub(super) fn between(first: &Points, second: &Points) -> Option<Hysteresis> {
    let ends = |points: &Points| {
        points
            .potential_v
            .first()
            .copied()
            .zip(points.potential_v.last().copied())
    };
    let ((a_low, a_high), (b_low, b_high)) = (ends(first)?, ends(second)?);
    let (from_v, to_v) = (a_low.max(b_low), a_high.min(b_high));
    if from_v >= to_v {
        return None;
    }
    let mut found = Hysteresis {
        area_va: 0.0,
        largest_difference_a: 0.0,
        at_v: from_v,
        from_v,
        to_v,
    };
    let (mut a, mut b) = (Walk::to(first, from_v), Walk::to(second, from_v));
    let mut at_v = from_v;
    let mut before = a.current_at(at_v) - b.current_at(at_v);
    found.largest_difference_a = before;
    while at_v < to_v {
        let next_v = a.next_v().min(b.next_v()).min(to_v);
        let here = a.current_at(next_v) - b.current_at(next_v);
        found.area_va += 0.5 * (next_v - at_v) * (before + here);
        if here.abs() > found.largest_difference_a.abs() {
            (found.largest_difference_a, found.at_v) = (here, next_v);
        }
        a.pass(next_v);
        b.pass(next_v);
        (at_v, before) = (next_v, here);
    }
    Some(found)
}

/// Position on a sweep while potentials ascend.
struct Walk<'a> {
    points: &'a Points,
    /// First point beyond the current potential; at least 1.
    next: usize,
}

impl<'a> Walk<'a> {
    fn to(points: &'a Points, potential_v: f64) -> Self {
        let next = points.potential_v.partition_point(|v| *v <= potential_v);
        Self {
            points,
            next: next.clamp(1, points.len() - 1),
        }
    }

    fn next_v(&self) -> f64 {
        self.points.potential_v[self.next]
    }

    fn pass(&mut self, potential_v: f64) {
        if self.next_v() <= potential_v && self.next + 1 < self.points.len() {
            self.next += 1;
        }
    }

    fn current_at(&self, potential_v: f64) -> f64 {
        let (x, y) = (&self.points.potential_v, &self.points.current_a);
        let (left, right) = (self.next - 1, self.next);
        let share = (potential_v - x[left]) / (x[right] - x[left]);
        y[left] + share * (y[right] - y[left])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(potential_v: &[f64], current_a: &[f64]) -> Points {
        Points {
            potential_v: potential_v.to_vec(),
            current_a: current_a.to_vec(),
            not_finite: 0,
        }
    }

    #[test]
    fn integrates_exactly_over_different_steps() {
        let a = points(&[0.0, 0.3, 1.0], &[1.0, 1.0, 2.4]);
        let b = points(&[0.1, 0.5, 0.6, 1.2], &[0.0, 0.0, 1.0, 1.0]);
        let found = between(&a, &b).unwrap();
        // 1 to 1.4 over 0.1..0.5, then b steps up, then 1.6 - 1 to 2.4 - 1.
        let expected = 0.2 + 0.2 * 1.2 + 0.1 * (1.5 - 0.5) + 0.4 * 1.0;
        assert!((found.area_va - expected).abs() < 1e-12, "{found:?}");
        assert_eq!((found.from_v, found.to_v), (0.1, 1.0));
        assert!((found.largest_difference_a - 1.4).abs() < 1e-12);
        let back = between(&b, &a).unwrap();
        assert!((back.area_va + found.area_va).abs() < 1e-12);
    }

    #[test]
    fn sweeps_without_common_potentials_have_no_difference() {
        let a = points(&[0.0, 1.0], &[1.0, 1.0]);
        assert_eq!(between(&a, &points(&[1.0, 2.0], &[0.0, 0.0])), None);
        assert_eq!(between(&a, &points(&[], &[])), None);
    }
}
