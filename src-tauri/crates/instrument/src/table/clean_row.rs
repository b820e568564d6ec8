//! The rows of a table as instruments write them: nothing but numbers, separators and a line break.
//!
//! Nearly all rows are clean, and most of the time spent on a file is spent here, so separator and decimal mark are
//! known when this is compiled. Whatever is unusual is left to the slow way, which sees the whole line.

use super::layout::{Layout, Separator};
use super::number::parse_prefix;
use super::rows::Wanted;
use crate::options::DecimalMark;

/// Where the rows are, and which of their cells are wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'a> {
    /// Whole lines, each with its line break.
    pub body: &'a [u8],
    /// The cells to read.
    pub wanted: &'a [Wanted],
    /// Cells of a whole row.
    pub columns: usize,
}

/// Reads rows from an offset on into the columns, up to the first that is not clean; gives the offset behind them and
/// how many there were.
pub(super) type CleanRows = fn(Table<'_>, usize, &mut [Vec<f64>]) -> (usize, usize);

/// The reader for a layout; nothing where separators and marks can only be told apart with the whole line in view.
pub(super) fn reader(layout: Layout) -> Option<CleanRows> {
    const POINT: u8 = b'.';
    const COMMA: u8 = b',';
    Some(match (layout.separator, layout.mark) {
        (Separator::Comma, DecimalMark::Point) => clean_rows::<b',', POINT>,
        (Separator::Semicolon, DecimalMark::Point) => clean_rows::<b';', POINT>,
        (Separator::Semicolon, DecimalMark::Comma) => clean_rows::<b';', COMMA>,
        (Separator::Tab, DecimalMark::Point) => clean_rows::<b'\t', POINT>,
        (Separator::Tab, DecimalMark::Comma) => clean_rows::<b'\t', COMMA>,
        (Separator::Blanks, DecimalMark::Point) => clean_rows::<b' ', POINT>,
        (Separator::Blanks, DecimalMark::Comma) => clean_rows::<b' ', COMMA>,
        (Separator::CommaBlank, _) | (Separator::Comma, DecimalMark::Comma) => return None,
    })
}

/// A blank as separator stands for any run of blanks and tabs.
fn clean_rows<const SEPARATOR: u8, const MARK: u8>(
    table: Table<'_>,
    start: usize,
    columns: &mut [Vec<f64>],
) -> (usize, usize) {
    let mut position = start;
    let mut rows = 0;
    let before = columns.first().map_or(0, Vec::len);
    while let Some(next) = clean_row::<SEPARATOR, MARK>(table, position, columns) {
        position = next;
        rows += 1;
    }
    // The row that broke off may have left values in some columns.
    for column in columns {
        column.truncate(before + rows);
    }
    (position, rows)
}

/// Where reading stands in a row.
#[derive(Clone, Copy)]
struct Place {
    /// Offset at which a cell starts, or the line ends.
    position: usize,
    /// Number of that cell.
    cell: usize,
    /// Whether the line ends there.
    ended: bool,
}

#[inline]
fn clean_row<const SEPARATOR: u8, const MARK: u8>(
    table: Table<'_>,
    start: usize,
    columns: &mut [Vec<f64>],
) -> Option<usize> {
    let body = table.body;
    let position = if SEPARATOR == b' ' {
        behind_blanks::<SEPARATOR>(body, start)?
    } else {
        start
    };
    let mut place = Place {
        position,
        cell: 0,
        ended: false,
    };
    // Potentials are written in another way than currents; code of its own for the first column spares the processor
    // most wrong guesses.
    let (first, others) = columns.split_first_mut()?;
    let (first_wanted, others_wanted) = table.wanted.split_first()?;
    let value = number_in::<SEPARATOR, MARK>(body, &mut place, first_wanted.column)?;
    first.push(value);
    for (target, wanted) in others.iter_mut().zip(others_wanted) {
        let value = number_in::<SEPARATOR, MARK>(body, &mut place, wanted.column)?;
        target.push(value);
    }
    let mut position = place.position;
    if place.cell < table.columns && !place.ended {
        return memchr::memchr(b'\n', &body[position..]).map(|end| position + end + 1);
    }
    // Nothing but empty cells may follow the last column.
    loop {
        match *body.get(position)? {
            b'\n' => return Some(position + 1),
            b' ' | b'\t' | b'\r' => position += 1,
            found if found == SEPARATOR => position += 1,
            _ => return None,
        }
    }
}

/// The number in a cell further on in the row; moves behind its separator.
#[allow(clippy::inline_always, reason = "most of the time spent on a file is spent here")]
#[inline(always)]
fn number_in<const SEPARATOR: u8, const MARK: u8>(body: &[u8], place: &mut Place, column: usize) -> Option<f64> {
    if place.ended {
        return None;
    }
    let mut position = place.position;
    while place.cell < column {
        position = next_cell::<SEPARATOR>(body, position)?;
        place.cell += 1;
    }
    position = behind_blanks::<SEPARATOR>(body, position)?;
    let (value, length) = parse_prefix::<MARK>(body.get(position..)?)?;
    position += length;
    // The cell must end here: what is left over would be a damaged number.
    match *body.get(position)? {
        b'\n' | b'\r' => place.ended = true,
        found if found == SEPARATOR => {
            position += 1;
            place.cell += 1;
        }
        b' ' | b'\t' => {
            position = behind_blanks::<SEPARATOR>(body, position)?;
            match body[position] {
                b'\n' | b'\r' => place.ended = true,
                _ if SEPARATOR == b' ' => place.cell += 1,
                found if found == SEPARATOR => {
                    position += 1;
                    place.cell += 1;
                }
                _ => return None,
            }
        }
        _ => return None,
    }
    place.position = position;
    Some(value)
}

/// Offset of the next byte that is no blank; a tab that separates is none.
#[inline]
fn behind_blanks<const SEPARATOR: u8>(body: &[u8], start: usize) -> Option<usize> {
    let mut position = start;
    while *body.get(position)? == b' ' || (SEPARATOR != b'\t' && body[position] == b'\t') {
        position += 1;
    }
    Some(position)
}

/// Offset of the cell behind the one that starts here; nothing if the line ends before or holds quotes.
#[inline]
fn next_cell<const SEPARATOR: u8>(body: &[u8], start: usize) -> Option<usize> {
    let mut position = behind_blanks::<SEPARATOR>(body, start)?;
    loop {
        match *body.get(position)? {
            b'\n' | b'"' => return None,
            b'\t' if SEPARATOR == b' ' => break,
            found if found == SEPARATOR => break,
            _ => position += 1,
        }
    }
    Some(position + 1)
}
