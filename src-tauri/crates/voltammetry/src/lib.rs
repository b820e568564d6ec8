//! Numerics for voltammetry: smoothing, baselines, peaks, square wave and cyclic voltammetry, and trends.
//!
//! Everything here is pure: slices in, results out. There is no input or output, no clock, no logging, no global state,
//! and units stand in the names (`potential_v`, `current_a`). A quantity that could not be found is `None` with a
//! reason, never 0 and never NaN.

pub mod ca;
pub mod calibration;
pub mod cv;
pub mod fitting;
pub mod frequency_map;
mod polynomial;
pub mod smoothing;
pub mod statistics;
mod sums;
pub mod sweep;
pub mod swv;
pub mod transient;
pub mod trend;

pub use sweep::{Sweep, SweepError};
pub use transient::{Transient, TransientError};
