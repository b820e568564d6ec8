//! Sessions as every door shows them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::author::Author;
use crate::ids::{MarkerId, SessionId};
use crate::settings::{Settings, Technique};

/// Where a session's files come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    /// A folder that is watched for new files, not recursively.
    WatchedFolder {
        /// Absolute path.
        folder: String,
    },
    /// Files that were there and are read once.
    ImportedFiles {
        /// Absolute path of the folder that the names are relative to.
        folder: String,
        /// File names in that folder; empty = all of them.
        files: Vec<String>,
    },
    /// A simulated potentiostat that writes real files into a folder of the profile, which is then watched.
    Simulated {
        /// Absolute path of the folder it writes to; empty = the engine chooses one in its data folder.
        folder: String,
        /// What is simulated.
        instrument: SimulatedInstrument,
    },
}

impl Source {
    /// The folder that the session's file names are relative to.
    pub fn folder(&self) -> &str {
        match self {
            Self::WatchedFolder { folder } | Self::ImportedFiles { folder, .. } | Self::Simulated { folder, .. } => {
                folder
            }
        }
    }

    /// `watched_folder`, `imported_files` or `simulated`.
    pub fn kind(&self) -> SourceKind {
        match self {
            Self::WatchedFolder { .. } => SourceKind::WatchedFolder,
            Self::ImportedFiles { .. } => SourceKind::ImportedFiles,
            Self::Simulated { .. } => SourceKind::Simulated,
        }
    }
}

/// The kind of a source, without its places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// See [`Source::WatchedFolder`].
    WatchedFolder,
    /// See [`Source::ImportedFiles`].
    ImportedFiles,
    /// See [`Source::Simulated`].
    Simulated,
}

/// How a simulated potentiostat is set up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct SimulatedInstrument {
    /// What it measures.
    pub technique: Technique,
    /// Electrodes, 1 to 16, all in one file.
    pub electrodes: u32,
    /// SWV frequencies, Hz; one file each per index. Empty = those of the technique; cyclic voltammetry and chronoamperometry
    /// have none.
    pub frequencies_hz: Vec<f64>,
    /// Scan rates of cyclic voltammetry, V/s, used by the indices in turn. Empty = 0.1 V/s; other techniques have none.
    pub scan_rates_v_s: Vec<f64>,
    /// Number of indices.
    pub files: u32,
    /// Seconds from the start of one file to the start of the next; 0 = as fast as possible.
    pub interval_s: f64,
    /// The same seed gives the same numbers.
    pub seed: u32,
    /// What it writes.
    pub format: SimulatedFormat,
    /// How it writes.
    pub style: WritingStyle,
    /// Common stem of the file names.
    pub handle: String,
}

impl Default for SimulatedInstrument {
    fn default() -> Self {
        Self {
            technique: Technique::Swv,
            electrodes: 1,
            frequencies_hz: vec![15.0, 200.0],
            scan_rates_v_s: Vec::new(),
            files: 100,
            interval_s: 1.0,
            seed: 1,
            format: SimulatedFormat::Csv,
            style: WritingStyle::Append,
            handle: "SWV".to_owned(),
        }
    }
}

/// File formats that the simulated potentiostat writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SimulatedFormat {
    /// A table with a header that names units.
    Csv,
    /// CH Instruments text.
    Chi,
}

/// How a potentiostat's own software puts a file into its folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WritingStyle {
    /// Under another name, then renamed.
    Atomic,
    /// Line by line while the scan runs.
    Append,
    /// Whole files at once.
    Burst,
}

/// What a session is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// Watching, but nothing has been measured yet or the folder is away.
    Waiting,
    /// Watching, and files arrive.
    Running,
    /// Not looking at new files until resumed.
    Paused,
    /// Ended by its owner, or all of its files are done; can be reopened.
    Finished,
    /// Cannot go on; the reason says why.
    Failed,
}

