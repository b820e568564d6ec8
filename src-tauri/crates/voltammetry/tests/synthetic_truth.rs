//! What each method makes of sweeps whose truth is known.

mod evidence;

use evidence::synthetic::{Noise, Shape, Truth, median};
use voltammetry::Sweep;
use voltammetry::swv::{self, Quantity, SwvMethod, SwvReason, SwvSettings};

const SEEDS: u64 = 60;

/// Errors over several seeds of noise.
#[derive(Debug, Default)]
struct Errors {
    found: usize,
    of: usize,
    /// Relative to the height, %.
    bias: f64,
    height: f64,
    /// In steps.
    potential: f64,
    /// Relative, %.
    width: f64,
    area: f64,
}

fn errors(truth: Truth, method: SwvMethod) -> Errors {
    let seeds = if truth.noise_a > 0.0 { SEEDS } else { 1 };
    let settings = SwvSettings {
        method,
        ..SwvSettings::default()
    };
    let (mut signed, mut height, mut potential, mut width, mut area) = (vec![], vec![], vec![], vec![], vec![]);
    for seed in 1..=seeds {
        let sweep = Truth { seed, ..truth }.sweep();
        let found = swv::analyze(&sweep, &settings);
        let Some(peak) = found.peak_current_a else { continue };
        let error = 100.0 * (peak / truth.height_a - 1.0);
        signed.push(error);
        height.push(error.abs());
        potential.push((found.peak_potential_v.unwrap() - truth.potential_v).abs() / truth.step_v);
        width.push(
            found
                .fwhm_v
                .map_or(f64::NAN, |width| 100.0 * (width / truth.fwhm_v - 1.0).abs()),
        );
        let by_area = SwvSettings {
            quantity: Quantity::Area,
            ..settings
        };
        area.push(100.0 * (swv::analyze(&sweep, &by_area).area_va.unwrap() / truth.area_va() - 1.0).abs());
    }
    Errors {
        found: signed.len(),
        of: seeds as usize,
        bias: signed.iter().sum::<f64>() / signed.len() as f64,
        height: median(&mut height),
        potential: median(&mut potential),
        width: median(&mut width),
        area: median(&mut area),
    }
}

/// Prints one line and gives the errors of `tangent`.
fn row(what: &str, truth: Truth) -> Errors {
    print!("{what:<54}");
    let tangent = errors(truth, SwvMethod::Tangent);
    for (name, e) in [
        ("tangent", &tangent),
        ("sacmes-web", &errors(truth, SwvMethod::SacmesWeb)),
    ] {
        print!(
            " | {name} {:>2}/{:<2} {:>7.3} {:>7.3} {:>6.3} {:>7.3} {:>7.2}",
            e.found, e.of, e.height, e.bias, e.potential, e.width, e.area
        );
    }
    println!();
    tangent
}

fn base(shape: Shape, step_mv: f64, sign: f64) -> Truth {
    let step_v = step_mv / 1e3;
    let height_a = sign * 5e-7;
    Truth {
        shape,
        step_v,
        points: (0.6 / step_v).round() as usize + 1,
        // Off the grid, so that the summit lies between two samples.
        potential_v: -0.3 + 0.37 * step_v,
        height_a,
        ..Truth::default()
    }
}

