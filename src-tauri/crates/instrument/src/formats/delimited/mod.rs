//! Any table of numbers: a lab's own CSV, an export of software unknown here, or numbers without any header.

mod preamble;
#[cfg(test)]
mod tests;

use super::{FileFormat, Input};
use crate::format::Format;
use crate::options::{DecimalMark, ReadOptions};
use crate::recording::{Completeness, Recording, Technique, Trace};
use crate::reservation::Reservation;
use crate::table::columns::{Content, recognise};
use crate::table::electrodes::{self, Plan};
use crate::table::header::{self, Header};
use crate::table::layout::{self, Found, Layout, NotFound, Separator};
use crate::table::rows::{self, Tail, Wanted};
use crate::table::sweeps::{self, Sweeps};
use crate::table::{MAX_COLUMNS, MAX_LINE_BYTES, course, positions};
use crate::text::{Encoding, Lines, is_blank};
use crate::units::CurrentUnit;
use crate::unreadable::{Problem, Role, Unreadable};
use preamble::Preamble;

/// Reads a table of numbers; takes every text.
pub struct Delimited;

impl FileFormat for Delimited {
    fn format(&self) -> Format {
        Format::Delimited
    }

    fn recognises(&self, input: &Input<'_>) -> bool {
        input.text().is_some()
    }

    fn read(&self, input: &Input<'_>, options: &ReadOptions) -> Result<Recording, Unreadable> {
        read_table(input, Format::Delimited, options)
    }
}

/// Lines in which a header is looked for if there are no rows.
const HEADER_LINES: usize = 200;

/// Reads a file that is one table, perhaps with lines of text above it.
///
/// # Errors
/// [`Unreadable`] if there is no table, or no potential or current in it.
pub fn read_table(input: &Input<'_>, format: Format, options: &ReadOptions) -> Result<Recording, Unreadable> {
    let text = input.text_bytes();
    let table = layout::find(text, 0, 1, options).map_err(|reason| without_table(text, reason, format))?;
    if table.columns > MAX_COLUMNS {
        let problem = Problem::TooManyColumns {
            columns: table.columns,
            limit: MAX_COLUMNS,
        };
        return Err(Unreadable::of(format, problem));
    }
    let header = header::above(text, &table);
    let preamble = Preamble::read(&text[..header.start]);
    let read = if header.names.is_empty() {
        without_names(text, &table, options)
    } else {
        with_names(text, &table, &header, options)
    };
    let (mut sweeps, pulsed) = read.map_err(|problem| Unreadable::of(format, problem))?;
    if sweeps.electrodes.is_empty() {
        return Err(Unreadable::of(format, Problem::HeaderOnly));
    }
    let completeness = match sweeps.tail {
        Tail::Withheld(_) if !options.settled => Completeness::Partial,
        Tail::None | Tail::Kept(_) | Tail::Withheld(_) => Completeness::Unproven,
    };
    let technique = technique(&mut sweeps, preamble.technique, pulsed);
    Ok(Recording {
        format,
        encoding: input.encoding().unwrap_or(Encoding::Utf8),
        technique,
        frequency_hz: preamble.frequency_hz,
        scan_rate_v_s: preamble.scan_rate_v_s,
        cycles: sweeps.cycles().filter(|_| technique == Technique::Cv),
        electrodes: sweeps.electrodes,
        points: sweeps.points,
        completeness,
        expected_points: None,
        started_at: preamble.started_at,
        instrument: preamble.instrument,
        reservations: sweeps.reservations,
    })
}

/// The technique: what the file states; else what its columns and the course of its potential prove. A table of
/// chronoamperometry becomes current over time.
pub(super) fn technique(sweeps: &mut Sweeps, stated: Option<Technique>, pulsed: bool) -> Technique {
    match stated {
        Some(Technique::Ca) => sweeps.potentials_to_times(),
        None | Some(Technique::Unknown) => {
            sweeps.constant_to_transients();
        }
        Some(_) => {}
    }
    let Some(first) = sweeps.electrodes.first() else {
        return Technique::Unknown;
    };
    stated.unwrap_or_else(|| match &first.trace {
        Trace::Transient(_) => Technique::Ca,
        Trace::Voltammogram(_) if pulsed => Technique::Swv,
        Trace::Voltammogram(sweep) if course::folds_back(sweep.potential_v()) => Technique::Cv,
        Trace::Voltammogram(_) => Technique::Unknown,
    })
}

