//! Text export of the Ivium software: the date, the names of the columns (`time/s I/A E/V`), and rows separated by blanks with one
//! column more than there are names: the measured potential beside the applied one.

use crate::dates::dated;
use crate::format::Format;
use crate::formats::{FileFormat, Input, delimited};
use crate::options::{DecimalMark, ReadOptions};
use crate::recording::{Completeness, Recording};
use crate::table::electrodes::{self, Plan};
use crate::table::layout::{Found, Layout, Separator};
use crate::table::rows::Tail;
use crate::table::{MAX_COLUMNS, sweeps};
use crate::text::{Encoding, Line, Lines, is_blank};
use crate::unreadable::{Problem, Role, Unreadable};

/// Reads text exports of the Ivium software.
pub struct IviumText;

impl FileFormat for IviumText {
    fn format(&self) -> Format {
        Format::IviumIdf
    }

    fn recognises(&self, input: &Input<'_>) -> bool {
        head(input).is_some()
    }

    fn read(&self, input: &Input<'_>, options: &ReadOptions) -> Result<Recording, Unreadable> {
        read(input, options).map_err(|problem| Unreadable::of(Format::IviumIdf, problem))
    }
}

/// The first two lines, if they are a date and names that stand in this export only.
fn head<'a>(input: &'a Input<'_>) -> Option<(Line<'a>, Line<'a>)> {
    let mut lines = Lines::of(input.text_bytes()).filter(|line| !is_blank(line.content));
    let (date, names) = (lines.next()?, lines.next()?);
    let begins_with_date = date.content.first().is_some_and(u8::is_ascii_digit)
        && date.content.len() < 40
        && memchr::memchr(b':', date.content).is_some();
    let has = |name: &[u8]| words(names.content).any(|word| word == name);
    (begins_with_date && names.terminated && has(b"E/V") && has(b"I/A")).then_some((date, names))
}

fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| matches!(byte, b' ' | b'\t'))
        .filter(|word| !word.is_empty())
}

fn read(input: &Input<'_>, options: &ReadOptions) -> Result<Recording, Problem> {
    let (date, names) = head(input).ok_or(Problem::HeaderOnly)?;
    let text = input.text_bytes();
    let names_count = words(names.content).count();
    if names_count > MAX_COLUMNS {
        return Err(Problem::TooManyColumns {
            columns: names_count,
            limit: MAX_COLUMNS,
        });
    }
    let column = |name: &[u8]| words(names.content).position(|word| word == name);
    let missing = |role| Problem::MissingColumn {
        role,
        column: None,
        columns: names_count,
    };
    let potential = column(b"E/V").ok_or_else(|| missing(Role::Potential))?;
    let current = column(b"I/A").ok_or_else(|| missing(Role::Current))?;
    let time = column(b"time/s");
    let body = &text[names.next..];
    let mark = match memchr::memchr2(b'.', b',', body).map(|at| body[at]) {
        Some(b',') => DecimalMark::Comma,
        _ => DecimalMark::Point,
    };
    let first = Lines::from(text, names.next, names.number + 1).find(|line| !is_blank(line.content));
    let columns = first.map_or(names_count, |line| words(line.content).count().min(MAX_COLUMNS));
    let table = Found {
        layout: Layout::new(Separator::Blanks, mark),
        columns,
        start: names.next,
        line: names.number + 1,
    };
    let own = ReadOptions::default();
    let mut plan: Plan = electrodes::by_position(&[potential, current], time, columns.max(names_count), &own)?;
    plan.by_position = false;
    let mut sweeps = sweeps::read(text, &table, plan, options.settled, |_| false);
    if sweeps.electrodes.is_empty() {
        return Err(Problem::HeaderOnly);
    }
    let technique = delimited::technique(&mut sweeps, None, false);
    Ok(Recording {
        format: Format::IviumIdf,
        encoding: input.encoding().unwrap_or(Encoding::Utf8),
        technique,
        frequency_hz: None,
        scan_rate_v_s: None,
        electrodes: sweeps.electrodes,
        points: sweeps.points,
        cycles: None,
        completeness: match sweeps.tail {
            Tail::Withheld(_) if !options.settled => Completeness::Partial,
            _ => Completeness::Unproven,
        },
        expected_points: None,
        started_at: std::str::from_utf8(date.content)
            .ok()
            .and_then(|date| dated(date).known()),
        instrument: None,
        reservations: sweeps.reservations,
    })
}
