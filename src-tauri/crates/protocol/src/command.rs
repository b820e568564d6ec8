//! Commands: changing something. They need control.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::figure::FigureRequest;
use crate::ids::{MarkId, MarkerId, MeasurementId, NoteId, OperationId, SessionId};
use crate::mark::MarkedPoints;
use crate::note::NoteDraft;
use crate::session::{Marker, Source};
use crate::settings::Settings;

/// What can be asked of the engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Begin a session.
    StartSession {
        /// Name; empty = made from the source.
        name: String,
        /// Where its files come from.
        source: Source,
        /// Settings revision 1.
        settings: Box<Settings>,
        /// Whether it is deleted by itself some time after its end, unless it is kept.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[ts(optional, as = "Option<bool>")]
        temporary: bool,
    },
    /// Stop looking at new files for a while.
    PauseSession {
        /// Which.
        session: SessionId,
    },
    /// Go on after a pause: what came meanwhile is read.
    ResumeSession {
        /// Which.
        session: SessionId,
    },
    /// Pause every session that runs.
    PauseAll,
    /// End a session.
    StopSession {
        /// Which.
        session: SessionId,
    },
    /// Go on with a session that ended.
    ReopenSession {
        /// Which.
        session: SessionId,
    },
    /// Give a session another name.
    RenameSession {
        /// Which.
        session: SessionId,
        /// New name.
        name: String,
    },
    /// Delete a session and everything kept for it. The instrument's files are not touched.
    DeleteSession {
        /// Which.
        session: SessionId,
    },
    /// Change settings: a new revision, and everything is measured anew.
    ReviseSettings {
        /// Which.
        session: SessionId,
        /// Revision that the change is based on; refused if it is no longer the newest.
        seen_revision: u32,
        /// New settings.
        settings: Box<Settings>,
    },
    /// Set, move or rename a marker.
    PutMarker {
        /// Which session.
        session: SessionId,
        /// The marker.
        marker: Marker,
    },
    /// Take a marker away.
    RemoveMarker {
        /// Which session.
        session: SessionId,
        /// Which marker.
        marker: MarkerId,
    },
    /// Leave points out of the trends, or take them in again.
    Exclude {
        /// Which session.
        session: SessionId,
        /// Which points.
        measurements: Vec<MeasurementId>,
        /// Left out or taken in.
        excluded: bool,
    },
    /// Mark points of a sweep by hand, in the place of what was marked in it before.
    PutMark {
        /// Which session.
        session: SessionId,
        /// The sweep, by its measurement.
        measurement: MeasurementId,
        /// What is marked.
        points: MarkedPoints,
    },
    /// Take marks away: the results are those of the method again.
    RemoveMark {
        /// Which session.
        session: SessionId,
        /// Which marks.
        marks: Vec<MarkId>,
    },
    /// Write a file with the session's results.
    Export {
        /// Which session.
        session: SessionId,
        /// Form of the file.
        layout: ExportLayout,
        /// Absolute path of the file to write.
        destination: String,
        /// What of the session.
        selection: Selection,
    },
    /// Write a figure of the session's results.
    ExportFigure {
        /// Which session.
        session: SessionId,
        /// Absolute path of the file to write.
        destination: String,
        /// What it shows, and how.
        figure: Box<FigureRequest>,
    },
    /// Open an exported archive as a finished session of its own.
    OpenArchive {
        /// Absolute path of the archive.
        path: String,
        /// Name; empty = the one in the archive.
        name: String,
        /// Whether it is deleted by itself after some time, unless it is kept.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[ts(optional, as = "Option<bool>")]
        temporary: bool,
    },
    /// Make a temporary session one that stays.
    KeepSession {
        /// Which.
        session: SessionId,
    },
    /// Have a session deleted by itself some time after its end, counted anew from now where it has ended.
    SetExpiry {
        /// Which.
        session: SessionId,
        /// Seconds, from a minute to ten years; 0 = never.
        #[ts(type = "number")]
        after_s: u64,
    },
    /// How long the temporary sessions of the profile stay that are begun from now on.
    SetTemporaryLifetime {
        /// Seconds, from a minute to ten years; 0 = for good.
        #[ts(type = "number")]
        after_s: u64,
    },
    /// Write a note, or change one.
    PutNote {
        /// The note.
        note: NoteDraft,
        /// Revision that a change is based on, refused if it is no longer the newest; 0 for a new note.
        seen_revision: u32,
    },
    /// Write several notes: all of them, or none.
    AddNotes {
        /// The notes, at most 200 and together at most 48 KiB.
        notes: Vec<NoteDraft>,
    },
    /// Delete a note.
    DeleteNote {
        /// Which.
        note: NoteId,
    },
    /// Delete all notes with a topic.
    DeleteNotesOfTopic {
        /// The topic.
        topic: String,
        /// How many have it, as whoever deletes them has seen; refused if others came or went meanwhile.
        #[ts(type = "number")]
        seen: u64,
    },
    /// Delete all notes of the profile.
    ClearNotes {
        /// How many there are, as whoever deletes them has seen; refused if others came or went meanwhile.
        #[ts(type = "number")]
        seen: u64,
    },
    /// Stop a long operation.
    Cancel {
        /// Which.
        operation: OperationId,
    },
}

/// What of a session is exported.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Selection {
    /// Electrodes; empty = all.
    pub electrodes: Vec<u32>,
    /// Frequencies, Hz; empty = all.
    pub frequencies_hz: Vec<f64>,
    /// First index; 0 = from the beginning.
    pub first_index: u32,
    /// Last index; 0 = to the end.
    pub last_index: u32,
}

/// Form of an exported file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ExportLayout {
    /// One row per measurement, columns as the measurement object.
    Csv,
    /// One measurement object per line.
    Jsonl,
    /// The predecessor's report over all electrodes, without its defects.
    SacmesWeb,
    /// The table of the original SACMES, without its defects.
    Sacmes,
    /// One row per electrode and index of the trends.
    Trends,
    /// Excel workbook with everything about the session.
    Xlsx,
    /// One zip with raw files, settings, measurements, markers and checksums, which can be opened again as a session.
    Archive,
}

/// What became of a command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Done.
    Done,
    /// A session was begun, or an existing one goes on.
    Started {
        /// Which.
        session: SessionId,
    },
    /// New settings are in force; the recomputation goes on as this operation.
    Revised {
        /// New revision.
        revision: u32,
        /// The recomputation.
        operation: OperationId,
    },
    /// A long operation began; progress events tell how it goes.
    Accepted {
        /// Which.
        operation: OperationId,
    },
}
