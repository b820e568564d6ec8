//! One file's bytes to its measurements.

use instrument::names::{NameRefusal, ScanName};
use instrument::recording::{Completeness, ElectrodeSweep, Recording, Technique};
use instrument::reservation::Reservation;
use protocol::measurement::{Measurement, Polarity, Quality, Status, TimeSource};
use voltammetry::Sweep;
use voltammetry::swv::{self, SwvAnalysis, SwvStatus};

use super::Rules;
use crate::clock;

/// Reason of a file whose name says that its writer will rename or remove it: nobody is told of it unless it stays.
pub(crate) const TEMPORARY: &str = "hidden_or_temporary";

/// A file as it was read.
#[derive(Debug, Clone, Copy)]
pub struct ScanFile<'a> {
    /// Its name, without folder.
    pub name: &'a str,
    /// Its bytes.
    pub content: &'a [u8],
    /// Modification time, ns since 1970.
    pub modified_ns: i64,
}

/// What is known of a file besides its measurements.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FileFacts {
    /// Code of its format.
    pub format: Option<String>,
    /// Electrode that its name states.
    pub electrode: Option<u32>,
    /// Frequency from the file, else from its name, Hz.
    pub frequency_hz: Option<f64>,
    /// File number.
    pub index: Option<u32>,
    /// Rows so far.
    pub points: Option<u64>,
    /// Rows that the file announces.
    pub expected_points: Option<u64>,
}

/// What is in a file.
#[derive(Debug)]
pub enum Reading {
    /// It is complete, and these are its measurements: one per electrode, failed electrodes included.
    Measured {
        /// What is known of it.
        facts: FileFacts,
        /// At least one.
        measurements: Vec<Measurement>,
    },
    /// More is to come, or may come.
    Partial {
        /// What is known of it.
        facts: FileFacts,
        /// Stable code.
        reason: &'static str,
        /// For people.
        message: String,
        /// True where only the quiet time is missing; false where the content proves that something is.
        may_settle: bool,
    },
    /// It cannot be used.
    Unusable {
        /// What is known of it.
        facts: FileFacts,
        /// Stable code.
        reason: String,
        /// For people, with the way out.
        message: String,
        /// One failed measurement; none where the settings leave the file out on purpose.
        measurement: Option<Box<Measurement>>,
    },
}

/// A file that is not used, and why.
#[derive(Debug)]
pub struct Unused {
    /// What its name says.
    pub facts: FileFacts,
    /// Stable code.
    pub reason: &'static str,
    /// For people, with the way out.
    pub message: String,
    /// One failed measurement; none where the settings leave the file out on purpose.
    pub measurement: Option<Box<Measurement>>,
    is_temporary: bool,
}

impl Unused {
    fn into_reading(self) -> Reading {
        Reading::Unusable {
            facts: self.facts,
            reason: self.reason.to_owned(),
            message: self.message,
            measurement: self.measurement,
        }
    }
}

/// What becomes of a file whose content cannot be had: unless the settings leave it out on purpose, it fails for this
/// reason in the place that its name states.
pub fn not_read(file: &ScanFile<'_>, rules: &Rules, reason: &'static str, message: String) -> Unused {
    let judged = judge_name(file, rules).and_then(|(facts, _)| judge_frequency(file, rules, &facts).map(|()| facts));
    match judged {
        Err(unused) => *unused,
        Ok(facts) => Unused {
            measurement: Some(Box::new(failed(file, &facts, reason, &message))),
            facts,
            reason,
            message,
            is_temporary: false,
        },
    }
}

/// What a file's name says, and whether it belongs to the session.
fn judge_name(file: &ScanFile<'_>, rules: &Rules) -> Result<(FileFacts, ScanName), Box<Unused>> {
    let named = rules.pattern.parse_name(file.name);
    let fits = named.is_some();
    let name = named.unwrap_or_default();
    let facts = FileFacts {
        electrode: name.electrode,
        frequency_hz: name.frequency_hz,
        index: name.index,
        ..FileFacts::default()
    };
    if !fits {
        let pattern = &rules.settings.files.pattern;
        let message = format!(
            "{} does not fit the pattern {pattern}. Change the pattern, or set it to auto.",
            file.name
        );
        let reason = "name_does_not_match";
        return Err(Box::new(Unused {
            measurement: Some(Box::new(failed(file, &facts, reason, &message))),
            facts,
            reason,
            message,
            is_temporary: false,
        }));
    }
    // Whether the frequency was chosen is judged once the file had its say: its header wins over its name.
    let without_frequency = ScanName {
        frequency_hz: None,
        ..name.clone()
    };
    if !rules.any_name
        && let Err(refused) = rules.filter.accepts(file.name, &without_frequency)
    {
        return Err(Box::new(left_out(file, facts, &refused)));
    }
    Ok((facts, name))
}

