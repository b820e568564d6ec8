//! The tables of the original SACMES, so that scripts made for it go on working (`docs/exports.md`).
//!
//! Names, order, units and separators are those of its own exports. What was wrong with them is not repeated: electrodes
//! keep their numbers, every file has its row, the correction of the low frequency is the same in all columns, and a number
//! that is missing is `nan`, not that of the file before.

mod ca;
mod cv;
mod frequency_map;
mod series;
mod table;

use std::io::Write;

use protocol::measurement::Measurement;
use protocol::settings::{Settings, Technique};

/// Writes the table of the settings' technique.
///
/// # Errors
/// What the destination reports.
pub fn write(to: &mut impl Write, settings: &Settings, measurements: &[Measurement]) -> std::io::Result<()> {
    let table = match settings.technique {
        Technique::Ca => ca::table(measurements),
        Technique::FrequencyMap => frequency_map::table(settings, measurements),
        Technique::Cv => cv::table(settings, measurements),
        Technique::Swv => series::table(settings, measurements),
    };
    table.write(to)
}
