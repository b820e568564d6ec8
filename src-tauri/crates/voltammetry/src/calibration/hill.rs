//! The Hill-Langmuir curve.
//!
//! `y(C) = y_min + (y_max - y_min) C^n / (C^n + K^n)`. Sources: A. V. Hill, J. Physiol. 40 (1910) iv-vii; I. Langmuir, J. Am. Chem. Soc.
//! 40 (1918) 1361-1403 (`n = 1`).

use crate::fitting::Model;

/// Positions of the parameters.
pub(super) const Y_MIN: usize = 0;
pub(super) const Y_MAX: usize = 1;
pub(super) const LN_K: usize = 2;
pub(super) const N: usize = 3;

/// The curve with the parameters `y_min, y_max, ln K, n`, over the *logarithm* of the concentration, which is minus infinity for
/// the blank.
pub(super) struct HillCurve;

/// Share of the span at `ln C`.
pub(super) fn occupancy(ln_c: f64, ln_k: f64, n: f64) -> f64 {
    if ln_c == f64::NEG_INFINITY {
        0.0
    } else {
        1.0 / (1.0 + (n * (ln_k - ln_c)).exp())
    }
}

/// Value and derivatives at `ln C`, which may be minus infinity.
pub(super) fn value_and_gradient(ln_c: f64, parameters: &[f64; 4]) -> (f64, [f64; 4]) {
    let [y_min, y_max, ln_k, n] = *parameters;
    let share = occupancy(ln_c, ln_k, n);
    let steep = (y_max - y_min) * share * (1.0 - share);
    // At the blank and far from K the share no longer moves, however large the logarithm.
    let by_n = if steep == 0.0 { 0.0 } else { steep * (ln_c - ln_k) };
    (y_min + (y_max - y_min) * share, [1.0 - share, share, -steep * n, by_n])
}

impl Model for HillCurve {
    fn parameters(&self) -> usize {
        4
    }

    fn evaluate(&self, ln_c: f64, parameters: &[f64], partials: &mut [f64]) -> f64 {
        let Ok(parameters) = <&[f64; 4]>::try_from(parameters) else {
            return f64::NAN;
        };
        let (value, gradient) = value_and_gradient(ln_c, parameters);
        partials.copy_from_slice(&gradient);
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_its_limits_and_its_derivatives() {
        let parameters = [100.0, 160.0, (2e-5f64).ln(), 1.4];
        assert_eq!(
            value_and_gradient(f64::NEG_INFINITY, &parameters),
            (100.0, [1.0, 0.0, 0.0, 0.0])
        );
        assert!((value_and_gradient(parameters[LN_K], &parameters).0 - 130.0).abs() < 1e-12);
        assert!((value_and_gradient(40.0, &parameters).0 - 160.0).abs() < 1e-12);
        for ln_c in [-14.0, -10.0, -6.0] {
            let (_, gradient) = value_and_gradient(ln_c, &parameters);
            for k in 0..4 {
                let moved = |by: f64| {
                    let mut moved = parameters;
                    moved[k] += by;
                    value_and_gradient(ln_c, &moved).0
                };
                let numeric = (moved(1e-5) - moved(-1e-5)) / 2e-5;
                assert!((numeric - gradient[k]).abs() < 1e-6, "{k}: {numeric} {}", gradient[k]);
            }
        }
    }
}
