//! Chronoamperometry: the decay with its fit, what the fit leaves, and both axes as logarithms.

use super::{BESIDE_MM, nothing};
use crate::Layout;
use crate::colours::Colour;
use crate::error::FigureError;
use crate::panel::{Axis, Entry, Layer, Paint, Panel, Point, Scale, Sign, Stroke, point, runs};
use crate::quantity::{Quantity, Unit};

/// A decay with its fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Chronoamperogram {
    /// Words for the legend.
    pub label: String,
    /// Its colour.
    pub colour: Colour,
    /// Time since the step, s.
    pub time_s: Vec<f64>,
    /// A.
    pub current_a: Vec<Option<f64>>,
    /// The fit; none where nothing was fitted.
    pub fit: Option<FittedDecay>,
}

/// A fitted decay.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedDecay {
    /// The fitted curve at each time of the decay, A; missing outside of the fit's range.
    pub current_a: Vec<Option<f64>>,
    /// Words about it for the legend, a line each ("τ = 12.3 ms").
    pub facts: Vec<String>,
}

pub(super) fn panels(data: &Chronoamperogram, layout: &Layout) -> Result<Vec<Vec<Panel>>, FigureError> {
    let measured: Vec<Option<Point>> = columns(&data.time_s, &data.current_a);
    if measured.iter().all(Option::is_none) {
        return Err(nothing("no current over time in this selection"));
    }
    let fitted = data.fit.as_ref().map(|fit| columns(&data.time_s, &fit.current_a));
    let mut decay = panel(data, Scale::Linear, &measured, fitted.as_deref());
    legend(&mut decay, data);
    let log = logarithmic(data, &measured, fitted.as_deref());
    let mut first = vec![];
    match fitted {
        Some(fitted) => {
            let mut left = residuals(data, &measured, &fitted);
            decay.weight = 0.72;
            decay.x_below = true;
            left.weight = 0.28;
            // The same range of time as above.
            left.x.include.clone_from(&data.time_s);
            first.extend([decay, left]);
        }
        None => first.push(decay),
    }
    Ok(match log {
        Some(log) if layout.width_mm >= BESIDE_MM => vec![first, vec![log]],
        Some(log) => {
            first.push(log);
            vec![first]
        }
        None => vec![first],
    })
}

fn columns(time_s: &[f64], current_a: &[Option<f64>]) -> Vec<Option<Point>> {
    time_s.iter().zip(current_a).map(|(t, a)| point(Some(*t), *a)).collect()
}

fn panel(data: &Chronoamperogram, scale: Scale, measured: &[Option<Point>], fitted: Option<&[Option<Point>]>) -> Panel {
    let mut panel = Panel::new(
        Axis::new(Quantity::new("Time", Unit::Second), scale),
        Axis::new(Quantity::new("Current", Unit::Ampere), scale),
    );
    panel.layers.push(Layer::Line {
        runs: runs(measured.iter().copied()),
        paint: measured_paint(data),
        stroke: Stroke::Strong,
    });
    if let Some(fitted) = fitted {
        panel.layers.push(Layer::Line {
            runs: runs(fitted.iter().copied()),
            paint: Paint::Ink,
            stroke: Stroke::Thin,
        });
    }
    panel
}

/// Behind its fit, what was measured is pale, so that both are seen where they agree.
fn measured_paint(data: &Chronoamperogram) -> Paint {
    if data.fit.is_some() {
        Paint::Pale(data.colour)
    } else {
        Paint::Of(data.colour)
    }
}

fn legend(panel: &mut Panel, data: &Chronoamperogram) {
    let mut entry = |label: &str, paint, sign| {
        panel.legend.push(Entry {
            label: label.to_owned(),
            paint,
            sign,
        });
    };
    entry(&data.label, measured_paint(data), Sign::Line(Stroke::Strong));
    let Some(fit) = &data.fit else { return };
    entry("Fit", Paint::Ink, Sign::Line(Stroke::Thin));
    for fact in &fit.facts {
        entry(fact, Paint::Ink, Sign::Words);
    }
}

/// Only what a logarithm can show; currents that all flow the other way by their magnitude.
fn logarithmic(data: &Chronoamperogram, measured: &[Option<Point>], fitted: Option<&[Option<Point>]>) -> Option<Panel> {
    let after_step = || measured.iter().flatten().filter(|(t, _)| *t > 0.0);
    let count = after_step().count();
    let negative = after_step().filter(|(_, a)| *a < 0.0).count();
    let sign = if 2 * negative > count { -1.0 } else { 1.0 };
    let shown = |points: &[Option<Point>]| -> Vec<Option<Point>> {
        let of_one = |p: &Option<Point>| p.map(|(t, a)| (t, a * sign)).filter(|(t, a)| *t > 0.0 && *a > 0.0);
        points.iter().map(of_one).collect()
    };
    let measured = shown(measured);
    if measured.iter().flatten().count() < 2 {
        return None;
    }
    let fitted = fitted.map(shown);
    let mut panel = panel(data, Scale::Log, &measured, fitted.as_deref());
    // The same prefix as beside it.
    panel.y.typical = measured.iter().flatten().map(|(_, a)| *a).max_by(f64::total_cmp);
    if sign < 0.0 {
        "|Current|".clone_into(&mut panel.y.quantity.name);
    }
    Some(panel)
}

fn residuals(data: &Chronoamperogram, measured: &[Option<Point>], fitted: &[Option<Point>]) -> Panel {
    let mut panel = Panel::new(
        Axis::new(Quantity::new("Time", Unit::Second), Scale::Linear),
        Axis::new(Quantity::new("Residual", Unit::Ampere), Scale::Linear),
    );
    let left = measured.iter().zip(fitted).map(|(m, f)| {
        let ((t, m), (_, f)) = ((*m)?, (*f)?);
        Some((t, m - f))
    });
    panel.layers.push(Layer::Across { y: 0.0 });
    panel.layers.push(Layer::Line {
        runs: runs(left),
        paint: Paint::Of(data.colour),
        stroke: Stroke::Thin,
    });
    panel
}
