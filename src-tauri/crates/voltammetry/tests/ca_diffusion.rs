//! Diffusion coefficients and merged pulses from transients whose truth is known.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and print what they compare"
)]

mod evidence;

use std::f64::consts::PI;

use evidence::synthetic::{Noise, median};
use voltammetry::Transient;
use voltammetry::ca::{
    CaSettings, CottrellGiven, CottrellSettings, DecayModel, FARADAY_C_MOL, PulsePart, cottrell, fit_decay,
    merge_pulses,
};

/// Ferrocyanide in aqueous solution (m²/s), on an electrode of 3 mm.
const DIFFUSION_M2_S: f64 = 7.8e-10;
const AREA_M2: f64 = 7.07e-6;
const FITS: u64 = 60;

/// 2 s in steps of 1 ms: diffusion, the charging of a double layer, convection from half a second on, and noise in per cent of the
/// current after 0.1 s.
fn diffusion(charging_a: f64, convection_a_s: f64, per_cent: f64, seed: u64) -> Transient {
    let faradaic = |t: f64| FARADAY_C_MOL * AREA_M2 * (DIFFUSION_M2_S / (PI * t)).sqrt();
    let mut noise = Noise::new(seed);
    let time_s: Vec<f64> = (1..=2000).map(|k| 1e-3 * f64::from(k)).collect();
    let current_a = time_s
        .iter()
        .map(|t| {
            faradaic(*t)
                + charging_a * (-t / 2e-3).exp()
                + convection_a_s * (t - 0.5).max(0.0)
                + per_cent / 100.0 * faradaic(0.1) * noise.next()
        })
        .collect();
    Transient::new(time_s, current_a).unwrap()
}

#[test]
fn diffusion_coefficients_of_known_transients() {
    let settings = CottrellSettings {
        given: CottrellGiven::Concentration {
            electrons: 1.0,
            area_m2: AREA_M2,
            concentration_mol_m3: 1.0,
        },
        ..CottrellSettings::default()
    };
    println!(
        "2 s in steps of 1 ms; noise in per cent of the current after 0.1 s | found | D off by % (median) | region from, to, s"
    );
    for (what, charging_a, convection_a_s, per_cent, most) in [
        ("diffusion alone", 0.0, 0.0, 0.0, 1e-6),
        ("diffusion alone", 0.0, 0.0, 0.3, 0.2),
        ("diffusion alone", 0.0, 0.0, 1.0, 0.5),
        ("with charging and convection", 3e-4, 2e-6, 0.0, 2.5),
        ("with charging and convection", 3e-4, 2e-6, 0.3, 2.5),
        ("with charging and convection", 3e-4, 2e-6, 1.0, 2.5),
    ] {
        let (mut errors, mut from, mut to) = (Vec::new(), Vec::new(), Vec::new());
        for seed in 1..=FITS {
            let Ok(found) = cottrell(&diffusion(charging_a, convection_a_s, per_cent, seed), &settings) else {
                continue;
            };
            errors.push(100.0 * (found.diffusion_m2_s.unwrap() / DIFFUSION_M2_S - 1.0).abs());
            from.push(found.range_s.0);
            to.push(found.range_s.1);
        }
        let found = errors.len() as u64;
        let error = median(&mut errors);
        println!(
            "{what:<30} {per_cent:>4} % | {found:>2}/{FITS} | {error:>8.3} | {:.3} {:.2}",
            median(&mut from),
            median(&mut to)
        );
        assert!(
            found * 10 >= FITS * 9 && error <= most,
            "{what} {per_cent}: {found} {error}"
        );
    }
}

/// A short pulse sampled fast sees the fast exponential, a long one sampled slowly the slow one; together they see both.
#[test]
fn merged_pulses_know_both_time_constants() {
    const TAUS_S: [f64; 2] = [1e-3, 0.1];
    let pulse = |step_s: f64, points: u32, seed: u64| {
        let mut noise = Noise::new(seed);
        let time_s: Vec<f64> = (1..=points).map(|k| step_s * f64::from(k)).collect();
        let current_a = time_s
            .iter()
            .map(|t| 3e-6 * (-t / TAUS_S[0]).exp() + 1e-6 * (-t / TAUS_S[1]).exp() + 1e-7 + 1e-8 * noise.next())
            .collect();
        Transient::new(time_s, current_a).unwrap()
    };
    let settings = CaSettings {
        model: DecayModel::Bi,
        fit_range_s: None,
    };
    println!(
        "two exponentials of 1 and 100 ms, noise 1 % of the slow one | fitted | time constants off by % (medians)"
    );
    let mut by_kind = [Vec::new(), Vec::new(), Vec::new()];
    for seed in 1..=FITS {
        let short = pulse(5e-5, 200, 2 * seed);
        let long = pulse(2e-3, 250, 2 * seed + 1);
        let part = |transient| PulsePart {
            transient,
            start_s: 0.0,
            range_s: None,
        };
        let merged = merge_pulses(&[part(&short), part(&long)]);
        assert_eq!(merged.len(), short.len() + long.len());
        for (kind, transient) in [&short, &long, &merged].into_iter().enumerate() {
            if let Ok(fit) = fit_decay(transient, &settings) {
                let off = |k: usize| 100.0 * (fit.components[k].tau_s / TAUS_S[k] - 1.0).abs();
                by_kind[kind].push([off(0), off(1)]);
            }
        }
    }
    let mut worst = Vec::new();
    for (name, fits) in ["10 ms in 50 us", "0.5 s in 2 ms", "both"].iter().zip(&by_kind) {
        let of = |k: usize| match fits.len() {
            0 => f64::NAN,
            _ => median(&mut fits.iter().map(|fit| fit[k]).collect::<Vec<f64>>()),
        };
        println!("{name:<16} | {:>2}/{FITS} | {:>6.2} {:>6.2}", fits.len(), of(0), of(1));
        worst.push((fits.len() as u64, of(0), of(1)));
    }
    let (fitted, fast, slow) = worst[2];
    assert!(fitted == FITS && fast < 1.5 && slow < 1.5, "{worst:?}");
    assert!(
        worst[..2]
            .iter()
            .all(|(fitted, a, b)| *fitted < FITS / 2 || a.max(*b) > 2.0 * fast.max(slow)),
        "{worst:?}"
    );
}
