//! Measuring square-wave voltammograms.

use instrument::recording::Recording;
use protocol::measurement::{Measurement, Polarity, Quality, Status};
use voltammetry::Sweep;
use voltammetry::swv::{self, SwvSettings, SwvStatus};

use super::is_grave;

/// Measures one sweep.
pub fn measure(measurement: &mut Measurement, sweep: &Sweep, settings: &SwvSettings, recording: &Recording) {
    let analysis = swv::analyze(sweep, settings);
    measurement.status = match analysis.status {
        SwvStatus::Ok => Status::Ok,
        SwvStatus::Warning => Status::Warning,
        SwvStatus::Failed => Status::Failed,
    };
    measurement.reason = analysis.reason.map(|r| r.code().to_owned());
    let mut sentences: Vec<String> = analysis.reason.iter().map(|r| r.message().to_owned()).collect();
    for reservation in &recording.reservations {
        if is_grave(reservation, measurement.electrode) {
            if measurement.reason.is_none() {
                measurement.status = Status::Warning;
                measurement.reason = Some(reservation.code().to_owned());
            }
            sentences.push(reservation.message());
        }
    }
    measurement.message = (!sentences.is_empty()).then(|| sentences.join(" "));
    measurement.peak_current_a = analysis.peak_current_a;
    measurement.peak_potential_v = analysis.peak_potential_v;
    measurement.baseline_current_a = analysis.baseline_current_a;
    measurement.area_va = analysis.area_va;
    measurement.fwhm_v = analysis.fwhm_v;
    measurement.snr = analysis.snr;
    measurement.polarity = analysis.polarity.map(|p| match p {
        swv::Polarity::Up => Polarity::Up,
        swv::Polarity::Down => Polarity::Down,
    });
    measurement.quality = Some(match analysis.quality {
        swv::Quality::Pass => Quality::Pass,
        swv::Quality::Warning => Quality::Warning,
        swv::Quality::Fail => Quality::Fail,
    });
    // No number leaves here that is not one.
    for value in [
        &mut measurement.peak_current_a,
        &mut measurement.peak_potential_v,
        &mut measurement.baseline_current_a,
        &mut measurement.area_va,
        &mut measurement.fwhm_v,
        &mut measurement.snr,
    ] {
        *value = value.filter(|v| v.is_finite());
    }
}
