//! What both kinds of baseline give: a peak, and the curves behind it.

use crate::swv::{EffectiveFilters, Polarity, SwvReason};

use super::reason::CvReason;

/// A peak of one segment; heights and areas are positive for either polarity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peak {
    pub polarity: Polarity,
    /// Height above the baseline (A).
    pub height_a: f64,
    pub potential_v: f64,
    /// Baseline under the peak (A).
    pub baseline_a: f64,
    /// Slope of the baseline (A/V), where it is a line that goes on.
    pub baseline_slope: Option<f64>,
    /// Where the current reaches half of the height before the peak (V).
    pub half_peak_v: Option<f64>,
    /// Width at half height (V).
    pub width_v: Option<f64>,
    /// Integral above the baseline (V·A).
    pub area_va: f64,
    pub snr: f64,
    pub filters: EffectiveFilters,
    /// Spikes and transients that were left out.
    pub ignored: usize,
    pub reservation: Option<CvReason>,
}

/// Curves in ascending potential, for drawing.
#[derive(Debug, Clone, Default)]
pub(super) struct Drawn {
    pub smoothed_a: Vec<f64>,
    pub baseline_a: Vec<f64>,
    /// Stretches of potential that the baseline comes from, ascending.
    pub from_v: Vec<(f64, f64)>,
}

/// The same thing said of a segment.
pub(super) fn reason(reason: SwvReason) -> CvReason {
    match reason {
        SwvReason::NoPoints | SwvReason::NothingLeftAfterTrim => CvReason::NoPoints,
        SwvReason::NoPointsInRange => CvReason::NoPointsInRange,
        SwvReason::NoFinitePoints => CvReason::NoFinitePoints,
        SwvReason::TooFewPoints | SwvReason::TooShortForSmoothing => CvReason::TooFewPoints,
        SwvReason::FlatTrace => CvReason::FlatTrace,
        SwvReason::PeakAtEdge => CvReason::PeakAtEdge,
        SwvReason::NonFinitePoints => CvReason::NonFinitePoints,
        SwvReason::OutliersIgnored => CvReason::OutliersIgnored,
        SwvReason::CurvedBackground => CvReason::CurvedBackground,
        SwvReason::NoisyPeak => CvReason::NoisyPeak,
        SwvReason::NotComputable => CvReason::NotComputable,
        _ => CvReason::NoPeak,
    }
}

/// Where the line between two points crosses a level; both ends are on different sides of it, or at it.
pub(super) fn crossing(a: (f64, f64), b: (f64, f64), level: f64) -> f64 {
    let rise = b.1 - a.1;
    let share = if rise == 0.0 { 0.5 } else { (level - a.1) / rise };
    a.0 + share.clamp(0.0, 1.0) * (b.0 - a.0)
}
