//! A curve that was fitted before, from its parameters.

use super::detection;
use super::reason::CalibrationReason;
use super::result::{Calibration, Interval};
use crate::statistics::student_t;

/// What has to be kept of a calibration, so that concentrations can be computed in another session with their intervals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GivenCurve {
    /// Value without target.
    pub y_min: f64,
    /// Value at saturation.
    pub y_max: f64,
    /// Concentration at half of the span (mol/L).
    pub k_m: f64,
    /// Hill coefficient.
    pub hill: f64,
    /// Covariance of `y_min, y_max, ln K, n`; all 0 where the curve is taken as exact. Row and column of `n` are 0 where it was not fitted.
    pub covariance: [[f64; 4]; 4],
    /// Standard deviation of a value about the curve.
    pub residual_deviation: f64,
    /// Degrees of freedom of the fit.
    pub degrees_of_freedom: usize,
    /// Lowest concentration that it was fitted to (mol/L).
    pub lowest_m: f64,
    /// Highest concentration that it was fitted to (mol/L).
    pub highest_m: f64,
}

impl GivenCurve {
    /// What has to be kept of a calibration.
    pub fn of(calibration: &Calibration) -> Self {
        Self {
            y_min: calibration.y_min,
            y_max: calibration.y_max,
            k_m: calibration.k_m,
            hill: calibration.hill,
            covariance: calibration.covariance,
            residual_deviation: calibration.residual_deviation,
            degrees_of_freedom: calibration.degrees_of_freedom,
            lowest_m: calibration.lowest_m,
            highest_m: calibration.highest_m,
        }
    }

    /// The calibration again: the same concentrations and intervals as those of the one it was taken from. It has no residuals and no
    /// R², and its limit of detection is judged by the residual deviation.
    ///
    /// # Errors
    /// [`CalibrationReason::InvalidPoint`] for numbers that no curve has.
    pub fn calibration(&self, confidence: f64) -> Result<Calibration, CalibrationReason> {
        let numbers = [self.y_min, self.y_max, self.residual_deviation, self.highest_m];
        let variances: [f64; 4] = std::array::from_fn(|k| self.covariance[k][k]);
        let is_curve = numbers
            .iter()
            .chain(self.covariance.iter().flatten())
            .all(|n| n.is_finite())
            && (self.y_max - self.y_min).abs() > 0.0
            && self.k_m.is_finite()
            && self.k_m > 0.0
            && self.hill.is_finite()
            && self.hill > 0.0
            && self.residual_deviation >= 0.0
            && is_covariance(&self.covariance)
            && self.lowest_m >= 0.0
            && self.highest_m > self.lowest_m;
        let t = student_t(confidence, self.degrees_of_freedom);
        let (true, Some(t)) = (is_curve, t) else {
            return Err(CalibrationReason::InvalidPoint);
        };
        let errors = variances.map(f64::sqrt);
        let around = |value: f64, error: f64| Interval {
            lower: value - t * error,
            upper: value + t * error,
        };
        let ln_k = around(self.k_m.ln(), errors[2]);
        let is_fitted = errors[3] > 0.0;
        let mut calibration = Calibration {
            y_min: self.y_min,
            y_max: self.y_max,
            k_m: self.k_m,
            hill: self.hill,
            y_min_error: errors[0],
            y_max_error: errors[1],
            ln_k_error: errors[2],
            hill_error: is_fitted.then_some(errors[3]),
            y_min_interval: around(self.y_min, errors[0]),
            y_max_interval: around(self.y_max, errors[1]),
            k_interval_m: Interval {
                lower: ln_k.lower.exp(),
                upper: ln_k.upper.exp(),
            },
            hill_interval: is_fitted.then(|| around(self.hill, errors[3])),
            covariance: self.covariance,
            r_squared: None,
            residual_deviation: self.residual_deviation,
            residuals: Vec::new(),
            points: self.degrees_of_freedom + if is_fitted { 4 } else { 3 },
            degrees_of_freedom: self.degrees_of_freedom,
            confidence,
            t,
            lowest_m: self.lowest_m,
            highest_m: self.highest_m,
            limit_of_detection: Err(detection::DetectionReason::NoScatter),
        };
        calibration.limit_of_detection = detection::limit(&[], &calibration);
        Ok(calibration)
    }
}

