//! The cells of a sheet as text: a line for each row, tabs between the cells.

use std::fmt::Write;
use std::io::Cursor;

use calamine::{DataRef, Xlsx};

use crate::table::MAX_COLUMNS;
use crate::unreadable::Problem;

/// Most rows that Excel has.
const MAX_ROWS: u32 = 1_048_576;
/// Most cells of all sheets that are looked at, empty ones included.
const MAX_CELLS: usize = 8_000_000;
/// Most bytes that the text of all sheets may have.
const MAX_TEXT: usize = 64 * 1024 * 1024;
/// Longest text of a cell that is kept; no name or title is longer.
const MAX_CELL_CHARS: usize = 1000;

/// What is left for the sheets of a workbook.
#[derive(Debug)]
pub(super) struct Room {
    cells: usize,
    bytes: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            cells: MAX_CELLS,
            bytes: MAX_TEXT,
        }
    }
}

/// The text of a sheet, its line numbers the numbers of its rows. Empty columns to the left are left out unless
/// `from_first_column`.
///
/// # Errors
/// [`Problem::DamagedWorkbook`] if cells are not in order or not readable, [`Problem::TooManyColumns`] and
/// [`Problem::TooLarge`] beyond the limits.
pub(super) fn text(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &str,
    room: &mut Room,
    from_first_column: bool,
) -> Result<Vec<u8>, Problem> {
    let damaged = |what| Problem::DamagedWorkbook { what };
    let unreadable = || damaged("a sheet cannot be read");
    let has_1904_dates = workbook.has_1904_epoch();
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(|_| unreadable())?;
    let mut text = Lines {
        days_offset: if has_1904_dates { DAYS_TO_1904 } else { 0.0 },
        ..Lines::default()
    };
    while let Some(cell) = cells.next_cell().map_err(|_| unreadable())? {
        room.cells = room.cells.checked_sub(1).ok_or(too_many_cells())?;
        if *cell.get_value() == DataRef::Empty {
            continue;
        }
        let (row, column) = cell.get_position();
        if row >= MAX_ROWS || !text.go_to(row as usize, column as usize) {
            return Err(damaged("the cells of a sheet are not in order"));
        }
        if column as usize >= MAX_COLUMNS {
            return Err(Problem::TooManyColumns {
                columns: column as usize + 1,
                limit: MAX_COLUMNS,
            });
        }
        text.write(cell.get_value());
        if text.text.len() > room.bytes {
            return Err(too_many_cells());
        }
    }
    let text = text.finish(from_first_column);
    room.bytes -= text.len().min(room.bytes);
    Ok(text)
}

const fn too_many_cells() -> Problem {
    Problem::WorkbookTooLarge {
        what: "cells",
        limit: MAX_CELLS,
    }
}

/// Days between the first days of the two calendars that workbooks have.
const DAYS_TO_1904: f64 = 1462.0;

/// Lines on their way.
#[derive(Default)]
struct Lines {
    text: String,
    /// Row and column behind the last cell.
    row: usize,
    next_column: usize,
    first_column: Option<usize>,
    /// From the workbook's days to those since the last day of 1899.
    days_offset: f64,
}

impl Lines {
    /// Goes on to a cell; gives whether it comes behind the last one.
    fn go_to(&mut self, row: usize, column: usize) -> bool {
        if row < self.row || (row == self.row && column < self.next_column) {
            return false;
        }
        while self.row < row {
            self.text.push('\n');
            self.row += 1;
            self.next_column = 0;
        }
        // A cell ends where the next one begins: as many tabs as columns lie between.
        let from = self.next_column.saturating_sub(1);
        for _ in from..column.min(MAX_COLUMNS) {
            self.text.push('\t');
        }
        self.next_column = column + 1;
        self.first_column = Some(self.first_column.map_or(column, |first| first.min(column)));
        true
    }

    fn write(&mut self, value: &DataRef<'_>) {
        match value {
            DataRef::Empty => {}
            DataRef::Float(number) => self.number(*number),
            DataRef::Int(number) => self.number(*number as f64),
            DataRef::Bool(value) => self.words(if *value { "true" } else { "false" }),
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => self.words(text),
            DataRef::SharedString(text) => self.words(text),
            DataRef::Error(error) => self.words(&error.to_string()),
            DataRef::DateTime(when) => {
                let days = when.as_f64();
                match (when.is_duration(), date(days + self.days_offset)) {
                    (false, Some(when)) => self.words(&when),
                    // A time of day or a duration: no number of the unit that its column names.
                    _ => self.words(&format!("{days} d")),
                }
            }
        }
    }

    /// The shortest digits that read back as the very number.
    fn number(&mut self, number: f64) {
        let plain = number == 0.0 || (1e-5..1e15).contains(&number.abs());
        // Writing to a string cannot fail.
        let _ = if plain {
            write!(self.text, "{number}")
        } else {
            write!(self.text, "{number:e}")
        };
    }

    /// A text without what means something between cells.
    fn words(&mut self, text: &str) {
        let plain = |letter: char| match letter {
            '"' => '\'',
            '\u{feff}' => ' ',
            other if other.is_control() => ' ',
            other => other,
        };
        self.text.extend(text.trim().chars().take(MAX_CELL_CHARS).map(plain));
    }

    fn finish(mut self, from_first_column: bool) -> Vec<u8> {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let left = self.first_column.unwrap_or(0);
        if left == 0 || from_first_column {
            return self.text.into_bytes();
        }
        let margin = "\t".repeat(left);
        let lines = self.text.split_inclusive('\n');
        lines
            .map(|line| line.strip_prefix(margin.as_str()).unwrap_or(line))
            .collect::<String>()
            .into_bytes()
    }
}

/// A date as Excel keeps it, in days since the last day of 1899.
fn date(days: f64) -> Option<String> {
    const MOST_DAYS: f64 = 2_958_466.0;
    if !(1.0..MOST_DAYS).contains(&days) {
        return None;
    }
    let seconds = (days * 86_400.0).round() as i64;
    let begin = jiff::civil::date(1899, 12, 30).at(0, 0, 0, 0);
    let when = begin.checked_add(jiff::Span::new().try_seconds(seconds).ok()?).ok()?;
    Some(when.strftime("%Y-%m-%d %H:%M:%S").to_string())
}
