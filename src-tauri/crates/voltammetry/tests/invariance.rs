//! How a result must change when the sweep is shifted, scaled, tilted or turned round: exactly as the physics says.
//!
//! Tolerances are relative to the height (currents), to the step (potentials) and to the value itself (the rest). They are
//! those of rounding: the transformed sweep differs from the exact one by rounding of the numbers themselves, which the
//! chord's least-squares fits amplify a little.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and print what they compare"
)]

mod evidence;

use evidence::synthetic::{Shape, Truth};
use proptest::prelude::*;
use voltammetry::Sweep;
use voltammetry::swv::{self, Hampel, Polarity, SavitzkyGolay, SwvAnalysis, SwvMethod, SwvSettings};

/// What is expected of the transformed sweep, in terms of the original's result.
#[derive(Debug, Clone, Copy)]
struct Change {
    /// Potentials become `potential_scale * v + potential_shift_v`.
    potential_scale: f64,
    potential_shift_v: f64,
    /// Currents become `current_scale * a + offset_a + slope_a_v * v`, with the new potential.
    current_scale: f64,
    offset_a: f64,
    slope_a_v: f64,
}

const SAME: Change = Change {
    potential_scale: 1.0,
    potential_shift_v: 0.0,
    current_scale: 1.0,
    offset_a: 0.0,
    slope_a_v: 0.0,
};

impl Change {
    fn apply(&self, sweep: &Sweep) -> Sweep {
        let potential_v: Vec<f64> = sweep
            .potential_v()
            .iter()
            .map(|v| self.potential_scale * v + self.potential_shift_v)
            .collect();
        let current_a = sweep.current_a().iter().zip(&potential_v);
        let current_a = current_a
            .map(|(a, v)| self.current_scale * a + self.offset_a + self.slope_a_v * v)
            .collect();
        Sweep::new(potential_v, current_a).unwrap()
    }

    /// The result that follows from that of the original.
    fn expected(&self, of: &SwvAnalysis) -> SwvAnalysis {
        let (v, a) = (self.potential_scale, self.current_scale);
        let potential_v = of
            .peak_potential_v
            .map(|potential| v * potential + self.potential_shift_v);
        let turned = of.polarity.map(|polarity| match polarity {
            Polarity::Up => Polarity::Down,
            Polarity::Down => Polarity::Up,
        });
        SwvAnalysis {
            polarity: if a < 0.0 { turned } else { of.polarity },
            peak_current_a: of.peak_current_a.map(|current| a * current),
            peak_potential_v: potential_v,
            baseline_current_a: of
                .baseline_current_a
                .zip(potential_v)
                .map(|(current, potential)| a * current + self.offset_a + self.slope_a_v * potential),
            area_va: of.area_va.map(|area| area * a * v),
            fwhm_v: of.fwhm_v.map(|width| width * v),
            ..*of
        }
    }
}

fn close(name: &str, found: Option<f64>, expected: Option<f64>, tolerance: f64) -> Result<(), TestCaseError> {
    match (found, expected) {
        (None, None) => Ok(()),
        (Some(found), Some(expected)) if (found - expected).abs() <= tolerance => Ok(()),
        _ => Err(TestCaseError::fail(format!(
            "{name}: {found:?}, expected {expected:?} within {tolerance:e}"
        ))),
    }
}

/// `rounding`: size of the numbers that were rounded, relative to the height.
fn agree(found: &SwvAnalysis, expected: &SwvAnalysis, step_v: f64, rounding: f64) -> Result<(), TestCaseError> {
    let relative = 1e-9 + 1e-12 * rounding;
    let height = expected.peak_current_a.unwrap_or(0.0).abs();
    let potential = expected.peak_potential_v.unwrap_or(0.0).abs();
    prop_assert_eq!(found.status, expected.status);
    prop_assert_eq!(found.reason, expected.reason);
    prop_assert_eq!(found.polarity, expected.polarity);
    prop_assert_eq!(found.quality, expected.quality);
    prop_assert_eq!(found.filters, expected.filters);
    prop_assert_eq!(
        (found.points, found.ignored_points),
        (expected.points, expected.ignored_points)
    );
    close(
        "height",
        found.peak_current_a,
        expected.peak_current_a,
        relative * height,
    )?;
    close(
        "potential",
        found.peak_potential_v,
        expected.peak_potential_v,
        relative * step_v + 1e-12 * potential,
    )?;
    let slope_rounding = 1e-12 * expected.baseline_current_a.unwrap_or(0.0).abs();
    close(
        "baseline",
        found.baseline_current_a,
        expected.baseline_current_a,
        relative * height + 10.0 * slope_rounding,
    )?;
    close(
        "area",
        found.area_va,
        expected.area_va,
        10.0 * relative * expected.area_va.unwrap_or(0.0).abs(),
    )?;
    close(
        "fwhm",
        found.fwhm_v,
        expected.fwhm_v,
        relative * expected.fwhm_v.unwrap_or(0.0) + 1e-12 * potential,
    )?;
    close(
        "snr",
        found.snr,
        expected.snr,
        100.0 * relative * expected.snr.unwrap_or(0.0),
    )
}

