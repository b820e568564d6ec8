//! The layouts that are text.

use std::io::Write;

use protocol::command::ExportLayout;

use super::{ExportError, Exporting, Written, csv_columns, sacmes, sacmes_web, trends, write_csv, write_jsonl};

/// What kind of file a layout is.
pub enum Form {
    /// Text.
    Text(TextLayout),
    /// An Excel workbook.
    Workbook,
    /// A ZIP with everything.
    Archive,
}

/// A layout that is text.
#[derive(Debug, Clone, Copy)]
pub enum TextLayout {
    /// A row per measurement.
    Csv,
    /// An object per measurement.
    Jsonl,
    /// A row per electrode and index.
    Trends,
    /// As the original SACMES.
    Sacmes,
    /// As `SACMES_Web`.
    SacmesWeb,
}

impl Form {
    /// That of a layout.
    pub fn of(layout: ExportLayout) -> Self {
        match layout {
            ExportLayout::Csv => Self::Text(TextLayout::Csv),
            ExportLayout::Jsonl => Self::Text(TextLayout::Jsonl),
            ExportLayout::Trends => Self::Text(TextLayout::Trends),
            ExportLayout::Sacmes => Self::Text(TextLayout::Sacmes),
            ExportLayout::SacmesWeb => Self::Text(TextLayout::SacmesWeb),
            ExportLayout::Xlsx => Self::Workbook,
            ExportLayout::Archive => Self::Archive,
        }
    }
}

impl TextLayout {
    /// Writes the session; gives the number of rows.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn write(self, mut exporting: Exporting<'_>, to: &mut impl Write) -> Result<u64, ExportError> {
        match self {
            Self::Csv => {
                let mut columns = csv_columns(&exporting.settings);
                columns.extend(exporting.marked_column()?);
                let mut header = true;
                exporting.pages(|page| {
                    write_csv(to, &columns, &page, std::mem::take(&mut header))?;
                    Ok(())
                })
            }
            Self::Jsonl => exporting.pages(|page| Ok(write_jsonl(to, &page)?)),
            Self::Trends => trends::write(&exporting, to),
            Self::Sacmes => {
                let all = exporting.all()?;
                sacmes::write(to, &exporting.settings, &all).map_err(Written::from)?;
                Ok(all.len() as u64)
            }
            Self::SacmesWeb => {
                let all = exporting.all()?;
                sacmes_web::write(to, Some(&exporting.row.summary), &exporting.settings, &all)
                    .map_err(Written::from)?;
                Ok(all.len() as u64)
            }
        }
    }
}
