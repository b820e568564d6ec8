//! Summit, width and area of a peak above its chord.

use super::trace::Line;

/// Vertex of the local parabola at the summit.
#[derive(Debug, Clone, Copy)]
pub(in crate::swv) struct Summit {
    pub potential_v: f64,
    /// Height above the chord (A), positive for both polarities.
    pub height_a: f64,
}

/// Least-squares parabola through the points within `half` of the largest height above the chord near `start`.
///
/// The middle follows the vertex until it stays, so that the result does not depend on which of two samples next to the
/// summit happens to be larger. `None` if the points do not bend like a peak. `half` is at least 1.
pub(in crate::swv) fn parabola(
    x: &[f64],
    z: &[f64],
    sign: f64,
    chord: &Line,
    (first, last): (usize, usize),
    start: usize,
    half: usize,
) -> Option<Summit> {
    const ROUNDS: usize = 4;
    let mut middle = start;
    let mut summit = None;
    for _ in 0..ROUNDS {
        if middle <= first || middle >= last {
            break;
        }
        let reach = half.min(middle - first).min(last - middle);
        let (a, b) = symmetric(x, middle, reach);
        // Noise may bend the points up after a move; the fit before it then stands.
        let Some(found) = vertex(&x[a..=b], &z[a..=b], sign, chord) else {
            break;
        };
        summit = Some(found);
        let nearest = nearest(x, middle, found.potential_v);
        if nearest == middle {
            break;
        }
        middle = nearest;
    }
    summit
}

/// First and last of the points that are no further from the middle, in potential, than the nearer of the two `reach` points
/// away from it: with uneven steps a window that is lopsided in potential would pull the vertex to its longer side.
fn symmetric(x: &[f64], middle: usize, reach: usize) -> (usize, usize) {
    const ROUNDING: f64 = 1.0 + 1e-6;
    let (mut a, mut b) = (middle - reach, middle + reach);
    let within = ROUNDING * (x[middle] - x[a]).min(x[b] - x[middle]);
    while a + 1 < middle && x[middle] - x[a] > within {
        a += 1;
    }
    while b > middle + 1 && x[b] - x[middle] > within {
        b -= 1;
    }
    (a, b)
}

/// The index whose potential is nearest to `potential_v`, walking from `from`.
fn nearest(x: &[f64], from: usize, potential_v: f64) -> usize {
    let apart = |k: usize| (x[k] - potential_v).abs();
    let mut at = from;
    while at + 1 < x.len() && apart(at + 1) < apart(at) {
        at += 1;
    }
    while at > 0 && apart(at - 1) < apart(at) {
        at -= 1;
    }
    at
}

fn vertex(x: &[f64], z: &[f64], sign: f64, chord: &Line) -> Option<Summit> {
    let count = x.len() as f64;
    let centre = x.iter().sum::<f64>() / count;
    let scale = 0.5 * (x[x.len() - 1] - x[0]);
    let (mut u2, mut u3, mut u4, mut r0, mut r1, mut r2) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for (x, z) in x.iter().zip(z) {
        let u = (x - centre) / scale;
        let r = sign * (z - chord.at(*x));
        let square = u * u;
        u2 += square;
        u3 += square * u;
        u4 += square * square;
        r0 += r;
        r1 += r * u;
        r2 += r * square;
    }
    let tilt = u3 / u2;
    let norm = u4 - u3 * tilt - u2 * u2 / count;
    let bend = (r2 - tilt * r1 - r0 * u2 / count) / norm;
    let slope = r1 / u2 - bend * tilt;
    let at = -slope / (2.0 * bend);
    // Beyond its own points a parabola says nothing; the caller moves the points there instead.
    let at = at.clamp((x[0] - centre) / scale, (x[x.len() - 1] - centre) / scale);
    (bend < 0.0).then_some(Summit {
        potential_v: centre + at * scale,
        height_a: r0 / count - bend * u2 / count + slope * at + bend * at * at,
    })
}

