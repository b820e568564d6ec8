//! Queries: reading, without effect.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::calibration::SessionCalibration;
use crate::command::{ExportLayout, Selection};
use crate::figure::FigureRequest;
use crate::ids::{MeasurementId, SessionId};
use crate::inspect::Inspection;
use crate::lot::{ImportRules, Lot};
use crate::mark::{MarkedPoints, MarkedSweep};
use crate::measurement::Measurement;
use crate::note::{FoundNote, NoteFilter, NoteStatistics, TopicCount};
use crate::record::RecordEntry;
use crate::session::{FileEntry, FileState, SessionDetail, SessionSummary};
use crate::settings::{CalibrationSettings, Settings, Technique};
use crate::study::{Couple, FrequencyMaps, ScanRates};

/// A question whose answer is a JSON object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "query", rename_all = "snake_case", deny_unknown_fields)]
pub enum Query {
    /// All sessions, newest first.
    Sessions,
    /// One session.
    Session {
        /// Which.
        session: SessionId,
    },
    /// Current measurements in record order, a page at a time.
    Results {
        /// Which session.
        session: SessionId,
        /// Continue after this position (`next` of the page before); 0 from the beginning.
        #[ts(type = "number")]
        after: i64,
        /// Most measurements in the answer, at most 10,000.
        limit: u32,
    },
    /// One measurement.
    Measurement {
        /// Which.
        measurement: MeasurementId,
    },
    /// The list of files, by name in natural order, a page at a time.
    Files {
        /// Which session.
        session: SessionId,
        /// Only these states; empty = all.
        states: Vec<FileState>,
        /// Files to leave out at the beginning.
        offset: u32,
        /// Most lines in the answer, at most 1,000.
        limit: u32,
    },
    /// Record entries of a session.
    Record {
        /// Which session.
        session: SessionId,
        /// From this entry number on.
        #[ts(type = "number")]
        from_seq: u64,
        /// Most entries in the answer, at most 1,000.
        limit: u32,
    },
    /// The binding curves of a session, by its own calibration or by another one that is being tried.
    Calibrations {
        /// Which session.
        session: SessionId,
        /// Calibration to try instead of the session's.
        calibration: Option<Box<CalibrationSettings>>,
    },
    /// The sweeps of a session in which points are marked by hand, by file number.
    Marks {
        /// Which session.
        session: SessionId,
    },
    /// Numbers about the store and the engine.
    Stats,
    /// What is in a folder, and how the settings would read it. Nothing is stored.
    FolderPreview {
        /// Absolute path.
        folder: String,
        /// Settings to try.
        settings: Box<Settings>,
        /// Only these of its files; empty = all.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(optional, as = "Option<Vec<String>>")]
        files: Vec<String>,
    },
    /// What files, folders and archives that were dropped or opened together would become. Nothing is stored.
    Lot {
        /// Absolute paths.
        paths: Vec<String>,
    },
    /// What imported files and temporary sessions are subject to.
    ImportRules,
    /// Frequency maps, each later one compared with the first.
    FrequencyMaps {
        /// Which sessions.
        sessions: Vec<SessionId>,
        /// One map per session, the mean over its indices; else every index is a map.
        mean: bool,
    },
    /// Peaks of cyclic voltammograms against their scan rates.
    ScanRates {
        /// Which sessions, taken together.
        sessions: Vec<SessionId>,
        /// What is known of couple and electrode.
        couple: Couple,
    },
    /// A figure as [`crate::command::Command::ExportFigure`] would write it, as SVG whatever form is asked for. Nothing is written.
    FigurePreview {
        /// Which session.
        session: SessionId,
        /// What it shows.
        figure: Box<FigureRequest>,
    },
    /// What a file of [`crate::command::Command::Export`] would begin with. Nothing is written.
    ExportPreview {
        /// Which session.
        session: SessionId,
        /// Its form; one that is text.
        layout: ExportLayout,
        /// What of the session.
        selection: Selection,
    },
    /// Notes, the one written last first, a page at a time. Whoever may only look hears of those about sessions.
    Notes {
        /// Which.
        filter: NoteFilter,
        /// Notes to leave out at the beginning.
        offset: u32,
        /// Most notes in the answer, at most 500.
        limit: u32,
    },
    /// The topics of notes, in alphabetical order.
    NoteTopics {
        /// Of which notes.
        filter: NoteFilter,
    },
    /// Numbers about notes.
    NoteStatistics {
        /// About which.
        filter: NoteFilter,
        /// What is added to UTC for the days and weeks, minutes; one for all, whether it was summer or winter.
        utc_offset_min: i32,
    },
}

