//! What a calibration gives back.

use super::detection::{DetectionLimit, DetectionReason};
use super::hill::value_and_gradient;

/// A confidence interval; of 95 % unless the settings say otherwise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub lower: f64,
    /// Its upper end.
    pub upper: f64,
}

/// A fitted binding curve. Values are in the unit of the titration's values, concentrations in mol/L.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Value without target.
    pub y_min: f64,
    /// Value at saturation; below `y_min` where the signal falls.
    pub y_max: f64,
    /// Concentration at half of the span (mol/L): the apparent dissociation constant.
    pub k_m: f64,
    /// Hill coefficient.
    pub hill: f64,
    /// Standard error of `y_min`.
    pub y_min_error: f64,
    /// Standard error of `y_max`.
    pub y_max_error: f64,
    /// Standard error of `ln K`, that is of `K` relative to itself.
    pub ln_k_error: f64,
    /// Standard error of the Hill coefficient; `None` where it was given.
    pub hill_error: Option<f64>,
    /// Interval of `y_min`.
    pub y_min_interval: Interval,
    /// Interval of `y_max`.
    pub y_max_interval: Interval,
    /// Interval of `K` (mol/L), transformed back from that of `ln K` and so not symmetric.
    pub k_interval_m: Interval,
    /// Interval of the Hill coefficient; `None` where it was given.
    pub hill_interval: Option<Interval>,
    /// Covariance of `y_min, y_max, ln K, n`.
    pub covariance: [[f64; 4]; 4],
    /// Share of the (weighted) variance that the curve explains.
    pub r_squared: Option<f64>,
    /// Standard deviation of a point of mean weight about the curve.
    pub residual_deviation: f64,
    /// Value less curve for each point, in the order given.
    pub residuals: Vec<f64>,
    /// Number of points.
    pub points: usize,
    /// Points less fitted parameters.
    pub degrees_of_freedom: usize,
    /// Probability of the intervals.
    pub confidence: f64,
    /// Student's t for it; infinite without a degree of freedom.
    pub(super) t: f64,
    /// Lowest concentration of the titration (mol/L); 0 with a blank.
    pub lowest_m: f64,
    /// Highest concentration of the titration (mol/L).
    pub highest_m: f64,
    /// Lowest concentration that can be told from the blank, or why it is not known.
    pub limit_of_detection: Result<DetectionLimit, DetectionReason>,
}

/// One point of the curve for drawing, with the confidence band of the curve itself (not of single values).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// Concentration (mol/L).
    pub concentration_m: f64,
    /// Value.
    pub value: f64,
    /// Lower end of the band.
    pub lower: f64,
    /// Upper end of the band.
    pub upper: f64,
}

impl Calibration {
    pub(super) fn parameters(&self) -> [f64; 4] {
        [self.y_min, self.y_max, self.k_m.ln(), self.hill]
    }

    /// The curve at a concentration (mol/L); `None` for one that is negative or no number.
    pub fn at(&self, concentration_m: f64) -> Option<f64> {
        (concentration_m >= 0.0).then(|| value_and_gradient(concentration_m.ln(), &self.parameters()).0)
    }

    /// Standard error of the curve at `ln C`, by first-order propagation.
    pub(super) fn curve_error(&self, ln_c: f64) -> f64 {
        let (_, gradient) = value_and_gradient(ln_c, &self.parameters());
        let mut variance = 0.0;
        for (row, a) in self.covariance.iter().zip(gradient) {
            for (covariance, b) in row.iter().zip(gradient) {
                variance += a * b * covariance;
            }
        }
        variance.max(0.0).sqrt()
    }

    /// Concentrations (mol/L) at 10 and at 90 % of the span, `K 9^(-1/n)` and `K 9^(1/n)`: the dynamic range, 81-fold for `n = 1`.
    pub fn dynamic_range_m(&self) -> Interval {
        let factor = 9f64.powf(1.0 / self.hill);
        Interval {
            lower: self.k_m / factor,
            upper: self.k_m * factor,
        }
    }

    /// The curve for drawing over a logarithmic axis, at `count` concentrations from `from_m` to `to_m` (mol/L).
    ///
    /// Empty where the two are not positive and ascending.
    pub fn curve(&self, from_m: f64, to_m: f64, count: usize) -> Vec<CurvePoint> {
        if !(from_m > 0.0 && to_m > from_m && to_m.is_finite()) {
            return Vec::new();
        }
        let last = count.saturating_sub(1).max(1) as f64;
        (0..count)
            .map(|k| {
                let ln_c = from_m.ln() + (to_m / from_m).ln() * k as f64 / last;
                let (value, _) = value_and_gradient(ln_c, &self.parameters());
                let half = self.t * self.curve_error(ln_c);
                CurvePoint {
                    concentration_m: ln_c.exp(),
                    value,
                    lower: value - half,
                    upper: value + half,
                }
            })
            .collect()
    }
}
