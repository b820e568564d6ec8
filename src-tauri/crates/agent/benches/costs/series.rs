//! What is done with transients, maps and series.

use std::fmt::Write as _;
use std::hint::black_box;

use voltammetry::Transient;
use voltammetry::ca::{CaSettings, CottrellSettings, DecayModel, cottrell, fit_decay};
use voltammetry::calibration::{CalibrationSettings, TitrationPoint, calibrate};
use voltammetry::cv::PeakKind;
use voltammetry::cv::scan_rate::{self, ScanRatePeak};
use voltammetry::frequency_map::{FrequencyMap, MapInput, PairSettings, compare, propose_pair};
use voltammetry::trend::{
    Baseline, BaselineModel, OutlierSettings, Reference, SeriesPoint, TrendInput, TrendSettings, outlier_flags, trends,
};

use crate::sweeps::noise;
use crate::timing::cost;

/// Transients, maps, trends, calibration.
pub fn table() -> String {
    let mut rows: Vec<(&str, String)> = Vec::new();

    let decay = transient(|t| 3e-6 * (-t / 2e-3).exp() + 1e-6 * (-t / 2e-2).exp());
    for (name, model) in [
        ("CA: one exponential, 500 points", DecayModel::Mono),
        ("CA: two exponentials, 500 points", DecayModel::Bi),
    ] {
        let settings = CaSettings {
            model,
            fit_range_s: None,
        };
        rows.push((name, cost(|| fit_decay(black_box(&decay), &settings))));
    }
    let diffusion = transient(|t| 1e-8 / t.max(1e-4).sqrt());
    rows.push((
        "CA: Cottrell region, 500 points",
        cost(|| cottrell(black_box(&diffusion), &CottrellSettings::default())),
    ));

    let (first, second) = (map(1.0), map(1.6));
    rows.push((
        "frequency map of 20 frequencies and 8 electrodes",
        cost(|| FrequencyMap::new(black_box(&first))),
    ));
    let (first, second) = (FrequencyMap::new(&first), FrequencyMap::new(&second));
    rows.push(("two of them compared", cost(|| compare(black_box(&first), &second))));
    let comparison = compare(&first, &second);
    rows.push((
        "pair for KDM",
        cost(|| propose_pair(black_box(&comparison), &PairSettings::default())),
    ));
    let peaks = scan_rates();
    rows.push((
        "scan-rate study of 10 rates",
        cost(|| scan_rate::study(black_box(&peaks))),
    ));

    let inputs = trend_inputs();
    let reference = Reference::At {
        low: Some(1e-7),
        high: Some(2e-7),
    };
    rows.push((
        "trends of 1,000 indices",
        cost(|| trends(black_box(&inputs), reference, &TrendSettings::default())),
    ));
    let values: Vec<Option<f64>> = inputs.iter().map(|input| input.high).collect();
    rows.push((
        "outlier flags of 1,000 numbers",
        cost(|| outlier_flags(black_box(&values), 0..values.len(), &OutlierSettings::default())),
    ));
    let drift = drifting();
    rows.push((
        "exponential baseline of 100 numbers",
        cost(|| Baseline::fit(black_box(&drift), (0, 99), BaselineModel::Exponential)),
    ));
    let points = titration();
    rows.push((
        "calibration of 8 concentrations",
        cost(|| calibrate(black_box(&points), &CalibrationSettings::default())),
    ));
    let calibration = calibrate(&points, &CalibrationSettings::default()).unwrap();
    rows.push((
        "concentration of one value, with its interval",
        cost(|| calibration.concentration(black_box(127.0))),
    ));

    let mut table = "| Series | Cost |\n|---|---|\n".to_owned();
    for (name, cost) in rows {
        writeln!(table, "| {name} | {cost} |").unwrap();
    }
    table
}

/// 50 ms in steps of 0.1 ms, with noise of 5 nA.
fn transient(current_a: impl Fn(f64) -> f64) -> Transient {
    let mut noise = noise();
    let time_s: Vec<f64> = (1..=500).map(|k| 1e-4 * f64::from(k)).collect();
    let current_a = time_s.iter().map(|t| current_a(*t) + 5e-9 * noise()).collect();
    Transient::new(time_s, current_a).unwrap()
}

/// A map whose current falls off above `corner` times 100 Hz.
fn map(corner: f64) -> Vec<MapInput> {
    (0..20)
        .flat_map(|step| {
            let frequency_hz = 10.0 * 1.3f64.powi(step);
            (1..=8).map(move |electrode| MapInput {
                electrode: Some(electrode),
                frequency_hz: Some(frequency_hz),
                peak_current_a: Some(
                    1e-9 * (1.0 + 0.05 * f64::from(electrode)) * frequency_hz
                        / (1.0 + (frequency_hz / (100.0 * corner)).powi(2))
                        / corner,
                ),
                peak_potential_v: Some(-0.3),
            })
        })
        .collect()
}

fn scan_rates() -> Vec<ScanRatePeak> {
    (1..=10)
        .flat_map(|k| {
            let scan_rate_v_s = 0.02 * f64::from(k);
            [(PeakKind::Anodic, 1.0), (PeakKind::Cathodic, -1.0)].map(|(kind, sign)| ScanRatePeak {
                scan_rate_v_s,
                kind,
                peak_current_a: sign * 1e-6 * scan_rate_v_s.sqrt(),
            })
        })
        .collect()
}

fn trend_inputs() -> Vec<TrendInput> {
    let mut noise = noise();
    (1..=1000)
        .map(|index| TrendInput {
            index,
            x: f64::from(index),
            low: Some(1e-7 * (1.0 - 1e-4 * f64::from(index) + 1e-3 * noise())),
            high: Some(2e-7 * (1.0 + 1e-4 * f64::from(index) + 1e-3 * noise())),
        })
        .collect()
}

fn drifting() -> Vec<SeriesPoint> {
    let mut noise = noise();
    (0..100)
        .map(|index| SeriesPoint {
            index,
            x: f64::from(index),
            value: Some(1.0 + 0.3 * (-f64::from(index) / 15.0).exp() + 1e-3 * noise()),
        })
        .collect()
}

fn titration() -> Vec<TitrationPoint> {
    let mut noise = noise();
    [0.0, 1e-7, 3e-7, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4]
        .iter()
        .map(|&c| TitrationPoint::single(c, 100.0 + 60.0 * c / (c + 5e-6) + 0.3 * noise()))
        .collect()
}
