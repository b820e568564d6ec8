//! What the CV methods make of voltammograms whose truth is known.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and print what they compare"
)]

mod evidence;

use evidence::couples::{Couple, CvTruth, PEAK, dimensionless_current};
use voltammetry::cv::{self, CvSettings, MassTransport, PeakKind};

#[test]
fn the_dimensionless_current_is_that_of_nicholson_and_shain() {
    let step = 0.02;
    let up = (0..=1250).map(|k| -12.5 + step * f64::from(k));
    let down = (1..=1250).map(|k| 12.5 - step * f64::from(k));
    let u: Vec<f64> = up.chain(down).collect();
    let chi = dimensionless_current(&u);
    let top = (0..=1250).max_by(|a, b| chi[*a].total_cmp(&chi[*b])).unwrap();
    let bottom = (1251..u.len()).min_by(|a, b| chi[*a].total_cmp(&chi[*b])).unwrap();
    println!(
        "peak {:.5} at {:.3} RT/nF, back {:.5} at {:.3}",
        chi[top], u[top], chi[bottom], u[bottom]
    );
    assert!((chi[top] - PEAK).abs() < 5e-5, "{}", chi[top]);
    assert!((u[top] - 1.109).abs() <= step, "{}", u[top]);
    // Their table I, potentials in mV at 25 °C for n = 1: 120, 60, 0, -60 and -120 mV before and after the half-wave potential.
    for (mv, tabled) in [
        (-120.0, 0.009),
        (-60.0, 0.084),
        (0.0, 0.380),
        (60.0, 0.399),
        (120.0, 0.280),
    ] {
        let at = ((mv / 25.693 + 12.5) / step).round() as usize;
        println!("{mv} mV: {:.4} {tabled}", chi[at]);
        assert!((chi[at] - tabled).abs() < 1.5e-3, "{mv}: {} {tabled}", chi[at]);
    }
}

fn settings(truth: &CvTruth) -> CvSettings {
    CvSettings {
        scan_rate_v_s: Some(truth.scan_rate_v_s),
        mass_transport: match truth.couple {
            Couple::Surface => MassTransport::Surface,
            Couple::Solution => MassTransport::Solution,
        },
        electrons: truth.electrons,
        area_m2: Some(1e-6),
        ..CvSettings::default()
    }
}

#[test]
fn peaks_of_ideal_couples_on_the_current_of_a_double_layer() {
    for (couple, height, separation_v) in [(Couple::Surface, 0.002, 0.0), (Couple::Solution, 0.02, 0.0568)] {
        let truth = CvTruth::new(couple);
        let found = cv::analyze(&truth.sweep(), None, &settings(&truth));
        assert_eq!(found.results.len(), 2);
        for (result, kind) in found.results.iter().zip([PeakKind::Anodic, PeakKind::Cathodic]) {
            assert_eq!((result.kind, result.reason), (Some(kind), None), "{couple:?}");
            let error = result.peak_current_a.unwrap().abs() / truth.height_a - 1.0;
            assert!(error.abs() < height, "{couple:?} {kind:?}: {error}");
        }
        let pair = &found.pairs[0];
        assert!(
            (pair.peak_separation_v.unwrap() - separation_v).abs() < 5e-4,
            "{pair:?}"
        );
        assert!((pair.half_wave_potential_v.unwrap() - truth.formal_v).abs() < 5e-4);
    }
}
