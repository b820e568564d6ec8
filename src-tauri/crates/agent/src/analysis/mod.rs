//! From the bytes of a file to measurements: the same path for live intake, recomputation, previews and the command line.

mod curves;
mod measure;
mod rules;
mod trends;

pub use curves::{SweepCurves, curves_of};
pub(crate) use measure::TEMPORARY;
pub use measure::failed as failed_measurement;
pub use measure::{FileFacts, Reading, ScanFile, Unused, not_read, read_and_measure};
pub use rules::{Rules, RulesError};
pub use trends::{TREND_COLUMNS, TrendRow, trend_rows};
