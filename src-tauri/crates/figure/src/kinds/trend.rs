//! A quantity over time or file number, per electrode or as a mean with its band.

use super::nothing;
use crate::colours::Colour;
use crate::error::FigureError;
use crate::panel::{Axis, Entry, Layer, Paint, Panel, Scale, Shape, Sign, Stroke, marks, point, runs};
use crate::quantity::{Quantity, Unit};

/// Points of more than this many are a line only.
const MOST_POINTS_WITH_DOTS: usize = 40;

/// A quantity over time or file number.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// What runs to the right.
    pub x: TrendAxis,
    /// What runs upwards.
    pub y: Quantity,
    /// One line an electrode, frequency or mean.
    pub lines: Vec<TrendLine>,
    /// Injections and the like.
    pub events: Vec<Event>,
}

/// The lower axis of a trend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrendAxis {
    /// File number.
    Index,
    /// Seconds since the first file; shown in s, min or h.
    Time,
}

/// One line of a trend, ordered along x.
#[derive(Debug, Clone, PartialEq)]
pub struct TrendLine {
    /// Words for the legend.
    pub label: String,
    /// Its colour.
    pub colour: Colour,
    /// Its points; one without a number ends the line, and the next begins a new one.
    pub points: Vec<TrendPoint>,
}

/// One point of a trend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrendPoint {
    /// Index or seconds.
    pub x: Option<f64>,
    /// The value.
    pub y: Option<f64>,
    /// Lower and upper end of the band around it.
    pub interval: Option<(f64, f64)>,
}

/// Something that happened: an injection, a new buffer.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Index or seconds.
    pub x: f64,
    /// Its name.
    pub label: String,
}

pub(super) fn panels(data: &Trend) -> Result<Vec<Vec<Panel>>, FigureError> {
    let mut x = match data.x {
        TrendAxis::Index => Axis::new(Quantity::new("File number", Unit::None), Scale::Linear),
        TrendAxis::Time => Axis::new(Quantity::new("Time", Unit::Second), Scale::Linear),
    };
    x.whole = data.x == TrendAxis::Index;
    let mut panel = Panel::new(x, Axis::new(data.y.clone(), Scale::Linear));
    let drawn: Vec<&TrendLine> = data
        .lines
        .iter()
        .filter(|line| line.points.iter().any(|p| point(p.x, p.y).is_some()))
        .collect();
    if drawn.is_empty() {
        return Err(nothing(&format!("no number for \"{}\" in this selection", data.y.name)));
    }
    for event in data.events.iter().filter(|event| event.x.is_finite()) {
        panel.layers.push(Layer::Event {
            x: event.x,
            label: event.label.clone(),
        });
    }
    for line in &drawn {
        let band = runs(line.points.iter().map(|p| {
            let (lower, upper) = p.interval?;
            let (x, _) = point(p.x, p.y)?;
            (lower.is_finite() && upper.is_finite()).then_some((x, lower, upper))
        }));
        if !band.is_empty() {
            panel.layers.push(Layer::Band {
                runs: band,
                paint: Paint::Of(line.colour),
            });
        }
    }
    let dots = drawn.iter().all(|line| line.points.len() <= MOST_POINTS_WITH_DOTS) && drawn.len() <= 4;
    // Shapes tell apart what colours alone cannot.
    let crowded = !dots && drawn.len() > 4;
    for (k, line) in drawn.iter().enumerate() {
        let own = Paint::Of(line.colour);
        let there = runs(line.points.iter().map(|p| point(p.x, p.y)));
        let (shape, hollow) = Shape::of(k);
        panel.layers.push(Layer::Line {
            runs: there.clone(),
            paint: own,
            stroke: if dots || crowded { Stroke::Thin } else { Stroke::Strong },
        });
        if dots || crowded {
            let all = there.into_iter().flatten();
            panel.layers.push(Layer::Points {
                points: if dots {
                    all.map(|(x, y)| (x, y, None)).collect()
                } else {
                    marks(all, k, drawn.len())
                },
                paint: own,
                shape,
                hollow,
            });
        }
        if drawn.len() > 1 || line.points.iter().any(|p| p.interval.is_some()) {
            panel.legend.push(Entry {
                label: line.label.clone(),
                paint: own,
                sign: if dots || crowded {
                    Sign::LinePoints(shape, hollow)
                } else {
                    Sign::Line(Stroke::Strong)
                },
            });
        }
    }
    Ok(vec![vec![panel]])
}
