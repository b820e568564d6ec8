//! Trends over a series: normalisation, ratio, KDM, correction of the low frequency, replicate groups.
//!
//! The reference values are given apart from the points, so that the newest part of a long series can be computed
//! without the rest: the cost is that of the points given.

mod point;
mod replicates;

pub use point::{
    Kdm, MissingReference, Reference, TrendInput, TrendPoint, TrendReason, TrendSettings, elapsed_s, trends,
};
pub use replicates::{Remainder, ReplicateGroup, ReplicateValue, replicate_groups};
