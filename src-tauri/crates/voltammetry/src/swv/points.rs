//! From the sweep as recorded to the points that an analysis looks at.

use crate::sums::sum2;
use crate::sweep::Sweep;

use super::reason::SwvReason;
use super::settings::SwvSettings;

/// Numbers count as finite up to the largest double over this, about 1e100, so that their squares are finite too.
const HEADROOM: f64 = 1e208;

/// Points in ascending potential, all finite.
#[derive(Debug, Default)]
pub(super) struct Points {
    pub potential_v: Vec<f64>,
    pub current_a: Vec<f64>,
    /// Points left out because potential or current is not finite.
    pub not_finite: usize,
    /// Points that were averaged into another one of the same potential.
    pub merged: usize,
}

/// Trims the recorded ends, leaves out values that are not finite, applies the potential range and sorts by potential;
/// points of equal potential keep their order in time.
pub(super) fn select(sweep: &Sweep, settings: &SwvSettings) -> Result<Points, SwvReason> {
    let mut points = in_order(sweep, settings.trim_points, settings.range_v)?;
    points.sort();
    Ok(points)
}

/// [`select`] without sorting: in the order of time.
pub(super) fn in_order(sweep: &Sweep, trim: usize, range_v: Option<(f64, f64)>) -> Result<Points, SwvReason> {
    let n = sweep.len();
    if n == 0 {
        return Err(SwvReason::NoPoints);
    }
    if trim.saturating_mul(2) >= n {
        return Err(SwvReason::NothingLeftAfterTrim);
    }
    let potentials = &sweep.potential_v()[trim..n - trim];
    let currents = &sweep.current_a()[trim..n - trim];

    let (low, high) = match range_v {
        Some((a, b)) => (a.min(b), a.max(b)),
        None => (f64::NEG_INFINITY, f64::INFINITY),
    };
    // 0 times a number is 0, and not a number for anything that is not finite.
    let finite = |values: &[f64]| sum2(values, values, |value, _| value * HEADROOM * 0.0) == 0.0;
    let points = if range_v.is_none() && finite(potentials) && finite(currents) {
        Points {
            potential_v: potentials.to_vec(),
            current_a: currents.to_vec(),
            ..Points::default()
        }
    } else {
        within(potentials, currents, low, high)
    };
    if points.potential_v.is_empty() {
        let none_finite = points.not_finite == potentials.len();
        return Err(if none_finite {
            SwvReason::NoFinitePoints
        } else {
            SwvReason::NoPointsInRange
        });
    }
    Ok(points)
}

/// The finite points with a potential in `low..=high`.
fn within(potentials: &[f64], currents: &[f64], low: f64, high: f64) -> Points {
    let mut points = Points {
        potential_v: Vec::with_capacity(potentials.len()),
        current_a: Vec::with_capacity(potentials.len()),
        ..Points::default()
    };
    for (&potential, &current) in potentials.iter().zip(currents) {
        if !((potential * HEADROOM).is_finite() && (current * HEADROOM).is_finite()) {
            points.not_finite += 1;
        } else if potential >= low && potential <= high {
            points.potential_v.push(potential);
            points.current_a.push(current);
        }
    }
    points
}

impl Points {
    pub(super) fn len(&self) -> usize {
        self.potential_v.len()
    }

    fn sort(&mut self) {
        if self.potential_v.is_sorted() {
            return;
        }
        if self.potential_v.windows(2).all(|pair| pair[0] > pair[1]) {
            self.potential_v.reverse();
            self.current_a.reverse();
            return;
        }
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by(|&a, &b| self.potential_v[a].total_cmp(&self.potential_v[b]));
        self.potential_v = order.iter().map(|&at| self.potential_v[at]).collect();
        self.current_a = order.iter().map(|&at| self.current_a[at]).collect();
    }

    /// Averages the currents of points that share a potential.
    pub(super) fn merge_repeated(&mut self) {
        if self.potential_v.windows(2).all(|pair| pair[0] < pair[1]) {
            return;
        }
        let before = self.len();
        let mut kept = 0;
        let mut at = 0;
        while at < before {
            let potential = self.potential_v[at];
            let same = self.potential_v[at..]
                .iter()
                .take_while(|other| **other <= potential)
                .count();
            let mean = self.current_a[at..at + same].iter().sum::<f64>() / same as f64;
            self.potential_v[kept] = potential;
            self.current_a[kept] = mean;
            kept += 1;
            at += same;
        }
        self.potential_v.truncate(kept);
        self.current_a.truncate(kept);
        self.merged = before - kept;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(potential_v: &[f64], current_a: &[f64], settings: &SwvSettings) -> Result<Points, SwvReason> {
        select(&Sweep::new(potential_v.to_vec(), current_a.to_vec()).unwrap(), settings)
    }

    #[test]
    fn sorts_stably_and_merges_by_the_mean() {
        let mut found = points(&[0.2, 0.1, 0.2, 0.3], &[1.0, 2.0, 5.0, 4.0], &SwvSettings::default()).unwrap();
        assert_eq!(found.current_a, [2.0, 1.0, 5.0, 4.0]);
        found.merge_repeated();
        assert_eq!(found.potential_v, [0.1, 0.2, 0.3]);
        assert_eq!(found.current_a, [2.0, 3.0, 4.0]);
        assert_eq!(found.merged, 1);
    }

    #[test]
    fn says_why_nothing_is_left() {
        let reason = |v: &[f64], a: &[f64], settings| points(v, a, &settings).unwrap_err();
        let base = SwvSettings::default();
        assert_eq!(reason(&[], &[], base), SwvReason::NoPoints);
        assert_eq!(
            reason(&[0.1, 0.2], &[1.0, 1.0], SwvSettings { trim_points: 1, ..base }),
            SwvReason::NothingLeftAfterTrim
        );
        assert_eq!(
            reason(
                &[0.1, 0.2],
                &[1.0, 1.0],
                SwvSettings {
                    trim_points: usize::MAX,
                    ..base
                }
            ),
            SwvReason::NothingLeftAfterTrim
        );
        assert_eq!(
            reason(&[0.1, f64::NAN], &[f64::INFINITY, 1.0], base),
            SwvReason::NoFinitePoints
        );
        assert_eq!(
            reason(
                &[0.1, 0.2],
                &[1.0, 1.0],
                SwvSettings {
                    range_v: Some((3.0, 2.0)),
                    ..base
                }
            ),
            SwvReason::NoPointsInRange
        );
    }

    #[test]
    fn trims_the_ends_as_recorded_before_sorting() {
        let settings = SwvSettings {
            trim_points: 1,
            ..SwvSettings::default()
        };
        let found = points(&[0.4, 0.3, 0.2, 0.1], &[4.0, 3.0, 2.0, 1.0], &settings).unwrap();
        assert_eq!(found.potential_v, [0.2, 0.3]);
        assert_eq!(found.current_a, [2.0, 3.0]);
    }
}
