//! Opening an archive as a session.

use std::collections::HashMap;
use std::io::BufReader;
use std::path::Path;

use data_encoding::HEXLOWER;
use protocol::command::Outcome;
use protocol::ids::{CommandId, SessionId};
use protocol::mark::MarkedSweep;
use protocol::measurement::Measurement;
use protocol::record::RecordEvent;
use protocol::refusal::Refusal;
use protocol::session::{Marker, SessionState, Source};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::manifest::{ArchivedFile, Manifest};
use super::parts::Parts;
use super::{FORMAT, MANIFEST, RAW, VERSION, checking, notes};
use crate::commanding::tidied_name;
use crate::intake::open_regular;
use crate::session::{Change, write_changes};
use crate::store::{MarkRow, NewFileState, NewSession, Store, StoreError, Work, pack};

/// Most files that an archive may hold.
const MOST_FILES: usize = 1_000_000;

/// Why an archive cannot be opened; nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// It cannot be read.
    #[error("the archive cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// It is no zip, or not all of one.
    #[error("it is damaged or cut short, or not an archive of SACMES")]
    NoZip,
    /// It is no archive of ours.
    #[error("this is not an archive of SACMES: {0}")]
    Foreign(String),
    /// A newer version wrote it.
    #[error("the archive was written by a newer version ({0})")]
    Newer(String),
    /// Something in it is not as its checksum or its list says.
    #[error("the archive is damaged: {0}")]
    Damaged(String),
    /// It is larger than what is opened.
    #[error("the archive is too large: {0}")]
    TooLarge(String),
    /// The store does not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<zip::result::ZipError> for ArchiveError {
    fn from(error: zip::result::ZipError) -> Self {
        match error {
            zip::result::ZipError::InvalidArchive(_) => Self::NoZip,
            zip::result::ZipError::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Self::NoZip,
            zip::result::ZipError::Io(error) => Self::Unreadable(error),
            other => Self::Foreign(other.to_string()),
        }
    }
}

impl ArchiveError {
    /// For whoever asked for this archive.
    pub fn refusal(self, path: &Path) -> Refusal {
        let message = format!("{}: {self}.", path.display());
        let (code, hint) = match self {
            Self::NoZip => (
                "not_an_archive",
                "Copy it again from where it was written, or choose a zip that SACMES exported as an archive.",
            ),
            Self::Unreadable(_) => ("archive_unreadable", "Check the file and its rights."),
            Self::Foreign(_) => ("not_an_archive", "Choose a zip that SACMES exported as an archive."),
            Self::Newer(_) => ("archive_newer", "Update SACMES."),
            Self::Damaged(_) => ("archive_damaged", "Copy the archive again from where it was written."),
            Self::TooLarge(_) => (
                "archive_too_large",
                "Open it in parts, or unpack it and import the raw files.",
            ),
            Self::Store(error) => return error.into(),
        };
        Refusal::new(code, message, hint)
    }
}

/// Opens an archive as a finished session of its own, with its files, measurements, exclusions and markers as they were.
/// All of it becomes visible at once, or nothing. `command` is settled with it. A `temporary` one is deleted by itself after some time.
///
/// # Errors
/// [`ArchiveError`].
pub fn open(
    store: &Store,
    path: &Path,
    name: &str,
    temporary: bool,
    command: Option<CommandId>,
) -> Result<SessionId, ArchiveError> {
    let mut parts = Parts::of(open_regular(path)?)?;
    let manifest = read_manifest(&mut parts)?;
    checking::files(&manifest.files)?;
    checking::marks(&manifest.marks)?;
    let markers = checking::markers(manifest.markers)?;
    let notes = notes::checked(manifest.notes)?;
    let id = SessionId::new();
    let new = NewSession {
        id,
        name: if name.trim().is_empty() {
            tidied_name(&manifest.session.name)
        } else {
            name.to_owned()
        },
        source: Source::ImportedFiles {
            folder: manifest.source.folder().to_owned(),
            files: Vec::new(),
        },
        settings: checking::settings(manifest.revisions.last().map(|r| r.settings.clone()))?,
        temporary,
    };
    let mut measurements: HashMap<String, Vec<Measurement>> = HashMap::new();
    parts.measurements(|measurement| {
        let of_file = measurements.entry(measurement.file.clone());
        of_file.or_default().push(measurement);
    })?;
    // Packing is the work; the writer only stores.
    let mut changes = Vec::with_capacity(manifest.files.len());
    for file in &manifest.files {
        let of_file = measurements.remove(&file.entry.file).unwrap_or_default();
        changes.push(change(&mut parts, file, of_file)?);
    }
    if let Some(file) = measurements.into_keys().next() {
        return Err(ArchiveError::Damaged(format!(
            "there are measurements of {file}, which it does not list"
        )));
    }
    let marks = manifest.marks;
    store.write(move |work| {
        let row = restore(work, &new, &changes, &markers, marks)?;
        notes::restore(work, (row, id), &changes, &notes)?;
        match command {
            Some(command) => work.settle_command(command, &Outcome::Started { session: id }),
            None => Ok(()),
        }
    })?;
    Ok(id)
}

