//! Trends against what the earlier program computes.
#![cfg(reference_data)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and print what they compare"
)]

mod evidence;

use std::collections::BTreeMap;

use serde::Deserialize;
use voltammetry::trend::{
    MissingReference, Reference, Remainder, ReplicateValue, TrendInput, TrendPoint, TrendSettings, elapsed_s,
    replicate_groups, trends,
};

type Series = BTreeMap<String, f64>;
type Lists = BTreeMap<String, Vec<Option<f64>>>;

#[derive(Deserialize)]
struct Case {
    name: String,
    params: Params,
    raw_peaks: BTreeMap<String, BTreeMap<String, Series>>,
    result: Expected,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Params {
    #[serde(rename = "num_files")]
    num_files: u32,
    normalization_point: u32,
    x_axis_options: Option<String>,
    sample_rate: Option<f64>,
}

#[derive(Deserialize)]
struct Expected {
    x_axis_values: Vec<Option<f64>>,
    normalized_peak_trends: Lists,
    kdm_trend: Vec<Option<f64>>,
}

#[derive(Deserialize)]
struct ViewerCase {
    inputs: ViewerInputs,
    result: Expected,
    grouped_n2: Grouped,
}

#[derive(Deserialize)]
struct ViewerInputs {
    #[serde(rename = "high_200Hz")]
    high: BTreeMap<String, Peak>,
    #[serde(rename = "low_15Hz")]
    low: BTreeMap<String, Peak>,
    num_files: u32,
    normalization_file: u32,
    low_offset: f64,
    low_slope: f64,
}

#[derive(Deserialize)]
struct Peak {
    peak_value: f64,
}

#[derive(Deserialize)]
struct Grouped {
    x_axis_values: Vec<Option<f64>>,
    x_axis_errors: Vec<Option<f64>>,
    peak_current_trends: Lists,
    peak_current_errors: Lists,
    normalized_peak_trends: Lists,
    normalized_peak_errors: Lists,
    kdm_trend: Vec<Option<f64>>,
    kdm_errors: Vec<Option<f64>>,
    num_groups: usize,
    replication: u32,
}

fn same(what: &str, found: impl Iterator<Item = Option<f64>>, expected: &[Option<f64>]) -> usize {
    let found: Vec<Option<f64>> = found.collect();
    assert_eq!(found.len(), expected.len(), "{what}");
    for (at, pair) in found.iter().zip(expected).enumerate() {
        match pair {
            (Some(found), Some(expected)) => {
                assert!(
                    (found - expected).abs() <= 1e-9 * expected.abs(),
                    "{what} {at}: {found} {expected}"
                );
            }
            (None, None) => {}
            _ => panic!("{what} {at}: {pair:?}"),
        }
    }
    found.len()
}

fn inputs(
    files: u32,
    x: impl Fn(u32) -> f64,
    low: impl Fn(u32) -> Option<f64>,
    high: impl Fn(u32) -> Option<f64>,
) -> Vec<TrendInput> {
    (1..=files)
        .map(|index| TrendInput {
            index,
            x: x(index),
            low: low(index),
            high: high(index),
        })
        .collect()
}

fn compare(points: &[TrendPoint], expected: &Expected, minutes: bool) -> usize {
    let unit = if minutes { 60.0 } else { 1.0 };
    same(
        "x",
        points.iter().map(|point| Some(point.x / unit)),
        &expected.x_axis_values,
    ) + same(
        "low",
        points.iter().map(|point| point.normalized_low),
        &expected.normalized_peak_trends["15"],
    ) + same(
        "high",
        points.iter().map(|point| point.normalized_high),
        &expected.normalized_peak_trends["200"],
    ) + same("kdm", points.iter().map(|point| point.kdm), &expected.kdm_trend)
}

#[test]
fn every_server_case_agrees() {
    let text = evidence::text("golden/trend_cases.json");
    let cases: Vec<Case> = serde_json::from_str(&text).unwrap();
    let mut numbers = 0;
    for case in &cases {
        let peaks = &case.raw_peaks["averaged"];
        let at = |frequency: &str, index: u32| peaks[frequency].get(&index.to_string()).copied();
        let timed = case.params.x_axis_options.is_some();
        let interval = case.params.sample_rate.unwrap_or(20.0);
        let x = |index: u32| {
            if timed {
                elapsed_s(index - 1, interval)
            } else {
                f64::from(index)
            }
        };
        let reference = case.params.normalization_point;
        let points = trends(
            &inputs(case.params.num_files, x, |i| at("15", i), |i| at("200", i)),
            Reference::At {
                low: at("15", reference),
                high: at("200", reference),
            },
            &TrendSettings {
                missing_reference: MissingReference::FactorOne,
                ..TrendSettings::default()
            },
        );
        println!("golden trend case {}", case.name);
        numbers += compare(&points, &case.result, timed);
    }
    assert_eq!(cases.len(), 5);
    println!("golden trends: {} cases, {numbers} numbers", cases.len());
}

#[test]
fn the_viewer_case_and_its_groups_agree() {
    let text = evidence::text("golden/viewer_trend_case.json");
    let case: ViewerCase = serde_json::from_str(&text).unwrap();
    let given = &case.inputs;
    let low = |index: u32| given.low.get(&index.to_string()).map(|peak| peak.peak_value);
    let high = |index: u32| given.high.get(&index.to_string()).map(|peak| peak.peak_value);
    let all = inputs(given.num_files, f64::from, low, high);
    let points = trends(
        &all,
        Reference::At {
            low: low(given.normalization_file),
            high: high(given.normalization_file),
        },
        &TrendSettings {
            missing_reference: MissingReference::FactorOne,
            low_offset: given.low_offset,
            low_slope: given.low_slope,
            ..TrendSettings::default()
        },
    );
    let mut numbers = compare(&points, &case.result, false);

    let expected = &case.grouped_n2;
    let groups = replicate_groups(&points, 1, expected.replication, Remainder::Drop);
    assert_eq!(groups.len(), expected.num_groups);
    // The earlier program writes an error of 0 for a single value; here there is none.
    let error = |value: ReplicateValue| {
        if value.count == 1 {
            Some(0.0)
        } else {
            value.standard_error
        }
    };
    numbers += same("x", groups.iter().map(|g| g.x.mean), &expected.x_axis_values);
    numbers += same("x error", groups.iter().map(|g| error(g.x)), &expected.x_axis_errors);
    let (means, errors) = (&expected.normalized_peak_trends, &expected.normalized_peak_errors);
    numbers += same("low", groups.iter().map(|g| g.normalized_low.mean), &means["15"]);
    numbers += same(
        "low error",
        groups.iter().map(|g| error(g.normalized_low)),
        &errors["15"],
    );
    numbers += same("high", groups.iter().map(|g| g.normalized_high.mean), &means["200"]);
    numbers += same(
        "high error",
        groups.iter().map(|g| error(g.normalized_high)),
        &errors["200"],
    );
    numbers += same("kdm", groups.iter().map(|g| g.kdm.mean), &expected.kdm_trend);
    numbers += same("kdm error", groups.iter().map(|g| error(g.kdm)), &expected.kdm_errors);

    for (frequency, value) in [
        ("15", (|p: &TrendInput| p.low) as fn(&TrendInput) -> Option<f64>),
        ("200", |p| p.high),
    ] {
        let groups = || {
            all.chunks_exact(expected.replication as usize)
                .map(|g| ReplicateValue::of(g.iter().map(value)))
        };
        numbers += same(
            "peak",
            groups().map(|g| g.mean),
            &expected.peak_current_trends[frequency],
        );
        numbers += same(
            "peak error",
            groups().map(error),
            &expected.peak_current_errors[frequency],
        );
    }
    println!("golden viewer trend: {numbers} numbers, groups included");
}
