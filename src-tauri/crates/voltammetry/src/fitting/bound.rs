//! Limits of a parameter, as a smooth change of variable.

use super::failure::End;

/// Where a parameter may lie.
///
/// The minimiser works with an unlimited variable u (F. James, M. Roos, Comput. Phys. Commun. 10 (1975) 343-367):
///
/// - between a and b: p = a + (b - a)·(1 + sin u)/2;
/// - at least a: p = a + s·(√(1 + u²) - 1), with s the distance of the start from a; at most b: its mirror image.
///
/// A start outside the limits, or so near to one that the change of variable is flat there, is moved inside first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// Anywhere.
    Free,
    /// Not below.
    AtLeast(f64),
    /// Not above.
    AtMost(f64),
    /// Between the first and the second, which is greater.
    Between(f64, f64),
    /// Not fitted: this value. Its standard error is 0.
    Fixed(f64),
}

/// Starts keep this part of the range, or of the scale, away from a limit.
const INSIDE: f64 = 1e-3;

/// Nearer to a limit than this part of the range, or of the scale, counts as at it.
const AT_LIMIT: f64 = 1e-6;

/// A bound with what its change of variable needs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Variable {
    Free,
    /// Limit and scale; the scale is negative for an upper limit.
    OneSided(f64, f64),
    /// Lower limit and range.
    TwoSided(f64, f64),
    Fixed(f64),
}

impl Variable {
    /// For a bound and a start; `None` if the bound means nothing.
    pub fn new(bound: Bound, start: f64) -> Option<Self> {
        let scale = |limit: f64| {
            let distance = (start - limit).abs();
            if distance > 0.0 {
                distance
            } else if limit == 0.0 {
                1.0
            } else {
                limit.abs()
            }
        };
        match bound {
            Bound::Free => Some(Self::Free),
            Bound::AtLeast(limit) => limit.is_finite().then(|| Self::OneSided(limit, scale(limit))),
            Bound::AtMost(limit) => limit.is_finite().then(|| Self::OneSided(limit, -scale(limit))),
            Bound::Between(low, high) => {
                (low < high && (high - low).is_finite()).then_some(Self::TwoSided(low, high - low))
            }
            Bound::Fixed(value) => value.is_finite().then_some(Self::Fixed(value)),
        }
    }

    /// The variable for a parameter, moved inside where necessary.
    pub fn inward(self, parameter: f64) -> f64 {
        match self {
            Self::Free => parameter,
            Self::OneSided(limit, scale) => {
                let above = ((parameter - limit) / scale).max(INSIDE) + 1.0;
                (above * above - 1.0).sqrt()
            }
            Self::TwoSided(low, range) => {
                let share = ((parameter - low) / range).clamp(INSIDE, 1.0 - INSIDE);
                (2.0 * share - 1.0).asin()
            }
            Self::Fixed(_) => 0.0,
        }
    }

    /// The parameter for a variable, and its derivative.
    pub fn outward(self, u: f64) -> (f64, f64) {
        match self {
            Self::Free => (u, 1.0),
            Self::OneSided(limit, scale) => {
                let root = u.hypot(1.0);
                // √(1 + u²) - 1 without cancellation.
                (limit + scale * (u * (u / (root + 1.0))), scale * u / root)
            }
            Self::TwoSided(low, range) => {
                let (sine, cosine) = u.sin_cos();
                (low + 0.5 * range * (1.0 + sine), 0.5 * range * cosine)
            }
            Self::Fixed(value) => (value, 0.0),
        }
    }

    /// The limit at which a parameter lies.
    pub fn limit(self, parameter: f64) -> Option<End> {
        match self {
            Self::Free | Self::Fixed(_) => None,
            Self::OneSided(limit, scale) => {
                ((parameter - limit) / scale < AT_LIMIT).then_some(if scale > 0.0 { End::Lower } else { End::Upper })
            }
            Self::TwoSided(low, range) => {
                let share = (parameter - low) / range;
                if share < AT_LIMIT {
                    Some(End::Lower)
                } else {
                    (share > 1.0 - AT_LIMIT).then_some(End::Upper)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOME: [(Bound, f64); 5] = [
        (Bound::Free, -3.0),
        (Bound::AtLeast(2.0), 2.5),
        (Bound::AtMost(-1.0), -7.0),
        (Bound::Between(-1.0, 4.0), 3.2),
        (Bound::Between(1e-9, 1e-3), 1e-4),
    ];

    #[test]
    fn goes_out_and_comes_back_with_the_right_derivative() {
        for (bound, start) in SOME {
            let variable = Variable::new(bound, start).unwrap();
            let u = variable.inward(start);
            let (back, slope) = variable.outward(u);
            assert!((back - start).abs() < 1e-12 * start.abs(), "{bound:?}: {back}");
            let step = 1e-6 * u.abs().max(1.0);
            let numeric = (variable.outward(u + step).0 - variable.outward(u - step).0) / (2.0 * step);
            assert!(
                (slope - numeric).abs() < 1e-7 * slope.abs(),
                "{bound:?}: {slope} {numeric}"
            );
            assert_eq!(variable.limit(back), None);
        }
    }

    #[test]
    fn never_leaves_its_limits_and_knows_when_it_is_at_one() {
        let inside = |bound, u| Variable::new(bound, 2.0).unwrap().outward(u).0;
        for k in -50..50 {
            let u = 0.37 * f64::from(k);
            assert!(inside(Bound::AtLeast(1.5), u) >= 1.5);
            assert!(inside(Bound::AtMost(4.0), u) <= 4.0);
            assert!((1.0..=3.0).contains(&inside(Bound::Between(1.0, 3.0), u)));
        }
        let limit = |bound, at| Variable::new(bound, 2.0).unwrap().limit(at);
        assert_eq!(limit(Bound::AtLeast(1.0), 1.0), Some(End::Lower));
        assert_eq!(limit(Bound::AtMost(3.0), 3.0), Some(End::Upper));
        assert_eq!(limit(Bound::Between(1.0, 3.0), 3.0), Some(End::Upper));
        assert_eq!(limit(Bound::Between(1.0, 3.0), 1.0), Some(End::Lower));
        assert_eq!(limit(Bound::Between(1.0, 3.0), 1.01), None);
    }

    #[test]
    fn a_start_at_or_beyond_a_limit_is_moved_inside() {
        for (bound, start) in [
            (Bound::Between(0.0, 1.0), 7.0),
            (Bound::AtLeast(0.0), 0.0),
            (Bound::AtLeast(5.0), 1.0),
        ] {
            let variable = Variable::new(bound, start).unwrap();
            let (inside, slope) = variable.outward(variable.inward(start));
            assert!(
                variable.limit(inside).is_none() && slope.abs() > 0.0,
                "{bound:?}: {inside}"
            );
        }
    }

    #[test]
    fn refuses_limits_that_mean_nothing() {
        for bound in [
            Bound::Between(1.0, 1.0),
            Bound::Between(f64::NAN, 1.0),
            Bound::AtLeast(f64::INFINITY),
            Bound::Fixed(f64::NAN),
        ] {
            assert!(Variable::new(bound, 0.5).is_none(), "{bound:?}");
        }
    }
}
