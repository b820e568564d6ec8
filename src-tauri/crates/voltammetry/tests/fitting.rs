//! Nonlinear least squares against published results, and what it says where there is no fit.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and print what they compare"
)]

mod evidence;

use evidence::synthetic::Noise;
use voltammetry::fitting::{Bound, End, Fit, FitReason, Model, fit, fit_weighted};

/// a·(1 - exp(-b·x))
struct Saturation;

impl Model for Saturation {
    fn parameters(&self) -> usize {
        2
    }

    fn evaluate(&self, x: f64, p: &[f64], partials: &mut [f64]) -> f64 {
        let falling = (-p[1] * x).exp();
        partials[0] = 1.0 - falling;
        partials[1] = p[0] * x * falling;
        p[0] * (1.0 - falling)
    }
}

/// a + b + c·x: a and b cannot be told apart.
struct TwoOffsets;

impl Model for TwoOffsets {
    fn parameters(&self) -> usize {
        3
    }

    fn evaluate(&self, x: f64, p: &[f64], partials: &mut [f64]) -> f64 {
        partials.copy_from_slice(&[1.0, 1.0, x]);
        p[0] + p[1] + p[2] * x
    }
}

/// Data set Misra1a of the NIST Statistical Reference Datasets (dental research, monomolecular adsorption).
const MISRA1A: [(f64, f64); 14] = [
    (77.6, 10.07),
    (114.9, 14.73),
    (141.1, 17.94),
    (190.8, 23.93),
    (239.9, 29.61),
    (289.0, 35.18),
    (332.8, 40.02),
    (378.4, 44.82),
    (434.8, 50.76),
    (477.3, 55.05),
    (536.8, 61.01),
    (593.1, 66.40),
    (689.1, 75.47),
    (760.0, 81.78),
];

fn misra1a() -> (Vec<f64>, Vec<f64>) {
    MISRA1A.into_iter().unzip()
}

fn near(found: f64, expected: f64, relative: f64) {
    assert!(
        (found / expected - 1.0).abs() < relative,
        "{found}, expected {expected}"
    );
}

fn certified(found: &Fit) {
    near(found.parameters[0], 2.389_421_291_8e2, 1e-8);
    near(found.parameters[1], 5.501_564_318_1e-4, 1e-8);
    near(found.standard_errors[0], 2.707_007_524_1, 1e-7);
    near(found.standard_errors[1], 7.266_868_843_6e-6, 1e-7);
    near(found.residual_deviation, 1.018_787_633_0e-1, 1e-9);
    assert_eq!((found.points, found.degrees_of_freedom), (14, 12));
}

#[test]
fn agrees_with_certified_results_with_and_without_bounds() {
    let (x, y) = misra1a();
    for start in [[500.0, 0.0001], [250.0, 0.0005]] {
        for bounds in [
            [Bound::Free; 2],
            [Bound::AtLeast(0.0), Bound::AtLeast(0.0)],
            [Bound::AtMost(1000.0), Bound::Between(1e-6, 1e-2)],
            [Bound::Between(100.0, 900.0), Bound::AtMost(0.1)],
        ] {
            let found = fit(&Saturation, &x, &y, &start, &bounds).unwrap();
            println!("{bounds:?}: {} evaluations", found.evaluations);
            certified(&found);
            assert!(found.r_squared.unwrap() > 0.99998);
            // t for 12 degrees of freedom is 2.1788.
            near(found.half_interval_95(0).unwrap(), 2.178_813 * 2.707_007_5, 1e-6);
            // A parameter is the simplest derived quantity.
            near(found.standard_error_of(&[0.0, 1.0]), found.standard_errors[1], 1e-12);
        }
    }
}

