//! The compatible CV method against what the earlier program computes, case by case.
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

use evidence::legacy_table::{self, Layout};
use serde::Deserialize;

use voltammetry::Sweep;
use voltammetry::cv::{
    self, CvAnalysis, CvCurves, CvMethod, CvReason, CvSegmentResult, CvSettings, CvStatus, MassTransport,
    PotentialSweep,
};
use voltammetry::swv::SavitzkyGolay;

#[derive(Deserialize)]
struct Case {
    name: String,
    input: String,
    params: Params,
    segments: Segments,
    result: Expected,
}

#[derive(Deserialize)]
struct Params {
    voltage_column: usize,
    current_column: usize,
    spacing_index: usize,
    num_electrodes: usize,
    scan_rate: f64,
    forward_segment: Option<u32>,
    reverse_segment: Option<u32>,
    low_voltage: f64,
    high_voltage: f64,
    peak_min_voltage: Option<f64>,
    peak_max_voltage: Option<f64>,
    mass_transport: String,
    sg_mode: String,
    sg_window: Option<usize>,
    sg_degree: Option<usize>,
    probe_voltages: Vec<f64>,
}

#[derive(Deserialize)]
struct Segments {
    status: String,
    #[serde(default, rename = "forward_segments")]
    forward: Vec<u32>,
    #[serde(default)]
    segment_info: BTreeMap<u32, Info>,
}

#[derive(Deserialize)]
struct Info {
    direction: String,
    points: usize,
    potential_range: (f64, f64),
    first3: Vec<f64>,
    last3_currents: Vec<f64>,
}

#[derive(Deserialize)]
struct Expected {
    status: String,
    #[serde(default)]
    forward: Side,
    #[serde(default)]
    reverse: Side,
    peak_separation: Option<f64>,
    probe_data: Option<Probes>,
}

#[derive(Deserialize, Default)]
struct Side {
    #[serde(default)]
    potentials: Vec<f64>,
    #[serde(default)]
    currents: Vec<f64>,
    #[serde(default)]
    baseline: Vec<f64>,
    #[serde(default)]
    corrected_currents: Vec<f64>,
    peak_potential: Option<f64>,
    peak_current: Option<f64>,
    charge: Option<f64>,
    peak_width: Option<f64>,
    half_peak_potential: Option<f64>,
}

#[derive(Deserialize)]
struct Probes {
    forward: Vec<Probe>,
    reverse: Vec<Probe>,
}

#[derive(Deserialize)]
struct Probe {
    probe_voltage: f64,
    current: f64,
}

/// Counts compared numbers; relative tolerance 1e-9, and the rounding of the input's own size.
struct Comparison<'a> {
    case: &'a str,
    absolute: f64,
    compared: usize,
}

impl Comparison<'_> {
    fn number(&mut self, field: &str, found: f64, expected: f64) {
        let limit = 1e-9 * expected.abs() + self.absolute;
        assert!(
            (found - expected).abs() <= limit,
            "{} {field}: found {found:e}, expected {expected:e}",
            self.case
        );
        self.compared += 1;
    }

    fn option(&mut self, field: &str, found: Option<f64>, expected: Option<f64>) {
        match (found, expected) {
            (Some(found), Some(expected)) => self.number(field, found, expected),
            (None, None) => self.compared += 1,
            _ => panic!("{} {field}: found {found:?}, expected {expected:?}", self.case),
        }
    }

    fn list(&mut self, field: &str, found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len(), "{} {field}: length", self.case);
        for (found, expected) in found.iter().zip(expected) {
            self.number(field, *found, *expected);
        }
    }
}

fn settings(params: &Params) -> CvSettings {
    CvSettings {
        method: CvMethod::SacmesWeb,
        scan_rate_v_s: Some(params.scan_rate),
        mass_transport: match params.mass_transport.as_str() {
            "surface" => MassTransport::Surface,
            "solution" => MassTransport::Solution,
            other => panic!("unknown mass transport {other}"),
        },
        forward_segment: params.forward_segment,
        reverse_segment: params.reverse_segment,
        // That program cuts by both limits one after the other.
        range_v: Some((
            params
                .peak_min_voltage
                .unwrap_or(params.low_voltage)
                .max(params.low_voltage),
            params
                .peak_max_voltage
                .unwrap_or(params.high_voltage)
                .min(params.high_voltage),
        )),
        probes_v: params.probe_voltages.clone(),
        savgol: match params.sg_mode.as_str() {
            "auto" => SavitzkyGolay::Auto,
            "manual" => SavitzkyGolay::Manual {
                window: params.sg_window.unwrap(),
                degree: params.sg_degree.unwrap(),
            },
            "disabled" => SavitzkyGolay::Off,
            other => panic!("unknown smoothing {other}"),
        },
        ..CvSettings::default()
    }
}

