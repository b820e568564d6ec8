//! Decays against their truth.

use super::*;

fn experiment(settings: StepSettings) -> StepExperiment {
    StepExperiment::new(settings).unwrap()
}

#[test]
fn noise_is_what_separates_a_decay_from_its_truth() {
    let run = experiment(StepSettings::default());
    let scan = run.scan(1, 42).unwrap();
    assert_eq!(scan.time_s.len(), 1000);
    assert!((scan.time_s[0] - 1e-4).abs() < 1e-12 && (scan.time_s[999] - 0.1).abs() < 1e-9);
    let squares: f64 = scan
        .time_s
        .iter()
        .zip(&scan.current_a)
        .map(|(&time_s, current_a)| (current_a - scan.truth.current_a(time_s)).powi(2))
        .sum();
    let deviation = (squares / 1000.0).sqrt();
    assert!((deviation / run.settings().noise_a - 1.0).abs() < 0.1, "{deviation}");
    let truth = scan.truth;
    assert!(truth.tau2_s > 4.0 * truth.tau1_s, "{truth:?}");
    assert!(truth.amplitude2_a > 100.0 * run.settings().noise_a, "{truth:?}");
    assert!(
        truth.tau2_s < 0.3 * run.settings().program.duration_s,
        "the end is flat: {truth:?}"
    );
}

#[test]
fn target_shortens_the_slow_decay_whatever_drift_takes() {
    let run = experiment(StepSettings::default());
    let truth = |index| run.scan(1, index).unwrap().truth;
    assert!(
        (truth(20).tau2_s / truth(1).tau2_s - 1.0).abs() < 1e-9,
        "drift leaves it"
    );
    assert!(truth(20).remaining < 0.9);
    assert!(truth(70).tau2_s < 0.6 * truth(20).tau2_s, "{:?}", truth(70));
    assert!((truth(100).tau2_s / truth(1).tau2_s - 1.0).abs() < 0.01, "washed out");
    let k = (1.0 - truth(70).occupancy) * 12.0 + truth(70).occupancy * 26.0;
    assert!((truth(20).tau2_s / truth(70).tau2_s - k / 12.0).abs() < 1e-9);
}

#[test]
fn the_same_seed_gives_the_same_decays() {
    let (few, many) = (
        experiment(StepSettings::default()),
        experiment(StepSettings {
            electrodes: 3,
            ..StepSettings::default()
        }),
    );
    assert_eq!(few.scan(1, 9).unwrap(), many.scan(1, 9).unwrap());
    assert_ne!(many.scan(1, 9).unwrap().current_a, many.scan(2, 9).unwrap().current_a);
    let reseeded = experiment(StepSettings {
        seed: 5,
        ..StepSettings::default()
    });
    assert_ne!(
        few.scan(1, 9).unwrap().current_a,
        reseeded.scan(1, 9).unwrap().current_a
    );
}

#[test]
fn impossible_runs_are_refused_with_a_code() {
    let with = |change: fn(&mut StepSettings)| {
        let mut settings = StepSettings::default();
        change(&mut settings);
        StepExperiment::new(settings).unwrap_err().code()
    };
    assert_eq!(with(|s| s.electrodes = 0), "electrode_count");
    assert_eq!(with(|s| s.files = 0), "no_files");
    assert_eq!(with(|s| s.program.sample_interval_s = 0.0), "step_program");
    assert_eq!(with(|s| s.program.duration_s = 1e9), "step_program");
    assert_eq!(with(|s| s.program.rest_potential_v = f64::NAN), "step_program");
    assert_eq!(with(|s| s.resistance_ohm = 0.0), "constant");
    assert_eq!(with(|s| s.noise_a = f64::INFINITY), "constant");
    let run = experiment(StepSettings::default());
    assert_eq!(run.scan(0, 1).unwrap_err().code(), "unknown_electrode");
    assert_eq!(run.scan(1, 0).unwrap_err().code(), "unknown_index");
}
