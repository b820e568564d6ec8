//! Why an SWV analysis has no number, or what its reservation is.

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
    /// The background bends so much that the baseline under the peak is not the background.
    CurvedBackground,
    /// The peak is there, but less than five times its noise.
    NoisyPeak,
    /// The numbers are so large that computing with them overflows.
    NotComputable,
    /// Too little of the sweep lies outside the peak to determine the background under it: no number in `polynomial`, a reservation in `arpls`.
    TooShortForBackground,
    /// (`gaussian`) The fit did not settle, or ran into a limit.
    FitNotFound,
    /// (`gaussian`, `polynomial`) What was fitted misses the sweep by more than noise and a noticeable part of the height.
    ShapeMisfit,
    /// (`gaussian`) Two peaks were asked for, but the data do not determine a second one.
    OnePeakOnly,
    /// (compatible method) The derivative has no sign change.
    NoDerivativePeak,
    /// (compatible method) The peak is the last point of the convex hull, so that its height is 0 by construction.
    PeakOutsideHull,
    /// (compatible method) The sample taken for the peak does not rise beyond its baseline: its height is 0, or its sign
    /// contradicts the polarity.
    PeakOnBaseline,
    /// (marked by hand) The two ends of the baseline are the same point of the sweep, or neighbours.
    MarkedEndsTogether,
    /// (marked by hand) Only the peak is marked, and the method finds no baseline under it.
    MarkedWithoutBaseline,
    /// (marked by hand) The marked peak lies beyond the ends of its baseline.
    MarkedPeakOutside,
}

impl SwvReason {
    /// Every reason, for documentation and tests.
    pub const ALL: [Self; 25] = [
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
        Self::TooShortForBackground,
        Self::FitNotFound,
        Self::ShapeMisfit,
        Self::OnePeakOnly,
        Self::NoDerivativePeak,
        Self::PeakOutsideHull,
        Self::PeakOnBaseline,
        Self::MarkedEndsTogether,
        Self::MarkedWithoutBaseline,
        Self::MarkedPeakOutside,
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
            Self::TooShortForBackground => "background_not_determined",
            Self::FitNotFound => "fit_not_found",
            Self::ShapeMisfit => "shape_misfit",
            Self::OnePeakOnly => "one_peak_only",
            Self::NoDerivativePeak => "no_derivative_peak",
            Self::PeakOutsideHull => "peak_outside_hull",
            Self::PeakOnBaseline => "peak_on_baseline",
            Self::MarkedEndsTogether => "marked_ends_together",
            Self::MarkedWithoutBaseline => "marked_without_baseline",
            Self::MarkedPeakOutside => "marked_peak_outside",
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
            Self::CurvedBackground => "The background bends under the peak, so that the baseline describes it poorly.",
            Self::NotComputable => "The numbers of the sweep are too large to compute with.",
            Self::NoisyPeak => "The peak is less than five times its noise.",
            Self::TooShortForBackground => "The sweep reaches too little beyond the peak to determine the background.",
            Self::FitNotFound => "No peak of the fitted shape describes the sweep.",
            Self::ShapeMisfit => "What was fitted leaves more than the noise of the sweep.",
            Self::OnePeakOnly => "Two peaks were asked for, but the sweep shows one.",
            Self::NoDerivativePeak => "The derivative of the sweep never changes sign where a peak would be.",
            Self::PeakOutsideHull => "The peak is the last point of the sweep, where the baseline touches it.",
            Self::PeakOnBaseline => "The sample taken for the peak lies on its baseline, or on the other side of it.",
            Self::MarkedEndsTogether => "The two marked ends of the baseline are at the same place of the sweep.",
            Self::MarkedWithoutBaseline => "Only the peak is marked, and the method finds no baseline under it.",
            Self::MarkedPeakOutside => "The marked peak lies beyond the ends of its baseline.",
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
            Self::NoPeak | Self::NoDerivativePeak | Self::PeakOnBaseline => {
                "Look at the sweep; choose a potential range or a polarity."
            }
            Self::PeakAtEdge | Self::PeakOutsideHull => "Widen the potential range, or record a wider sweep.",
            Self::NonFinitePoints => "Look for overflow of the instrument's current range.",
            Self::NotComputable => "Check the columns and units of the file.",
            Self::RepeatedPotentials => "Check that the file contains one sweep, and that its columns are right.",
            Self::OutliersIgnored => "Look at the sweep; check the connection if this happens often.",
            Self::CurvedBackground => "Choose a narrower potential range around the peak, or the method polynomial.",
            Self::TooShortForBackground => "Widen the potential range, record a wider sweep, or choose a lower degree.",
            Self::FitNotFound => "Look at the sweep; choose a potential range, or another method.",
            Self::ShapeMisfit => {
                "Compare the fit with the sweep; choose a narrower range, two peaks, or another method."
            }
            Self::OnePeakOnly => "Look at the sweep; widen the potential range, or ask for one peak.",
            Self::NoisyPeak => "Average several scans, or use a larger amplitude.",
            Self::MarkedEndsTogether => "Move the ends of the baseline apart.",
            Self::MarkedWithoutBaseline => "Mark the ends of the baseline too.",
            Self::MarkedPeakOutside => "Move the peak between the ends of its baseline.",
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