/// A named point in a session: an injection, an event, a comment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Marker {
    /// Identity; a marker with a known id replaces the earlier one.
    pub id: MarkerId,
    /// What it stands for.
    pub kind: MarkerKind,
    /// File number that it stands at (between two: a fraction).
    pub index: f64,
    /// Text for people.
    pub label: String,
    /// Target concentration from here on, mol/L, where it is known: markers with one make a titration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub concentration_m: Option<f64>,
    /// From where it was set or changed last; the engine says so, whatever a command claims. Absent in earlier stores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub from: Option<Author>,
}

/// What a marker stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MarkerKind {
    /// Something was added to the sample.
    Injection,
    /// Something happened.
    Event,
    /// A remark.
    Comment,
}

/// One line of the list of sessions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SessionSummary {
    /// Identity.
    pub session: SessionId,
    /// Name given by its owner.
    pub name: String,
    /// Technique of its settings.
    pub technique: Technique,
    /// Kind of source.
    pub source: SourceKind,
    /// What it is doing.
    pub state: SessionState,
    /// Why, in a sentence for people: "waiting for file 12", "the folder is away".
    pub reason: Option<String>,
    /// Folder of its files.
    pub folder: String,
    /// Files seen that belong to it: measured, skipped and partial.
    #[ts(type = "number")]
    pub files: u64,
    /// Files measured.
    #[ts(type = "number")]
    pub files_measured: u64,
    /// Files that could not be used.
    #[ts(type = "number")]
    pub files_skipped: u64,
    /// Files still being written.
    #[ts(type = "number")]
    pub files_partial: u64,
    /// Files awaited, where the source knows.
    #[ts(type = "number | null")]
    pub files_expected: Option<u64>,
    /// Current measurements, failed ones included.
    #[ts(type = "number")]
    pub measurements: u64,
    /// Newest settings revision.
    pub revision: u32,
    /// Number of the newest record entry.
    #[ts(type = "number")]
    pub seq: u64,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// RFC 3339, UTC; null while it goes on.
    pub ended_at: Option<String>,
    /// Time of the newest measured file, RFC 3339, UTC.
    pub last_measured_at: Option<String>,
    /// Of a temporary session: seconds after its end at which it is deleted; null where it is kept.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub expires_after_s: Option<u64>,
    /// When that will be, RFC 3339, UTC; null where it is kept, and while it goes on.
    #[serde(default)]
    pub expires_at: Option<String>,
}

/// A session with what is needed to draw its screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SessionDetail {
    /// The line of the list.
    pub summary: SessionSummary,
    /// Its source.
    pub source: Source,
    /// Settings of the newest revision.
    pub settings: Settings,
    /// All revisions, oldest first.
    pub revisions: Vec<SettingsRevision>,
    /// All markers.
    pub markers: Vec<Marker>,
    /// Electrodes that were measured, ascending.
    pub electrodes: Vec<u32>,
    /// Frequencies that were measured, ascending, Hz.
    pub frequencies_hz: Vec<f64>,
}

/// One numbered state of a session's settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SettingsRevision {
    /// Counting from 1.
    pub revision: u32,
    /// RFC 3339, UTC.
    pub at: String,
    /// From where it was made; absent in earlier stores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub from: Option<Author>,
    /// The settings.
    pub settings: Settings,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// Still being written.
    Partial,
    /// Complete, not yet measured.
    Ready,
    /// Measured.
    Measured,
    /// Not used, for a reason.
    Skipped,
}

/// One line of a session's list of files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FileEntry {
    /// Name relative to the session's folder.
    pub file: String,
    /// Content revision, from 1; 0 while nothing complete was read.
    pub file_revision: u32,
    /// What became of it.
    pub state: FileState,
    /// Stable code, where it was not measured.
    pub reason: Option<String>,
    /// The same for people.
    pub message: Option<String>,
    /// Bytes when last looked at.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Format by its inspect code, where known.
    pub format: Option<String>,
    /// File number in the series.
    pub index: Option<u32>,
    /// Frequency, Hz.
    pub frequency_hz: Option<f64>,
    /// Points so far.
    #[ts(type = "number | null")]
    pub points: Option<u64>,
    /// Points that the file says it will have.
    #[ts(type = "number | null")]
    pub expected_points: Option<u64>,
    /// RFC 3339, UTC, of the last change of this line.
    pub at: String,
}
