//! CSV export of PSTrace: all measurements side by side, each in two columns.
//!
//! Above the numbers stand the time of the export, a note of any length, the titles of the curves, the times of the
//! measurements, and the units (`V,µA,V,µA`), which are the one line that every export has. The separator and the decimal
//! mark follow the computer's region.

use super::pairs::{Cell, Pairs, Row, is_unit};
use crate::format::Format;
use crate::formats::curves::arrange;
use crate::formats::{FileFormat, Input};
use crate::options::{DecimalMark, ReadOptions};
use crate::recording::{Completeness, Recording};
use crate::reservation::{LineNumbers, Names, Reservation};
use crate::table::layout::{Layout, Separator};
use crate::table::number::parse_cell;
use crate::table::{MAX_COLUMNS, MAX_LINE_BYTES};
use crate::text::{Encoding, Line, Lines, is_blank};
use crate::unreadable::{Problem, Unreadable};

/// Reads CSV exports of PSTrace.
pub struct PstraceCsv;

/// How the first line of every export begins.
const FIRST_LINE: &[u8] = b"Date and time:";
/// How the first line of an impedance export begins.
const IMPEDANCE: &[u8] = b"File date:";
/// Lines in which the units are looked for; a note stands above them.
const LINES_ABOVE: usize = 2000;

impl FileFormat for PstraceCsv {
    fn format(&self) -> Format {
        Format::PalmsensCsv
    }

    fn recognises(&self, input: &Input<'_>) -> bool {
        first_line(input).is_some_and(|line| line.starts_with(FIRST_LINE) || line.starts_with(IMPEDANCE))
    }

    fn read(&self, input: &Input<'_>, options: &ReadOptions) -> Result<Recording, Unreadable> {
        read(input, Format::PalmsensCsv, options).map_err(|problem| Unreadable::of(Format::PalmsensCsv, problem))
    }
}

fn first_line<'a>(input: &'a Input<'_>) -> Option<&'a [u8]> {
    Lines::of(input.head())
        .find(|line| !is_blank(line.content))
        .map(|line| line.content.trim_ascii())
}

/// Reads an export, or the sheet of an Excel export as text.
///
/// # Errors
/// [`Problem`] if there is no line of units, no point, or no curve that can be analysed.
pub(super) fn read(input: &Input<'_>, format: Format, options: &ReadOptions) -> Result<Recording, Problem> {
    let text = input.text_bytes();
    if first_line(input).is_some_and(|line| line.starts_with(IMPEDANCE)) {
        let mut names = Names::default();
        names.add("Impedance Spectroscopy");
        return Err(Problem::NothingToAnalyse { names });
    }
    let head = Head::find(text).ok_or(Problem::HeaderOnly)?;
    if head.units.len() > MAX_COLUMNS {
        return Err(Problem::TooManyColumns {
            columns: head.units.len(),
            limit: MAX_COLUMNS,
        });
    }
    let layout = Layout::new(head.separator, decimal_mark(head.separator, &text[head.body..]));
    let mut pairs = Pairs::new(&head.units, &head.titles, &head.dates);
    let mut unreadable = LineNumbers::default();
    let mut surplus = LineNumbers::default();
    let mut reservations = Vec::new();
    let mut tail = Tail::Whole;
    let mut points = 0;
    let mut above: Option<Line<'_>> = None;
    for line in Lines::from(text, head.body, head.body_line) {
        if line.content.len() > MAX_LINE_BYTES {
            unreadable.add(line.number);
            continue;
        }
        if !line.terminated {
            let kept = options.settled && above.is_some_and(|above| same_shape(layout, above, line));
            if !kept {
                tail = if is_blank(line.content) { tail } else { Tail::Withheld };
                if tail == Tail::Withheld {
                    reservations.push(Reservation::LastLineUnterminated { line: line.number });
                }
                continue;
            }
            tail = Tail::Kept;
            reservations.push(Reservation::LastLineKept { line: line.number });
        }
        let mut cells = Cells::new(layout, line.content);
        match pairs.push(line.number, &mut cells) {
            Row::Points => {
                points += 1;
                above = Some(line);
                if cells.any(|cell| cell != Cell::Empty) {
                    surplus.add(line.number);
                }
            }
            Row::Blank => {}
            Row::Unreadable => unreadable.add(line.number),
        }
    }
    if points == 0 {
        return Err(Problem::HeaderOnly);
    }
    if !unreadable.is_empty() {
        reservations.push(Reservation::UnreadableLines(unreadable));
    }
    if !surplus.is_empty() {
        reservations.push(Reservation::SurplusColumns(surplus));
    }
    let arranged = arrange(pairs.into_curves())?;
    reservations.extend(arranged.reservations);
    let completeness = match tail {
        Tail::Whole if ends_with_mark(input) => Completeness::Complete,
        Tail::Withheld if !options.settled => Completeness::Partial,
        _ => Completeness::Unproven,
    };
    Ok(Recording {
        format,
        encoding: input.encoding().unwrap_or(Encoding::Utf8),
        technique: arranged.technique,
        frequency_hz: None,
        scan_rate_v_s: None,
        electrodes: arranged.electrodes,
        points: arranged.points,
        cycles: arranged.cycles,
        completeness,
        expected_points: None,
        started_at: arranged.started_at,
        instrument: None,
        reservations,
    })
}

/// What the last line without a line break became.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tail {
    Whole,
    Withheld,
    Kept,
}

