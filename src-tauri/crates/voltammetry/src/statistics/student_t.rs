//! Student's t for intervals.

use super::f_upper_tail;

/// 97.5 % quantile for 1 to 30 degrees of freedom.
const QUANTILES: [f64; 30] = [
    12.706_204_736_174_7,
    4.302_652_729_749_46,
    3.182_446_305_283_71,
    2.776_445_105_197_79,
    2.570_581_835_636_31,
    2.446_911_851_144_97,
    2.364_624_251_592_78,
    2.306_004_135_204_17,
    2.262_157_162_798_2,
    2.228_138_851_986_27,
    2.200_985_160_091_64,
    2.178_812_829_667_23,
    2.160_368_656_462_79,
    2.144_786_687_917_8,
    2.131_449_545_559_77,
    2.119_905_299_221_25,
    2.109_815_577_833_32,
    2.100_922_040_241_04,
    2.093_024_054_408_31,
    2.085_963_447_265_87,
    2.079_613_844_727_68,
    2.073_873_067_904_03,
    2.068_657_610_419_05,
    2.063_898_561_628_02,
    2.059_538_552_753_3,
    2.055_529_438_642_87,
    2.051_830_516_480_29,
    2.048_407_141_795_24,
    2.045_229_642_132_7,
    2.042_272_456_301_24,
];

/// 97.5 % quantile of the standard normal distribution.
const NORMAL: f64 = 1.959_963_984_540_054;

/// The `t` for which `|T| <= t` with a probability of 95 %: half the width of a 95 % interval in standard errors.
///
/// `None` without a degree of freedom. Tabulated to 30 degrees of freedom; above, Fisher's series about the normal
/// quantile, whose error is below 1e-7. Source: R. A. Fisher, E. A. Cornish, Technometrics 2 (1960) 209-225.
pub fn student_t_95(degrees_of_freedom: usize) -> Option<f64> {
    if degrees_of_freedom <= QUANTILES.len() {
        return QUANTILES.get(degrees_of_freedom.checked_sub(1)?).copied();
    }
    let n = degrees_of_freedom as f64;
    let z = NORMAL;
    let z2 = z * z;
    let first = z * (z2 + 1.0) / 4.0;
    let second = z * ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    let third = z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    let fourth = z * ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) / 92_160.0;
    Some(z + (first + (second + (third + fourth / n) / n) / n) / n)
}

/// The `t` for which `|T| <= t` with the probability `confidence`, above 0 and below 1.
///
/// `None` without a degree of freedom, and for a `confidence` outside of that. Found by halving an interval until two doubles are left, since
/// the probability, the tail of `F = T^2`, falls with `t`.
pub fn student_t(confidence: f64, degrees_of_freedom: usize) -> Option<f64> {
    if !(confidence > 0.0 && confidence < 1.0) {
        return None;
    }
    if confidence.to_bits() == 0.95_f64.to_bits() {
        return student_t_95(degrees_of_freedom);
    }
    let outside = |t: f64| f_upper_tail(t * t, 1, degrees_of_freedom);
    let (mut low, mut high) = (0.0, 1.0);
    while outside(high)? > 1.0 - confidence {
        low = high;
        high *= 2.0;
        if high > 1e12 {
            return None;
        }
    }
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return Some(middle);
        }
        if outside(middle)? > 1.0 - confidence {
            low = middle;
        } else {
            high = middle;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Textbook quantiles; with one degree of freedom `t = tan(pi p / 2)`.
    #[test]
    fn gives_other_intervals_too() {
        for (confidence, degrees, wanted) in [
            (0.99, 5, 4.032_142_983_6),
            (0.9, 10, 1.812_461_122_8),
            (0.6827, 1, (std::f64::consts::FRAC_PI_2 * 0.6827).tan()),
            (0.95, 3, 3.182_446_305_3),
        ] {
            let t = student_t(confidence, degrees).unwrap();
            assert!((t - wanted).abs() < 1e-7, "{confidence} {degrees}: {t}");
        }
        for confidence in [0.0, 1.0, -0.5, f64::NAN] {
            assert_eq!(student_t(confidence, 4), None);
        }
        assert_eq!(student_t(0.9, 0), None);
    }

    #[test]
    fn leaves_five_per_cent_outside() {
        assert_eq!(student_t_95(0), None);
        for degrees in [1, 2, 3, 7, 30, 31, 50, 100, 1000, 1_000_000] {
            let t = student_t_95(degrees).unwrap();
            let outside = f_upper_tail(t * t, 1, degrees).unwrap();
            assert!((outside - 0.05).abs() < 5e-9, "{degrees}: {t} {outside}");
        }
    }
}
