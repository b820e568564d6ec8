//! The limit of detection.

use super::result::Calibration;
use super::titration::TitrationPoint;

/// Standard deviations of the blank that the signal must rise by. Source: G. L. Long, J. D. Winefordner, Anal. Chem. 55 (1983) 712A-724A (the
/// convention of IUPAC).
const DEVIATIONS: f64 = 3.0;

/// Fewest blank values whose scatter says anything.
const FEWEST_BLANKS: u32 = 3;

/// Where the deviation of the blank comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlankSource {
    /// The values at concentration 0, three or more, differences between electrodes included.
    Blank,
    /// Too few of those: the deviation of the points about the curve stands for it.
    Residuals,
}

/// Lowest concentration that can be told from the blank.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DetectionLimit {
    /// The concentration (mol/L) at which the curve is `3 s` away from `y_min`.
    pub concentration_m: f64,
    /// `s`, in the unit of the values.
    pub blank_deviation: f64,
    /// Where `s` comes from.
    pub source: BlankSource,
}

/// Why there is no limit of detection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DetectionReason {
    /// Three deviations of the blank are more than the whole span.
    BeyondResponse,
    /// The blank does not scatter at all: its values are too few or rounded.
    NoScatter,
}

impl DetectionReason {
    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::BeyondResponse => "detection_beyond_response",
            Self::NoScatter => "detection_no_scatter",
        }
    }

    /// A sentence for people.
    pub fn message(self) -> &'static str {
        match self {
            Self::BeyondResponse => "Three standard deviations of the blank exceed the whole response.",
            Self::NoScatter => "The blank shows no scatter to judge by.",
        }
    }
}

/// The limit of detection of a titration, `C(y_min +/- 3 s)` through the inverse of the curve, in the direction of the response.
pub(super) fn limit(points: &[TitrationPoint], calibration: &Calibration) -> Result<DetectionLimit, DetectionReason> {
    let (blank_deviation, source) = blank_deviation(points)
        .map_or((calibration.residual_deviation, BlankSource::Residuals), |deviation| {
            (deviation, BlankSource::Blank)
        });
    let share = DEVIATIONS * blank_deviation / (calibration.y_max - calibration.y_min).abs();
    if blank_deviation <= 0.0 {
        return Err(DetectionReason::NoScatter);
    }
    calibration
        .of_share(share)
        .map(|concentration_m| DetectionLimit {
            concentration_m,
            blank_deviation,
            source,
        })
        .ok_or(DetectionReason::BeyondResponse)
}

/// Standard deviation of all blank values, single or as means of several: the sum of squares within the means and between them.
fn blank_deviation(points: &[TitrationPoint]) -> Option<f64> {
    let blanks = || points.iter().filter(|point| point.concentration_m == 0.0);
    let count: u32 = blanks().map(|point| point.count).sum();
    if count < FEWEST_BLANKS {
        return None;
    }
    let mean = blanks().map(|point| f64::from(point.count) * point.value).sum::<f64>() / f64::from(count);
    let squares: f64 = blanks()
        .map(|point| {
            let within = point
                .deviation
                .map_or(0.0, |s| s * s * f64::from(point.count.saturating_sub(1)));
            within + f64::from(point.count) * (point.value - mean).powi(2)
        })
        .sum();
    Some((squares / f64::from(count - 1)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::super::{CalibrationSettings, calibrate};
    use super::*;

    fn titration(blanks: &[f64]) -> Vec<TitrationPoint> {
        let rest = [1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 1e-3].map(|c| TitrationPoint::single(c, 50.0 * c / (c + 1e-5)));
        blanks
            .iter()
            .map(|blank| TitrationPoint::single(0.0, *blank))
            .chain(rest)
            .collect()
    }

    #[test]
    fn three_deviations_of_the_blank_through_the_inverse() {
        let points = titration(&[-0.5, 0.0, 0.5]);
        let calibration = calibrate(&points, &CalibrationSettings::default()).unwrap();
        let limit = calibration.limit_of_detection.unwrap();
        assert_eq!(limit.source, BlankSource::Blank);
        assert!((limit.blank_deviation - 0.5).abs() < 1e-12);
        assert!(
            (limit.concentration_m / (1e-5 * 0.03 / 0.97) - 1.0).abs() < 0.05,
            "{limit:?}"
        );
        let there = calibration.at(limit.concentration_m).unwrap();
        assert!((there - calibration.y_min - 1.5).abs() < 1e-9);
    }

    #[test]
    fn means_count_like_their_values() {
        let each = titration(&[1.0, 2.0, 3.0, 6.0, 4.0]);
        let mean = TitrationPoint {
            concentration_m: 0.0,
            value: 2.0,
            count: 3,
            deviation: Some(1.0),
        };
        let other = TitrationPoint {
            concentration_m: 0.0,
            value: 5.0,
            count: 2,
            deviation: Some(2f64.sqrt()),
        };
        let difference = blank_deviation(&each).unwrap() - blank_deviation(&[mean, other]).unwrap();
        assert!(difference.abs() < 1e-12);
        assert_eq!(blank_deviation(&each[..2]), None);
    }

    #[test]
    fn says_why_there_is_none() {
        let of = |blanks: &[f64]| {
            calibrate(&titration(blanks), &CalibrationSettings::default())
                .unwrap()
                .limit_of_detection
        };
        assert_eq!(of(&[0.0; 3]), Err(DetectionReason::NoScatter));
        let good = calibrate(&titration(&[0.1, -0.1]), &CalibrationSettings::default()).unwrap();
        let scattered = limit(&titration(&[-18.0, 18.0, 18.0, -18.0]), &good);
        assert_eq!(scattered, Err(DetectionReason::BeyondResponse));
        assert_eq!(of(&[0.1, -0.1]).unwrap().source, BlankSource::Residuals);
    }
}
