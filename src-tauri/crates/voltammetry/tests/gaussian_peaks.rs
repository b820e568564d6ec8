//! Two redox reporters in one sweep, and the standard errors of what is fitted.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and print what they compare"
)]

mod evidence;

use evidence::synthetic::{Noise, Shape, Truth};
use voltammetry::Sweep;
use voltammetry::swv::{self, PeakCount, SwvMethod, SwvReason, SwvSettings};

fn settings(peaks: PeakCount) -> SwvSettings {
    SwvSettings {
        method: SwvMethod::Gaussian,
        peaks,
        ..SwvSettings::default()
    }
}

/// A peak of 0.5 µA at -0.4 V, 90 mV wide, and another one of 0.3 µA, 110 mV wide, `apart` widths of the first to the right.
fn two_reporters(apart: f64, sign: f64, noise: f64, seed: u64) -> Sweep {
    let one = Truth {
        potential_v: -0.4,
        height_a: sign * 5e-7,
        noise_a: noise * 5e-7,
        seed,
        ..Truth::default()
    };
    let (potential_v, mut current_a) = one.sweep().into_parts();
    for (v, a) in potential_v.iter().zip(&mut current_a) {
        *a += sign * 3e-7 * Shape::Gaussian.value((v + 0.4 - 0.09 * apart) / 0.11);
    }
    Sweep::new(potential_v, current_a).unwrap()
}

#[test]
fn two_reporters_give_two_results_in_the_order_of_their_potentials() {
    println!("apart (widths), noise | height errors %, potential errors mV | stated errors of the heights %");
    for (apart, noise, allowed) in [
        (2.0, 0.0, 1e-3),
        (1.2, 0.0, 1e-3),
        (2.0, 0.01, 2.0),
        (1.5, 0.01, 2.0),
        (1.2, 0.01, 3.0),
    ] {
        for sign in [1.0, -1.0] {
            for count in [PeakCount::Auto, PeakCount::Two] {
                let found = swv::analyze(&two_reporters(apart, sign, noise, 4), &settings(count));
                assert_eq!(found.fitted_peaks(), 2, "{apart} {noise} {found:?}");
                let (a, b) = (found.of_peak(0).unwrap(), found.of_peak(1).unwrap());
                let height = |found: &swv::SwvAnalysis, truth: f64| {
                    100.0 * (found.peak_current_a.unwrap() / (sign * truth) - 1.0)
                };
                let potential = |found: &swv::SwvAnalysis, truth: f64| 1e3 * (found.peak_potential_v.unwrap() - truth);
                let errors = [height(&a, 5e-7), height(&b, 3e-7)];
                let shifts = [potential(&a, -0.4), potential(&b, -0.4 + 0.09 * apart)];
                let stated = found.fitted.map(|peak| {
                    peak.map_or(0.0, |peak| {
                        100.0 * peak.peak_current_error_a / peak.peak_current_a.abs()
                    })
                });
                println!("{apart}, {noise} | {errors:.3?} {shifts:.3?} | {stated:.3?}");
                assert!(
                    errors.iter().all(|e| e.abs() <= allowed) && shifts.iter().all(|e| e.abs() <= allowed),
                    "{found:?}"
                );
                // The result itself is the higher one.
                assert_eq!(found.peak_current_a, a.peak_current_a);
                assert_eq!((found.of_peak(2), a.points), (None, found.points));
            }
        }
    }
}

#[test]
fn one_peak_stays_one_whatever_its_shape_and_noise() {
    for shape in [Shape::Gaussian, Shape::Sech2] {
        let mut twice = 0;
        for seed in 1..=60 {
            for noise in [0.003, 0.01, 0.05] {
                let truth = Truth {
                    shape,
                    noise_a: noise * 5e-7,
                    seed,
                    ..Truth::default()
                };
                twice += usize::from(swv::analyze(&truth.sweep(), &settings(PeakCount::Auto)).fitted_peaks() != 1);
            }
        }
        println!("{shape:?}: not one peak in {twice} of 180");
        assert_eq!(twice, 0);
    }
    let found = swv::analyze(&Truth::default().sweep(), &settings(PeakCount::One));
    assert_eq!((found.fitted_peaks(), found.filters.background_degree), (1, Some(1)));
}