/// A question whose answer is columns of numbers ([`crate::columns::Columns`]), because it is large.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "query", rename_all = "snake_case", deny_unknown_fields)]
pub enum ColumnQuery {
    /// Current measurements as columns: `measurement, electrode, frequency_hz, index, time_s, status, peak_current_a,
    /// peak_potential_v, baseline_current_a, area_va, fwhm_v, snr, quality, excluded, revision, duplicate, marked`. Codes: `status` 0 ok, 1
    /// warning, 2 failed; `quality` 0 pass, 1 warning, 2 fail; `excluded` and `duplicate` 0 or 1; `marked` by hand: 0 nothing, 1 the peak, 2
    /// the baseline, 3 both. `time_s` counts from the Unix epoch.
    /// Behind them what only the session's technique has. Frequency maps: `charge_c`. Cyclic voltammetry: `segment, cycle,
    /// direction, process, charge_c, peak_separation_v, half_wave_potential_v, half_peak_potential_v, peak_ratio,
    /// surface_coverage_mol_m2, scan_rate_v_s`; `direction` 0 forward, 1 reverse; `process` 0 anodic, 1 cathodic. Chronoamperometry:
    /// `step, tau1_s, tau2_s, amplitude1_a, amplitude2_a, offset_a, half_life1_s, half_life2_s, tau1_error_s, tau2_error_s, r_squared,
    /// cottrell_slope_a_sqrt_s, diffusion_m2_s`.
    Series {
        /// Which session.
        session: SessionId,
        /// Only measurements after this id; 0 = all.
        #[ts(type = "number")]
        after: i64,
    },
    /// Trend points as columns: `electrode, index, x, normalized_low, normalized_high, ratio, kdm, drift_corrected, concentration_m,
    /// concentration_low_m, concentration_high_m, out_of_range, outlier, time_s, time_not_later, reason`. Codes: `out_of_range` 0 in range,
    /// -2 below `y_min`, -1 below and 1 above the calibrated concentrations, 2 beyond `y_max`; `outlier` and `time_not_later` 0 or 1; `reason` a
    /// position in `about.reasons`. `time_s` counts from the Unix epoch.
    Trends {
        /// Which session.
        session: SessionId,
        /// First index.
        first_index: u32,
        /// Last index; 0 = open end.
        last_index: u32,
    },
    /// The sweep behind a measurement: `potential_v, raw_a, smoothed_a, baseline_a`, and in the header the measurement itself.
    /// For cyclic voltammograms also `segment`. For chronoamperograms `time_s, raw_a, fitted_a, residual_a, step`, times after the
    /// step, all measured steps one after the other; fit and residual are missing outside the fit range.
    Sweep {
        /// Which measurement.
        measurement: MeasurementId,
        /// Settings to try instead of the session's, for a preview.
        settings: Option<Box<Settings>>,
        /// Points to try instead of those that are marked; nothing marked = the result of the method.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        points: Option<MarkedPoints>,
    },
    /// The first sweep of a file that is not in a session, for the preview of a folder: columns as `Sweep`.
    FilePreview {
        /// Absolute path of the folder.
        folder: String,
        /// Name in it.
        file: String,
        /// Which electrode; null = the first.
        electrode: Option<u32>,
        /// Settings to try.
        settings: Box<Settings>,
    },
}

/// The beginning of a file that was not written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportBeginning {
    /// Its first lines, as they would stand in the file: at most 12 and 64 KiB.
    pub text: String,
    /// Whether the file has no more.
    pub is_whole: bool,
}

/// Answers to [`Query`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// To [`Query::Sessions`].
    Sessions {
        /// Newest first.
        sessions: Vec<SessionSummary>,
    },
    /// To [`Query::Session`].
    Session {
        /// The session.
        detail: Box<SessionDetail>,
    },
    /// To [`Query::Results`].
    Results {
        /// A page.
        measurements: Vec<Measurement>,
        /// Pass as `after` for the next page; null when this was the last.
        #[ts(type = "number | null")]
        next: Option<i64>,
    },
    /// To [`Query::Measurement`].
    Measurement {
        /// The measurement.
        measurement: Box<Measurement>,
    },
    /// To [`Query::Files`].
    Files {
        /// A page.
        files: Vec<FileEntry>,
        /// How many there are in these states.
        #[ts(type = "number")]
        total: u64,
    },
    /// To [`Query::Record`].
    Record {
        /// A page.
        entries: Vec<RecordEntry>,
    },
    /// To [`Query::Marks`].
    Marks {
        /// By file number.
        marks: Vec<MarkedSweep>,
    },
    /// To [`Query::Calibrations`].
    Calibrations {
        /// One per electrode, or one for all.
        calibrations: Vec<SessionCalibration>,
    },
    /// To [`Query::Stats`].
    Stats {
        /// The numbers.
        stats: Box<Stats>,
    },
    /// To [`Query::FolderPreview`].
    FolderPreview {
        /// What was found.
        preview: Box<FolderPreview>,
    },
    /// To [`Query::Lot`].
    Lot {
        /// Sorted.
        lot: Box<Lot>,
    },
    /// To [`Query::ImportRules`].
    ImportRules {
        /// The rules.
        rules: ImportRules,
    },
    /// To [`Query::FrequencyMaps`].
    FrequencyMaps {
        /// Maps and comparisons.
        study: Box<FrequencyMaps>,
    },
    /// To [`Query::ScanRates`].
    ScanRates {
        /// Peaks, lines and what follows from them.
        study: Box<ScanRates>,
    },
    /// To [`Query::FigurePreview`].
    FigurePreview {
        /// SVG, at most 2 MiB.
        svg: String,
    },
    /// To [`Query::ExportPreview`].
    ExportPreview {
        /// The beginning.
        beginning: ExportBeginning,
    },
    /// To [`Query::Notes`].
    Notes {
        /// A page.
        notes: Vec<FoundNote>,
        /// How many there are.
        #[ts(type = "number")]
        total: u64,
    },
    /// To [`Query::NoteTopics`].
    NoteTopics {
        /// In alphabetical order.
        topics: Vec<TopicCount>,
    },
    /// To [`Query::NoteStatistics`].
    NoteStatistics {
        /// The numbers.
        statistics: Box<NoteStatistics>,
    },
}

