//! From the bytes of a file to measurements: the same path for live intake, recomputation, previews and the command line.

mod curves;
mod marked;
mod measuring;
mod naming;
mod pulses;
mod reading;
mod rules;
mod selection;
mod trends;

pub use curves::{CurvesOf, curves_of};
pub use marked::{MARKED_IN_EARLIER_CONTENT, Unmarkable, at_marks, doubt_earlier_content};
pub use measuring::failed as failed_measurement;
pub use naming::{Unused, left_out_by_name, not_read};
pub use pulses::{PulseFile, measured_together};
pub use reading::{FileFacts, Reading, ScanFile, read_and_measure, stopped_early};
pub(crate) use reading::{STOPPED_EARLY, TEMPORARY};
pub use rules::{Rules, RulesError};
pub use trends::{
    Around, AtHand, Curves, Fitted, KnownTimes, MeanConcentration, Pair, Series, Spread, TREND_COLUMNS, TREND_FIELDS,
    TimeAxis, TrendRow, as_given, first_of_group, kept_curve, mean_concentrations, measured_response, trend_rows,
};
