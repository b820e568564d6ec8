//! From a value to a concentration.

use super::result::Calibration;

/// Why a concentration is not to be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutOfRange {
    /// The value lies on the far side of `y_min`: no concentration gives it. Noise about the blank does this half of the time.
    BelowMinimum,
    /// The value lies beyond `y_max`: no concentration gives it.
    AboveMaximum,
    /// The concentration lies below the lowest calibrated one.
    BelowCalibrated,
    /// The concentration lies above the highest calibrated one.
    AboveCalibrated,
}

impl OutOfRange {
    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::BelowMinimum => "below_minimum",
            Self::AboveMaximum => "above_maximum",
            Self::BelowCalibrated => "below_calibrated",
            Self::AboveCalibrated => "above_calibrated",
        }
    }

    /// A sentence for people.
    pub fn message(self) -> &'static str {
        match self {
            Self::BelowMinimum => "The signal is lower than that without target.",
            Self::AboveMaximum => "The signal is higher than that at saturation.",
            Self::BelowCalibrated => "The concentration is below the lowest of the calibration.",
            Self::AboveCalibrated => "The concentration is above the highest of the calibration.",
        }
    }
}

/// A concentration with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConcentrationEstimate {
    /// Concentration (mol/L); `None` where no concentration gives the value.
    pub concentration_m: Option<f64>,
    /// Lower end of the interval (mol/L); 0 where the value cannot be told from the blank, `None` where it lies clearly
    /// beyond saturation.
    pub lower_m: Option<f64>,
    /// Upper end of the interval (mol/L); `None` where there is none, because the value cannot be told from
    /// saturation; 0 where it lies clearly on the far side of the blank.
    pub upper_m: Option<f64>,
    /// Why it is not to be relied on.
    pub out_of_range: Option<OutOfRange>,
}

impl Calibration {
    /// The concentration that gives a value, taken as uncertain as a point of the titration.
    /// See [`Self::concentration_with_error`].
    pub fn concentration(&self, value: f64) -> ConcentrationEstimate {
        self.concentration_with_error(value, self.residual_deviation)
    }

    /// The concentration that gives a value with the standard error `error`: `C = K (s / (1 - s))^(1/n)`,
    /// `s = (y - y_min) / (y_max - y_min)`.
    ///
    /// The interval (95 % unless the calibration has another confidence) holds the concentrations whose curve lies within `t sqrt(error^2 + e_curve^2)` of the value, `e_curve` being the
    /// standard error of the curve there (inverse regression; C. Eisenhart, Ann. Math. Stat. 10 (1939) 162-186). Near the ends of the
    /// curve it opens to 0 or to infinity, as it should; a symmetric error of `ln C` would not. Cost: about 0.1 µs.
    pub fn concentration_with_error(&self, value: f64, error: f64) -> ConcentrationEstimate {
        if !value.is_finite() {
            return ConcentrationEstimate {
                concentration_m: None,
                lower_m: None,
                upper_m: None,
                out_of_range: None,
            };
        }
        let span = self.y_max - self.y_min;
        let share = (value - self.y_min) / span;
        let concentration_m = self.of_share(share);
        let ln_c = match concentration_m {
            Some(concentration) => concentration.ln(),
            None if share <= 0.0 => f64::NEG_INFINITY,
            None => f64::INFINITY,
        };
        let half = self.t * error.max(0.0).hypot(self.curve_error(ln_c)) / span.abs();
        let end = |share: f64| if share <= 0.0 { Some(0.0) } else { self.of_share(share) };
        let out_of_range = match concentration_m {
            None if share <= 0.0 => Some(OutOfRange::BelowMinimum),
            None => Some(OutOfRange::AboveMaximum),
            Some(concentration) if concentration < self.lowest_m => Some(OutOfRange::BelowCalibrated),
            Some(concentration) if concentration > self.highest_m => Some(OutOfRange::AboveCalibrated),
            Some(_) => None,
        };
        ConcentrationEstimate {
            concentration_m,
            lower_m: end(share - half),
            upper_m: end(share + half),
            out_of_range,
        }
    }