fn sweeps() -> impl Strategy<Value = Truth> {
    (
        prop_oneof![Just(Shape::Gaussian), Just(Shape::Sech2)],
        prop_oneof![Just(1e-3), Just(2e-3), Just(5e-3)],
        -0.45..-0.15f64,
        prop_oneof![1e-9..1e-5f64, -1e-5..-1e-9f64],
        0.06..0.13f64,
        (-3.0..3.0f64, -3.0..3.0f64, -0.3..1.0f64),
        prop_oneof![Just(0.0), 1e-4..0.05f64],
        0..u64::MAX,
    )
        .prop_map(
            |(shape, step_v, potential_v, height_a, fwhm_v, (offset, slope, bend), noise, seed)| Truth {
                shape,
                points: (0.6 / step_v) as usize + 1,
                start_v: -0.6,
                step_v,
                potential_v,
                height_a,
                fwhm_v,
                offset_a: offset * height_a.abs(),
                slope_a_v: slope * height_a.abs(),
                bend_a_v2: bend * height_a,
                // Below this noise decisions hang on rounding, and rounding is what a transformation changes.
                noise_a: height_a.abs() * noise.max(1e-5),
                seed,
            },
        )
}

fn filters() -> impl Strategy<Value = SwvSettings> {
    let hampel = prop_oneof![
        3 => Just(Hampel::Off),
        1 => Just(Hampel::Auto),
        1 => Just(Hampel::Manual { window: 9, threshold: 3.0 })
    ];
    let savgol = prop_oneof![
        3 => Just(SavitzkyGolay::Auto),
        1 => Just(SavitzkyGolay::Off),
        1 => Just(SavitzkyGolay::Manual { window: 13, degree: 3 })
    ];
    (hampel, savgol).prop_map(|(hampel, savgol)| SwvSettings {
        hampel,
        savgol,
        ..SwvSettings::default()
    })
}

fn check(truth: &Truth, settings: &SwvSettings, change: &Change) -> Result<(), TestCaseError> {
    let sweep = truth.sweep();
    let original = swv::analyze(&sweep, settings);
    let changed = swv::analyze(&change.apply(&sweep), settings);
    let height = truth.height_a.abs() * change.current_scale.abs();
    let rounding = (change.offset_a.abs() + change.slope_a_v.abs()) / height;
    agree(
        &changed,
        &change.expected(&original),
        truth.step_v * change.potential_scale,
        rounding,
    )
}

/// The methods with a background that bends or is fitted: their iterations end within a tolerance, not at rounding.
fn fitting_methods() -> impl Strategy<Value = SwvSettings> {
    prop_oneof![
        Just(SwvMethod::Polynomial),
        Just(SwvMethod::Arpls),
        Just(SwvMethod::Gaussian)
    ]
    .prop_map(|method| SwvSettings {
        method,
        ..SwvSettings::default()
    })
}

