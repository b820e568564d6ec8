//! What an SWV analysis gives back.

use super::reason::SwvReason;
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
    /// Degree of the polynomial that is, or describes, the background, in methods that have one.
    pub background_degree: Option<usize>,
}

/// One peak of a fitted sum, with the standard errors of its numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FittedPeak {
    /// Signed height above the fitted background (A).
    pub peak_current_a: f64,
    /// Standard error of the height (A).
    pub peak_current_error_a: f64,
    /// Potential of the summit (V).
    pub peak_potential_v: f64,
    /// Standard error of the potential (V).
    pub peak_potential_error_v: f64,
    /// Width at half height (V).
    pub fwhm_v: f64,
    /// Standard error of the width (V).
    pub fwhm_error_v: f64,
    /// Signed area of the whole peak (V·A).
    pub area_va: f64,
    /// Standard error of the area (V·A).
    pub area_error_va: f64,
    /// Fitted background at the summit (A).
    pub baseline_current_a: f64,
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
    /// The peaks of a method that fits them, in ascending potential: the same place for the same redox reporter from scan to
    /// scan. Both `None` in other methods. The fields above are those of the higher one; see [`Self::of_peak`].
    pub fitted: [Option<FittedPeak>; 2],
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
            fitted: [None; 2],
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

    /// How many peaks were fitted: 0 in methods that fit none.
    pub fn fitted_peaks(&self) -> usize {
        self.fitted.iter().flatten().count()
    }

    /// The same analysis with the numbers of one fitted peak, counted from 0 in ascending potential; `None` where there is no
    /// such peak. With two redox reporters in one sweep these are their two results.
    pub fn of_peak(&self, at: usize) -> Option<Self> {
        let peak = self.fitted.get(at).copied().flatten()?;
        let noise_a = self
            .peak_current_a
            .zip(self.snr)
            .map(|(height, snr)| height.abs() / snr);
        Some(Self {
            peak_current_a: Some(peak.peak_current_a),
            peak_potential_v: Some(peak.peak_potential_v),
            baseline_current_a: Some(peak.baseline_current_a),
            area_va: Some(peak.area_va),
            fwhm_v: Some(peak.fwhm_v),
            snr: noise_a
                .map(|noise| peak.peak_current_a.abs() / noise)
                .filter(|snr| snr.is_finite()),
            ..*self
        })
    }

    /// The quantity that stands for the peak in trends: height (A) or area (V·A).
    pub fn value(&self, quantity: Quantity) -> Option<f64> {
        match quantity {
            Quantity::Height => self.peak_current_a,
            Quantity::Area => self.area_va,
        }
    }
}

/// What is needed to draw an analysis. All arrays that are not empty are in ascending potential and equally long; all are
/// empty where nothing could be analysed.
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
    /// What the method fitted to the sweep as a whole (A): background and peaks, or the polynomial of the desktop original.
    /// Empty in methods that fit no such curve, and where no peak was found.
    pub fit_a: Vec<f64>,
    /// Each fitted peak on the baseline (A), in ascending potential of the peaks.
    pub peaks_a: Vec<Vec<f64>>,
    /// Left end of the baseline: potential (V) and current (A).
    pub baseline_left: Option<(f64, f64)>,
    /// Right end of the baseline: potential (V) and current (A).
    pub baseline_right: Option<(f64, f64)>,
}