#[test]
fn a_second_peak_that_is_not_there_is_not_invented() {
    for seed in 1..=20 {
        let truth = Truth {
            noise_a: 5e-9,
            seed,
            ..Truth::default()
        };
        let found = swv::analyze(&truth.sweep(), &settings(PeakCount::Two));
        if found.fitted_peaks() == 1 {
            assert_eq!(found.reason, Some(SwvReason::OnePeakOnly));
        } else {
            // Noise may look like a small peak where two are demanded; its error then says what it is worth.
            let small = found
                .fitted
                .iter()
                .flatten()
                .map(|peak| peak.peak_current_a.abs())
                .fold(f64::MAX, f64::min);
            assert!(small < 0.1 * truth.height_a, "{found:?}");
        }
    }
}

#[test]
fn stated_errors_are_the_scatter_of_repeated_sweeps() {
    let truth = Truth {
        noise_a: 1e-8,
        ..Truth::default()
    };
    let (mut heights, mut stated, mut potentials, mut stated_v) = (vec![], 0.0, vec![], 0.0);
    for seed in 1..=200 {
        let found = swv::analyze(&Truth { seed, ..truth }.sweep(), &settings(PeakCount::One));
        let peak = found.fitted[0].unwrap();
        heights.push(peak.peak_current_a);
        potentials.push(peak.peak_potential_v);
        stated += peak.peak_current_error_a / 200.0;
        stated_v += peak.peak_potential_error_v / 200.0;
        assert!((peak.area_va / (peak.peak_current_a * peak.fwhm_v) - 1.064_467).abs() < 1e-6);
        assert!(peak.area_error_va > 0.0 && peak.fwhm_error_v > 0.0);
    }
    let scatter = |values: &[f64]| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64).sqrt()
    };
    let ratios = [scatter(&heights) / stated, scatter(&potentials) / stated_v];
    println!(
        "scatter over stated error: height {:.2}, potential {:.2}",
        ratios[0], ratios[1]
    );
    assert!(ratios.iter().all(|ratio| (0.85..1.18).contains(ratio)), "{ratios:?}");
}

#[test]
fn curves_add_up_to_the_sweep() {
    let sweep = two_reporters(1.5, 1.0, 0.0, 1);
    let (found, curves) = swv::analyze_with_curves(&sweep, &settings(PeakCount::Auto));
    assert_eq!(curves.peaks_a.len(), 2);
    for k in 0..curves.potential_v.len() {
        let sum = curves.peaks_a[0][k] + curves.peaks_a[1][k] - curves.baseline_a[k];
        assert!((sum - curves.fit_a[k]).abs() < 1e-15);
        assert!((curves.fit_a[k] - curves.raw_a[k]).abs() < 1e-12, "{k}");
    }
    let at = |k: usize| found.fitted[k].unwrap().peak_potential_v;
    assert!(at(0) < at(1) && curves.baseline_left.unwrap().0 < at(0) && curves.baseline_right.unwrap().0 > at(1));
}

#[test]
fn a_sweep_without_a_peak_has_none() {
    let mut noise = Noise::new(9);
    let potential_v: Vec<f64> = (0..200).map(|k| -0.5 + 0.002 * f64::from(k)).collect();
    let current_a = potential_v.iter().map(|x| 1e-6 * x + 1e-9 * noise.next()).collect();
    let found = swv::analyze(&Sweep::new(potential_v, current_a).unwrap(), &settings(PeakCount::Auto));
    assert_eq!((found.peak_current_a, found.reason), (None, Some(SwvReason::NoPeak)));
}
