//! Cost of what is done with series and transients: trends, outlier flags, baselines, calibration, decays.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macros are undocumented; its input is known to be good"
)]

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use voltammetry::Transient;
use voltammetry::ca::{CaSettings, DecayModel, fit_decay};
use voltammetry::calibration::{CalibrationSettings, TitrationPoint, calibrate};
use voltammetry::trend::{Baseline, BaselineModel, OutlierSettings, SeriesPoint, outlier_flags};

/// The same scatter between -1 and 1 every time.
fn scatter(k: usize) -> f64 {
    (k * 37 + 11) as f64 % 17.0 / 8.0 - 1.0
}

fn benches(criterion: &mut Criterion) {
    let values: Vec<Option<f64>> = (0..1000)
        .map(|k| Some(1.0 - 1e-4 * k as f64 + 1e-3 * scatter(k)))
        .collect();
    criterion.bench_function("outlier flags of 1000 numbers", |bencher| {
        bencher.iter(|| outlier_flags(black_box(&values), 0..1000, &OutlierSettings::default()));
    });
    let series: Vec<SeriesPoint> = (0..100u32)
        .map(|index| SeriesPoint {
            index,
            x: f64::from(index),
            value: Some(1.0 + 0.3 * (-f64::from(index) / 15.0).exp() + 1e-3 * scatter(index as usize)),
        })
        .collect();
    criterion.bench_function("exponential baseline of 100 numbers", |bencher| {
        bencher.iter(|| Baseline::fit(black_box(&series), (0, 99), BaselineModel::Exponential));
    });
    let points: Vec<TitrationPoint> = [0.0, 1e-7, 3e-7, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4]
        .iter()
        .enumerate()
        .map(|(k, &c)| TitrationPoint::single(c, 100.0 + 60.0 * c / (c + 5e-6) + 0.3 * scatter(k)))
        .collect();
    criterion.bench_function("calibration of 8 points", |bencher| {
        bencher.iter(|| calibrate(black_box(&points), &CalibrationSettings::default()));
    });
    let calibration = calibrate(&points, &CalibrationSettings::default()).unwrap();
    criterion.bench_function("concentration", |bencher| {
        bencher.iter(|| calibration.concentration(black_box(127.0)));
    });
    let time_s: Vec<f64> = (0..500).map(|k| 1e-4 * f64::from(k)).collect();
    let current_a = time_s
        .iter()
        .enumerate()
        .map(|(k, t)| 3e-6 * (-t / 2e-3).exp() + 1e-6 * (-t / 2e-2).exp() + 5e-9 * scatter(k))
        .collect();
    let transient = Transient::new(time_s, current_a).unwrap();
    for model in [DecayModel::Mono, DecayModel::Bi] {
        let settings = CaSettings {
            model,
            fit_range_s: None,
        };
        criterion.bench_function(&format!("decay of 500 points, {}", model.code()), |bencher| {
            bencher.iter(|| fit_decay(black_box(&transient), &settings));
        });
    }
}

criterion_group! {
    name = group;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(600));
    targets = benches
}
criterion_main!(group);
