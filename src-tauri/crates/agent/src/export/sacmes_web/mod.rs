//! The predecessor's reports, so that scripts made for them go on working (`docs/exports.md`).
//!
//! Blocks, names, order and number forms are those of its own exports. What was wrong with them is not repeated: electrodes
//! are the real ones and each is named, an averaged trace is one of them, normalisation follows the session's settings, a
//! missing number is `N/A` and not 0, and a deviation of a single value is `N/A`.

mod comparison;
mod cv;
mod cv_parameters;
mod form;
mod frequency_map;
#[cfg(test)]
#[cfg(reference_data)]
mod golden;
mod grid;
mod replicates;
mod series;

use std::io::Write;

use protocol::measurement::Measurement;
use protocol::session::SessionSummary;
use protocol::settings::{Settings, Technique};

use self::form::Report;
use crate::study::{MapSource, Maps};

/// Writes the report of the settings' technique; `summary` names the session where there is one.
///
/// # Errors
/// What the destination reports.
pub fn write(
    to: &mut impl Write,
    summary: Option<&SessionSummary>,
    settings: &Settings,
    measurements: &[Measurement],
) -> std::io::Result<()> {
    match settings.technique {
        Technique::FrequencyMap => {
            let name = summary.map_or("Map", |summary| &summary.name);
            let mut source = MapSource::new(name, summary.map(|s| s.session), settings, false).without_limit();
            for m in measurements {
                source.take(m);
            }
            maps(to, summary, &Maps::new(vec![source]))
        }
        Technique::Cv => cv::report(to, summary, settings, measurements),
        Technique::Swv | Technique::Ca if settings.trend.replicates > 1 => {
            replicates::report(to, summary, settings, measurements)
        }
        Technique::Swv | Technique::Ca => series::report(to, summary, settings, measurements),
    }
}

/// Writes one map, or several for comparison.
///
/// # Errors
/// What the destination reports.
pub fn maps(to: &mut impl Write, summary: Option<&SessionSummary>, maps: &Maps) -> std::io::Result<()> {
    match maps.maps.as_slice() {
        [one] => frequency_map::report(to, summary, &one.map),
        [] => frequency_map::report(to, summary, &voltammetry::frequency_map::FrequencyMap::default()),
        several => comparison::report(to, several),
    }
}

/// The lines of a report's head that say which session and which of its settings it is of. The predecessor had none.
fn session_lines<W: Write>(out: &mut Report<'_, W>, summary: Option<&SessionSummary>) -> std::io::Result<()> {
    let Some(summary) = summary else { return Ok(()) };
    out.cells(["# Session:", &summary.name])?;
    out.cells(["# Settings Revision:", &summary.revision.to_string()])
}
