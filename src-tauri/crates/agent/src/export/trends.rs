//! The trends as a table: a row per electrode and index, with the fields that `sacmes trends` prints as columns.

use std::io::Write;

use protocol::refusal::Refusal;

use super::tidy::cell;
use super::{ExportError, Exporting, Written};
use crate::analysis::{TREND_FIELDS, TrendRow};
use crate::querying::{without_index, without_trends};

/// What groups of replicates have beside them.
pub const SPREAD_FIELDS: [&str; 7] = [
    "replicates",
    "normalized_low_sd",
    "normalized_high_sd",
    "ratio_sd",
    "kdm_sd",
    "kdm_se",
    "drift_corrected_sd",
];

/// The trends of the selected electrodes and indices.
///
/// # Errors
/// The store cannot be read.
pub fn selected(exporting: &Exporting<'_>) -> Result<Vec<TrendRow>, ExportError> {
    let (selection, session) = (exporting.selection, exporting.row.summary.session);
    let mut trends = crate::querying::trends(exporting.store, session, selection.first_index, selection.last_index)?;
    let chosen = &selection.electrodes;
    trends.retain(|t| chosen.is_empty() || t.electrode.is_some_and(|electrode| chosen.contains(&electrode)));
    Ok(trends)
}

/// Writes them as CSV (RFC 4180, `\r\n`); a missing number is an empty cell.
///
/// # Errors
/// There are none, the store cannot be read, and what the destination reports.
pub fn write(exporting: &Exporting<'_>, to: &mut impl Write) -> Result<u64, ExportError> {
    if let Some(refusal) = without_trends(exporting.store, &exporting.row)? {
        return Err(refusal.into());
    }
    if !exporting.selection.frequencies_hz.is_empty() {
        return Err(Refusal::new(
            "trends_of_all_frequencies",
            "A trend is about the low and the high frequency together, so that its table has no choice of frequencies.",
            "Leave the frequencies away; trend.low_frequency_hz and trend.high_frequency_hz say which two they are.",
        )
        .into());
    }
    let trends = selected(exporting)?;
    if trends.is_empty() {
        if let Some(refusal) = without_index(exporting.store, &exporting.row)? {
            return Err(refusal.into());
        }
        return Err(ExportError::Nothing(exporting.row.summary.name.clone()));
    }
    exporting.check()?;
    table(to, &trends).map_err(Written::from)?;
    Ok(trends.len() as u64)
}

/// The fields that rows of these trends have.
pub fn fields(trends: &[TrendRow]) -> Vec<&'static str> {
    let has_groups = trends.iter().any(|row| row.spread.is_some());
    let spread = SPREAD_FIELDS.iter().filter(|_| has_groups);
    TREND_FIELDS.iter().chain(spread).copied().collect()
}

fn table(to: &mut impl Write, trends: &[TrendRow]) -> std::io::Result<()> {
    let fields = fields(trends);
    let mut csv = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(to);
    csv.write_record(&fields)?;
    for row in trends {
        let object = serde_json::to_value(row)?;
        csv.write_record(fields.iter().map(|field| cell(object.get(*field))))?;
    }
    csv.flush()
}
