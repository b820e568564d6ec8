//! Trends: a quantity over file number or time, per electrode or as the mean over them.

use std::collections::BTreeMap;

use figure::{Colour, Event, Figure, Quantity, Trend, TrendAxis, TrendLine, Unit};
use protocol::figure::{FigureMean, FigureQuantity};
use protocol::refusal::Refusal;
use protocol::session::Marker;
use protocol::settings::TrendX;
use voltammetry::trend::ReplicateValue;

use super::maps::{mean_label, spread};
use super::series::{self, Place, Point};
use super::{Gathering, calibration, electrode_label, frequency_label};
use crate::analysis::{Pair, TrendRow, measured_response};
use crate::export::ExportError;
use crate::querying;

/// Points of one electrode at one frequency, by index.
pub(super) type Lines = BTreeMap<Place, Vec<Point>>;

pub(super) fn figure(gathering: &Gathering<'_>) -> Result<Figure, ExportError> {
    let shown = match gathering.request.quantity {
        Some(shown) => shown,
        None => usual(gathering)?,
    };
    let (y, mut lines) = match shown {
        FigureQuantity::PeakCurrent => measured(gathering, "Peak current", Unit::Ampere, |row| row.peak_current_a)?,
        FigureQuantity::PeakPotential => measured(gathering, "Peak potential", Unit::Volt, |row| row.peak_potential_v)?,
        FigureQuantity::Area => measured(gathering, "Peak area", Unit::VoltAmpere, |row| row.area_va)?,
        FigureQuantity::Gain | FigureQuantity::Difference => {
            return Err(Refusal::new(
                "wrong_quantity",
                "Gain and difference are those of a comparison of maps.",
                "Choose a quantity of trends.",
            )
            .into());
        }
        of_trends => derived(gathering, of_trends)?,
    };
    gathering.check()?;
    let events = events(gathering, &lines)?;
    let how = gathering.request.mean;
    let average = how != FigureMean::Off && lines.keys().filter(|place| place.electrode.is_some()).count() > 1;
    if average && shown == FigureQuantity::Concentration {
        lines = concentrations_over_electrodes(gathering, how)?;
    } else if average {
        lines = over_electrodes(&lines, how);
    }
    let several = |key: fn(&Place) -> Option<u64>| {
        let mut keys: Vec<_> = lines.keys().map(key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys.len() > 1
    };
    let telling = Telling {
        electrodes: several(|place| place.electrode.map(u64::from)),
        frequencies: several(|place| place.frequency),
        segments: several(|place| place.segment.map(u64::from)),
        mean: average.then_some(how),
    };
    let count = lines.len();
    let drawn = lines.into_iter().enumerate().map(|(k, (place, points))| TrendLine {
        label: telling.label(&place),
        colour: telling.colour(&place, k, count),
        points: series::with_gaps(points),
    });
    Ok(Figure::Trend(Trend {
        x: match gathering.settings.trend.x {
            TrendX::Index => TrendAxis::Index,
            TrendX::Time => TrendAxis::Time,
        },
        y,
        lines: drawn.collect(),
        events,
    }))
}

/// KDM where there are two frequencies, else the peaks themselves.
fn usual(gathering: &Gathering<'_>) -> Result<FigureQuantity, ExportError> {
    let (_, frequencies) = gathering.store.electrodes_and_frequencies(gathering.row.row)?;
    let one =
        gathering.request.selection.frequencies_hz.len() == 1 || !Pair::of(&gathering.settings, &frequencies).is_pair();
    Ok(if one {
        FigureQuantity::PeakCurrent
    } else {
        FigureQuantity::Kdm
    })
}

fn measured(
    gathering: &Gathering<'_>,
    name: &str,
    unit: Unit,
    value: fn(&crate::store::SeriesRow) -> Option<f64>,
) -> Result<(Quantity, Lines), ExportError> {
    Ok((Quantity::new(name, unit), series::lines(gathering, value)?))
}

/// A number of a trend.
type Value = fn(&TrendRow) -> Option<f64>;

fn derived(gathering: &Gathering<'_>, shown: FigureQuantity) -> Result<(Quantity, Lines), ExportError> {
    let none: Value = |_| None;
    let (quantity, value, deviation): (Quantity, Value, Value) = match shown {
        FigureQuantity::NormalizedLow => (
            Quantity::new("Normalized peak current, low frequency", Unit::None),
            |row| row.normalized_low,
            |row| row.spread.and_then(|s| s.normalized_low_sd),
        ),
        FigureQuantity::NormalizedHigh => (
            Quantity::new("Normalized peak current, high frequency", Unit::None),
            |row| row.normalized_high,
            |row| row.spread.and_then(|s| s.normalized_high_sd),
        ),
        FigureQuantity::Ratio => (
            Quantity::new("Ratio, high to low frequency", Unit::None),
            |row| row.ratio,
            |row| row.spread.and_then(|s| s.ratio_sd),
        ),
        FigureQuantity::DriftCorrected => (
            drift_corrected(gathering)?,
            |row| row.drift_corrected,
            |row| row.spread.and_then(|s| s.drift_corrected_sd),
        ),
        FigureQuantity::Concentration => (
            Quantity::new("Concentration", Unit::Molar),
            |row| row.concentration_m,
            none,
        ),
        _ => (
            Quantity::new("KDM", Unit::Percent),
            |row| row.kdm,
            |row| row.spread.and_then(|s| s.kdm_sd),
        ),
    };
    let mut lines = Lines::new();
    for row in chosen_rows(gathering)? {
        let place = Place {
            electrode: row.electrode,
            frequency: None,
            segment: None,
        };
        let y = value(&row);
        lines.entry(place).or_default().push(Point {
            index: row.index,
            x: row.x,
            y,
            interval: match shown {
                FigureQuantity::Concentration => row.concentration_low_m.zip(row.concentration_high_m),
                _ => y.zip(deviation(&row)).map(|(y, sd)| (y - sd, y + sd)),
            },
        });
    }
    Ok((quantity, lines))
}

/// Trend rows of the electrodes and indices that were chosen.
fn chosen_rows(gathering: &Gathering<'_>) -> Result<Vec<TrendRow>, ExportError> {
    let selection = &gathering.request.selection;
    let mut rows = querying::trends(
        gathering.store,
        gathering.row.summary.session,
        selection.first_index,
        selection.last_index,
    )?;
    rows.retain(|row| {
        selection.electrodes.is_empty() || row.electrode.is_some_and(|e| selection.electrodes.contains(&e))
    });
    Ok(rows)
}

/// The mean concentration over the electrodes, by way of their responses: those without a concentration are no less part of it.
fn concentrations_over_electrodes(gathering: &Gathering<'_>, how: FigureMean) -> Result<Lines, ExportError> {
    let around = match how {
        FigureMean::StandardError => |value: &ReplicateValue| value.standard_error,
        FigureMean::Off | FigureMean::StandardDeviation => |value: &ReplicateValue| value.standard_deviation,
    };
    let means = querying::concentrations_over_electrodes(
        gathering.store,
        gathering.row.row,
        &gathering.settings,
        &chosen_rows(gathering)?,
        around,
    )?;
    let points = means.into_iter().map(|mean| Point {
        index: mean.index,
        x: mean.x,
        y: mean.concentration_m,
        interval: mean.interval_m,
    });
    let all = Place {
        electrode: None,
        frequency: None,
        segment: None,
    };
    Ok(Lines::from([(all, points.collect())]))
}

/// The response that drift correction is about.
fn drift_corrected(gathering: &Gathering<'_>) -> Result<Quantity, ExportError> {
    let (_, frequencies) = gathering.store.electrodes_and_frequencies(gathering.row.row)?;
    let pair = Pair::of(&gathering.settings, &frequencies);
    let response = measured_response(&gathering.settings, pair);
    Ok(calibration::quantity(Some(response), true))
}

/// Mean and spread over the electrodes at each index, for each frequency. An averaged trace is no electrode.
fn over_electrodes(lines: &Lines, how: FigureMean) -> Lines {
    let mut means: BTreeMap<Place, BTreeMap<u32, Vec<Point>>> = BTreeMap::new();
    for (place, points) in lines.iter().filter(|(place, _)| place.electrode.is_some()) {
        let at = means
            .entry(Place {
                electrode: None,
                ..*place
            })
            .or_default();
        for point in points {
            at.entry(point.index).or_default().push(*point);
        }
    }
    let mean = |(index, points): (u32, Vec<Point>)| {
        let over = |number: fn(&Point) -> Option<f64>| ReplicateValue::of(points.iter().map(number));
        let value = over(|p| p.y);
        let spread = spread(&value, how);
        Point {
            index,
            x: over(|p| p.x).mean,
            y: spread.map(|s| s.mean),
            interval: spread.and_then(|s| s.interval),
        }
    };
    means
        .into_iter()
        .map(|(place, at)| (place, at.into_iter().map(mean).collect()))
        .collect()
}

/// By what the lines of a figure are told apart.
struct Telling {
    electrodes: bool,
    frequencies: bool,
    segments: bool,
    mean: Option<FigureMean>,
}

impl Telling {
    fn label(&self, place: &Place) -> String {
        let mut words = Vec::new();
        if let Some(how) = self.mean {
            words.push(mean_label(how).to_owned());
        } else if self.electrodes || !self.frequencies {
            words.push(electrode_label(place.electrode));
        }
        if let Some(hz) = place.frequency.filter(|_| self.frequencies) {
            words.push(frequency_label(f64::from_bits(hz)));
        }
        if let Some(segment) = place.segment.filter(|_| self.segments) {
            words.push(format!("segment {segment}"));
        }
        words.join(", ")
    }

    fn colour(&self, place: &Place, k: usize, count: usize) -> Colour {
        // One colour says one thing; what two things tell apart has its place in the order.
        let told_by = [self.electrodes, self.frequencies, self.segments];
        match place.frequency {
            _ if self.segments || told_by.iter().filter(|told| **told).count() > 1 => {
                Colour::Order(k as f64 / count.saturating_sub(1).max(1) as f64)
            }
            Some(hz) if self.frequencies => Colour::Frequency(f64::from_bits(hz)),
            _ => Colour::Electrode(place.electrode),
        }
    }
}

/// The session's markers on the axis of the figure; those outside of what is shown are left out.
fn events(gathering: &Gathering<'_>, lines: &Lines) -> Result<Vec<Event>, ExportError> {
    let mut places: BTreeMap<u32, f64> = BTreeMap::new();
    for point in lines.values().flatten() {
        if let Some(x) = point.x {
            places.entry(point.index).or_insert(x);
        }
    }
    let markers = gathering.store.markers(gathering.row.row)?;
    Ok(markers
        .into_iter()
        .filter_map(|marker| {
            Some(Event {
                x: place_of(&marker, &places)?,
                label: marker.label,
            })
        })
        .collect())
}

/// Where a marker stands: on the axis as a straight line between the indices around it has it.
fn place_of(marker: &Marker, places: &BTreeMap<u32, f64>) -> Option<f64> {
    let before = places.range(..=marker.index.floor() as u32).next_back()?;
    let after = places.range(marker.index.ceil() as u32..).next()?;
    if after.0 == before.0 {
        return Some(*before.1);
    }
    let share = (marker.index - f64::from(*before.0)) / (f64::from(*after.0) - f64::from(*before.0));
    Some(before.1 + share * (after.1 - before.1))
}

#[cfg(test)]
mod tests {
    use protocol::ids::MarkerId;
    use protocol::session::MarkerKind;

    use super::*;

    fn point(index: u32, y: Option<f64>) -> Point {
        Point {
            index,
            x: Some(f64::from(index) * 20.0),
            y,
            interval: None,
        }
    }

    #[test]
    fn the_mean_over_electrodes_has_its_deviation_and_keeps_gaps() {
        let place = |electrode| Place {
            electrode: Some(electrode),
            frequency: None,
            segment: None,
        };
        let lines = Lines::from([
            (place(1), vec![point(1, Some(1.0)), point(2, None), point(3, Some(4.0))]),
            (place(2), vec![point(1, Some(3.0)), point(2, None)]),
        ]);
        let mean = over_electrodes(&lines, FigureMean::StandardDeviation);
        let points = mean.values().next().unwrap();
        assert_eq!((points[0].y, points[1].y, points[2].y), (Some(2.0), None, Some(4.0)));
        let (lower, upper) = points[0].interval.unwrap();
        assert!((lower - (2.0 - 2.0_f64.sqrt())).abs() < 1e-12 && (upper - (2.0 + 2.0_f64.sqrt())).abs() < 1e-12);
        assert_eq!(points[2].interval, None, "one electrode has no deviation");
        let error = over_electrodes(&lines, FigureMean::StandardError);
        let (lower, _) = error.values().next().unwrap()[0].interval.unwrap();
        assert!((lower - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_marker_between_two_files_stands_between_them() {
        let places = BTreeMap::from([(1, 0.0), (2, 20.0), (4, 60.0)]);
        let at = |index: f64| {
            let marker = Marker {
                id: MarkerId(uuid::Uuid::nil()),
                kind: MarkerKind::Injection,
                index,
                label: "glucose".to_owned(),
                concentration_m: None,
                from: None,
            };
            place_of(&marker, &places)
        };
        assert_eq!((at(2.0), at(1.5), at(3.0)), (Some(20.0), Some(10.0), Some(40.0)));
        assert_eq!((at(0.5), at(9.0)), (None, None));
    }
}