    /// Concentration at a share of the span; `None` outside (0, 1).
    pub(super) fn of_share(&self, share: f64) -> Option<f64> {
        (share > 0.0 && share < 1.0)
            .then(|| self.k_m * (share / (1.0 - share)).powf(1.0 / self.hill))
            .filter(|concentration| concentration.is_finite() && *concentration > 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CalibrationSettings, Hill, TitrationPoint, calibrate};
    use super::*;

    fn calibration(sign: f64) -> Calibration {
        let points: Vec<TitrationPoint> = [1e-7, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 1e-3]
            .iter()
            .enumerate()
            .map(|(k, &c)| {
                let scatter = 0.2 * (f64::from((k as u32 * 37 + 11) % 17) / 8.0 - 1.0);
                TitrationPoint::single(c, sign * (50.0 * c / (c + 1e-5) + scatter))
            })
            .collect();
        let settings = CalibrationSettings {
            hill: Hill::Free,
            ..CalibrationSettings::default()
        };
        calibrate(&points, &settings).unwrap()
    }

    #[test]
    fn undoes_the_curve_and_stays_inside_its_interval() {
        for sign in [1.0, -1.0] {
            let calibration = calibration(sign);
            for c in [2e-7, 1e-6, 1e-5, 1e-4, 9e-4] {
                let found = calibration.concentration(calibration.at(c).unwrap());
                assert!((found.concentration_m.unwrap() / c - 1.0).abs() < 1e-9);
                assert_eq!(found.out_of_range, None);
                assert!(
                    found.lower_m.unwrap() < c && found.upper_m.is_none_or(|upper| upper > c),
                    "{found:?}"
                );
            }
        }
    }

    #[test]
    fn flags_what_no_calibrated_concentration_gives() {
        let calibration = calibration(-1.0);
        let below = calibration.concentration(calibration.y_min + 1.0);
        assert_eq!(
            (below.concentration_m, below.out_of_range),
            (None, Some(OutOfRange::BelowMinimum))
        );
        assert_eq!(below.lower_m, Some(0.0));
        let above = calibration.concentration(calibration.y_max - 0.1);
        assert_eq!((above.concentration_m, above.upper_m), (None, None));
        assert_eq!(above.out_of_range, Some(OutOfRange::AboveMaximum));
        assert!(above.lower_m.unwrap() > 1e-4);
        let at = |c| calibration.concentration(calibration.at(c).unwrap()).out_of_range;
        assert_eq!(at(5e-8), Some(OutOfRange::BelowCalibrated));
        assert_eq!(at(2e-3), Some(OutOfRange::AboveCalibrated));
        let nothing = calibration.concentration(f64::NAN);
        assert_eq!(
            (nothing.concentration_m, nothing.lower_m, nothing.out_of_range),
            (None, None, None)
        );
    }

    #[test]
    fn the_range_of_ten_to_ninety_per_cent_and_the_drawing() {
        let calibration = calibration(1.0);
        let range = calibration.dynamic_range_m();
        let span = calibration.y_max - calibration.y_min;
        assert!((calibration.at(range.lower).unwrap() - calibration.y_min - 0.1 * span).abs() < 1e-9);
        assert!((calibration.at(range.upper).unwrap() - calibration.y_min - 0.9 * span).abs() < 1e-9);
        let curve = calibration.curve(1e-7, 1e-3, 41);
        assert_eq!(curve.len(), 41);
        assert!(curve.iter().all(|at| at.lower < at.value && at.value < at.upper));
        assert!((curve[40].concentration_m / 1e-3 - 1.0).abs() < 1e-12);
        assert_eq!(calibration.curve(0.0, 1.0, 5), []);
        assert_eq!((calibration.at(-1.0), calibration.at(f64::NAN)), (None, None));
    }
}
