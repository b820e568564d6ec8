//! Cost per sweep of each SWV method and stage.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macros are undocumented; its input is known to be good"
)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use voltammetry::Sweep;
use voltammetry::smoothing::{hampel, savitzky_golay};
use voltammetry::swv::{self, PeakCount, Quantity, SwvMethod, SwvSettings};

/// A 90 mV wide peak with noise of 1 % of its height on a sloping background, 600 mV in `points` descending steps.
fn sweep(points: usize) -> Sweep {
    let mut state = 7u64;
    let mut uniform = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let potential_v: Vec<f64> = (0..points).map(|k| -0.6 * k as f64 / (points - 1) as f64).collect();
    let current_a = potential_v
        .iter()
        .map(|v| {
            let noise: f64 = (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
            let widths = (v + 0.31) / 0.09;
            2e-7 + 1e-7 * v + 5e-7 * (-2.772_588_7 * widths * widths).exp() + 5e-9 * noise
        })
        .collect();
    Sweep::new(potential_v, current_a).unwrap()
}

fn methods(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("swv");
    for points in [120, 500, 2000, 5000] {
        let sweep = sweep(points);
        let of = |method| SwvSettings {
            method,
            ..SwvSettings::default()
        };
        let named = SwvMethod::ALL.map(|method| (method.code(), of(method)));
        let variants = [
            (
                "sacmes-web area",
                SwvSettings {
                    method: SwvMethod::SacmesWeb,
                    quantity: Quantity::Area,
                    ..SwvSettings::default()
                },
            ),
            (
                "gaussian, two peaks",
                SwvSettings {
                    peaks: PeakCount::Two,
                    ..of(SwvMethod::Gaussian)
                },
            ),
        ];
        for (name, settings) in named.into_iter().chain(variants) {
            group.bench_with_input(BenchmarkId::new(name, points), &sweep, |bencher, sweep| {
                bencher.iter(|| swv::analyze(black_box(sweep), &settings));
            });
        }
    }
    group.finish();
}

fn stages(criterion: &mut Criterion) {
    let sweep = sweep(500);
    let currents = sweep.current_a();
    criterion.bench_function("savitzky-golay 25/2 of 500", |bencher| {
        bencher.iter(|| savitzky_golay(black_box(currents), 25, 2));
    });
    criterion.bench_function("hampel 7/3 of 500", |bencher| {
        bencher.iter(|| hampel(black_box(currents), 7, 3.0));
    });
}

criterion_group!(benches, methods, stages);
criterion_main!(benches);
