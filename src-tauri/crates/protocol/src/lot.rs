//! Files, folders and archives that somebody drops or opens together, and what they are subject to.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::query::RefusedName;
use crate::settings::Technique;

/// What paths that came together would become.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Lot {
    /// One session each: files of one folder and one technique.
    pub parts: Vec<LotPart>,
    /// Archives of sessions, each of which is opened as a session again.
    pub archives: Vec<String>,
    /// Paths that give nothing, with the reason.
    pub refused: Vec<RefusedName>,
}

/// Files that belong into one session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LotPart {
    /// Absolute path of their folder.
    pub folder: String,
    /// Their names, in natural order; empty = all files of the folder.
    pub files: Vec<String>,
    /// How many they are.
    #[ts(type = "number")]
    pub count: u64,
    /// Technique that most of them hold; null where none was understood.
    pub technique: Option<Technique>,
    /// How many of them were not understood; the session lists each with its reason.
    #[ts(type = "number")]
    pub not_understood: u64,
}

/// Limits of imported files, and how long temporary sessions stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportRules {
    /// Seconds that a temporary session stays after its end; 0 = for good.
    #[ts(type = "number")]
    pub temporary_after_s: u64,
    /// Largest file, bytes.
    #[ts(type = "number")]
    pub largest_file_bytes: u64,
    /// Most files of one import.
    #[ts(type = "number")]
    pub most_files: u64,
    /// Most bytes of one import.
    #[ts(type = "number")]
    pub most_bytes: u64,
}
