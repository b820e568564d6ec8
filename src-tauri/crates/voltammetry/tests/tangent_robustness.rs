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
use voltammetry::swv::{self, SwvAnalysis, SwvReason, SwvSettings, SwvStatus};

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
fn uneven_steps() {
    let truth = noisy();
    let even = truth.sweep();
    let jittered: Vec<f64> = (0..truth.points)
        .map(|k| 0.4 * truth.step_v * ((k * 37 % 19) as f64 / 9.0 - 1.0))
        .collect();
    let x: Vec<f64> = even
        .potential_v()
        .iter()
        .zip(&jittered)
        .map(|(x, jitter)| x + jitter)
        .collect();
    // The same noise on the value that belongs to the moved potential.
    let clean = Truth { noise_a: 0.0, ..truth };
    let noise: Vec<f64> = even
        .current_a()
        .iter()
        .zip(clean.sweep().current_a())
        .map(|(y, clean)| y - clean)
        .collect();
    let value = |v: f64| {
        let d = v - truth.potential_v;
        truth.offset_a + truth.slope_a_v * d + truth.height_a * truth.shape.value(d / truth.fwhm_v)
    };
    let y: Vec<f64> = x.iter().zip(&noise).map(|(x, noise)| value(*x) + noise).collect();
    let found = analyze(x.clone(), y.clone());
    assert!(error(&found, &truth).abs() < 0.5, "{found:?}");

    // Every fourth point only, on one side of the summit; and a gap in a flank.
    for keep in [
        |k: usize| k > 150 || k.is_multiple_of(4),
        |k: usize| !(120..130).contains(&k),
    ] {
        let pick = |values: &[f64]| {
            (0..values.len())
                .filter(|k| keep(*k))
                .map(|k| values[k])
                .collect::<Vec<f64>>()
        };
        let found = analyze(pick(&x), pick(&y));
        assert!(error(&found, &truth).abs() < 1.0, "{found:?}");
        assert!(
            (found.peak_potential_v.unwrap() - truth.potential_v).abs() < 0.001,
            "{found:?}"
        );
    }
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
