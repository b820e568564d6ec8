//! One point of a trend: two frequencies, normalised and combined.
//!
//! KDM (kinetic differential measurement) combines a frequency at which the signal rises with the target and one at
//! which it falls, so that drift common to both cancels. Source: B. S. Ferguson et al., Sci. Transl. Med. 5 (2013)
//! 213ra165; the difference form is that of `SACMES_Web`.

use super::baseline::BaselineCurve;

/// What is known of one index of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrendInput {
    /// Index of the scan in its series.
    pub index: u32,
    /// Position on the axis, in whatever unit the caller plots (index, or seconds; see [`elapsed_s`]).
    pub x: f64,
    /// Height or area at the low frequency; `None` where there is no number.
    pub low: Option<f64>,
    /// Height or area at the high frequency; `None` where there is no number.
    pub high: Option<f64>,
}

/// The values that the series is normalised to, in the unit of the inputs.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Reference {
    /// No normalisation.
    #[default]
    Off,
    /// The values at the reference index.
    At {
        /// At the low frequency; `None` where the reference scan gave no number.
        low: Option<f64>,
        /// At the high frequency; `None` where the reference scan gave no number.
        high: Option<f64>,
    },
    /// A baseline for each frequency: every value is divided by the baseline at its own `x`.
    Along {
        /// At the low frequency; `None` where there is no baseline.
        low: Option<BaselineCurve>,
        /// At the high frequency; `None` where there is no baseline.
        high: Option<BaselineCurve>,
    },
}

/// What happens where the reference is missing or 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum MissingReference {
    /// There is no normalised number.
    #[default]
    NoNumber,
    /// The factor is 1.0 and the "normalised" number remains in ampere, as in `SACMES_Web`.
    FactorOne,
}

/// How the two normalised values are combined. Both forms are in per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Kdm {
    /// `((high - low) + 1) * 100`: 100 at the reference, the number that `SACMES_Web` gives.
    #[default]
    Difference,
    /// `(high - low) / ((high + low) / 2) * 100`: 0 at the reference, and free of gain drift common to both.
    DifferenceOverAverage,
}

/// Settings of [`trends`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct TrendSettings {
    /// How the two values are combined.
    pub kdm: Kdm,
    /// What happens where the reference is missing.
    pub missing_reference: MissingReference,
    /// Added to each normalised value of the low frequency.
    pub low_offset: f64,
    /// Added to each normalised value of the low frequency, times its index.
    pub low_slope: f64,
}

/// One point of a trend. Normalised values have no unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrendPoint {
    /// Index of the scan in its series.
    pub index: u32,
    /// As given.
    pub x: f64,
    /// Low frequency over its reference, corrected by offset and slope; `None` without a reference or without a value.
    pub normalized_low: Option<f64>,
    /// High frequency over its reference.
    pub normalized_high: Option<f64>,
    /// High over low, of the normalised values, or of the values as given where normalisation is off.
    pub ratio: Option<f64>,
    /// KDM in per cent.
    pub kdm: Option<f64>,
    /// Why a number is missing; `None` where none is.
    pub reason: Option<TrendReason>,
}

/// Why a number of a trend point is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TrendReason {
    /// There is a value at neither frequency.
    NoValue,
    /// There is no value at the low frequency.
    NoLowValue,
    /// There is no value at the high frequency.
    NoHighValue,
    /// The reference has no value at a frequency that this point has a value for.
    NoReference,
    /// Normalisation is off, and the difference form of KDM needs it.
    NotNormalized,
    /// The low value (for the ratio) or the average (for KDM) is 0.
    DivisionByZero,
}

impl TrendReason {
    /// Every reason.
    pub const ALL: [Self; 6] = [
        Self::NoValue,
        Self::NoLowValue,
        Self::NoHighValue,
        Self::NoReference,
        Self::NotNormalized,
        Self::DivisionByZero,
    ];

    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoValue => "no_value",
            Self::NoLowValue => "no_low_value",
            Self::NoHighValue => "no_high_value",
            Self::NoReference => "no_reference",
            Self::NotNormalized => "not_normalized",
            Self::DivisionByZero => "division_by_zero",
        }
    }

    /// A sentence for people.
    pub fn message(self) -> &'static str {
        match self {
            Self::NoValue => "There is no peak at either frequency.",
            Self::NoLowValue => "There is no peak at the low frequency.",
            Self::NoHighValue => "There is no peak at the high frequency.",
            Self::NoReference => "The scan that the series is normalised to has no peak.",
            Self::NotNormalized => "KDM as a difference needs a normalised series.",
            Self::DivisionByZero => "The value to divide by is 0.",
        }
    }
}

