//! Area against a polynomial through the whole sweep.

use crate::polynomial::fitted_values;
use crate::swv::settings::MAX_POLYNOMIAL_DEGREE;

/// Trapezoid integral over potential of |current - fit| (V·A), and the fit (A).
///
/// The polynomial goes through all points, the peak included, so that a high degree swallows the peak. With no more
/// points than the degree, the degree becomes the number of points less one.
pub(super) fn against_polynomial(p: &[f64], s: &[f64], degree: usize) -> (f64, Vec<f64>) {
    let degree = degree.clamp(1, MAX_POLYNOMIAL_DEGREE);
    let degree = if p.len() <= degree {
        p.len().saturating_sub(1).max(1)
    } else {
        degree
    };
    let fit = fitted_values(p, s, degree);
    let apart: Vec<f64> = s.iter().zip(&fit).map(|(current, fit)| (current - fit).abs()).collect();
    let area = p
        .windows(2)
        .zip(apart.windows(2))
        .map(|(p, d)| (p[1] - p[0]) * f64::midpoint(d[0], d[1]))
        .sum();
    (area, fit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrates_what_the_line_leaves() {
        let (area, fit) = against_polynomial(&[0.0, 1.0, 2.0], &[0.0, 3.0, 0.0], 1);
        assert!(fit.iter().all(|value| (value - 1.0).abs() < 1e-12));
        assert!((area - 3.0).abs() < 1e-12);
    }
}
