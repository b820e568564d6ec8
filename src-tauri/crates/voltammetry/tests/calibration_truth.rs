//! Calibrations whose truth is known: how far off they are, and whether their intervals keep what they promise.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and print what they compare"
)]

mod evidence;

use evidence::synthetic::{Noise, median};
use proptest::prelude::*;
use voltammetry::calibration::{Calibration, CalibrationSettings, Hill, TitrationPoint, calibrate};

/// Half a decade apart, from a hundredth to a hundred times K, and a blank.
const STEPS: [f64; 9] = [0.0, 0.01, 0.0316, 0.1, 0.316, 1.0, 3.16, 10.0, 100.0];

fn curve(c: f64, n: f64) -> f64 {
    let share = if c > 0.0 { 1.0 / (1.0 + c.powf(-n)) } else { 0.0 };
    100.0 + 60.0 * share
}

fn points(steps: &[f64], n: f64, noise: f64, seed: u64) -> Vec<TitrationPoint> {
    let mut gauss = Noise::new(seed);
    steps
        .iter()
        .map(|&c| TitrationPoint::single(c * 5e-6, curve(c, n) + 60.0 * noise * gauss.next()))
        .collect()
}

/// One line of the table: errors over many titrations, and how often the intervals hold the truth.
fn row(what: &str, steps: &[f64], hill: Hill, n: f64, noise: f64) -> [f64; 4] {
    const TITRATIONS: u64 = 400;
    let settings = CalibrationSettings {
        hill,
        ..CalibrationSettings::default()
    };
    let (mut errors, mut held, mut concentrations, mut concentration_held) = (vec![], 0, vec![], 0);
    let mut fitted = 0u32;
    for seed in 1..=TITRATIONS {
        let Ok(found) = calibrate(&points(steps, n, noise, seed), &settings) else {
            continue;
        };
        fitted += 1;
        errors.push((found.k_m / 5e-6).ln().abs());
        held += u32::from(found.k_interval_m.lower <= 5e-6 && 5e-6 <= found.k_interval_m.upper);
        // A new value at twice K, as noisy as the titration.
        let value = curve(2.0, n) + 60.0 * noise * Noise::new(seed + 10_000).next();
        let estimate = found.concentration(value);
        concentrations.push(
            estimate
                .concentration_m
                .map_or(f64::INFINITY, |c| (c / 1e-5).ln().abs()),
        );
        let above = estimate.lower_m.is_some_and(|lower| lower <= 1e-5);
        concentration_held += u32::from(above && estimate.upper_m.is_none_or(|upper| 1e-5 <= upper));
    }
    let share = |count: u32| 100.0 * f64::from(count) / f64::from(fitted.max(1));
    let numbers = [
        100.0 * median(&mut errors),
        share(held),
        100.0 * median(&mut concentrations),
        share(concentration_held),
    ];
    println!(
        "{what:<36} noise {:>4.1} % | fitted {fitted:>3}/{TITRATIONS} | K off by {:>6.2} % , in its interval {:>5.1} % | C at 2 K off by {:>6.2} %, in its interval {:>5.1} %",
        100.0 * noise,
        numbers[0],
        numbers[1],
        numbers[2],
        numbers[3]
    );
    numbers
}

#[test]
fn errors_and_coverage_of_the_intervals() {
    println!("nine concentrations, one value each; noise in per cent of the span; medians");
    for (noise, most) in [(0.005, 2.0), (0.01, 3.0), (0.02, 6.0), (0.05, 15.0)] {
        let [k, k_held, c, c_held] = row("n = 1 given", &STEPS, Hill::Fixed(1.0), 1.0, noise);
        assert!(k < most && c < 2.0 * most, "{k} {c}");
        assert!(
            (91.0..=98.5).contains(&k_held) && (91.0..=98.5).contains(&c_held),
            "{k_held} {c_held}"
        );
    }
    for (noise, most) in [(0.005, 3.0), (0.01, 5.0), (0.02, 10.0)] {
        for n in [0.8, 1.5] {
            let [k, k_held, c, c_held] = row(&format!("n = {n} fitted"), &STEPS, Hill::Free, n, noise);
            assert!(k < most && c < 2.0 * most, "{k} {c}");
            assert!(
                (90.0..=98.5).contains(&k_held) && (90.0..=98.5).contains(&c_held),
                "{k_held} {c_held}"
            );
        }
    }
    // Without saturation the fit is less sure, and says so.
    let [_, held, _, _] = row("n = 1 given, only up to 3 K", &STEPS[..7], Hill::Fixed(1.0), 1.0, 0.01);
    assert!(held > 90.0, "{held}");
}

