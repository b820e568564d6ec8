//! What a fit gives back.

use nalgebra::DMatrix;

use crate::statistics::student_t_95;

/// A fit that settled, inside its bounds, at parameters that the data determine.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The parameters in the model's order and units.
    pub parameters: Vec<f64>,
    /// Standard error of each parameter in its unit; 0 for a fixed one.
    pub standard_errors: Vec<f64>,
    /// Standard deviation of the residuals, √(Σ w·r² / (n - p)), in the unit of the data (for weight 1).
    pub residual_deviation: f64,
    /// Coefficient of determination, 1 - Σ w·r² / Σ w·(y - ȳ)²; `None` where the data are all equal.
    pub r_squared: Option<f64>,
    /// Points with a weight above 0.
    pub points: usize,
    /// Points less fitted parameters, n - p.
    pub degrees_of_freedom: usize,
    /// How often the model was evaluated over all data.
    pub evaluations: usize,
    /// Covariance of all parameters; rows and columns of fixed ones are 0.
    pub(super) covariance: DMatrix<f64>,
}

impl Fit {
    /// Covariance of two parameters, in the product of their units; 0 for an index that does not exist.
    pub fn covariance(&self, a: usize, b: usize) -> f64 {
        self.covariance.get((a, b)).copied().unwrap_or(0.0)
    }

    /// Half the width of the 95 % confidence interval of a parameter: its standard error times Student's t. `None` if the
    /// parameter does not exist or there is no degree of freedom.
    pub fn half_interval_95(&self, parameter: usize) -> Option<f64> {
        let t = student_t_95(self.degrees_of_freedom)?;
        self.standard_errors.get(parameter).map(|error| t * error)
    }

    /// Standard error of a quantity derived from the parameters: √(gᵀ C g), with its derivatives `gradient` with respect to
    /// them (first-order propagation). A `gradient` shorter than the parameters counts as 0 for the rest.
    pub fn standard_error_of(&self, gradient: &[f64]) -> f64 {
        let mut variance = 0.0;
        for (a, ga) in gradient.iter().enumerate() {
            for (b, gb) in gradient.iter().enumerate() {
                variance += ga * gb * self.covariance(a, b);
            }
        }
        variance.max(0.0).sqrt()
    }
}
