//! From the sweeps of a file to its measurements.

mod swv;

use instrument::names::ScanName;
use instrument::recording::{Recording, Technique};
use instrument::reservation::Reservation;
use protocol::measurement::{Measurement, Status, TimeSource};

use super::reading::{FileFacts, ScanFile};
use super::rules::Rules;
use super::selection::selected;
use crate::clock;

/// A technique that the SWV methods do not fit; pulse and linear techniques have the same peak shape.
pub(super) fn other_technique(technique: Technique) -> Option<&'static str> {
    match technique {
        Technique::Swv | Technique::Dpv | Technique::Lsv | Technique::Unknown => None,
        Technique::Cv => Some("a cyclic voltammogram"),
        Technique::Ca => Some("a chronoamperogram"),
        Technique::Other => Some("another technique"),
    }
}

pub(super) fn measurements(
    file: &ScanFile<'_>,
    rules: &Rules,
    name: &ScanName,
    facts: &FileFacts,
    recording: &Recording,
) -> Vec<Measurement> {
    let started = recording
        .started_at
        .and_then(|local| local.to_zoned(jiff::tz::TimeZone::system()).ok());
    let time = match started {
        Some(zoned) => (Some(clock::in_words(zoned.timestamp())), TimeSource::File),
        None => (clock::from_nanoseconds(file.modified_ns), TimeSource::Modified),
    };
    let mut measured = Vec::new();
    for (electrode, sweep) in selected(recording, rules, name) {
        let mut measurement = empty(file, facts);
        measurement.electrode = electrode;
        measurement.method = Some(rules.settings.peak.method.as_str().to_owned());
        (measurement.time, measurement.time_source) = (time.0.clone(), Some(time.1));
        match sweep {
            Ok(sweep) => swv::measure(&mut measurement, &sweep, &rules.swv, recording),
            Err(none) => {
                measurement.status = Status::Failed;
                measurement.reason = Some(none.code().to_owned());
                measurement.message = Some(none.message(file.name, recording));
            }
        }
        measured.push(measurement);
    }
    if measured.is_empty() {
        let message = format!("{} is of an electrode that is not selected.", file.name);
        measured.push(failed(file, facts, "electrode_not_selected", &message));
    }
    measured
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
