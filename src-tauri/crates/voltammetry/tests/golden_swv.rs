//! The compatible method against what the earlier program computes, case by case.
#![cfg(reference_data)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and print what they compare"
)]

mod evidence;

use evidence::legacy_table::{self, Layout};
use serde::Deserialize;

use voltammetry::swv::{
    self, Hampel, Polarity, Quantity, SavitzkyGolay, SwvAnalysis, SwvCurves, SwvMethod, SwvReason, SwvSettings,
    SwvStatus,
};

#[derive(Deserialize)]
struct Case {
    name: String,
    input: String,
    params: Params,
    selected_electrode: Option<usize>,
    result: Expected,
}

#[derive(Deserialize)]
struct Params {
    voltage_column: usize,
    current_column: usize,
    spacing_index: usize,
    num_electrodes: usize,
    #[serde(rename = "SelectedOptions")]
    selected_options: String,
    polyfit_deg: usize,
    voltage_units: String,
    current_units: String,
    hampel_mode: String,
    hampel_window: Option<usize>,
    hampel_threshold: Option<f64>,
    sg_mode: String,
    sg_window: Option<usize>,
    sg_degree: Option<usize>,
    peak_min_voltage: Option<f64>,
    peak_max_voltage: Option<f64>,
}

#[derive(Deserialize)]
struct Expected {
    #[serde(rename = "EXCEPTION")]
    exception: Option<String>,
    #[serde(default)]
    status: String,
    warning_type: Option<String>,
    message: Option<String>,
    #[serde(default)]
    potentials: Vec<f64>,
    #[serde(default)]
    raw_currents: Vec<f64>,
    #[serde(default)]
    smoothed_currents: Vec<f64>,
    #[serde(default)]
    regression_line: Vec<f64>,
    peak_value: Option<f64>,
    #[serde(default)]
    auc_vertices: Vec<(f64, f64)>,
    #[serde(default)]
    peak_info: PeakInfo,
    #[serde(default)]
    filter_params: FilterParams,
    #[serde(default)]
    qc_metrics: QcMetrics,
}

#[derive(Deserialize, Default)]
struct PeakInfo {
    peak_potential: Option<f64>,
    peak_current: Option<f64>,
    baseline_current: Option<f64>,
    peak_height: Option<f64>,
    baseline_left: Option<Point>,
    baseline_right: Option<Point>,
}

#[derive(Deserialize, Clone, Copy)]
struct Point {
    potential: f64,
    current: f64,
}

#[derive(Deserialize, Default)]
struct FilterParams {
    hampel_window: Option<usize>,
    hampel_threshold: Option<f64>,
    sg_window: Option<usize>,
    sg_degree: Option<usize>,
    fwhm: Option<f64>,
}

#[derive(Deserialize, Default)]
struct QcMetrics {
    snr_improvement: Option<f64>,
    peak_retention: Option<f64>,
    residual_metric: Option<f64>,
    qc_status: Option<String>,
}

/// Counts compared numbers and holds what rounding noise means in a case.
struct Comparison<'a> {
    case: &'a str,
    relative: f64,
    /// Differences below this are rounding of the input's own size (1e-15 of the largest current or potential).
    absolute: f64,
    compared: usize,
}

