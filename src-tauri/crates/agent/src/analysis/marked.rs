//! Measuring a sweep at points that were marked in it by hand.

use instrument::options::ReadOptions;
use instrument::recording::Recording;
use protocol::mark::MarkedPoints;
use protocol::measurement::{Measurement, Quality, Status};
use voltammetry::swv;

use super::measuring;
use super::reading::ScanFile;
use super::rules::{Method, Rules};
use super::selection::{Selected, selected};

/// Reason of a measurement whose points were marked in an earlier content of its file.
pub const MARKED_IN_EARLIER_CONTENT: &str = "marked_in_earlier_content";

/// Why a sweep cannot be measured at marked points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmarkable {
    /// The technique has no marks.
    Technique,
    /// There is no sweep of this electrode.
    NoSweep,
}

/// The same points in the words of the numerics.
pub(super) fn points_of(marked: &MarkedPoints) -> swv::MarkedPoints {
    swv::MarkedPoints {
        peak_potential_v: marked.peak_potential_v,
        baseline_v: marked.baseline_v.map(|[a, b]| (a, b)),
    }
}

/// What a file holds, whatever its name and its completeness say: it was measured before.
pub(super) fn recorded(file: &ScanFile<'_>, rules: &Rules) -> Option<Recording> {
    let options = ReadOptions {
        settled: true,
        ..rules.options.clone()
    };
    instrument::read(file.content, &options).ok()
}

/// Measures a sweep at marked points: `automatic` is what the method found in it, whose place and id the result keeps.
///
/// # Errors
/// [`Unmarkable`].
pub fn at_marks(
    file: &ScanFile<'_>,
    rules: &Rules,
    automatic: &Measurement,
    marked: &MarkedPoints,
) -> Result<Measurement, Unmarkable> {
    let Method::Swv(settings) = &rules.method else {
        return Err(Unmarkable::Technique);
    };
    let recording = recorded(file, rules).ok_or(Unmarkable::NoSweep)?;
    let name = rules.pattern.parse_name(file.name).unwrap_or_default();
    let of_electrode = selected(&recording, rules, &name)
        .into_iter()
        .find(|(electrode, _)| *electrode == automatic.electrode);
    let selected: Selected = of_electrode
        .and_then(|(_, sweep)| sweep.ok())
        .ok_or(Unmarkable::NoSweep)?;
    let sweep = selected.voltammogram().ok_or(Unmarkable::NoSweep)?;
    let mut measured = measuring::swv::measure_marked(automatic, sweep, settings, &points_of(marked), &recording);
    measured.marked_by_hand = marked.parts();
    if automatic.charge_c.is_some() || rules.settings.technique == protocol::settings::Technique::FrequencyMap {
        measured.charge_c = measuring::charge(&measured);
    }
    if let Some(sentence) = duplicate_sentence(automatic) {
        add(&mut measured, Some("duplicate_index"), sentence);
    }
    Ok(measured)
}

/// Says that the points were marked in another content than the one that was measured.
pub fn doubt_earlier_content(measurement: &mut Measurement) {
    let reason = measurement.reason.is_none().then_some(MARKED_IN_EARLIER_CONTENT);
    let sentence = "Its points were marked by hand in an earlier content of the file. Look whether they still fit, and mark them again.";
    add(measurement, reason, sentence);
    if measurement.quality == Some(Quality::Pass) {
        measurement.quality = Some(Quality::Warning);
    }
}

/// What is said of a measurement whose place another file has.
fn duplicate_sentence(automatic: &Measurement) -> Option<&str> {
    const END: &str = "is the one in the trends.";
    let message = automatic.message.as_deref()?;
    let is_duplicate = automatic.reason.as_deref() == Some("duplicate_index");
    let end = message.find(END).filter(|_| is_duplicate)? + END.len();
    message.get(..end)
}

fn add(measurement: &mut Measurement, reason: Option<&str>, sentence: &str) {
    if measurement.status == Status::Ok {
        measurement.status = Status::Warning;
    }
    if let Some(reason) = reason {
        measurement.reason = Some(reason.to_owned());
    }
    measurement.message = Some(match measurement.message.take() {
        Some(before) => format!("{sentence} {before}"),
        None => sentence.to_owned(),
    });
}
