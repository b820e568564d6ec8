//! Sizes of texts, lines and gaps at the size of print.

use crate::canvas::PT;

/// Size of the names of axes, mm.
pub(super) const NAME: f64 = 8.0 * PT;
/// Size of numbers at ticks, legends and events, mm.
pub(super) const SMALL: f64 = 7.0 * PT;
/// Size of the title, mm.
pub(super) const TITLE: f64 = 9.0 * PT;

/// Frame and ticks, mm.
pub(super) const FRAME_LINE: f64 = 0.6 * PT;
/// What stands behind, mm.
pub(super) const THIN_LINE: f64 = 0.5 * PT;
/// Results, mm.
pub(super) const STRONG_LINE: f64 = 0.9 * PT;
/// Radius of a point, mm.
pub(super) const POINT: f64 = 0.62;
/// Radius of the dot of a line's single point, mm.
pub(super) const DOT: f64 = 0.35;

/// Edge of the page, mm.
pub(super) const EDGE: f64 = 1.0;
/// Length of a tick and of a small one, mm.
pub(super) const TICK: f64 = 1.0;
pub(super) const SMALL_TICK: f64 = 0.6;
/// Between a tick and its number, mm.
pub(super) const TICK_GAP: f64 = 0.7;
/// Between numbers and the name of the axis, mm.
pub(super) const NAME_GAP: f64 = 1.3;
/// Between panels, mm.
pub(super) const PANEL_GAP: f64 = 2.5;
/// Between columns of panels, mm.
pub(super) const COLUMN_GAP: f64 = 4.0;
/// Height of a line of text in its size.
pub(super) const LINE_HEIGHT: f64 = 1.25;
/// Width of a column over which a line is thinned, mm: less than half of a line's width.
pub(super) const THINNING: f64 = 0.1;

/// Height of the plots of a column of this width, mm.
pub(super) fn plot_height(width_mm: f64) -> f64 {
    if width_mm <= 85.0 {
        width_mm * 0.6
    } else {
        51.0 + (width_mm - 85.0) * 0.33
    }
}
