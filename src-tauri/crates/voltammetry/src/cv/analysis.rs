//! What a CV analysis gives back.

use crate::swv::{EffectiveFilters, Polarity, Quality};

use super::convention::{PeakKind, SignConvention};
use super::hysteresis::Hysteresis;
use super::reason::CvReason;
use super::segments::{CvDirection, PotentialSweep, Segment};

/// Whether a voltammogram or a segment could be used.
pub use crate::swv::SwvStatus as CvStatus;

/// Current at a potential that was asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CvProbe {
    /// The potential asked for (V).
    pub potential_v: f64,
    /// Current there as recorded (A), on the line between the neighbouring points; `None` where the segment does not pass
    /// the potential ([`CvReason::ProbeOutside`]).
    pub current_a: Option<f64>,
}

/// The peak of one segment. A quantity that could not be found is `None`; `reason` says why there is no peak, and
/// [`CvAnalysis::reasons`] why there is no charge or coverage.
#[derive(Debug, Clone, PartialEq)]
pub struct CvSegmentResult {
    /// Number of the segment, from 1.
    pub segment: u32,
    /// Cycle it belongs to.
    pub cycle: u32,
    /// Forward or reverse: as the user chose, else relative to the first segment.
    pub direction: CvDirection,
    /// Whether the potential rises or falls.
    pub sweep: PotentialSweep,
    /// Whether the segment could be used.
    pub status: CvStatus,
    /// Why there is no peak, or what the reservation is; `None` when the status is `Ok`.
    pub reason: Option<CvReason>,
    /// Anodic or cathodic, where there is a peak and the convention is known.
    pub kind: Option<PeakKind>,
    /// Direction of the peak in the file's sign of current.
    pub polarity: Option<Polarity>,
    /// Signed height above the baseline (A).
    pub peak_current_a: Option<f64>,
    /// Potential of the peak (V).
    pub peak_potential_v: Option<f64>,
    /// Baseline under the peak (A).
    pub baseline_current_a: Option<f64>,
    /// Potential at which the current reaches half of the height before the peak (V). In the compatible method the
    /// middle of the width.
    pub half_peak_potential_v: Option<f64>,
    /// Width at half height (V).
    pub peak_width_v: Option<f64>,
    /// Integral of the current above the baseline over potential (V·A), signed like the height.
    pub area_va: Option<f64>,
    /// The same over time (C): area / scan rate.
    pub charge_c: Option<f64>,
    /// Surface coverage (mol/m²): |charge| / (n F A), for surface-bound couples of known electrode area.
    pub surface_coverage_mol_m2: Option<f64>,
    /// Height over the standard deviation of the noise.
    pub snr: Option<f64>,
    /// How far the peak can be trusted.
    pub quality: Quality,
    /// The currents at the probe potentials, in the order of the settings.
    pub probes: Vec<CvProbe>,
    /// The filter windows that were used.
    pub filters: EffectiveFilters,
    /// Number of points that were analysed, after range, merging and removal of values that are not finite.
    pub points: usize,
    /// Points left out as bad: not finite, spikes, transients.
    pub ignored_points: usize,
}

/// A forward and a reverse sweep that belong together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CvPair {
    /// Number of the forward segment.
    pub forward_segment: u32,
    /// Number of the reverse segment.
    pub reverse_segment: u32,
    /// Cycle of the reverse segment.
    pub cycle: u32,
    /// Why there is no separation; `None` if there is one.
    pub reason: Option<CvReason>,
    /// Distance of the two peak potentials (V), not negative.
    pub peak_separation_v: Option<f64>,
    /// Mean of the two peak potentials (V).
    pub half_wave_potential_v: Option<f64>,
    /// |anodic / cathodic peak current|; where the convention is not known, |forward / reverse|.
    pub peak_ratio: Option<f64>,
    /// |reverse / forward peak current| by Nicholson's formula, from currents above the forward baseline, for solution-phase
    /// couples: |ir/if| + 0.485 |is/if| + 0.086, is being the current at the turn. 1 for a stable product.
    pub nicholson_ratio: Option<f64>,
    /// Forward minus reverse sweep over their common potentials; `None` where they have none.
    pub hysteresis: Option<Hysteresis>,
}

