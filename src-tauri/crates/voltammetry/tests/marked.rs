//! Points marked by hand: what they give, and how that changes with the sweep.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod evidence;

use evidence::synthetic::{Shape, Truth};
use proptest::prelude::*;
use voltammetry::Sweep;
use voltammetry::swv::{self, MarkedPoints, Polarity, SavitzkyGolay, SwvMethod, SwvReason, SwvSettings, SwvStatus};

fn unsmoothed() -> SwvSettings {
    SwvSettings {
        savgol: SavitzkyGolay::Off,
        ..SwvSettings::default()
    }
}

fn marks(peak: Option<f64>, baseline: Option<(f64, f64)>) -> MarkedPoints {
    MarkedPoints {
        peak_potential_v: peak,
        baseline_v: baseline,
    }
}

fn is_near(found: Option<f64>, wanted: f64, within: f64) -> bool {
    found.is_some_and(|found| (found - wanted).abs() <= within)
}

/// A triangle of height 4 µA on a sloping line, 0.0 to 1.0 V in 101 points, its summit at 0.5 V and its feet at 0.3 and 0.7 V.
fn triangle() -> Sweep {
    let potential_v: Vec<f64> = (0..=100).map(|k| f64::from(k) / 100.0).collect();
    let current_a = potential_v
        .iter()
        .map(|v| 1e-6 * (2.0 + 3.0 * v + 4.0 * (1.0 - (v - 0.5f64).abs() / 0.2).max(0.0)))
        .collect();
    Sweep::new(potential_v, current_a).unwrap()
}

#[test]
fn ends_and_peak_give_the_numbers_of_the_triangle_between_them() {
    let found = swv::analyze_marked(&triangle(), &unsmoothed(), &marks(Some(0.5), Some((0.7, 0.3))));
    assert_eq!(
        (found.status, found.reason, found.polarity),
        (SwvStatus::Ok, None, Some(Polarity::Up))
    );
    assert!(is_near(found.peak_current_a, 4e-6, 1e-18), "{found:?}");
    assert!(is_near(found.peak_potential_v, 0.5, 1e-12));
    assert!(is_near(found.baseline_current_a, 3.5e-6, 1e-18));
    assert!(is_near(found.area_va, 0.5 * 0.4 * 4e-6, 1e-17));
    assert!(is_near(found.fwhm_v, 0.2, 1e-9));
}

#[test]
fn a_peak_that_is_marked_beside_the_summit_has_the_height_of_that_point() {
    let found = swv::analyze_marked(&triangle(), &unsmoothed(), &marks(Some(0.452), Some((0.3, 0.7))));
    // The nearest point is at 0.45 V, a quarter down the flank.
    assert!(is_near(found.peak_potential_v, 0.45, 1e-12), "{found:?}");
    assert!(is_near(found.peak_current_a, 3e-6, 1e-18));
}

#[test]
fn range_and_trim_of_the_settings_leave_out_no_marked_point() {
    let narrow = SwvSettings {
        range_v: Some((0.4, 0.6)),
        trim_points: 20,
        ..unsmoothed()
    };
    let points = marks(Some(0.5), Some((0.3, 0.7)));
    assert_eq!(
        swv::analyze_marked(&triangle(), &narrow, &points),
        swv::analyze_marked(&triangle(), &unsmoothed(), &points)
    );
}

#[test]
fn what_gives_no_peak_says_why() {
    let reason = |points| swv::analyze_marked(&triangle(), &unsmoothed(), &points).reason;
    assert_eq!(
        reason(marks(None, Some((0.3, 0.301)))),
        Some(SwvReason::MarkedEndsTogether)
    );
    assert_eq!(
        reason(marks(Some(0.3), Some((0.3, 0.7)))),
        Some(SwvReason::PeakOnBaseline)
    );
    assert_eq!(
        reason(marks(Some(0.5), Some((0.0, 0.2)))),
        Some(SwvReason::MarkedPeakOutside)
    );
    let line: Vec<f64> = (0..=100).map(|k| f64::from(k) / 100.0).collect();
    let line = Sweep::new(line.clone(), line).unwrap();
    let peak = swv::analyze_marked(&line, &unsmoothed(), &marks(Some(0.5), None));
    assert_eq!(peak.reason, Some(SwvReason::MarkedWithoutBaseline));
    assert!(peak.peak_current_a.is_none() && peak.area_va.is_none());
}

#[test]
fn nothing_marked_is_what_the_method_finds() {
    let sweep = Truth::default().sweep();
    for method in SwvMethod::ALL {
        let settings = SwvSettings {
            method,
            ..SwvSettings::default()
        };
        let none = MarkedPoints::default();
        assert_eq!(
            swv::analyze_marked(&sweep, &settings, &none),
            swv::analyze(&sweep, &settings)
        );
    }
}

#[test]
fn a_marked_peak_stands_on_the_baseline_of_every_method() {
    let truth = Truth::default();
    for method in SwvMethod::ALL {
        let settings = SwvSettings {
            method,
            ..SwvSettings::default()
        };
        let (found, curves) =
            swv::analyze_marked_with_curves(&truth.sweep(), &settings, &marks(Some(truth.potential_v), None));
        // The baselines of the compatible methods cut a part of the peak off, or add one; what stands on them is the sweep.
        let top = found.peak_current_a.unwrap() + found.baseline_current_a.unwrap();
        assert!(
            is_near(Some(top), truth.offset_a + truth.height_a, 0.01 * truth.height_a),
            "{method:?}: {found:?}"
        );
        assert_eq!(curves.baseline_a.len(), curves.potential_v.len());
    }
}

