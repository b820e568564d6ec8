//! Exports: the results of a session as a file, written beside its destination and renamed when complete.

mod atomic_file;
mod exporting;
pub mod figure;
mod preview;
mod sacmes;
mod sacmes_web;
pub(crate) mod series;
mod text;
mod tidy;
mod trends;
mod voltammograms;
mod workbook;

pub use atomic_file::AtomicFile;
pub(crate) use exporting::{Exporting, PAGE};
pub use preview::preview;
pub use tidy::{csv_columns, write_csv, write_jsonl};

use std::path::Path;
use std::sync::atomic::AtomicBool;

use protocol::command::{ExportLayout, Selection};
use protocol::ids::SessionId;
use protocol::measurement::Measurement;
use protocol::refusal::Refusal;
use protocol::settings::{Settings, Technique};

use self::series::trends_of;
use self::text::Form;
use self::workbook::{About, Book};
use crate::archive;
use crate::store::{Store, StoreError};

/// What whoever uses the results is asked to cite.
pub const CITATION: &str = "S. D. Curtis, K. L. Ploense, M. Kurnik, G. Ortega, C. Parolo, T. E. Kippin, K. W. Plaxco, \
    N. Arroyo-Currás, Anal. Chem. 2019, 91 (19), 12321-12328, doi:10.1021/acs.analchem.9b02553";

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
    #[error("{0} lies in an instrument's folder, one that a session reads its files from, where SACMES never writes")]
    InstrumentFolder(String),
    /// The predecessor knew no such technique.
    #[error("SACMES_Web has no report of chronoamperometry")]
    NoReport,
    /// It cannot be what was asked for.
    #[error("{}", .0.message)]
    Refused(Refusal),
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
            ExportError::NoReport => Self::new("no_report_of_technique", message, "Use csv, xlsx or sacmes."),
            ExportError::InstrumentFolder(_) => Self::new("instrument_folder", message, "Choose a folder of your own."),
            ExportError::Refused(refusal) => refusal,
            ExportError::Store(error) => error.into(),
        }
    }
}

impl From<Refusal> for ExportError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
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

/// Refuses a layout that the technique does not have.
///
/// # Errors
/// [`ExportError::NoReport`].
pub fn refuse_layout(layout: ExportLayout, settings: &Settings) -> Result<(), ExportError> {
    match (layout, settings.technique) {
        (ExportLayout::SacmesWeb, Technique::Ca) => Err(ExportError::NoReport),
        _ => Ok(()),
    }
}

