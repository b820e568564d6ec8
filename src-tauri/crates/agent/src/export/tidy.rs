//! One row per measurement: CSV with the names of the measurement object as columns, and JSON Lines.

use std::io::Write;

use protocol::measurement::Measurement;

/// The columns of the tidy CSV: the fields of the measurement object, in this order.
pub const CSV_COLUMNS: [&str; 24] = [
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

/// Writes measurements as CSV (RFC 4180, `\r\n`), with the header first where asked. A missing number is an empty cell.
///
/// # Errors
/// What the destination reports.
pub fn write_csv(to: &mut impl Write, measurements: &[Measurement], header: bool) -> std::io::Result<()> {
    let mut csv = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .has_headers(false)
        .from_writer(to);
    if header {
        csv.write_record(CSV_COLUMNS)?;
    }
    for measurement in measurements {
        csv.serialize(measurement)?;
    }
    csv.flush()
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
        };
        let mut text = Vec::new();
        write_csv(&mut text, std::slice::from_ref(&measurement), true).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_slice());
        let columns: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let object = serde_json::to_value(&measurement).unwrap();
        assert_eq!(columns.len(), object.as_object().unwrap().len());
        let row = reader.records().next().unwrap().unwrap();
        for (column, cell) in columns.iter().zip(&row) {
            let wanted = match &object[column] {
                serde_json::Value::Null => String::new(),
                serde_json::Value::String(text) => text.clone(),
                // The same number; CSV and JSON may spell it differently.
                serde_json::Value::Number(number) if number.is_f64() => {
                    assert_eq!(cell.parse::<f64>().ok(), number.as_f64(), "{column}");
                    continue;
                }
                other => other.to_string(),
            };
            assert_eq!(cell, wanted, "{column}");
        }
    }
}
