//! From the sweeps of a file to its measurements.

pub(super) mod ca;
pub(super) mod cv;
pub(super) mod swv;

use instrument::names::ScanName;
use instrument::recording::{Recording, Technique};
use instrument::reservation::Reservation;
use protocol::measurement::{Measurement, Status, TimeSource};
use protocol::settings::{self, Settings};

use super::reading::{FileFacts, ScanFile};
use super::rules::{Method, Rules};
use super::selection::{NoSweep, Selected, selected};
use crate::clock;

/// What a file holds, where it is nothing that the session's technique measures.
pub(super) fn other_technique(rules: &Rules, found: Technique) -> Option<String> {
    let (wanted, fits): (_, &[Technique]) = match rules.method {
        // Pulse and linear techniques have the same peak shape.
        Method::Swv(_) => (
            "square-wave voltammograms",
            &[Technique::Swv, Technique::Dpv, Technique::Lsv],
        ),
        Method::Cv(_) => ("cyclic voltammograms", &[Technique::Cv, Technique::Lsv]),
        Method::Ca(_) => ("chronoamperograms", &[Technique::Ca]),
    };
    let held = match found {
        Technique::Unknown => return None,
        found if fits.contains(&found) => return None,
        Technique::Swv => "a square-wave voltammogram",
        Technique::Dpv => "a differential pulse voltammogram",
        Technique::Lsv => "a linear sweep voltammogram",
        Technique::Cv => "a cyclic voltammogram",
        Technique::Ca => "a chronoamperogram",
        Technique::Other => "another technique",
    };
    Some(format!("holds {held}, and this session measures {wanted}"))
}

pub(super) fn measurements(
    file: &ScanFile<'_>,
    rules: &Rules,
    name: &ScanName,
    facts: &FileFacts,
    recording: &Recording,
) -> Vec<Measurement> {
    let of_file = place(file, rules, facts, recording);
    let mut measured = Vec::new();
    for (electrode, sweep) in selected(recording, rules, name) {
        let mut place = Measurement {
            electrode,
            ..of_file.clone()
        };
        match sweep.and_then(|sweep| rules.method.measure(&place, &sweep, rules, recording)) {
            Ok(of_sweep) => measured.extend(of_sweep),
            Err(none) => {
                place.status = Status::Failed;
                place.reason = Some(none.code().to_owned());
                place.message = Some(none.message(file.name, recording));
                measured.push(place);
            }
        }
    }
    if measured.is_empty() {
        let message = format!("{} is of an electrode that is not selected.", file.name);
        measured.push(failed(file, facts, "electrode_not_selected", &message));
    }
    measured
}

/// Where the measurements of a file belong, each electrode aside.
pub(super) fn place(file: &ScanFile<'_>, rules: &Rules, facts: &FileFacts, recording: &Recording) -> Measurement {
    let started = recording
        .started_at
        .and_then(|local| local.to_zoned(jiff::tz::TimeZone::system()).ok());
    let (time, time_source) = match started {
        Some(zoned) => (Some(clock::in_words(zoned.timestamp())), TimeSource::File),
        None => (clock::from_nanoseconds(file.modified_ns), TimeSource::Modified),
    };
    Measurement {
        method: Some(method_name(&rules.settings).to_owned()),
        time,
        time_source: Some(time_source),
        ..empty(file, facts)
    }
}

/// The method's name in the settings.
fn method_name(settings: &Settings) -> &'static str {
    match settings.technique {
        settings::Technique::Swv | settings::Technique::FrequencyMap => settings.peak.method.as_str(),
        settings::Technique::Cv => settings.cv.method.as_str(),
        settings::Technique::Ca => "exponential",
    }
}

