//! Probe currents as the earlier program reads them: from the two halves of the file.

use crate::cv::analysis::CvProbe;
use crate::cv::segments::CvDirection;
use crate::cv::settings::CvSettings;

/// A sample nearer than this (V) is taken as it is.
const NEAR: f64 = 0.01;

/// Currents (A) at the probe potentials in the half of the file that stands for a direction. Segment numbers 1 and 2, where
/// the user gave them, choose the first and the second half.
pub(super) fn read(v: &[f64], i: &[f64], direction: CvDirection, settings: &CvSettings) -> Vec<CvProbe> {
    let (given, default) = match direction {
        CvDirection::Forward => (settings.forward_segment, 1),
        CvDirection::Reverse => (settings.reverse_segment, 2),
    };
    let half = given.filter(|number| (1..=2).contains(number)).unwrap_or(default);
    let middle = v.len() / 2;
    let (v, i) = if half == 1 {
        (&v[..middle], &i[..middle])
    } else {
        (&v[middle..], &i[middle..])
    };
    settings
        .probes_v
        .iter()
        .map(|&potential_v| CvProbe {
            potential_v,
            current_a: current_at(v, i, potential_v),
        })
        .collect()
}

fn current_at(v: &[f64], i: &[f64], potential_v: f64) -> Option<f64> {
    let apart = |k: usize| (v[k] - potential_v).abs();
    let mut nearest = 0;
    for k in 1..v.len() {
        if apart(k) < apart(nearest) {
            nearest = k;
        }
    }
    if v.is_empty() || !potential_v.is_finite() {
        return None;
    }
    if apart(nearest) < NEAR {
        return Some(i[nearest]);
    }
    // Linear interpolation as if the potentials ascended, whatever they do.
    let last = v.len() - 1;
    if potential_v > v[last] {
        return Some(i[last]);
    }
    if potential_v < v[0] {
        return Some(i[0]);
    }
    let after = v.partition_point(|at| *at <= potential_v).clamp(1, last);
    let before = after - 1;
    let slope = (i[after] - i[before]) / (v[after] - v[before]);
    Some(slope * (potential_v - v[before]) + i[before]).filter(|current| current.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_nearest_sample_else_a_line_as_if_potentials_ascended() {
        let (v, i) = ([0.0, 0.1, 0.2, 0.3], [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(current_at(&v, &i, 0.105), Some(2.0));
        assert!((current_at(&v, &i, 0.15).unwrap() - 2.5).abs() < 1e-12);
        assert_eq!(current_at(&v, &i, -0.1), Some(1.0));
        let (v, i) = ([0.3, 0.2, 0.0], [4.0, 3.0, 1.0]);
        assert_eq!(current_at(&v, &i, 0.15), Some(1.0));
        assert_eq!(current_at(&[], &[], 0.1), None);
    }
}