/// Agreement within a part in 100,000 of height, width and a step, and a part in 1,000 of the area, whose ends may move by a point. Where
/// the background bends and there is next to no noise, the weights of `arpls` may end in more than one place: 2 %.
fn check_fitting(truth: &Truth, settings: &SwvSettings, change: &Change) -> Result<(), TestCaseError> {
    let unsettled = settings.method == SwvMethod::Arpls;
    let (tolerance, of_area) = if unsettled { (0.02, 0.1) } else { (1e-5, 1e-3) };
    let sweep = truth.sweep();
    let original = swv::analyze(&sweep, settings);
    let found = swv::analyze(&change.apply(&sweep), settings);
    let expected = change.expected(&original);
    prop_assert_eq!(
        (found.status, found.reason, found.polarity),
        (expected.status, expected.reason, expected.polarity)
    );
    prop_assert_eq!(found.filters, expected.filters);
    prop_assert_eq!(found.fitted_peaks(), expected.fitted_peaks());
    let relative = |value: Option<f64>| tolerance * value.unwrap_or(0.0).abs();
    let step_v = truth.step_v * change.potential_scale;
    close(
        "height",
        found.peak_current_a,
        expected.peak_current_a,
        relative(expected.peak_current_a),
    )?;
    close(
        "potential",
        found.peak_potential_v,
        expected.peak_potential_v,
        (if unsettled { 1.0 } else { tolerance }) * step_v,
    )?;
    close("fwhm", found.fwhm_v, expected.fwhm_v, relative(expected.fwhm_v))?;
    close(
        "area",
        found.area_va,
        expected.area_va,
        of_area * expected.area_va.unwrap_or(0.0).abs(),
    )
}