/// Seconds since the first scan of a series whose files carry no time: `position * sampling_interval_s`, with position
/// 0 for the first scan.
pub fn elapsed_s(position: u32, sampling_interval_s: f64) -> f64 {
    f64::from(position) * sampling_interval_s
}

/// Trend points of any part of a series.
///
/// With `r` the reference: `normalized = value / r`, then for the low frequency
/// `normalized_low += low_slope * index + low_offset`; `ratio = high / low`; KDM as in [`Kdm`]. A number that cannot be
/// computed is `None`, and the point's reason says why; a point that lacks one frequency keeps the other.
pub fn trends(points: &[TrendInput], reference: Reference, settings: &TrendSettings) -> Vec<TrendPoint> {
    points
        .iter()
        .map(|point| trend_point(point, reference, settings))
        .collect()
}

/// One point, as [`trends`] computes them.
pub fn trend_point(point: &TrendInput, reference: Reference, settings: &TrendSettings) -> TrendPoint {
    let number = |value: Option<f64>| value.filter(|value| value.is_finite());
    let (low, high) = (number(point.low), number(point.high));
    let factor = |reference: Option<f64>| match (
        number(reference).filter(|value| *value != 0.0),
        settings.missing_reference,
    ) {
        (Some(value), _) => Some(value),
        (None, MissingReference::FactorOne) => Some(1.0),
        (None, MissingReference::NoNumber) => None,
    };
    let levels = match reference {
        Reference::Off => None,
        Reference::At { low, high } => Some((low, high)),
        Reference::Along { low, high } => Some((
            low.and_then(|low| level(&low, point.x)),
            high.and_then(|high| level(&high, point.x)),
        )),
    };
    let normalized = |value: Option<f64>, reference| number(Some(value? / factor(reference)?));
    let (normalized_low, normalized_high) = levels.map_or((None, None), |(low_reference, high_reference)| {
        let correction = settings.low_slope * f64::from(point.index) + settings.low_offset;
        (
            normalized(low, low_reference).map(|value| value + correction),
            normalized(high, high_reference),
        )
    });

    let pair = match reference {
        Reference::Off => low.zip(high),
        Reference::At { .. } | Reference::Along { .. } => normalized_low.zip(normalized_high),
    };
    let ratio = pair.and_then(|(low, high)| number(Some(high / low)));
    let kdm = match (settings.kdm, reference) {
        (Kdm::Difference, Reference::Off) => None,
        (Kdm::Difference, Reference::At { .. } | Reference::Along { .. }) => {
            pair.map(|(low, high)| ((high - low) + 1.0) * 100.0)
        }
        (Kdm::DifferenceOverAverage, _) => {
            pair.and_then(|(low, high)| number(Some((high - low) / f64::midpoint(high, low) * 100.0)))
        }
    };
    let reason = match (low, high) {
        (None, None) => Some(TrendReason::NoValue),
        (None, Some(_)) => Some(TrendReason::NoLowValue),
        (Some(_), None) => Some(TrendReason::NoHighValue),
        (Some(_), Some(_)) if pair.is_none() => Some(TrendReason::NoReference),
        (Some(_), Some(_)) if settings.kdm == Kdm::Difference && reference == Reference::Off => {
            Some(TrendReason::NotNormalized)
        }
        (Some(_), Some(_)) => (ratio.is_none() || kdm.is_none()).then_some(TrendReason::DivisionByZero),
    };
    TrendPoint {
        index: point.index,
        x: point.x,
        normalized_low,
        normalized_high,
        ratio,
        kdm,
        reason,
    }
}

