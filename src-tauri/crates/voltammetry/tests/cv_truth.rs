//! What the CV methods make of voltammograms whose truth is known.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and print what they compare"
)]

mod evidence;

use evidence::couples::{Couple, CvTruth, PEAK, TEMPERATURE_K, dimensionless_current};
use evidence::synthetic::median;
use voltammetry::cv::scan_rate::{self, Regime, ScanRatePeak, Uncertain};
use voltammetry::cv::{
    self, ConventionChoice, CvReason, CvSegmentResult, CvSettings, FARADAY_C_MOL, MassTransport, PeakKind,
};

#[test]
fn the_dimensionless_current_is_that_of_nicholson_and_shain() {
    let step = 0.02;
    let up = (0..=1250).map(|k| -12.5 + step * f64::from(k));
    let down = (1..=1250).map(|k| 12.5 - step * f64::from(k));
    let u: Vec<f64> = up.chain(down).collect();
    let chi = dimensionless_current(&u);
    let top = (0..=1250).max_by(|a, b| chi[*a].total_cmp(&chi[*b])).unwrap();
    let bottom = (1251..u.len()).min_by(|a, b| chi[*a].total_cmp(&chi[*b])).unwrap();
    println!(
        "peak {:.5} at {:.3} RT/nF, back {:.5} at {:.3}",
        chi[top], u[top], chi[bottom], u[bottom]
    );
    assert!((chi[top] - PEAK).abs() < 5e-5, "{}", chi[top]);
    assert!((u[top] - 1.109).abs() <= step, "{}", u[top]);
    // Their table I, potentials in mV at 25 °C for n = 1: 120, 60, 0, -60 and -120 mV before and after the half-wave potential.
    for (mv, tabled) in [
        (-120.0, 0.009),
        (-60.0, 0.084),
        (0.0, 0.380),
        (60.0, 0.399),
        (120.0, 0.280),
    ] {
        let at = ((mv / 25.693 + 12.5) / step).round() as usize;
        println!("{mv} mV: {:.4} {tabled}", chi[at]);
        assert!((chi[at] - tabled).abs() < 1.5e-3, "{mv}: {} {tabled}", chi[at]);
    }
}

fn settings(truth: &CvTruth) -> CvSettings {
    CvSettings {
        scan_rate_v_s: Some(truth.scan_rate_v_s),
        mass_transport: match truth.couple {
            Couple::Surface => MassTransport::Surface,
            Couple::Solution => MassTransport::Solution,
        },
        electrons: truth.electrons,
        area_m2: Some(1e-6),
        ..CvSettings::default()
    }
}

/// Median errors over voltammograms that differ in their noise alone.
struct Errors {
    found: usize,
    of: u64,
    /// |height error| of the anodic and the cathodic peak, and mean error of the anodic one (%).
    anodic: f64,
    cathodic: f64,
    bias: f64,
    /// |error| of peak potential, separation and half-wave potential (mV).
    potential: f64,
    separation: f64,
    half_wave: f64,
    /// |error| of the width at half height and of the charge (%); 0 where there is no truth.
    width: f64,
    charge: f64,
    /// Median of Nicholson's ratio; 0 where it does not apply.
    nicholson: f64,
}

fn errors(truth: &CvTruth) -> Errors {
    let seeds = if truth.noise_a > 0.0 { 40 } else { 1 };
    let settings = settings(truth);
    let surface = truth.couple == Couple::Surface;
    // 1.109 RT/nF after the half-wave potential, and twice that apart (Nicholson and Shain 1964).
    let after_v = if surface { 0.0 } else { 1.109 * truth.thermal_v() };
    let width_v = 2.0 * truth.thermal_v() * 2.0 * 2f64.sqrt().acosh();
    let mut all: [Vec<f64>; 9] = Default::default();
    for seed in 1..=seeds {
        let sweep = CvTruth { seed, ..truth.clone() }.sweep();
        let found = cv::analyze(&sweep, None, &settings);
        let Some(pair) = found.pairs.iter().find(|pair| pair.peak_separation_v.is_some()) else {
            continue;
        };
        let of_kind = |kind| {
            [pair.forward_segment, pair.reverse_segment]
                .into_iter()
                .filter_map(|segment| found.result_of(segment))
                .find(|result| result.kind == Some(kind))
        };
        let (Some(anodic), Some(cathodic)) = (of_kind(PeakKind::Anodic), of_kind(PeakKind::Cathodic)) else {
            continue;
        };
        let height = |result: &CvSegmentResult| 100.0 * (result.peak_current_a.unwrap().abs() / truth.height_a - 1.0);
        let separation = pair.peak_separation_v.unwrap() - 2.0 * after_v;
        let half_wave = pair.half_wave_potential_v.unwrap() - truth.formal_v;
        let potential = anodic.peak_potential_v.unwrap() - truth.formal_v - after_v;
        let width = anodic
            .peak_width_v
            .map_or(f64::NAN, |width| 100.0 * (width / width_v - 1.0));
        let charge = 100.0 * (anodic.charge_c.unwrap().abs() / truth.surface_charge_c() - 1.0);
        for (list, value) in all.iter_mut().zip([
            height(anodic).abs(),
            height(cathodic).abs(),
            height(anodic),
            1e3 * potential.abs(),
            1e3 * separation.abs(),
            1e3 * half_wave.abs(),
            if surface { width.abs() } else { 0.0 },
            if surface { charge.abs() } else { 0.0 },
            pair.nicholson_ratio.unwrap_or(0.0),
        ]) {
            list.push(value);
        }
    }
    let found = all[0].len();
    assert!(found > 0, "nothing found: {truth:?}");
    let bias = all[2].iter().sum::<f64>() / found as f64;
    let [
        anodic,
        cathodic,
        _,
        potential,
        separation,
        half_wave,
        width,
        charge,
        nicholson,
    ] = all.map(|mut list| median(&mut list));
    Errors {
        found,
        of: seeds,
        anodic,
        cathodic,
        bias,
        potential,
        separation,
        half_wave,
        width,
        charge,
        nicholson,
    }
}