#[test]
fn units_do_not_matter() {
    let (x, y) = misra1a();
    let small: Vec<f64> = y.iter().map(|y| 1e-12 * y).collect();
    let found = fit(&Saturation, &x, &small, &[250e-12, 0.0005], &[Bound::Free; 2]).unwrap();
    near(found.parameters[0], 238.942_129_18e-12, 1e-8);
    near(found.standard_errors[1], 7.266_868_843_6e-6, 1e-7);
    near(found.residual_deviation, 0.101_878_763_30e-12, 1e-8);
}

#[test]
fn a_weight_of_two_is_a_point_taken_twice_and_of_zero_no_point() {
    let (x, y) = misra1a();
    let weights: Vec<f64> = (0..14).map(|k| f64::from(k % 3)).collect();
    let (mut long_x, mut long_y) = (vec![], vec![]);
    for k in 0..14 {
        for _ in 0..k % 3 {
            long_x.push(x[k]);
            long_y.push(y[k]);
        }
    }
    let start = [250.0, 0.0005];
    let weighted = fit_weighted(&Saturation, &x, &y, &weights, &start, &[Bound::Free; 2]).unwrap();
    let repeated = fit(&Saturation, &long_x, &long_y, &start, &[Bound::Free; 2]).unwrap();
    near(weighted.parameters[0], repeated.parameters[0], 1e-9);
    near(weighted.parameters[1], repeated.parameters[1], 1e-9);
    near(weighted.r_squared.unwrap(), repeated.r_squared.unwrap(), 1e-12);
    assert_eq!(weighted.points, 9);
    // More points than there are make the error smaller than it is.
    let degrees = |fit: &Fit| fit.degrees_of_freedom as f64;
    near(
        weighted.residual_deviation * degrees(&weighted).sqrt(),
        repeated.residual_deviation * degrees(&repeated).sqrt(),
        1e-9,
    );
}

#[test]
fn a_fixed_parameter_stays_and_has_no_error() {
    let (x, y) = misra1a();
    let found = fit(&Saturation, &x, &y, &[250.0, 0.0], &[Bound::Free, Bound::Fixed(5.5e-4)]).unwrap();
    assert_eq!((found.parameters[1], found.standard_errors[1]), (5.5e-4, 0.0));
    assert_eq!(found.degrees_of_freedom, 13);
    // Linear in the other one: its error has a closed form.
    let shape: Vec<f64> = x.iter().map(|x| 1.0 - (-5.5e-4 * x).exp()).collect();
    let squares: f64 = shape.iter().map(|s| s * s).sum();
    near(
        found.standard_errors[0],
        found.residual_deviation / squares.sqrt(),
        1e-9,
    );
    let all = fit(
        &Saturation,
        &x,
        &y,
        &[1.0, 1.0],
        &[Bound::Fixed(239.0), Bound::Fixed(5.5e-4)],
    )
    .unwrap();
    assert_eq!(all.standard_errors, [0.0, 0.0]);
}

#[test]
fn standard_errors_are_the_scatter_of_repeated_fits() {
    let x: Vec<f64> = (0..80).map(f64::from).collect();
    let mut noise = Noise::new(3);
    let (mut estimates, mut stated, mut inside) = (vec![], 0.0, 0);
    for _ in 0..400 {
        let y: Vec<f64> = x
            .iter()
            .map(|x| 2.0 * (1.0 - (-0.05 * x).exp()) + 0.03 * noise.next())
            .collect();
        let found = fit(&Saturation, &x, &y, &[1.0, 0.1], &[Bound::Free, Bound::AtLeast(0.0)]).unwrap();
        estimates.push(found.parameters[1]);
        stated += found.standard_errors[1] / 400.0;
        let reach = found.half_interval_95(1).unwrap();
        inside += i32::from((found.parameters[1] - 0.05).abs() <= reach);
    }
    let mean = estimates.iter().sum::<f64>() / 400.0;
    let deviation = (estimates.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / 399.0).sqrt();
    println!("scatter {deviation:.3e}, stated {stated:.3e}, {inside} of 400 intervals hold the truth");
    assert!((deviation / stated - 1.0).abs() < 0.12, "{deviation} {stated}");
    assert!((365..=392).contains(&inside), "{inside}");
}