#[test]
fn every_case_agrees_with_the_earlier_program() {
    let text = evidence::text("golden/cv_cases.json");
    let cases: Vec<Case> = serde_json::from_str(&text).unwrap();
    let (mut numbers, mut refused) = (0, 0);
    for case in &cases {
        let params = &case.params;
        let layout = Layout {
            potential: params.voltage_column - 1,
            current: params.current_column - 1,
            spacing: params.spacing_index,
            electrodes: params.num_electrodes,
        };
        // That program analyses the mean of all electrodes, whichever was selected.
        let sweep = legacy_table::read(&case.input, &layout).sweep(None, 1.0, 1.0);
        let settings = settings(params);
        let (found, curves) = cv::analyze_with_curves(&sweep, None, &settings);
        assert_eq!(
            found,
            cv::analyze(&sweep, None, &settings),
            "{}: curves change the result",
            case.name
        );
        if case.result.status == "error" {
            assert_eq!(case.segments.status, "error");
            assert_eq!(
                (found.status, found.reason),
                (CvStatus::Failed, Some(CvReason::NoSweep))
            );
            assert!(found.segments.is_empty() && found.results.is_empty());
            refused += 1;
            continue;
        }
        let largest = sweep
            .current_a()
            .iter()
            .fold(0.0f64, |most, current| most.max(current.abs()));
        let mut compare = Comparison {
            case: &case.name,
            // Where the baseline touches, what is left is the rounding of the currents; a line through the first points,
            // extrapolated to all others, multiplies that of its slope.
            absolute: largest
                * if settings.mass_transport == MassTransport::Solution {
                    2e-13
                } else {
                    2e-14
                },
            compared: 0,
        };
        compare_segments(case, &found, &sweep, &mut compare);
        compare_sides(case, &found, &curves, &mut compare);
        numbers += compare.compared;
    }
    assert_eq!((cases.len(), refused), (18, 1));
    assert!(numbers > 20_000, "{numbers}");
    println!(
        "golden CV: {} cases compared in {numbers} numbers, {refused} refused with a typed reason",
        cases.len()
    );
}

fn compare_segments(case: &Case, found: &CvAnalysis, sweep: &Sweep, compare: &mut Comparison<'_>) {
    assert_eq!(found.segments.len(), case.segments.segment_info.len(), "{}", case.name);
    for segment in &found.segments {
        let info = &case.segments.segment_info[&segment.number];
        assert_eq!(segment.points(), info.points, "{} {}", case.name, segment.number);
        let direction = match segment.sweep {
            PotentialSweep::Rising => "Positive",
            PotentialSweep::Falling => "Negative",
        };
        assert_eq!(direction, info.direction);
        assert_eq!(
            segment.direction.code() == "forward",
            case.segments.forward.contains(&segment.number)
        );
        let potentials = &sweep.potential_v()[segment.first..=segment.last];
        let currents = &sweep.current_a()[segment.first..=segment.last];
        let low = potentials.iter().copied().fold(f64::INFINITY, f64::min);
        let high = potentials.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        compare.list(
            "potential_range",
            &[low, high],
            &[info.potential_range.0, info.potential_range.1],
        );
        compare.list("first3", &potentials[..3], &info.first3);
        compare.list("last3", &currents[currents.len() - 3..], &info.last3_currents);
    }
}

fn compare_sides(case: &Case, found: &CvAnalysis, curves: &[CvCurves], compare: &mut Comparison<'_>) {
    let expected = &case.result;
    let [forward, reverse] = &found.results[..] else {
        panic!("{}: {} results", case.name, found.results.len());
    };
    compare_side(forward, &expected.forward, curves, compare);
    compare_side(reverse, &expected.reverse, curves, compare);
    compare.option(
        "peak_separation",
        found.pairs[0].peak_separation_v,
        expected.peak_separation,
    );
    let Some(probes) = &expected.probe_data else { return };
    for (result, expected) in [(forward, &probes.forward), (reverse, &probes.reverse)] {
        assert_eq!(result.probes.len(), expected.len());
        for (found, expected) in result.probes.iter().zip(expected) {
            compare.number("probe_voltage", found.potential_v, expected.probe_voltage);
            compare.number("probe current", found.current_a.unwrap(), expected.current);
        }
    }
}

fn compare_side(found: &CvSegmentResult, expected: &Side, curves: &[CvCurves], compare: &mut Comparison<'_>) {
    compare.option("peak_current", found.peak_current_a, expected.peak_current);
    compare.option("peak_potential", found.peak_potential_v, expected.peak_potential);
    compare.option("charge", found.charge_c, expected.charge);
    compare.option("peak_width", found.peak_width_v, expected.peak_width);
    compare.option(
        "half_peak_potential",
        found.half_peak_potential_v,
        expected.half_peak_potential,
    );
    if expected.peak_current.is_none() {
        assert_eq!(
            (found.status, found.reason),
            (CvStatus::Failed, Some(CvReason::NoPointsInRange))
        );
        return;
    }
    let drawn = curves.iter().find(|curves| curves.segment == found.segment).unwrap();
    compare.list("potentials", &drawn.potential_v, &expected.potentials);
    compare.list("currents", &drawn.raw_a, &expected.currents);
    compare.list("baseline", &drawn.baseline_a, &expected.baseline);
    let corrected: Vec<f64> = drawn
        .smoothed_a
        .iter()
        .zip(&drawn.baseline_a)
        .map(|(s, b)| s - b)
        .collect();
    compare.list("corrected_currents", &corrected, &expected.corrected_currents);
}
