//! Excel workbooks (`.xlsx`, `.xlsm`): exports of PSTrace, and tables that somebody keeps in Excel.
//!
//! A sheet becomes text, one line a row, with tabs between its cells; the readers of tables in text then read it, so that
//! names, units, electrodes and the settings' columns mean the same as in a text file. Numbers are written such that they
//! read back exactly. A workbook has its list of parts at its end and a checksum for each part, which proves that it is whole.

mod archive;
mod sheets;
#[cfg(test)]
mod tests;

use std::io::Cursor;

use calamine::{Reader, SheetType, Xlsx};

use super::delimited::read_table;
use super::{FileFormat, Input, pstrace};
use crate::format::Format;
use crate::options::ReadOptions;
use crate::recording::{Completeness, Recording};
use crate::reservation::{Names, Reservation};
use crate::unreadable::{Problem, Unreadable};
use archive::Limits;
use sheets::Room;

/// Reads workbooks; takes every ZIP archive, and says what it is if it is none.
pub struct ExcelWorkbook;

/// How a ZIP archive begins that is not empty.
const SIGNATURE: &[u8] = b"PK\x03\x04";
/// Most sheets that are looked at.
const MAX_SHEETS: usize = 64;
/// What the sheet `About` of an exported workbook begins with.
const OWN_SHEET: (&str, &[u8]) = ("About", b"About this workbook");

impl FileFormat for ExcelWorkbook {
    fn format(&self) -> Format {
        Format::ExcelTable
    }

    fn recognises(&self, input: &Input<'_>) -> bool {
        input.raw().starts_with(SIGNATURE)
    }

    fn read(&self, input: &Input<'_>, options: &ReadOptions) -> Result<Recording, Unreadable> {
        archive::check(input.raw(), Limits::WORKBOOK)?;
        read(input.raw(), options)
    }
}

/// What the sheets of a workbook gave.
struct Sheets {
    /// The first that could be read.
    read: Option<Recording>,
    /// Others that could be read as well.
    others: Names,
    /// Why the first with numbers could not be read.
    refused: Option<Unreadable>,
}

/// Reads a workbook whose parts have been checked.
fn read(raw: &[u8], options: &ReadOptions) -> Result<Recording, Unreadable> {
    let refuse = |problem| Unreadable::of(Format::ExcelTable, problem);
    let unopened = Problem::DamagedWorkbook {
        what: "its parts contradict each other",
    };
    let mut workbook = Xlsx::new(Cursor::new(raw)).map_err(|_| refuse(unopened.clone()))?;
    let names: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    if names.len() > MAX_SHEETS {
        return Err(refuse(Problem::WorkbookTooLarge {
            what: "sheets",
            limit: MAX_SHEETS,
        }));
    }
    let mut room = Room::default();
    let mut found = Sheets {
        read: None,
        others: Names::default(),
        refused: None,
    };
    for name in &names {
        let text = match sheets::text(&mut workbook, name, &mut room, columns_are_stated(options)) {
            // Another sheet may be a measurement.
            Err(problem @ Problem::TooManyColumns { .. }) => {
                found.add(name, Err(refuse(problem)));
                continue;
            }
            text => text.map_err(refuse)?,
        };
        if name == OWN_SHEET.0 && text.starts_with(OWN_SHEET.1) {
            let kind = "a workbook";
            return Err(Unreadable::new(Problem::OwnExport { kind }));
        }
        found.add(name, read_sheet(&text, options));
    }
    let Some(mut recording) = found.read else {
        let nothing = refuse(Problem::NoNumbers { beginning: false });
        return Err(found.refused.unwrap_or(nothing));
    };
    if !found.others.is_empty() {
        recording
            .reservations
            .push(Reservation::MeasurementsLeftOut(found.others));
    }
    recording.completeness = Completeness::Complete;
    Ok(recording)
}

/// Whether the settings count columns, which they do from the sheet's first one.
fn columns_are_stated(options: &ReadOptions) -> bool {
    [
        options.potential,
        options.current,
        options.time,
        options.forward,
        options.reverse,
    ]
    .iter()
    .any(Option::is_some)
}

/// Reads the text of one sheet.
fn read_sheet(text: &[u8], options: &ReadOptions) -> Result<Recording, Unreadable> {
    let input = Input::new(text);
    if input.text().is_none() || text.is_empty() {
        return Err(Unreadable::of(
            Format::ExcelTable,
            Problem::NoNumbers { beginning: false },
        ));
    }
    if pstrace::excel::is_export(text) {
        return pstrace::excel::read_sheet(&input, options);
    }
    // Separator and decimal mark are those of this text, whatever the settings say about text files.
    let options = ReadOptions {
        delimiter: None,
        decimal: None,
        ..options.clone()
    };
    match read_table(&input, Format::Delimited, &options) {
        Ok(recording) => Ok(Recording {
            format: Format::ExcelTable,
            ..recording
        }),
        Err(unreadable) => Err(Unreadable {
            format: Format::ExcelTable,
            ..unreadable
        }),
    }
}

impl Sheets {
    fn add(&mut self, name: &str, result: Result<Recording, Unreadable>) {
        match result {
            Ok(_) if self.read.is_some() => self.others.add(&format!("sheet \"{name}\"")),
            Ok(recording) => self.read = Some(recording),
            Err(unreadable) => {
                let says_more = |known: &Unreadable| matches!(known.problem, Problem::NoNumbers { .. });
                if self.refused.as_ref().is_none_or(says_more) {
                    self.refused = Some(unreadable);
                }
            }
        }
    }
}
