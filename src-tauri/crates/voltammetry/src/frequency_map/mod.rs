//! Frequency maps: what one or several electrodes give at each square wave frequency, how two maps differ, and which pair
//! of frequencies suits KDM.
//!
//! ```
//! use voltammetry::frequency_map::{FrequencyMap, MapInput, PairSettings, compare, propose_pair};
//!
//! let input = |frequency_hz, current_a| MapInput {
//!     electrode: Some(1),
//!     frequency_hz: Some(frequency_hz),
//!     peak_current_a: Some(current_a),
//!     peak_potential_v: None,
//! };
//! let without = FrequencyMap::new(&[input(10.0, 1e-6), input(200.0, 5e-6)]);
//! let with = FrequencyMap::new(&[input(10.0, 0.8e-6), input(200.0, 6e-6)]);
//! let pair = propose_pair(&compare(&without, &with), &PairSettings::default()).unwrap();
//! assert_eq!((pair.signal_on_hz, pair.signal_off_hz), (200.0, 10.0));
//! assert!((pair.difference.mean.unwrap() - 40.0).abs() < 1e-9);
//! ```

mod comparison;
mod map;
mod pair;

pub use comparison::{Change, ChangeAverage, ChangeReason, MapComparison, compare, compare_all};
pub use map::{CellReason, FrequencyMap, LeftOut, MapAverage, MapCell, MapInput, is_same_frequency};
pub use pair::{KdmPair, PairReason, PairSettings, propose_pair};