/// Largest errors that a row may have, in the order of the table.
struct Bounds {
    anodic: f64,
    cathodic: f64,
    potential: f64,
    separation: f64,
    half_wave: f64,
    width: f64,
    charge: f64,
}

fn row(what: &str, truth: &CvTruth, bounds: &Bounds) {
    let e = errors(truth);
    println!(
        "{what:<52} {:>3}/{:<3} {:>7.3} {:>7.3} {:>7.3} {:>7.3} {:>7.3} {:>7.3} {:>7.3} {:>7.3} {:>7.3}",
        e.found,
        e.of,
        e.anodic,
        e.cathodic,
        e.bias,
        e.potential,
        e.separation,
        e.half_wave,
        e.width,
        e.charge,
        e.nicholson
    );
    let all_found = e.found as u64 == e.of;
    let within = e.anodic <= bounds.anodic
        && e.cathodic <= bounds.cathodic
        && e.bias.abs() <= bounds.anodic
        && e.potential <= bounds.potential
        && e.separation <= bounds.separation
        && e.half_wave <= bounds.half_wave
        && e.width <= bounds.width
        && e.charge <= bounds.charge;
    assert!(all_found && within, "{what} is out of bounds");
}

fn header() {
    println!(
        "{:<52} found   |anod|  |cath|    bias   |Ep|mV |dEp|mV |E1/2|mV |width|  |Q|   Nicholson   (%, medians)",
        "1 uA, n = 1, 800 mV window unless said"
    );
}

#[test]
fn table_of_surface_bound_couples() {
    header();
    for anodic_sign in [1.0, -1.0] {
        for (step_mv, noise) in [
            (1.0, 0.0),
            (2.0, 0.0),
            (5.0, 0.0),
            (1.0, 0.01),
            (2.0, 0.01),
            (5.0, 0.01),
            (2.0, 0.05),
        ] {
            let truth = CvTruth {
                step_v: step_mv / 1e3,
                noise_a: noise * 1e-6,
                anodic_sign,
                formal_v: 0.000_7,
                ..CvTruth::new(Couple::Surface)
            };
            let noisy = noise / 0.01;
            row(
                &format!("surface, sign {anodic_sign:+}, {step_mv} mV, noise {} %", 100.0 * noise),
                &truth,
                &Bounds {
                    anodic: 0.05 + 0.8 * noisy,
                    cathodic: 0.05 + 0.8 * noisy,
                    potential: 0.02 + 0.5 * noisy,
                    separation: 0.03 + 0.8 * noisy,
                    half_wave: 0.02 + 0.5 * noisy,
                    width: 0.2 + 0.8 * noisy,
                    charge: 0.3 + 1.2 * noisy,
                },
            );
        }
    }
    // Starts in the middle of the window, beyond, before and on the couple; two cycles; two electrons.
    for (what, vertices_v, electrons) in [
        ("starts at 0.2 V, up", vec![0.2, 0.4, -0.4, 0.4, -0.4, 0.2], 1),
        ("starts at -0.25 V, up", vec![-0.25, 0.4, -0.4, -0.25], 1),
        ("starts on the couple, down", vec![0.0, -0.4, 0.4, -0.4, 0.0], 1),
        ("n = 2", vec![-0.4, 0.4, -0.4], 2),
    ] {
        let truth = CvTruth {
            vertices_v,
            electrons,
            ..CvTruth::new(Couple::Surface)
        };
        let bounds = Bounds {
            anodic: 0.05,
            cathodic: 0.05,
            potential: 0.02,
            separation: 0.03,
            half_wave: 0.02,
            width: 0.2,
            charge: 0.3,
        };
        row(&format!("surface, {what}"), &truth, &bounds);
    }
}

