//! Why there is no number, or what the reservation is.

/// Why there is no number, or what the reservation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CvReason {
    /// Nothing was recorded.
    NoPoints,
    /// No point has both a finite potential and a finite current.
    NoFinitePoints,
    /// The potential does not run from one value to another.
    NoSweep,
    /// The segment that was chosen does not exist.
    NoSuchSegment,
    /// No point of the segment lies in the potential window.
    NoPointsInRange,
    /// Too few points for the method.
    TooFewPoints,
    /// The current does not change.
    FlatTrace,
    /// Nothing stands out from the background and its noise.
    NoPeak,
    /// The segment ends before the peak does.
    PeakAtEdge,
    /// The segment begins so near to the wave that there is nothing to extrapolate from.
    NoBaseline,
    /// The numbers are so large that computing with them overflows.
    NotComputable,
    /// Some points are not finite; the others were analysed.
    NonFinitePoints,
    /// Single points that stand far out were left out.
    OutliersIgnored,
    /// The background bends so much that a straight baseline is not tangent to it.
    CurvedBackground,
    /// The baseline is extrapolated over more than twice the stretch that it comes from.
    ShortBaseline,
    /// The peak is narrower than half of what four electrons give, or shown by fewer than four points.
    NarrowPeak,
    /// The peak is there, but less than five times its noise.
    NoisyPeak,
    /// The cycle numbers that came with the sweep do not have one number for each point; cycles were counted instead.
    CyclesCounted,
    /// The scan rate is not known, so that there is no charge.
    NoScanRate,
    /// The electrode's area is not known, so that there is no surface coverage.
    NoElectrodeArea,
    /// One segment alone does not say which sign of current is anodic.
    ConventionUnknown,
    /// A segment of the pair has no peak.
    PeakMissing,
    /// The two segments of the pair have no potentials in common.
    NoOverlap,
    /// The probe's potential lies outside the segment.
    ProbeOutside,
    /// (compatible method) The scan rate is not known; 0.1 V/s was assumed.
    ScanRateAssumed,
}