/// Where the height above the chord falls to half on either side, by linear interpolation.
///
/// Walks outwards from `summit` within `first..=last`; `None` on a side where it does not fall that far.
pub(in crate::swv) fn half_heights(
    x: &[f64],
    s: &[f64],
    sign: f64,
    chord: &Line,
    (first, last): (usize, usize),
    summit: usize,
    height_a: f64,
) -> (Option<f64>, Option<f64>) {
    let above = |k: usize| sign * (s[k] - chord.at(x[k])) - 0.5 * height_a;
    let crossing = |inner: usize, outer: usize| {
        let (a, b) = (above(inner), above(outer));
        let share = if a > b { a / (a - b) } else { 0.5 };
        x[inner] + share.clamp(0.0, 1.0) * (x[outer] - x[inner])
    };
    let left = (first..summit)
        .rev()
        .find(|&k| above(k) <= 0.0)
        .map(|k| crossing(k + 1, k));
    let right = (summit + 1..=last)
        .find(|&k| above(k) <= 0.0)
        .map(|k| crossing(k - 1, k));
    (left, right)
}

/// Trapezoid area between sweep and chord from one potential to another (V·A), positive for both polarities.
pub(in crate::swv) fn area(x: &[f64], z: &[f64], sign: f64, chord: &Line, (from_v, to_v): (f64, f64)) -> f64 {
    let above = |k: usize| sign * (z[k] - chord.at(x[k]));
    // Whole steps between `first` and `last`, and at either end the part of one.
    let first = x.partition_point(|x| *x < from_v);
    let last = x.partition_point(|x| *x <= to_v);
    let part = |inner: usize, outer: usize, end_v: f64| {
        let share = (end_v - x[inner]) / (x[outer] - x[inner]);
        let at_end = above(inner) + share * (above(outer) - above(inner));
        0.5 * (end_v - x[inner]).abs() * (above(inner) + at_end)
    };
    if first >= last {
        // Both ends lie within one step, or outside the sweep.
        if first == 0 || first >= x.len() || to_v <= from_v {
            return 0.0;
        }
        return part(first, first - 1, from_v) - part(first, first - 1, to_v);
    }
    let mut area = 0.0;
    for k in first + 1..last {
        area += 0.5 * (x[k] - x[k - 1]) * (above(k) + above(k - 1));
    }
    if first > 0 {
        area += part(first, first - 1, from_v);
    }
    if last < x.len() {
        area += part(last - 1, last, to_v);
    }
    area
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAT: Line = Line {
        origin_v: 0.0,
        value_a: 0.0,
        slope: 0.0,
    };

    #[test]
    fn a_parabola_is_found_exactly_from_any_start() {
        let x: Vec<f64> = (0..40).map(|i| 0.01 * f64::from(i)).collect();
        let z: Vec<f64> = x.iter().map(|x| 2.0 - 9.0 * (x - 0.2337).powi(2)).collect();
        for start in [20, 23, 24, 27] {
            for half in [1, 3, 6] {
                let summit = parabola(&x, &z, 1.0, &FLAT, (0, 39), start, half).unwrap();
                assert!((summit.potential_v - 0.2337).abs() < 1e-12, "{summit:?}");
                assert!((summit.height_a - 2.0).abs() < 1e-12);
            }
        }
        assert!(parabola(&x, &z, -1.0, &FLAT, (0, 39), 20, 2).is_none());
    }

    #[test]
    fn half_heights_and_area_of_a_triangle() {
        let x: Vec<f64> = (0..=20).map(f64::from).collect();
        let z: Vec<f64> = x.iter().map(|x| 10.0 - (x - 10.0).abs()).collect();
        let (left, right) = half_heights(&x, &z, 1.0, &FLAT, (0, 20), 10, 10.0);
        assert_eq!((left, right), (Some(5.0), Some(15.0)));
        assert_eq!(half_heights(&x, &z, 1.0, &FLAT, (6, 20), 10, 10.0).0, None);
        assert!((area(&x, &z, 1.0, &FLAT, (0.0, 20.0)) - 100.0).abs() < 1e-12);
        assert!((area(&x, &z, 1.0, &FLAT, (0.5, 19.5)) - 99.75).abs() < 1e-12);
        assert!((area(&x, &z, 1.0, &FLAT, (9.25, 9.75)) - 4.75).abs() < 1e-12);
    }
}
