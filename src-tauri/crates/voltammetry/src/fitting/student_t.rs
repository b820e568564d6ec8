//! Quantiles of Student's t distribution, for confidence intervals.

use std::f64::consts::FRAC_PI_2;

/// Degrees of freedom above which the distribution no longer changes by more than 3 parts in 100,000.
const AS_GOOD_AS_NORMAL: usize = 100_000;

/// The t within which a t-distributed variable lies with probability `level`: for 0.95 and many degrees of freedom 1.96.
///
/// `None` if `level` is not between 0 and 1 (both excluded) or there are no degrees of freedom. The probability is the finite
/// trigonometric series of Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.3 and 26.7.4, inverted by
/// bisection; relative accuracy 1e-12, above 100,000 degrees of freedom 3e-5.
pub fn student_t_two_sided(level: f64, degrees_of_freedom: usize) -> Option<f64> {
    const HALVINGS: usize = 60;
    if !(level > 0.0 && level < 1.0) || degrees_of_freedom == 0 {
        return None;
    }
    let degrees = degrees_of_freedom.min(AS_GOOD_AS_NORMAL);
    let (mut low, mut high) = (0.0, FRAC_PI_2);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if within(middle, degrees) < level {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some((degrees as f64).sqrt() * f64::midpoint(low, high).tan())
}

/// Probability of |t| ≤ √ν·tan θ.
fn within(theta: f64, degrees: usize) -> f64 {
    let (sine, cosine) = theta.sin_cos();
    let square = cosine * cosine;
    let odd = degrees % 2 == 1;
    if degrees == 1 {
        return theta / FRAC_PI_2;
    }
    // Terms cos^k θ·Π (j - 1)/j, with j = 2, 4, ... for even and 3, 5, ... for odd numbers of degrees.
    let mut term = if odd { cosine } else { 1.0 };
    let mut series = term;
    let mut j = if odd { 3 } else { 2 };
    while j + 2 <= degrees && term > 1e-18 * series {
        term *= square * (j as f64 - 1.0) / j as f64;
        series += term;
        j += 2;
    }
    if odd {
        (theta + sine * series) / FRAC_PI_2
    } else {
        sine * series
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_values_of_the_tables() {
        // Two-sided 95 and 99 %, as printed in any table of the distribution.
        for (degrees, at_95, at_99) in [
            (1, 12.706_205, 63.656_741),
            (2, 4.302_653, 9.924_843),
            (3, 3.182_446, 5.840_909),
            (4, 2.776_445, 4.604_095),
            (5, 2.570_582, 4.032_143),
            (10, 2.228_139, 3.169_273),
            (29, 2.045_230, 2.756_386),
            (30, 2.042_272, 2.749_996),
            (120, 1.979_930, 2.617_421),
        ] {
            for (level, expected) in [(0.95, at_95), (0.99, at_99)] {
                let t = student_t_two_sided(level, degrees).unwrap();
                assert!((t / expected - 1.0).abs() < 5e-7, "{degrees} {level}: {t}");
            }
        }
    }

    #[test]
    fn becomes_normal_and_refuses_what_means_nothing() {
        for degrees in [200_000, usize::MAX] {
            let t = student_t_two_sided(0.95, degrees).unwrap();
            assert!((t / 1.959_963_985 - 1.0).abs() < 3e-5, "{t}");
        }
        for (level, degrees) in [(0.0, 5), (1.0, 5), (f64::NAN, 5), (0.95, 0)] {
            assert_eq!(student_t_two_sided(level, degrees), None);
        }
    }
}
