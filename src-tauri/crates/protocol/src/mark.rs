//! Points marked by hand in a sweep: where its peak and the ends of its baseline are, in the place of what the method found.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::author::Author;
use crate::ids::{MarkId, MeasurementId};
use crate::measurement::Measurement;

/// What is marked in a sweep. What is not marked is found by the method, as everywhere else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct MarkedPoints {
    /// Potential of the peak, V.
    pub peak_potential_v: Option<f64>,
    /// Potentials of the two ends of a straight baseline, V.
    pub baseline_v: Option<[f64; 2]>,
}

impl MarkedPoints {
    /// Which of the points there are; none where nothing is marked.
    pub fn parts(&self) -> Option<MarkedByHand> {
        match (self.peak_potential_v.is_some(), self.baseline_v.is_some()) {
            (true, true) => Some(MarkedByHand::PeakAndBaseline),
            (true, false) => Some(MarkedByHand::Peak),
            (false, true) => Some(MarkedByHand::Baseline),
            (false, false) => None,
        }
    }

    /// Whether all of it are numbers.
    pub fn is_finite(&self) -> bool {
        let ends = self.baseline_v.into_iter().flatten();
        self.peak_potential_v.into_iter().chain(ends).all(f64::is_finite)
    }
}

/// Which points of a measurement were marked by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MarkedByHand {
    /// The peak.
    Peak,
    /// The ends of the baseline.
    Baseline,
    /// Both.
    PeakAndBaseline,
}

/// A sweep's marked points. The sweep is that of a file, an electrode and, where it has several, a segment and a peak, so that a
/// mark outlives a recomputation, a change of the settings and a new content of its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Mark {
    /// Identity in its profile.
    pub id: MarkId,
    /// File, relative to the session's folder.
    pub file: String,
    /// Content of that file in which the points were marked.
    pub file_revision: u32,
    /// Electrode; null for an averaged trace.
    pub electrode: Option<u32>,
    /// Frequency when it was marked, Hz.
    pub frequency_hz: Option<f64>,
    /// File number when it was marked.
    pub index: Option<u32>,
    /// Segment of a cyclic voltammogram.
    pub segment: Option<u32>,
    /// Which of several peaks of the sweep.
    pub peak: Option<u32>,
    /// What is marked.
    pub points: MarkedPoints,
    /// From where it was marked.
    pub from: Author,
    /// When, RFC 3339, UTC.
    pub at: String,
}

/// A mark with what it does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MarkedSweep {
    /// The mark.
    pub mark: Mark,
    /// The sweep's measurement, where it has one now.
    pub measurement: Option<MeasurementId>,
    /// The result without the mark; null where there is no such measurement now.
    pub automatic: Option<Box<Measurement>>,
}
