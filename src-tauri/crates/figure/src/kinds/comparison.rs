//! How frequency maps differ: gain, ratio or difference against frequency.

use super::{ValuePoint, frequency, heading, nothing};
use crate::colours::Colour;
use crate::error::FigureError;
use crate::panel::{Axis, Entry, Layer, Paint, Panel, Scale, Shape, Sign, Stroke, point, runs};
use crate::quantity::Quantity;

/// Maps compared with a first one.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What is compared: "Signal gain" in %, a ratio, a difference in A.
    pub y: Quantity,
    /// Words for the legend: which maps of the two sessions are compared; empty for none.
    pub caption: String,
    /// The number that means "no change": 0 for gains and differences, 1 for ratios.
    pub no_change: f64,
    /// One line an electrode, or a mean with its bars.
    pub series: Vec<ComparisonSeries>,
}

/// One line of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparisonSeries {
    /// Words for the legend.
    pub label: String,
    /// Its colour.
    pub colour: Colour,
    /// Ascending in frequency (Hz); a point without a number leaves a gap.
    pub points: Vec<ValuePoint>,
}

pub(super) fn panels(data: &Comparison) -> Result<Vec<Vec<Panel>>, FigureError> {
    let mut panel = Panel::new(frequency(), Axis::new(data.y.clone(), Scale::Linear));
    panel.layers.push(Layer::Across { y: data.no_change });
    for (k, series) in data.series.iter().enumerate() {
        let usable = |p: &ValuePoint| point(Some(p.x), p.y).filter(|(hz, _)| *hz > 0.0);
        let there = runs(series.points.iter().map(usable));
        if there.is_empty() {
            continue;
        }
        let own = Paint::Of(series.colour);
        let is_mean = series.colour == Colour::Neutral;
        panel.layers.push(Layer::Line {
            runs: there,
            paint: own,
            stroke: if is_mean { Stroke::Strong } else { Stroke::Thin },
        });
        let finite = |interval: Option<(f64, f64)>| interval.filter(|(l, u)| l.is_finite() && u.is_finite());
        let (shape, hollow) = if is_mean { (Shape::Circle, false) } else { Shape::of(k) };
        panel.layers.push(Layer::Points {
            points: series
                .points
                .iter()
                .filter_map(|p| usable(p).map(|(x, y)| (x, y, finite(p.interval))))
                .collect(),
            paint: own,
            shape,
            hollow,
        });
        panel.legend.push(Entry {
            label: series.label.clone(),
            paint: own,
            sign: Sign::LinePoints(shape, hollow),
        });
    }
    if panel.legend.is_empty() {
        return Err(nothing("no number that compares the maps"));
    }
    if !data.caption.is_empty() {
        panel.legend.insert(0, heading(&data.caption));
    }
    Ok(vec![vec![panel]])
}