impl Method {
    /// Measures one trace: `place` says where the results belong.
    fn measure(
        &self,
        place: &Measurement,
        selected: &Selected,
        rules: &Rules,
        recording: &Recording,
    ) -> Result<Vec<Measurement>, NoSweep> {
        let no_voltammogram = || NoSweep::NotAVoltammogram(place.electrode.unwrap_or(0));
        match self {
            Self::Swv(settings) => {
                let sweep = selected.voltammogram().ok_or_else(no_voltammogram)?;
                let mut measured = swv::measure(place, sweep, settings, recording);
                if rules.settings.technique == settings::Technique::FrequencyMap {
                    for measurement in &mut measured {
                        measurement.charge_c = charge(measurement);
                    }
                }
                Ok(measured)
            }
            Self::Cv(settings) => {
                let sweep = selected.voltammogram().ok_or_else(no_voltammogram)?;
                Ok(cv::measure(
                    place,
                    sweep,
                    selected.cycle.as_deref(),
                    settings,
                    recording,
                ))
            }
            Self::Ca(settings) => {
                let none = || NoSweep::NotATransient(place.electrode.unwrap_or(0));
                let transient = selected.transient().ok_or_else(none)?;
                let steps = settings.steps(transient, selected.potential_v.as_deref());
                Ok(ca::measure(place, &steps, settings, recording))
            }
        }
    }
}

/// Peak current over frequency, as frequency maps show it.
pub(super) fn charge(measurement: &Measurement) -> Option<f64> {
    let frequency = measurement.frequency_hz.filter(|hz| *hz > 0.0)?;
    Some(measurement.peak_current_a? / frequency).filter(|charge| charge.is_finite())
}

/// Adds what has to be said about the file to what has to be said about the sweep.
fn add_reservations(measurement: &mut Measurement, recording: &Recording) {
    add_said(measurement, recording, "");
}

/// The same about another file of what is measured together, naming it.
pub(super) fn add_reservations_of(measurement: &mut Measurement, recording: &Recording, file: &str) {
    add_said(measurement, recording, &format!("{file}: "));
}

fn add_said(measurement: &mut Measurement, recording: &Recording, about: &str) {
    let mut sentences: Vec<String> = measurement.message.take().into_iter().collect();
    for reservation in &recording.reservations {
        if is_grave(reservation, measurement.electrode) {
            if measurement.reason.is_none() {
                measurement.status = Status::Warning;
                measurement.reason = Some(reservation.code().to_owned());
            }
            sentences.push(format!("{about}{}", reservation.message()));
        }
    }
    measurement.message = (!sentences.is_empty()).then(|| sentences.join(" "));
}

/// Whether a reservation about the file is one about the numbers.
fn is_grave(reservation: &Reservation, electrode: Option<u32>) -> bool {
    match reservation {
        Reservation::MissingValues { electrode: of, .. } => electrode.is_none_or(|e| e == *of),
        Reservation::FewerPointsThanAnnounced { .. }
        | Reservation::NonFiniteValues { .. }
        | Reservation::UnreadableLines(_)
        | Reservation::LastLineUnterminated { .. }
        | Reservation::ImplausiblePotential { .. } => true,
        _ => false,
    }
}

fn empty(file: &ScanFile<'_>, facts: &FileFacts) -> Measurement {
    Measurement {
        measurement: None,
        session: None,
        revision: None,
        file: file.name.to_owned(),
        file_revision: 1,
        electrode: None,
        frequency_hz: facts.frequency_hz,
        index: facts.index,
        time: clock::from_nanoseconds(file.modified_ns),
        time_source: Some(TimeSource::Modified),
        method: None,
        status: Status::Ok,
        reason: None,
        message: None,
        peak_current_a: None,
        peak_potential_v: None,
        baseline_current_a: None,
        area_va: None,
        charge_c: None,
        fwhm_v: None,
        snr: None,
        polarity: None,
        quality: None,
        excluded: false,
        marked_by_hand: None,
        peak: None,
        peak_current_error_a: None,
        peak_potential_error_v: None,
        cv: None,
        ca: None,
    }
}

/// The one measurement of a file that cannot be used.
pub fn failed(file: &ScanFile<'_>, facts: &FileFacts, reason: &str, message: &str) -> Measurement {
    Measurement {
        status: Status::Failed,
        reason: Some(reason.to_owned()),
        message: Some(message.to_owned()),
        ..empty(file, facts)
    }
}