/// PSTrace closes its exports with a second byte order mark, which nothing else writes there.
fn ends_with_mark(input: &Input<'_>) -> bool {
    let raw = input.raw();
    match input.encoding() {
        Some(Encoding::Utf16Le) => raw.len().is_multiple_of(2) && raw.len() > 4 && raw.ends_with(&[0xFF, 0xFE]),
        Some(Encoding::Utf16Be) => raw.len().is_multiple_of(2) && raw.len() > 4 && raw.ends_with(&[0xFE, 0xFF]),
        _ => raw.len() > 6 && raw.ends_with(&[0xEF, 0xBB, 0xBF]),
    }
}

/// Whether a last line without line break has the cells of the line above it, the last one written as precisely.
fn same_shape(layout: Layout, above: Line<'_>, last: Line<'_>) -> bool {
    let (above, last) = (layout.cells(above.content), layout.cells(last.content));
    let decimals = |cells: &[&[u8]]| {
        let cell = cells.last().copied().unwrap_or_default();
        memchr::memchr2(b'.', b',', cell).map_or(0, |at| cell.len() - at - 1)
    };
    above.len() == last.len() && decimals(&last) >= decimals(&above).min(3)
}

/// The lines above the numbers.
pub(super) struct Head {
    pub(super) separator: Separator,
    units: Vec<String>,
    pub(super) titles: Vec<String>,
    dates: Vec<String>,
    /// Offset and line number of the first row.
    body: usize,
    body_line: usize,
}

impl Head {
    /// Finds the line of units, and the titles and times above it.
    pub(super) fn find(text: &[u8]) -> Option<Self> {
        let mut above: [Option<Line<'_>>; 2] = [None, None];
        for line in Lines::of(text).take(LINES_ABOVE) {
            if line.content.len() > MAX_LINE_BYTES || is_blank(line.content) {
                continue;
            }
            if line.terminated
                && let Some((separator, units)) = units(line.content)
            {
                let [dates, titles] = above;
                let is_date = |line: &Line<'_>| line.content.starts_with(b"Date and time measurement");
                let (dates, titles) = match dates {
                    Some(dates) if is_date(&dates) => (Some(dates), titles),
                    nearest => (None, nearest),
                };
                return Some(Self {
                    separator,
                    titles: titles.map_or_else(Vec::new, |line| titles_in(separator, line.content, units.len())),
                    dates: dates.map_or_else(Vec::new, |line| cells(separator, line.content)),
                    units,
                    body: line.next,
                    body_line: line.number + 1,
                });
            }
            above = [Some(line), above[0]];
        }
        None
    }
}

fn cells(separator: Separator, line: &[u8]) -> Vec<String> {
    Layout::new(separator, DecimalMark::Point)
        .cells(line)
        .iter()
        .map(|cell| String::from_utf8_lossy(cell).into_owned())
        .collect()
}

/// A line with nothing but units, an even number of them.
fn units(line: &[u8]) -> Option<(Separator, Vec<String>)> {
    [Separator::Tab, Separator::Semicolon, Separator::Comma]
        .into_iter()
        .map(|separator| (separator, cells(separator, line)))
        .find(|(_, cells)| cells.len() >= 2 && cells.len().is_multiple_of(2) && cells.iter().all(|cell| is_unit(cell)))
}

/// The titles in every second cell. A title with the separator inside takes more than one: then a new one begins where a
/// cell names a measurement.
fn titles_in(separator: Separator, line: &[u8], columns: usize) -> Vec<String> {
    let cells = cells(separator, line);
    if cells.len() <= columns {
        return cells;
    }
    let begins = |cell: &str| cell.contains(':') && super::title::technique(stem(cell)).is_some();
    let mut titles: Vec<String> = Vec::with_capacity(columns);
    for cell in cells.into_iter().filter(|cell| !cell.is_empty()) {
        if begins(&cell) || titles.is_empty() {
            titles.extend([cell, String::new()]);
        } else if let [.., last, _] = titles.as_mut_slice() {
            last.push(' ');
            last.push_str(&cell);
        }
    }
    titles
}

fn stem(title: &str) -> &str {
    title.split([':', '[']).next().unwrap_or_default().trim()
}

/// The decimal mark of the numbers: the first that occurs, where the separator leaves both possible.
fn decimal_mark(separator: Separator, body: &[u8]) -> DecimalMark {
    if separator == Separator::Comma {
        return DecimalMark::Point;
    }
    match memchr::memchr2(b'.', b',', body).map(|at| body[at]) {
        Some(b',') => DecimalMark::Comma,
        _ => DecimalMark::Point,
    }
}

/// The cells of a line as numbers, without a copy.
struct Cells<'a> {
    layout: Layout,
    separator: u8,
    rest: Option<&'a [u8]>,
}

impl<'a> Cells<'a> {
    fn new(layout: Layout, line: &'a [u8]) -> Self {
        let separator = match layout.separator {
            Separator::Tab => b'\t',
            Separator::Semicolon => b';',
            _ => b',',
        };
        Self {
            layout,
            separator,
            rest: Some(line),
        }
    }
}

impl Iterator for Cells<'_> {
    type Item = Cell;

    fn next(&mut self) -> Option<Cell> {
        let rest = self.rest?;
        let end = memchr::memchr(self.separator, rest);
        let cell = rest[..end.unwrap_or(rest.len())].trim_ascii();
        self.rest = end.map(|end| &rest[end + 1..]);
        Some(if cell.is_empty() {
            Cell::Empty
        } else {
            parse_cell(cell, self.layout.mark).map_or(Cell::Text, Cell::Number)
        })
    }
}