/// Why a part could not be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Written {
    #[error(transparent)]
    File(#[from] std::io::Error),
    #[error(transparent)]
    Zip(#[from] zip::result::ZipError),
    #[error(transparent)]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
}

impl Written {
    fn into_system(self) -> std::io::Error {
        match self {
            Self::File(error) | Self::Workbook(rust_xlsxwriter::XlsxError::IoError(error)) => error,
            Self::Zip(error) => error.into(),
            Self::Workbook(error) => std::io::Error::other(error),
        }
    }
}

impl ExportError {
    /// The destination is added where it is known.
    fn at(self, destination: &Path) -> Self {
        match self {
            Self::NotWritable { source, .. } => Self::NotWritable {
                destination: destination.display().to_string(),
                source,
            },
            other => other,
        }
    }
}

impl From<Written> for ExportError {
    fn from(error: Written) -> Self {
        Self::NotWritable {
            destination: String::new(),
            source: error.into_system(),
        }
    }
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
    refuse_instrument_folder(store, destination)?;
    let at_destination = |error: ExportError| error.at(destination);
    let exporting = Exporting::begin(store, session, layout, selection, cancelled, &mut progress)?;
    let mut file = AtomicFile::create(destination).map_err(|e| at_destination(Written::from(e).into()))?;
    let written = write(exporting, layout, &mut file).map_err(at_destination)?;
    file.finish().map_err(|e| at_destination(Written::from(e).into()))?;
    Ok(written)
}

fn write(exporting: Exporting<'_>, layout: ExportLayout, file: &mut AtomicFile) -> Result<u64, ExportError> {
    match Form::of(layout) {
        Form::Text(layout) => layout.write(exporting, file),
        Form::Workbook => session_workbook(exporting, file),
        Form::Archive => archive::write(exporting, file),
    }
}

fn session_workbook(mut exporting: Exporting<'_>, file: &mut AtomicFile) -> Result<u64, ExportError> {
    let mut book = Book::begin(&exporting.settings, exporting.marked_column()?);
    let written = exporting.pages(|page| Ok(page.iter().try_for_each(|m| book.measurement(m))?))?;
    let trends = match crate::querying::without_trends(exporting.store, &exporting.row)? {
        Some(_) => None,
        None => Some(trends::selected(&exporting)?),
    };
    let files: Vec<_> = exporting
        .store
        .files(exporting.row.row)?
        .into_iter()
        .map(|file| file.entry)
        .collect();
    let about = About {
        summary: &exporting.row.summary,
        revisions: &exporting.revisions,
        files: &files,
        markers: &exporting.store.markers(exporting.row.row)?,
        notes: &exporting.store.notes_of(exporting.row.summary.session)?,
        calibrations: &crate::querying::curves(exporting.store, exporting.row.row, &exporting.settings, None)?,
    };
    exporting.check()?;
    book.finish(trends.as_deref(), &exporting.settings, Some(&about), file)
        .map_err(Written::from)?;
    Ok(written)
}

/// Writes measurements that belong to no session as an Excel workbook.
///
/// # Errors
/// What the destination reports.
pub fn write_workbook(
    to: &mut (impl std::io::Write + Send),
    settings: &Settings,
    measurements: &[Measurement],
) -> std::io::Result<()> {
    let mut book = Book::begin(settings, None);
    let trends = has_trends(settings.technique, measurements).then(|| trends_of(settings, measurements));
    let written = measurements
        .iter()
        .try_for_each(|m| book.measurement(m))
        .and_then(|()| book.finish(trends.as_deref(), settings, None, to));
    written.map_err(|error| Written::from(error).into_system())
}

/// Whether measurements have trends: chronoamperometry has none, and a single frequency map has none yet.
fn has_trends(technique: Technique, measurements: &[Measurement]) -> bool {
    let mut indices = measurements.iter().filter_map(|m| m.index);
    match technique {
        Technique::Ca => false,
        Technique::FrequencyMap => indices.next().is_some_and(|first| indices.any(|index| index != first)),
        Technique::Swv | Technique::Cv => true,
    }
}

/// Writes measurements that belong to no session as the original SACMES wrote its tables.
///
/// # Errors
/// What the destination reports.
pub fn write_sacmes(
    to: &mut impl std::io::Write,
    settings: &Settings,
    measurements: &[Measurement],
) -> std::io::Result<()> {
    sacmes::write(to, settings, measurements)
}

/// Writes measurements that belong to no session in the predecessor's layout.
///
/// # Errors
/// What the destination reports.
pub fn write_sacmes_web(
    to: &mut impl std::io::Write,
    settings: &Settings,
    measurements: &[Measurement],
) -> std::io::Result<()> {
    sacmes_web::write(to, None, settings, measurements)
}

/// Writes frequency maps in the predecessor's layout: one as its report, several as its comparison.
///
/// # Errors
/// What the destination reports.
pub fn write_sacmes_web_maps(to: &mut impl std::io::Write, maps: &crate::study::Maps) -> std::io::Result<()> {
    sacmes_web::maps(to, None, maps)
}

/// No folder that a session reads from is ever written to, whatever is asked: a link is followed to the file that would
/// be replaced, and a name without a folder stands in the working folder.
///
/// # Errors
/// [`ExportError::InstrumentFolder`], and what the store reports.
pub fn refuse_instrument_folder(store: &Store, destination: &Path) -> Result<(), ExportError> {
    let there = match destination.canonicalize() {
        Ok(file) => file,
        Err(_) => std::path::absolute(destination).unwrap_or_else(|_| destination.to_owned()),
    };
    let Some(parent) = there.parent().and_then(|folder| folder.canonicalize().ok()) else {
        return Ok(());
    };
    // What an archive calls its folder is not looked up over the network for a file that stays here: that would tell another computer,
    // whichever the archive names, who asks.
    let may_be_it = |folder: &Path| is_in_network(&parent) || !is_in_network(folder);
    let is_source = |folder: &str| {
        let folder = Path::new(folder);
        may_be_it(folder) && folder.canonicalize().is_ok_and(|folder| folder == parent)
    };
    if store.sessions()?.iter().any(|row| is_source(&row.summary.folder)) {
        return Err(ExportError::InstrumentFolder(destination.display().to_string()));
    }
    Ok(())
}

/// Whether a path begins with the name of another computer, which it does on Windows only.
fn is_in_network(path: &Path) -> bool {
    use std::path::{Component, Prefix};
    let Some(Component::Prefix(prefix)) = path.components().next() else {
        return false;
    };
    matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..))
}
