//! `session.json`: everything about the session but its measurements and raw files.

use protocol::mark::MarkedSweep;
use protocol::note::Note;
use protocol::session::{FileEntry, Marker, SessionSummary, SettingsRevision, Source};
use serde::{Deserialize, Serialize};

/// The whole of `session.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// What the file is.
    pub format: String,
    /// Version of its layout.
    pub version: u32,
    /// Program that wrote it.
    pub written_by: String,
    /// RFC 3339, UTC.
    pub written_at: String,
    /// What to cite.
    pub citation: String,
    /// The session as the list showed it.
    pub session: SessionSummary,
    /// Where its files came from.
    pub source: Source,
    /// All revisions of its settings, oldest first.
    pub revisions: Vec<SettingsRevision>,
    /// All markers.
    pub markers: Vec<Marker>,
    /// Notes about it, its sweeps and its points, oldest first; none in archives from before there were notes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// Sweeps in which points are marked by hand.
    #[serde(default)]
    pub marks: Vec<MarkedSweep>,
    /// All files, also those of which nothing was kept.
    pub files: Vec<ArchivedFile>,
}

/// A file of the session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArchivedFile {
    /// The line of the list of files.
    #[serde(flatten)]
    pub entry: FileEntry,
    /// Modification time, ns since 1970.
    pub modified_ns: i64,
    /// Electrode that its name states.
    pub electrode: Option<u32>,
    /// SHA-256 of its content in hex, where the archive holds it as `raw/NAME`.
    pub sha256: Option<String>,
}
