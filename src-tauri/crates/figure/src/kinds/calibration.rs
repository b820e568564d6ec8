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
    let lowest = if lowest.is_finite() {
        lowest
    } else {
        // Only blanks were measured: they stand left of a given curve.
        let drawn = curves().map(|p| p.concentration_m).filter(|c| *c > 0.0);
        drawn.fold(f64::INFINITY, f64::min)
    };
    if !lowest.is_finite() {
        return Err(nothing("no step of a titration with a concentration above 0"));
    }
    let blank = points().any(|p| p.concentration_m == 0.0);
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
            label: format!("{}% confidence", percent(data.confidence)),
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

/// A probability in percent, with the digits that it has and not those of binary fractions.
fn percent(probability: f64) -> f64 {
    (probability * 1e10).round() / 1e8
}

fn add_points(panel: &mut Panel, group: &CalibrationGroup, (shape, hollow): (Shape, bool), zero_at: f64) {
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
        (false, true) => Sign::Points(shape, hollow),
        (false, false) => Sign::LinePoints(shape, hollow),
    };
    if !placed.is_empty() {
        panel.layers.push(Layer::Points {
            points: placed,
            paint,
            shape,
            hollow,
        });
    }
    panel.legend.push(Entry {
        label: group.label.clone(),
        paint,
        sign,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(points: Vec<CalibrationPoint>) -> Calibration {
        let place = |concentration_m: f64| CurvePoint {
            concentration_m,
            value: 1.0,
            interval: Some((0.5, 1.5)),
        };
        Calibration {
            y: Quantity::new("KDM", Unit::Percent),
            confidence: 0.995,
            groups: vec![CalibrationGroup {
                label: "E1".to_owned(),
                colour: Colour::Electrode(Some(1)),
                points,
                curve: vec![place(1e-6), place(1e-5), place(1e-4)],
            }],
            facts: Vec::new(),
        }
    }

    #[test]
    fn a_confidence_has_the_digits_that_it_has() {
        for (probability, text) in [(0.995, "99.5"), (0.95, "95"), (0.57, "57"), (0.6827, "68.27")] {
            assert_eq!(percent(probability).to_string(), text);
        }
        let columns = panels(&given(Vec::new())).unwrap();
        let legend = &columns[0][0].legend;
        assert!(legend.iter().any(|entry| entry.label == "99.5% confidence"));
    }

    #[test]
    fn blanks_alone_stand_left_of_a_given_curve() {
        let blank = CalibrationPoint {
            concentration_m: 0.0,
            value: 1.0,
            interval: None,
        };
        let columns = panels(&given(vec![blank])).unwrap();
        let panel = &columns[0][0];
        let at = panel.x.zero_at.unwrap();
        assert!(at > 0.0 && at < 1e-6, "{at}");
        let placed = panel.layers.iter().find_map(|layer| match layer {
            Layer::Points { points, .. } => points.first().map(|p| p.0),
            _ => None,
        });
        assert_eq!(placed, Some(at));
    }
}