#[test]
fn titrations_without_a_response_are_refused() {
    let calibrations = (1..=400u64)
        .filter(|&seed| {
            let mut gauss = Noise::new(seed);
            let flat = STEPS.map(|c| TitrationPoint::single(c * 5e-6, 100.0 + gauss.next()));
            calibrate(&flat, &CalibrationSettings::default()).is_ok()
        })
        .count();
    println!("calibrations made of noise alone: {calibrations} of 400");
    assert!(calibrations <= 12, "{calibrations}");
}

fn same(a: f64, b: f64) -> Result<(), TestCaseError> {
    prop_assert!((a - b).abs() <= 2e-5 * a.abs().max(b.abs()), "{a} {b}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Concentrations in another unit, values in another unit and from another zero, points in another order.
    #[test]
    fn units_and_order_change_nothing_else(
        seed in 1u64..10_000,
        unit in prop_oneof![Just(1e-9), Just(1e-3), Just(1e6), 0.1..10.0f64],
        factor in prop_oneof![Just(-1.0), Just(1e-6), 0.1..10.0f64],
        offset in -1.0..1.0f64,
    ) {
        let original = points(&STEPS, 1.0, 0.01, seed);
        let moved: Vec<TitrationPoint> = original
            .iter()
            .rev()
            .map(|p| TitrationPoint::single(p.concentration_m * unit, factor * (p.value + 60.0 * offset)))
            .collect();
        let settings = CalibrationSettings::default();
        let a: Calibration = calibrate(&original, &settings).unwrap();
        let b = calibrate(&moved, &settings).unwrap();
        same(a.k_m * unit, b.k_m)?;
        same(a.k_interval_m.lower * unit, b.k_interval_m.lower)?;
        same(a.ln_k_error, b.ln_k_error)?;
        same((a.y_max - a.y_min) * factor, b.y_max - b.y_min)?;
        same(a.residual_deviation * factor.abs(), b.residual_deviation)?;
        let (ca, cb) = (a.concentration(130.0), b.concentration(factor * (130.0 + 60.0 * offset)));
        same(ca.concentration_m.unwrap() * unit, cb.concentration_m.unwrap())?;
        same(ca.upper_m.unwrap() * unit, cb.upper_m.unwrap())?;
        same(a.limit_of_detection.unwrap().concentration_m * unit, b.limit_of_detection.unwrap().concentration_m)?;
    }

    #[test]
    fn anything_gives_a_calibration_or_a_reason(
        values in proptest::collection::vec((prop_oneof![Just(0.0), 1e-12..1e3f64], -1e6..1e6f64), 0..20),
        free in any::<bool>(),
    ) {
        let points: Vec<TitrationPoint> = values.iter().map(|&(c, y)| TitrationPoint::single(c, y)).collect();
        let hill = if free { Hill::Free } else { Hill::Fixed(1.0) };
        match calibrate(&points, &CalibrationSettings { hill, ..CalibrationSettings::default() }) {
            Ok(found) => {
                prop_assert!(found.k_m > 0.0 && found.ln_k_error.is_finite() && found.y_max.is_finite());
                let estimate = found.concentration(f64::midpoint(found.y_min, found.y_max));
                prop_assert!(estimate.concentration_m.is_some());
            }
            Err(reason) => prop_assert!(!reason.code().is_empty() && !reason.message().is_empty()),
        }
    }
}
