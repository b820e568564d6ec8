//! A plain table with a header that states quantities, electrodes and units.

use super::file::{ScanFile, potential_decimals};
use std::fmt::Write;

/// `Potential (V),Current E1 (A),Current E2 (A),...`, then one row per point: the difference current of each electrode
/// with seven significant digits.
pub(super) fn text(file: &ScanFile<'_>) -> String {
    let decimals = potential_decimals(file.settings);
    let mut text = String::with_capacity((file.points() + 1) * (10 + 16 * file.scans.len()));
    text.push_str("Potential (V)");
    for scan in &file.scans {
        // Writing into a String cannot fail.
        let _ = write!(text, ",Current E{} (A)", scan.electrode);
    }
    text.push('\n');
    for k in 0..file.points() {
        let _ = write!(text, "{:.decimals$}", file.scans[0].potential_v[k]);
        for scan in &file.scans {
            let _ = write!(text, ",{:.6e}", scan.difference_a[k]);
        }
        text.push('\n');
    }
    text
}
