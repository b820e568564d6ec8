//! Studies over several sessions or sets of files: frequency maps compared, peaks against the scan rate.
//!
//! Whoever has measurements hands them over one by one; the numbers are those of [`voltammetry::frequency_map`] and
//! [`voltammetry::cv::scan_rate`]. What a study does not use is listed with its reason.

mod frequency_maps;
mod scan_rates;
mod stored;

pub use frequency_maps::{MOST_MAPS, MapSource, Maps, OneMap, too_many_maps};
pub use scan_rates::{RateSource, ScanRateFacts};
pub use stored::{frequency_maps, map_source, rate_source, scan_rates};

pub use voltammetry::frequency_map::is_same_frequency;

use protocol::measurement::Measurement;
use protocol::study::{LeftOut, MeanAndSpread};
use voltammetry::trend::ReplicateValue;

fn spread(value: &ReplicateValue) -> MeanAndSpread {
    MeanAndSpread {
        count: value.count,
        mean: value.mean,
        sd: value.standard_deviation,
        se: value.standard_error,
        interval_95: value.interval_95,
    }
}

fn left_out(source: &str, measurement: &Measurement, reason: &str, message: &str) -> LeftOut {
    LeftOut {
        source: source.to_owned(),
        file: measurement.file.clone(),
        electrode: measurement.electrode,
        segment: measurement.segment(),
        reason: reason.to_owned(),
        message: message.to_owned(),
    }
}

/// Left out for what its own analysis said.
fn without_number(source: &str, measurement: &Measurement) -> LeftOut {
    let reason = measurement.reason.as_deref().unwrap_or("no_peak");
    let message = measurement.message.as_deref().unwrap_or("No peak was found.");
    left_out(source, measurement, reason, message)
}
