//! Filters over evenly sampled values: the Hampel outlier filter and Savitzky-Golay smoothing.
//!
//! Both work over the sample index, not over potential: on sweeps with even steps that is the same thing.

mod hampel;
mod savitzky_golay;

pub use hampel::{HAMPEL_MINIMUM_DEVIATION, hampel, hampel_with_floor};
pub use savitzky_golay::{SmoothingError, savitzky_golay};

pub(crate) use savitzky_golay::savitzky_golay_into;
