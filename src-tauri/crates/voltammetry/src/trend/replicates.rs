//! Replicate groups: statistics over n consecutive scans.

use super::point::TrendPoint;
use crate::statistics::student_t_95;

/// What happens to scans at the end of a series that do not fill a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Remainder {
    /// They form a last, smaller group.
    #[default]
    Keep,
    /// They are left out of the grouped view, as in `SACMES_Web`.
    Drop,
}

/// Mean and spread of the numbers there are in a group.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ReplicateValue {
    /// Number of scans that gave a number.
    pub count: u32,
    /// Arithmetic mean; `None` without any number.
    pub mean: Option<f64>,
    /// Sample standard deviation (divisor `count - 1`); `None` with fewer than two numbers.
    pub standard_deviation: Option<f64>,
    /// Standard error of the mean, `standard_deviation / sqrt(count)`; `None` with fewer than two numbers.
    pub standard_error: Option<f64>,
    /// Half the width of the 95 % confidence interval of the mean, `t * standard_error` with Student's `t` for
    /// `count - 1` degrees of freedom; `None` with fewer than two numbers.
    pub interval_95: Option<f64>,
}

/// One group of consecutive indices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReplicateGroup {
    /// First index that belongs to the group, whether or not there is a scan with it.
    pub first_index: u32,
    /// Position on the axis.
    pub x: ReplicateValue,
    /// Low frequency, normalised.
    pub normalized_low: ReplicateValue,
    /// High frequency, normalised.
    pub normalized_high: ReplicateValue,
    /// High over low.
    pub ratio: ReplicateValue,
    /// KDM in per cent.
    pub kdm: ReplicateValue,
}

impl ReplicateValue {
    /// Statistics of the finite numbers among `values`.
    pub fn of<I>(values: I) -> Self
    where
        I: IntoIterator<Item = Option<f64>>,
        I::IntoIter: Clone,
    {
        let values = values.into_iter();
        let numbers = || values.clone().flatten().filter(|value| value.is_finite());
        let count = numbers().count() as u32;
        if count == 0 {
            return Self::default();
        }
        let mean = numbers().sum::<f64>() / f64::from(count);
        let standard_deviation = (count > 1)
            .then(|| (numbers().map(|value| (value - mean).powi(2)).sum::<f64>() / f64::from(count - 1)).sqrt());
        let standard_error = standard_deviation.map(|deviation| deviation / f64::from(count).sqrt());
        let t = student_t_95(count.saturating_sub(1) as usize);
        Self {
            count,
            mean: Some(mean),
            standard_deviation,
            standard_error,
            interval_95: t.zip(standard_error).map(|(t, error)| t * error),
        }
    }
}

/// Groups of `size` consecutive indices, counted from `first_index`.
///
/// Membership follows the index, not the position in `points`, so that a missing scan makes its group smaller and shifts
/// no other. `points` are in ascending index; those before `first_index` belong to no group. A size of 0 counts as 1.
/// Each quantity has its own count, because each may be missing on its own.
pub fn replicate_groups(
    points: &[TrendPoint],
    first_index: u32,
    size: u32,
    remainder: Remainder,
) -> Vec<ReplicateGroup> {
    let size = size.max(1);
    let from = points.partition_point(|point| point.index < first_index);
    let points = &points[from..];
    let Some(last) = points.last() else { return Vec::new() };
    let complete = (u64::from(last.index - first_index) + 1) / u64::from(size);
    points
        .chunk_by(|a, b| (a.index - first_index) / size == (b.index - first_index) / size)
        .map(|group| ((group[0].index - first_index) / size, group))
        .filter(|(number, _)| remainder == Remainder::Keep || u64::from(*number) < complete)
        .map(|(number, group)| {
            let over = |value: fn(&TrendPoint) -> Option<f64>| ReplicateValue::of(group.iter().map(value));
            ReplicateGroup {
                first_index: first_index + number * size,
                x: over(|point| Some(point.x)),
                normalized_low: over(|point| point.normalized_low),
                normalized_high: over(|point| point.normalized_high),
                ratio: over(|point| point.ratio),
                kdm: over(|point| point.kdm),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(index: u32, kdm: Option<f64>) -> TrendPoint {
        TrendPoint {
            index,
            x: f64::from(index),
            normalized_low: None,
            normalized_high: None,
            ratio: None,
            kdm,
            reason: None,
        }
    }

    #[test]
    fn mean_deviation_and_error_of_what_is_there() {
        let value = ReplicateValue::of([Some(1.0), None, Some(3.0), Some(f64::NAN)]);
        assert_eq!(value.count, 2);
        assert_eq!(value.mean, Some(2.0));
        assert!((value.standard_deviation.unwrap() - 2f64.sqrt()).abs() < 1e-15);
        assert!((value.standard_error.unwrap() - 1.0).abs() < 1e-15);
        assert!((value.interval_95.unwrap() - 12.706_204_736).abs() < 1e-8);
        let one = ReplicateValue::of([Some(5.0)]);
        assert_eq!(
            (one.mean, one.standard_deviation, one.standard_error),
            (Some(5.0), None, None)
        );
        assert_eq!(ReplicateValue::of([None]), ReplicateValue::default());
    }

    #[test]
    fn a_gap_makes_its_group_smaller_and_shifts_no_other() {
        let points = [
            point(1, Some(1.0)),
            point(2, Some(3.0)),
            point(5, Some(7.0)),
            point(6, None),
            point(7, Some(9.0)),
        ];
        let groups = replicate_groups(&points, 1, 2, Remainder::Keep);
        let firsts: Vec<u32> = groups.iter().map(|group| group.first_index).collect();
        assert_eq!(firsts, [1, 5, 7]);
        assert_eq!(groups[1].kdm.mean, Some(7.0));
        assert_eq!(groups[1].x.count, 2);
        assert_eq!(replicate_groups(&points, 1, 2, Remainder::Drop).len(), 2);
        assert_eq!(replicate_groups(&points, 9, 2, Remainder::Keep), []);
        assert_eq!(replicate_groups(&points, 2, 0, Remainder::Drop).len(), 4);
    }
}
