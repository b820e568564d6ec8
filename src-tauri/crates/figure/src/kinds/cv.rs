//! Cyclic voltammograms: the curve in sweep order, its baselines and peaks.

use super::voltammogram::Peak;
use super::{heading, nothing, potential};
use crate::Layout;
use crate::colours::Colour;
use crate::error::FigureError;
use crate::panel::{Axis, Entry, Layer, Paint, Panel, Scale, Shape, Sign, Stroke, point, runs};
use crate::quantity::{Quantity, Unit, value_text};

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
        panel.legend.push(heading(&data.label));
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
    if let Some(start) = Start::of(data, &panel) {
        panel.y.view = Some(start.view);
        panel.legend.push(heading(&format!(
            "Start of the scan: {}, beyond the axis",
            value_text(start.reaches_a, Unit::Ampere)
        )));
    }
    Ok(vec![vec![panel]])
}

/// A current at the start of the scan that would flatten all the rest.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Start {
    /// Lowest and highest current of all the rest, A.
    view: (f64, f64),
    /// The current furthest beyond, A.
    reaches_a: f64,
}

impl Start {
    /// At most this share of the first segment's points is its start: where charging and filters settle.
    const SHARE: f64 = 0.03;
    /// The axis is cut where the start would stretch it by more than this.
    const STRETCH: f64 = 1.2;

    fn of(data: &CyclicVoltammogram, panel: &Panel) -> Option<Self> {
        let first = data.segments.first()?;
        let long = (Self::SHARE * first.current_a.len() as f64) as usize;
        let start = first.current_a.get(..long.max(1))?;
        let late = data.segments.iter().enumerate().flat_map(|(k, segment)| {
            let skipped = if k == 0 { start.len() } else { 0 };
            segment.current_a.iter().skip(skipped).chain(&segment.baseline_a)
        });
        let peaks = data.segments.iter().filter_map(|s| s.peak).filter(Peak::is_drawable);
        let summits = peaks.flat_map(|p| [p.baseline_a, p.baseline_a + p.height_a]);
        let whole = data.whole.iter().map(|(_, a)| *a);
        let view = extremes(late.copied().flatten().chain(summits).chain(whole))?;
        let (low, high) = extremes(panel.extent().filter_map(|(_, y)| y))?;
        let span = view.1 - view.0;
        let beyond = |a: f64| (view.0 - a).max(a - view.1);
        let reaches_a = if beyond(low) > beyond(high) { low } else { high };
        (span > 0.0 && high - low > Self::STRETCH * span).then_some(Self { view, reaches_a })
    }
}

fn extremes(numbers: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    let finite = numbers.filter(|v| v.is_finite());
    finite.fold(None, |found, v| {
        Some(found.map_or((v, v), |(low, high): (f64, f64)| (low.min(v), high.max(v))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line that rises from 0 to 100 nA, with these currents at its start.
    fn begun_with(start: &[f64]) -> CyclicVoltammogram {
        let mut current: Vec<Option<f64>> = (0..=100).map(|k| Some(1e-9 * f64::from(k))).collect();
        for (place, a) in current.iter_mut().zip(start) {
            *place = Some(*a);
        }
        CyclicVoltammogram {
            label: "E1".to_owned(),
            colour: Colour::Electrode(Some(1)),
            whole: Vec::new(),
            segments: vec![Segment {
                label: "Segment 1, forward".to_owned(),
                forward: true,
                potential_v: (0..=100).map(|k| 0.01 * f64::from(k)).collect(),
                current_a: current,
                baseline_a: Vec::new(),
                peak: None,
            }],
        }
    }

    fn drawn(data: &CyclicVoltammogram) -> Panel {
        panels(data, &Layout::default()).unwrap().remove(0).remove(0)
    }

    #[test]
    fn a_start_that_would_flatten_the_rest_is_cut_and_told() {
        let panel = drawn(&begun_with(&[-4e-7, -1e-7]));
        let (low, high) = panel.y.view.unwrap();
        assert!(
            (low - 3e-9).abs() < 1e-15 && (high - 1e-7).abs() < 1e-15,
            "{low} {high}"
        );
        let told = |entry: &Entry| entry.label == "Start of the scan: −400 nA, beyond the axis";
        assert!(panel.legend.iter().any(told), "{:?}", panel.legend);
    }

    #[test]
    fn nothing_is_cut_that_is_no_start() {
        assert_eq!(drawn(&begun_with(&[-1e-8])).y.view, None, "stretches little");
        assert_eq!(drawn(&begun_with(&[-4e-7; 10])).y.view, None, "too long for a start");
        let mut late = begun_with(&[]);
        late.segments[0].current_a[50] = Some(-4e-7);
        assert_eq!(drawn(&late).y.view, None);
        let mut peak = begun_with(&[-4e-7]);
        peak.segments[0].peak = Some(Peak {
            potential_v: 0.0,
            height_a: -4e-7,
            baseline_a: 0.0,
        });
        assert_eq!(drawn(&peak).y.view, None, "a peak is never cut");
    }
}
