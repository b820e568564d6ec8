//! One sheet of the workbook, written row by row.

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use serde_json::Value;

/// Rows that fit on a sheet of Excel, headings included.
pub const ROWS: u32 = 1_048_576;

/// A sheet with one line of headings, which stays in sight.
pub struct Sheet {
    at: usize,
    next: u32,
    columns: u16,
    /// Columns of dates: those whose heading says UTC.
    dates: Vec<u16>,
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
        let mut columns = 0;
        let mut dates = Vec::new();
        for heading in headings {
            if heading.ends_with("(UTC)") {
                dates.push(columns);
            }
            let width = widths.get(usize::from(columns)).or(widths.last());
            sheet.set_column_width(columns, *width.unwrap_or(&14.0))?;
            sheet.write_string_with_format(0, columns, heading, &bold)?;
            columns += 1;
        }
        sheet.set_freeze_panes(1, 0)?;
        Ok(Self {
            at,
            next: 1,
            columns,
            dates,
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
            match date(cell).filter(|_| self.dates.contains(&column)) {
                Some(days) => {
                    let format = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss.000");
                    sheet.write_number_with_format(self.next, column, days, &format)?;
                }
                None => write(sheet, self.next, column, cell)?,
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

/// Days of Excel at the begin of 1970.
const DAYS_TO_1970: f64 = 25_569.0;

/// Excel counted a 29 February 1900 that never was: its dates are right from here on.
const FIRST_RIGHT_DAY: f64 = 61.0;

/// A date and time as Excel counts days; none for what is no time, which stays the text that it is.
fn date(cell: Option<&Value>) -> Option<f64> {
    let seconds = crate::clock::seconds(cell?.as_str()?)?;
    Some(seconds / 86_400.0 + DAYS_TO_1970).filter(|days| *days >= FIRST_RIGHT_DAY)
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
            sheet.write_string(row, column, text)?;
        }
        Some(other) => {
            sheet.write_string(row, column, super::super::tidy::cell(Some(other)))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_days_of_excel_and_other_texts_stay() {
        let days = |text: &str| date(Some(&Value::from(text)));
        assert_eq!(days("1970-01-01T00:00:00Z"), Some(25_569.0));
        assert_eq!(days("2026-01-01T12:00:00Z"), Some(46_023.5));
        assert_eq!(
            (days("soon"), days("1900-01-05T00:00:00Z"), date(None)),
            (None, None, None)
        );
    }
}
