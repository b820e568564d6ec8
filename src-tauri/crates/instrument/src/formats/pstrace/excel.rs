//! Excel export of PSTrace: a sheet with the curves side by side, as in the CSV export.
//!
//! The titles stand above the first column of each pair, then, in some versions, the times, then a row of units. The sheet
//! comes as text with tabs (see [`workbook`](crate::formats::workbook)), so titles, units and pairs mean what they mean in the
//! CSV export.

use super::csv::{Head, read};
use crate::format::Format;
use crate::formats::Input;
use crate::options::ReadOptions;
use crate::recording::Recording;
use crate::table::layout::Separator;
use crate::unreadable::Unreadable;

/// Whether the text of a sheet is such an export: a row of units below a row in which every second cell is empty. Tables
/// whose columns all have a name of their own have a row of units as well.
pub(crate) fn is_export(sheet: &[u8]) -> bool {
    Head::find(sheet).is_some_and(|head| {
        let named = |first: usize| head.titles.iter().skip(first).step_by(2).any(|title| !title.is_empty());
        head.separator == Separator::Tab && named(0) && !named(1)
    })
}

/// Reads the text of a sheet.
///
/// # Errors
/// As for the CSV export.
pub(crate) fn read_sheet(sheet: &Input<'_>, options: &ReadOptions) -> Result<Recording, Unreadable> {
    read(sheet, Format::PalmsensExcel, options).map_err(|problem| Unreadable::of(Format::PalmsensExcel, problem))
}