fn sacmes_web() -> SwvSettings {
    SwvSettings {
        method: SwvMethod::SacmesWeb,
        ..SwvSettings::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn tangent_shifted_in_potential(truth in sweeps(), settings in filters(), shift in -1.5..1.5f64) {
        check(&truth, &settings, &Change { potential_shift_v: shift, ..SAME })?;
    }

    #[test]
    fn tangent_with_current_scaled_or_turned(truth in sweeps(), settings in filters(), power in -6.0..6.0f64, turned: bool) {
        let current_scale = 10f64.powf(power) * if turned { -1.0 } else { 1.0 };
        check(&truth, &settings, &Change { current_scale, ..SAME })?;
    }

    #[test]
    fn tangent_in_other_units(truth in sweeps(), settings in filters()) {
        check(&truth, &settings, &Change { potential_scale: 1e3, current_scale: 1e6, ..SAME })?;
    }

    #[test]
    fn tangent_on_another_line(truth in sweeps(), settings in filters(), offset in -1e3..1e3f64, slope in -1e3..1e3f64) {
        let height = truth.height_a.abs();
        check(&truth, &settings, &Change { offset_a: offset * height, slope_a_v: slope * height, ..SAME })?;
    }

    #[test]
    fn tangent_recorded_the_other_way_round(truth in sweeps(), settings in filters()) {
        let sweep = truth.sweep();
        let (mut potential_v, mut current_a) = sweep.clone().into_parts();
        potential_v.reverse();
        current_a.reverse();
        let reversed = Sweep::new(potential_v, current_a).unwrap();
        prop_assert_eq!(swv::analyze(&reversed, &settings), swv::analyze(&sweep, &settings));
    }

    #[test]
    fn fitting_methods_shifted_scaled_and_turned(
        truth in sweeps(),
        settings in fitting_methods(),
        shift in -1.0..1.0f64,
        power in -6.0..6.0f64,
        turned: bool,
    ) {
        let current_scale = 10f64.powf(power) * if turned { -1.0 } else { 1.0 };
        check_fitting(&truth, &settings, &Change { potential_shift_v: shift, current_scale, ..SAME })?;
    }

    #[test]
    fn fitting_methods_on_another_line_and_in_other_units(
        truth in sweeps(),
        settings in fitting_methods(),
        offset in -30.0..30.0f64,
        slope in -30.0..30.0f64,
    ) {
        let height = truth.height_a.abs();
        check_fitting(&truth, &settings, &Change { offset_a: offset * height, slope_a_v: slope * height, ..SAME })?;
        check_fitting(&truth, &settings, &Change { potential_scale: 1e3, current_scale: 1e6, ..SAME })?;
    }

    #[test]
    fn fitting_methods_recorded_the_other_way_round(truth in sweeps(), settings in fitting_methods()) {
        let sweep = truth.sweep();
        let (mut potential_v, mut current_a) = sweep.clone().into_parts();
        potential_v.reverse();
        current_a.reverse();
        let reversed = Sweep::new(potential_v, current_a).unwrap();
        prop_assert_eq!(swv::analyze(&reversed, &settings), swv::analyze(&sweep, &settings));
    }

    #[test]
    fn sacmes_recorded_the_other_way_round_changes_the_sign_of_its_area(truth in sweeps()) {
        let settings = SwvSettings { method: SwvMethod::Sacmes, polynomial_degree: 8, ..SwvSettings::default() };
        let sweep = truth.sweep();
        let (mut potential_v, mut current_a) = sweep.clone().into_parts();
        potential_v.reverse();
        current_a.reverse();
        let found = swv::analyze(&Sweep::new(potential_v, current_a).unwrap(), &settings);
        let original = swv::analyze(&sweep, &settings);
        let height = original.peak_current_a.unwrap();
        close("height", found.peak_current_a, original.peak_current_a, 1e-6 * height)?;
        close("area", found.area_va, original.area_va.map(|area| -area), 1e-6 * original.area_va.unwrap().abs())?;
    }

    #[test]
    fn sacmes_web_with_current_scaled(truth in sweeps(), power in -3i32..3) {
        // Its outcome does not depend on the size of positive factors; other than powers of two, they may round a tie
        // between samples to the other side.
        let change = Change { current_scale: 2f64.powi(power), ..SAME };
        check(&truth, &sacmes_web(), &change)?;
    }

    #[test]
    fn sacmes_web_recorded_the_other_way_round(truth in sweeps()) {
        let sweep = truth.sweep();
        let (mut potential_v, mut current_a) = sweep.clone().into_parts();
        potential_v.reverse();
        current_a.reverse();
        let reversed = Sweep::new(potential_v, current_a).unwrap();
        prop_assert_eq!(swv::analyze(&reversed, &sacmes_web()), swv::analyze(&sweep, &sacmes_web()));
    }

    #[test]
    fn sacmes_web_shifted_in_potential(truth in sweeps(), shift in -1.5..1.5f64) {
        // Windows are truncated from a quotient of potentials, which rounding may carry over an integer; fixed ones
        // leave nothing to rounding but the last digits of the slopes.
        let settings = SwvSettings { savgol: SavitzkyGolay::Manual { window: 9, degree: 2 }, ..sacmes_web() };
        let sweep = truth.sweep();
        let change = Change { potential_shift_v: shift, ..SAME };
        let original = swv::analyze(&sweep, &settings);
        let changed = swv::analyze(&change.apply(&sweep), &settings);
        let expected = change.expected(&original);
        prop_assert_eq!(changed.filters, expected.filters);
        close("height", changed.peak_current_a, expected.peak_current_a, 1e-9 * truth.height_a.abs())?;
        close("potential", changed.peak_potential_v, expected.peak_potential_v, 1e-9)?;
        close("fwhm", changed.fwhm_v, expected.fwhm_v, 1e-9)?;
    }

    /// Anything may come out of a file: no panic, and no number that is not one.
    #[test]
    fn anything_at_all_gives_finite_numbers_or_none(
        points in proptest::collection::vec(
            (prop_oneof![any::<f64>(), -1.0..1.0f64, Just(0.25)], prop_oneof![any::<f64>(), -1e-6..1e-6f64, Just(0.0)]),
            0..120,
        ),
        trim_points in 0usize..5,
        method in proptest::sample::select(SwvMethod::ALL.to_vec()),
        zero_volt_truncation: bool,
        quantity in prop_oneof![Just(swv::Quantity::Height), Just(swv::Quantity::Area)],
        filters in filters(),
    ) {
        let (potential_v, current_a) = points.into_iter().unzip();
        let settings = SwvSettings { method, quantity, trim_points, zero_volt_truncation, ..filters };
        let sweep = Sweep::new(potential_v, current_a).unwrap();
        let (found, curves) = swv::analyze_with_curves(&sweep, &settings);
        for value in [
            found.peak_current_a,
            found.peak_potential_v,
            found.baseline_current_a,
            found.area_va,
            found.fwhm_v,
            found.snr,
        ] {
            prop_assert!(value.is_none_or(f64::is_finite), "{:?}", found);
        }
        prop_assert_eq!(curves.raw_a.len(), curves.potential_v.len());
    }
}
