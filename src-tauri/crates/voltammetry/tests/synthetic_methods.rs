//! What every method makes of sweeps whose truth is known: one table, with the bounds that each method keeps.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and print what they compare"
)]

mod evidence;

use evidence::errors::{Errors, base, errors};
use evidence::synthetic::{Shape, Truth};
use voltammetry::swv::SwvMethod;

fn print_header() {
    println!(
        "{:<44} | method     |  found  | height%    bias% | pot./step |  width% |  area%",
        "90 mV wide, 0.5 uA, 600 mV"
    );
}

/// Prints one line for each method and gives its errors to `judge`.
fn rows(what: &str, truth: Truth, mut judge: impl FnMut(SwvMethod, &Errors)) {
    for method in SwvMethod::ALL {
        let compatible = matches!(method, SwvMethod::SacmesWeb | SwvMethod::Sacmes);
        let seeds = match (truth.noise_a > 0.0, compatible) {
            (false, _) => 1,
            (true, true) => 3,
            (true, false) => 40,
        };
        let e = errors(truth, method, seeds);
        println!(
            "{what:<44} | {:<10} | {:>3}/{:<3} | {:>7.3} {:>8.3} | {:>9.3} | {:>7.3} | {:>6.2}",
            method.code(),
            e.found,
            e.of,
            e.height,
            e.bias,
            e.potential,
            e.width,
            e.area
        );
        judge(method, &e);
    }
}

#[test]
fn errors_of_every_method() {
    print_header();
    for shape in [Shape::Gaussian, Shape::Sech2] {
        for (sign, step_mv) in [(1.0, 1.0), (-1.0, 2.0), (1.0, 5.0), (1.0, 10.0)] {
            for slope_a_v in [0.0, 5e-7] {
                for noise in [0.0, 0.01, 0.03] {
                    let truth = Truth {
                        slope_a_v,
                        noise_a: noise * 5e-7,
                        ..base(shape, step_mv, sign)
                    };
                    rows(
                        &format!("{shape:?} {sign:+} {step_mv} mV, {slope_a_v:e} A/V, noise {noise}"),
                        truth,
                        |method, e| on_a_line(method, e, shape, noise),
                    );
                }
            }
        }
        for bend in [-0.2, -0.05, -0.02, 0.02, 0.05, 0.2] {
            for noise in [0.0, 0.01] {
                let truth = base(shape, 2.0, 1.0);
                let truth = Truth {
                    bend_a_v2: bend * truth.height_a / truth.fwhm_v.powi(2),
                    noise_a: noise * truth.height_a,
                    ..truth
                };
                rows(&format!("{shape:?} bend {bend}, noise {noise}"), truth, |method, e| {
                    on_a_bend(method, e, shape, bend);
                });
            }
        }
    }
}

/// Bounds on a linear background; with noise they are those of the median, % of the height.
fn on_a_line(method: SwvMethod, e: &Errors, shape: Shape, noise: f64) {
    let (clean, per_cent) = match method {
        SwvMethod::Tangent => (0.1, 0.8),
        SwvMethod::Polynomial => (1.0, 0.8),
        SwvMethod::Arpls => (0.1, 2.0),
        SwvMethod::Gaussian if shape == Shape::Gaussian => (1e-4, 0.4),
        // The shape is not that of the peak: the summit is cut off.
        SwvMethod::Gaussian => (6.0, 6.0),
        _ => return,
    };
    assert_eq!(e.found, e.of, "{e:?}");
    let bound = if noise == 0.0 { clean } else { per_cent * 100.0 * noise };
    assert!(
        e.height <= bound && e.potential <= 0.02 + 25.0 * noise,
        "{method:?} {e:?}"
    );
}

/// Bounds on a background that bends.
fn on_a_bend(method: SwvMethod, e: &Errors, shape: Shape, bend: f64) {
    let bound = match method {
        SwvMethod::Polynomial => 1.0,
        SwvMethod::Gaussian if shape == Shape::Gaussian => 0.5,
        SwvMethod::Gaussian => 6.0,
        // Like any curve that comes from below, it takes an upward bend for a part of the peak.
        SwvMethod::Arpls if bend < 0.0 => 12.0,
        SwvMethod::Arpls => 2.0 + 250.0 * bend,
        _ => return,
    };
    assert!(e.found * 10 >= e.of * 9 && e.height <= bound, "{method:?} {e:?}");
}
