//! The F test: is a ratio of two variances larger than chance makes it?

use super::incomplete_beta::incomplete_beta;

/// Probability that `F >= f` by chance, with `numerator` and `denominator` degrees of freedom.
///
/// `1 - CDF(f) = I_x(d2 / 2, d1 / 2)` with `x = d2 / (d2 + d1 f)`. `None` without degrees of freedom or for an `f` that is
/// no number. An `f` of 0 or less gives 1, an infinite one 0.
pub fn f_upper_tail(f: f64, numerator: usize, denominator: usize) -> Option<f64> {
    if numerator == 0 || denominator == 0 || f.is_nan() {
        return None;
    }
    if f <= 0.0 {
        return Some(1.0);
    }
    let (d1, d2) = (numerator as f64, denominator as f64);
    Some(incomplete_beta(d2 / 2.0, d1 / 2.0, d2 / (d2 + d1 * f)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With two degrees of freedom in the numerator the tail is `(1 + 2 f / d2)^(-d2 / 2)`.
    #[test]
    fn agrees_with_the_closed_form_for_two_parameters() {
        for denominator in [1usize, 2, 7, 20, 300, 100_000] {
            for f in [0.0, 1e-6, 0.3, 1.0, 3.5, 10.0, 60.0] {
                let d2 = denominator as f64;
                let exact = (1.0 + 2.0 * f / d2).powf(-d2 / 2.0);
                let tail = f_upper_tail(f, 2, denominator).unwrap();
                assert!((tail - exact).abs() < 1e-10, "{f} {denominator}: {tail} {exact}");
            }
        }
    }

    #[test]
    fn says_where_there_is_no_answer() {
        assert_eq!(f_upper_tail(1.0, 0, 3), None);
        assert_eq!(f_upper_tail(1.0, 2, 0), None);
        assert_eq!(f_upper_tail(f64::NAN, 2, 3), None);
        assert_eq!(f_upper_tail(f64::INFINITY, 2, 3), Some(0.0));
    }
}
