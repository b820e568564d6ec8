//! The section `[trend]`.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::validation::{SettingsError, number};

choice!(
    /// Horizontal axis of trends.
    TrendX {
        /// File number.
        Index = "index",
        /// Time.
        Time = "time",
    }
);

choice!(
    /// Where the times of a series come from. One series has one source.
    TrendTimes {
        /// The files, where every one states its time; else when they were modified; else the sampling interval.
        Auto = "auto",
        /// What the files state.
        File = "file",
        /// When the files were last modified.
        Modified = "modified",
        /// Index times sampling interval.
        Interval = "interval",
    }
);

choice!(
    /// Kinetic differential measurement.
    Kdm {
        /// High minus low.
        Difference = "difference",
        /// The difference over the average of both.
        DifferenceOverAverage = "difference_over_average",
    }
);

choice!(
    /// What the values of a series are divided by.
    TrendNormalization {
        /// The value at one index.
        Point = "point",
        /// The mean of a range of indices.
        Mean = "mean",
        /// A baseline fitted over a range of indices, each value by the baseline at its own place.
        Baseline = "baseline",
    }
);

choice!(
    /// Shape of a fitted baseline.
    DriftModel {
        /// A line.
        Linear = "linear",
        /// An exponential that dies away, and a constant.
        Exponential = "exponential",
        /// Both.
        Both = "both",
    }
);

choice!(
    /// Drift correction.
    DriftCorrection {
        /// None.
        Off = "off",
        /// By a line.
        Linear = "linear",
        /// By an exponential and a constant.
        Exponential = "exponential",
        /// By an exponential and a line.
        Both = "both",
    }
);

choice!(
    /// How the baseline is taken out of the response.
    DriftMode {
        /// KDM by difference, everything else by division.
        Auto = "auto",
        /// Divided by the baseline's course.
        Divide = "divide",
        /// The baseline's change subtracted.
        Subtract = "subtract",
    }
);

choice!(
    /// The number of a trend that drift correction, calibration and outlier flags are about.
    TrendResponse {
        /// KDM with two frequencies, else the normalised value.
        Auto = "auto",
        /// KDM.
        Kdm = "kdm",
        /// High over low.
        Ratio = "ratio",
        /// Low frequency, normalised.
        NormalizedLow = "normalized_low",
        /// High frequency, normalised.
        NormalizedHigh = "normalized_high",
    }
);

/// Trends over the series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct TrendSettings {
    /// Horizontal axis.
    pub x: TrendX,
    /// Where times come from.
    pub times: TrendTimes,
    /// Seconds from one index to the next, where files carry no time.
    pub sampling_interval_s: f64,
    /// Index of the reference; -1 = no normalisation at all.
    pub normalize_to: i32,
    /// What values are divided by.
    pub normalization: TrendNormalization,
    /// `[first, last]` index for `mean` and `baseline`.
    pub normalize_range: Vec<u32>,
    /// Shape of the baseline that values are divided by.
    pub normalize_baseline: DriftModel,
    /// Definition of KDM.
    pub kdm: Kdm,
    /// High frequency, Hz; 0 = highest.
    pub high_frequency_hz: f64,
    /// Low frequency, Hz; 0 = lowest.
    pub low_frequency_hz: f64,
    /// Added to the normalised low frequency.
    pub low_offset: f64,
    /// Times index, added to the normalised low frequency.
    pub low_slope: f64,
    /// Replicates in a group; 1 = no grouping.
    pub replicates: u32,
    /// Which of two fitted peaks, in ascending potential.
    pub peak: u32,
    /// What drift correction, calibration and outlier flags are about.
    pub response: TrendResponse,
    /// Drift correction.
    pub drift: DriftCorrection,
    /// `[first, last]` index over which the drift is fitted.
    pub drift_range: Vec<u32>,
    /// How drift is taken out.
    pub drift_mode: DriftMode,
    /// Whether numbers that stand out are flagged.
    pub outliers: bool,
    /// Numbers in the window of an outlier flag.
    pub outlier_window: u32,
    /// Times the scaled median absolute deviation.
    pub outlier_threshold: f64,
}

impl Default for TrendSettings {
    fn default() -> Self {
        Self {
            x: TrendX::Index,
            times: TrendTimes::Auto,
            sampling_interval_s: 20.0,
            normalize_to: 1,
            normalization: TrendNormalization::Point,
            normalize_range: Vec::new(),
            normalize_baseline: DriftModel::Linear,
            kdm: Kdm::Difference,
            high_frequency_hz: 0.0,
            low_frequency_hz: 0.0,
            low_offset: 0.0,
            low_slope: 0.0,
            replicates: 1,
            peak: 1,
            response: TrendResponse::Auto,
            drift: DriftCorrection::Off,
            drift_range: Vec::new(),
            drift_mode: DriftMode::Auto,
            outliers: true,
            outlier_window: 11,
            outlier_threshold: 4.0,
        }
    }
}

impl TrendSettings {
    /// Checks what the types cannot.
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let interval = self.sampling_interval_s;
        number(
            "trend.sampling_interval_s",
            "above 0",
            interval,
            interval > 0.0 && interval.is_finite(),
        )?;
        number(
            "trend.normalize_to",
            "-1 (off) or an index",
            f64::from(self.normalize_to),
            self.normalize_to >= -1,
        )?;
        for (key, value) in [
            ("trend.high_frequency_hz", self.high_frequency_hz),
            ("trend.low_frequency_hz", self.low_frequency_hz),
        ] {
            number(key, "0 (automatic) or above", value, value >= 0.0 && value.is_finite())?;
        }
        for (key, value) in [
            ("trend.low_offset", self.low_offset),
            ("trend.low_slope", self.low_slope),
        ] {
            number(key, "a finite number", value, value.is_finite())?;
        }
        number(
            "trend.peak",
            "1 or 2",
            f64::from(self.peak),
            (1..=2).contains(&self.peak),
        )?;
        number(
            "trend.replicates",
            "from 1 to 1000",
            f64::from(self.replicates),
            (1..=1000).contains(&self.replicates),
        )?;
        index_range(
            "trend.normalize_range",
            &self.normalize_range,
            self.normalization != TrendNormalization::Point && self.normalize_to >= 0,
            "normalization is \"mean\" or \"baseline\"",
        )?;
        index_range(
            "trend.drift_range",
            &self.drift_range,
            self.drift != DriftCorrection::Off,
            "drift is not \"off\"",
        )?;
        number(
            "trend.outlier_window",
            "from 5 to 1001",
            f64::from(self.outlier_window),
            (5..=1001).contains(&self.outlier_window),
        )?;
        number(
            "trend.outlier_threshold",
            "above 0 and at most 100",
            self.outlier_threshold,
            self.outlier_threshold > 0.0 && self.outlier_threshold <= 100.0,
        )
    }
}

/// A range of indices: nothing where it is not needed, else `[first, last]`.
fn index_range(key: &'static str, range: &[u32], needed: bool, when: &'static str) -> Result<(), SettingsError> {
    match range {
        [first, last] if first <= last => Ok(()),
        [] if !needed => Ok(()),
        [] => Err(SettingsError::IndexRangeNeeded { key, when }),
        _ => Err(SettingsError::IndexRange { key }),
    }
}
