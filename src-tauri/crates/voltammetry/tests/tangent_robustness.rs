//! What `tangent` must not be disturbed by.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and print what they compare"
)]

mod evidence;

use evidence::synthetic::{Shape, Truth};
use voltammetry::Sweep;
use voltammetry::swv::{self, Hampel, PolarityChoice, SavitzkyGolay, SwvAnalysis, SwvReason, SwvSettings, SwvStatus};

fn analyze(potential_v: Vec<f64>, current_a: Vec<f64>) -> SwvAnalysis {
    swv::analyze(&Sweep::new(potential_v, current_a).unwrap(), &SwvSettings::default())
}

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
fn single_and_double_bad_points_anywhere() {
    let truth = noisy();
    let (x, y) = truth.sweep().into_parts();
    let summit = x.iter().position(|v| *v >= truth.potential_v).unwrap();
    for at in [4, 40, summit - 25, summit - 2, summit, summit + 1, summit + 40, 290] {
        for size in [0.2, 3.0, 100.0] {
            for sign in [1.0, -1.0] {
                for neighbours in 1..=2 {
                    let mut bad = y.clone();
                    for current in &mut bad[at..at + neighbours] {
                        *current += sign * size * truth.height_a;
                    }
                    let found = analyze(x.clone(), bad);
                    assert!(
                        error(&found, &truth).abs() < 1.0,
                        "at {at} size {size} x{neighbours}: {found:?}"
                    );
                    assert_eq!(found.reason, Some(SwvReason::OutliersIgnored), "at {at} size {size}");
                    assert_eq!(found.status, SwvStatus::Warning);
                    // The lesser of two on a steep flank may pass for part of the flank.
                    assert!(
                        (1..=neighbours).contains(&found.ignored_points),
                        "at {at} size {size}: {found:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn transients_at_either_end() {
    let truth = noisy();
    let (x, y) = truth.sweep().into_parts();
    let clean = analyze(x.clone(), y.clone());
    for points in 1..=3 {
        for end in [false, true] {
            for size in [-4.0, -0.3, 0.3, 4.0] {
                let mut bad = y.clone();
                for k in 0..points {
                    let at = if end { bad.len() - 1 - k } else { k };
                    bad[at] += size * truth.height_a * 0.3f64.powf(k as f64);
                }
                let found = analyze(x.clone(), bad);
                assert!(
                    error(&found, &truth).abs() < 0.6,
                    "{points} points, size {size}: {found:?}"
                );
                assert_eq!(found.status, SwvStatus::Ok, "a transient is no reservation");
                assert!(found.ignored_points >= 1);
            }
        }
    }
    assert_eq!(clean.ignored_points, 0);
}

#[test]
fn a_background_that_rises_exponentially_towards_one_end() {
    for shape in [Shape::Gaussian, Shape::Sech2] {
        for (direction, sign) in [(1.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)] {
            let truth = Truth {
                shape,
                height_a: sign * 5e-7,
                noise_a: 1e-9,
                ..Truth::default()
            };
            let (x, mut y) = truth.sweep().into_parts();
            for (x, y) in x.iter().zip(&mut y) {
                // Twice the height at the end of the sweep, 5 % of it under the peak.
                *y += sign * 1e-6 * (direction * (x - truth.potential_v) / 0.08 - 0.3 / 0.08).exp();
            }
            let found = analyze(x, y);
            assert!(
                error(&found, &truth).abs() < 10.0,
                "{shape:?} {direction} {sign}: {found:?}"
            );
            assert!((found.peak_potential_v.unwrap() - truth.potential_v).abs() < 0.004);
        }
    }
}

#[test]
fn a_peak_near_an_end_is_measured_and_a_cut_off_one_is_not() {
    for shape in [Shape::Gaussian, Shape::Sech2] {
        for (from_end, limit) in [(2.0, 1.5), (1.5, 3.0), (1.2, 6.0), (1.0, 10.0)] {
            for end in [false, true] {
                let distance = from_end * 0.09;
                let potential_v = if end { -distance } else { -0.6 + distance };
                let truth = Truth {
                    shape,
                    potential_v,
                    ..noisy()
                };
                let found = swv::analyze(&truth.sweep(), &SwvSettings::default());
                assert!(
                    error(&found, &truth).abs() < limit,
                    "{shape:?} {from_end} widths: {found:?}"
                );
            }
        }
        for from_end in [0.6, 0.4, 0.2, 0.0, -0.3] {
            let truth = Truth {
                shape,
                potential_v: -0.6 + from_end * 0.09,
                ..noisy()
            };
            let found = swv::analyze(&truth.sweep(), &SwvSettings::default());
            assert_eq!(found.peak_current_a, None, "{shape:?} {from_end} widths: {found:?}");
            assert!(matches!(found.reason, Some(SwvReason::PeakAtEdge | SwvReason::NoPeak)));
        }
        let half_a_peak = Truth {
            shape,
            potential_v: -0.6 + 0.6 * 0.09,
            ..noisy()
        };
        let found = swv::analyze(&half_a_peak.sweep(), &SwvSettings::default());
        assert_eq!(found.reason, Some(SwvReason::PeakAtEdge));
    }
}

#[test]
fn any_order_and_repeated_potentials() {
    let truth = noisy();
    let (x, y) = truth.sweep().into_parts();
    let reference = analyze(x.clone(), y.clone());
    assert_eq!((reference.status, reference.reason), (SwvStatus::Ok, None));

    let shuffled: Vec<usize> = (0..x.len()).map(|k| k * 101 % x.len()).collect();
    let pick = |values: &[f64], order: &[usize]| order.iter().map(|k| values[*k]).collect::<Vec<f64>>();
    assert_eq!(analyze(pick(&x, &shuffled), pick(&y, &shuffled)), reference);

    let twice: Vec<usize> = (0..x.len()).chain((0..x.len()).rev()).collect();
    let found = analyze(pick(&x, &twice), pick(&y, &twice));
    assert_eq!(
        found,
        SwvAnalysis {
            status: found.status,
            reason: found.reason,
            quality: found.quality,
            ..reference
        }
    );
    assert_eq!(
        (found.status, found.reason),
        (SwvStatus::Warning, Some(SwvReason::RepeatedPotentials))
    );
}

#[test]
fn values_that_are_not_finite_are_left_out_and_said_so() {
    let truth = noisy();
    let (mut x, mut y) = truth.sweep().into_parts();
    y[10] = f64::NAN;
    y[150] = f64::INFINITY;
    x[200] = f64::NEG_INFINITY;
    let found = analyze(x, y);
    assert!(error(&found, &truth).abs() < 1.0, "{found:?}");
    assert_eq!(
        (found.status, found.reason),
        (SwvStatus::Warning, Some(SwvReason::NonFinitePoints))
    );
    assert_eq!((found.points, found.ignored_points), (298, 3));
}

#[test]
fn sweeps_that_cannot_be_used() {
    let reason = |x: &[f64], y: &[f64]| {
        let found = analyze(x.to_vec(), y.to_vec());
        assert_eq!(found.status, SwvStatus::Failed);
        found.reason.unwrap()
    };
    assert_eq!(reason(&[], &[]), SwvReason::NoPoints);
    assert_eq!(reason(&[0.1, 0.2], &[1e-6, 2e-6]), SwvReason::TooFewPoints);
    assert_eq!(reason(&[0.1; 50], &[1e-6; 50]), SwvReason::TooFewPoints);
    assert_eq!(reason(&[f64::NAN; 50], &[1e-6; 50]), SwvReason::NoFinitePoints);
    let settings = SwvSettings {
        range_v: Some((1.0, 2.0)),
        ..SwvSettings::default()
    };
    let found = swv::analyze(&Truth::default().sweep(), &settings);
    assert_eq!(
        (found.status, found.reason),
        (SwvStatus::Failed, Some(SwvReason::NoPointsInRange))
    );
}

#[test]
fn from_fifteen_points_to_five_thousand() {
    for (points, width_points, limit) in [(15, 4.0, 6.0), (21, 5.0, 3.0), (60, 9.0, 1.5), (5000, 700.0, 0.5)] {
        let step_v = 0.6 / (points - 1) as f64;
        for offset in [-0.4, 0.0, 0.3] {
            let truth = Truth {
                points,
                step_v,
                potential_v: -0.3 + offset * step_v,
                fwhm_v: width_points * step_v,
                noise_a: 5e-10,
                ..Truth::default()
            };
            let found = swv::analyze(&truth.sweep(), &SwvSettings::default());
            assert!(
                error(&found, &truth).abs() < limit,
                "{points} points, offset {offset}: {found:?}"
            );
        }
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
