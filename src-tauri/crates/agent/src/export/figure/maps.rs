//! Frequency maps and how those of two sessions differ.

use std::collections::{BTreeMap, BTreeSet};

use figure::{
    Colour, Comparison, ComparisonSeries, Figure, MapPoint, MapSeries, MeanPoint, Quantity, Spread, Unit, ValuePoint,
};
use protocol::figure::{FigureMean, FigureQuantity};
use protocol::refusal::Refusal;
use protocol::session::SessionSummary;
use protocol::settings::{Settings, Technique};
use voltammetry::frequency_map::{Change, ChangeAverage, ChangeReason, FrequencyMap, MapInput, compare};
use voltammetry::trend::ReplicateValue;

use super::{Gathering, electrode_label, is_selected};
use crate::export::ExportError;
use crate::querying;
use crate::store::SeriesRow;

pub(super) fn map(gathering: &Gathering<'_>) -> Result<Figure, ExportError> {
    refuse_without_maps(&gathering.row.summary)?;
    let Shown { map, indices } = map_of(&gathering.series(false)?, &gathering.settings);
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
    let mean = if how == FigureMean::Off || !has_several_electrodes(&map) {
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
        caption: which(&indices),
        series,
        mean,
        mean_label: mean_label(how).to_owned(),
    }))
}

/// A session of another technique has no map, whatever is selected of it.
fn refuse_without_maps(session: &SessionSummary) -> Result<(), ExportError> {
    if matches!(session.technique, Technique::Swv | Technique::FrequencyMap) {
        return Ok(());
    }
    Err(Refusal::new(
        "wrong_figure_kind",
        format!("The session \"{}\" holds no frequency maps.", session.name),
        "Choose the figure of its technique: cv or ca.",
    )
    .into())
}

/// The same numbers as those of the study of maps: of two fitted peaks the one that trends follow, without the failed
/// measurement of a whole file, which belongs to no electrode. Where a series has several maps, a place of the map has the newest index that
/// it was measured at, as in the tables of maps: a mean of maps would be a number that nobody asked for.
fn map_of(rows: &[SeriesRow], settings: &Settings) -> Shown {
    let is_whole_file =
        |row: &SeriesRow| row.electrode.is_none() && !settings.electrodes.average && row.status == "failed";
    let mut newest: BTreeMap<(Option<u32>, Option<u64>), &SeriesRow> = BTreeMap::new();
    for row in rows {
        if row.peak.is_none_or(|peak| peak == settings.trend.peak) && !is_whole_file(row) {
            let place = (row.electrode, row.frequency_hz.map(f64::to_bits));
            let kept = newest.entry(place).or_insert(row);
            if (row.index, row.measurement) >= (kept.index, kept.measurement) {
                *kept = row;
            }
        }
    }
    let indices = newest.values().filter_map(|row| row.index).collect();
    let inputs: Vec<MapInput> = newest
        .into_values()
        .map(|row| MapInput {
            electrode: row.electrode,
            frequency_hz: row.frequency_hz,
            peak_current_a: row.peak_current_a.filter(|_| !row.excluded),
            peak_potential_v: row.peak_potential_v.filter(|_| !row.excluded),
        })
        .collect();
    Shown {
        map: FrequencyMap::new(&inputs),
        indices,
    }
}

/// A map with the indices that its places are from.
struct Shown {
    map: FrequencyMap,
    indices: BTreeSet<u32>,
}

/// Which map it is, in words: one whose last index is not complete yet has places of earlier ones.
fn which(indices: &BTreeSet<u32>) -> String {
    match (indices.first(), indices.last()) {
        (Some(first), Some(last)) if first == last => format!("File {last}"),
        (Some(first), Some(last)) => format!("Newest of files {first} to {last}"),
        _ => String::new(),
    }
}

/// Which maps are compared: "After, file 1, against Before, file 3".
fn against(second: (&str, &BTreeSet<u32>), first: (&str, &BTreeSet<u32>)) -> String {
    let named = |(name, indices): (&str, &BTreeSet<u32>)| {
        let which = which(indices).to_lowercase();
        if which.is_empty() {
            name.to_owned()
        } else {
            format!("{name}, {which}")
        }
    };
    format!("{}, against {}", named(second), named(first))
}

/// Whether there is anything to take a mean of.
fn has_several_electrodes(map: &FrequencyMap) -> bool {
    let has_number = |k: &usize| {
        let mut of_electrode = map.cells.iter().filter_map(|row| row.get(*k));
        of_electrode.any(|cell| cell.peak_current_a.is_some())
    };
    (0..map.electrodes.len()).filter(has_number).nth(1).is_some()
}

/// Mean and what stands around it; a single number has nothing around it.
pub(super) fn spread(value: &ReplicateValue, how: FigureMean) -> Option<Spread> {
    let mean = value.mean?;
    let around = match how {
        FigureMean::StandardError => value.standard_error,
        FigureMean::Off | FigureMean::StandardDeviation => value.standard_deviation,
    };
    let around = around.filter(|_| value.count > 1);
    Some(Spread {
        mean,
        interval: around.map(|around| (mean - around, mean + around)),
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
    refuse_without_maps(&gathering.row.summary)?;
    refuse_without_maps(&second.summary)?;
    let mut rows = gathering.store.series(second.row, 0)?;
    rows.retain(|row| is_selected(&gathering.request.selection, row));
    let settings = querying::current_settings(gathering.store, other)?;
    let first = map_of(&gathering.series(false)?, &gathering.settings);
    let later = map_of(&rows, &settings);
    let changes = compare(&first.map, &later.map);
    gathering.check()?;
    let shown = Compared::of(gathering.request.quantity)?;
    if changes
        .changes
        .iter()
        .flatten()
        .all(|change| (shown.value)(change).is_none())
    {
        return Err(Refusal::new(
            "nothing_to_draw",
            without_change(&changes.changes),
            "Choose other electrodes, frequencies, indices or another quantity.",
        )
        .into());
    }
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
    let how = gathering.request.mean;
    if how != FigureMean::Off && changes.electrodes.len() > 1 {
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
                        interval: spread
                            .and_then(|s| s.interval)
                            .map(|(lower, upper)| (lower * shown.factor, upper * shown.factor)),
                    }
                })
                .collect(),
        });
    }
    Ok(Figure::Comparison(Comparison {
        y: shown.quantity,
        caption: against(
            (&second.summary.name, &later.indices),
            (&gathering.row.summary.name, &first.indices),
        ),
        no_change: shown.no_change,
        series,
    }))
}

