//! What is this file: one line of `sacmes inspect`.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What could be found out about a file. Codes are those of crate `instrument`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Inspection {
    /// The file, as given.
    pub file: String,
    /// Format code, `unknown` where it was not recognised.
    pub format: String,
    /// Text encoding, null for binary files.
    pub encoding: Option<String>,
    /// Technique code.
    pub technique: String,
    /// SWV frequency that the file states, else that of its name, Hz.
    pub frequency_hz: Option<f64>,
    /// Scan rate, V/s.
    pub scan_rate_v_s: Option<f64>,
    /// Electrode numbers.
    pub electrodes: Vec<u32>,
    /// Points per electrode.
    #[ts(type = "number")]
    pub points: u64,
    /// Cycles, where the technique has them.
    pub cycles: Option<u32>,
    /// True or false where the content proves it, null where the format has no end that proves it.
    pub complete: Option<bool>,
    /// Points that the file says it will have.
    #[ts(type = "number | null")]
    pub expected_points: Option<u64>,
    /// When the recording began, as the file says (local time of the instrument's PC, no zone).
    pub started_at: Option<String>,
    /// Instrument that the file names.
    pub instrument: Option<String>,
    /// Stable code, where it cannot be used or has a reservation.
    pub reason: Option<String>,
    /// The same for people.
    pub message: Option<String>,
}
