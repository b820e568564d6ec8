//! Cyclic voltammograms: the curve in sweep order, its baselines and peaks.

use super::voltammogram::Peak;
use super::{nothing, potential};
use crate::Layout;
use crate::colours::Colour;
use crate::error::FigureError;
use crate::panel::{Axis, Entry, Layer, Paint, Panel, Scale, Shape, Sign, Stroke, point, runs};
use crate::quantity::{Quantity, Unit};

/// A cyclic voltammogram: analysed segments in sweep order.
#[derive(Debug, Clone, PartialEq)]
pub struct CyclicVoltammogram {
    /// Words for the legend: which electrode, file and cycles; empty for none.
    pub label: String,
    /// Its colour.
    pub colour: Colour,
    /// The whole curve as measured, in sweep order: V, A; empty where only segments are known.
    pub whole: Vec<(f64, f64)>,
    /// The segments that were analysed.
    pub segments: Vec<Segment>,
}

/// One analysed segment: columns of equal length, in sweep order.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// Words for the legend ("Segment 1, forward").
    pub label: String,
    /// Whether it runs as the scan began; ways there and back differ in strength.
    pub forward: bool,
    /// V.
    pub potential_v: Vec<f64>,
    /// A.
    pub current_a: Vec<Option<f64>>,
    /// A.
    pub baseline_a: Vec<Option<f64>>,
    /// The peak.
    pub peak: Option<Peak>,
}

pub(super) fn panels(data: &CyclicVoltammogram, layout: &Layout) -> Result<Vec<Vec<Panel>>, FigureError> {
    let mut panel = Panel::new(
        potential(layout),
        Axis::new(Quantity::new("Current", Unit::Ampere), Scale::Linear),
    );
    if !data.label.is_empty() {
        panel.legend.push(Entry {
            label: data.label.clone(),
            paint: Paint::Ink,
            sign: Sign::Words,
        });
    }
    let whole = runs(data.whole.iter().map(|(v, a)| point(Some(*v), Some(*a))));
    if !whole.is_empty() {
        panel.layers.push(Layer::Line {
            runs: whole,
            paint: Paint::Raw,
            stroke: Stroke::Thin,
        });
    }
    let count = data.segments.len();
    // Of several cycles the legend names the directions only.
    let cycles = count > 2;
    let mut named = [false; 2];
    let mut baselines = false;
    for segment in &data.segments {
        let column = |of: &[Option<f64>]| runs(segment.potential_v.iter().zip(of).map(|(v, a)| point(Some(*v), *a)));
        let curve = column(&segment.current_a);
        if curve.is_empty() {
            continue;
        }
        // The ways there and back are told apart by strength, so that one electrode keeps one colour.
        let paint = Paint::Of(data.colour);
        let stroke = if segment.forward { Stroke::Strong } else { Stroke::Thin };
        panel.layers.push(Layer::Line {
            runs: curve,
            paint,
            stroke,
        });
        let direction = if segment.forward { "Forward" } else { "Reverse" };
        let [forward, reverse] = &mut named;
        let known = std::mem::replace(if segment.forward { forward } else { reverse }, true);
        if count > 1 && !(cycles && known) {
            panel.legend.push(Entry {
                label: if cycles {
                    direction.to_owned()
                } else {
                    segment.label.clone()
                },
                paint,
                sign: Sign::Line(stroke),
            });
        }
        let baseline = column(&segment.baseline_a);
        baselines |= !baseline.is_empty();
        panel.layers.push(Layer::Line {
            runs: baseline,
            paint: Paint::Ink,
            stroke: Stroke::Thin,
        });
    }
    if panel.layers.is_empty() {
        return Err(nothing("no segment that could be drawn"));
    }
    if baselines {
        panel.legend.push(Entry {
            label: "Baseline".to_owned(),
            paint: Paint::Ink,
            sign: Sign::Line(Stroke::Thin),
        });
    }
    for peak in data.segments.iter().filter_map(|s| s.peak).filter(Peak::is_drawable) {
        panel
            .layers
            .extend([peak.segment(Paint::Ink), peak.summit(Paint::Of(data.colour))]);
        if !cycles {
            panel.legend.push(Entry {
                label: peak.words(),
                paint: Paint::Of(data.colour),
                sign: Sign::Points(Shape::Circle, true),
            });
        }
    }
    Ok(vec![vec![panel]])
}