/// Whether a matrix can be a covariance: no variance is negative, and every other number is the same both ways and no larger than the two
/// variances allow, but for rounding.
fn is_covariance(matrix: &[[f64; 4]; 4]) -> bool {
    const ROUNDING: f64 = 1e-6;
    let pairs = (0..4).flat_map(|i| (0..4).map(move |j| (i, j)));
    (0..4).all(|k| matrix[k][k] >= 0.0)
        && pairs.filter(|(i, j)| i != j).all(|(i, j)| {
            let most = matrix[i][i].sqrt() * matrix[j][j].sqrt();
            matrix[i][j].abs() <= most * (1.0 + ROUNDING) && (matrix[i][j] - matrix[j][i]).abs() <= most * ROUNDING
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::{CalibrationSettings, Hill, TitrationPoint, calibrate};

    #[test]
    fn a_curve_that_is_given_computes_what_the_fitted_one_does() {
        let concentrations = [0.0, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3];
        let points: Vec<_> = (0..)
            .zip(concentrations)
            .map(|(k, c): (i32, f64)| {
                TitrationPoint::single(c, 100.0 + 60.0 * c / (c + 2e-5) + 0.3 * f64::from(k % 3 - 1))
            })
            .collect();
        let settings = CalibrationSettings {
            hill: Hill::Free,
            confidence: 0.9,
            ..CalibrationSettings::default()
        };
        let fitted = calibrate(&points, &settings).unwrap();
        let given = GivenCurve::of(&fitted).calibration(0.9).unwrap();
        for value in [90.0, 100.5, 117.0, 130.0, 159.0, 170.0] {
            assert_eq!(given.concentration(value), fitted.concentration(value));
        }
        assert_eq!(given.hill_error, fitted.hill_error);
        assert_eq!(given.k_interval_m, fitted.k_interval_m);
        assert_eq!(given.points, fitted.points);
    }

    #[test]
    fn numbers_that_no_curve_has_are_refused() {
        let good = GivenCurve {
            y_min: 100.0,
            y_max: 160.0,
            k_m: 2e-5,
            hill: 1.0,
            covariance: [[0.0; 4]; 4],
            residual_deviation: 0.5,
            degrees_of_freedom: 4,
            lowest_m: 0.0,
            highest_m: 1e-3,
        };
        assert!(good.calibration(0.95).is_ok());
        for bad in [
            GivenCurve { y_max: 100.0, ..good },
            GivenCurve { k_m: 0.0, ..good },
            GivenCurve { hill: f64::NAN, ..good },
            GivenCurve {
                residual_deviation: -1.0,
                ..good
            },
            GivenCurve {
                degrees_of_freedom: 0,
                ..good
            },
            GivenCurve { lowest_m: 1e-3, ..good },
        ] {
            assert_eq!(bad.calibration(0.95), Err(CalibrationReason::InvalidPoint));
        }
    }

    #[test]
    fn a_covariance_that_none_can_be_is_refused() {
        let with = |entries: &[(usize, usize, f64)]| {
            let mut covariance = [[0.0; 4]; 4];
            (covariance[0][0], covariance[1][1], covariance[2][2]) = (4.0, 9.0, 0.01);
            for (row, column, value) in entries {
                covariance[*row][*column] = *value;
            }
            let curve = GivenCurve {
                y_min: 100.0,
                y_max: 160.0,
                k_m: 2e-5,
                hill: 1.0,
                covariance,
                residual_deviation: 0.5,
                degrees_of_freedom: 4,
                lowest_m: 0.0,
                highest_m: 1e-3,
            };
            curve.calibration(0.95).err()
        };
        for good in [&[][..], &[(0, 1, 5.9), (1, 0, 5.9)], &[(0, 1, -6.0), (1, 0, -6.0)]] {
            assert_eq!(with(good), None, "{good:?}");
        }
        for bad in [
            &[(0, 1, 3.0)][..],
            &[(0, 1, 3.0), (1, 0, -3.0)],
            &[(0, 1, 6.1), (1, 0, 6.1)],
            &[(0, 3, 0.1), (3, 0, 0.1)],
            &[(2, 2, -0.01)],
        ] {
            assert_eq!(with(bad), Some(CalibrationReason::InvalidPoint), "{bad:?}");
        }
    }
}
