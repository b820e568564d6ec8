//! Session files of PSTrace (`.pssession`): one line of JSON with measurements, their settings and curves; and its method
//! files (`.psmethod`), which hold settings only.
//!
//! The method's text decides what was measured, not a title that people change: a file called "DPV" may well be a square
//! wave voltammogram. JSON that ends proves that the file is whole.

mod arrays;
mod json;
mod method;
#[cfg(test)]
mod tests;

use memchr::memmem;

use crate::format::Format;
use crate::formats::curves::arrange;
use crate::formats::{FileFormat, Input};
use crate::options::ReadOptions;
use crate::recording::{Completeness, Recording};
use crate::reservation::Reservation;
use crate::text::{Encoding, Lines, is_blank};
use crate::unreadable::{Problem, Unreadable};
use json::Session;

/// Reads session and method files of PSTrace.
pub struct PstraceSession;

/// How much of a file is looked at to recognise it.
const PROBE: usize = 4096;

impl FileFormat for PstraceSession {
    fn format(&self) -> Format {
        Format::PalmsensSession
    }

    fn recognises(&self, input: &Input<'_>) -> bool {
        is_session(input.text_bytes()) || is_method(input.head())
    }

    fn read(&self, input: &Input<'_>, _: &ReadOptions) -> Result<Recording, Unreadable> {
        read(input).map_err(|problem| Unreadable::of(Format::PalmsensSession, problem))
    }
}

fn is_session(text: &[u8]) -> bool {
    let start = text[..text.len().min(PROBE)].trim_ascii_start().to_ascii_lowercase();
    let keys = [&b"palmsens"[..], b"\"measurements\"", b"\"coreversion\""];
    start.starts_with(b"{") && keys.iter().any(|key| memmem::find(&start, key).is_some())
}

/// Settings as text, which is what method files hold.
fn is_method(head: &[u8]) -> bool {
    let mut lines = Lines::of(&head[..head.len().min(PROBE)]).filter(|line| !is_blank(line.content));
    lines.next().is_some_and(|line| line.content.starts_with(b"#"))
        && lines.any(|line| line.content.starts_with(b"METHOD_VERSION=") || line.content.starts_with(b"METHOD_ID="))
}

fn read(input: &Input<'_>) -> Result<Recording, Problem> {
    let text = input.text_bytes();
    if !is_session(text) {
        return Err(Problem::SettingsOnly);
    }
    let session: Session = serde_json::from_slice(text).map_err(|error| {
        if error.is_eof() {
            Problem::HeaderOnly
        } else {
            Problem::Damaged {
                offset: offset(text, error.line(), error.column()),
            }
        }
    })?;
    let measurements = session.measurements.unwrap_or_default();
    if measurements.is_empty() {
        return Err(Problem::SettingsOnly);
    }
    let instrument = measurements
        .iter()
        .map(|measurement| measurement.deviceserial.text().trim())
        .find(|serial| !serial.is_empty())
        .map(|serial| format!("PalmSens {}", serial.chars().take(40).collect::<String>()));
    let mut curves = Vec::new();
    let mut ways = Vec::with_capacity(measurements.len());
    for (position, measurement) in measurements.into_iter().enumerate() {
        let (way, found) = arrays::curves(measurement, position);
        ways.push(way);
        curves.extend(found);
    }
    let arranged = arrange(curves)?;
    let mut reservations = arranged.reservations;
    let expected_points = match (ways.as_slice(), arranged.electrodes.as_slice()) {
        ([Some(way)], [only]) => only.voltammogram().and_then(|sweep| way.points(sweep.potential_v())),
        _ => None,
    };
    if let Some(expected) = expected_points.filter(|expected| *expected > arranged.points) {
        reservations.push(Reservation::FewerPointsThanAnnounced {
            points: arranged.points,
            expected,
        });
    }
    Ok(Recording {
        format: Format::PalmsensSession,
        encoding: input.encoding().unwrap_or(Encoding::Utf8),
        technique: arranged.technique,
        frequency_hz: arranged.conditions.frequency_hz,
        scan_rate_v_s: arranged.conditions.scan_rate_v_s,
        electrodes: arranged.electrodes,
        points: arranged.points,
        cycles: arranged.cycles,
        completeness: Completeness::Complete,
        expected_points,
        started_at: arranged.started_at,
        instrument,
        reservations,
    })
}

/// Offset of a place given by line and column, both from 1.
fn offset(text: &[u8], line: usize, column: usize) -> usize {
    Lines::of(text)
        .nth(line.saturating_sub(1))
        .map_or(text.len(), |line| line.start)
        .saturating_add(column.saturating_sub(1))
        .min(text.len())
}
