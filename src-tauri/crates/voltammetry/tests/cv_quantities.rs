//! What a cyclic voltammogram gives besides its peaks: charge, coverage, hysteresis and probes against their truth.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and print what they compare"
)]

mod evidence;

use evidence::couples::{Couple, CvTruth};
use evidence::synthetic::median;
use voltammetry::cv::{self, CvSettings, FARADAY_C_MOL};

const ELECTRODE_M2: f64 = 2e-6;
/// Probes off the grid of the potentials, on both flanks of the peak and beside it.
const PROBES_V: [f64; 3] = [-0.0213, 0.0507, 0.3011];

/// The current of the couple at a potential, of a sweep in this direction.
fn truth_a(truth: &CvTruth, at_v: f64, direction: f64) -> f64 {
    let u = (at_v - truth.formal_v) / (2.0 * truth.thermal_v());
    let faradaic = truth.height_a / u.cosh().powi(2);
    truth.anodic_sign * (direction * (faradaic + truth.capacitive_a) + truth.slope_a_v * at_v)
}

#[test]
fn charge_coverage_hysteresis_and_probes_of_a_bound_couple() {
    println!(
        "bound couple, 1 uA on 0.3 uA and a slope, 800 mV window | |Q| % | coverage % | hysteresis % | probe, % of the peak (worst)"
    );
    for (step_v, noise, sign) in [
        (0.001, 0.0, 1.0),
        (0.002, 0.0, -1.0),
        (0.005, 0.0, 1.0),
        (0.001, 0.01, 1.0),
        (0.002, 0.01, -1.0),
        (0.005, 0.01, 1.0),
    ] {
        let (mut charge, mut coverage, mut hysteresis, mut probe) = (vec![], vec![], vec![], vec![]);
        for seed in 1..=if noise > 0.0 { 40 } else { 1 } {
            let truth = CvTruth {
                step_v,
                noise_a: noise * 1e-6,
                anodic_sign: sign,
                formal_v: 0.0007,
                seed,
                ..CvTruth::new(Couple::Surface)
            };
            let settings = CvSettings {
                scan_rate_v_s: Some(truth.scan_rate_v_s),
                electrons: truth.electrons,
                area_m2: Some(ELECTRODE_M2),
                probes_v: PROBES_V.to_vec(),
                ..CvSettings::default()
            };
            let found = cv::analyze(&truth.sweep(), None, &settings);
            let whole = truth.surface_charge_c();
            let true_coverage = whole / (FARADAY_C_MOL * ELECTRODE_M2);
            for (result, direction) in found.results.iter().zip([1.0, -1.0]) {
                charge.push(100.0 * (result.charge_c.unwrap().abs() / whole - 1.0).abs());
                coverage.push(100.0 * (result.surface_coverage_mol_m2.unwrap() / true_coverage - 1.0).abs());
                for (probe_at, potential_v) in result.probes.iter().zip(PROBES_V) {
                    let off = probe_at.current_a.unwrap() - truth_a(&truth, potential_v, direction);
                    probe.push(100.0 * (off / truth.height_a).abs());
                }
            }
            // Rising less falling sweep: the double layer and the couple twice, over the window.
            let true_area = 2.0 * (truth.capacitive_a * 0.8 + whole * truth.scan_rate_v_s);
            let area_va = found.pairs[0].hysteresis.unwrap().area_va;
            hysteresis.push(100.0 * (sign * area_va / true_area - 1.0).abs());
        }
        let (charge, coverage, hysteresis) = (median(&mut charge), median(&mut coverage), median(&mut hysteresis));
        let worst_probe = probe.iter().copied().fold(0.0, f64::max);
        println!(
            "{:>3} mV, noise {} %, sign {sign:+} | {charge:.3} | {coverage:.3} | {hysteresis:.3} | {worst_probe:.3}",
            1e3 * step_v,
            100.0 * noise
        );
        let noisy = noise / 0.01;
        assert!(
            charge <= 0.3 + 1.2 * noisy && coverage <= 0.3 + 1.2 * noisy,
            "{charge} {coverage}"
        );
        // The rising sweep's first point and the turn belong to one sweep alone.
        assert!(hysteresis <= 0.7 + 0.2 * noisy, "{hysteresis}");
        // A line between neighbours cuts the curve, by an eighth of step² times its bend; noise at 240 probes reaches 3.5 deviations.
        assert!(worst_probe <= 0.3 + 4.5 * noisy, "{worst_probe}");
    }
}
