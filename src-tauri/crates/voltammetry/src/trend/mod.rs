//! Trends over a series: normalisation, ratio, KDM, correction of the low frequency, drift correction, replicate groups,
//! outlier flags and the time axis.
//!
//! The reference values, and the drift correction, are given apart from the points, so that the newest part of a long series can be
//! computed without the rest: the cost is that of the points given.

mod baseline;
mod drift;
mod outliers;
mod point;
mod reference;
mod replicates;
mod times;

pub use baseline::{Baseline, BaselineCurve, BaselineModel, BaselineReason, SeriesPoint};
pub use drift::{DriftCorrection, DriftMode, DriftReason};
pub use outliers::{OutlierFlag, OutlierSettings, outlier_flags};
pub use point::{
    Kdm, MissingReference, Reference, TrendInput, TrendPoint, TrendReason, TrendSettings, elapsed_s, trend_point,
    trends,
};
pub use reference::{Normalization, ReferenceReason, SeriesReference, series_reference};
pub use replicates::{Remainder, ReplicateGroup, ReplicateValue, replicate_groups};
pub use times::{ScanTime, SeriesTimes, TimeReason, TimeSource, series_times};
