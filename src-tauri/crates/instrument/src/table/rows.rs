//! The rows of a table, read in one pass over the bytes.

use super::MAX_LINE_BYTES;
use super::clean_row;
use super::layout::{Found, Layout};
use super::number::parse_cell;
use crate::reservation::LineNumbers;
use crate::text::{Line, Lines, is_blank};

/// A column to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Its position from 0.
    pub column: usize,
    /// Whether a row without a number here is no row at all (a potential), or only has a value missing (a current).
    pub required: bool,
}

/// Most missing values: each takes memory although the file has nothing there, so that short rows below a wide header could
/// take a thousand times the size of the file. Rows beyond are reported as unreadable.
const MAX_MISSING: usize = 1 << 20;

/// What was read of a table.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// The values of each wanted column, all of the same length; NaN where the value is missing.
    pub columns: Vec<Vec<f64>>,
    /// For each wanted column the rows (from 0) without a number, with their line numbers.
    pub missing: Vec<Vec<(usize, usize)>>,
    /// Lines inside the table that are no rows.
    pub unreadable: LineNumbers,
    /// Rows with more cells than the table has columns.
    pub surplus: LineNumbers,
    /// What the last line without a line break became.
    pub tail: Tail,
}

/// What the last line without a line break became.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tail {
    /// There is none: the last line ends with a line break.
    #[default]
    None,
    /// It was withheld, because it may be cut short.
    Withheld(usize),
    /// It was read as a row, because the file no longer changes.
    Kept(usize),
}

impl Rows {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    /// True if there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Reads the rows of a table.
///
/// `wanted` is in ascending order of columns and not empty. Lines for which `known` is true belong to the format (a
/// title between two segments, say): they are passed over. Comment lines are passed over too. Only rows that end with a
/// line break count, unless `settled` says that nobody is writing any more.
pub fn read(text: &[u8], table: &Found, wanted: &[Wanted], settled: bool, known: impl Fn(&[u8]) -> bool) -> Rows {
    let end = memchr::memrchr(b'\n', text).map_or(0, |last| last + 1);
    let body = &text[..end.max(table.start)];
    // A row of a measurement has rarely fewer than 8 bytes a cell; the guess only saves growing.
    let guess = (body.len() - table.start) / (8 * table.columns.max(1)) + 1;
    let mut reader = Reader {
        layout: table.layout,
        table_columns: table.columns,
        wanted,
        rows: Rows {
            columns: wanted.iter().map(|_| Vec::with_capacity(guess)).collect(),
            missing: vec![Vec::new(); wanted.len()],
            ..Rows::default()
        },
        done: 0,
        missing: 0,
    };
    let clean = clean_row::reader(table.layout);
    let clean_table = clean_row::Table {
        body,
        wanted,
        columns: table.columns,
    };
    let mut position = table.start;
    let mut number = table.line;
    while position < body.len() {
        if let Some(read) = clean {
            let (next, rows) = read(clean_table, position, &mut reader.rows.columns);
            reader.done += rows;
            number += rows;
            position = next;
        }
        if let Some(line) = Lines::from(body, position, number).next() {
            reader.any_line(&line, &known);
            position = line.next;
            number += 1;
        }
    }
    if let Some(line) = Lines::from(text, position, number)
        .next()
        .filter(|line| !is_blank(line.content))
    {
        reader.rows.tail = Tail::Withheld(number);
        let short = line.content.len() <= MAX_LINE_BYTES;
        if settled
            && short
            && looks_whole(table.layout, text, table.start, &line)
            && reader.row_as_wide_as_the_table(&line)
        {
            reader.rows.tail = Tail::Kept(number);
        }
    }
    reader.rows
}

/// Whether the last cell of a last line is written like the one above it, so that nothing seems to be cut off:
/// `1.234` below `1.234e-7` would be ten million times too large.
fn looks_whole(layout: Layout, text: &[u8], table_start: usize, last: &Line<'_>) -> bool {
    let before = &text[table_start.min(last.start)..last.start];
    let above = before.strip_suffix(b"\n").unwrap_or(before);
    let above = &above[memchr::memrchr(b'\n', above).map_or(0, |at| at + 1)..];
    let above = above.strip_suffix(b"\r").unwrap_or(above);
    let shape = |line: &[u8]| layout.cells(line).last().map(|cell| shape(cell));
    match (shape(above), shape(last.content)) {
        (Some(above), Some(last)) => {
            above.exponent == last.exponent && (last.exponent.is_some() || last.decimals >= above.decimals.min(3))
        }
        (None, last) => last.is_some(),
        (Some(_), None) => false,
    }
}

/// How a number is written.
#[derive(Debug, Clone, Copy)]
struct Shape {
    /// Digits behind the decimal mark.
    decimals: usize,
    /// Digits of the exponent, if there is one.
    exponent: Option<usize>,
}

fn shape(cell: &[u8]) -> Shape {
    let exponent = cell.iter().position(|byte| matches!(byte, b'e' | b'E'));
    let mantissa = &cell[..exponent.unwrap_or(cell.len())];
    let digits = |part: &[u8]| part.iter().filter(|byte| byte.is_ascii_digit()).count();
    Shape {
        decimals: mantissa
            .iter()
            .position(|byte| matches!(byte, b'.' | b','))
            .map_or(0, |mark| digits(&mantissa[mark..])),
        exponent: exponent.map(|at| digits(&cell[at..])),
    }
}

struct Reader<'a> {
    layout: Layout,
    table_columns: usize,
    wanted: &'a [Wanted],
    rows: Rows,
    /// Rows so far.
    done: usize,
    /// Missing values so far.
    missing: usize,
}

