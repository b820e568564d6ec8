//! Measuring square-wave voltammograms.

use instrument::recording::Recording;
use protocol::measurement::{Measurement, Polarity, Quality, Status};
use voltammetry::Sweep;
use voltammetry::swv::{self, SwvSettings, SwvStatus};

use super::add_reservations;

/// Measures one sweep.
pub fn measure(place: &Measurement, sweep: &Sweep, settings: &SwvSettings, recording: &Recording) -> Vec<Measurement> {
    let analysis = swv::analyze(sweep, settings);
    let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
    let mut measurement = Measurement {
        status: status(analysis.status),
        reason: analysis.reason.map(|r| r.code().to_owned()),
        message: analysis.reason.map(|r| r.message().to_owned()),
        peak_current_a: finite(analysis.peak_current_a),
        peak_potential_v: finite(analysis.peak_potential_v),
        baseline_current_a: finite(analysis.baseline_current_a),
        area_va: finite(analysis.area_va),
        fwhm_v: finite(analysis.fwhm_v),
        snr: finite(analysis.snr),
        polarity: analysis.polarity.map(polarity),
        quality: Some(quality(analysis.quality)),
        ..place.clone()
    };
    add_reservations(&mut measurement, recording);
    vec![measurement]
}

pub(super) fn status(status: SwvStatus) -> Status {
    match status {
        SwvStatus::Ok => Status::Ok,
        SwvStatus::Warning => Status::Warning,
        SwvStatus::Failed => Status::Failed,
    }
}

pub(super) fn polarity(polarity: swv::Polarity) -> Polarity {
    match polarity {
        swv::Polarity::Up => Polarity::Up,
        swv::Polarity::Down => Polarity::Down,
    }
}

pub(super) fn quality(quality: swv::Quality) -> Quality {
    match quality {
        swv::Quality::Pass => Quality::Pass,
        swv::Quality::Warning => Quality::Warning,
        swv::Quality::Fail => Quality::Fail,
    }
}
