//! Trends of measurements that are at hand, whether or not they belong to a session.

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

fn series_row(m: &Measurement) -> SeriesRow {
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