impl CvReason {
    /// Every reason, for documentation and tests.
    pub const ALL: [Self; 25] = [
        Self::NoPoints,
        Self::NoFinitePoints,
        Self::NoSweep,
        Self::NoSuchSegment,
        Self::NoPointsInRange,
        Self::TooFewPoints,
        Self::FlatTrace,
        Self::NoPeak,
        Self::PeakAtEdge,
        Self::NoBaseline,
        Self::NotComputable,
        Self::NonFinitePoints,
        Self::OutliersIgnored,
        Self::CurvedBackground,
        Self::ShortBaseline,
        Self::NarrowPeak,
        Self::NoisyPeak,
        Self::CyclesCounted,
        Self::NoScanRate,
        Self::NoElectrodeArea,
        Self::ConventionUnknown,
        Self::PeakMissing,
        Self::NoOverlap,
        Self::ProbeOutside,
        Self::ScanRateAssumed,
    ];

    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoPoints => "no_points",
            Self::NoFinitePoints => "no_finite_points",
            Self::NoSweep => "no_sweep",
            Self::NoSuchSegment => "no_such_segment",
            Self::NoPointsInRange => "no_points_in_range",
            Self::TooFewPoints => "too_few_points",
            Self::FlatTrace => "flat_trace",
            Self::NoPeak => "no_peak",
            Self::PeakAtEdge => "peak_at_edge",
            Self::NoBaseline => "no_baseline",
            Self::NotComputable => "not_computable",
            Self::NonFinitePoints => "non_finite_points",
            Self::OutliersIgnored => "outliers_ignored",
            Self::CurvedBackground => "curved_background",
            Self::ShortBaseline => "short_baseline",
            Self::NarrowPeak => "narrow_peak",
            Self::NoisyPeak => "noisy_peak",
            Self::CyclesCounted => "cycles_counted",
            Self::NoScanRate => "no_scan_rate",
            Self::NoElectrodeArea => "no_electrode_area",
            Self::ConventionUnknown => "convention_unknown",
            Self::PeakMissing => "peak_missing",
            Self::NoOverlap => "no_overlap",
            Self::ProbeOutside => "probe_outside",
            Self::ScanRateAssumed => "scan_rate_assumed",
        }
    }

    /// A sentence for people.
    pub fn message(self) -> &'static str {
        match self {
            Self::NoPoints => "The voltammogram contains no points.",
            Self::NoFinitePoints => "No point of the voltammogram has a usable number.",
            Self::NoSweep => "The potential does not sweep from one value to another.",
            Self::NoSuchSegment => "The voltammogram does not have the segment that was chosen.",
            Self::NoPointsInRange => "The segment has no points in the chosen potential range.",
            Self::TooFewPoints => "The segment has too few points to find a peak.",
            Self::FlatTrace => "The current does not change along the segment.",
            Self::NoPeak => "No peak stands out from the background and its noise.",
            Self::PeakAtEdge => "A peak begins, but the segment or the chosen range ends before the peak does.",
            Self::NoBaseline => "The segment begins so near to the wave that there is no baseline to extrapolate.",
            Self::NotComputable => "The numbers of the voltammogram are too large to compute with.",
            Self::NonFinitePoints => "Some points are not numbers; the result is from the others.",
            Self::OutliersIgnored => "Single points that stand far out were left out of the analysis.",
            Self::CurvedBackground => {
                "The background bends under the peak, so that a straight baseline describes it poorly."
            }
            Self::ShortBaseline => "The baseline is extrapolated far beyond the short stretch that it comes from.",
            Self::NarrowPeak => "The peak is narrower than a couple makes it, or shown by fewer than four points.",
            Self::NoisyPeak => "The peak is less than five times its noise.",
            Self::CyclesCounted => "The file's cycle numbers do not fit its points; cycles were counted instead.",
            Self::NoScanRate => "The scan rate is not known, so that there is no charge.",
            Self::NoElectrodeArea => "The electrode's area is not known, so that there is no surface coverage.",
            Self::ConventionUnknown => "One sweep alone does not say which sign of current is anodic.",
            Self::PeakMissing => "Only one of the two sweeps has a peak.",
            Self::NoOverlap => "The two sweeps have no potentials in common.",
            Self::ProbeOutside => "The probe's potential lies outside the sweep.",
            Self::ScanRateAssumed => "The scan rate is not known; 0.1 V/s was assumed, as the earlier program does.",
        }
    }

    /// What the user can do next.
    pub fn hint(self) -> &'static str {
        match self {
            Self::NoPoints | Self::NoFinitePoints => "Open the file and check that it contains a measurement.",
            Self::NoSweep => "Check which column is the potential, and that the file is a cyclic voltammogram.",
            Self::NoSuchSegment => "Choose one of the segments of the preview, or leave it automatic.",
            Self::NoPointsInRange => "Check the potential range and its unit.",
            Self::TooFewPoints => "Record the voltammogram with smaller steps.",
            Self::FlatTrace => "Check the electrode's connection and the current range of the instrument.",
            Self::NoPeak => "Look at the segment; choose a potential range, a polarity or the other mass transport.",
            Self::PeakAtEdge => "Widen the potential range, or record a wider window.",
            Self::NoBaseline | Self::ShortBaseline => "Start the sweep further from the wave, or widen the range.",
            Self::NotComputable => "Check the columns and units of the file.",
            Self::NonFinitePoints => "Look for overflow of the instrument's current range.",
            Self::OutliersIgnored => "Look at the sweep; check the connection if this happens often.",
            Self::CurvedBackground => "Choose a narrower potential range around the peak.",
            Self::NarrowPeak => "Look at the sweep: it may be bad points; else record it with smaller steps.",
            Self::NoisyPeak => "Average several scans, or use a higher scan rate.",
            Self::CyclesCounted => "Check the file's cycle column.",
            Self::NoScanRate | Self::ScanRateAssumed => "Enter the scan rate in V/s.",
            Self::NoElectrodeArea => "Enter the electrode's area.",
            Self::ConventionUnknown => "Choose the sign convention in the settings.",
            Self::PeakMissing => "Choose the two segments that show the couple, or widen the potential window.",
            Self::NoOverlap => "Choose two segments that pass the same potentials.",
            Self::ProbeOutside => "Choose a potential that both sweeps pass.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_snake_case_and_messages_are_sentences() {
        let mut codes: Vec<&str> = CvReason::ALL.iter().map(|reason| reason.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), CvReason::ALL.len());
        for reason in CvReason::ALL {
            assert!(
                reason.code().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
                "{}",
                reason.code()
            );
            assert!(reason.message().ends_with('.') && reason.hint().ends_with('.'));
        }
    }
}
