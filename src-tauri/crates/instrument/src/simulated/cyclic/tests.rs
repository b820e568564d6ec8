//! The currents against theory, the scans against their truth.

use super::*;
use crate::simulated::kinetics::{FARADAY_C_PER_MOL, GAS_J_PER_MOL_K, Reporter};
use solution::SolutionCouple;

/// `F / (R T)` at room temperature, 1/V.
const PER_VOLT: f64 = FARADAY_C_PER_MOL / (GAS_J_PER_MOL_K * 298.15);

fn one_cycle(first_vertex_v: f64, second_vertex_v: f64) -> CyclicProgram {
    CyclicProgram {
        cycles: 1,
        ..CyclicProgram::between(first_vertex_v, second_vertex_v)
    }
}

fn experiment(settings: CyclicSettings) -> CyclicExperiment {
    CyclicExperiment::new(settings).unwrap()
}

#[test]
fn a_scan_goes_to_and_fro_as_recorded_ones_do() {
    // The points of a recorded file: from -0.9 V, 8 segments of 1.8 V, a millivolt each, 14,400 rows.
    let program = CyclicProgram {
        cycles: 4,
        ..CyclicProgram::between(0.9, -0.9)
    };
    assert_eq!((program.points(), program.segments()), (14_400, 8));
    for (k, potential_v, segment) in [
        (0, -0.9, 0),
        (1, -0.899, 0),
        (1799, 0.899, 0),
        (1800, 0.9, 1),
        (1801, 0.899, 1),
        (3600, -0.9, 2),
        (14_399, -0.899, 7),
    ] {
        assert!((program.potential_v(k as f64) - potential_v).abs() < 1e-9, "{k}");
        assert_eq!(program.segment(k), segment, "{k}");
    }
    assert!((program.potential_v(1800.5) - 0.8995).abs() < 1e-9);
}

#[test]
fn a_scan_may_start_between_its_vertices() {
    let program = CyclicProgram {
        initial_potential_v: 0.1,
        cycles: 2,
        ..CyclicProgram::between(0.4, -0.2)
    };
    assert_eq!(program.points(), 300 + 3 * 600);
    assert_eq!(
        [0, 299, 300, 899, 900, 1500].map(|k| program.segment(k)),
        [0, 0, 1, 1, 2, 3]
    );
    assert!((program.potential_v(900.0) + 0.2).abs() < 1e-9);
    assert!(program.direction(0) > 0.0 && program.direction(1) < 0.0);
}

#[test]
fn a_slow_scan_of_a_bound_couple_has_the_height_and_the_charge_of_theory() {
    let reporter = Reporter {
        rate_dispersion: 0.0,
        formal_potential_v: -0.25,
        ..Reporter::methylene_blue()
    };
    let program = one_cycle(-0.5, 0.0);
    let current_a = surface::current_a(&reporter, 5_000.0, &program, 0.05);
    let expected = reporter.electrons * PER_VOLT * 0.05 * reporter.layer_charge_c / 4.0;
    let lowest = current_a.iter().copied().fold(f64::MAX, f64::min);
    let highest = current_a.iter().copied().fold(f64::MIN, f64::max);
    assert!((-lowest / expected - 1.0).abs() < 2e-3, "{lowest} {expected}");
    assert!((highest / expected - 1.0).abs() < 2e-3, "{highest} {expected}");
    let charge_c: f64 = current_a[..500].iter().sum::<f64>() * 0.001 / 0.05;
    assert!((-charge_c / reporter.layer_charge_c - 1.0).abs() < 2e-3, "{charge_c}");
    let peaks = scan::cycles(&program, &current_a)[0];
    assert!(peaks.peak_separation_v().unwrap().abs() < 2e-3);
    assert!((peaks.half_wave_potential_v().unwrap() + 0.25).abs() < 1e-3);
    // 90.6 mV / n at 25 °C.
    assert!((peaks.cathodic.unwrap().width_v.unwrap() - 0.0453).abs() < 5e-4);
}

