//! What every method makes of sweeps whose truth is known: one table, with the bounds that each method keeps.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and print what they compare"
)]

mod evidence;

use evidence::digest::Digest;
use evidence::errors::{Errors, base, errors};
use evidence::kdm::{KdmErrors, kdm_errors};
use evidence::synthetic::{Shape, Truth};
use voltammetry::swv::SwvMethod;

/// One condition of the table.
#[derive(Debug, Clone, Copy)]
struct Condition {
    shape: Shape,
    polarity: f64,
    step_mv: f64,
    /// Slope of the background in heights per volt, in the direction of the peak: 1 rises by 0.09 of the height within one width.
    slope: f64,
    /// Bend in heights per squared width, in the direction of the peak.
    bend: f64,
    /// Standard deviation of the noise, of the height.
    noise: f64,
}

impl Condition {
    fn truth(self) -> Truth {
        let truth = base(self.shape, self.step_mv, self.polarity);
        Truth {
            slope_a_v: self.slope * truth.height_a,
            bend_a_v2: self.bend * truth.height_a / truth.fwhm_v.powi(2),
            noise_a: self.noise * truth.height_a.abs(),
            ..truth
        }
    }

    /// The line of the digest that it belongs to.
    fn kind(self) -> String {
        let bend = match self.bend {
            0.0 => "straight",
            bend if bend.abs() > 0.1 => "bends by 0.2, either way",
            bend if bend > 0.0 => "bends up by 0.02 or 0.05",
            _ => "bends down by 0.02 or 0.05",
        };
        match self.noise {
            0.0 => format!("{bend}, no noise"),
            noise => format!("{bend}, noise {} %", 100.0 * noise),
        }
    }

    fn name(self) -> String {
        format!(
            "{:<8} {:>+2.0} {:>3.0} {:>6} {:>6} {:>5}",
            format!("{:?}", self.shape),
            self.polarity,
            self.step_mv,
            self.slope,
            self.bend,
            100.0 * self.noise
        )
    }
}

fn print_header() {
    println!(
        "90 mV wide, 0.5 uA, 600 mV; medians; slope in heights/V, bend in heights/width^2; KDM error in percentage points"
    );
    println!(
        "{:<8} {:>2} {:>3} {:>6} {:>6} {:>5} | {:<10} | {:>7} | {:>7} {:>8} | {:>9} | {:>7} | {:>6} | {:>6} {:>6}",
        "shape",
        "+-",
        "mV",
        "slope",
        "bend",
        "%",
        "method",
        "found",
        "height%",
        "bias%",
        "pot./step",
        "width%",
        "area%",
        "KDM",
        "bias"
    );
}

/// Prints one line for each method, adds it to the digest and gives its errors to `judge`.
fn rows(digest: &mut Digest, condition: Condition, mut judge: impl FnMut(SwvMethod, &Errors, &KdmErrors)) {
    for method in SwvMethod::ALL {
        let compatible = matches!(method, SwvMethod::SacmesWeb | SwvMethod::Sacmes);
        let (seeds, series) = match (condition.noise > 0.0, compatible) {
            (false, _) => (1, 1),
            (true, true) => (3, 2),
            (true, false) => (40, 4),
        };
        let e = errors(condition.truth(), method, seeds);
        let kdm = kdm_errors(condition.truth(), method, series);
        println!(
            "{} | {:<10} | {:>3}/{:<3} | {:>7.3} {:>8.3} | {:>9.3} | {:>7.3} | {:>6.2} | {:>6.2} {:>6.2}",
            condition.name(),
            method.code(),
            e.found,
            e.of,
            e.height,
            e.bias,
            e.potential,
            e.width,
            e.area,
            kdm.size,
            kdm.bias
        );
        digest.add(&condition.kind(), method, &e, &kdm);
        judge(method, &e, &kdm);
    }
}