impl Query {
    /// Which notes it asks for, if it asks for notes: of these, whoever may only look is told those about sessions.
    pub fn of_notes(&mut self) -> Option<&mut NoteFilter> {
        match self {
            Self::Notes { filter, .. } | Self::NoteTopics { filter } | Self::NoteStatistics { filter, .. } => {
                Some(filter)
            }
            _ => None,
        }
    }
}

/// What a folder holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FolderPreview {
    /// Absolute path.
    pub folder: String,
    /// Files in it (not in folders below).
    #[ts(type = "number")]
    pub files: u64,
    /// Files whose names the settings accept.
    #[ts(type = "number")]
    pub matching: u64,
    /// Common stems with the number of their files, most files first.
    pub handles: Vec<HandleCount>,
    /// Name pattern in force, as a template.
    pub pattern: String,
    /// Electrodes found, ascending.
    pub electrodes: Vec<u32>,
    /// Frequencies found, ascending, Hz.
    pub frequencies_hz: Vec<f64>,
    /// First and last index found.
    pub index_range: Option<(u32, u32)>,
    /// A sample of the files, read: the first, some in between, the newest, and any that were not understood.
    pub inspected: Vec<Inspection>,
    /// Names that were not accepted, with the reason (a sample).
    pub refused: Vec<RefusedName>,
    /// Which electrode and frequency has how many files. Files that were read and cannot be used are not among them.
    pub coverage: Vec<Coverage>,
    /// Accepted files that were not read, because there are so many: what is said of them is what their names say.
    #[ts(type = "number")]
    pub unread: u64,
    /// Technique by which most of the files that were read can be measured.
    pub technique: Option<Technique>,
    /// The beginning of a table, for whoever has to say what its columns are.
    pub table: Option<TableHead>,
}

/// The beginning of a table as it stands in its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TableHead {
    /// The file.
    pub file: String,
    /// Its first lines.
    pub lines: Vec<String>,
}

/// A stem and how many files have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HandleCount {
    /// The stem.
    pub handle: String,
    /// Its files.
    #[ts(type = "number")]
    pub files: u64,
}

/// A file name that the settings do not accept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RefusedName {
    /// The name.
    pub file: String,
    /// Stable code.
    pub reason: String,
    /// For people.
    pub message: String,
}

/// Files found for one electrode and frequency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Coverage {
    /// Electrode, where file or name states it; null for files that were not read and may hold all electrodes.
    pub electrode: Option<u32>,
    /// Frequency, Hz; null where there is none, or it is not known yet.
    pub frequency_hz: Option<f64>,
    /// How many files.
    #[ts(type = "number")]
    pub files: u64,
}

/// Numbers about the store and the engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Stats {
    /// Sessions by source and state.
    pub sessions: Vec<SessionCount>,
    /// Mean duration of ended sessions, s; null without any.
    pub mean_duration_s: Option<f64>,
    /// Sessions ever created.
    #[ts(type = "number")]
    pub created: u64,
    /// Sessions deleted by their owner.
    #[ts(type = "number")]
    pub deleted: u64,
    /// Temporary sessions that expired.
    #[ts(type = "number")]
    pub expired: u64,
    /// Files waiting to be read or stored, per queue; empty when no agent runs in this process.
    pub queues: Vec<QueueLength>,
    /// Resident memory of this process, bytes, where the system tells.
    #[ts(type = "number | null")]
    pub memory_bytes: Option<u64>,
    /// Size of the database with its log, bytes.
    #[ts(type = "number")]
    pub database_bytes: u64,
    /// Newest record offset.
    #[ts(type = "number")]
    pub record_offset: u64,
}

/// How many sessions of a source are in a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SessionCount {
    /// Kind of source.
    pub source: crate::session::SourceKind,
    /// State.
    pub state: crate::session::SessionState,
    /// How many.
    #[ts(type = "number")]
    pub sessions: u64,
}

/// A queue and what waits in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QueueLength {
    /// Name of the queue.
    pub queue: String,
    /// Entries waiting.
    #[ts(type = "number")]
    pub length: u64,
}
