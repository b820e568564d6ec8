//! How a table is written: separator, decimal mark, number of columns.

use super::MAX_LINE_BYTES;
use super::number::parse_cell;
use crate::options::{DecimalMark, Delimiter, ReadOptions};
use crate::text::{Line, Lines, is_blank};

/// How the rows of a table are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// What separates the columns.
    pub separator: Separator,
    /// What separates whole numbers from fractions.
    pub mark: DecimalMark,
}

/// What separates the columns of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    /// One comma.
    Comma,
    /// A comma with a blank behind it, which leaves the bare comma to decimals.
    CommaBlank,
    /// One semicolon.
    Semicolon,
    /// One tab.
    Tab,
    /// One or more blanks or tabs.
    Blanks,
}

/// A table found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// How its rows are written.
    pub layout: Layout,
    /// Number of columns.
    pub columns: usize,
    /// Offset of its first row.
    pub start: usize,
    /// Line number of its first row.
    pub line: usize,
}

/// Why no table was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotFound {
    /// No row of numbers that ends with a line break.
    NoRows,
    /// Rows with one number each.
    SingleColumn,
    /// Commas that may be separators or decimal marks.
    AmbiguousComma,
}

/// Tried in this order; the first of equally good ones is taken.
const CANDIDATES: [Layout; 9] = [
    Layout::new(Separator::Tab, DecimalMark::Point),
    Layout::new(Separator::Tab, DecimalMark::Comma),
    Layout::new(Separator::Semicolon, DecimalMark::Point),
    Layout::new(Separator::Semicolon, DecimalMark::Comma),
    Layout::new(Separator::CommaBlank, DecimalMark::Comma),
    Layout::new(Separator::Comma, DecimalMark::Point),
    Layout::new(Separator::Comma, DecimalMark::Comma),
    Layout::new(Separator::Blanks, DecimalMark::Point),
    Layout::new(Separator::Blanks, DecimalMark::Comma),
];
/// Rows that are looked at to find the layout.
const SAMPLE: usize = 4;
/// Rows that are looked at to tell torn decimals from whole numbers.
const TORN_ROWS: usize = 2000;
/// Lines within which a table has to begin if some of its columns are text.
const TEXT_TABLE_LINES: usize = 400;

impl Layout {
    /// A layout of these two.
    pub const fn new(separator: Separator, mark: DecimalMark) -> Self {
        Self { separator, mark }
    }

    /// Whether the settings leave room for this layout.
    fn allowed(self, options: &ReadOptions) -> bool {
        let delimiter = match self.separator {
            Separator::Comma | Separator::CommaBlank => Delimiter::Comma,
            Separator::Semicolon => Delimiter::Semicolon,
            Separator::Tab => Delimiter::Tab,
            Separator::Blanks => Delimiter::Space,
        };
        options.delimiter.is_none_or(|wanted| wanted == delimiter)
            && options.decimal.is_none_or(|wanted| wanted == self.mark)
    }

    /// Splits a line into cells without surrounding blanks and quotes; blank cells at the end are left out.
    pub fn cells(self, line: &[u8]) -> Vec<&[u8]> {
        let mut cells = Vec::with_capacity(8);
        let mut rest = line;
        loop {
            if self.separator == Separator::Blanks {
                rest = rest.trim_ascii_start();
                if rest.is_empty() {
                    break;
                }
            }
            let end = self.cell_end(rest);
            cells.push(unquoted(&rest[..end]));
            match rest.get(end + 1..) {
                Some(behind) => rest = behind,
                None => break,
            }
        }
        while cells.last().is_some_and(|cell| cell.is_empty()) {
            cells.pop();
        }
        cells
    }

    /// Offset of the separator behind the first cell; a separator inside quotes is none.
    fn cell_end(self, rest: &[u8]) -> usize {
        let mut quoted = false;
        for (at, byte) in rest.iter().enumerate() {
            match byte {
                b'"' => quoted = !quoted,
                _ if quoted => {}
                b',' if self.separator == Separator::Comma => return at,
                b',' if self.separator == Separator::CommaBlank
                    && rest.get(at + 1).is_none_or(|next| matches!(next, b' ' | b'\t' | b',')) =>
                {
                    return at;
                }
                b';' if self.separator == Separator::Semicolon => return at,
                b'\t' if matches!(self.separator, Separator::Tab | Separator::Blanks) => return at,
                b' ' if self.separator == Separator::Blanks => return at,
                _ => {}
            }
        }
        rest.len()
    }
}

fn unquoted(cell: &[u8]) -> &[u8] {
    let cell = cell.trim_ascii();
    match cell {
        [b'"', inner @ .., b'"'] => inner.trim_ascii(),
        _ => cell,
    }
}

