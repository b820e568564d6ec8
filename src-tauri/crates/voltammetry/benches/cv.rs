//! Cost per cyclic voltammogram of each method.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macros are undocumented; its input is known to be good"
)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use voltammetry::Sweep;
use voltammetry::cv::{self, CvMethod, CvSettings, MassTransport};

/// One cycle of 1.6 V in `points` points: surface-bound peaks with noise of 1 % of their height on a double layer.
fn sweep(points: usize) -> Sweep {
    let mut state = 7u64;
    let mut uniform = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let half = points / 2;
    let potential_v: Vec<f64> = (0..points)
        .map(|k| 0.4 - 0.8 * (k as f64 - half as f64).abs() / half as f64)
        .collect();
    let current_a = (0..points)
        .map(|k| {
            let sign = if k <= half { 1.0 } else { -1.0 };
            let noise: f64 = (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
            let u = potential_v[k] / 0.051_4;
            sign * (3e-7 + 1e-6 / u.cosh().powi(2)) + 1e-8 * noise
        })
        .collect();
    Sweep::new(potential_v, current_a).unwrap()
}

fn methods(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cv");
    group.sample_size(20);
    for points in [500, 2000, 100_000] {
        let sweep = sweep(points);
        let base = CvSettings {
            scan_rate_v_s: Some(0.1),
            probes_v: vec![0.1, -0.1],
            ..CvSettings::default()
        };
        let solution = CvSettings {
            mass_transport: MassTransport::Solution,
            ..base.clone()
        };
        let sacmes_web = CvSettings {
            method: CvMethod::SacmesWeb,
            ..base.clone()
        };
        for (name, settings) in [
            ("tangent surface", base),
            ("tangent solution", solution),
            ("sacmes-web", sacmes_web),
        ] {
            group.bench_with_input(BenchmarkId::new(name, points), &sweep, |bencher, sweep| {
                bencher.iter(|| cv::analyze(black_box(sweep), None, &settings));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, methods);
criterion_main!(benches);
