//! Exports: the results of a session as a file, written beside its destination and renamed when complete.

mod atomic_file;
mod sacmes_web;
mod tidy;

pub use atomic_file::AtomicFile;
pub use tidy::{csv_columns, write_csv, write_jsonl};

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use protocol::command::{ExportLayout, Selection};
use protocol::ids::SessionId;
use protocol::measurement::Measurement;
use protocol::refusal::Refusal;

use crate::store::{Store, StoreError};

/// Measurements read from the store at a time.
const PAGE: u32 = 2_000;

/// Why an export ended without a file. Nothing was left behind.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The user stopped it.
    #[error("the export was cancelled")]
    Cancelled,
    /// The destination cannot be written.
    #[error("{destination} cannot be written: {source}")]
    NotWritable {
        /// The destination.
        destination: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is nothing to export.
    #[error("the session \"{0}\" has no measurement in this selection")]
    Nothing(String),
    /// The destination lies in the folder of the instrument.
    #[error("{0} lies in a folder that a session reads its files from, where SACMES never writes")]
    InstrumentFolder(String),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ExportError> for Refusal {
    fn from(error: ExportError) -> Self {
        let message = format!("{error}.");
        match error {
            ExportError::Cancelled => Self::new("cancelled", "The export was cancelled.", ""),
            ExportError::NotWritable { .. } => Self::new(
                "output_not_writable",
                message,
                "Choose another place, or make space there.",
            ),
            ExportError::Nothing(_) => Self::new(
                "nothing_to_export",
                message,
                "Choose more electrodes, frequencies or indices.",
            ),
            ExportError::InstrumentFolder(_) => Self::new("instrument_folder", message, "Choose a folder of your own."),
            ExportError::Store(error) => error.into(),
        }
    }
}

/// Whether a measurement is in a selection.
pub fn is_selected(selection: &Selection, measurement: &Measurement) -> bool {
    let Selection {
        electrodes,
        frequencies_hz,
        first_index,
        last_index,
    } = selection;
    let index = measurement.index;
    (electrodes.is_empty() || measurement.electrode.is_some_and(|e| electrodes.contains(&e)))
        && (frequencies_hz.is_empty() || measurement.frequency_hz.is_some_and(|f| frequencies_hz.contains(&f)))
        && (*first_index == 0 || index.is_some_and(|i| i >= *first_index))
        && (*last_index == 0 || index.is_some_and(|i| i <= *last_index))
}

/// Writes a session's results. `progress` hears of measurements done and in all.
///
/// # Errors
/// [`ExportError`]; then there is no file, and one that was there before is unchanged.
pub fn export(
    store: &Store,
    session: SessionId,
    layout: ExportLayout,
    selection: &Selection,
    destination: &Path,
    cancelled: &AtomicBool,
    mut progress: impl FnMut(u64, u64),
) -> Result<u64, ExportError> {
    let row = store.session(session)?;
    refuse_instrument_folder(store, destination)?;
    let not_writable = |source| ExportError::NotWritable {
        destination: destination.display().to_string(),
        source,
    };
    let mut file = AtomicFile::create(destination).map_err(not_writable)?;
    let total = row.summary.measurements;
    let (mut after, mut seen, mut written) = (0, 0, 0_u64);
    let mut collected = Vec::new();
    let settings = store.revisions(row.row)?.pop().map(|r| r.settings).unwrap_or_default();
    let columns = csv_columns(&settings);
    loop {
        if cancelled.load(Ordering::Relaxed) {
            return Err(ExportError::Cancelled);
        }
        let page = store.results(session, after, PAGE)?;
        let Some(last) = page.last().and_then(|m| m.measurement) else {
            break;
        };
        after = last.0;
        seen += page.len() as u64;
        let chosen: Vec<Measurement> = page.into_iter().filter(|m| is_selected(selection, m)).collect();
        match layout {
            ExportLayout::Csv => write_csv(&mut file, &columns, &chosen, written == 0).map_err(not_writable)?,
            ExportLayout::Jsonl => write_jsonl(&mut file, &chosen).map_err(not_writable)?,
            ExportLayout::SacmesWeb => {}
        }
        written += chosen.len() as u64;
        if layout == ExportLayout::SacmesWeb {
            collected.extend(chosen);
        }
        progress(seen, total.max(seen));
    }
    if written == 0 {
        return Err(ExportError::Nothing(row.summary.name));
    }
    if layout == ExportLayout::SacmesWeb {
        sacmes_web::write(&mut file, &row.summary, &settings, &collected).map_err(not_writable)?;
    }
    file.finish().map_err(not_writable)?;
    Ok(written)
}

/// Writes measurements that belong to no session in the predecessor's layout.
///
/// # Errors
/// What the destination reports.
pub fn write_sacmes_web(
    to: &mut impl std::io::Write,
    settings: &protocol::settings::Settings,
    measurements: &[Measurement],
) -> std::io::Result<()> {
    sacmes_web::report(to, None, settings, measurements)
}

/// No folder that a session reads from is ever written to, whatever is asked: a link is followed to the file that would
/// be replaced, and a name without a folder stands in the working folder.
fn refuse_instrument_folder(store: &Store, destination: &Path) -> Result<(), ExportError> {
    let there = match destination.canonicalize() {
        Ok(file) => file,
        Err(_) => std::path::absolute(destination).unwrap_or_else(|_| destination.to_owned()),
    };
    let Some(parent) = there.parent().and_then(|folder| folder.canonicalize().ok()) else {
        return Ok(());
    };
    let is_source = |folder: &str| Path::new(folder).canonicalize().is_ok_and(|folder| folder == parent);
    if store.sessions()?.iter().any(|row| is_source(&row.summary.folder)) {
        return Err(ExportError::InstrumentFolder(destination.display().to_string()));
    }
    Ok(())
}