/// Finds the first table in `text` from an offset on, where the line `first_line` starts.
///
/// # Errors
/// [`NotFound`] says why there is none.
pub fn find(text: &[u8], start: usize, first_line: usize, options: &ReadOptions) -> Result<Found, NotFound> {
    let mut reason = NotFound::NoRows;
    let mut run: Vec<Line<'_>> = Vec::with_capacity(SAMPLE);
    let usable = |line: &Line<'_>| (line.terminated || options.settled) && line.content.len() <= MAX_LINE_BYTES;
    let mut lines = Lines::from(text, start, first_line);
    loop {
        let line = lines.next();
        let numeric = line.is_some_and(|line| usable(&line) && looks_numeric(line.content));
        if numeric {
            run.extend(line);
        }
        if run.len() == SAMPLE || (!numeric && !run.is_empty()) {
            match choose(&run, options) {
                Ok((layout, columns)) => {
                    let first = first_row(&run, layout, columns);
                    if torn_decimals(layout, Lines::from(text, first.start, first.number), options) {
                        return Err(NotFound::AmbiguousComma);
                    }
                    let layout = with_evident_mark(layout, &text[first.start..], options);
                    return Ok(Found {
                        layout,
                        columns,
                        start: first.start,
                        line: first.number,
                    });
                }
                Err(NotFound::NoRows) => {}
                Err(other) => reason = other,
            }
            run.clear();
        }
        if line.is_none() {
            break;
        }
    }
    find_with_text_columns(text, start, first_line, options).ok_or(reason)
}

/// Whether a line holds nothing but characters of numbers and separators, and a digit.
pub fn looks_numeric(line: &[u8]) -> bool {
    let mut digit = false;
    let all = line.iter().all(|byte| {
        digit |= byte.is_ascii_digit();
        // The letters are those of `e`, `nan` and `inf`(inity); 0xE2 0x88 0x92 is the true minus sign.
        matches!(
            byte,
            b'0'..=b'9' | b'+' | b'-' | b'.' | b',' | b';' | b' ' | b'\t' | b'"' | 0xE2 | 0x88 | 0x92
        ) || matches!(
            byte,
            b'e' | b'E' | b'n' | b'N' | b'a' | b'A' | b'i' | b'I' | b'f' | b'F' | b't' | b'y'
        )
    });
    all && digit
}

/// The layout under which these rows are numbers in every cell, and its number of columns.
fn choose(rows: &[Line<'_>], options: &ReadOptions) -> Result<(Layout, usize), NotFound> {
    let mut best: Option<(usize, usize, Layout, usize)> = None;
    let mut single = false;
    for layout in CANDIDATES.into_iter().filter(|layout| layout.allowed(options)) {
        if !worth_trying(layout, rows[0].content, options) {
            continue;
        }
        let mut counts = Vec::with_capacity(SAMPLE);
        let mut whole_rows = 0;
        let mut numbers = 0;
        for row in rows {
            let cells = layout.cells(row.content);
            let numeric = cells
                .iter()
                .filter(|cell| parse_cell(cell, layout.mark).is_some())
                .count();
            let empty = cells.iter().filter(|cell| cell.is_empty()).count();
            if numeric >= 2 {
                whole_rows += usize::from(numeric + empty == cells.len());
                numbers += numeric;
                counts.push(cells.len());
            }
            single |= numeric == 1 && cells.len() == 1;
        }
        if counts.is_empty() || (layout.separator == Separator::CommaBlank && whole_rows < rows.len()) {
            continue;
        }
        // Fewer, fully numeric cells beat many: `0,1; 2,5` has four numbers under the wrong layout.
        if layout.separator == Separator::CommaBlank {
            return Ok((layout, usual(&counts)));
        }
        if best.is_none_or(|(whole, count, ..)| (whole_rows, numbers) > (whole, count)) {
            best = Some((whole_rows, numbers, layout, usual(&counts)));
        }
        // No later candidate makes more of rows that are numbers in every cell.
        if whole_rows == rows.len() {
            break;
        }
    }
    match best {
        Some((.., layout, columns)) => Ok((layout, columns)),
        None if single || is_number(rows[0].content) => Err(NotFound::SingleColumn),
        None => Err(NotFound::NoRows),
    }
}

fn is_number(line: &[u8]) -> bool {
    DecimalMark::ALL
        .into_iter()
        .any(|mark| parse_cell(line, mark).is_some())
}

/// The first of these lines that is a row of the table.
fn first_row<'a>(lines: &[Line<'a>], layout: Layout, columns: usize) -> Line<'a> {
    let fits = |line: &&Line<'_>| layout.cells(line.content).len() == columns;
    *lines.iter().find(fits).unwrap_or(&lines[0])
}

