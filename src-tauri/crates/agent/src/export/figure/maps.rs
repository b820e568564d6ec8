//! Frequency maps and how those of two sessions differ.

use figure::{
    Colour, Comparison, ComparisonSeries, Figure, MapPoint, MapSeries, MeanPoint, Quantity, Spread, Unit, ValuePoint,
};
use protocol::figure::{FigureMean, FigureQuantity};
use protocol::refusal::Refusal;
use voltammetry::frequency_map::{Change, ChangeAverage, FrequencyMap, MapInput, compare};
use voltammetry::trend::ReplicateValue;

use super::{Gathering, electrode_label, is_selected};
use crate::export::ExportError;
use crate::store::SeriesRow;

pub(super) fn map(gathering: &Gathering<'_>) -> Result<Figure, ExportError> {
    let map = map_of(&gathering.series(false)?);
    let rows = || map.frequencies_hz.iter().zip(&map.cells);
    let series = map
        .electrodes
        .iter()
        .enumerate()
        .map(|(k, electrode)| MapSeries {
            label: electrode_label(*electrode),
            colour: Colour::Electrode(*electrode),
            points: rows()
                .map(|(hz, cells)| MapPoint {
                    frequency_hz: *hz,
                    peak_current_a: cells.get(k).and_then(|cell| cell.peak_current_a),
                    charge_c: cells.get(k).and_then(|cell| cell.charge_c),
                })
                .collect(),
        })
        .collect();
    let how = gathering.request.mean;
    let mean = if how == FigureMean::Off || map.electrodes.len() < 2 {
        Vec::new()
    } else {
        let of = |(hz, average): (&f64, &voltammetry::frequency_map::MapAverage)| MeanPoint {
            frequency_hz: *hz,
            peak_current_a: spread(&average.peak_current_a, how),
            charge_c: spread(&average.charge_c, how),
        };
        map.frequencies_hz.iter().zip(&map.averages).map(of).collect()
    };
    Ok(Figure::FrequencyMap(figure::FrequencyMap {
        series,
        mean,
        mean_label: mean_label(how).to_owned(),
    }))
}

fn map_of(rows: &[SeriesRow]) -> FrequencyMap {
    let inputs: Vec<MapInput> = rows
        .iter()
        .filter(|row| !row.excluded && row.peak.is_none_or(|peak| peak == 1))
        .map(|row| MapInput {
            electrode: row.electrode,
            frequency_hz: row.frequency_hz,
            peak_current_a: row.peak_current_a,
            peak_potential_v: row.peak_potential_v,
        })
        .collect();
    FrequencyMap::new(&inputs)
}

/// Mean and what stands around it; a single number has nothing around it.
pub(super) fn spread(value: &ReplicateValue, how: FigureMean) -> Option<Spread> {
    let mean = value.mean?;
    let around = match how {
        FigureMean::StandardError => value.standard_error,
        FigureMean::Off | FigureMean::StandardDeviation => value.standard_deviation,
    };
    let around = around.unwrap_or(0.0);
    Some(Spread {
        mean,
        lower: mean - around,
        upper: mean + around,
    })
}

pub(super) fn mean_label(how: FigureMean) -> &'static str {
    match how {
        FigureMean::StandardError => "Mean ± SE",
        FigureMean::Off | FigureMean::StandardDeviation => "Mean ± SD",
    }
}

pub(super) fn comparison(gathering: &Gathering<'_>) -> Result<Figure, ExportError> {
    let Some(other) = gathering.request.compared_with else {
        return Err(Refusal::new(
            "no_second_map",
            "A comparison needs a second session.",
            "Name the session with the second map.",
        )
        .into());
    };
    let second = gathering.store.session(other)?;
    let mut rows = gathering.store.series(second.row, 0)?;
    rows.retain(|row| is_selected(&gathering.request.selection, row));
    let changes = compare(&map_of(&gathering.series(false)?), &map_of(&rows));
    gathering.check()?;
    let shown = Compared::of(gathering.request.quantity)?;
    let frequencies = || changes.frequencies_hz.iter().copied();
    let mut series: Vec<ComparisonSeries> = changes
        .electrodes
        .iter()
        .enumerate()
        .map(|(k, electrode)| ComparisonSeries {
            label: electrode_label(*electrode),
            colour: Colour::Electrode(*electrode),
            points: frequencies()
                .zip(&changes.changes)
                .map(|(x, row)| ValuePoint {
                    x,
                    y: row.get(k).and_then(shown.value).map(|v| v * shown.factor),
                    interval: None,
                })
                .collect(),
        })
        .collect();
    if changes.electrodes.len() > 1 {
        let how = gathering.request.mean;
        series.push(ComparisonSeries {
            label: mean_label(how).to_owned(),
            colour: Colour::Neutral,
            points: frequencies()
                .zip(&changes.averages)
                .map(|(x, average)| {
                    let spread = spread(&(shown.average)(average), how);
                    ValuePoint {
                        x,
                        y: spread.map(|s| s.mean * shown.factor),
                        interval: spread.map(|s| (s.lower * shown.factor, s.upper * shown.factor)),
                    }
                })
                .collect(),
        });
    }
    Ok(Figure::Comparison(Comparison {
        y: shown.quantity,
        no_change: shown.no_change,
        series,
    }))
}

/// What of a change is shown.
struct Compared {
    quantity: Quantity,
    no_change: f64,
    factor: f64,
    value: fn(&Change) -> Option<f64>,
    average: fn(&ChangeAverage) -> ReplicateValue,
}

impl Compared {
    fn of(quantity: Option<FigureQuantity>) -> Result<Self, ExportError> {
        Ok(match quantity {
            None | Some(FigureQuantity::Gain) => Self {
                quantity: Quantity::new("Signal gain", Unit::Percent),
                no_change: 0.0,
                factor: 100.0,
                value: |change| change.gain,
                average: |average| average.gain,
            },
            Some(FigureQuantity::Ratio) => Self {
                quantity: Quantity::new("Signal ratio", Unit::None),
                no_change: 1.0,
                factor: 1.0,
                value: |change| change.ratio,
                average: |average| average.ratio,
            },
            Some(FigureQuantity::Difference) => Self {
                quantity: Quantity::new("Difference", Unit::Ampere),
                no_change: 0.0,
                factor: 1.0,
                value: |change| change.difference_a,
                average: |average| average.difference_a,
            },
            Some(_) => {
                return Err(Refusal::new(
                    "wrong_quantity",
                    "A comparison shows the gain, the ratio or the difference.",
                    "Choose one of these.",
                )
                .into());
            }
        })
    }
}