/// Whether the settings chose the frequency of a file.
fn judge_frequency(file: &ScanFile<'_>, rules: &Rules, facts: &FileFacts) -> Result<(), Box<Unused>> {
    match facts.frequency_hz {
        Some(frequency_hz) if !rules.any_name => rules
            .filter
            .accepts_frequency(frequency_hz)
            .map_err(|refused| Box::new(left_out(file, facts.clone(), &refused))),
        _ => Ok(()),
    }
}

/// A file that the settings leave out on purpose.
fn left_out(file: &ScanFile<'_>, facts: FileFacts, refused: &NameRefusal) -> Unused {
    Unused {
        facts,
        reason: refused.code(),
        message: format!("{}: {}", file.name, refused.message()),
        measurement: None,
        is_temporary: *refused == NameRefusal::HiddenOrTemporary,
    }
}

/// Reads and measures a file. `settled`: it no longer changes.
pub fn read_and_measure(file: &ScanFile<'_>, rules: &Rules, settled: bool) -> Reading {
    let (mut facts, scan_name) = match judge_name(file, rules) {
        Ok(accepted) => accepted,
        Err(unused) if unused.is_temporary && !settled => {
            return Reading::Partial {
                facts: unused.facts,
                reason: TEMPORARY,
                message: unused.message,
                may_settle: true,
            };
        }
        Err(unused) => return unused.into_reading(),
    };
    let options = instrument::options::ReadOptions {
        settled,
        ..rules.options.clone()
    };
    let recording = match instrument::read(file.content, &options) {
        Ok(recording) => recording,
        Err(unreadable) => {
            facts.format = Some(unreadable.format.code().to_owned());
            let message = format!("{}: {} {}", file.name, unreadable.message(), unreadable.hint());
            if unreadable.may_become_readable() && !settled {
                return Reading::Partial {
                    facts,
                    reason: unreadable.code(),
                    message,
                    may_settle: true,
                };
            }
            if let Err(unused) = judge_frequency(file, rules, &facts) {
                return unused.into_reading();
            }
            let failed = Some(Box::new(failed(file, &facts, unreadable.code(), &message)));
            return Reading::Unusable {
                facts,
                reason: unreadable.code().to_owned(),
                message,
                measurement: failed,
            };
        }
    };
    facts.format = Some(recording.format.code().to_owned());
    // The frequency in the header wins over the one in the name.
    facts.frequency_hz = recording.frequency_hz.or(scan_name.frequency_hz);
    facts.points = Some(recording.points as u64);
    facts.expected_points = recording.expected_points.map(|n| n as u64);
    match recording.completeness {
        Completeness::Partial => {
            let message = partial_message(file.name, &recording);
            let misses_points = recording
                .expected_points
                .is_some_and(|expected| recording.points < expected);
            return Reading::Partial {
                facts,
                reason: "partial",
                message,
                // A last line without a line break counts once the file rests; points that are missing never do.
                may_settle: !settled && !misses_points,
            };
        }
        Completeness::Unproven if !settled => {
            let message = format!("{} may still be growing: its format has no end mark.", file.name);
            return Reading::Partial {
                facts,
                reason: "settling",
                message,
                may_settle: true,
            };
        }
        Completeness::Unproven | Completeness::Complete => {}
    }
    if let Err(unused) = judge_frequency(file, rules, &facts) {
        return unused.into_reading();
    }
    if let Some(stated) = other_technique(recording.technique) {
        let message = format!(
            "{} holds {stated}, and this session measures square-wave voltammograms.",
            file.name
        );
        let failed = Some(Box::new(failed(file, &facts, "other_technique", &message)));
        return Reading::Unusable {
            facts,
            reason: "other_technique".to_owned(),
            message,
            measurement: failed,
        };
    }
    let measurements = measurements(file, rules, &scan_name, &facts, &recording);
    Reading::Measured { facts, measurements }
}

