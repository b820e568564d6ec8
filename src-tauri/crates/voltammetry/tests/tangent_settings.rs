//! What the settings of `tangent` do.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and print what they compare"
)]

mod evidence;

use evidence::synthetic::Truth;
use voltammetry::Sweep;
use voltammetry::swv::{self, Hampel, PolarityChoice, SavitzkyGolay, SwvAnalysis, SwvSettings};

/// Height error in %.
fn error(found: &SwvAnalysis, truth: &Truth) -> f64 {
    100.0 * (found.peak_current_a.unwrap_or(f64::NAN) / truth.height_a - 1.0)
}

fn noisy() -> Truth {
    Truth {
        noise_a: 2.5e-9,
        ..Truth::default()
    }
}

#[test]
fn polarity_follows_the_greater_height_not_the_greater_current() {
    // The case that the compatible method reads as a small valley: an upward peak on a large negative background.
    let truth = Truth {
        offset_a: -2e-6,
        ..noisy()
    };
    let found = swv::analyze(&truth.sweep(), &SwvSettings::default());
    assert!(error(&found, &truth).abs() < 1.0);

    let both = |up: f64, down: f64, polarity| {
        let (x, mut y) = Truth {
            height_a: up,
            potential_v: -0.42,
            points: 401,
            ..noisy()
        }
        .sweep()
        .into_parts();
        let other = Truth {
            height_a: down,
            potential_v: -0.02,
            points: 401,
            offset_a: 0.0,
            slope_a_v: 0.0,
            ..noisy()
        };
        for (y, z) in y.iter_mut().zip(other.sweep().current_a()) {
            *y += z;
        }
        let settings = SwvSettings {
            polarity,
            ..SwvSettings::default()
        };
        swv::analyze(&Sweep::new(x, y).unwrap(), &settings)
            .peak_current_a
            .unwrap()
    };
    assert!((both(5e-7, -3e-7, PolarityChoice::Auto) / 5e-7 - 1.0).abs() < 0.03);
    assert!((both(3e-7, -5e-7, PolarityChoice::Auto) / -5e-7 - 1.0).abs() < 0.03);
    assert!((both(3e-7, -5e-7, PolarityChoice::Up) / 3e-7 - 1.0).abs() < 0.03);
    assert!((both(5e-7, -3e-7, PolarityChoice::Down) / -3e-7 - 1.0).abs() < 0.03);
}

#[test]
fn every_filter_setting_gives_the_peak() {
    let truth = noisy();
    for hampel in [
        Hampel::Off,
        Hampel::Auto,
        Hampel::Manual {
            window: 6,
            threshold: 3.5,
        },
    ] {
        for savgol in [
            SavitzkyGolay::Off,
            SavitzkyGolay::Auto,
            SavitzkyGolay::Manual { window: 11, degree: 3 },
        ] {
            let settings = SwvSettings {
                hampel,
                savgol,
                ..SwvSettings::default()
            };
            let (found, curves) = swv::analyze_with_curves(&truth.sweep(), &settings);
            assert!(error(&found, &truth).abs() < 2.0, "{hampel:?} {savgol:?}: {found:?}");
            assert_eq!(found, swv::analyze(&truth.sweep(), &settings));
            assert_eq!(found.filters.hampel_window.is_some(), hampel != Hampel::Off);
            assert_eq!(found.filters.savgol_window.is_some(), savgol != SavitzkyGolay::Off);
            let lengths = [&curves.raw_a, &curves.smoothed_a, &curves.baseline_a].map(Vec::len);
            assert_eq!(lengths, [curves.potential_v.len(); 3]);
            let (left, right) = (curves.baseline_left.unwrap(), curves.baseline_right.unwrap());
            assert!(left.0 < found.peak_potential_v.unwrap() && found.peak_potential_v.unwrap() < right.0);
        }
    }
}

#[test]
fn a_range_and_trimmed_ends_select_what_is_analysed() {
    let truth = Truth {
        potential_v: -0.15,
        points: 401,
        ..noisy()
    };
    let (x, mut y) = truth.sweep().into_parts();
    let far = Truth {
        height_a: 2e-6,
        potential_v: -0.5,
        fwhm_v: 0.05,
        offset_a: 0.0,
        slope_a_v: 0.0,
        points: 401,
        ..Truth::default()
    };
    for (y, z) in y.iter_mut().zip(far.sweep().current_a()) {
        *y += z;
    }
    let sweep = Sweep::new(x, y).unwrap();
    let with = |settings| swv::analyze(&sweep, &settings).peak_current_a.unwrap();
    let whole = SwvSettings::default();
    assert!((with(whole) / 2e-6 - 1.0).abs() < 0.02);
    assert!(
        (with(SwvSettings {
            range_v: Some((0.2, -0.38)),
            ..whole
        }) / 5e-7
            - 1.0)
            .abs()
            < 0.02
    );
    assert!(
        (with(SwvSettings {
            trim_points: 100,
            ..whole
        }) / 5e-7
            - 1.0)
            .abs()
            < 0.02
    );
}
