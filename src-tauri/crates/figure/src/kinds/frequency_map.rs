//! Frequency maps: peak current and charge against frequency, per electrode and as mean with standard deviation.

use super::{BESIDE_MM, Spread, frequency, heading, nothing};
use crate::Layout;
use crate::colours::Colour;
use crate::error::FigureError;
use crate::panel::{Axis, Entry, Layer, Marked, Paint, Panel, Scale, Shape, Sign, Stroke, point, runs};
use crate::quantity::{Quantity, Unit};

/// A frequency map.
#[derive(Debug, Clone, PartialEq)]
pub struct FrequencyMap {
    /// Words for the legend: which of a session's maps is shown; empty for none.
    pub caption: String,
    /// One line an electrode.
    pub series: Vec<MapSeries>,
    /// Means over electrodes, ascending in frequency; empty = not drawn.
    pub mean: Vec<MeanPoint>,
    /// Words for the mean in the legend: "Mean ± SD".
    pub mean_label: String,
}

/// What one electrode gives at each frequency.
#[derive(Debug, Clone, PartialEq)]
pub struct MapSeries {
    /// Words for the legend.
    pub label: String,
    /// Its colour.
    pub colour: Colour,
    /// Ascending in frequency; a point without a number leaves a gap.
    pub points: Vec<MapPoint>,
}

/// What one electrode gives at one frequency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MapPoint {
    /// Hz.
    pub frequency_hz: f64,
    /// Signed height, A.
    pub peak_current_a: Option<f64>,
    /// Height over frequency, C.
    pub charge_c: Option<f64>,
}

/// The mean at one frequency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanPoint {
    /// Hz.
    pub frequency_hz: f64,
    /// A.
    pub peak_current_a: Option<Spread>,
    /// C.
    pub charge_c: Option<Spread>,
}

pub(super) fn panels(data: &FrequencyMap, layout: &Layout) -> Result<Vec<Vec<Panel>>, FigureError> {
    let current = panel(
        data,
        Quantity::new("Peak current", Unit::Ampere),
        |p| p.peak_current_a,
        |p| p.peak_current_a,
    );
    let charge = panel(
        data,
        Quantity::new("Charge", Unit::Coulomb),
        |p| p.charge_c,
        |p| p.charge_c,
    );
    match (current, charge) {
        (None, None) => Err(nothing("no peak at a frequency in this selection")),
        (Some(one), None) | (None, Some(one)) => Ok(vec![vec![one]]),
        (Some(current), Some(mut charge)) if layout.width_mm >= BESIDE_MM => {
            // One list of electrodes is enough beside each other as well.
            charge.legend.clear();
            Ok(vec![vec![current], vec![charge]])
        }
        (Some(mut current), Some(mut charge)) => {
            charge.legend.clear();
            current.x_below = true;
            Ok(vec![vec![current, charge]])
        }
    }
}

fn panel(
    data: &FrequencyMap,
    quantity: Quantity,
    value: fn(&MapPoint) -> Option<f64>,
    mean: fn(&MeanPoint) -> Option<Spread>,
) -> Option<Panel> {
    let points_of = |series: &MapSeries| -> Vec<Option<(f64, f64)>> {
        let of_series = series.points.iter().filter(|p| p.frequency_hz > 0.0);
        of_series.map(|p| point(Some(p.frequency_hz), value(p))).collect()
    };
    let means: Vec<Option<Marked>> = data
        .mean
        .iter()
        .filter(|p| p.frequency_hz > 0.0)
        .map(|p| {
            let spread = mean(p)?;
            let (x, y) = point(Some(p.frequency_hz), Some(spread.mean))?;
            Some((x, y, spread.interval.filter(|(l, u)| l.is_finite() && u.is_finite())))
        })
        .collect();
    let of_series = data.series.iter().flat_map(points_of).flatten().map(|p| p.1);
    let all: Vec<f64> = of_series.chain(means.iter().flatten().map(|p| p.1)).collect();
    if all.is_empty() {
        return None;
    }
    // Peaks that all point downwards are shown by their magnitude, so that a logarithm shows them too.
    let down = all.iter().all(|v| *v < 0.0);
    let log = down || all.iter().all(|v| *v > 0.0);
    let sign = if down { -1.0 } else { 1.0 };
    let quantity = if down {
        Quantity::new(format!("|{}|", quantity.name), quantity.unit)
    } else {
        quantity
    };
    let scale = if log { Scale::Log } else { Scale::Linear };
    let mut panel = Panel::new(frequency(), Axis::new(quantity, scale));
    if !log {
        panel.layers.push(Layer::Across { y: 0.0 });
    }
    for (k, series) in data.series.iter().enumerate() {
        let there = runs(points_of(series).into_iter().map(|p| p.map(|(x, y)| (x, y * sign))));
        if there.is_empty() {
            continue;
        }
        let own = Paint::Of(series.colour);
        let (shape, hollow) = Shape::of(k);
        panel.layers.push(Layer::Line {
            runs: there.clone(),
            paint: own,
            stroke: Stroke::Thin,
        });
        panel.layers.push(Layer::Points {
            points: there.into_iter().flatten().map(|(x, y)| (x, y, None)).collect(),
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
    let means: Vec<Option<Marked>> = means
        .into_iter()
        .map(|p| {
            p.map(|(x, y, bar)| {
                (
                    x,
                    y * sign,
                    bar.map(|(l, u)| ((l * sign).min(u * sign), (l * sign).max(u * sign))),
                )
            })
        })
        .collect();
    if means.iter().any(Option::is_some) {
        panel.layers.push(Layer::Line {
            runs: runs(means.iter().map(|p| p.map(|(x, y, _)| (x, y)))),
            paint: Paint::Of(Colour::Neutral),
            stroke: Stroke::Strong,
        });
        panel.layers.push(Layer::Points {
            points: means.into_iter().flatten().collect(),
            paint: Paint::Of(Colour::Neutral),
            shape: Shape::Circle,
            hollow: false,
        });
        panel.legend.push(Entry {
            label: data.mean_label.clone(),
            paint: Paint::Of(Colour::Neutral),
            sign: Sign::LinePoints(Shape::Circle, false),
        });
    }
    if !data.caption.is_empty() {
        panel.legend.insert(0, heading(&data.caption));
    }
    Some(panel)
}
