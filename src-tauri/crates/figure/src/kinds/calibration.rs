//! Calibration: the points of a titration, the fitted curve and its confidence band over the logarithm of concentration.

use super::nothing;
use crate::colours::Colour;
use crate::error::FigureError;
use crate::panel::{Axis, Entry, Layer, Paint, Panel, Scale, Shape, Sign, Stroke, runs};
use crate::quantity::{Quantity, Unit};

/// A titration with its curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// What was measured: KDM in %, a normalised current.
    pub y: Quantity,
    /// The points of the titration, in groups with a colour each (an electrode, or the pool of all).
    pub groups: Vec<(String, Colour, Vec<CalibrationPoint>)>,
    /// The fitted curve, ascending; empty where none was fitted.
    pub curve: Vec<CurvePoint>,
    /// Words about the curve for the legend, a line each ("K = 20 µM").
    pub facts: Vec<String>,
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
    /// Lower end of the confidence band.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

pub(super) fn panels(data: &Calibration) -> Result<Vec<Vec<Panel>>, FigureError> {
    let points = || {
        data.groups
            .iter()
            .flat_map(|(_, _, points)| points)
            .filter(|p| p.value.is_finite())
    };
    let lowest = points()
        .map(|p| p.concentration_m)
        .filter(|c| *c > 0.0)
        .fold(f64::INFINITY, f64::min);
    if !lowest.is_finite() {
        return Err(nothing("no step of a titration with a concentration above 0"));
    }
    let blank = points().any(|p| p.concentration_m == 0.0);
    // The blank stands most of a decade below the lowest step.
    let zero_at = 10_f64.powf((lowest / 6.0).log10());
    let mut x = Axis::new(Quantity::new("Concentration", Unit::Molar), Scale::Log);
    x.zero_at = blank.then_some(zero_at);
    let mut panel = Panel::new(x, Axis::new(data.y.clone(), Scale::Linear));
    let drawn_from = if blank { zero_at * 3.0 } else { 0.0 };
    let curve: Vec<CurvePoint> = data
        .curve
        .iter()
        .copied()
        .filter(|p| p.concentration_m > drawn_from && p.concentration_m > 0.0 && p.value.is_finite())
        .collect();
    let neutral = Paint::Of(Colour::Neutral);
    if !curve.is_empty() {
        let finite = |p: &CurvePoint| p.lower.is_finite() && p.upper.is_finite();
        let band = runs(
            curve
                .iter()
                .map(|p| finite(p).then_some((p.concentration_m, p.lower, p.upper))),
        );
        let has_band = !band.is_empty();
        panel.layers.push(Layer::Band {
            runs: band,
            paint: neutral,
        });
        panel.layers.push(Layer::Line {
            runs: vec![curve.iter().map(|p| (p.concentration_m, p.value)).collect()],
            paint: neutral,
            stroke: Stroke::Strong,
        });
        let mut entry = |label: &str, sign| {
            panel.legend.push(Entry {
                label: label.to_owned(),
                paint: neutral,
                sign,
            });
        };
        entry("Fit", Sign::Line(Stroke::Strong));
        if has_band {
            entry("95% confidence", Sign::Area);
        }
    }
    for (k, (label, colour, points)) in data.groups.iter().enumerate() {
        let shape = Shape::of(k);
        let placed: Vec<(f64, f64, Option<(f64, f64)>)> = points
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
        if placed.is_empty() {
            continue;
        }
        panel.layers.push(Layer::Points {
            points: placed,
            paint: Paint::Of(*colour),
            shape,
            hollow: false,
        });
        panel.legend.push(Entry {
            label: label.clone(),
            paint: Paint::Of(*colour),
            sign: Sign::Points(shape, false),
        });
    }
    panel.legend.extend(data.facts.iter().map(|fact| Entry {
        label: fact.clone(),
        paint: Paint::Ink,
        sign: Sign::Words,
    }));
    Ok(vec![vec![panel]])
}