/// Reads a table with a header; gives also whether it has forward or reverse currents.
fn with_names(text: &[u8], table: &Found, header: &Header, options: &ReadOptions) -> Result<(Sweeps, bool), Problem> {
    let plan = electrodes::plan(&header.names, table.columns, options)?;
    if plan.by_position && options.potential.is_none() && options.time.is_none() {
        let (mut sweeps, pulsed) = without_names(text, table, options)?;
        sweeps.reservations.push(Reservation::ColumnsByPosition);
        return Ok((sweeps, pulsed));
    }
    let pulsed = plan.pulsed;
    Ok((sweeps::read(text, table, plan, options.settled, |_| false), pulsed))
}

fn without_names(text: &[u8], table: &Found, options: &ReadOptions) -> Result<(Sweeps, bool), Problem> {
    let wanted: Vec<Wanted> = (0..table.columns)
        .map(|column| Wanted {
            column,
            required: false,
        })
        .collect();
    let rows = rows::read(text, table, &wanted, options.settled, |_| false);
    let found = positions::of(&rows);
    let mut own = options.clone();
    let rodeostat = found.used == [1, 2] && is_rodeostat(text, table);
    if rodeostat && options.current_unit.is_none() {
        own.current_unit = Some(CurrentUnit::Microampere);
    }
    let time = found.time.or(rodeostat.then_some(0));
    let mut plan: Plan = electrodes::by_position(&found.used, time, table.columns, &own)?;
    plan.by_position = true;
    let mut sweeps = sweeps::assemble(rows, &wanted, &plan);
    if rodeostat && options.current_unit.is_none() {
        sweeps.reservations.push(Reservation::CurrentUnitInferred {
            unit: CurrentUnit::Microampere,
        });
    } else if found.time.is_some() && !rodeostat && options.time.is_none() && options.time_unit.is_none() {
        sweeps.reservations.push(Reservation::TimeUnitInferred);
    }
    Ok((sweeps, plan.pulsed))
}

/// The Rodeostat's own program writes time (s), potential (V) and current (µA) with 3, 4 and 4 decimals and no header.
fn is_rodeostat(text: &[u8], table: &Found) -> bool {
    let decimals = |cell: &&[u8]| memchr::memchr(b'.', cell).map_or(0, |at| cell.len() - at - 1);
    table.layout == Layout::new(Separator::Comma, DecimalMark::Point)
        && Lines::from(text, table.start, table.line).take(3).all(|line| {
            line.content.windows(2).filter(|pair| *pair == b", ").count() == 2
                && table.layout.cells(line.content).iter().map(decimals).eq([3, 4, 4])
        })
}

/// What is wrong with a text in which no table was found.
fn without_table(text: &[u8], reason: NotFound, format: Format) -> Unreadable {
    let problem = match reason {
        NotFound::AmbiguousComma => Problem::AmbiguousComma,
        NotFound::SingleColumn => Problem::MissingColumn {
            role: Role::Current,
            column: None,
            columns: 1,
        },
        NotFound::NoRows if format != Format::Delimited || has_header(text) => Problem::HeaderOnly,
        NotFound::NoRows => Problem::NoNumbers {
            beginning: !text.contains(&b'\n'),
        },
    };
    Unreadable::of(
        if problem_names_format(&problem) {
            format
        } else {
            Format::Unknown
        },
        problem,
    )
}

const fn problem_names_format(problem: &Problem) -> bool {
    !matches!(problem, Problem::NoNumbers { .. })
}

/// Whether a line names a potential or time and a current.
fn has_header(text: &[u8]) -> bool {
    Lines::of(text)
        .take(HEADER_LINES)
        .filter(|line| !is_blank(line.content) && line.content.len() <= MAX_LINE_BYTES)
        .any(|line| {
            [
                Separator::Tab,
                Separator::Semicolon,
                Separator::Comma,
                Separator::Blanks,
            ]
            .into_iter()
            .any(|separator| {
                let table = Found {
                    layout: Layout::new(separator, DecimalMark::Point),
                    columns: 2,
                    start: 0,
                    line: 1,
                };
                let contents: Vec<Content> = header::split(line.content, &table)
                    .iter()
                    .map(|name| recognise(name).content)
                    .collect();
                contents
                    .iter()
                    .any(|content| matches!(content, Content::Potential { .. } | Content::Time { .. }))
                    && contents
                        .iter()
                        .any(|content| matches!(content, Content::Current { .. }))
            })
        })
}
