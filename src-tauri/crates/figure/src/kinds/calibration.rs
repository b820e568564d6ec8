//! Calibration: the points of a titration, the fitted curve and its confidence band over the logarithm of concentration.

use super::nothing;
use crate::colours::Colour;
use crate::error::FigureError;
use crate::panel::{Axis, Entry, Layer, Marked, Paint, Panel, Scale, Shape, Sign, Stroke, runs};
use crate::quantity::{Quantity, Unit};

/// A titration with its curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// What was measured: KDM in %, a normalised current.
    pub y: Quantity,
    /// Probability of the bands, such as 0.95.
    pub confidence: f64,
    /// Points and curves that belong together.
    pub groups: Vec<CalibrationGroup>,
    /// Words about the curve for the legend, a line each ("K = 20 µM").
    pub facts: Vec<String>,
}

/// Points with their curve; the points of several electrodes or a curve through all of them stand alone.
#[derive(Debug, Clone, PartialEq)]
pub struct CalibrationGroup {
    /// Words for the legend.
    pub label: String,
    /// The colour of both.
    pub colour: Colour,
    /// The points of the titration.
    pub points: Vec<CalibrationPoint>,
    /// The fitted curve, ascending; empty where none was fitted.
    pub curve: Vec<CurvePoint>,
}

/// A step of a titration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CalibrationPoint {
    /// mol/L; 0 is the blank, which stands left of a break of the axis.
    pub concentration_m: f64,
    /// The value.
    pub value: f64,
    /// Ends of its bar.
    pub interval: Option<(f64, f64)>,
}

/// A place on the fitted curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// mol/L.
    pub concentration_m: f64,
    /// The curve.
    pub value: f64,
    /// Ends of the confidence band.
    pub interval: Option<(f64, f64)>,
}

pub(super) fn panels(data: &Calibration) -> Result<Vec<Vec<Panel>>, FigureError> {
    let points = || {
        data.groups
            .iter()
            .flat_map(|group| &group.points)
            .filter(|p| p.value.is_finite())
    };
    let curves = || data.groups.iter().flat_map(|group| &group.curve);
    let stepped = points().map(|p| p.concentration_m).filter(|c| *c > 0.0);
    let lowest = stepped.fold(f64::INFINITY, f64::min);
    if !lowest.is_finite() && curves().next().is_none() {
        return Err(nothing("no step of a titration with a concentration above 0"));
    }
    let blank = lowest.is_finite() && points().any(|p| p.concentration_m == 0.0);
    // The blank stands most of a decade below the lowest step.
    let zero_at = lowest / 6.0;
    let mut x = Axis::new(Quantity::new("Concentration", Unit::Molar), Scale::Log);
    x.zero_at = blank.then_some(zero_at);
    let mut panel = Panel::new(x, Axis::new(data.y.clone(), Scale::Linear));
    let drawn_from = if blank { zero_at * 3.0 } else { 0.0 };
    let usable = |p: &&CurvePoint| p.concentration_m > drawn_from && p.value.is_finite();
    for group in &data.groups {
        let bands = group.curve.iter().filter(usable).map(|p| {
            let finite = p.interval.filter(|(l, u)| l.is_finite() && u.is_finite());
            finite.map(|(lower, upper)| (p.concentration_m, lower, upper))
        });
        let band = runs(bands);
        if !band.is_empty() {
            panel.layers.push(Layer::Band {
                runs: band,
                paint: Paint::Of(group.colour),
            });
        }
    }
    for group in &data.groups {
        let curve = group.curve.iter().filter(usable);
        panel.layers.push(Layer::Line {
            runs: vec![curve.map(|p| (p.concentration_m, p.value)).collect()],
            paint: Paint::Of(group.colour),
            stroke: Stroke::Strong,
        });
    }
    for (k, group) in data.groups.iter().enumerate() {
        add_points(&mut panel, group, Shape::of(k), zero_at);
    }
    let banded: Vec<&CalibrationGroup> = data
        .groups
        .iter()
        .filter(|group| group.curve.iter().any(|p| p.interval.is_some()))
        .collect();
    if let Some(first) = banded.first() {
        let colour = if banded.len() > 1 {
            Colour::Neutral
        } else {
            first.colour
        };
        panel.legend.push(Entry {
            label: format!("{:.0}% confidence", data.confidence * 100.0),
            paint: Paint::Of(colour),
            sign: Sign::Area,
        });
    }
    panel.legend.extend(data.facts.iter().map(|fact| Entry {
        label: fact.clone(),
        paint: Paint::Ink,
        sign: Sign::Words,
    }));
    Ok(vec![vec![panel]])
}

fn add_points(panel: &mut Panel, group: &CalibrationGroup, shape: Shape, zero_at: f64) {
    let paint = Paint::Of(group.colour);
    let placed: Vec<Marked> = group
        .points
        .iter()
        .filter(|p| p.value.is_finite() && p.concentration_m >= 0.0)
        .map(|p| {
            let at = if p.concentration_m == 0.0 {
                zero_at
            } else {
                p.concentration_m
            };
            (at, p.value, p.interval.filter(|(l, u)| l.is_finite() && u.is_finite()))
        })
        .collect();
    let sign = match (placed.is_empty(), group.curve.is_empty()) {
        (true, true) => return,
        (true, false) => Sign::Line(Stroke::Strong),
        (false, true) => Sign::Points(shape, false),
        (false, false) => Sign::LinePoints(shape),
    };
    if !placed.is_empty() {
        panel.layers.push(Layer::Points {
            points: placed,
            paint,
            shape,
            hollow: false,
        });
    }
    panel.legend.push(Entry {
        label: group.label.clone(),
        paint,
        sign,
    });
}
