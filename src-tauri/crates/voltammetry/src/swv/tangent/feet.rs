//! The ends of the chord, each estimated from several points, so that noise does not bias the height.
//!
//! The hull touches the sweep where noise happens to reach furthest, which makes every height too large. Here each foot
//! is a local fit around the touching point: a parabola where the sweep visibly bends there, else the plain mean. The
//! stretch grows as long as its result agrees with those of all shorter stretches within their noise (O. Lepski's
//! rule), so that a clean curved foot is taken at its very touching point, and a flat noisy one over its whole length.
//!
//! Where the chord touches at an end, of the sweep or of the chosen range, or noise has it touch right beside it, all points of the stretch lie on one
//! side of it, and their mean lies on the flank. There the fit is a line where the sweep slopes, and its value is that at the
//! end: somebody who chooses a range says that the chord ends where the range does.

use super::chord::Touch;
use super::trace::Line;

/// Agreement in standard deviations that lets a stretch grow.
const AGREEMENT: f64 = 2.5;

/// A bend counts where its coefficient is this many standard deviations.
const VISIBLE_BEND: f64 = 3.0;

/// At an end a slope counts from so many: one that is taken for flat costs more than a flat one that is taken for sloping.
const VISIBLE_SLOPE: f64 = 1.0;

/// Factor from one stretch to the next.
const GROWTH: f64 = 1.6;

/// What the two feet are estimated from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings<'a> {
    /// Potentials (V).
    pub x: &'a [f64],
    /// Currents (A).
    pub z: &'a [f64],
    /// +1 for an upward, -1 for a downward peak.
    pub sign: f64,
    /// Noise from point to point (A).
    pub noise_a: f64,
    /// First and last index that may belong to the left foot.
    pub left: (usize, usize),
    /// First and last index that may belong to the right foot.
    pub right: (usize, usize),
    /// Half of the shortest stretch, in points.
    pub shortest: usize,
    /// Half of the longest stretch, in points.
    pub longest: usize,
}

/// The two ends of the chord (V, A).
#[derive(Debug, Clone, Copy)]
pub(in crate::swv) struct Feet {
    pub left: (f64, f64),
    pub right: (f64, f64),
}

impl Feet {
    pub fn line(&self) -> Line {
        Line::through(self.left, self.right)
    }
}

/// Estimates both feet around the points where the hull touches.
pub(super) fn settle(around: &Surroundings<'_>, touch: Touch, hull: Line) -> Feet {
    const ROUNDS: usize = 2;
    let at = |line: &Line, k: usize| (around.x[k], line.at(around.x[k]));
    let mut feet = Feet {
        left: at(&hull, touch.left),
        right: at(&hull, touch.right),
    };
    for _ in 0..ROUNDS {
        let line = feet.line();
        feet = Feet {
            left: foot(around, &line, (touch.left, around.left.0), around.left),
            right: foot(around, &line, (touch.right, around.right.1), around.right),
        };
    }
    feet
}

/// One foot relative to `line`, from stretches around `touch` within `first..=last`, of which `outer` is the one that no peak lies beyond.
fn foot(
    around: &Surroundings<'_>,
    line: &Line,
    (touch, outer): (usize, usize),
    (first, last): (usize, usize),
) -> (f64, f64) {
    let touch = touch.clamp(first, last);
    let mut half = around.shortest;
    let mut accepted = level(
        around,
        line,
        (touch, outer),
        (touch.saturating_sub(half).max(first), (touch + half).min(last)),
    );
    let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
    loop {
        low = low.max(accepted.height_a - AGREEMENT * accepted.deviation_a);
        high = high.min(accepted.height_a + AGREEMENT * accepted.deviation_a);
        let whole = touch <= first + half && touch + half >= last;
        if whole || half >= around.longest {
            break;
        }
        half = ((half as f64 * GROWTH) as usize).max(half + 1).min(around.longest);
        let wider = level(
            around,
            line,
            (touch, outer),
            (touch.saturating_sub(half).max(first), (touch + half).min(last)),
        );
        if wider.height_a < low || wider.height_a > high {
            break;
        }
        accepted = wider;
    }
    (
        accepted.potential_v,
        line.at(accepted.potential_v) + around.sign * accepted.height_a,
    )
}

/// Height of a stretch above a line, at one potential.
#[derive(Debug, Clone, Copy)]
struct Level {
    potential_v: f64,
    height_a: f64,
    deviation_a: f64,
}

fn level(around: &Surroundings<'_>, line: &Line, ends: (usize, usize), (first, last): (usize, usize)) -> Level {
    let x = &around.x[first..=last];
    let z = &around.z[first..=last];
    let count = x.len() as f64;
    let centre = x.iter().sum::<f64>() / count;
    let scale = (0.5 * (x[x.len() - 1] - x[0])).max(f64::MIN_POSITIVE);
    let per_scale = 1.0 / scale;
    // Sums of powers of u = (x - centre) / scale, whose own sum is 0, and their products with r.
    let (mut u2, mut u3, mut u4, mut r0, mut r1, mut r2) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for (x, z) in x.iter().zip(z) {
        let u = (x - centre) * per_scale;
        let r = around.sign * (z - line.at(*x));
        let square = u * u;
        u2 += square;
        u3 += square * u;
        u4 += square * square;
        r0 += r;
        r1 += r * u;
        r2 += r * square;
    }
    let mean = Level {
        potential_v: centre,
        height_a: r0 / count,
        deviation_a: around.noise_a / count.sqrt(),
    };
    let flat = || sloping_end(around, mean, ends, scale, [u2, r1]).unwrap_or(mean);
    if x.len() < 4 {
        return flat();
    }
    // The quadratic orthogonal to 1 and u is u² - (u3/u2) u - u2/count.
    let tilt = u3 / u2;
    let norm = u4 - u3 * tilt - u2 * u2 / count;
    let bend = (r2 - tilt * r1 - r0 * u2 / count) / norm;
    if !(norm > 0.0 && bend > VISIBLE_BEND * around.noise_a / norm.sqrt()) {
        return flat();
    }
    let slope = r1 / u2 - bend * tilt;
    let at = (-slope / (2.0 * bend)).clamp((x[0] - centre) / scale, (x[x.len() - 1] - centre) / scale);
    Level {
        potential_v: centre + at * scale,
        height_a: r0 / count - bend * u2 / count + slope * at + bend * at * at,
        deviation_a: 1.5 * mean.deviation_a,
    }
}

