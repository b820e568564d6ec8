//! What must not change a CV analysis, and what must change it in proportion.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and print what they compare"
)]

mod evidence;

use evidence::couples::{Couple, CvTruth};
use proptest::prelude::*;
use voltammetry::Sweep;
use voltammetry::cv::{
    self, ConventionChoice, CvAnalysis, CvMethod, CvSegmentResult, CvSettings, MassTransport, SignConvention,
};

fn settings(couple: Couple) -> CvSettings {
    CvSettings {
        scan_rate_v_s: Some(0.1),
        mass_transport: match couple {
            Couple::Surface => MassTransport::Surface,
            Couple::Solution => MassTransport::Solution,
        },
        area_m2: Some(1e-6),
        probes_v: vec![0.05, -0.1],
        ..CvSettings::default()
    }
}

fn truth(couple: Couple) -> CvTruth {
    CvTruth {
        step_v: 0.004,
        noise_a: 5e-9,
        formal_v: 0.013,
        ..CvTruth::new(couple)
    }
}

fn mapped(sweep: &Sweep, map: impl Fn(f64, f64) -> (f64, f64)) -> Sweep {
    let points = sweep.potential_v().iter().zip(sweep.current_a());
    let (v, i) = points.map(|(v, i)| map(*v, *i)).unzip();
    Sweep::new(v, i).unwrap()
}

fn close(found: Option<f64>, expected: Option<f64>, tolerance: f64) {
    let (Some(found), Some(expected)) = (found, expected) else {
        panic!("{found:?} {expected:?}");
    };
    assert!((found - expected).abs() <= tolerance, "{found} {expected}");
}

/// Compares two analyses; the second one's potentials were scaled and shifted, its currents scaled.
fn compare(one: &CvAnalysis, other: &CvAnalysis, (volt, shift_v): (f64, f64), ampere: f64) {
    assert_eq!(one.results.len(), 2);
    assert_eq!(one.results.len(), other.results.len());
    let (dv, di) = (1e-6 * volt.abs(), 1e-6 * ampere.abs() * 1e-6);
    for (a, b) in one.results.iter().zip(&other.results) {
        let potential = |pick: fn(&CvSegmentResult) -> Option<f64>| pick(a).map(|v| volt * v + shift_v);
        close(b.peak_current_a, a.peak_current_a.map(|i| ampere * i), di);
        close(b.peak_potential_v, potential(|r| r.peak_potential_v), dv);
        close(b.half_peak_potential_v, potential(|r| r.half_peak_potential_v), dv);
        close(b.peak_width_v, a.peak_width_v.map(|w| volt * w), dv);
        close(
            b.charge_c,
            a.charge_c.map(|q| volt * ampere * q),
            1e-5 * volt * di / 1e-6,
        );
        assert_eq!((a.status, a.reason, a.points), (b.status, b.reason, b.points));
    }
    let (a, b) = (&one.pairs[0], &other.pairs[0]);
    close(b.peak_separation_v, a.peak_separation_v.map(|v| volt * v), dv);
    close(
        b.half_wave_potential_v,
        a.half_wave_potential_v.map(|v| volt * v + shift_v),
        dv,
    );
}

#[test]
fn the_sign_convention_turns_signs_and_nothing_else() {
    for couple in [Couple::Surface, Couple::Solution] {
        let sweep = truth(couple).sweep();
        let settings = settings(couple);
        let one = cv::analyze(&sweep, None, &settings);
        let other = cv::analyze(&mapped(&sweep, |v, i| (v, -i)), None, &settings);
        assert_eq!(one.convention, Some(SignConvention::AnodicPositive));
        assert_eq!(other.convention, Some(SignConvention::CathodicPositive));
        compare(&one, &other, (1.0, 0.0), -1.0);
        let kinds = |analysis: &CvAnalysis| analysis.results.iter().map(|r| r.kind).collect::<Vec<_>>();
        assert_eq!(kinds(&one), kinds(&other));
        close(other.pairs[0].peak_ratio, one.pairs[0].peak_ratio, 1e-9);
        // What the user sets is not overruled, and names the peaks that follow from it.
        let set = CvSettings {
            convention: ConventionChoice::CathodicPositive,
            ..settings
        };
        let wrong = cv::analyze(&sweep, None, &set);
        assert_eq!(wrong.convention, Some(SignConvention::CathodicPositive));
        assert!(
            wrong
                .results
                .iter()
                .all(|result| result.kind != one.results[0].kind || result.peak_current_a.is_none())
        );
    }
}