#[test]
fn a_bound_couple_separates_its_peaks_when_scanned_fast() {
    let separation = |scan_rate_v_s| {
        let program = one_cycle(-0.6, 0.1);
        let current_a = surface::current_a(&Reporter::methylene_blue(), 60.0, &program, scan_rate_v_s);
        scan::cycles(&program, &current_a)[0].peak_separation_v().unwrap()
    };
    assert!(separation(0.05) < 0.01, "{}", separation(0.05));
    assert!(separation(10.0) > 0.08, "{}", separation(10.0));
}

#[test]
fn a_fast_dissolved_couple_follows_randles_and_sevcik() {
    let couple = SolutionCouple {
        rate_cm_s: 10.0,
        ..SolutionCouple::ferricyanide()
    };
    let program = one_cycle(-0.15, 0.55);
    for scan_rate_v_s in [0.01, 0.1, 1.0] {
        let current_a = solution::current_a(&couple, &program, scan_rate_v_s);
        let peaks = scan::cycles(&program, &current_a)[0];
        let cathodic = peaks.cathodic.unwrap();
        let expected = couple.reversible_peak_a(scan_rate_v_s);
        assert!(
            (-cathodic.height_a / expected - 1.0).abs() < 0.01,
            "{cathodic:?} {expected}"
        );
        // 28.5 mV behind the formal potential at 25 °C.
        assert!((cathodic.potential_v - (0.22 - 0.0285)).abs() < 1.5e-3, "{cathodic:?}");
        let separation_v = peaks.peak_separation_v().unwrap();
        assert!((0.056..0.060).contains(&separation_v), "{separation_v}");
    }
}

#[test]
fn a_slower_dissolved_couple_separates_its_peaks_as_nicholson_says() {
    // Nicholson 1965: ψ = 1 gives 84 mV / n, ψ = 0.5 gives 105 mV / n.
    let program = one_cycle(-0.2, 0.64);
    for (psi, separation_v) in [(1.0, 0.084), (0.5, 0.105)] {
        let couple = SolutionCouple::ferricyanide();
        let diffusive = (std::f64::consts::PI * couple.diffusion_cm2_s * PER_VOLT * 0.1).sqrt();
        let slower = SolutionCouple {
            rate_cm_s: psi * diffusive,
            ..couple
        };
        let peaks = scan::cycles(&program, &solution::current_a(&slower, &program, 0.1))[0];
        assert!(
            (peaks.peak_separation_v().unwrap() - separation_v).abs() < 3e-3,
            "{psi} {peaks:?}"
        );
    }
}

#[test]
fn noise_is_what_separates_a_scan_from_its_truth() {
    for settings in [CyclicSettings::surface(), CyclicSettings::solution()] {
        let noise_a = settings.noise_a;
        let experiment = experiment(settings);
        let scan = experiment.scan(1, 50).unwrap();
        let truth = &scan.truth;
        let squares: f64 = (0..scan.current_a.len())
            .map(|k| scan.current_a[k] - truth.faradaic_a[k] - truth.background_a[k] - truth.transient_a[k])
            .map(|residual| residual * residual)
            .sum();
        let deviation = (squares / scan.current_a.len() as f64).sqrt();
        assert!((0.93..1.07).contains(&(deviation / noise_a)), "{deviation} {noise_a}");
        assert_eq!(truth.cycles.len(), 3);
        for cycle in &truth.cycles {
            let (anodic, cathodic) = (cycle.anodic.unwrap(), cycle.cathodic.unwrap());
            assert!(anodic.height_a > 30.0 * noise_a && cathodic.height_a < -30.0 * noise_a);
            assert!((cycle.half_wave_potential_v().unwrap() - truth.formal_potential_v).abs() < 3e-3);
        }
        assert!(truth.transient_a[0] * experiment.settings().program.direction(0) > 0.0);
        assert!(truth.transient_a[2] != 0.0 && truth.transient_a[3..].iter().all(|current| *current == 0.0));
        assert_eq!((scan.cycle[0], scan.cycle[scan.cycle.len() - 1]), (1, 3));
    }
}

