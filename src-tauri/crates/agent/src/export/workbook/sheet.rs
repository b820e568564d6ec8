//! One sheet of the workbook, written row by row.

use std::borrow::Cow;

use jiff::Timestamp;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use serde_json::Value;

/// Rows that fit on a sheet of Excel, headings included.
pub const ROWS: u32 = 1_048_576;

/// Units of UTF-16 that fit into a cell of Excel.
const LONGEST: usize = 32_767;

/// What the headings of columns of times end with: their cells become Excel's own dates, which can be sorted, plotted and reckoned with.
const TIMES: &str = "(UTC)";

/// How dates are shown. Excel keeps less than a microsecond of them and shows no more than milliseconds.
const DATE: &str = "yyyy-mm-dd hh:mm:ss.000";

/// Days from Excel's day 0 to 1970, with the leap day of 1900 that never was.
const DAYS_TO_1970: f64 = 25_569.0;

/// A sheet with one line of headings, which stays in sight.
pub struct Sheet {
    at: usize,
    next: u32,
    columns: u16,
    times: Vec<u16>,
    date: Format,
}

impl Sheet {
    /// Adds a sheet. `widths` in characters, the last one for all further columns.
    pub fn add<'a>(
        book: &mut Workbook,
        name: &str,
        headings: impl IntoIterator<Item = &'a str>,
        widths: &[f64],
    ) -> Result<Self, XlsxError> {
        let at = book.worksheets().len();
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        let bold = Format::new().set_bold().set_text_wrap();
        let (mut columns, mut times) = (0, Vec::new());
        for heading in headings {
            let width = widths.get(usize::from(columns)).or(widths.last());
            let mut width = *width.unwrap_or(&14.0);
            if heading.ends_with(TIMES) {
                times.push(columns);
                width = width.max(24.0);
            }
            sheet.set_column_width(columns, width)?;
            sheet.write_string_with_format(0, columns, heading, &bold)?;
            columns += 1;
        }
        sheet.set_freeze_panes(1, 0)?;
        Ok(Self {
            at,
            next: 1,
            columns,
            times,
            date: Format::new().set_num_format(DATE),
        })
    }

    /// Whether no further row fits.
    pub const fn is_full(&self) -> bool {
        self.next >= ROWS
    }

    /// Adds a row. Nothing and `null` leave a cell empty; a cell that is not there is not 0.
    pub fn row<'a>(
        &mut self,
        book: &mut Workbook,
        cells: impl IntoIterator<Item = Option<&'a Value>>,
    ) -> Result<(), XlsxError> {
        let sheet = book.worksheet_from_index(self.at)?;
        for (column, cell) in (0..).zip(cells) {
            match cell.and_then(Value::as_str).and_then(date) {
                Some(day) if self.times.contains(&column) => {
                    sheet.write_number_with_format(self.next, column, day, &self.date)?;
                }
                _ => write(sheet, self.next, column, cell)?,
            }
        }
        self.next += 1;
        Ok(())
    }

    /// Ends the sheet: its rows can be filtered by column.
    pub fn finish(self, book: &mut Workbook) -> Result<(), XlsxError> {
        if self.next > 1 && self.columns > 0 {
            book.worksheet_from_index(self.at)?
                .autofilter(0, 0, self.next - 1, self.columns - 1)?;
        }
        Ok(())
    }
}

/// A time as Excel counts: days, in UTC. `None` for what is no time or before Excel's own.
fn date(text: &str) -> Option<f64> {
    let time: Timestamp = text.parse().ok()?;
    let days = time.as_microsecond() as f64 / 86_400e6 + DAYS_TO_1970;
    (days >= 61.0).then_some(days)
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: Option<&Value>) -> Result<(), XlsxError> {
    match cell {
        None | Some(Value::Null) => {}
        Some(Value::Number(number)) => {
            if let Some(number) = number.as_f64() {
                sheet.write_number(row, column, number)?;
            }
        }
        Some(Value::Bool(value)) => {
            sheet.write_boolean(row, column, *value)?;
        }
        Some(Value::String(text)) => {
            sheet.write_string(row, column, fitting(text))?;
        }
        Some(other) => {
            sheet.write_string(row, column, fitting(&super::super::tidy::cell(Some(other))))?;
        }
    }
    Ok(())
}

/// A text that a cell takes: one of another's archive may be longer, and would leave nobody a workbook at all.
fn fitting(text: &str) -> Cow<'_, str> {
    let mut left = LONGEST;
    let mut end = None;
    for (at, character) in text.char_indices() {
        // Where the ellipsis would begin.
        if left >= 1 {
            end = Some(at);
        }
        match left.checked_sub(character.len_utf16()) {
            Some(rest) => left = rest,
            None => return Cow::Owned(format!("{}…", &text[..end.unwrap_or(0)])),
        }
    }
    Cow::Borrowed(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_fits_into_its_cell_however_long_it_is() {
        assert_eq!(fitting("10 µM"), "10 µM");
        let most = "µ".repeat(LONGEST);
        assert_eq!(fitting(&most), most);
        let cut = fitting(&"µ".repeat(LONGEST + 1)).into_owned();
        assert!(cut.chars().count() == LONGEST && cut.ends_with("µ…"));
        let pairs = fitting(&"🧪".repeat(LONGEST)).into_owned();
        assert_eq!(pairs.encode_utf16().count(), LONGEST);
    }

    #[test]
    fn times_are_days_as_excel_counts_them() {
        assert_eq!(date("1970-01-01T00:00:00Z"), Some(25_569.0));
        let noon = date("2026-11-30T12:00:00.250+01:00").unwrap();
        assert!(
            (noon - (46_356.0 + (11.0 * 3_600.0 + 0.25) / 86_400.0)).abs() < 1e-9,
            "{noon}"
        );
        assert_eq!((date("yesterday"), date("1900-01-01T00:00:00Z")), (None, None));
    }
}