impl Reader<'_> {
    /// Reads a line that is not a clean row: blank, a comment, known to the format, damaged, or quoted.
    #[cold]
    fn any_line(&mut self, line: &Line<'_>, known: &impl Fn(&[u8]) -> bool) {
        let content = line.content.trim_ascii();
        let blank = is_blank(content) || content.iter().all(|byte| matches!(byte, b',' | b';' | b'\t' | b' '));
        if blank || matches!(content[0], b'#' | b'%') || known(content) {
            return;
        }
        let is_row =
            line.content.len() <= MAX_LINE_BYTES && self.push_cells(&self.layout.cells(line.content), line.number);
        if !is_row {
            self.rows.unreadable.add(line.number);
        }
    }

    /// Adds a row cell by cell; gives false if it is no row.
    fn push_cells(&mut self, cells: &[&[u8]], line: usize) -> bool {
        let value_of = |wanted: &Wanted| {
            cells
                .get(wanted.column)
                .and_then(|cell| parse_cell(cell, self.layout.mark))
        };
        let required_there = self
            .wanted
            .iter()
            .filter(|wanted| wanted.required)
            .all(|wanted| value_of(wanted).is_some());
        let any_other = self
            .wanted
            .iter()
            .any(|wanted| !wanted.required && value_of(wanted).is_some());
        let missing = self.wanted.iter().filter(|wanted| value_of(wanted).is_none()).count();
        if !required_there || !any_other || self.missing + missing > MAX_MISSING {
            return false;
        }
        self.missing += missing;
        for ((target, missing), wanted) in self
            .rows
            .columns
            .iter_mut()
            .zip(&mut self.rows.missing)
            .zip(self.wanted)
        {
            let value = cells
                .get(wanted.column)
                .and_then(|cell| parse_cell(cell, self.layout.mark));
            target.push(value.unwrap_or(f64::NAN));
            if value.is_none() {
                missing.push((self.done, line));
            }
        }
        self.done += 1;
        if cells.len() > self.table_columns {
            self.rows.surplus.add(line);
        }
        true
    }

    /// Reads a last line without a line break, which must have every cell to count.
    fn row_as_wide_as_the_table(&mut self, line: &Line<'_>) -> bool {
        let cells = self.layout.cells(line.content);
        let whole = self.wanted.iter().all(|wanted| {
            cells
                .get(wanted.column)
                .is_some_and(|cell| parse_cell(cell, self.layout.mark).is_some())
        });
        cells.len() == self.table_columns && whole && self.push_cells(&cells, line.number)
    }
}
