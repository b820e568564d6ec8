//! The frame of a panel: the range of its axes, and where numbers stand on the page.

use crate::panel::{Axis, Panel, Point, Scale};
use crate::quantity::{Shown, Unit};

/// A rectangle on the page, mm.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Rect {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Rect {
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub fn grown(&self, by: f64) -> Self {
        Self {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }
}

/// Range of an axis in the data, and how its numbers are shown.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Range {
    pub low: f64,
    pub high: f64,
    pub scale: Scale,
    pub reversed: bool,
    pub shown: Shown,
}

impl Range {
    /// The range of all these numbers with room at both ends.
    pub fn of(axis: &Axis, numbers: impl Iterator<Item = f64>, room: f64) -> Option<Self> {
        let usable = |v: &f64| {
            let is_in_view = axis.view.is_none_or(|(low, high)| (low..=high).contains(v));
            v.is_finite() && (axis.scale == Scale::Linear || *v > 0.0) && is_in_view
        };
        let (low, high) = numbers
            .filter(usable)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        if low > high {
            return None;
        }
        let (low, high) = match axis.scale {
            Scale::Linear => {
                let span = high - low;
                // Equal numbers, or numbers equal but for the last digits, get a range around them.
                if span > 1e-9 * high.abs().max(low.abs()) {
                    (low - room * span, high + room * span)
                } else if high == 0.0 || axis.whole {
                    (low - 1.0, high + 1.0)
                } else {
                    (low - 0.1 * low.abs(), high + 0.1 * high.abs())
                }
            }
            Scale::Log => {
                let decades = (high / low).log10();
                let factor = 10_f64.powf(if decades > 1e-6 { room * decades } else { 0.3 });
                (low / factor, high * factor)
            }
        };
        let typical = axis.typical.unwrap_or_else(|| match axis.scale {
            Scale::Linear => low.abs().max(high.abs()),
            Scale::Log => (low.ln().midpoint(high.ln())).exp(),
        });
        Some(Self {
            low,
            high,
            scale: axis.scale,
            reversed: axis.reversed,
            shown: axis.quantity.unit.shown(typical),
        })
    }

    /// Share of the axis at which a number stands, 0 at its low end on the page.
    pub fn share(&self, value: f64) -> f64 {
        let share = match self.scale {
            Scale::Linear => (value - self.low) / (self.high - self.low),
            Scale::Log => (value / self.low).ln() / (self.high / self.low).ln(),
        };
        if self.reversed { 1.0 - share } else { share }
    }
}

/// Name of an axis with its unit.
pub(super) fn name_of(axis: &Axis, range: &Range) -> String {
    if range.shown.unit.is_empty() || axis.quantity.unit == Unit::None {
        axis.quantity.name.clone()
    } else {
        format!("{} ({})", axis.quantity.name, range.shown.unit)
    }
}

/// The ranges of a panel.
pub(super) fn ranges(panel: &Panel) -> Option<(Range, Range)> {
    let x = Range::of(&panel.x, panel.extent().filter_map(|(x, _)| x), 0.025)?;
    let y = Range::of(&panel.y, panel.extent().filter_map(|(_, y)| y), 0.06)?;
    Some((x, y))
}

/// From the data to the page.
#[derive(Debug, Clone)]
pub(super) struct Map {
    pub frame: Rect,
    pub x: Range,
    pub y: Range,
}

impl Map {
    /// x on the page, kept inside the frame.
    pub fn x(&self, value: f64) -> f64 {
        self.frame.left + self.x.share(value).clamp(0.0, 1.0) * self.frame.width()
    }

    /// y on the page, kept inside the frame; what a logarithm cannot show stands at the bottom.
    pub fn y(&self, value: f64) -> f64 {
        let share = if self.y.scale == Scale::Log && value <= 0.0 {
            0.0
        } else {
            self.y.share(value).clamp(0.0, 1.0)
        };
        self.frame.bottom - share * self.frame.height()
    }

    pub fn point(&self, (x, y): Point) -> Point {
        (self.x(x), self.y(y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Quantity;

    fn axis(scale: Scale) -> Axis {
        Axis::new(Quantity::new("Peak current", Unit::Ampere), scale)
    }

    #[test]
    fn a_range_has_room_and_a_unit() {
        let range = Range::of(&axis(Scale::Linear), [1e-6, 2e-6, f64::NAN].into_iter(), 0.1).unwrap();
        assert!((range.low - 0.9e-6).abs() < 1e-15 && (range.high - 2.1e-6).abs() < 1e-15);
        assert_eq!(name_of(&axis(Scale::Linear), &range), "Peak current (µA)");
        assert!((range.share(1.5e-6) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn one_number_has_a_range_around_it_and_none_has_none() {
        let one = Range::of(&axis(Scale::Linear), [5e-7].into_iter(), 0.1).unwrap();
        assert!(one.low < 5e-7 && one.high > 5e-7);
        let zero = Range::of(&axis(Scale::Linear), [0.0].into_iter(), 0.1).unwrap();
        assert!(zero.low < 0.0 && zero.high > 0.0);
        assert!(Range::of(&axis(Scale::Log), [-1.0, 0.0].into_iter(), 0.1).is_none());
    }

    #[test]
    fn a_reversed_axis_runs_the_other_way() {
        let mut reversed = axis(Scale::Linear);
        reversed.reversed = true;
        let range = Range::of(&reversed, [0.0, 1.0].into_iter(), 0.0).unwrap();
        assert_eq!((range.share(0.0), range.share(1.0)), (1.0, 0.0));
    }
}
