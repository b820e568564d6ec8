//! Decays whose truth is known: how far off the fits are, whether their intervals hold, and what is refused.
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
use voltammetry::Transient;
use voltammetry::ca::{CaReason, CaReservation, CaSettings, DecayFit, DecayModel, fit_decay};

/// `offset + sum amplitude exp(-t / tau)` in A and s, `points` from 0.1 ms on in steps of 0.1 ms, with noise (A).
fn transient(offset: f64, parts: &[(f64, f64)], points: u32, noise: f64, seed: u64) -> Transient {
    let mut gauss = Noise::new(seed);
    let time_s: Vec<f64> = (1..=points).map(|k| 1e-4 * f64::from(k)).collect();
    let current_a = time_s
        .iter()
        .map(|t| {
            let decays: f64 = parts
                .iter()
                .map(|(amplitude, tau)| amplitude * (-(t - 1e-4) / tau).exp())
                .sum();
            offset + decays + noise * gauss.next()
        })
        .collect();
    Transient::new(time_s, current_a).unwrap()
}

fn settings(model: DecayModel) -> CaSettings {
    CaSettings {
        model,
        fit_range_s: None,
    }
}

const FITS: u64 = 60;

/// Prints one line; gives, for each exponential, the median error of its time constant and how often its interval held it (%).
fn row(offset: f64, parts: &[(f64, f64)], points: u32, noise: f64) -> (u64, Vec<[f64; 2]>) {
    let model = if parts.len() == 1 {
        DecayModel::Mono
    } else {
        DecayModel::Bi
    };
    let largest = parts.iter().map(|part| part.0.abs()).fold(0.0, f64::max);
    let fits: Vec<DecayFit> = (1..=FITS)
        .filter_map(|seed| {
            fit_decay(
                &transient(offset, parts, points, noise * largest, seed),
                &settings(model),
            )
            .ok()
        })
        .collect();
    let numbers: Vec<[f64; 2]> = parts
        .iter()
        .enumerate()
        .map(|(k, &(_, tau))| {
            let mut errors: Vec<f64> = fits
                .iter()
                .map(|fit| 100.0 * (fit.components[k].tau_s / tau - 1.0).abs())
                .collect();
            let held = fits.iter().filter(|fit| {
                let (low, high) = fit.components[k].tau_interval_s;
                low <= tau && tau <= high
            });
            let held = 100.0 * held.count() as f64 / fits.len().max(1) as f64;
            [
                if errors.is_empty() {
                    f64::NAN
                } else {
                    median(&mut errors)
                },
                held,
            ]
        })
        .collect();
    println!(
        "{:<4} tau {:?} ms, {points} points, noise {:.1} % | fitted {}/{FITS} | {}",
        model.code(),
        parts.iter().map(|part| 1e3 * part.1).collect::<Vec<f64>>(),
        100.0 * noise,
        fits.len(),
        numbers
            .iter()
            .map(|[error, held]| format!("tau off by {error:.2} %, in its interval {held:.0} %"))
            .collect::<Vec<_>>()
            .join("; ")
    );
    (fits.len() as u64, numbers)
}

#[test]
fn one_exponential() {
    for (noise, most) in [(0.002, 0.3), (0.01, 1.5), (0.05, 6.0)] {
        for tau in [2e-3, 8e-3, 25e-3] {
            let (fitted, numbers) = row(5e-8, &[(3e-6, tau)], 500, noise);
            assert_eq!(fitted, FITS);
            assert!(numbers[0][0] < most && numbers[0][1] >= 85.0, "{numbers:?}");
        }
    }
    let exact = fit_decay(
        &transient(-5e-8, &[(-3e-6, 4e-3)], 300, 0.0, 1),
        &settings(DecayModel::Mono),
    )
    .unwrap();
    assert!((exact.components[0].tau_s / 4e-3 - 1.0).abs() < 1e-8 && (exact.offset_a / -5e-8 - 1.0).abs() < 1e-6);
    assert!((exact.components[0].amplitude_a / -3e-6 - 1.0).abs() < 1e-8);
    assert!((exact.components[0].half_life_s / (4e-3 * 2f64.ln()) - 1.0).abs() < 1e-8);
}