/// Whether a file is an archive of ours by its list of parts; other zips, such as workbooks, are not.
pub fn is_archive(path: &Path) -> bool {
    let parts = open_regular(path).ok().map(BufReader::new).map(ZipArchive::new);
    parts.is_some_and(|zip| zip.is_ok_and(|zip| zip.index_for_name(MANIFEST).is_some()))
}

/// What the manifest says of itself, whatever else is in it.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    format: String,
    version: Option<u64>,
    written_by: Option<String>,
}

fn read_manifest(parts: &mut Parts) -> Result<Manifest, ArchiveError> {
    let text = parts.manifest()?;
    let head: Head = serde_json::from_slice(&text).map_err(|e| ArchiveError::Foreign(format!("{MANIFEST}: {e}")))?;
    if head.format != FORMAT {
        return Err(ArchiveError::Foreign(format!("{MANIFEST} is something else")));
    }
    // Judged before the rest is understood, which a newer version may have changed.
    if head.version.is_none_or(|version| version > u64::from(VERSION)) {
        let unknown = || "unknown".to_owned();
        return Err(ArchiveError::Newer(
            head.written_by.map_or_else(unknown, |by| tidied_name(&by)),
        ));
    }
    let manifest: Manifest =
        serde_json::from_slice(&text).map_err(|e| ArchiveError::Damaged(format!("{MANIFEST}: {e}")))?;
    if manifest.files.len() > MOST_FILES {
        return Err(ArchiveError::TooLarge(format!("{} files", manifest.files.len())));
    }
    Ok(manifest)
}

fn change(parts: &mut Parts, file: &ArchivedFile, measurements: Vec<Measurement>) -> Result<Change, ArchiveError> {
    let mut entry = file.entry.clone();
    let mut hash = None;
    let mut kept = None;
    if let Some(expected) = &file.sha256 {
        let content = parts.raw(&entry.file)?;
        let found: [u8; 32] = Sha256::digest(&content).into();
        if HEXLOWER.encode(&found) != *expected {
            let what = format!("{RAW}{}: its checksum is another one", entry.file);
            return Err(ArchiveError::Damaged(what));
        }
        entry.bytes = content.len() as u64;
        kept = Some((found.to_vec(), pack(&content)?));
        hash = Some(found);
    }
    let file = NewFileState {
        entry,
        modified_ns: file.modified_ns,
        content: kept,
        electrode: file.electrode,
    };
    Ok(Change {
        hash,
        ..Change::new(file, Some(measurements))
    })
}

fn restore(
    work: &mut Work<'_>,
    new: &NewSession,
    changes: &[Change],
    markers: &[Marker],
    marks: Vec<MarkedSweep>,
) -> Result<i64, StoreError> {
    let row = work.begin_session(new)?;
    write_changes(work, row, new.id, 1, None, changes)?;
    let mut excluded = Vec::new();
    for measurement in changes.iter().flat_map(|change| change.measurements.iter().flatten()) {
        if measurement.excluded {
            excluded.extend(work.current_measurement(row, measurement)?);
        }
    }
    let measurements = work.exclude(row, &excluded, true)?;
    if !measurements.is_empty() {
        let event = RecordEvent::ExclusionChanged {
            measurements,
            excluded: true,
        };
        work.append(row, new.id, event)?;
    }
    for marker in markers {
        work.put_marker(row, marker)?;
        let event = RecordEvent::MarkerChanged {
            marker: marker.clone(),
            removed: false,
        };
        work.append(row, new.id, event)?;
    }
    restore_marks(work, row, new.id, marks)?;
    let reason = Some("opened from an archive".to_owned());
    work.set_state(row, SessionState::Finished, reason.as_deref())?;
    work.append(row, new.id, RecordEvent::SessionEnded { reason })?;
    Ok(row)
}

/// Keeps the marks of measurements that were archived with them.
fn restore_marks(work: &mut Work<'_>, row: i64, session: SessionId, marks: Vec<MarkedSweep>) -> Result<(), StoreError> {
    for MarkedSweep { mark, automatic, .. } in marks {
        let automatic = automatic.map(|automatic| *automatic);
        let current = match &automatic {
            Some(automatic) => work.current_measurement(row, automatic)?,
            None => None,
        };
        let mark = work.put_mark(row, &MarkRow { mark, automatic })?;
        let measurement = match current {
            Some(current) => Some(Box::new(work.measurement(current)?.measurement)),
            None => None,
        };
        let event = RecordEvent::MarkChanged {
            mark,
            removed: false,
            measurement,
        };
        work.append(row, session, event)?;
    }
    Ok(())
}
