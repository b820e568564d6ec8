//! One row per measurement: CSV with the names of the measurement object as columns, and JSON Lines.

use std::io::Write;

use protocol::measurement::Measurement;
use serde_json::Value;

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
    let columns = &CSV_COLUMNS;
    let mut csv = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(to);
    if header {
        csv.write_record(columns)?;
    }
    for measurement in measurements {
        let object = serde_json::to_value(measurement).map_err(std::io::Error::other)?;
        let cells = columns.iter().map(|name| match object.get(name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        });
        csv.write_record(cells)?;
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
