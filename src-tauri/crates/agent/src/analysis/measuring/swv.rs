//! Measuring square-wave voltammograms.

use instrument::recording::Recording;
use protocol::measurement::{Measurement, Polarity, Quality, Status};
use voltammetry::Sweep;
use voltammetry::swv::{self, MarkedPoints, SwvAnalysis, SwvSettings, SwvStatus};

use super::add_reservations;

/// Measures one sweep. Where two peaks were fitted, such as those of two redox reporters, each is a measurement, counted in
/// ascending potential.
pub fn measure(place: &Measurement, sweep: &Sweep, settings: &SwvSettings, recording: &Recording) -> Vec<Measurement> {
    let analysis = swv::analyze(sweep, settings);
    let several = analysis.fitted_peaks() > 1;
    let mut measured = Vec::new();
    for (at, fitted) in analysis.fitted.iter().enumerate() {
        let Some((fitted, of_peak)) = fitted.zip(analysis.of_peak(at)) else {
            continue;
        };
        measured.push(Measurement {
            peak: several.then_some(at as u32 + 1),
            peak_current_error_a: finite(Some(fitted.peak_current_error_a)),
            peak_potential_error_v: finite(Some(fitted.peak_potential_error_v)),
            ..of_analysis(place, &of_peak)
        });
    }
    if measured.is_empty() {
        measured.push(of_analysis(place, &analysis));
    }
    for measurement in &mut measured {
        add_reservations(measurement, recording);
    }
    measured
}

/// Measures one sweep at marked points; what is known of its place is that of `automatic`.
pub fn measure_marked(
    automatic: &Measurement,
    sweep: &Sweep,
    settings: &SwvSettings,
    marked: &MarkedPoints,
    recording: &Recording,
) -> Measurement {
    // Errors of a fit say nothing of what a person marked.
    let place = Measurement {
        peak_current_error_a: None,
        peak_potential_error_v: None,
        ..automatic.clone()
    };
    let mut measurement = of_analysis(&place, &swv::analyze_marked(sweep, settings, marked));
    add_reservations(&mut measurement, recording);
    measurement
}

fn of_analysis(place: &Measurement, analysis: &SwvAnalysis) -> Measurement {
    Measurement {
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
    }
}

fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
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