#[test]
fn two_exponentials() {
    let fast = 2e-3;
    for (ratio, noise, most) in [
        (10.0, 0.002, 1.5),
        (10.0, 0.01, 6.0),
        (5.0, 0.002, 2.5),
        (5.0, 0.01, 10.0),
        (3.0, 0.002, 6.0),
    ] {
        let (fitted, numbers) = row(5e-8, &[(3e-6, fast), (1.5e-6, fast * ratio)], 1000, noise);
        assert!(fitted >= FITS - 1, "{fitted}");
        assert!(
            numbers.iter().all(|[error, held]| *error < most && *held >= 85.0),
            "{numbers:?}"
        );
    }
    let exact = fit_decay(
        &transient(5e-8, &[(3e-6, 2e-3), (1e-6, 2e-2)], 1000, 0.0, 1),
        &settings(DecayModel::Bi),
    )
    .unwrap();
    let taus: Vec<f64> = exact.components.iter().map(|part| part.tau_s).collect();
    assert!(
        (taus[0] / 2e-3 - 1.0).abs() < 1e-6 && (taus[1] / 2e-2 - 1.0).abs() < 1e-6,
        "{taus:?}"
    );
    assert!(exact.second.unwrap().aicc_gain > 0.0);
}

#[test]
fn what_is_not_there_is_refused() {
    let count = |model, parts: &[(f64, f64)]| {
        (1..=FITS)
            .filter(|&seed| fit_decay(&transient(1e-7, parts, 500, 3e-8, seed), &settings(model)).is_err())
            .count() as u64
    };
    let second = count(DecayModel::Bi, &[(3e-6, 8e-3)]);
    let decay = count(DecayModel::Mono, &[]);
    println!("second exponential refused where there is one: {second}/{FITS}; decay refused in noise: {decay}/{FITS}");
    assert!(second >= FITS - 1 && decay >= FITS - 2, "{second} {decay}");

    let time_s: Vec<f64> = (0..200).map(|k| 1e-3 * f64::from(k)).collect();
    let fit = |of: &dyn Fn(f64) -> f64, model| {
        let current_a = time_s.iter().map(|t| of(*t)).collect();
        fit_decay(&Transient::new(time_s.clone(), current_a).unwrap(), &settings(model)).unwrap_err()
    };
    for model in [DecayModel::Mono, DecayModel::Bi] {
        assert_eq!(fit(&|_| 1e-6, model), CaReason::NoDecay);
        assert_eq!(fit(&|t| 1e-6 * t, model), CaReason::NoDecay);
        assert_eq!(fit(&|t| 1e-6 * (t / 0.03).exp(), model), CaReason::NoDecay);
    }
    let few = transient(0.0, &[(1e-6, 1e-3)], 4, 0.0, 1);
    assert_eq!(
        fit_decay(&few, &settings(DecayModel::Mono)),
        Err(CaReason::TooFewPoints)
    );
    let same = Transient::new(vec![1.0; 9], vec![1e-6; 9]).unwrap();
    assert_eq!(fit_decay(&same, &settings(DecayModel::Mono)), Err(CaReason::NoSpan));
}

#[test]
fn the_range_decides_what_is_fitted_and_where_amplitudes_count_from() {
    let whole = transient(1e-7, &[(3e-6, 8e-3)], 500, 0.0, 1);
    let part = CaSettings {
        model: DecayModel::Mono,
        fit_range_s: Some((4.05e-3, 2.995e-2)),
    };
    let fit = fit_decay(&whole, &part).unwrap();
    assert!((fit.origin_s - 4.1e-3).abs() < 1e-12 && (fit.range_s.1 - 2.99e-2).abs() < 1e-12);
    assert!((fit.components[0].amplitude_a / (3e-6 * (-4e-3f64 / 8e-3).exp()) - 1.0).abs() < 1e-7);
    let curve = fit.curve(&whole);
    assert_eq!(
        (curve.time_s.len(), curve.fitted_a.len(), curve.residual_a.len()),
        (fit.points, fit.points, fit.points)
    );
    assert!(curve.residual_a.iter().all(|rest| rest.abs() < 1e-13));
}