/// Why no place of two maps has a number. What both maps have weighs more than what one of them lacks.
fn without_change(changes: &[Vec<Change>]) -> &'static str {
    let has = |reason| changes.iter().flatten().any(|change| change.reason == Some(reason));
    if has(ChangeReason::OppositePolarity) {
        "Where both maps have a peak, the two point in opposite directions; their ratio means nothing."
    } else if has(ChangeReason::FirstIsZero) {
        "Where both maps have a peak, that of the first map is 0; a ratio to it means nothing."
    } else {
        "At no frequency do both maps have a peak of the same electrode."
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::series::series_row;
    use crate::export::series::tests::measurement;

    fn row(electrode: u32, frequency_hz: f64, current_a: Option<f64>) -> SeriesRow {
        series_row(&measurement(electrode, frequency_hz, 1, current_a))
    }

    #[test]
    fn a_failed_whole_file_makes_no_second_electrode() {
        let failed = SeriesRow {
            electrode: None,
            status: "failed".to_owned(),
            ..row(1, 10.0, None)
        };
        let rows = [row(1, 10.0, Some(1e-6)), failed];
        let map = map_of(&rows, &Settings::default()).map;
        assert_eq!(map.electrodes, [Some(1)]);
        assert!(!has_several_electrodes(&map));
        let mut averaged = Settings::default();
        averaged.electrodes.average = true;
        assert_eq!(map_of(&rows, &averaged).map.electrodes.len(), 2);
    }

    #[test]
    fn of_several_maps_the_newest_is_drawn_and_not_their_mean() {
        let at = |index: u32, hz: f64, current_a: Option<f64>| series_row(&measurement(1, hz, index, current_a));
        let rows = [
            at(2, 10.0, Some(2e-6)),
            at(1, 10.0, Some(1e-6)),
            // The second map has not come that far.
            at(1, 20.0, Some(5e-6)),
        ];
        let Shown { map, indices } = map_of(&rows, &Settings::default());
        let of = |k: usize| map.cells[k][0].peak_current_a;
        assert_eq!((of(0), of(1)), (Some(2e-6), Some(5e-6)));
        assert_eq!(which(&indices), "Newest of files 1 to 2");
    }

    #[test]
    fn the_map_is_that_of_the_peak_that_trends_follow() {
        let peak = |number: u32, current_a: f64| SeriesRow {
            peak: Some(number),
            ..row(1, 10.0, Some(current_a))
        };
        let rows = [peak(1, 1e-6), peak(2, 2e-6)];
        let mut settings = Settings::default();
        settings.trend.peak = 2;
        assert_eq!(map_of(&rows, &settings).map.cells[0][0].peak_current_a, Some(2e-6));
    }

    #[test]
    fn an_excluded_measurement_has_no_current_and_is_no_electrode_of_a_mean() {
        let mut excluded = row(2, 10.0, Some(5e-6));
        excluded.excluded = true;
        let map = map_of(&[row(1, 10.0, Some(1e-6)), excluded], &Settings::default()).map;
        assert_eq!(map.averages[0].peak_current_a.mean, Some(1e-6));
        assert!(!has_several_electrodes(&map));
    }

    #[test]
    fn a_comparison_without_a_number_says_why() {
        let why = |first: SeriesRow, second: SeriesRow| {
            let map = |row: SeriesRow| map_of(&[row], &Settings::default()).map;
            without_change(&compare(&map(first), &map(second)).changes)
        };
        let (up, down) = (Some(1e-6), Some(-1e-6));
        assert!(why(row(1, 10.0, up), row(1, 10.0, down)).contains("opposite directions"));
        assert!(why(row(1, 10.0, Some(0.0)), row(1, 10.0, up)).contains("is 0"));
        let apart = "At no frequency do both maps have a peak of the same electrode.";
        assert_eq!(why(row(1, 10.0, up), row(1, 20.0, down)), apart);
        assert_eq!(why(row(1, 10.0, up), row(2, 10.0, up)), apart);
    }

    #[test]
    fn the_caption_names_the_indices_that_are_shown() {
        let of = |indices: &[u32]| which(&indices.iter().copied().collect());
        assert_eq!((of(&[]), of(&[3])), (String::new(), "File 3".to_owned()));
        let (one, none) = (BTreeSet::from([1]), BTreeSet::new());
        let words = against(("After", &one), ("Before", &none));
        assert_eq!(words, "After, file 1, against Before");
    }

    #[test]
    fn a_single_number_has_no_bar() {
        let of = |values: &[f64]| ReplicateValue::of(values.iter().map(|v| Some(*v)));
        let single = spread(&of(&[2.0]), FigureMean::StandardDeviation).unwrap();
        assert_eq!((single.mean, single.interval), (2.0, None));
        let pair = spread(&of(&[1.0, 3.0]), FigureMean::StandardError).unwrap();
        assert_eq!(pair.interval, Some((1.0, 3.0)));
    }
}