#[test]
fn the_same_seed_gives_the_same_scans_and_drift_takes_signal() {
    let few = experiment(CyclicSettings::surface());
    let many = experiment(CyclicSettings {
        electrodes: 4,
        ..CyclicSettings::surface()
    });
    assert_eq!(few.scan(1, 7).unwrap(), many.scan(1, 7).unwrap());
    let other = experiment(CyclicSettings {
        seed: 2,
        ..CyclicSettings::surface()
    });
    assert_ne!(few.scan(1, 7).unwrap().current_a, other.scan(1, 7).unwrap().current_a);
    let (first, last) = (few.scan(1, 1).unwrap().truth, few.scan(1, 100).unwrap().truth);
    let height_a = |truth: &CyclicTruth| truth.cycles[1].anodic.unwrap().height_a;
    assert!((height_a(&last) / height_a(&first) - last.remaining).abs() < 0.01);
    assert!(last.remaining < 0.8 && last.capacitance_f > 1.2 * first.capacitance_f);
    assert!((last.formal_potential_v - first.formal_potential_v + 0.008).abs() < 1e-9);
}

#[test]
fn scan_rates_are_used_in_turn() {
    let study = |settings: CyclicSettings| {
        experiment(CyclicSettings {
            drift: crate::simulated::drift::Drift::none(),
            files: 4,
            program: CyclicProgram {
                scan_rates_v_s: vec![0.05, 0.2],
                ..settings.program.clone()
            },
            ..settings
        })
    };
    let height_a =
        |run: &CyclicExperiment, index| run.scan(1, index).unwrap().truth.cycles[0].cathodic.unwrap().height_a;
    let (bound, dissolved) = (study(CyclicSettings::surface()), study(CyclicSettings::solution()));
    let rates: Vec<f64> = (1..=4)
        .map(|index| bound.scan(1, index).unwrap().scan_rate_v_s)
        .collect();
    assert_eq!(rates, [0.05, 0.2, 0.05, 0.2]);
    let (linear, root) = (
        height_a(&bound, 2) / height_a(&bound, 1),
        height_a(&dissolved, 2) / height_a(&dissolved, 1),
    );
    assert!((linear - 4.0).abs() < 0.15, "{linear}");
    assert!((root - 2.0).abs() < 0.06, "{root}");
}

#[test]
fn impossible_runs_are_refused_with_a_code() {
    let with = |change: fn(&mut CyclicSettings)| {
        let mut settings = CyclicSettings::surface();
        change(&mut settings);
        CyclicExperiment::new(settings).unwrap_err().code()
    };
    assert_eq!(with(|s| s.electrodes = 17), "electrode_count");
    assert_eq!(with(|s| s.files = 0), "no_files");
    assert_eq!(with(|s| s.program.cycles = 0), "cycle_count");
    assert_eq!(with(|s| s.program.cycles = 1_000_000), "cycle_count");
    assert_eq!(with(|s| s.program.scan_rates_v_s.clear()), "scan_rate_count");
    assert_eq!(with(|s| s.program.scan_rates_v_s.push(f64::NAN)), "scan_rate");
    assert_eq!(with(|s| s.program.step_v = 0.0), "cyclic_program");
    assert_eq!(with(|s| s.program.initial_potential_v = 0.3), "cyclic_program");
    assert_eq!(with(|s| s.program.initial_potential_v = -0.5), "cyclic_program");
    assert_eq!(with(|s| s.program.first_vertex_v = f64::NAN), "cyclic_program");
    assert_eq!(with(|s| s.noise_a = -1.0), "constant");
    let run = experiment(CyclicSettings::surface());
    assert_eq!(run.scan(2, 1).unwrap_err().code(), "unknown_electrode");
    assert_eq!(run.scan(1, 101).unwrap_err().code(), "unknown_index");
}
