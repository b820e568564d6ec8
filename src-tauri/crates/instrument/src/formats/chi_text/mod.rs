//! Text export of CH Instruments software.
//!
//! A file has up to four sections, each of which the user can switch off: memo (date, technique, model), parameters
//! (`Init E (V) = 0`), results (peaks found by the software), and numbers, a table whose first column is `Potential/V`.
//! A table without the header line above it looks like any other table of numbers and is read as one.

mod announced;
mod conditions;
mod steps;
#[cfg(test)]
mod tests;

use memchr::memmem;
use voltammetry::{Sweep, Transient};

use super::{FileFormat, Input};
use crate::format::Format;
use crate::options::ReadOptions;
use crate::recording::{Completeness, Recording, Technique};
use crate::reservation::Reservation;
use crate::table::columns::{Content, recognise};
use crate::table::layout::{self, NotFound};
use crate::table::rows::Tail;
use crate::table::{MAX_COLUMNS, electrodes, header, sweeps};
use crate::text::{Encoding, Lines, is_blank};
use crate::unreadable::{Problem, Role, Unreadable};
use conditions::Conditions;

/// Reads the text export of CH Instruments software.
pub struct ChiText;

/// How the line with the names of the columns begins: for a potential, or for a time.
const FIRST_COLUMNS: [&[u8]; 3] = [b"Potential/V", b"Time/s", b"Freq/Hz"];
/// How the first parameter of nearly every technique begins.
const FIRST_PARAMETER: &[u8] = b"Init E (V)";

impl FileFormat for ChiText {
    fn format(&self) -> Format {
        Format::ChiText
    }

    fn recognises(&self, input: &Input<'_>) -> bool {
        let head = input.head();
        names_of_columns(head).is_some()
            || at_line_start(head, FIRST_PARAMETER).is_some()
            || Lines::of(head)
                .find(|line| !is_blank(line.content))
                .is_some_and(|line| conditions::date(line.content).is_some())
    }

    fn read(&self, input: &Input<'_>, options: &ReadOptions) -> Result<Recording, Unreadable> {
        let text = input.text_bytes();
        let fail = |problem| Unreadable::of(Format::ChiText, problem);
        let head = input.head();
        let Some(names_at) = names_of_columns(head) else {
            return Err(fail(Problem::HeaderOnly));
        };
        let (conditions, names_line) = Conditions::read(text, names_at);
        let Some(names) = Lines::from(text, names_at, names_line)
            .next()
            .filter(|line| line.terminated)
        else {
            return Err(fail(Problem::HeaderOnly));
        };
        let own = ReadOptions {
            settled: options.settled,
            ..ReadOptions::default()
        };
        let table = layout::find(text, names.next, names_line + 1, &own).map_err(|reason| match reason {
            NotFound::SingleColumn => fail(missing_current(1)),
            NotFound::AmbiguousComma => fail(Problem::AmbiguousComma),
            NotFound::NoRows => fail(Problem::HeaderOnly),
        })?;
        if table.columns > MAX_COLUMNS {
            let problem = Problem::TooManyColumns {
                columns: table.columns,
                limit: MAX_COLUMNS,
            };
            return Err(fail(problem));
        }
        let columns = header::split(names.content, &table);
        let has_current = columns
            .iter()
            .any(|name| matches!(recognise(name).content, Content::Current { .. }));
        if names.content.starts_with(b"Freq") || (names.content.starts_with(b"Time") && !has_current) {
            return Err(fail(Problem::OtherTechnique {
                name: conditions.title.unwrap_or_else(|| columns.join(", ")),
            }));
        }
        let plan = electrodes::plan(&columns, table.columns, &own).map_err(fail)?;
        let over_time = plan.over_time();
        let pulsed = plan.pulsed;
        let mut sweeps = sweeps::read(text, &table, plan, own.settled, |line| line.starts_with(b"Segment "));
        if sweeps.electrodes.is_empty() {
            return Err(fail(Problem::HeaderOnly));
        }
        let technique = conditions.technique.unwrap_or(if over_time {
            Technique::Ca
        } else if pulsed {
            Technique::Swv
        } else {
            Technique::Unknown
        });
        let potential_v = sweeps.electrodes[0].voltammogram().map_or(&[][..], Sweep::potential_v);
        let time_s = sweeps.electrodes[0].transient().map_or(&[][..], Transient::time_s);
        let announced = if over_time {
            announced::over_time(&conditions, time_s)
        } else {
            announced::points(&conditions, technique, potential_v)
        };
        for recorded in sweeps.electrodes.iter_mut().filter(|_| technique == Technique::Ca) {
            recorded.potential_v = recorded
                .transient()
                .and_then(|transient| steps::programmed_v(&conditions, transient.time_s()));
        }
        let mut reservations = sweeps.reservations;
        let judged = announced.map_or(Completeness::Unproven, |announced| announced.judge(sweeps.points));
        let completeness = match sweeps.tail {
            Tail::Kept(_) if judged == Completeness::Complete => Completeness::Unproven,
            Tail::None | Tail::Kept(_) => judged,
            // CH Instruments software ends every line; only a table that somebody has edited need not.
            Tail::Withheld(_) if options.settled && judged == Completeness::Unproven => judged,
            Tail::Withheld(_) => Completeness::Partial,
        };
        if let Some(announced) = announced.filter(|announced| announced.lacks_points(sweeps.points)) {
            reservations.push(Reservation::FewerPointsThanAnnounced {
                points: sweeps.points,
                expected: announced.points,
            });
        }
        Ok(Recording {
            format: Format::ChiText,
            encoding: input.encoding().unwrap_or(Encoding::Utf8),
            technique,
            frequency_hz: conditions.frequency_hz,
            scan_rate_v_s: conditions.scan_rate_v_s,
            electrodes: sweeps.electrodes,
            points: sweeps.points,
            cycles: conditions.segments.map(|segments| segments.div_ceil(2)),
            completeness,
            expected_points: announced.map(|announced| announced.points),
            started_at: conditions.started_at,
            instrument: conditions.instrument,
            reservations,
        })
    }
}

const fn missing_current(columns: usize) -> Problem {
    Problem::MissingColumn {
        role: Role::Current,
        column: None,
        columns,
    }
}

/// Offset of a line that begins with `words`, blanks and quotes before them aside.
fn at_line_start(text: &[u8], words: &[u8]) -> Option<usize> {
    memmem::find_iter(text, words).find_map(|at| {
        let line = memchr::memrchr(b'\n', &text[..at]).map_or(0, |end| end + 1);
        text[line..at]
            .iter()
            .all(|byte| matches!(byte, b' ' | b'\t' | b'"'))
            .then_some(line)
    })
}

/// Offset of the line with the names of the columns.
fn names_of_columns(head: &[u8]) -> Option<usize> {
    FIRST_COLUMNS.into_iter().find_map(|first| at_line_start(head, first))
}