#[test]
fn table_of_reversible_couples_in_solution() {
    header();
    for anodic_sign in [1.0, -1.0] {
        for (window, step_mv, noise) in [
            (0.3, 2.0, 0.0),
            (0.4, 1.0, 0.0),
            (0.4, 2.0, 0.0),
            (0.4, 5.0, 0.0),
            (0.5, 2.0, 0.0),
            (0.4, 1.0, 0.01),
            (0.4, 2.0, 0.01),
            (0.4, 5.0, 0.01),
        ] {
            let truth = CvTruth {
                vertices_v: vec![-window, window, -window],
                step_v: step_mv / 1e3,
                noise_a: noise * 1e-6,
                anodic_sign,
                formal_v: 0.000_7,
                ..CvTruth::new(Couple::Solution)
            };
            let noisy = noise / 0.01;
            // The tail of the first wave still decays under the second; nearer turns leave more of it.
            let tail = if window < 0.35 { 2.5 } else { 1.2 };
            row(
                &format!(
                    "solution, sign {anodic_sign:+}, +-{window} V, {step_mv} mV, noise {} %",
                    100.0 * noise
                ),
                &truth,
                &Bounds {
                    anodic: 0.3 + 1.0 * noisy,
                    cathodic: tail + 2.0 * noisy,
                    potential: 0.2 + 1.0 * noisy,
                    separation: 0.8 + 1.5 * noisy,
                    half_wave: 0.5 + 1.0 * noisy,
                    width: 0.0,
                    charge: 0.0,
                },
            );
        }
    }
    let truth = CvTruth {
        vertices_v: vec![-0.25, 0.4, -0.4],
        ..CvTruth::new(Couple::Solution)
    };
    let bounds = Bounds {
        anodic: 0.3,
        cathodic: 1.2,
        potential: 0.2,
        separation: 0.8,
        half_wave: 0.5,
        width: 0.0,
        charge: 0.0,
    };
    row("solution, starts at -0.25 V", &truth, &bounds);
}

#[test]
fn a_wave_without_room_before_it_has_no_baseline_and_one_cut_off_no_peak() {
    for (vertices_v, reason) in [
        (vec![-0.1, 0.4], CvReason::NoBaseline),
        (vec![-0.4, 0.02], CvReason::PeakAtEdge),
    ] {
        let truth = CvTruth {
            vertices_v,
            ..CvTruth::new(Couple::Solution)
        };
        let settings = CvSettings {
            convention: ConventionChoice::AnodicPositive,
            ..settings(&truth)
        };
        let found = cv::analyze(&truth.sweep(), None, &settings);
        assert_eq!(found.results[0].reason, Some(reason));
        assert_eq!(found.results[0].peak_current_a, None);
    }
}

#[test]
fn diffusion_coefficient_from_simulated_scan_rates() {
    // Peaks of a 1 mM couple with D = 7e-10 m²/s at a 3 mm disk, as Randles and Ševčík say; the baseline is found each time.
    let (area, diffusion) = (7.069e-6, 7e-10f64);
    let mut peaks = Vec::new();
    for (seed, rate) in (1..).zip([0.02, 0.05, 0.1, 0.2, 0.5]) {
        let base = CvTruth::new(Couple::Solution);
        let height_a = PEAK * FARADAY_C_MOL * area * (diffusion * rate / base.thermal_v()).sqrt();
        let truth = CvTruth {
            scan_rate_v_s: rate,
            height_a,
            capacitive_a: 1e-6 * rate,
            noise_a: 0.003 * height_a,
            seed,
            ..base
        };
        let found = cv::analyze(&truth.sweep(), None, &settings(&truth));
        for result in &found.results {
            peaks.push(ScanRatePeak {
                scan_rate_v_s: rate,
                kind: result.kind.unwrap(),
                peak_current_a: result.peak_current_a.unwrap(),
            });
        }
    }
    let study = scan_rate::study(&peaks);
    let couple = scan_rate::Couple {
        electrons: 1,
        area_m2: Uncertain::exact(area),
        concentration_mol_m3: Uncertain::exact(1.0),
        temperature_k: Uncertain::exact(TEMPERATURE_K),
    };
    for (kind, study, limit) in [("anodic", study.anodic, 0.02), ("cathodic", study.cathodic, 0.06)] {
        let study = study.unwrap();
        assert_eq!((study.better, study.clear), (Regime::Diffusion, true));
        let found = scan_rate::diffusion_coefficient_m2_s(&study.against_root, &couple).unwrap();
        println!(
            "{kind}: D = {:.3e} +- {:.1e} m2/s (truth {diffusion:e}), log-log slope {:.3}",
            found.value, found.error, study.log_log.slope
        );
        assert!((found.value / diffusion - 1.0).abs() < limit, "{found:?}");
        assert!((study.log_log.slope - 0.5).abs() < 0.01);
    }
}