fn same(a: f64, b: f64) -> Result<(), TestCaseError> {
    prop_assert!((a - b).abs() <= 1e-5 * a.abs().max(b.abs()), "{a} {b}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Other units, another clock, another sign, points in another order.
    #[test]
    fn units_clock_and_order_change_nothing_else(
        seed in 1u64..10_000,
        bi in any::<bool>(),
        unit_s in prop_oneof![Just(1e-6), Just(1e3), 0.1..10.0f64],
        shift in -100.0..100.0f64,
        factor in prop_oneof![Just(-1.0), Just(1e6), 0.1..10.0f64],
    ) {
        let parts = [(3e-6, 2e-3), (2e-6, 2e-2)];
        let original = transient(1e-7, &parts[..if bi { 2 } else { 1 }], 400, 1.5e-8, seed);
        let model = if bi { DecayModel::Bi } else { DecayModel::Mono };
        // The shift is a whole number of steps in the first unit, so that rounding of the times stays small.
        let shift = (shift * 10.0).round() * 1e-4;
        let moved = Transient::new(
            original.time_s().iter().rev().map(|t| (t + shift) * unit_s).collect(),
            original.current_a().iter().rev().map(|i| i * factor).collect(),
        ).unwrap();
        let a = fit_decay(&original, &settings(model));
        let b = fit_decay(&moved, &settings(model));
        let (a, b) = match (a, b) {
            (Ok(a), Ok(b)) => (a, b),
            (a, b) => {
                prop_assert_eq!(a.err(), b.err());
                return Ok(());
            }
        };
        same((a.origin_s + shift) * unit_s, b.origin_s)?;
        same(a.offset_a * factor, b.offset_a)?;
        for (a, b) in a.components.iter().zip(&b.components) {
            same(a.tau_s * unit_s, b.tau_s)?;
            same(a.tau_error_s * unit_s, b.tau_error_s)?;
            same(a.amplitude_a * factor, b.amplitude_a)?;
        }
    }

    #[test]
    fn anything_gives_a_fit_or_a_reason(
        values in proptest::collection::vec((prop_oneof![Just(f64::NAN), -1e3..1e3f64], -1e6..1e6f64), 0..40),
        bi in any::<bool>(),
    ) {
        let (time_s, current_a): (Vec<f64>, Vec<f64>) = values.into_iter().unzip();
        let transient = Transient::new(time_s, current_a).unwrap();
        match fit_decay(&transient, &settings(if bi { DecayModel::Bi } else { DecayModel::Mono })) {
            Ok(fit) => {
                prop_assert!(fit.components.iter().all(|part| part.tau_s > 0.0 && part.tau_error_s.is_finite()));
                prop_assert!(fit.points + fit.ignored_points == transient.len());
            }
            Err(reason) => prop_assert!(!reason.code().is_empty() && !reason.message().is_empty()),
        }
    }
}

#[test]
fn a_hole_in_the_recording_is_said() {
    let whole = transient(1e-8, &[(3e-6, 4e-3)], 500, 1e-8, 1);
    let settings = settings(DecayModel::Mono);
    let fit = fit_decay(&whole, &settings).unwrap();
    assert_eq!((fit.gap_s, CaReservation::about(&fit)), (None, None));
    let kept = (0..500).filter(|k| !(100..120).contains(k));
    let (time_s, current_a) = kept.map(|k| (whole.time_s()[k], whole.current_a()[k])).unzip();
    let fit = fit_decay(&Transient::new(time_s, current_a).unwrap(), &settings).unwrap();
    assert_eq!(CaReservation::about(&fit), Some(CaReservation::TimeGap));
    let (from, to) = fit.gap_s.unwrap();
    assert!(
        (from - 0.0100).abs() < 1e-9 && (to - 0.0121).abs() < 1e-9,
        "{from} {to}"
    );
}
