//! What one sweep costs with each method.

use std::f64::consts::LN_2;
use std::fmt::Write as _;
use std::hint::black_box;

use voltammetry::Sweep;
use voltammetry::cv::{self, CvMethod, CvSettings, MassTransport};
use voltammetry::swv::{self, PeakCount, Quantity, SwvMethod, SwvSettings};

use crate::timing::cost;

/// Points of a sweep: coarse, usual, fine.
const POINTS: [usize; 3] = [120, 500, 2000];
/// Points of a cyclic voltammogram.
const CYCLIC_POINTS: [usize; 3] = [500, 2000, 20_000];

/// Square wave voltammetry.
pub fn square_wave() -> String {
    let of = |method| SwvSettings {
        method,
        ..SwvSettings::default()
    };
    let mut variants: Vec<(String, SwvSettings)> = SwvMethod::ALL
        .iter()
        .map(|method| (format!("`{}`", method.code()), of(*method)))
        .collect();
    variants.push((
        "`gaussian`, two peaks demanded of a sweep with one".to_owned(),
        SwvSettings {
            peaks: PeakCount::Two,
            ..of(SwvMethod::Gaussian)
        },
    ));
    variants.push((
        "`sacmes-web`, area".to_owned(),
        SwvSettings {
            quantity: Quantity::Area,
            ..of(SwvMethod::SacmesWeb)
        },
    ));
    let sweeps = POINTS.map(peak);
    let mut table = header("SWV sweep", &POINTS);
    for (name, settings) in variants {
        write!(table, "| {name} |").unwrap();
        for sweep in &sweeps {
            write!(table, " {} |", cost(|| swv::analyze(black_box(sweep), &settings))).unwrap();
        }
        table.push('\n');
    }
    table
}

/// Cyclic voltammetry, both sweeps of one cycle.
pub fn cyclic() -> String {
    let tangent = CvSettings {
        scan_rate_v_s: Some(0.1),
        probes_v: vec![0.1, -0.1],
        ..CvSettings::default()
    };
    let solution = CvSettings {
        mass_transport: MassTransport::Solution,
        ..tangent.clone()
    };
    let sacmes_web = CvSettings {
        method: CvMethod::SacmesWeb,
        ..tangent.clone()
    };
    let sweeps = CYCLIC_POINTS.map(cycle);
    let mut table = header("CV, one cycle", &CYCLIC_POINTS);
    for (name, settings) in [
        ("`tangent`, surface", tangent),
        ("`tangent`, solution", solution),
        ("`sacmes-web`", sacmes_web),
    ] {
        write!(table, "| {name} |").unwrap();
        for sweep in &sweeps {
            write!(table, " {} |", cost(|| cv::analyze(black_box(sweep), None, &settings))).unwrap();
        }
        table.push('\n');
    }
    table
}

fn header(what: &str, points: &[usize]) -> String {
    let mut header = format!("| {what} |");
    for points in points {
        write!(header, " {points} points |").unwrap();
    }
    header + "\n|---|" + &"---|".repeat(points.len()) + "\n"
}

/// A 90 mV wide peak on a slope over 600 mV, noise of 1 % of its height.
fn peak(points: usize) -> Sweep {
    let mut noise = noise();
    let potential_v: Vec<f64> = (0..points).map(|k| -0.6 * k as f64 / (points - 1) as f64).collect();
    let current_a = potential_v
        .iter()
        .map(|v| {
            let widths = (v + 0.31) / 0.09;
            2e-7 + 1e-7 * v + 5e-7 * (-4.0 * LN_2 * widths * widths).exp() + 5e-9 * noise()
        })
        .collect();
    Sweep::new(potential_v, current_a).unwrap()
}

/// One cycle of ±0.4 V with the peaks of a surface-bound couple on a double layer, noise of 1 % of their height.
fn cycle(points: usize) -> Sweep {
    let mut noise = noise();
    let half = (points / 2) as f64;
    let (potential_v, current_a) = (0..points)
        .map(|k| {
            let rising = if k as f64 <= half { 1.0 } else { -1.0 };
            let v = 0.4 - 0.8 * (k as f64 - half).abs() / half;
            let faradaic = 1e-6 / (v / 0.0514).cosh().powi(2);
            (v, rising * (3e-7 + faradaic) + 1e-8 * noise())
        })
        .unzip();
    Sweep::new(potential_v, current_a).unwrap()
}

/// Nearly normal numbers of deviation 1, the same every time (sum of twelve numbers of a linear congruential generator).
pub fn noise() -> impl FnMut() -> f64 {
    let mut state = 7u64;
    let mut uniform = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    move || (0..12).map(|_| uniform()).sum::<f64>() - 6.0
}
