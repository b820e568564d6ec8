//! The numbers.

use super::experiment;
use crate::simulated::{Experiment, ExperimentSettings, SweepProgram};
use proptest::prelude::*;

#[test]
fn the_same_seed_gives_the_same_scans_in_any_order() {
    let (one, other) = (experiment(3, &[15.0, 200.0], 50), experiment(3, &[15.0, 200.0], 50));
    let forwards: Vec<_> = (1..=10).map(|index| one.sweep(2, 200.0, index).unwrap()).collect();
    let mut backwards: Vec<_> = (1..=10)
        .rev()
        .map(|index| other.sweep(2, 200.0, index).unwrap())
        .collect();
    backwards.reverse();
    assert_eq!(forwards, backwards);
    let reseeded = Experiment::new(ExperimentSettings {
        seed: 2,
        ..one.settings().clone()
    })
    .unwrap();
    assert_ne!(
        reseeded.sweep(2, 200.0, 1).unwrap().difference_a,
        forwards[0].difference_a
    );
}

#[test]
fn more_electrodes_or_frequencies_leave_the_others_as_they_are() {
    let (few, many) = (experiment(1, &[15.0], 50), experiment(16, &[200.0, 15.0, 12.5], 50));
    assert_eq!(few.sweep(1, 15.0, 7).unwrap(), many.sweep(1, 15.0, 7).unwrap());
}

#[test]
fn noise_is_what_separates_a_scan_from_its_truth() {
    let experiment = experiment(4, &[15.0, 200.0], 20);
    for electrode in 1..=4 {
        for frequency_hz in [15.0, 200.0] {
            let scan = experiment.sweep(electrode, frequency_hz, 9).unwrap();
            let truth = scan.truth.difference_a();
            let residual: Vec<f64> = scan.difference_a.iter().zip(&truth).map(|(a, b)| a - b).collect();
            let mean = residual.iter().sum::<f64>() / residual.len() as f64;
            let deviation = (residual.iter().map(|r| (r - mean).powi(2)).sum::<f64>() / residual.len() as f64).sqrt();
            let expected = experiment.settings().noise_a * (frequency_hz / 15.0).sqrt();
            assert!((0.85..1.4).contains(&(deviation / expected)), "{deviation} {expected}");
            assert!(
                scan.truth.height_a > 50.0 * expected,
                "{} {expected}",
                scan.truth.height_a
            );
            assert!((scan.truth.peak_potential_v + 0.26).abs() < 0.03);
            let width_v = scan.truth.width_v.unwrap();
            assert!((0.045..0.12).contains(&width_v), "{width_v}");
        }
    }
}

#[test]
fn difference_is_forward_minus_reverse() {
    let scan = experiment(1, &[60.0], 3).sweep(1, 60.0, 2).unwrap();
    assert_eq!(scan.potential_v.len(), 500);
    for k in 0..500 {
        assert!((scan.forward_a[k] - scan.reverse_a[k] - scan.difference_a[k]).abs() < 1e-22);
    }
    assert!((scan.potential_v[0] + 0.001).abs() < 1e-12 && (scan.potential_v[499] + 0.5).abs() < 1e-12);
}

#[test]
fn target_raises_the_high_and_lowers_the_low_frequency_so_that_kdm_follows_it() {
    let experiment = experiment(1, &[15.0, 200.0], 100);
    let height = |frequency_hz, index| experiment.sweep(1, frequency_hz, index).unwrap().truth.height_a;
    let kdm = |index| height(200.0, index) / height(200.0, 1) - height(15.0, index) / height(15.0, 1);
    assert!(height(200.0, 70) > 1.2 * height(200.0, 20), "signal-on");
    assert!(height(15.0, 70) < 0.9 * height(15.0, 20), "signal-off");
    assert!(height(200.0, 20) < 0.95 * height(200.0, 1), "drift");
    assert!(kdm(20).abs() < 0.02, "KDM cancels drift: {}", kdm(20));
    assert!(kdm(70) > 0.3, "KDM follows the target: {}", kdm(70));
    assert!(kdm(100).abs() < 0.05, "and returns after the wash: {}", kdm(100));
}

