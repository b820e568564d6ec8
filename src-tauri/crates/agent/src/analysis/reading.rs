//! One file's bytes to its measurements.

use instrument::recording::{Completeness, Recording, Technique};
use protocol::measurement::Measurement;

use super::measuring::{failed, measurements, other_technique};
use super::naming::{judge_frequency, judge_name};
use super::rules::Rules;

/// Reason of a file whose name says that its writer will rename or remove it: nobody is told of it unless it stays.
pub(crate) const TEMPORARY: &str = "hidden_or_temporary";

/// Reason of a file that misses points and that nobody goes on writing.
pub(crate) const STOPPED_EARLY: &str = "stopped_early";

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
        reason: &'static str,
        /// For people, with the way out.
        message: String,
        /// One failed measurement; none where the settings leave the file out on purpose.
        measurement: Option<Box<Measurement>>,
        /// Whether other settings may make something of its content.
        is_worth_keeping: bool,
    },
}

/// Reads and measures a file. `settled`: it no longer changes.
pub fn read_and_measure(file: &ScanFile<'_>, rules: &Rules, settled: bool) -> Reading {
    let (mut facts, scan_name) = match judge_name(file, rules) {
        Ok(accepted) => accepted,
        Err(unused) if unused.is_temporary() && !settled => return unused.into_partial(),
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
            let judged = judge_frequency(file, rules, &facts);
            if !settled && (unreadable.may_become_readable() || judged.is_ok()) {
                // What cannot be read while it is being written says nothing of what it will be.
                return Reading::Partial {
                    facts,
                    reason: unreadable.code(),
                    message,
                    may_settle: true,
                };
            }
            if let Err(unused) = judged {
                return unused.into_reading();
            }
            let failed = Some(Box::new(failed(file, &facts, unreadable.code(), &message)));
            return Reading::Unusable {
                facts,
                reason: unreadable.code(),
                message,
                measurement: failed,
                is_worth_keeping: !matches!(unreadable.code(), "binary" | "unsupported_format" | "own_export"),
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
    if let Some(what) = other_technique(rules, recording.technique) {
        let message = format!("{} {what}.{}", file.name, way_to_measure(recording.technique));
        let failed = Some(Box::new(failed(file, &facts, "other_technique", &message)));
        return Reading::Unusable {
            facts,
            reason: "other_technique",
            message,
            measurement: failed,
            is_worth_keeping: true,
        };
    }
    let measurements = measurements(file, rules, &scan_name, &facts, &recording);
    Reading::Measured { facts, measurements }
}

/// A file that misses points and that nobody goes on writing.
pub fn stopped_early(file: &ScanFile<'_>, rules: &Rules, facts: FileFacts) -> Reading {
    if let Err(unused) = judge_frequency(file, rules, &facts) {
        return unused.into_reading();
    }
    let name = file.name;
    let state = match (facts.points, facts.expected_points) {
        (Some(points), Some(expected)) => format!("{name} has {points} of {expected} points"),
        _ => format!("{name} is not complete"),
    };
    let message = format!("{state} and has not changed for 10 minutes: the run was probably stopped early.");
    Reading::Unusable {
        reason: STOPPED_EARLY,
        measurement: Some(Box::new(failed(file, &facts, STOPPED_EARLY, &message))),
        message,
        facts,
        is_worth_keeping: true,
    }
}

/// The technique that would measure such a file.
fn way_to_measure(held: Technique) -> &'static str {
    match held {
        Technique::Swv | Technique::Dpv => " Choose technique swv for it.",
        Technique::Cv | Technique::Lsv => " Choose technique cv for it.",
        Technique::Ca => " Choose technique ca for it.",
        Technique::Other | Technique::Unknown => "",
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
