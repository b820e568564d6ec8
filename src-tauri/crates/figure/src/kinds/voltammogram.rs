//! Square wave voltammograms: one with everything that was made of it, or several over each other.

use super::{nothing, potential};
use crate::Layout;
use crate::colours::Colour;
use crate::error::FigureError;
use crate::panel::{Axis, Entry, Layer, Paint, Panel, Scale, Shape, Sign, Stroke, marks, point, runs};
use crate::quantity::{Quantity, Unit, value_text};

/// Sweeps over each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Voltammogram {
    /// The sweeps, each in its colour; a single one is drawn with all its parts.
    pub traces: Vec<Trace>,
}

/// A sweep: columns of equal length, in sweep order. A missing number leaves a gap.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// Words for the legend.
    pub label: String,
    /// Its colour.
    pub colour: Colour,
    /// V.
    pub potential_v: Vec<f64>,
    /// As measured, A.
    pub raw_a: Vec<Option<f64>>,
    /// Smoothed, A; all missing where nothing smooths.
    pub smoothed_a: Vec<Option<f64>>,
    /// A.
    pub baseline_a: Vec<Option<f64>>,
    /// Where the baseline was found, V; only there it is drawn. `None` is everywhere.
    pub baseline_v: Option<(f64, f64)>,
    /// The peak.
    pub peak: Option<Peak>,
}

/// A peak over its baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// V.
    pub potential_v: f64,
    /// Signed height above the baseline, A.
    pub height_a: f64,
    /// Baseline under the peak, A.
    pub baseline_a: f64,
}

impl Peak {
    /// Its line from baseline to summit.
    pub(super) fn segment(&self, paint: Paint) -> Layer {
        Layer::Segment {
            from: (self.potential_v, self.baseline_a),
            to: (self.potential_v, self.baseline_a + self.height_a),
            paint,
        }
    }

    /// Its summit as a dot.
    pub(super) fn summit(&self, paint: Paint) -> Layer {
        Layer::Points {
            points: vec![(self.potential_v, self.baseline_a + self.height_a, None)],
            paint,
            shape: Shape::Circle,
            hollow: true,
        }
    }

    /// Height and potential in words.
    pub(super) fn words(&self) -> String {
        format!(
            "{} at {}",
            value_text(self.height_a, Unit::Ampere),
            value_text(self.potential_v, Unit::Volt)
        )
    }

    pub(super) fn is_drawable(&self) -> bool {
        self.potential_v.is_finite() && self.height_a.is_finite() && self.baseline_a.is_finite()
    }
}

impl Trace {
    fn line(&self, of: &[Option<f64>]) -> Vec<Vec<(f64, f64)>> {
        runs(self.potential_v.iter().zip(of).map(|(v, a)| point(Some(*v), *a)))
    }

    fn has_smoothed(&self) -> bool {
        self.smoothed_a.iter().any(Option::is_some)
    }

    /// What the result was taken from: smoothed, or as measured where nothing smooths.
    fn result(&self) -> &[Option<f64>] {
        if self.has_smoothed() {
            &self.smoothed_a
        } else {
            &self.raw_a
        }
    }

    fn within_baseline(&self, v: f64) -> bool {
        self.baseline_v
            .is_none_or(|(a, b)| v >= a.min(b) - 1e-9 && v <= a.max(b) + 1e-9)
    }

    fn baseline(&self) -> Vec<Vec<(f64, f64)>> {
        let points = self.potential_v.iter().zip(&self.baseline_a);
        runs(points.map(|(v, a)| point(Some(*v), *a).filter(|(v, _)| self.within_baseline(*v))))
    }

    fn area(&self) -> Vec<Vec<(f64, f64, f64)>> {
        let columns = self.potential_v.iter().zip(&self.baseline_a).zip(self.result());
        runs(columns.map(|((v, baseline), curve)| {
            let (v, baseline) = point(Some(*v), *baseline).filter(|(v, _)| self.within_baseline(*v))?;
            let (_, curve) = point(Some(v), *curve)?;
            Some((v, baseline.min(curve), baseline.max(curve)))
        }))
    }
}

pub(super) fn panels(data: &Voltammogram, layout: &Layout) -> Result<Vec<Vec<Panel>>, FigureError> {
    let mut panel = Panel::new(
        potential(layout),
        Axis::new(Quantity::new("Current", Unit::Ampere), Scale::Linear),
    );
    match data.traces.as_slice() {
        [] => return Err(nothing("no sweep in this selection")),
        [only] => alone(&mut panel, only),
        several => over_each_other(&mut panel, several),
    }
    Ok(vec![vec![panel]])
}

fn alone(panel: &mut Panel, trace: &Trace) {
    let own = Paint::Of(trace.colour);
    let mut entry = |label: &str, paint, sign| {
        panel.legend.push(Entry {
            label: label.to_owned(),
            paint,
            sign,
        });
    };
    let baseline = trace.baseline();
    if trace.has_smoothed() {
        entry("Raw", Paint::Raw, Sign::Line(Stroke::Thin));
        entry("Smoothed", own, Sign::Line(Stroke::Strong));
    } else {
        entry("Measured", own, Sign::Line(Stroke::Strong));
    }
    if !baseline.is_empty() {
        entry("Baseline", Paint::Ink, Sign::Line(Stroke::Thin));
    }
    let peak = trace.peak.filter(Peak::is_drawable);
    if let Some(peak) = &peak {
        entry(&peak.words(), own, Sign::Points(Shape::Circle, true));
        panel.layers.push(Layer::Band {
            runs: trace.area(),
            paint: own,
        });
    }
    if trace.has_smoothed() {
        panel.layers.push(Layer::Line {
            runs: trace.line(&trace.raw_a),
            paint: Paint::Raw,
            stroke: Stroke::Thin,
        });
    }
    panel.layers.push(Layer::Line {
        runs: trace.line(trace.result()),
        paint: own,
        stroke: Stroke::Strong,
    });
    panel.layers.push(Layer::Line {
        runs: baseline,
        paint: Paint::Ink,
        stroke: Stroke::Thin,
    });
    if let Some(peak) = peak {
        panel.layers.extend([peak.segment(Paint::Ink), peak.summit(own)]);
    }
}

fn over_each_other(panel: &mut Panel, traces: &[Trace]) {
    // Shapes tell apart what colours alone cannot.
    let crowded = traces.len() > 4;
    for (k, trace) in traces.iter().enumerate() {
        let own = Paint::Of(trace.colour);
        let (shape, hollow) = Shape::of(k);
        panel.layers.push(Layer::Line {
            runs: trace.baseline(),
            paint: own,
            stroke: Stroke::Thin,
        });
        let result = trace.line(trace.result());
        panel.layers.push(Layer::Line {
            runs: result.clone(),
            paint: own,
            stroke: if crowded { Stroke::Thin } else { Stroke::Strong },
        });
        if crowded {
            panel.layers.push(Layer::Points {
                points: marks(result.into_iter().flatten(), k, traces.len()),
                paint: own,
                shape,
                hollow,
            });
        }
        panel.legend.push(Entry {
            label: trace.label.clone(),
            paint: own,
            sign: if crowded {
                Sign::LinePoints(shape, hollow)
            } else {
                Sign::Line(Stroke::Strong)
            },
        });
    }
    for trace in traces {
        if let Some(peak) = trace.peak.filter(Peak::is_drawable) {
            panel.layers.push(peak.summit(Paint::Of(trace.colour)));
        }
    }
}