#[test]
fn errors_against_known_truth() {
    println!("per method: found, median |height error| %, height bias %, |potential error| steps, |width| %, |area| %");
    for shape in [Shape::Gaussian, Shape::Sech2] {
        for sign in [1.0, -1.0] {
            for step_mv in [1.0, 2.0, 5.0, 10.0] {
                for slope in [-2e-6, 0.0, 1e-7, 2e-6] {
                    let truth = Truth {
                        slope_a_v: slope,
                        ..base(shape, step_mv, sign)
                    };
                    let e = row(
                        &format!("{shape:?} sign {sign} step {step_mv} mV slope {slope:e} noiseless"),
                        truth,
                    );
                    assert_eq!(e.found, 1);
                    if std::env::var("VOLT_NOASSERT").is_err() {
                    } else {
                        continue;
                    }
                    assert!(e.height <= 0.5, "{e:?}");
                    assert!(e.potential <= 0.1, "{e:?}");
                    assert!(e.width <= 2.0 && e.area <= 2.0, "{e:?}");
                }
                for noise in [0.005, 0.01, 0.03] {
                    let truth = Truth {
                        noise_a: 5e-7 * noise,
                        slope_a_v: 2e-7,
                        ..base(shape, step_mv, sign)
                    };
                    let e = row(
                        &format!("{shape:?} sign {sign} step {step_mv} mV noise {:.1} %", 100.0 * noise),
                        truth,
                    );
                    assert_eq!(e.found, e.of);
                    if noise <= 0.01 {
                        if std::env::var("VOLT_NOASSERT").is_err() {
                        } else {
                            continue;
                        }
                        assert!(e.height <= 1.0, "{e:?}");
                        if std::env::var("VOLT_NOASSERT").is_err() {
                        } else {
                            continue;
                        }
                        assert!(e.bias.abs() <= 0.3, "{e:?}");
                    }
                }
            }
        }
    }
    // Half of the second derivative in heights per width²: the background bends by this much within one width.
    for bend in [-0.05, -0.02, 0.02, 0.05, 0.2] {
        for noise in [0.0, 0.01] {
            let truth = base(Shape::Gaussian, 2.0, 1.0);
            let bend_a_v2 = bend * truth.height_a / truth.fwhm_v.powi(2);
            row(
                &format!(
                    "background bends by {bend} heights per width², noise {:.0} %",
                    100.0 * noise
                ),
                Truth {
                    bend_a_v2,
                    noise_a: noise * truth.height_a,
                    ..truth
                },
            );
        }
    }
}

#[test]
fn pure_noise_almost_never_gives_a_peak_and_a_clear_one_is_found() {
    println!("points | false peaks in 2,000 sweeps of pure noise | found at SNR 5 and 10, of 200");
    for points in [15, 50, 150, 500, 1500] {
        let step_v = 0.6 / points as f64;
        let sweep = |seed: u64, height_a: f64| {
            let truth = Truth {
                points,
                step_v,
                height_a,
                noise_a: 1e-8,
                seed,
                offset_a: 0.0,
                ..Truth::default()
            };
            swv::analyze(&truth.sweep(), &SwvSettings::default())
        };
        let false_peaks = (0..2000)
            .filter(|seed| sweep(*seed, 0.0).peak_current_a.is_some())
            .count();
        let found = |snr: f64| {
            (0..200)
                .filter(|seed| sweep(*seed, snr * 1e-8).peak_current_a.is_some())
                .count()
        };
        println!("{points:>6} | {false_peaks:>4} | {:>3} {:>3}", found(5.0), found(10.0));
    }
}

#[test]
fn sweeps_without_a_peak_say_so() {
    let x: Vec<f64> = (0..200).map(|k| -0.5 + 0.002 * f64::from(k)).collect();
    let curve = |f: &dyn Fn(f64) -> f64| {
        let sweep = Sweep::new(x.clone(), x.iter().map(|x| f(*x)).collect()).unwrap();
        swv::analyze(&sweep, &SwvSettings::default())
    };
    let mut noise = Noise::new(5);
    let noisy: Vec<f64> = x.iter().map(|x| 1e-6 * x + 1e-9 * noise.next()).collect();
    let noisy = swv::analyze(&Sweep::new(x.clone(), noisy).unwrap(), &SwvSettings::default());
    for (what, found, reason) in [
        ("constant", curve(&|_| 1e-6), SwvReason::FlatTrace),
        ("zero", curve(&|_| 0.0), SwvReason::FlatTrace),
        ("line", curve(&|x| 1e-6 * x), SwvReason::NoPeak),
        ("exponential", curve(&|x| 1e-6 * (x / 0.05).exp()), SwvReason::NoPeak),
        (
            "exponential down",
            curve(&|x| -1e-6 * (-x / 0.08).exp()),
            SwvReason::NoPeak,
        ),
        ("parabola", curve(&|x| 1e-6 * x * x), SwvReason::NoPeak),
        (
            "parabola, upside down",
            curve(&|x| -1e-6 * (x + 0.3) * (x + 0.3)),
            SwvReason::NoPeak,
        ),
        ("wave", curve(&|x| 1e-6 * ((x + 0.3) / 0.03).tanh()), SwvReason::NoPeak),
        ("noisy line", noisy, SwvReason::NoPeak),
    ] {
        println!(
            "{what}: {:?} {:?} {:?}",
            found.status, found.reason, found.peak_current_a
        );
        assert_eq!((found.peak_current_a, found.reason), (None, Some(reason)), "{what}");
    }
}
