//! Drift correction of series whose truth is known.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and print what they compare"
)]

mod evidence;

use evidence::synthetic::{Noise, median};
use proptest::prelude::*;
use voltammetry::trend::{BaselineModel, DriftCorrection, DriftMode, SeriesPoint};

/// 240 scans, 20 s apart: loss of signal, scatter, and a response of a third from scan 100 to 160.
fn series(loss: impl Fn(f64) -> f64, noise: f64, seed: u64) -> Vec<SeriesPoint> {
    let mut gauss = Noise::new(seed);
    (1..=240)
        .map(|index| {
            let x = 20.0 * f64::from(index);
            SeriesPoint {
                index,
                x,
                value: Some(3e-6 * loss(x) * response(index) * (1.0 + noise * gauss.next())),
            }
        })
        .collect()
}

fn response(index: u32) -> f64 {
    if (100..160).contains(&index) { 4.0 / 3.0 } else { 1.0 }
}

type Loss = fn(f64) -> f64;

#[test]
fn a_response_is_restored_after_the_baseline() {
    println!(
        "baseline over scans 1 to 90; error of the corrected value after it, % (median, at scans 100 to 160; at the last 40)"
    );
    let linear: Loss = |x| 1.0 - 5e-5 * x;
    let falling: Loss = |x| 0.7 + 0.3 * (-x / 300.0).exp();
    let both: Loss = |x| 0.75 + 0.25 * (-x / 250.0).exp() - 4e-5 * x;
    for (what, loss, model, most) in [
        ("linear", linear, BaselineModel::Linear, 2.0),
        ("exponential", falling, BaselineModel::Exponential, 2.0),
        ("exponential and linear", both, BaselineModel::ExponentialLinear, 4.0),
    ] {
        for noise in [0.002, 0.01] {
            let (mut near, mut far) = (vec![], vec![]);
            for seed in 1..=60 {
                let points = series(loss, noise, seed);
                let correction = DriftCorrection::fit(&points, (1, 90), model, DriftMode::Divide).unwrap();
                for point in &points[99..] {
                    let corrected = correction.correct(point.x, point.value).unwrap();
                    let truth = 3e-6 * loss(20.0) * response(point.index);
                    let error = 100.0 * (corrected / truth - 1.0).abs();
                    match point.index {
                        100..160 => near.push(error),
                        201.. => far.push(error),
                        _ => {}
                    }
                }
            }
            let (near, far) = (median(&mut near), median(&mut far));
            println!("{what:<24} noise {:.1} % | {near:.2} | {far:.2}", 100.0 * noise);
            assert!(near < most && far < 2.5 * most, "{near} {far}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Another unit of the values, another unit of the axis, another zero of the axis.
    #[test]
    fn units_of_values_and_axis_cancel(
        seed in 1u64..1000,
        factor in prop_oneof![Just(-1.0), Just(1e6), 0.1..10.0f64],
        unit in prop_oneof![Just(1.0 / 3600.0), 0.1..10.0f64],
        shift in -1e4..1e4f64,
    ) {
        let points = series(|x| 0.7 + 0.3 * (-x / 300.0).exp(), 0.005, seed);
        let moved: Vec<SeriesPoint> = points
            .iter()
            .map(|p| SeriesPoint { x: (p.x + shift) * unit, value: p.value.map(|v| v * factor), ..*p })
            .collect();
        for mode in [DriftMode::Divide, DriftMode::Subtract] {
            let of = |points: &[SeriesPoint]| DriftCorrection::fit(points, (1, 90), BaselineModel::Exponential, mode).unwrap();
            let (a, b) = (of(&points), of(&moved));
            for (p, q) in points.iter().zip(&moved) {
                let (p, q) = (a.correct(p.x, p.value).unwrap(), b.correct(q.x, q.value).unwrap());
                prop_assert!((p * factor - q).abs() < 1e-5 * q.abs(), "{} {}", p * factor, q);
            }
        }
    }
}