#[test]
fn errors_of_every_method() {
    let mut digest = Digest::default();
    print_header();
    for shape in [Shape::Gaussian, Shape::Sech2] {
        for (polarity, step_mv) in [(1.0, 1.0), (-1.0, 2.0), (1.0, 5.0), (1.0, 10.0)] {
            for slope in [-1.0, 0.0, 1.0] {
                for noise in [0.0, 0.01, 0.03] {
                    let condition = Condition {
                        shape,
                        polarity,
                        step_mv,
                        slope,
                        bend: 0.0,
                        noise,
                    };
                    rows(&mut digest, condition, |method, e, kdm| {
                        on_a_line(method, e, kdm, condition);
                    });
                }
            }
        }
        for polarity in [1.0, -1.0] {
            for bend in [-0.2, -0.05, -0.02, 0.02, 0.05, 0.2] {
                for noise in [0.0, 0.01] {
                    let condition = Condition {
                        shape,
                        polarity,
                        step_mv: 2.0,
                        slope: 0.2,
                        bend,
                        noise,
                    };
                    rows(&mut digest, condition, |method, e, kdm| {
                        on_a_bend(method, e, kdm, condition);
                    });
                }
            }
        }
    }
    println!("\n{}", digest.table());
}

/// Bounds on a linear background; with noise they are those of the median, % of the height.
fn on_a_line(method: SwvMethod, e: &Errors, kdm: &KdmErrors, condition: Condition) {
    let Condition { shape, noise, .. } = condition;
    // Height without noise, and for each per cent of it; KDM (percentage points) for each per cent.
    let (clean, per_cent, kdm_per_cent) = match method {
        SwvMethod::Tangent => (0.1, 0.8, 2.5),
        SwvMethod::Polynomial => (1.0, 0.8, 2.5),
        SwvMethod::Arpls => (0.1, 2.0, 3.0),
        SwvMethod::Gaussian if shape == Shape::Gaussian => (1e-4, 0.4, 2.0),
        // The shape is not that of the peak: the summit is cut off, in all scans alike, so that KDM does not see it.
        SwvMethod::Gaussian => (6.0, 6.0, 2.0),
        SwvMethod::SacmesWeb | SwvMethod::Sacmes => return,
    };
    // With the most noise, that at the low frequency is 10 % of its peak.
    let enough = kdm.found == kdm.of || noise > 0.01 && kdm.found * 10 >= kdm.of * 9;
    assert!(e.found == e.of && enough, "{method:?} {e:?} {kdm:?}");
    let (bound, kdm_bound) = if noise == 0.0 {
        (clean, 0.1)
    } else {
        (per_cent * 100.0 * noise, kdm_per_cent * 100.0 * noise)
    };
    assert!(
        e.height <= bound && e.potential <= 0.02 + 25.0 * noise,
        "{method:?} {e:?}"
    );
    assert!(kdm.size <= kdm_bound, "{method:?} {condition:?} {kdm:?}");
}

/// Bounds on a background that bends: height (%) and KDM (percentage points).
fn on_a_bend(method: SwvMethod, e: &Errors, kdm: &KdmErrors, condition: Condition) {
    let Condition { shape, bend, noise, .. } = condition;
    let upward_kdm = 3.0 + 90.0 * bend;
    let (bound, kdm_bound) = match method {
        SwvMethod::Polynomial => (1.0, 0.1 + 250.0 * noise),
        SwvMethod::Gaussian if shape == Shape::Gaussian => (0.5, 0.1 + 150.0 * noise),
        SwvMethod::Gaussian => (6.0, 0.1 + 150.0 * noise),
        // Like any curve that comes from below, it takes an upward bend for a part of the peak.
        SwvMethod::Arpls if bend > 0.0 => (2.0 + 250.0 * bend, upward_kdm),
        SwvMethod::Arpls if bend > -0.1 => (12.0, 1.0 + 150.0 * noise),
        // Where the background is a hump twice as high as the peak, the hump is sometimes taken for it.
        SwvMethod::Arpls => (12.0, f64::INFINITY),
        // A chord follows no bend; upward ones it cuts off the peak, downward ones it adds to it.
        SwvMethod::Tangent if bend > 0.0 => (f64::INFINITY, upward_kdm),
        SwvMethod::Tangent => (f64::INFINITY, 10.0 + 250.0 * bend.abs()),
        SwvMethod::SacmesWeb | SwvMethod::Sacmes => return,
    };
    let enough = method == SwvMethod::Tangent || e.found * 10 >= e.of * 9;
    assert!(enough && e.height <= bound, "{method:?} {e:?}");
    assert!(kdm.size <= kdm_bound, "{method:?} {condition:?} {kdm:?}");
}
