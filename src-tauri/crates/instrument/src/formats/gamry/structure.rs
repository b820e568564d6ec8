//! What a data file consists of: objects, one a line, and tables.

use std::iter::Peekable;

use crate::options::DecimalMark;
use crate::table::number::parse_cell;
use crate::text::{Line, Lines, is_blank};

/// The objects of a file, and where its tables are.
#[derive(Debug, Clone, Default)]
pub(super) struct Structure<'a> {
    objects: Vec<Object<'a>>,
    /// The tables, in the file's order.
    pub tables: Vec<Table<'a>>,
    /// Whether the mark of a measurement that was stopped early is there.
    pub aborted: bool,
}

/// One line such as `SCANRATE<tab>QUANT<tab>1.0E+002<tab>Scan Rate (mV/s)`.
#[derive(Debug, Clone, Copy)]
struct Object<'a> {
    name: &'a str,
    value: &'a str,
    label: &'a str,
}

/// One table.
#[derive(Debug, Clone)]
pub(super) struct Table<'a> {
    /// `CURVE`, `CURVE2`, `OCVCURVE` and the like.
    pub name: &'a str,
    /// Rows that the line above it announces.
    pub announced: Option<usize>,
    /// Name of each column; the first is empty, because rows begin with a tab.
    pub names: Vec<&'a [u8]>,
    /// Unit of each column.
    pub units: Vec<&'a [u8]>,
    /// Offset of the first row.
    pub start: usize,
    /// Number of the line of the first row.
    pub line: usize,
    /// Offset behind the last row.
    pub end: usize,
    /// Rows with a sign of an overload.
    pub overloads: usize,
}

impl<'a> Structure<'a> {
    /// Finds objects and tables. Only lines that are whole count; a last row without line break stays in its table.
    pub fn of(text: &'a [u8]) -> Self {
        let mut found = Self::default();
        let mut lines = Lines::of(text).peekable();
        while let Some(line) = lines.next() {
            if !line.terminated || line.content.starts_with(b"\t") {
                continue;
            }
            let mut cells = line.content.split(|byte| *byte == b'\t').map(as_text);
            let (Some(name), Some(kind)) = (cells.next(), cells.next()) else {
                // A line of one word, such as `EXPLAIN`.
                continue;
            };
            let value = cells.next().unwrap_or("");
            match kind {
                "TABLE" => found.tables.push(table(name, value, text, &mut lines)),
                // Free lines, which may look like anything.
                "NOTES" => {
                    let count = value.parse::<usize>().unwrap_or(0);
                    for _ in 0..count {
                        if lines.next().is_none() {
                            break;
                        }
                    }
                }
                _ => {
                    found.aborted |= name == "EXPERIMENTABORTED" && value == "T";
                    let label = cells.next_back().unwrap_or("");
                    // The tag is followed by nothing but its value.
                    let value = if name == "TAG" { kind } else { value };
                    found.objects.push(Object { name, value, label });
                }
            }
        }
        found
    }
}

/// Reads on behind the line that begins a table, to its last row: rows begin with a tab, objects do not.
fn table<'a>(name: &'a str, announced: &str, text: &'a [u8], lines: &mut Peekable<Lines<'a>>) -> Table<'a> {
    let mut header = || lines.next_if(|line| line.terminated && line.content.starts_with(b"\t"));
    let cells = |line: Option<Line<'a>>| -> Vec<&'a [u8]> {
        let split = line.map(|line| line.content.split(|byte| *byte == b'\t'));
        split.into_iter().flatten().map(<[u8]>::trim_ascii).collect()
    };
    let names = cells(header());
    let units = cells(header());
    let first = lines.peek();
    let mut table = Table {
        name,
        announced: announced.trim().parse().ok(),
        start: first.map_or(text.len(), |line| line.start),
        line: first.map_or(0, |line| line.number),
        end: first.map_or(text.len(), |line| line.start),
        overloads: 0,
        names,
        units,
    };
    let flags = table.names.iter().position(|name| *name == b"Over");
    while let Some(row) = lines.next_if(|line| line.content.starts_with(b"\t") || is_blank(line.content)) {
        table.end = row.next;
        if let Some(flags) = flags {
            let behind = table.names.len() - 1 - flags;
            let cell = row.content.rsplit(|byte| *byte == b'\t').nth(behind);
            table.overloads += usize::from(cell.is_some_and(is_overload));
        }
    }
    table
}

/// Whether a row of status flags, one letter for each with a point where all is well, reports an overload of what is
/// measured here. The last flag belongs to the auxiliary channel, which is open in most set-ups.
fn is_overload(flags: &[u8]) -> bool {
    let flags = flags.trim_ascii();
    flags.len() > 1
        && flags[..flags.len() - 1].iter().any(|flag| !matches!(flag, b'.'))
        && flags.iter().all(|flag| *flag == b'.' || flag.is_ascii_alphabetic())
}

fn as_text(cell: &[u8]) -> &str {
    std::str::from_utf8(cell).unwrap_or("").trim()
}

impl<'a> Structure<'a> {
    fn object(&self, name: &str) -> Option<Object<'a>> {
        self.objects.iter().copied().find(|object| object.name == name)
    }

    /// The value of an object.
    pub fn value(&self, name: &str) -> Option<&'a str> {
        self.object(name)
            .map(|object| object.value)
            .filter(|value| !value.is_empty())
    }

    /// The value of an object as a number, with either decimal mark.
    pub fn number(&self, name: &str) -> Option<f64> {
        let value = self.value(name)?.as_bytes();
        let number = DecimalMark::ALL.into_iter().find_map(|mark| parse_cell(value, mark));
        number.filter(|number| number.is_finite())
    }

    /// What people read beside the value of an object.
    pub fn label(&self, name: &str) -> &'a str {
        self.object(name).map_or("", |object| object.label)
    }
}

impl Table<'_> {
    /// Position of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|found| *found == name.as_bytes())
    }

    /// The unit of a column without what it is measured against: `V` of `V vs. Ref.`.
    pub fn unit(&self, column: usize) -> &str {
        let unit = self.units.get(column).map_or("", |unit| as_text(unit));
        unit.split(' ').next().unwrap_or("")
    }

    /// The decimal mark of the rows, which follows the country that the computer is set to.
    pub fn mark(&self, text: &[u8]) -> DecimalMark {
        const ROWS: usize = 20;
        let rows = Lines::from(&text[..self.end], self.start, self.line).take(ROWS);
        let mut cells = rows.flat_map(|row| row.content.split(|byte| *byte == b'\t'));
        let comma = |cell: &[u8]| cell.contains(&b',') && parse_cell(cell, DecimalMark::Comma).is_some();
        let point = |cell: &[u8]| cell.contains(&b'.') && parse_cell(cell, DecimalMark::Point).is_some();
        let evident = cells.find_map(|cell| match () {
            () if comma(cell) => Some(DecimalMark::Comma),
            () if point(cell) => Some(DecimalMark::Point),
            () => None,
        });
        evident.unwrap_or(DecimalMark::Point)
    }
}