fn sweeps() -> impl Strategy<Value = Truth> {
    (
        prop_oneof![Just(Shape::Gaussian), Just(Shape::Sech2)],
        -0.4..-0.2f64,
        prop_oneof![1e-8..1e-5f64, -1e-5..-1e-8f64],
        0.07..0.11f64,
        (-2.0..2.0f64, -2.0..2.0f64),
        1e-4..0.02f64,
        0..u64::MAX,
    )
        .prop_map(
            |(shape, potential_v, height_a, fwhm_v, (offset, slope), noise, seed)| Truth {
                shape,
                potential_v,
                height_a,
                fwhm_v,
                offset_a: offset * height_a.abs(),
                slope_a_v: slope * height_a.abs(),
                noise_a: noise * height_a.abs(),
                seed,
                ..Truth::default()
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Marked where `tangent` has its feet, the baseline gives what `tangent` found, but for the noise of single points.
    #[test]
    fn marks_at_the_feet_of_tangent_give_its_height(truth in sweeps()) {
        let sweep = truth.sweep();
        let (automatic, curves) = swv::analyze_with_curves(&sweep, &SwvSettings::default());
        if let (Some(left), Some(right)) = (curves.baseline_left, curves.baseline_right) {
            let points = marks(None, Some((left.0, right.0)));
            let found = swv::analyze_marked(&sweep, &SwvSettings::default(), &points);
            let height = truth.height_a.abs();
            let within = 0.01 * height + 3.0 * truth.noise_a;
            prop_assert!(is_near(found.peak_current_a, automatic.peak_current_a.unwrap(), within), "{found:?} {automatic:?}");
            prop_assert_eq!(found.polarity, automatic.polarity);
            prop_assert!(is_near(found.peak_potential_v, automatic.peak_potential_v.unwrap(), 0.01));
        }
    }

    /// Shifted, scaled, tilted and turned round, with the marks in the same places.
    #[test]
    fn the_result_changes_with_the_sweep_as_it_should(
        truth in sweeps(),
        shift in -1.0..1.0f64,
        scale in prop_oneof![0.1..10.0f64, -10.0..-0.1f64],
        slope in -1.0..1.0f64,
        has_peak in any::<bool>(),
        turned in any::<bool>(),
    ) {
        let sweep = truth.sweep();
        let ends = (truth.potential_v - 0.1311, truth.potential_v + 0.1207);
        let peak = has_peak.then_some(truth.potential_v + 0.0007);
        let settings = SwvSettings::default();
        let before = swv::analyze_marked(&sweep, &settings, &marks(peak, Some(ends)));
        let slope = slope * truth.height_a.abs();
        let mut potential_v: Vec<f64> = sweep.potential_v().iter().map(|v| v + shift).collect();
        let mut current_a: Vec<f64> =
            sweep.current_a().iter().zip(&potential_v).map(|(a, v)| scale * a + slope * v).collect();
        if turned {
            potential_v.reverse();
            current_a.reverse();
        }
        let moved = marks(peak.map(|v| v + shift), Some((ends.0 + shift, ends.1 + shift)));
        let after = swv::analyze_marked(&Sweep::new(potential_v, current_a).unwrap(), &settings, &moved);
        let height = (scale * truth.height_a).abs();
        prop_assert_eq!((after.status, after.reason, after.quality), (before.status, before.reason, before.quality));
        prop_assert!(is_near(after.peak_current_a, scale * before.peak_current_a.unwrap(), 1e-8 * height));
        prop_assert!(is_near(after.peak_potential_v, before.peak_potential_v.unwrap() + shift, 1e-7));
        prop_assert!(is_near(after.area_va, scale * before.area_va.unwrap(), 1e-8 * height));
        prop_assert_eq!(after.fwhm_v.is_some(), before.fwhm_v.is_some());
    }

    /// A mark between two points is one at the nearer of them.
    #[test]
    fn a_mark_means_the_nearest_point(truth in sweeps(), aside in -0.4..0.4f64) {
        let sweep = truth.sweep();
        let at = |k: usize| sweep.potential_v()[k];
        let exact = marks(Some(at(150)), Some((at(80), at(220))));
        let beside = aside * truth.step_v;
        let aside = marks(Some(at(150) + beside), Some((at(80) - beside, at(220) + beside)));
        let settings = SwvSettings::default();
        prop_assert_eq!(swv::analyze_marked(&sweep, &settings, &exact), swv::analyze_marked(&sweep, &settings, &aside));
    }

    /// Whatever was recorded and marked: a number or a reason, and never a panic.
    #[test]
    fn there_is_a_number_or_a_reason(
        points in proptest::collection::vec((prop_oneof![Just(f64::NAN), -2.0..2.0f64, Just(1e300)], prop_oneof![Just(f64::INFINITY), -1e-3..1e-3f64, Just(0.0)]), 0..60),
        peak in proptest::option::of(-3.0..3.0f64),
        baseline in proptest::option::of((-3.0..3.0f64, -3.0..3.0f64)),
        method in 0usize..6,
    ) {
        let (potential_v, current_a): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
        let sweep = Sweep::new(potential_v, current_a).unwrap();
        let settings = SwvSettings { method: SwvMethod::ALL[method], ..SwvSettings::default() };
        let (found, curves) = swv::analyze_marked_with_curves(&sweep, &settings, &marks(peak, baseline));
        prop_assert_eq!(found.reason.is_none(), found.status == SwvStatus::Ok);
        prop_assert!(found.peak_current_a.is_some() || found.reason.is_some());
        prop_assert!(curves.baseline_a.is_empty() || curves.baseline_a.len() == curves.potential_v.len());
    }
}