#[test]
fn curves_do_not_change_the_result_and_have_one_value_for_each_point() {
    for couple in [Couple::Surface, Couple::Solution] {
        for method in [CvMethod::Tangent, CvMethod::SacmesWeb] {
            let sweep = truth(couple).sweep();
            let settings = CvSettings {
                method,
                ..settings(couple)
            };
            let (found, curves) = cv::analyze_with_curves(&sweep, None, &settings);
            assert_eq!(found, cv::analyze(&sweep, None, &settings));
            assert_eq!(curves.len(), 2);
            for (drawn, result) in curves.iter().zip(&found.results) {
                let n = drawn.potential_v.len();
                assert_eq!((n, drawn.raw_a.len(), drawn.smoothed_a.len()), (result.points, n, n));
                assert_eq!(drawn.baseline_a.len(), n);
                assert_eq!(
                    drawn.potential_v[0] < drawn.potential_v[n - 1],
                    result.sweep.sign() > 0.0
                );
            }
        }
    }
}

#[test]
fn probes_are_read_from_the_segments_themselves() {
    // Starts in the middle: halves of the file are not sweeps.
    let truth = CvTruth {
        vertices_v: vec![0.2, 0.4, -0.4, 0.2],
        noise_a: 0.0,
        ..truth(Couple::Surface)
    };
    let found = cv::analyze(&truth.sweep(), None, &settings(Couple::Surface));
    let at = |segment: usize, probe: usize| found.results[segment].probes[probe].current_a;
    assert_eq!((at(0, 0), at(0, 1)), (None, None));
    let expected = |v: f64, direction: f64| {
        let u = (v - truth.formal_v) / (2.0 * truth.thermal_v());
        direction * (truth.height_a / u.cosh().powi(2) + truth.capacitive_a) + truth.slope_a_v * v
    };
    for (probe, v) in [(0, 0.05), (1, -0.1)] {
        close(at(1, probe), Some(expected(v, -1.0)), 2e-9);
        close(at(2, probe), Some(expected(v, 1.0)), 2e-9);
    }
    // The first sweep missed the couple: the pair is that of the whole sweeps.
    let pair = &found.pairs[0];
    assert_eq!((pair.forward_segment, pair.reverse_segment), (3, 2));
    close(pair.half_wave_potential_v, Some(truth.formal_v), 2e-5);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn scale_shift_units_and_a_sloping_background(
        surface in any::<bool>(),
        volt in prop_oneof![Just(1.0), Just(1e3)],
        shift_v in -1.0..1.0f64,
        ampere in prop_oneof![Just(1e6), Just(1e-3), 0.1..10.0f64],
        slope in -3e-6..3e-6f64,
        offset in -3e-6..3e-6f64,
    ) {
        let couple = if surface { Couple::Surface } else { Couple::Solution };
        let sweep = truth(couple).sweep();
        let settings = settings(couple);
        let one = cv::analyze(&sweep, None, &settings);
        let moved = mapped(&sweep, |v, i| (volt * v + shift_v, ampere * (i + offset + slope * v)));
        let other = cv::analyze(&moved, None, &settings);
        compare(&one, &other, (volt, shift_v), ampere);
    }

    #[test]
    fn anything_gives_finite_numbers_or_a_reason(
        points in proptest::collection::vec(
            (prop_oneof![8 => -1.0..1.0f64, 1 => Just(f64::NAN), 1 => Just(1e300)],
             prop_oneof![8 => -1e-5..1e-5f64, 1 => Just(f64::INFINITY), 1 => Just(-1e308)]),
            0..150),
        ordered in any::<bool>(),
        surface in any::<bool>(),
        web in any::<bool>(),
        cycles in any::<bool>(),
    ) {
        let (mut v, i): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
        if ordered {
            v.sort_by(f64::total_cmp);
        }
        let numbers: Vec<u32> = (0..v.len() as u32).collect();
        let sweep = Sweep::new(v, i).unwrap();
        let settings = CvSettings {
            method: if web { CvMethod::SacmesWeb } else { CvMethod::Tangent },
            ..settings(if surface { Couple::Surface } else { Couple::Solution })
        };
        let found = cv::analyze(&sweep, cycles.then_some(&numbers), &settings);
        prop_assert!(found.results.is_empty() == found.reason.is_some());
        for result in &found.results {
            let numbers = [result.peak_current_a, result.peak_potential_v, result.baseline_current_a, result.charge_c,
                result.area_va, result.peak_width_v, result.half_peak_potential_v, result.snr, result.surface_coverage_mol_m2];
            prop_assert!(numbers.into_iter().flatten().all(f64::is_finite), "{result:?}");
            prop_assert!(result.peak_current_a.is_some() || result.reason.is_some());
            prop_assert!(result.probes.iter().filter_map(|probe| probe.current_a).all(f64::is_finite));
        }
        for pair in &found.pairs {
            let numbers = [pair.peak_separation_v, pair.half_wave_potential_v, pair.peak_ratio, pair.nicholson_ratio,
                pair.hysteresis.map(|h| h.area_va), pair.hysteresis.map(|h| h.largest_difference_a)];
            prop_assert!(numbers.into_iter().flatten().all(f64::is_finite), "{pair:?}");
            prop_assert!(pair.peak_separation_v.is_some() || pair.reason.is_some());
        }
    }
}
