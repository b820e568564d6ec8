//! Peak by the sign of the derivative, height above the edge of the convex hull that spans it.

use crate::swv::analysis::Polarity;
use crate::swv::reason::SwvReason;
use crate::swv::settings::PolarityChoice;

/// A peak and its baseline.
#[derive(Debug)]
pub(super) struct HullPeak {
    pub polarity: Polarity,
    /// Signed height above the baseline (A).
    pub height_a: f64,
    /// Potential of the chosen sample (V).
    pub potential_v: f64,
    /// Baseline at that potential (A).
    pub baseline_a: f64,
    /// Hull points between which the baseline runs (V, A).
    pub left: (f64, f64),
    /// See `left`.
    pub right: (f64, f64),
    /// The baseline at every potential (A).
    pub line: Vec<f64>,
    /// No edge of the hull spans the peak; the baseline runs from the first to the last hull point.
    pub outside_hull: bool,
}

/// Finds the peak of filtered currents over ascending potentials.
pub(super) fn find(p: &[f64], s: &[f64], choice: PolarityChoice) -> Result<HullPeak, SwvReason> {
    if p.len() < 3 {
        return Err(SwvReason::TooFewPoints);
    }
    let slopes = gradient(s, p);
    let (mut mountain, mut valley) = (None::<usize>, None::<usize>);
    for k in 1..s.len() {
        if slopes[k - 1] > 0.0 && slopes[k] <= 0.0 && mountain.is_none_or(|best| s[k] > s[best]) {
            mountain = Some(k);
        }
        if slopes[k - 1] < 0.0 && slopes[k] >= 0.0 && valley.is_none_or(|best| s[k] < s[best]) {
            valley = Some(k);
        }
    }
    let (polarity, peak) = match (choice, mountain, valley) {
        (PolarityChoice::Up, Some(m), _) | (PolarityChoice::Auto, Some(m), None) => (Polarity::Up, m),
        // The absolute current decides, not the height: kept as it was.
        (PolarityChoice::Auto, Some(m), Some(w)) if s[m].abs() > s[w].abs() => (Polarity::Up, m),
        (PolarityChoice::Down | PolarityChoice::Auto, _, Some(w)) => (Polarity::Down, w),
        _ => return Err(SwvReason::NoDerivativePeak),
    };
    Ok(above_hull(p, s, peak, polarity))
}

fn above_hull(p: &[f64], s: &[f64], peak: usize, polarity: Polarity) -> HullPeak {
    let hull = hull(p, s, polarity);
    // A potential that occurs more than once stands for its first sample.
    let first_of = |at: usize| p.partition_point(|potential| *potential < p[at]);
    let edge = hull
        .windows(2)
        .find(|edge| first_of(edge[0]) <= peak && peak < first_of(edge[1]));
    let (left, right, outside_hull) = match (edge, hull.first(), hull.last()) {
        (Some(edge), _, _) => (edge[0], edge[1], false),
        (None, Some(&first), Some(&last)) => (first, last, true),
        (None, _, _) => (0, p.len() - 1, true),
    };
    let (left, right) = ((p[left], s[left]), (p[right], s[right]));
    let span = right.0 - left.0;
    let slope = if span == 0.0 { 0.0 } else { (right.1 - left.1) / span };
    let offset = left.1 - slope * left.0;
    let line: Vec<f64> = p.iter().map(|potential| slope * potential + offset).collect();
    HullPeak {
        polarity,
        height_a: s[peak] - line[peak],
        potential_v: p[peak],
        baseline_a: line[peak],
        left,
        right,
        line,
        outside_hull,
    }
}

/// Derivative of `s` over uneven `p`: second order inside, first order at the ends (numpy's `gradient`).
fn gradient(s: &[f64], p: &[f64]) -> Vec<f64> {
    let n = s.len();
    let first_step = p[1] - p[0];
    let even = p.windows(2).all(|pair| pair[1] - pair[0] == first_step);
    let mut slopes = vec![0.0; n];
    for k in 1..n - 1 {
        slopes[k] = if even {
            (s[k + 1] - s[k - 1]) / (2.0 * first_step)
        } else {
            let (h1, h2) = (p[k] - p[k - 1], p[k + 1] - p[k]);
            let before = -h2 / (h1 * (h1 + h2));
            let here = (h2 - h1) / (h1 * h2);
            let after = h1 / (h2 * (h1 + h2));
            before * s[k - 1] + here * s[k] + after * s[k + 1]
        };
    }
    slopes[0] = (s[1] - s[0]) / first_step;
    slopes[n - 1] = (s[n - 1] - s[n - 2]) / (p[n - 1] - p[n - 2]);
    slopes
}

/// Indices of the lower (upward peaks) or upper (downward peaks) convex hull, from left to right.
fn hull(p: &[f64], s: &[f64], polarity: Polarity) -> Vec<usize> {
    let sign = polarity.sign();
    let mut hull: Vec<usize> = Vec::new();
    for c in 0..p.len() {
        while let [.., a, b] = hull[..] {
            let cross = (p[b] - p[a]) * (s[c] - s[a]) - (s[b] - s[a]) * (p[c] - p[a]);
            if sign * cross > 0.0 {
                break;
            }
            hull.pop();
        }
        hull.push(c);
    }
    hull
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_sample_after_the_summit() {
        let p: Vec<f64> = (0..7).map(f64::from).collect();
        let s = [0.0, 1.0, 3.0, 5.0, 4.0, 1.0, 0.0];
        let peak = find(&p, &s, PolarityChoice::Auto).unwrap();
        assert_eq!(peak.potential_v, 4.0);
        assert_eq!(peak.height_a, 4.0);
        assert_eq!((peak.left, peak.right), ((0.0, 0.0), (6.0, 0.0)));
        assert_eq!(
            find(&p, &s, PolarityChoice::Down).unwrap_err(),
            SwvReason::NoDerivativePeak
        );
    }

    #[test]
    fn needs_three_points() {
        assert_eq!(
            find(&[0.0, 1.0], &[0.0, 1.0], PolarityChoice::Auto).unwrap_err(),
            SwvReason::TooFewPoints
        );
    }
}