/// Sorts out layouts whose separator or mark does not occur.
fn worth_trying(layout: Layout, row: &[u8], options: &ReadOptions) -> bool {
    let has = |byte| memchr::memchr(byte, row).is_some();
    let separated = match layout.separator {
        Separator::Tab => has(b'\t'),
        Separator::Semicolon => has(b';'),
        Separator::Comma => has(b','),
        Separator::Blanks => has(b' ') || has(b'\t'),
        Separator::CommaBlank => {
            let comma_blank = row
                .windows(2)
                .any(|pair| pair[0] == b',' && matches!(pair[1], b' ' | b'\t'));
            let between_digits =
                |three: &[u8]| three[0].is_ascii_digit() && three[1] == b',' && three[2].is_ascii_digit();
            comma_blank && !has(b'.') && row.windows(3).any(between_digits)
        }
    };
    // Commas that separate can be decimal marks only inside quotes.
    let comma_possible = layout.mark == DecimalMark::Point
        || match layout.separator {
            Separator::Comma => has(b'"'),
            _ => has(b',') || options.decimal == Some(DecimalMark::Comma),
        };
    separated && comma_possible
}

/// The commonest number of cells, the larger of equally common ones.
fn usual(counts: &[usize]) -> usize {
    let frequency = |count: usize| counts.iter().filter(|other| **other == count).count();
    counts
        .iter()
        .copied()
        .max_by_key(|count| (frequency(*count), *count))
        .unwrap_or(0)
}

/// Comma-separated whole numbers that look like decimals torn apart: `-0,15` or `0,05,1,5E-7`.
fn torn_decimals(layout: Layout, rows: Lines<'_>, options: &ReadOptions) -> bool {
    if layout != Layout::new(Separator::Comma, DecimalMark::Point)
        || (options.delimiter.is_some() && options.decimal.is_some())
    {
        return false;
    }
    let mut evidence = false;
    let mut small_firsts = 0;
    let mut others = 0;
    for row in rows.take(TORN_ROWS).filter(|row| looks_numeric(row.content)) {
        if memchr::memchr3(b'.', b' ', b'"', row.content).is_some() {
            return false;
        }
        let cells = layout.cells(row.content);
        if cells.len() % 2 == 1 {
            return false;
        }
        evidence |= cells.chunks_exact(2).any(|pair| {
            let digits = pair[1].first().is_some_and(u8::is_ascii_digit);
            let leading_zero = pair[1].len() > 1 && pair[1][0] == b'0' && pair[1][1].is_ascii_digit();
            digits && (leading_zero || pair[0] == b"-0" || pair[0] == b"+0")
        });
        // A potential in whole volts that never leaves 0 and 1 is a potential whose fraction became a column.
        if matches!(cells.first(), Some(&(b"0" | b"-0" | b"1" | b"-1"))) {
            small_firsts += 1;
        } else {
            others += 1;
        }
    }
    evidence || (others == 0 && small_firsts > 2)
}

/// Where the sampled rows are whole numbers, the first mark further down decides.
fn with_evident_mark(layout: Layout, body: &[u8], options: &ReadOptions) -> Layout {
    if options.decimal.is_some() || matches!(layout.separator, Separator::Comma | Separator::CommaBlank) {
        return layout;
    }
    match memchr::memchr2(b'.', b',', body).map(|at| body[at]) {
        Some(b',') => Layout::new(layout.separator, DecimalMark::Comma),
        Some(_) => Layout::new(layout.separator, DecimalMark::Point),
        None => layout,
    }
}

/// A table with text in some columns: at least two rows of the same width with two numbers or more.
fn find_with_text_columns(text: &[u8], start: usize, first_line: usize, options: &ReadOptions) -> Option<Found> {
    let lines: Vec<Line<'_>> = Lines::from(text, start, first_line)
        .take(TEXT_TABLE_LINES)
        .filter(|line| (line.terminated || options.settled) && line.content.len() <= MAX_LINE_BYTES)
        .filter(|line| !is_blank(line.content))
        .collect();
    let mut best: Option<((usize, usize), Found)> = None;
    for layout in CANDIDATES.into_iter().filter(|layout| layout.allowed(options)) {
        if matches!(layout.separator, Separator::CommaBlank) {
            continue;
        }
        let rows: Vec<(usize, usize, Line<'_>)> = lines
            .iter()
            .filter_map(|line| {
                let cells = layout.cells(line.content);
                let numbers = cells
                    .iter()
                    .filter(|cell| parse_cell(cell, layout.mark).is_some())
                    .count();
                (numbers >= 2).then_some((cells.len(), numbers, *line))
            })
            .collect();
        let columns = usual(&rows.iter().map(|(count, ..)| *count).collect::<Vec<_>>());
        let fitting = rows.iter().filter(|(count, ..)| *count == columns).count();
        let numbers = rows.iter().map(|(_, numbers, _)| numbers).sum();
        if fitting < 2 || best.is_some_and(|(most, _)| (fitting, numbers) <= most) {
            continue;
        }
        if let Some((_, _, first)) = rows.iter().find(|(count, ..)| *count == columns) {
            let found = Found {
                layout,
                columns,
                start: first.start,
                line: first.number,
            };
            best = Some(((fitting, numbers), found));
        }
    }
    best.map(|(_, found)| found)
}
