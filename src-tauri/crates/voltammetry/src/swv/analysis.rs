//! What an SWV analysis gives back.

use super::settings::Quantity;

/// Whether the sweep could be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SwvStatus {
    /// A peak, without reservation.
    Ok,
    /// A usable sweep with a reservation or without a peak; the reason says which.
    Warning,
    /// The sweep could not be used; the reason says why.
    Failed,
}

/// Direction in which a peak points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Polarity {
    /// To more positive current.
    Up,
    /// To more negative current.
    Down,
}

impl Polarity {
    /// `+1.0` for up, `-1.0` for down.
    pub fn sign(self) -> f64 {
        match self {
            Self::Up => 1.0,
            Self::Down => -1.0,
        }
    }

    /// `"up"` or `"down"`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

/// How far a result can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quality {
    /// Good.
    Pass,
    /// Look at it before using it.
    Warning,
    /// Do not use it.
    Fail,
}

impl Quality {
    /// `"pass"`, `"warning"` or `"fail"`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warning => "warning",
            Self::Fail => "fail",
        }
    }
}

impl SwvStatus {
    /// `"ok"`, `"warning"` or `"failed"`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
        }
    }
}

/// The numbers behind [`Quality`], all without unit. Each method's page in `docs/methods/swv.md` defines them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QualityMetrics {
    /// How many times smaller the point-to-point scatter is after smoothing.
    pub snr_improvement: f64,
    /// How much of the peak is left after smoothing (1 = all).
    pub peak_retention: f64,
    /// How much the smoothing changed the sweep, relative to its size.
    pub residual: f64,
}

/// The filter windows that were used; `None` where a filter was not applied.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct EffectiveFilters {
    /// Hampel window in points.
    pub hampel_window: Option<usize>,
    /// Hampel threshold in standard deviations.
    pub hampel_threshold: Option<f64>,
    /// Savitzky-Golay window in points.
    pub savgol_window: Option<usize>,
    /// Savitzky-Golay degree.
    pub savgol_degree: Option<usize>,
}

/// Result of an SWV analysis. A quantity that could not be found is `None`, and `reason` says why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SwvAnalysis {
    /// Whether the sweep could be used.
    pub status: SwvStatus,
    /// Why there is no number, or what the reservation is; `None` when the status is `Ok`.
    pub reason: Option<SwvReason>,
    /// Direction of the peak.
    pub polarity: Option<Polarity>,
    /// Signed height of the peak above the baseline (A): negative for a downward peak.
    pub peak_current_a: Option<f64>,
    /// Potential of the peak (V).
    pub peak_potential_v: Option<f64>,
    /// Baseline under the peak (A).
    pub baseline_current_a: Option<f64>,
    /// Area between sweep and baseline (V·A); signed like the height in `tangent`, see each method.
    pub area_va: Option<f64>,
    /// Width at half height (V).
    pub fwhm_v: Option<f64>,
    /// Height over the standard deviation of the residual noise.
    pub snr: Option<f64>,
    /// How far the result can be trusted.
    pub quality: Quality,
    /// The numbers behind `quality`.
    pub metrics: Option<QualityMetrics>,
    /// The windows that were used.
    pub filters: EffectiveFilters,
    /// Number of points that were analysed, after trimming, range, merging and removal of values that are not finite.
    pub points: usize,
    /// Number of points of the sweep that the method looked at and left out as bad: not finite, spikes, transients.
    pub ignored_points: usize,
}

impl SwvAnalysis {
    /// A sweep that could not be used.
    pub(crate) fn failed(reason: SwvReason, points: usize) -> Self {
        Self {
            status: SwvStatus::Failed,
            ..Self::without_peak(reason, points)
        }
    }

    /// A usable sweep without a peak.
    pub(crate) fn without_peak(reason: SwvReason, points: usize) -> Self {
        Self {
            status: SwvStatus::Warning,
            reason: Some(reason),
            polarity: None,
            peak_current_a: None,
            peak_potential_v: None,
            baseline_current_a: None,
            area_va: None,
            fwhm_v: None,
            snr: None,
            quality: Quality::Fail,
            metrics: None,
            filters: EffectiveFilters::default(),
            points,
            ignored_points: 0,
        }
    }