impl Comparison<'_> {
    fn number(&mut self, field: &str, found: f64, expected: f64) {
        let limit = self.relative * expected.abs() + self.absolute;
        assert!(
            (found - expected).abs() <= limit,
            "{} {field}: found {found:e}, expected {expected:e}, difference {:e}",
            self.case,
            found - expected
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

fn settings(params: &Params, volt: f64) -> SwvSettings {
    SwvSettings {
        method: SwvMethod::SacmesWeb,
        quantity: if params.selected_options.starts_with("Area") {
            Quantity::Area
        } else {
            Quantity::Height
        },
        range_v: params
            .peak_min_voltage
            .zip(params.peak_max_voltage)
            .map(|(low, high)| (low * volt, high * volt)),
        polynomial_degree: params.polyfit_deg,
        hampel: match params.hampel_mode.as_str() {
            "auto" => Hampel::Auto,
            "manual" => Hampel::Manual {
                window: params.hampel_window.unwrap_or(5),
                threshold: params.hampel_threshold.unwrap_or(3.0),
            },
            _ => Hampel::Off,
        },
        savgol: match params.sg_mode.as_str() {
            "auto" => SavitzkyGolay::Auto,
            "manual" => SavitzkyGolay::Manual {
                window: params.sg_window.unwrap_or(5),
                degree: params.sg_degree.unwrap_or(2),
            },
            _ => SavitzkyGolay::Off,
        },
        ..SwvSettings::default()
    }
}

#[test]
fn every_case_agrees_with_the_earlier_program() {
    let text = evidence::text("golden/swv_cases.json");
    let cases: Vec<Case> = serde_json::from_str(&text).unwrap();
    let (mut analysed, mut refused, mut numbers) = (0, 0, 0);
    for case in &cases {
        let params = &case.params;
        let (volt, ampere) = (
            legacy_table::unit(&params.voltage_units),
            legacy_table::unit(&params.current_units),
        );
        let layout = Layout {
            potential: params.voltage_column - 1,
            current: params.current_column - 1,
            spacing: params.spacing_index,
            electrodes: params.num_electrodes,
        };
        let table = legacy_table::read(&case.input, &layout);
        if case
            .result
            .message
            .as_deref()
            .is_some_and(|message| message.starts_with("Electrode validation failed"))
        {
            // Whether a file has the electrode is the reader's business: the analysis never sees such a sweep.
            assert!(
                case.selected_electrode.unwrap() >= table.detected_electrodes(),
                "{}",
                case.name
            );
            refused += 1;
            continue;
        }
        let sweep = table.sweep(case.selected_electrode, volt, ampere);
        let (found, curves) = swv::analyze_with_curves(&sweep, &settings(params, volt));
        assert_eq!(
            found,
            swv::analyze(&sweep, &settings(params, volt)),
            "{}: curves change the result",
            case.name
        );

        let largest = sweep
            .current_a()
            .iter()
            .fold(0.0f64, |most, current| most.max(current.abs()));
        let mut compare = Comparison {
            case: &case.name,
            relative: if case.name == "auc_deg15" { 1e-6 } else { 1e-9 },
            absolute: 4e-15 * largest,
            compared: 0,
        };
        if compare_case(case, &found, &curves, &mut compare) {
            analysed += 1;
        } else {
            refused += 1;
        }
        numbers += compare.compared;
    }
    assert_eq!(analysed + refused, cases.len());
    assert!(analysed >= 24 && numbers > 8_000, "{analysed} cases, {numbers} numbers");
    println!("golden SWV: {analysed} analyses compared in {numbers} numbers, {refused} refusals with a typed reason");
}

/// Compares one case; `false` if it is one that cannot be analysed.
fn compare_case(case: &Case, found: &SwvAnalysis, curves: &SwvCurves, compare: &mut Comparison<'_>) -> bool {
    let expected = &case.result;
    let name = &case.name;
    let warning = expected.warning_type.as_deref();
    let (status, reason) = match (expected.exception.is_some(), expected.status.as_str(), warning) {
        (true, _, _) => (SwvStatus::Failed, Some(SwvReason::NoPointsInRange)),
        (_, "error", _) => (SwvStatus::Failed, Some(SwvReason::TooShortForSmoothing)),
        (_, _, Some("no_data")) => (SwvStatus::Failed, Some(SwvReason::NoPoints)),
        (_, _, Some("insufficient_points_for_derivative")) => (SwvStatus::Warning, Some(SwvReason::TooFewPoints)),
        (_, _, Some("no_derivative_peak")) => (SwvStatus::Warning, Some(SwvReason::NoDerivativePeak)),
        (_, _, Some("peak_outside_hull_fallback")) => (SwvStatus::Warning, Some(SwvReason::PeakOutsideHull)),
        (_, _, None) => (SwvStatus::Ok, None),
        (_, _, Some(other)) => panic!("{name}: unknown warning {other}"),
    };
    let found_peak = [found.peak_current_a, found.peak_potential_v, found.baseline_current_a];
    if name == "constant" {
        // A "peak" of 2.5e-21 A on 1e-6 A is the rounding of one particular library: nothing but rounding may be found.
        assert!(
            found.peak_current_a.is_none_or(|height| height.abs() < 1e-20),
            "{found:?}"
        );
    } else {
        assert_eq!((found.status, found.reason), (status, reason), "{name}");
    }
    if status == SwvStatus::Failed {
        assert_eq!(found_peak, [None; 3], "{name}");
        return false;
    }

    compare.list("potentials", &curves.potential_v, &expected.potentials);
    compare.list("raw_currents", &curves.raw_a, &expected.raw_currents);
    compare.list("smoothed_currents", &curves.smoothed_a, &expected.smoothed_currents);
    // Its width 0, of negative currents, is missing here.
    let width_v = expected.filter_params.fwhm.filter(|width| *width > 0.0);
    compare.option("fwhm", found.fwhm_v, width_v);
    assert_eq!(
        found.filters.hampel_window, expected.filter_params.hampel_window,
        "{name}"
    );
    assert_eq!(
        found.filters.hampel_threshold, expected.filter_params.hampel_threshold,
        "{name}"
    );
    assert_eq!(found.filters.savgol_window, expected.filter_params.sg_window, "{name}");
    assert_eq!(found.filters.savgol_degree, expected.filter_params.sg_degree, "{name}");

    let metrics = found.metrics.unwrap();
    // The steps of a straight or constant sweep scatter by rounding alone, and so does the ratio of two such scatters.
    if !["monotonic", "constant"].contains(&name.as_str()) {
        compare.option(
            "snr_improvement",
            Some(metrics.snr_improvement),
            expected.qc_metrics.snr_improvement,
        );
    }
    compare.option(
        "peak_retention",
        Some(metrics.peak_retention),
        expected.qc_metrics.peak_retention,
    );
    let limit = compare.absolute;
    compare.absolute = 4e-15;
    compare.option(
        "residual_metric",
        Some(metrics.residual),
        expected.qc_metrics.residual_metric,
    );
    compare.absolute = limit;
    assert_eq!(
        Some(found.quality.code()),
        expected.qc_metrics.qc_status.as_deref(),
        "{name}"
    );
    if name == "constant" {
        return true;
    }

    let info = &expected.peak_info;
    if case.params.selected_options.starts_with("Area") {
        assert_eq!(found_peak, [None; 3], "{name}");
        compare.option("area", found.area_va, expected.peak_value);
        let above: Vec<f64> = curves
            .smoothed_a
            .iter()
            .zip(&curves.baseline_a)
            .map(|(s, b)| (s - b).max(0.0))
            .collect();
        let polygon: Vec<f64> = expected
            .auc_vertices
            .iter()
            .take(above.len())
            .map(|vertex| vertex.1)
            .collect();
        if compare.relative > 1e-9 {
            // What is left above the fit is a small difference: the tolerance is that of the fit itself.
            compare.absolute = compare.relative * found_scale(curves);
        }
        compare.list("auc_vertices", &above, &polygon);
    } else if info.peak_height.is_some() {
        compare.option("peak_value", found.peak_current_a, expected.peak_value);
        compare.option("peak_height", found.peak_current_a, info.peak_height);
        compare.option("peak_potential", found.peak_potential_v, info.peak_potential);
        compare.option("baseline_current", found.baseline_current_a, info.baseline_current);
        let summit = found.baseline_current_a.unwrap() + found.peak_current_a.unwrap();
        compare.option("peak_current", Some(summit), info.peak_current);
        match expected.peak_value {
            Some(height) if height > 0.0 => assert_eq!(found.polarity, Some(Polarity::Up), "{name}"),
            Some(height) if height < 0.0 => assert_eq!(found.polarity, Some(Polarity::Down), "{name}"),
            _ => {}
        }
        for (field, found, expected) in [
            ("baseline_left", curves.baseline_left, info.baseline_left),
            ("baseline_right", curves.baseline_right, info.baseline_right),
        ] {
            compare.option(field, found.map(|end| end.0), expected.map(|end| end.potential));
            compare.option(field, found.map(|end| end.1), expected.map(|end| end.current));
        }
    } else {
        assert_eq!(found_peak, [None; 3], "{name}");
    }
    if status == SwvStatus::Ok || reason == Some(SwvReason::PeakOutsideHull) {
        compare.list("regression_line", &curves.baseline_a, &expected.regression_line);
    }
    true
}

fn found_scale(curves: &SwvCurves) -> f64 {
    curves
        .smoothed_a
        .iter()
        .fold(0.0, |most, current| most.max(current.abs()))
}
