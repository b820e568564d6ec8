//! The study as rows: JSON Lines, and a table.

use protocol::measurement::PeakProcess;
use protocol::study::{LeftOut, RateLine, RatePeak, RateStudy, Regime, ScanRates};
use serde::Serialize;

use crate::ending::Failure;
use crate::output::Output;

#[derive(Serialize)]
struct Line<'a, T> {
    row: &'static str,
    #[serde(flatten)]
    of: &'a T,
}

/// Studies, then peaks, then what was left out.
pub fn json_lines(output: &mut Output, study: &ScanRates) -> Result<(), Failure> {
    for of in &study.studies {
        output.json_line(&Line::<RateStudy> { row: "study", of })?;
    }
    for of in &study.peaks {
        output.json_line(&Line::<RatePeak> { row: "peak", of })?;
    }
    for of in &study.left_out {
        output.json_line(&Line::<LeftOut> { row: "left_out", of })?;
    }
    Ok(())
}

/// A study with its lines side by side.
#[derive(Serialize)]
struct Row<'a> {
    electrode: Option<u32>,
    process: PeakProcess,
    peaks: u32,
    rates: u32,
    rate_slope_a_s_v: Option<f64>,
    rate_slope_error_a_s_v: Option<f64>,
    rate_intercept_a: Option<f64>,
    rate_intercept_error_a: Option<f64>,
    rate_r_squared: Option<f64>,
    root_slope_a_s05_v05: Option<f64>,
    root_slope_error_a_s05_v05: Option<f64>,
    root_intercept_a: Option<f64>,
    root_intercept_error_a: Option<f64>,
    root_r_squared: Option<f64>,
    log_log_slope: Option<f64>,
    log_log_slope_error: Option<f64>,
    log_log_r_squared: Option<f64>,
    better: Option<Regime>,
    clear: Option<bool>,
    reason: Option<&'a str>,
    diffusion_coefficient_m2_s: Option<f64>,
    diffusion_coefficient_error_m2_s: Option<f64>,
    diffusion_coefficient_reason: Option<&'a str>,
    surface_coverage_mol_m2: Option<f64>,
    surface_coverage_error_mol_m2: Option<f64>,
    surface_coverage_reason: Option<&'a str>,
}

/// One row per electrode and process, with a header; RFC 4180.
pub fn csv(study: &ScanRates) -> Result<Vec<u8>, Failure> {
    let mut csv = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let written = study.studies.iter().try_for_each(|study| csv.serialize(row(study)));
    let failed = |error: std::io::Error| Failure::of_output(&error, "The table");
    written.map_err(|error| failed(error.into()))?;
    csv.into_inner().map_err(|error| failed(error.into_error()))
}

fn row(study: &RateStudy) -> Row<'_> {
    let (rate, root, log_log) = (study.against_rate, study.against_root, study.log_log);
    let of = |line: Option<RateLine>, number: fn(RateLine) -> Option<f64>| line.and_then(number);
    Row {
        electrode: study.electrode,
        process: study.process,
        peaks: study.peaks,
        rates: study.rates,
        rate_slope_a_s_v: rate.map(|line| line.slope),
        rate_slope_error_a_s_v: of(rate, |line| line.slope_error),
        rate_intercept_a: rate.map(|line| line.intercept),
        rate_intercept_error_a: of(rate, |line| line.intercept_error),
        rate_r_squared: of(rate, |line| line.r_squared),
        root_slope_a_s05_v05: root.map(|line| line.slope),
        root_slope_error_a_s05_v05: of(root, |line| line.slope_error),
        root_intercept_a: root.map(|line| line.intercept),
        root_intercept_error_a: of(root, |line| line.intercept_error),
        root_r_squared: of(root, |line| line.r_squared),
        log_log_slope: log_log.map(|line| line.slope),
        log_log_slope_error: of(log_log, |line| line.slope_error),
        log_log_r_squared: of(log_log, |line| line.r_squared),
        better: study.better,
        clear: study.clear,
        reason: study.reason.as_deref(),
        diffusion_coefficient_m2_s: study.diffusion_coefficient_m2_s,
        diffusion_coefficient_error_m2_s: study.diffusion_coefficient_error_m2_s,
        diffusion_coefficient_reason: study.diffusion_coefficient_reason.as_deref(),
        surface_coverage_mol_m2: study.surface_coverage_mol_m2,
        surface_coverage_error_mol_m2: study.surface_coverage_error_mol_m2,
        surface_coverage_reason: study.surface_coverage_reason.as_deref(),
    }
}