    /// The same, or a failure without any number if one of them overflowed.
    pub(crate) fn finite(self) -> Self {
        let numbers = [
            self.peak_current_a,
            self.peak_potential_v,
            self.baseline_current_a,
            self.area_va,
            self.fwhm_v,
            self.snr,
            self.metrics
                .map(|metrics| metrics.snr_improvement + metrics.peak_retention + metrics.residual),
        ];
        if numbers.into_iter().flatten().all(f64::is_finite) {
            self
        } else {
            Self::failed(SwvReason::NotComputable, self.points)
        }
    }

    /// The quantity that stands for the peak in trends: height (A) or area (V·A).
    pub fn value(&self, quantity: Quantity) -> Option<f64> {
        match quantity {
            Quantity::Height => self.peak_current_a,
            Quantity::Area => self.area_va,
        }
    }
}

/// What is needed to draw an analysis. All arrays are in ascending potential and equally long; all are empty where
/// nothing could be analysed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SwvCurves {
    /// Potential (V).
    pub potential_v: Vec<f64>,
    /// Current as recorded (A), within trim and range; repeated potentials merged where the method merges them.
    pub raw_a: Vec<f64>,
    /// Current after the filters (A).
    pub smoothed_a: Vec<f64>,
    /// Baseline (A); empty where no peak was found.
    pub baseline_a: Vec<f64>,
    /// Left end of the baseline: potential (V) and current (A).
    pub baseline_left: Option<(f64, f64)>,
    /// Right end of the baseline: potential (V) and current (A).
    pub baseline_right: Option<(f64, f64)>,
}

/// Why there is no number, or what the reservation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SwvReason {
    /// The sweep has no points at all.
    NoPoints,
    /// No point is left after trimming.
    NothingLeftAfterTrim,
    /// No point lies in the potential window.
    NoPointsInRange,
    /// No point has both a finite potential and a finite current.
    NoFinitePoints,
    /// Too few points for the method.
    TooFewPoints,
    /// The smoothing window does not fit the number of points.
    TooShortForSmoothing,
    /// The current does not change.
    FlatTrace,
    /// Nothing stands out from the background and its noise.
    NoPeak,
    /// The sweep ends before the peak does.
    PeakAtEdge,
    /// Some points are not finite; the others were analysed.
    NonFinitePoints,
    /// Some potentials occur more than once; their currents were averaged.
    RepeatedPotentials,
    /// Single points that stand far out were left out.
    OutliersIgnored,
    /// The background bends so much that the chord is not tangent to it.
    CurvedBackground,
    /// The peak is there, but less than five times its noise.
    NoisyPeak,
    /// The numbers are so large that computing with them overflows.
    NotComputable,
    /// (compatible method) The derivative has no sign change.
    NoDerivativePeak,
    /// (compatible method) The peak is the last point of the convex hull, so that its height is 0 by construction.
    PeakOutsideHull,
}

