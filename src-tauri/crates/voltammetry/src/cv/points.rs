//! From a segment as recorded to the points that an analysis looks at.

use crate::sweep::Sweep;

use super::reason::CvReason;
use super::segments::Segment;

/// Numbers count as finite up to the largest double over this, about 1e100, so that their squares are finite too.
const HEADROOM: f64 = 1e208;

/// Points of one segment in ascending potential, each potential once, all finite.
#[derive(Debug, Clone, Default)]
pub(super) struct Points {
    pub potential_v: Vec<f64>,
    pub current_a: Vec<f64>,
    /// Points left out because potential or current is not finite.
    pub not_finite: usize,
}

impl Points {
    /// All points of a segment. Several currents at one potential, as slow steps or jitter leave them, are averaged.
    pub fn of(sweep: &Sweep, segment: &Segment) -> Self {
        let range = segment.first..=segment.last;
        let (potentials, currents) = (&sweep.potential_v()[range.clone()], &sweep.current_a()[range]);
        let mut points = Self {
            potential_v: Vec::with_capacity(potentials.len()),
            current_a: Vec::with_capacity(potentials.len()),
            not_finite: 0,
        };
        for (&potential, &current) in potentials.iter().zip(currents) {
            if (potential * HEADROOM).is_finite() && (current * HEADROOM).is_finite() {
                points.potential_v.push(potential);
                points.current_a.push(current);
            } else {
                points.not_finite += 1;
            }
        }
        points.ascend();
        points.merge_repeated();
        points
    }

    pub fn len(&self) -> usize {
        self.potential_v.len()
    }

    pub fn is_empty(&self) -> bool {
        self.potential_v.is_empty()
    }

    /// The points within a potential window, both ends included, in either order.
    pub fn within(&self, range_v: Option<(f64, f64)>) -> Result<Self, CvReason> {
        if self.is_empty() {
            return Err(CvReason::NoFinitePoints);
        }
        let Some((a, b)) = range_v else {
            return Ok(self.clone());
        };
        let (low, high) = (a.min(b), a.max(b));
        let first = self.potential_v.partition_point(|potential| *potential < low);
        let end = self.potential_v.partition_point(|potential| *potential <= high);
        if first >= end {
            return Err(CvReason::NoPointsInRange);
        }
        Ok(Self {
            potential_v: self.potential_v[first..end].to_vec(),
            current_a: self.current_a[first..end].to_vec(),
            not_finite: self.not_finite,
        })
    }

    /// Current at a potential (A), on the line between its neighbours; `None` outside.
    pub fn current_at(&self, potential_v: f64) -> Option<f64> {
        let (x, y) = (&self.potential_v, &self.current_a);
        let after = x.partition_point(|potential| *potential < potential_v);
        if after < x.len() && x[after] == potential_v {
            return Some(y[after]);
        }
        if after == 0 || after == x.len() {
            return None;
        }
        let share = (potential_v - x[after - 1]) / (x[after] - x[after - 1]);
        Some(y[after - 1] + share * (y[after] - y[after - 1]))
    }

    fn ascend(&mut self) {
        if self.potential_v.is_sorted() {
            return;
        }
        // Time runs against potential on a falling sweep; what is left to sort is jitter.
        self.potential_v.reverse();
        self.current_a.reverse();
        if self.potential_v.is_sorted() {
            return;
        }
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by(|&a, &b| self.potential_v[a].total_cmp(&self.potential_v[b]));
        self.potential_v = order.iter().map(|&at| self.potential_v[at]).collect();
        self.current_a = order.iter().map(|&at| self.current_a[at]).collect();
    }

    fn merge_repeated(&mut self) {
        if self.potential_v.windows(2).all(|pair| pair[0] < pair[1]) {
            return;
        }
        let (mut kept, mut at) = (0, 0);
        while at < self.len() {
            let potential = self.potential_v[at];
            let end = at + self.potential_v[at..].iter().take_while(|v| **v == potential).count();
            let mean = self.current_a[at..end].iter().sum::<f64>() / (end - at) as f64;
            self.potential_v[kept] = potential;
            self.current_a[kept] = mean;
            kept += 1;
            at = end;
        }
        self.potential_v.truncate(kept);
        self.current_a.truncate(kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cv::segments;

    #[test]
    fn sorts_merges_cuts_and_interpolates() {
        let sweep = Sweep::new(
            vec![0.0, 0.1, 0.1, 0.2, 0.19, 0.3, f64::NAN, 0.4, 0.5],
            vec![1.0, 2.0, 4.0, 5.0, 9.0, f64::INFINITY, 1.0, 6.0, 7.0],
        )
        .unwrap();
        let segment = segments::find(sweep.potential_v(), None)[0];
        let points = Points::of(&sweep, &segment);
        assert_eq!(points.potential_v, [0.0, 0.1, 0.19, 0.2, 0.4, 0.5]);
        assert_eq!(points.current_a, [1.0, 3.0, 9.0, 5.0, 6.0, 7.0]);
        assert_eq!(points.not_finite, 2);
        assert_eq!(points.current_at(0.3), Some(5.5));
        assert_eq!(points.current_at(0.5), Some(7.0));
        assert_eq!(points.current_at(0.51), None);
        assert_eq!(points.within(Some((0.4, 0.15))).unwrap().potential_v, [0.19, 0.2, 0.4]);
        assert_eq!(points.within(Some((0.6, 0.7))).unwrap_err(), CvReason::NoPointsInRange);
    }
}