#[test]
fn an_anodic_sweep_gives_a_downward_peak() {
    let program = SweepProgram {
        initial_potential_v: -0.5,
        final_potential_v: 0.0,
        ..SweepProgram::default()
    };
    let experiment = Experiment::new(ExperimentSettings {
        program,
        ..ExperimentSettings::default()
    })
    .unwrap();
    let scan = experiment.sweep(1, 15.0, 1).unwrap();
    assert!(scan.truth.height_a < 0.0 && scan.truth.background_a[250] < 0.0);
    assert!(scan.potential_v.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn impossible_experiments_are_refused_with_a_code() {
    let base = ExperimentSettings::default;
    let broken = [
        (
            ExperimentSettings {
                electrodes: 0,
                ..base()
            },
            "electrode_count",
        ),
        (
            ExperimentSettings {
                electrodes: 17,
                ..base()
            },
            "electrode_count",
        ),
        (
            ExperimentSettings {
                frequencies_hz: vec![],
                ..base()
            },
            "frequency_count",
        ),
        (
            ExperimentSettings {
                frequencies_hz: vec![f64::NAN],
                ..base()
            },
            "frequency_range",
        ),
        (
            ExperimentSettings {
                frequencies_hz: vec![15.0, 15.0],
                ..base()
            },
            "frequency_twice",
        ),
        (ExperimentSettings { files: 0, ..base() }, "no_files"),
        (
            ExperimentSettings {
                noise_a: f64::NAN,
                ..base()
            },
            "constant",
        ),
        (
            ExperimentSettings {
                dissociation_m: 0.0,
                ..base()
            },
            "constant",
        ),
        (
            ExperimentSettings {
                program: SweepProgram {
                    increment_v: 0.0,
                    ..SweepProgram::default()
                },
                ..base()
            },
            "sweep_program",
        ),
    ];
    for (settings, code) in broken {
        assert_eq!(Experiment::new(settings).unwrap_err().code(), code);
    }
    let one = experiment(1, &[15.0], 2);
    assert_eq!(one.sweep(2, 15.0, 1).unwrap_err().code(), "unknown_electrode");
    assert_eq!(one.sweep(0, 15.0, 1).unwrap_err().code(), "unknown_electrode");
    assert_eq!(one.sweep(1, 16.0, 1).unwrap_err().code(), "unknown_frequency");
    assert_eq!(one.sweep(1, 15.0, 0).unwrap_err().code(), "unknown_index");
    assert_eq!(one.sweep(1, 15.0, 3).unwrap_err().code(), "unknown_index");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn every_valid_experiment_gives_finite_currents(
        seed: u64,
        electrodes in 1_u8..=16,
        frequency_hz in 0.1_f64..100_000.0,
        files in 1_u32..200_000,
        initial_v in -1.0_f64..1.0,
        span_v in prop_oneof![-1.0_f64..-0.01, 0.01_f64..1.0],
    ) {
        let program = SweepProgram {
            initial_potential_v: initial_v,
            final_potential_v: initial_v + span_v,
            increment_v: 0.005,
            ..SweepProgram::default()
        };
        let experiment = Experiment::new(ExperimentSettings {
            electrodes, frequencies_hz: vec![frequency_hz], files, seed, program, ..ExperimentSettings::default()
        }).unwrap();
        let scan = experiment.sweep(electrodes, frequency_hz, files).unwrap();
        prop_assert_eq!(scan.difference_a.len(), program.points());
        prop_assert!(scan.difference_a.iter().chain(&scan.forward_a).chain(&scan.reverse_a).all(|i| i.is_finite()));
        prop_assert!(scan.truth.height_a.is_finite() && (0.0..=1.0).contains(&scan.truth.occupancy));
    }
}
