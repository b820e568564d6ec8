//! One row per measurement: CSV with the names of the measurement object as columns, and JSON Lines.

use std::io::Write;

use protocol::measurement::Measurement;
use protocol::settings::{PeakMethod, Settings, Technique};
use serde_json::Value;

/// The columns that every technique has: the fields of the measurement object, in this order.
const CSV_COLUMNS: [&str; 24] = [
    "measurement",
    "session",
    "revision",
    "file",
    "file_revision",
    "electrode",
    "frequency_hz",
    "index",
    "time",
    "time_source",
    "method",
    "status",
    "reason",
    "message",
    "peak_current_a",
    "peak_potential_v",
    "baseline_current_a",
    "area_va",
    "charge_c",
    "fwhm_v",
    "snr",
    "polarity",
    "quality",
    "excluded",
];

/// What stands last in an export of a session in which points are marked by hand.
pub(super) const MARKED_COLUMN: &str = "marked_by_hand";

/// What fitted peaks have beside them.
const FITTED_PEAK_COLUMNS: [&str; 3] = ["peak", "peak_current_error_a", "peak_potential_error_v"];

/// What cyclic voltammetry has beside them.
const CV_COLUMNS: [&str; 13] = [
    "direction",
    "segment",
    "cycle",
    "process",
    "peak_separation_v",
    "half_wave_potential_v",
    "half_peak_potential_v",
    "peak_width_v",
    "peak_ratio",
    "surface_coverage_mol_m2",
    "hysteresis_va",
    "scan_rate_v_s",
    "probes",
];

/// What chronoamperometry has beside them.
const CA_COLUMNS: [&str; 33] = [
    "model",
    "tau1_s",
    "tau2_s",
    "amplitude1_a",
    "amplitude2_a",
    "offset_a",
    "tau1_error_s",
    "tau2_error_s",
    "half_life1_s",
    "half_life2_s",
    "r_squared",
    "cottrell_slope_a_sqrt_s",
    "cottrell_r_squared",
    "step",
    "repeats",
    "step_potential_v",
    "step_start_s",
    "amplitude1_error_a",
    "amplitude2_error_a",
    "offset_error_a",
    "half_life1_error_s",
    "half_life2_error_s",
    "fit_start_s",
    "fit_end_s",
    "fit_points",
    "residual_deviation_a",
    "residual_correlation",
    "cottrell_slope_error_a_sqrt_s",
    "cottrell_intercept_a",
    "cottrell_start_s",
    "cottrell_end_s",
    "diffusion_m2_s",
    "diffusion_error_m2_s",
];

/// The columns of the tidy CSV for these settings: the fields that the measurement object has in their technique.
pub fn csv_columns(settings: &Settings) -> Vec<&'static str> {
    let own: &[&str] = match settings.technique {
        Technique::Swv | Technique::FrequencyMap if settings.peak.method == PeakMethod::Gaussian => {
            &FITTED_PEAK_COLUMNS
        }
        Technique::Swv | Technique::FrequencyMap => &[],
        Technique::Cv => &CV_COLUMNS,
        Technique::Ca => &CA_COLUMNS,
    };
    CSV_COLUMNS.iter().chain(own).copied().collect()
}

/// Writes measurements as CSV (RFC 4180, `\r\n`), with the header first where asked. A missing number is an empty cell.
///
/// # Errors
/// What the destination reports.
pub fn write_csv(
    to: &mut impl Write,
    columns: &[&str],
    measurements: &[Measurement],
    header: bool,
) -> std::io::Result<()> {
    let mut csv = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(to);
    if header {
        csv.write_record(columns)?;
    }
    for measurement in measurements {
        let object = serde_json::to_value(measurement)?;
        for column in columns {
            csv.write_field(cell(object.get(column)))?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()
}

/// A field of the measurement object as the text of a cell.
pub(super) fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(probes)) => {
            let probe = |p: &Value| format!("{}:{}", cell(p.get("potential_v")), cell(p.get("current_a")));
            probes.iter().map(probe).collect::<Vec<_>>().join(" ")
        }
        Some(other) => other.to_string(),
    }
}

/// Writes measurements as JSON Lines.
///
/// # Errors
/// What the destination reports.
pub fn write_jsonl(to: &mut impl Write, measurements: &[Measurement]) -> std::io::Result<()> {
    for measurement in measurements {
        serde_json::to_writer(&mut *to, measurement)?;
        to.write_all(b"\n")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use protocol::ids::{MeasurementId, SessionId};
    use protocol::measurement::{Polarity, Quality, Status, TimeSource};

    use super::*;

    #[test]
    fn a_row_has_every_field_of_the_object_under_its_name() {
        let measurement = Measurement {
            measurement: Some(MeasurementId(7)),
            session: Some(SessionId::default()),
            revision: Some(2),
            file: "a, \"b\"_15Hz_3.txt".to_owned(),
            file_revision: 1,
            electrode: Some(4),
            frequency_hz: Some(15.5),
            index: Some(3),
            time: Some("2026-01-01T00:00:00.000Z".to_owned()),
            time_source: Some(TimeSource::Modified),
            method: Some("tangent".to_owned()),
            status: Status::Warning,
            reason: None,
            message: None,
            peak_current_a: Some(-1.234_567_890_123_456_7e-7),
            peak_potential_v: Some(-0.26),
            baseline_current_a: None,
            area_va: Some(0.0),
            charge_c: None,
            fwhm_v: Some(0.1),
            snr: Some(31.0),
            polarity: Some(Polarity::Down),
            quality: Some(Quality::Pass),
            excluded: false,
            marked_by_hand: None,
            peak: None,
            peak_current_error_a: None,
            peak_potential_error_v: None,
            cv: None,
            ca: None,
        };
        let mut text = Vec::new();
        let columns = csv_columns(&Settings::default());
        write_csv(&mut text, &columns, std::slice::from_ref(&measurement), true).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_slice());
        let columns: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let object = serde_json::to_value(&measurement).unwrap();
        assert_eq!(columns.len(), object.as_object().unwrap().len());
        let row = reader.records().next().unwrap().unwrap();
        for (column, cell) in columns.iter().zip(&row) {
            let wanted = match &object[column] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                // The same number; CSV and JSON may spell it differently.
                Value::Number(number) if number.is_f64() => {
                    assert_eq!(cell.parse::<f64>().ok(), number.as_f64(), "{column}");
                    continue;
                }
                other => other.to_string(),
            };
            assert_eq!(cell, wanted, "{column}");
        }
    }
}