impl SwvReason {
    /// Every reason, for documentation and tests.
    pub const ALL: [Self; 17] = [
        Self::NoPoints,
        Self::NothingLeftAfterTrim,
        Self::NoPointsInRange,
        Self::NoFinitePoints,
        Self::TooFewPoints,
        Self::TooShortForSmoothing,
        Self::FlatTrace,
        Self::NoPeak,
        Self::PeakAtEdge,
        Self::NonFinitePoints,
        Self::RepeatedPotentials,
        Self::OutliersIgnored,
        Self::CurvedBackground,
        Self::NoisyPeak,
        Self::NotComputable,
        Self::NoDerivativePeak,
        Self::PeakOutsideHull,
    ];

    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoPoints => "no_points",
            Self::NothingLeftAfterTrim => "nothing_left_after_trim",
            Self::NoPointsInRange => "no_points_in_range",
            Self::NoFinitePoints => "no_finite_points",
            Self::TooFewPoints => "too_few_points",
            Self::TooShortForSmoothing => "too_short_for_smoothing",
            Self::FlatTrace => "flat_trace",
            Self::NoPeak => "no_peak",
            Self::PeakAtEdge => "peak_at_edge",
            Self::NonFinitePoints => "non_finite_points",
            Self::RepeatedPotentials => "repeated_potentials",
            Self::OutliersIgnored => "outliers_ignored",
            Self::CurvedBackground => "curved_background",
            Self::NoisyPeak => "noisy_peak",
            Self::NotComputable => "not_computable",
            Self::NoDerivativePeak => "no_derivative_peak",
            Self::PeakOutsideHull => "peak_outside_hull",
        }
    }

    /// A sentence for people.
    pub fn message(self) -> &'static str {
        match self {
            Self::NoPoints => "The sweep contains no points.",
            Self::NothingLeftAfterTrim => "Nothing is left after leaving out the points at both ends.",
            Self::NoPointsInRange => "The sweep has no points in the chosen potential range.",
            Self::NoFinitePoints => "No point of the sweep has a usable number.",
            Self::TooFewPoints => "The sweep has too few points to find a peak.",
            Self::TooShortForSmoothing => "The sweep has too few points for the smoothing that was chosen.",
            Self::FlatTrace => "The current does not change along the sweep.",
            Self::NoPeak => "No peak stands out from the background and its noise.",
            Self::PeakAtEdge => "A peak begins, but the sweep or the chosen range ends before the peak does.",
            Self::NonFinitePoints => "Some points are not numbers; the result is from the others.",
            Self::RepeatedPotentials => "Some potentials were recorded more than once; their currents were averaged.",
            Self::OutliersIgnored => "Single points that stand far out were left out of the analysis.",
            Self::CurvedBackground => {
                "The background bends under the peak, so that a straight baseline describes it poorly."
            }
            Self::NotComputable => "The numbers of the sweep are too large to compute with.",
            Self::NoisyPeak => "The peak is less than five times its noise.",
            Self::NoDerivativePeak => "The derivative of the sweep never changes sign where a peak would be.",
            Self::PeakOutsideHull => "The peak is the last point of the sweep, where the baseline touches it.",
        }
    }

    /// What the user can do next.
    pub fn hint(self) -> &'static str {
        match self {
            Self::NoPoints | Self::NoFinitePoints => "Open the file and check that it contains a measurement.",
            Self::NothingLeftAfterTrim => "Leave out fewer points.",
            Self::NoPointsInRange => "Check the potential range and its unit.",
            Self::TooFewPoints => "Record the sweep with smaller steps.",
            Self::TooShortForSmoothing => "Choose a shorter smoothing window, or auto.",
            Self::FlatTrace => "Check the electrode's connection and the current range of the instrument.",
            Self::NoPeak | Self::NoDerivativePeak => "Look at the sweep; choose a potential range or a polarity.",
            Self::PeakAtEdge | Self::PeakOutsideHull => "Widen the potential range, or record a wider sweep.",
            Self::NonFinitePoints => "Look for overflow of the instrument's current range.",
            Self::NotComputable => "Check the columns and units of the file.",
            Self::RepeatedPotentials => "Check that the file contains one sweep, and that its columns are right.",
            Self::OutliersIgnored => "Look at the sweep; check the connection if this happens often.",
            Self::CurvedBackground => "Choose a narrower potential range around the peak.",
            Self::NoisyPeak => "Average several scans, or use a larger amplitude.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_snake_case_and_messages_are_sentences() {
        let mut codes: Vec<&str> = SwvReason::ALL.iter().map(|reason| reason.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), SwvReason::ALL.len());
        for reason in SwvReason::ALL {
            assert!(
                reason.code().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
                "{}",
                reason.code()
            );
            assert!(reason.message().ends_with('.') && reason.hint().ends_with('.'));
        }
    }
}
