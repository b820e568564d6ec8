//! What a series is normalised to.

use super::baseline::{Baseline, BaselineModel, BaselineReason, SeriesPoint};
use super::point::Reference;

/// How the reference is chosen. Ranges include both ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Normalization {
    /// Not at all.
    #[default]
    Off,
    /// The value at one index.
    Point {
        /// The index.
        index: u32,
    },
    /// The arithmetic mean of the values in a range of indices.
    Mean {
        /// First index.
        first: u32,
        /// Last index.
        last: u32,
    },
    /// A baseline fitted over a range of indices and continued: each value is divided by the baseline at its own `x`, which
    /// takes the drift out together with the size.
    Baseline {
        /// First index.
        first: u32,
        /// Last index.
        last: u32,
        /// Its shape.
        model: BaselineModel,
    },
}

/// Why one frequency has no reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReferenceReason {
    /// There is no value at the index, or none in the range.
    NoValue,
    /// The value, or the mean, is 0.
    Zero,
    /// No baseline.
    Baseline(BaselineReason),
}

impl ReferenceReason {
    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoValue => "no_reference",
            Self::Zero => "reference_zero",
            Self::Baseline(reason) => reason.code(),
        }
    }

    /// A sentence for people.
    pub fn message(self) -> &'static str {
        match self {
            Self::NoValue => "The scans that the series is normalised to have no peak.",
            Self::Zero => "The value that the series is normalised to is 0.",
            Self::Baseline(reason) => reason.message(),
        }
    }
}

/// A reference, and why a part of it is missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeriesReference {
    /// As [`super::trends`] takes it.
    pub reference: Reference,
    /// Why the low frequency has none.
    pub low_reason: Option<ReferenceReason>,
    /// Why the high frequency has none.
    pub high_reason: Option<ReferenceReason>,
}

/// The reference of a series. `low` and `high` need contain no more than the range, so that its cost does not grow with
/// the series.
pub fn series_reference(normalization: Normalization, low: &[SeriesPoint], high: &[SeriesPoint]) -> SeriesReference {
    let over = |first, last| {
        let (low, low_reason) = split(mean(low, first, last));
        let (high, high_reason) = split(mean(high, first, last));
        SeriesReference {
            reference: Reference::At { low, high },
            low_reason,
            high_reason,
        }
    };
    match normalization {
        Normalization::Off => SeriesReference {
            reference: Reference::Off,
            low_reason: None,
            high_reason: None,
        },
        Normalization::Point { index } => over(index, index),
        Normalization::Mean { first, last } => over(first, last),
        Normalization::Baseline { first, last, model } => {
            let fit = |points| {
                Baseline::fit(points, (first, last), model)
                    .map(|baseline| baseline.curve)
                    .map_err(ReferenceReason::Baseline)
            };
            let (low, low_reason) = split(fit(low));
            let (high, high_reason) = split(fit(high));
            SeriesReference {
                reference: Reference::Along { low, high },
                low_reason,
                high_reason,
            }
        }
    }
}

fn split<T>(result: Result<T, ReferenceReason>) -> (Option<T>, Option<ReferenceReason>) {
    match result {
        Ok(value) => (Some(value), None),
        Err(reason) => (None, Some(reason)),
    }
}

fn mean(points: &[SeriesPoint], first: u32, last: u32) -> Result<f64, ReferenceReason> {
    let (sum, count) = points
        .iter()
        .filter(|point| (first..=last).contains(&point.index))
        .filter_map(|point| point.value.filter(|value| value.is_finite()))
        .fold((0.0, 0u32), |(sum, count), value| (sum + value, count + 1));
    match count {
        0 => Err(ReferenceReason::NoValue),
        _ if sum == 0.0 => Err(ReferenceReason::Zero),
        _ => Ok(sum / f64::from(count)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{TrendInput, TrendReason, TrendSettings, trends};
    use super::*;

    fn series(factor: f64) -> Vec<SeriesPoint> {
        (1..=30)
            .map(|index| SeriesPoint {
                index,
                x: f64::from(index),
                value: (index != 4).then(|| factor * (1.0 - 0.01 * f64::from(index))),
            })
            .collect()
    }

    #[test]
    fn point_mean_and_baseline() {
        let (low, high) = (series(2e-6), series(-3e-6));
        let at = |normalization| series_reference(normalization, &low, &high);
        let Reference::At {
            low: Some(low_at),
            high: Some(high_at),
        } = at(Normalization::Point { index: 10 }).reference
        else {
            panic!("no reference")
        };
        assert!((low_at - 1.8e-6).abs() < 1e-18 && (high_at + 2.7e-6).abs() < 1e-18);
        // Index 4 is missing: the mean of 3 and 5.
        let Reference::At { low: Some(mean), .. } = at(Normalization::Mean { first: 3, last: 5 }).reference else {
            panic!("no reference")
        };
        assert!((mean - 1.92e-6).abs() < 1e-18);
        assert_eq!(
            at(Normalization::Point { index: 4 }).low_reason,
            Some(ReferenceReason::NoValue)
        );
        assert_eq!(at(Normalization::Off).reference, Reference::Off);

        let model = BaselineModel::Linear;
        let along = at(Normalization::Baseline {
            first: 1,
            last: 12,
            model,
        });
        assert_eq!((along.low_reason, along.high_reason), (None, None));
        let inputs: Vec<TrendInput> = low
            .iter()
            .zip(&high)
            .map(|(low, high)| TrendInput {
                index: low.index,
                x: low.x,
                low: low.value,
                high: high.value,
            })
            .collect();
        for point in trends(&inputs, along.reference, &TrendSettings::default()) {
            if point.index == 4 {
                assert_eq!(point.reason, Some(TrendReason::NoValue));
            } else {
                assert!((point.normalized_low.unwrap() - 1.0).abs() < 1e-12, "{point:?}");
                assert!((point.kdm.unwrap() - 100.0).abs() < 1e-9);
            }
        }
        // The line reaches 0 at index 100: beyond it nothing can be divided by it.
        let beyond = TrendInput {
            index: 120,
            x: 120.0,
            ..inputs[0]
        };
        let point = trends(&[beyond], along.reference, &TrendSettings::default())[0];
        assert_eq!(
            (point.normalized_high, point.reason),
            (None, Some(TrendReason::NoReference))
        );
        let few = at(Normalization::Baseline {
            first: 1,
            last: 1,
            model,
        });
        assert_eq!(few.low_reason.unwrap().code(), "baseline_too_few_points");
    }

    #[test]
    fn zero_is_no_reference() {
        let zero = [SeriesPoint {
            index: 1,
            x: 1.0,
            value: Some(0.0),
        }];
        let of = series_reference(Normalization::Point { index: 1 }, &zero, &[]);
        assert_eq!(
            (of.low_reason, of.high_reason),
            (Some(ReferenceReason::Zero), Some(ReferenceReason::NoValue))
        );
    }
}
