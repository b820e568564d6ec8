//! Student's t for 95 % intervals.

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::f_upper_tail;

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