#[test]
fn says_why_there_is_no_fit() {
    let (x, y) = misra1a();
    let free = [Bound::Free; 2];
    let start = [250.0, 0.0005];
    let reason = |result: Result<Fit, voltammetry::fitting::FitFailure>| {
        let failure = result.unwrap_err();
        assert!(failure.to_string().len() > 10 && failure.reason.hint().ends_with('.'));
        failure.reason
    };
    let at_bound = fit(&Saturation, &x, &y, &start, &[Bound::AtMost(200.0), Bound::Free]).unwrap_err();
    assert_eq!(
        at_bound.reason,
        FitReason::AtBound {
            parameter: 0,
            end: End::Upper
        }
    );
    near(at_bound.parameters[0], 200.0, 1e-4);
    let lower = [Bound::Free, Bound::Between(6e-4, 1.0)];
    assert_eq!(
        reason(fit(&Saturation, &x, &y, &start, &lower)),
        FitReason::AtBound {
            parameter: 1,
            end: End::Lower
        }
    );
    assert!(matches!(
        reason(fit(&TwoOffsets, &x, &y, &[1.0, 2.0, 0.1], &[Bound::Free; 3])),
        FitReason::NotIdentifiable { parameter: 0 | 1 }
    ));
    // All at x = 0, where neither parameter has any effect.
    assert!(matches!(
        reason(fit(&Saturation, &[0.0; 5], &[1.0; 5], &start, &free)),
        FitReason::NotIdentifiable { .. }
    ));
    assert_eq!(
        reason(fit(&Saturation, &x[..2], &y[..2], &start, &free)),
        FitReason::TooFewPoints {
            points: 2,
            parameters: 2
        }
    );
    assert_eq!(
        reason(fit(&Saturation, &x, &y[..3], &start, &free)),
        FitReason::Mismatch
    );
    assert_eq!(
        reason(fit(&Saturation, &x, &y, &start, &free[..1])),
        FitReason::Mismatch
    );
    assert_eq!(
        reason(fit(&Saturation, &x, &y, &[f64::NAN, 1.0], &free)),
        FitReason::NotFinite
    );
    assert_eq!(
        reason(fit_weighted(&Saturation, &x, &y, &[-1.0; 14], &start, &free)),
        FitReason::NotFinite
    );
    assert_eq!(
        reason(fit(
            &Saturation,
            &x,
            &y,
            &start,
            &[Bound::Free, Bound::Between(2.0, 1.0)]
        )),
        FitReason::InvalidBound { parameter: 1 }
    );
    assert_eq!(
        reason(fit(&Saturation, &x, &y, &[250.0, -50.0], &free)),
        FitReason::NotComputable
    );
}

#[test]
fn exact_data_are_fitted_exactly() {
    let x: Vec<f64> = (0..30).map(f64::from).collect();
    let y: Vec<f64> = x.iter().map(|x| 7e-6 * (1.0 - (-0.2 * x).exp())).collect();
    let found = fit(
        &Saturation,
        &x,
        &y,
        &[1e-6, 1.0],
        &[Bound::AtLeast(0.0), Bound::Between(1e-3, 10.0)],
    )
    .unwrap();
    near(found.parameters[0], 7e-6, 1e-9);
    near(found.parameters[1], 0.2, 1e-9);
    assert!(found.residual_deviation < 1e-14 && found.r_squared.unwrap() > 1.0 - 1e-12);
    let flat = fit(
        &Saturation,
        &x,
        &[0.0; 30],
        &[1.0, 0.2],
        &[Bound::Free, Bound::Fixed(0.2)],
    )
    .unwrap();
    assert!(flat.parameters[0].abs() < 1e-100);
    assert_eq!(flat.r_squared, None);
}
