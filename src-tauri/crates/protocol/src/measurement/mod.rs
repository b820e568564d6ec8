//! The measurement object: one line of `results`, one row of the exports, one point of the plots.

mod ca;
mod cv;

pub use ca::CaNumbers;
pub use cv::{CvNumbers, Direction, PeakProcess, Probe};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::{MeasurementId, SessionId};
use crate::mark::MarkedByHand;

/// Whether a sweep gave a usable result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// A result without reservation.
    Ok,
    /// A usable sweep with a reservation, or without a peak.
    Warning,
    /// The file or electrode could not be used.
    Failed,
}

/// Direction of a peak relative to its baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Polarity {
    /// The peak rises above its baseline.
    Up,
    /// The peak falls below its baseline.
    Down,
}

/// How far the numbers of a sweep can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Good.
    Pass,
    /// To be looked at.
    Warning,
    /// Not to be trusted.
    Fail,
}

/// Where a measurement's time comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TimeSource {
    /// The file states when it was recorded.
    File,
    /// The file's modification time.
    Modified,
    /// Index times sampling interval.
    Interval,
}

/// The result of analysing one sweep. SI base units; a quantity that does not apply or was not found is `None`, never 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Measurement {
    /// Stable id; null outside a session (`sacmes analyze`).
    pub measurement: Option<MeasurementId>,
    /// Session it belongs to; null outside a session.
    pub session: Option<SessionId>,
    /// Settings revision that produced it; null outside a session.
    pub revision: Option<u32>,
    /// File, relative to the session's folder.
    pub file: String,
    /// 1 for the first content seen at that path, then counting up.
    pub file_revision: u32,
    /// Electrode number; null for an averaged trace or a file that could not be used.
    pub electrode: Option<u32>,
    /// SWV frequency in Hz, from the file, else from its name.
    pub frequency_hz: Option<f64>,
    /// File number in the series.
    pub index: Option<u32>,
    /// RFC 3339, in UTC.
    pub time: Option<String>,
    /// Where `time` comes from.
    pub time_source: Option<TimeSource>,
    /// Analysis method by its settings name.
    pub method: Option<String>,
    /// Whether there is a usable result.
    pub status: Status,
    /// Stable `snake_case` code of the reservation or failure.
    pub reason: Option<String>,
    /// The same for people.
    pub message: Option<String>,
    /// Signed height of the peak above its baseline, A; negative for a downward peak.
    pub peak_current_a: Option<f64>,
    /// Potential of the peak, V.
    pub peak_potential_v: Option<f64>,
    /// Baseline current under the peak, A.
    pub baseline_current_a: Option<f64>,
    /// Area between sweep and baseline, V·A.
    pub area_va: Option<f64>,
    /// Charge, C, where the technique defines one.
    pub charge_c: Option<f64>,
    /// Full width at half of the height, V.
    pub fwhm_v: Option<f64>,
    /// Height over the standard deviation of the residual noise.
    pub snr: Option<f64>,
    /// Direction of the peak.
    pub polarity: Option<Polarity>,
    /// How far the numbers can be trusted.
    pub quality: Option<Quality>,
    /// Left out of trends by the user; the numbers stay.
    pub excluded: bool,
    /// Which of its points were marked by hand; absent where the method found all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub marked_by_hand: Option<MarkedByHand>,
    /// Which of several peaks of one sweep this is, from 1; absent where a sweep has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub peak: Option<u32>,
    /// Standard error of the height, A, where the method fits it; else absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub peak_current_error_a: Option<f64>,
    /// Standard error of the peak's potential, V, where the method fits it; else absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub peak_potential_error_v: Option<f64>,
    /// The fields of cyclic voltammetry; absent in other techniques.
    // In TypeScript a measurement of this technique is `Measurement & CvNumbers`.
    #[serde(flatten)]
    #[ts(skip)]
    pub cv: Option<CvNumbers>,
    /// The fields of chronoamperometry; absent in other techniques.
    #[serde(flatten)]
    #[ts(skip)]
    pub ca: Option<CaNumbers>,
}

impl Measurement {
    /// Which part of the electrode's trace was measured: segment of a cyclic voltammogram, step of a chronoamperogram.
    pub fn segment(&self) -> Option<u32> {
        match (&self.cv, &self.ca) {
            (Some(cv), _) => Some(cv.segment),
            (None, Some(ca)) => ca.step,
            (None, None) => None,
        }
    }
}
