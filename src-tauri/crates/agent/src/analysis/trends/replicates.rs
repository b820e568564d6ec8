//! Replicates: neighbouring indices of a trend as one point with its spread.

use protocol::settings::MeasuredResponse;
use serde::Serialize;
use voltammetry::trend::ReplicateValue;

use super::TrendRow;

/// The spread of the numbers of a group, beside their means in the row. With fewer than two numbers there is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spread {
    /// Scans of the group that gave a KDM, or a normalised value where there is one frequency.
    pub replicates: u32,
    /// Sample standard deviations.
    pub normalized_low_sd: Option<f64>,
    /// As above.
    pub normalized_high_sd: Option<f64>,
    /// As above.
    pub ratio_sd: Option<f64>,
    /// As above.
    pub kdm_sd: Option<f64>,
    /// Standard error of the mean KDM.
    pub kdm_se: Option<f64>,
    /// Sample standard deviation.
    pub drift_corrected_sd: Option<f64>,
}

/// First index of the group that an index belongs to. Groups count from index 1; a series that begins with 0 has one more
/// in its first group.
pub fn first_of_group(index: u32, size: u32) -> u32 {
    index.saturating_sub(1) / size.max(1) * size.max(1) + 1
}

/// Rows of one electrode in ascending index as one row per group: means, and their spread. Membership follows the index, so
/// that a missing scan makes its group smaller and shifts no other.
pub fn grouped(rows: &[TrendRow], size: u32, response: MeasuredResponse) -> Vec<TrendRow> {
    rows.chunk_by(|a, b| a.electrode == b.electrode && first_of_group(a.index, size) == first_of_group(b.index, size))
        .map(|group| group_row(group, size, response))
        .collect()
}

fn group_row(group: &[TrendRow], size: u32, response: MeasuredResponse) -> TrendRow {
    let over = |number: fn(&TrendRow) -> Option<f64>| ReplicateValue::of(group.iter().map(number).collect::<Vec<_>>());
    let (low, high) = (over(|row| row.normalized_low), over(|row| row.normalized_high));
    let (ratio, kdm) = (over(|row| row.ratio), over(|row| row.kdm));
    let corrected = over(|row| row.drift_corrected);
    let with_response = group.iter().filter(|row| row.response(response).is_some()).count();
    let first = &group[0];
    // A group without any response says why by its first scan; one that has some, why they could not be corrected.
    let telling = group
        .iter()
        .find(|row| with_response == 0 || row.response(response).is_some());
    TrendRow {
        index: first_of_group(first.index, size),
        time: group.iter().find_map(|row| row.time.clone()),
        x: over(|row| row.x).mean,
        normalized_low: low.mean,
        normalized_high: high.mean,
        ratio: ratio.mean,
        kdm: kdm.mean,
        drift_corrected: corrected.mean,
        time_not_later: group.iter().any(|row| row.time_not_later),
        reason: telling
            .and_then(|row| row.reason.clone())
            .filter(|_| with_response == 0 || corrected.count == 0),
        spread: Some(Spread {
            replicates: kdm.count.max(low.count.min(high.count)),
            normalized_low_sd: low.standard_deviation,
            normalized_high_sd: high.standard_deviation,
            ratio_sd: ratio.standard_deviation,
            kdm_sd: kdm.standard_deviation,
            kdm_se: kdm.standard_error,
            drift_corrected_sd: corrected.standard_deviation,
        }),
        ..first.clone()
    }
}
