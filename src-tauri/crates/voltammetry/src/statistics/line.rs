//! The least-squares line through points, with the errors of its two coefficients.

use super::student_t_95;

/// `y = intercept + slope * x`, and how well it is known. Units: those of `y`, and of `y / x`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Change of `y` with `x`.
    pub slope: f64,
    /// `y` at `x = 0`.
    pub intercept: f64,
    /// Standard error of the slope; `None` with two points.
    pub slope_error: Option<f64>,
    /// Standard error of the intercept; `None` with two points.
    pub intercept_error: Option<f64>,
    /// Standard deviation of the points about the line (divisor `n - 2`); `None` with two points.
    pub residual_deviation: Option<f64>,
    /// Share of the variance that the line explains; `None` where all `y` are equal.
    pub r_squared: Option<f64>,
    /// Number of points.
    pub points: usize,
    /// Mean of the `x`.
    pub mean_x: f64,
    /// Sum of squared distances of the `x` from their mean.
    pub spread_x: f64,
}

/// Why there is no line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineReason {
    /// Fewer than two points with finite coordinates.
    TooFewPoints,
    /// All points have the same `x`.
    NoSpan,
}

impl Line {
    /// The line through the points whose coordinates are finite.
    ///
    /// Sums are taken about the means, so that a large offset of `x` or `y` costs no digits.
    ///
    /// # Errors
    /// [`LineReason`] where two different `x` are missing.
    pub fn fit<I>(points: I) -> Result<Self, LineReason>
    where
        I: IntoIterator<Item = (f64, f64)>,
        I::IntoIter: Clone,
    {
        let all = points.into_iter();
        let points = || all.clone().filter(|(x, y)| x.is_finite() && y.is_finite());
        let count = points().count();
        if count < 2 {
            return Err(LineReason::TooFewPoints);
        }
        let n = count as f64;
        let (sum_x, sum_y) = points().fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y));
        let (mean_x, mean_y) = (sum_x / n, sum_y / n);
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for (x, y) in points() {
            let (x, y) = (x - mean_x, y - mean_y);
            xx += x * x;
            xy += x * y;
            yy += y * y;
        }
        let slope = xy / xx;
        if xx <= 0.0 || !slope.is_finite() {
            return Err(LineReason::NoSpan);
        }
        let squares: f64 = points().map(|(x, y)| (y - mean_y - slope * (x - mean_x)).powi(2)).sum();
        let residual_deviation = (count > 2).then(|| (squares / (n - 2.0)).sqrt());
        Ok(Self {
            slope,
            intercept: mean_y - slope * mean_x,
            slope_error: residual_deviation.map(|deviation| deviation / xx.sqrt()),
            intercept_error: residual_deviation.map(|deviation| deviation * (1.0 / n + mean_x * mean_x / xx).sqrt()),
            residual_deviation,
            r_squared: (yy > 0.0).then(|| 1.0 - squares / yy),
            points: count,
            mean_x,
            spread_x: xx,
        })
    }

    /// `y` at `x`.
    pub fn at(&self, x: f64) -> f64 {
        self.intercept + self.slope * x
    }

    /// Standard error of the line itself at `x`: `s sqrt(1/n + (x - mean)^2 / Sxx)`.
    pub fn error_at(&self, x: f64) -> Option<f64> {
        let leverage = 1.0 / self.points as f64 + (x - self.mean_x).powi(2) / self.spread_x;
        self.residual_deviation.map(|deviation| deviation * leverage.sqrt())
    }

    /// 95 % interval of the slope (Student's t, `n - 2` degrees of freedom).
    pub fn slope_interval(&self) -> Option<(f64, f64)> {
        let half = student_t_95(self.points.checked_sub(2)?)? * self.slope_error?;
        Some((self.slope - half, self.slope + half))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_a_worked_example() {
        // y = 2, 4, 5, 4, 5 over x = 1..5.
        let line = Line::fit([(1.0, 2.0), (2.0, 4.0), (3.0, 5.0), (4.0, 4.0), (5.0, 5.0)]).unwrap();
        assert!((line.slope - 0.6).abs() < 1e-14 && (line.intercept - 2.2).abs() < 1e-14);
        assert!((line.residual_deviation.unwrap() - 0.8f64.sqrt()).abs() < 1e-14);
        assert!((line.slope_error.unwrap() - 0.08f64.sqrt()).abs() < 1e-14);
        assert!((line.intercept_error.unwrap() - 0.88f64.sqrt()).abs() < 1e-14);
        assert!((line.r_squared.unwrap() - 0.6).abs() < 1e-14);
        assert!((line.error_at(0.0).unwrap() - line.intercept_error.unwrap()).abs() < 1e-14);
        assert!((line.at(6.0) - 5.8).abs() < 1e-14);
        let (low, high) = line.slope_interval().unwrap();
        assert!((high - low - 2.0 * 3.182_446_305 * 0.08f64.sqrt()).abs() < 1e-8);
    }

    #[test]
    fn says_why_there_is_no_line() {
        assert_eq!(Line::fit([(1.0, 2.0), (f64::NAN, 3.0)]), Err(LineReason::TooFewPoints));
        assert_eq!(Line::fit([(1.0, 2.0), (1.0, 3.0)]), Err(LineReason::NoSpan));
        let two = Line::fit([(0.0, 1.0), (2.0, 1.0)]).unwrap();
        assert_eq!((two.slope, two.slope_error, two.r_squared), (0.0, None, None));
    }
}