/// Result of a CV analysis.
#[derive(Debug, Clone, PartialEq)]
pub struct CvAnalysis {
    /// Whether the voltammogram could be used at all; the status of each segment is its own.
    pub status: CvStatus,
    /// Why it could not be used.
    pub reason: Option<CvReason>,
    /// What holds for the whole voltammogram, such as a scan rate that is not known. Not a failure.
    pub reasons: Vec<CvReason>,
    /// Which sign of current is anodic, as set or found.
    pub convention: Option<SignConvention>,
    /// All segments of the voltammogram.
    pub segments: Vec<Segment>,
    /// One result for each analysed segment, in the order of time; the chosen forward segment comes before the reverse one.
    pub results: Vec<CvSegmentResult>,
    /// Pairs of a forward and a reverse sweep.
    pub pairs: Vec<CvPair>,
}

impl CvAnalysis {
    /// A voltammogram that could not be used.
    pub(super) fn failed(reason: CvReason, segments: Vec<Segment>) -> Self {
        Self {
            status: CvStatus::Failed,
            reason: Some(reason),
            reasons: Vec::new(),
            convention: None,
            segments,
            results: Vec::new(),
            pairs: Vec::new(),
        }
    }

    /// The pair that a segment belongs to.
    pub fn pair_of(&self, segment: u32) -> Option<&CvPair> {
        self.pairs
            .iter()
            .find(|pair| pair.forward_segment == segment || pair.reverse_segment == segment)
    }

    /// The result of a segment, if it was analysed.
    pub fn result_of(&self, segment: u32) -> Option<&CvSegmentResult> {
        self.results.iter().find(|result| result.segment == segment)
    }
}

impl CvSegmentResult {
    /// A segment without a peak.
    pub(super) fn without_peak(segment: &Segment, direction: CvDirection, reason: CvReason) -> Self {
        Self {
            segment: segment.number,
            cycle: segment.cycle,
            direction,
            sweep: segment.sweep,
            status: CvStatus::Warning,
            reason: Some(reason),
            kind: None,
            polarity: None,
            peak_current_a: None,
            peak_potential_v: None,
            baseline_current_a: None,
            half_peak_potential_v: None,
            peak_width_v: None,
            area_va: None,
            charge_c: None,
            surface_coverage_mol_m2: None,
            snr: None,
            quality: Quality::Fail,
            probes: Vec::new(),
            filters: EffectiveFilters::default(),
            points: 0,
            ignored_points: 0,
        }
    }

    /// A segment that could not be used.
    pub(super) fn failed(segment: &Segment, direction: CvDirection, reason: CvReason) -> Self {
        Self {
            status: CvStatus::Failed,
            ..Self::without_peak(segment, direction, reason)
        }
    }

    /// The same, or a failure without any number if one of them overflowed.
    pub(super) fn finite(self) -> Self {
        let numbers = [
            self.peak_current_a,
            self.peak_potential_v,
            self.baseline_current_a,
            self.half_peak_potential_v,
            self.peak_width_v,
            self.area_va,
            self.charge_c,
            self.surface_coverage_mol_m2,
            self.snr,
        ];
        if numbers.into_iter().flatten().all(f64::is_finite) {
            return self;
        }
        Self {
            status: CvStatus::Failed,
            reason: Some(CvReason::NotComputable),
            kind: None,
            polarity: None,
            peak_current_a: None,
            peak_potential_v: None,
            baseline_current_a: None,
            half_peak_potential_v: None,
            peak_width_v: None,
            area_va: None,
            charge_c: None,
            surface_coverage_mol_m2: None,
            snr: None,
            quality: Quality::Fail,
            ..self
        }
    }
}

/// What is needed to draw one analysed segment. All arrays are in the order of the sweep and equally long, unless empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CvCurves {
    /// Number of the segment.
    pub segment: u32,
    /// Potential (V).
    pub potential_v: Vec<f64>,
    /// Current as recorded (A), within the range; repeated potentials averaged where the method averages them.
    pub raw_a: Vec<f64>,
    /// Current after the filters (A).
    pub smoothed_a: Vec<f64>,
    /// Baseline (A); empty where no peak was found.
    pub baseline_a: Vec<f64>,
    /// Stretch of potentials (V) that the baseline comes from, one for each side on which it touches, in the order of
    /// the sweep.
    pub baseline_from_v: Vec<(f64, f64)>,
}