/// Height of a line through a stretch at its outer end, where the chord touches there, or next to it, and the sweep slopes up from it.
/// `sums` are those of u² and r u.
fn sloping_end(
    around: &Surroundings<'_>,
    mean: Level,
    (touch, outer): (usize, usize),
    scale: f64,
    [u2, r1]: [f64; 2],
) -> Option<Level> {
    if touch.abs_diff(outer) > around.shortest || u2 <= 0.0 {
        return None;
    }
    let slope = r1 / u2;
    let at = (around.x[outer] - mean.potential_v) / scale;
    let rise = -slope * at;
    (rise > VISIBLE_SLOPE * around.noise_a * at.abs() / u2.sqrt()).then(|| Level {
        potential_v: around.x[outer],
        height_a: mean.height_a - rise,
        deviation_a: mean.deviation_a.hypot(around.noise_a * at / u2.sqrt()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around<'a>(x: &'a [f64], z: &'a [f64], noise_a: f64) -> Surroundings<'a> {
        let last = x.len() - 1;
        let half = last / 2;
        Surroundings {
            x,
            z,
            sign: 1.0,
            noise_a,
            left: (0, half),
            right: (half + 1, last),
            shortest: 3,
            longest: half,
        }
    }

    #[test]
    fn clean_curved_feet_are_taken_where_they_touch() {
        // Two parabolas with a common tangent of slope 0.5.
        let x: Vec<f64> = (0..=100).map(f64::from).collect();
        let z: Vec<f64> = x
            .iter()
            .map(|x| 0.5 * x + (if *x <= 50.0 { x - 20.2 } else { x - 80.6 }).powi(2))
            .collect();
        let touch = Touch { left: 20, right: 81 };
        let feet = settle(&around(&x, &z, 1e-12), touch, touch.line(&x, |k| z[k]));
        assert!(
            (feet.left.0 - 20.2).abs() < 0.05 && (feet.right.0 - 80.6).abs() < 0.05,
            "{feet:?}"
        );
        assert!((feet.line().at(50.0) - 25.0).abs() < 1e-3, "{feet:?}");
    }

    #[test]
    fn a_foot_at_the_end_of_the_sweep_is_taken_there() {
        // A peak cut where its flanks still slope: the chord joins the two ends.
        let x: Vec<f64> = (0..=30).map(f64::from).collect();
        let z: Vec<f64> = x.iter().map(|x| 10.0 * (-((x - 14.0) / 9.0).powi(2)).exp()).collect();
        let touch = Touch { left: 0, right: 30 };
        let line = touch.line(&x, |k| z[k]);
        let around = Surroundings {
            left: (0, 8),
            right: (20, 30),
            longest: 8,
            ..around(&x, &z, 1e-6)
        };
        let feet = settle(&around, touch, line);
        assert_eq!((feet.left.0, feet.right.0), (0.0, 30.0));
        assert!((feet.line().at(14.0) - line.at(14.0)).abs() < 0.05, "{feet:?}");
        // The same under noise that hides the slope: all that is known is the mean.
        let noisy = Surroundings {
            noise_a: 50.0,
            ..around
        };
        let feet = settle(&noisy, touch, line);
        assert!(feet.left.0 > 0.0 && feet.right.0 < 30.0, "{feet:?}");
    }

    #[test]
    fn flat_noisy_feet_are_averaged_over_their_length() {
        let x: Vec<f64> = (0..=100).map(f64::from).collect();
        let z: Vec<f64> = (0..=100).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 }).collect();
        let touch = Touch { left: 21, right: 83 };
        let feet = settle(&around(&x, &z, 1.0), touch, touch.line(&x, |k| z[k]));
        assert!(feet.line().at(50.0).abs() < 0.1, "{feet:?}");
    }

    #[test]
    fn a_foot_at_the_inner_limit_of_its_side_is_no_end_of_the_sweep() {
        // Towards the peak a flank always slopes up; what lies beyond is no reason to follow a line to its lower end.
        let x: Vec<f64> = (0..=40).map(f64::from).collect();
        let z: Vec<f64> = x.iter().map(|x| (x - 20.0).abs() - 20.0).collect();
        let around = Surroundings {
            left: (0, 12),
            right: (28, 40),
            longest: 8,
            ..around(&x, &z, 1e-6)
        };
        let flat = Line::through((0.0, 0.0), (40.0, 0.0));
        let at = |touch, limits: (usize, usize), outer| foot(&around, &flat, (touch, outer), limits).0;
        assert!(at(12, (0, 12), 0) < 12.0, "the inner limit of the left side");
        assert!(at(28, (28, 40), 40) > 28.0, "the inner limit of the right side");
        assert_eq!((at(12, (0, 12), 12), at(28, (28, 40), 28)), (12.0, 28.0), "as ends");
    }
}