/// A technique that the SWV methods do not fit; pulse and linear techniques have the same peak shape.
fn other_technique(technique: Technique) -> Option<&'static str> {
    match technique {
        Technique::Swv | Technique::Dpv | Technique::Lsv | Technique::Unknown => None,
        Technique::Cv => Some("a cyclic voltammogram"),
        Technique::Ca => Some("a chronoamperogram"),
        Technique::Other => Some("another technique"),
    }
}

fn partial_message(name: &str, recording: &Recording) -> String {
    match recording.expected_points {
        Some(expected) if recording.points < expected => {
            format!("{name} has {} of {expected} points so far.", recording.points)
        }
        _ => format!("{name} is not complete: its last line is still being written."),
    }
}

/// The sweeps that the settings select, each with the electrode number to show, or the numbers that are missing.
pub(super) fn selected(
    recording: &Recording,
    rules: &Rules,
    name: &ScanName,
) -> Vec<(Option<u32>, Result<Sweep, u32>)> {
    let electrodes = &rules.settings.electrodes;
    let number = |sweep: &ElectrodeSweep| {
        // A name can only state the electrode of a file that holds one.
        if sweep.stated || recording.electrodes.len() > 1 {
            sweep.electrode
        } else {
            name.electrode.unwrap_or(sweep.electrode)
        }
    };
    let chosen: Vec<Result<&ElectrodeSweep, u32>> = if electrodes.selected.is_empty() {
        recording.electrodes.iter().map(Ok).collect()
    } else {
        // A single-electrode file whose name states another electrode is simply not one of those selected.
        let find = |n: u32| recording.electrodes.iter().find(|s| number(s) == n).ok_or(n);
        let multiplex = recording.electrodes.len() == 1 && name.electrode.is_some();
        electrodes
            .selected
            .iter()
            .map(|n| find(*n))
            .filter(|found| !multiplex || found.is_ok())
            .collect()
    };
    if electrodes.average {
        return vec![(None, average(&chosen))];
    }
    chosen
        .into_iter()
        .map(|found| match found {
            Ok(sweep) => (
                Some(number(sweep)),
                sweep.voltammogram().cloned().ok_or(sweep.electrode),
            ),
            Err(missing) => (Some(missing), Err(missing)),
        })
        .collect()
}

/// Mean current of the chosen electrodes, point by point; all must have the same potentials.
fn average(chosen: &[Result<&ElectrodeSweep, u32>]) -> Result<Sweep, u32> {
    let mut sweeps = Vec::with_capacity(chosen.len());
    for found in chosen {
        let sweep = found.as_ref().map_err(|missing| *missing)?;
        sweeps.push(sweep.voltammogram().ok_or(sweep.electrode)?);
    }
    let first = sweeps.first().ok_or(0_u32)?;
    let mut sum = vec![0.0; first.len()];
    for (k, sweep) in sweeps.iter().enumerate() {
        if sweep.potential_v() != first.potential_v() {
            return Err(k as u32 + 1);
        }
        for (total, current) in sum.iter_mut().zip(sweep.current_a()) {
            *total += current;
        }
    }
    let n = sweeps.len() as f64;
    Sweep::new(
        first.potential_v().to_vec(),
        sum.into_iter().map(|total| total / n).collect(),
    )
    .map_err(|_| 0)
}

fn measurements(
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
            Ok(sweep) => fill(&mut measurement, &swv::analyze(&sweep, &rules.swv), recording),
            Err(missing) => {
                measurement.status = Status::Failed;
                measurement.reason = Some("electrode_missing".to_owned());
                measurement.message = Some(electrode_missing(file.name, missing, recording));
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

fn electrode_missing(name: &str, missing: u32, recording: &Recording) -> String {
    let there: Vec<String> = recording.electrodes.iter().map(|e| e.electrode.to_string()).collect();
    format!(
        "{name} has no column for electrode {missing}; it holds electrode {}.",
        there.join(", ")
    )
}

fn fill(measurement: &mut Measurement, analysis: &SwvAnalysis, recording: &Recording) {
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
