//! Trends of measurements that are at hand, whether or not they belong to a session.

use std::collections::BTreeMap;

use protocol::measurement::{Measurement, Status};
use protocol::settings::Settings;

use crate::analysis::{AtHand, TrendRow, trend_rows};
use crate::store::SeriesRow;

/// Trends of these measurements, by the settings.
pub fn trends_of(settings: &Settings, measurements: &[Measurement]) -> Vec<TrendRow> {
    let series = AtHand::of(measurements.iter().map(series_row).collect());
    let Ok(trends) = trend_rows(settings, &series, 0, 0);
    trends
}

/// Normalised values of one frequency by electrode and index, whichever the pair is; the low frequency of the pair with its
/// correction.
pub fn normalized(
    settings: &Settings,
    measurements: &[Measurement],
    frequencies: &[f64],
    frequency_hz: f64,
) -> BTreeMap<(Option<u32>, u32), f64> {
    let low_hz = Some(settings.trend.low_frequency_hz).filter(|hz| *hz > 0.0);
    let is_low = Some(frequency_hz) == low_hz.or(frequencies.first().copied());
    // Trends normalise a pair: this frequency is the high one of it.
    let mut of_frequency = settings.clone();
    of_frequency.trend.high_frequency_hz = frequency_hz;
    of_frequency.trend.replicates = 1;
    let rows = trends_of(&of_frequency, measurements).into_iter();
    rows.filter_map(|row| {
        let value = if is_low {
            row.normalized_low
        } else {
            row.normalized_high
        };
        Some(((row.electrode, row.index), value?))
    })
    .collect()
}

pub(super) fn series_row(m: &Measurement) -> SeriesRow {
    SeriesRow {
        measurement: 0,
        electrode: m.electrode,
        frequency_hz: m.frequency_hz,
        index: m.index,
        time: m.time.clone(),
        time_source: m.time_source,
        modified_ns: None,
        status: match m.status {
            Status::Failed => "failed",
            Status::Ok | Status::Warning => "",
        }
        .to_owned(),
        reason: m.reason.clone(),
        peak_current_a: m.peak_current_a,
        peak_potential_v: m.peak_potential_v,
        baseline_current_a: m.baseline_current_a,
        area_va: m.area_va,
        charge_c: m.charge_c,
        fwhm_v: m.fwhm_v,
        snr: m.snr,
        quality: None,
        excluded: m.excluded,
        revision: 0,
        segment: m.segment(),
        peak: m.peak,
        more: None,
    }
}

#[cfg(test)]
pub mod tests {
    use protocol::measurement::{Measurement, Status};

    /// A measurement with nothing but its place and its height.
    pub fn measurement(electrode: u32, frequency_hz: f64, index: u32, height_a: Option<f64>) -> Measurement {
        let file = crate::analysis::ScanFile {
            name: "scan.txt",
            content: &[],
            modified_ns: 0,
        };
        let facts = crate::analysis::FileFacts {
            frequency_hz: Some(frequency_hz),
            index: Some(index),
            ..Default::default()
        };
        Measurement {
            electrode: Some(electrode),
            status: Status::Ok,
            reason: None,
            message: None,
            peak_current_a: height_a,
            ..crate::analysis::failed_measurement(&file, &facts, "", "")
        }
    }
}
