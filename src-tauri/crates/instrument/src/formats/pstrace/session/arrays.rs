//! From the arrays of a measurement to its curves.

use super::json::{DataArray, DrawnCurve, Measurement};
use super::method::{Method, Way};
use crate::dates::from_ticks;
use crate::formats::curves::{Axis, Curve, Part};
use crate::formats::pstrace::title::{self, Title};
use crate::units::{CurrentUnit, PotentialUnit};

/// What an array holds.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Content {
    /// Times; what its numbers are divided by to give seconds.
    Time(f64),
    /// Potentials, and the same to give volt.
    Potential(f64),
    /// Currents, which of them, and the same to give ampere.
    Current(Part, f64),
    /// Anything else.
    Other,
}

/// Numbers that PSTrace gives to what arrays hold.
mod array_type {
    pub(super) const TIME: i64 = 0;
    pub(super) const POTENTIAL: i64 = 1;
    pub(super) const CURRENT: i64 = 2;
    pub(super) const BIPOT_CURRENT: i64 = 24;
    pub(super) const REVERSE_CURRENT: i64 = 26;
    pub(super) const FORWARD_CURRENT: i64 = 29;
    pub(super) const CURRENT_EXTRA_WE: i64 = 31;
}

impl Content {
    fn of(array: &DataArray) -> Self {
        let class = array.unit.as_ref().map_or("", |unit| unit.class.text());
        let unit = class.rsplit('.').next().unwrap_or_default();
        let potential = PotentialUnit::parse(unit).map(PotentialUnit::per_volt);
        let current = CurrentUnit::parse(unit).map(CurrentUnit::per_ampere);
        let second = match unit {
            "Time" | "Second" | "Seconds" => Some(1.0),
            "MilliSecond" | "MilliSeconds" => Some(1e3),
            _ => None,
        };
        let kind = array.arraytype.integer().filter(|kind| *kind >= 0);
        match (kind, second, potential, current) {
            (None | Some(array_type::TIME), Some(divisor), ..) => Self::Time(divisor),
            (None | Some(array_type::POTENTIAL), _, Some(divisor), _) => Self::Potential(divisor),
            (Some(array_type::FORWARD_CURRENT), .., Some(divisor)) => Self::Current(Part::Forward, divisor),
            (Some(array_type::REVERSE_CURRENT), .., Some(divisor)) => Self::Current(Part::Reverse, divisor),
            (
                None | Some(array_type::CURRENT | array_type::BIPOT_CURRENT | array_type::CURRENT_EXTRA_WE),
                ..,
                Some(divisor),
            ) => Self::Current(Part::Whole, divisor),
            _ => Self::Other,
        }
    }
}

/// The curves of one measurement, and the way of its potential.
pub(super) fn curves(measurement: Measurement, position: usize) -> (Option<Way>, Vec<Curve>) {
    let method = Method::parse(measurement.method.text());
    let name = measurement.title.text();
    let frame = Curve {
        title: if name.is_empty() {
            "measurement without a title".to_owned()
        } else {
            name.to_owned()
        },
        technique: method.technique.or_else(|| Title::parse(name).technique),
        measurement: position,
        conditions: method.conditions,
        started_at: measurement.timestamp.integer().and_then(from_ticks),
        ..Curve::default()
    };
    let arrays = measurement.dataset.and_then(|set| set.values).unwrap_or_default();
    let drawn = measurement.curves.unwrap_or_default();
    let mut curves: Vec<Curve> = if drawn.is_empty() {
        from_arrays(&arrays, &frame)
    } else {
        drawn.into_iter().map(|curve| drawn_curve(curve, &frame)).collect()
    };
    let alone = curves.iter().filter(|curve| curve.part == Part::Whole).count() == 1;
    for curve in curves.iter_mut().filter(|curve| alone && curve.part == Part::Whole) {
        for array in arrays
            .iter()
            .filter(|array| array.datavalues.values.len() == curve.x.len())
        {
            let place = match Content::of(array) {
                Content::Time(divisor) => Some((&mut curve.time_s, divisor)),
                Content::Current(Part::Forward, divisor) => Some((&mut curve.forward_a, divisor)),
                Content::Current(Part::Reverse, divisor) => Some((&mut curve.reverse_a, divisor)),
                _ => None,
            };
            if let Some((place, divisor)) = place {
                place.get_or_insert_with(|| scaled(&array.datavalues.values, divisor));
            }
        }
    }
    if curves.is_empty() {
        // So that the measurement is named if it cannot be used.
        curves.push(frame);
    }
    (method.way, curves)
}

fn scaled(values: &[f64], divisor: f64) -> Vec<f64> {
    values.iter().map(|value| value / divisor).collect()
}

fn drawn_curve(drawn: DrawnCurve, frame: &Curve) -> Curve {
    let (Some(x), Some(y)) = (drawn.xaxisdataarray, drawn.yaxisdataarray) else {
        return frame.clone();
    };
    let name = drawn.title.text();
    let mut curve = curve_of(&x, &y, frame);
    let said = Title::parse(name);
    curve.scan = curve.scan.or(said.scan);
    curve.channel = curve.channel.or(said.channel);
    if curve.part == Part::Whole && y.arraytype.integer().is_none() {
        curve.part = said.part;
    }
    if !name.is_empty() {
        curve.title = format!("{}: {name}", frame.title);
    }
    curve
}

/// A curve of two arrays; one that cannot be used keeps its name only.
fn curve_of(x: &DataArray, y: &DataArray, frame: &Curve) -> Curve {
    let descriptions = [y.description.text(), x.description.text()];
    let number = |word: &str| descriptions.iter().find_map(|text| title::number_behind(text, word));
    let mut curve = Curve {
        scan: number("scan"),
        channel: number("channel"),
        ..frame.clone()
    };
    let (axis, divisor) = match Content::of(x) {
        Content::Potential(divisor) => (Axis::Potential, divisor),
        Content::Time(divisor) => (Axis::Time, divisor),
        _ => return curve,
    };
    let Content::Current(part, per_ampere) = Content::of(y) else {
        return curve;
    };
    curve.axis = axis;
    curve.part = part;
    curve.x = scaled(&x.datavalues.values, divisor);
    curve.current_a = scaled(&y.datavalues.values, per_ampere);
    curve.overloads = y.datavalues.overloads;
    curve
}

/// Curves of a measurement that none was drawn of: each current against the potential in front of it, else over time.
fn from_arrays(arrays: &[DataArray], frame: &Curve) -> Vec<Curve> {
    let mut curves = Vec::new();
    for (at, y) in arrays.iter().enumerate() {
        if !matches!(Content::of(y), Content::Current(..)) {
            continue;
        }
        let fits = |x: &&DataArray| x.datavalues.values.len() == y.datavalues.values.len();
        let is_potential = |x: &&DataArray| matches!(Content::of(x), Content::Potential(_));
        let is_time = |x: &&DataArray| matches!(Content::of(x), Content::Time(_));
        let before = || arrays[..at].iter().rev().filter(fits);
        let over_time = frame.technique == Some(crate::recording::Technique::Ca);
        let x = before()
            .find(is_potential)
            .filter(|_| !over_time)
            .or_else(|| arrays.iter().filter(fits).find(is_time))
            .or_else(|| before().find(is_potential));
        curves.extend(x.map(|x| curve_of(x, y, frame)));
    }
    curves
}