/// The baseline at `x`, as long as it has the sign that it had where it was fitted.
fn level(baseline: &BaselineCurve, x: f64) -> Option<f64> {
    baseline.remaining(x).and_then(|_| baseline.at(x))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(index: u32, low: Option<f64>, high: Option<f64>) -> TrendInput {
        TrendInput {
            index,
            x: f64::from(index),
            low,
            high,
        }
    }

    const REFERENCE: Reference = Reference::At {
        low: Some(5e-7),
        high: Some(6e-7),
    };

    #[test]
    fn both_forms_of_kdm_and_the_ratio() {
        let point = [input(4, Some(4.7e-7), Some(6.3e-7))];
        let difference = trends(&point, REFERENCE, &TrendSettings::default())[0];
        assert!((difference.kdm.unwrap() - 111.0).abs() < 1e-9);
        assert!((difference.ratio.unwrap() - 1.05 / 0.94).abs() < 1e-12);
        let settings = TrendSettings {
            kdm: Kdm::DifferenceOverAverage,
            ..TrendSettings::default()
        };
        let over_average = trends(&point, REFERENCE, &settings)[0];
        assert!((over_average.kdm.unwrap() - 100.0 * 0.11 / 0.995).abs() < 1e-9);
        assert_eq!(difference.reason, None);
    }

    #[test]
    fn a_part_of_a_series_gives_the_same_points_as_the_whole() {
        let all: Vec<TrendInput> = (1..50)
            .map(|i| input(i, Some(1e-7 * f64::from(i)), Some(2e-7)))
            .collect();
        let settings = TrendSettings {
            low_offset: 0.01,
            low_slope: 0.002,
            ..TrendSettings::default()
        };
        assert_eq!(
            trends(&all, REFERENCE, &settings)[40..],
            trends(&all[40..], REFERENCE, &settings)[..]
        );
    }

    #[test]
    fn a_missing_number_is_none_with_a_reason() {
        let of = |point, reference, settings: &TrendSettings| trends(&[point], reference, settings)[0];
        let ours = TrendSettings::default();
        let theirs = TrendSettings {
            missing_reference: MissingReference::FactorOne,
            ..ours
        };
        let full = input(2, Some(4e-7), Some(5e-7));
        let no_reference = Reference::At {
            low: None,
            high: Some(6e-7),
        };

        let missing = of(full, no_reference, &ours);
        assert_eq!(
            (missing.normalized_low, missing.kdm, missing.reason),
            (None, None, Some(TrendReason::NoReference))
        );
        assert!(missing.normalized_high.is_some());
        assert_eq!(of(full, no_reference, &theirs).normalized_low, Some(4e-7));
        assert_eq!(
            of(
                full,
                Reference::At {
                    low: Some(0.0),
                    high: Some(1.0)
                },
                &theirs
            )
            .normalized_low,
            Some(4e-7)
        );

        assert_eq!(
            of(input(2, None, Some(1.0)), REFERENCE, &ours).reason,
            Some(TrendReason::NoLowValue)
        );
        assert_eq!(
            of(input(2, Some(1.0), None), REFERENCE, &ours).reason,
            Some(TrendReason::NoHighValue)
        );
        assert_eq!(
            of(input(2, None, Some(f64::NAN)), REFERENCE, &ours).reason,
            Some(TrendReason::NoValue)
        );
        assert_eq!(
            of(input(2, Some(0.0), Some(1.0)), REFERENCE, &ours).reason,
            Some(TrendReason::DivisionByZero)
        );

        let off = of(full, Reference::Off, &ours);
        assert_eq!(
            (off.normalized_low, off.kdm, off.reason),
            (None, None, Some(TrendReason::NotNormalized))
        );
        assert!((off.ratio.unwrap() - 1.25).abs() < 1e-12);
    }

    #[test]
    fn negative_peaks_give_the_same_trend_as_positive_ones() {
        let up = trends(
            &[input(3, Some(4e-7), Some(7e-7))],
            REFERENCE,
            &TrendSettings::default(),
        );
        let reference = Reference::At {
            low: Some(-5e-7),
            high: Some(-6e-7),
        };
        let down = trends(
            &[input(3, Some(-4e-7), Some(-7e-7))],
            reference,
            &TrendSettings::default(),
        );
        assert_eq!(up, down);
    }
}
