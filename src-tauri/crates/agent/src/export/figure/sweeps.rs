//! Square wave voltammograms: the curves behind measurements, computed again from the kept files.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use figure::{Colour, Figure, Peak, Trace, Voltammogram};
use protocol::columns::Columns;
use protocol::ids::MeasurementId;
use protocol::measurement::Measurement;
use protocol::query::ColumnQuery;
use protocol::refusal::Refusal;

use super::{Gathering, electrode_label, frequency_label};
use crate::export::ExportError;
use crate::querying;
use crate::store::SeriesRow;

/// More curves over each other cannot be told apart.
const MOST_CURVES: usize = 32;

pub(super) fn figure(gathering: &Gathering<'_>) -> Result<Figure, ExportError> {
    let chosen = chosen(gathering)?;
    if chosen.iter().any(|m| m.cv.is_some() || m.ca.is_some()) {
        return Err(Refusal::new(
            "wrong_figure_kind",
            "The session holds no square wave sweeps.",
            "Choose the figure of its technique: cv or ca.",
        )
        .into());
    }
    let how = Telling::of(&chosen);
    let mut traces = Vec::with_capacity(chosen.len());
    for (place, measurement) in chosen.iter().enumerate() {
        gathering.check()?;
        let columns = curves(gathering, measurement)?;
        traces.push(trace(&columns, measurement, &how, place, chosen.len()));
    }
    Ok(Figure::Voltammogram(Voltammogram { traces }))
}

/// The measurements that were asked for, else the newest of each electrode and frequency in the selection.
pub(super) fn chosen(gathering: &Gathering<'_>) -> Result<Vec<Measurement>, ExportError> {
    let ids: Vec<i64> = if gathering.request.measurements.is_empty() {
        newest(gathering)?
    } else {
        gathering.request.measurements.iter().map(|id| id.0).collect()
    };
    if ids.is_empty() {
        return Err(gathering.nothing());
    }
    if ids.len() > MOST_CURVES {
        return Err(Refusal::new(
            "too_many_curves",
            format!("{} curves in one figure cannot be told apart.", ids.len()),
            format!("Choose electrodes and frequencies, so that there are at most {MOST_CURVES}."),
        )
        .into());
    }
    let session = gathering.row.summary.session;
    ids.into_iter()
        .map(|id| {
            let measurement = gathering.store.measurement(id)?.measurement;
            if measurement.session == Some(session) {
                return Ok(measurement);
            }
            Err(Refusal::new(
                "no_such_measurement",
                format!(
                    "Measurement {id} belongs to another session than \"{}\".",
                    gathering.row.summary.name
                ),
                "Choose a measurement of this session.",
            )
            .into())
        })
        .collect()
}

/// The one measurement of a figure that shows no more, and its numbers of the figure's technique; `what` it must hold.
pub(super) fn chosen_one<T>(
    gathering: &Gathering<'_>,
    what: &str,
    numbers: fn(&Measurement) -> Option<T>,
) -> Result<(Measurement, T), ExportError> {
    let mut chosen = chosen(gathering)?;
    let count = chosen.len();
    let Some(last) = chosen.pop() else {
        return Err(gathering.nothing());
    };
    let Some(own) = numbers(&last) else {
        return Err(Refusal::new(
            "wrong_figure_kind",
            format!("{} holds no {what}.", last.file),
            "Choose the figure of its technique: sweep, cv or ca.",
        )
        .into());
    };
    if count > 1 {
        return Err(Refusal::new(
            "too_many_curves",
            format!("This figure shows one curve, not {count}."),
            "Choose one electrode or one measurement.",
        )
        .into());
    }
    Ok((last, own))
}

fn newest(gathering: &Gathering<'_>) -> Result<Vec<i64>, ExportError> {
    let mut rows = gathering.series(false)?;
    rows.retain(|row| row.status != "failed");
    if gathering.request.selection.electrodes.is_empty() {
        let first = rows.iter().map(|row| row.electrode).min();
        rows.retain(|row| Some(row.electrode) == first);
    }
    Ok(newest_of_each(&rows))
}

/// The newest measurement of each electrode and frequency, with whichever peak it has: the first of them where there are several.
fn newest_of_each(rows: &[SeriesRow]) -> Vec<i64> {
    let mut newest = BTreeMap::new();
    for row in rows {
        // Positive numbers have the order of their bits.
        let place = (row.electrode, row.frequency_hz.unwrap_or(0.0).abs().to_bits());
        let this = (row.index, Reverse(row.peak.unwrap_or(1)), row.measurement);
        let kept = newest.entry(place).or_insert(this);
        *kept = (*kept).max(this);
    }
    newest.into_values().map(|(_, _, measurement)| measurement).collect()
}

pub(super) fn curves(gathering: &Gathering<'_>, measurement: &Measurement) -> Result<Columns, ExportError> {
    let query = ColumnQuery::Sweep {
        points: None,
        measurement: measurement.measurement.unwrap_or(MeasurementId(0)),
        settings: None,
    };
    Ok(querying::read_columns(gathering.store, query)?)
}

pub(super) fn peak_of(measurement: &Measurement) -> Option<Peak> {
    Some(Peak {
        potential_v: measurement.peak_potential_v?,
        height_a: measurement.peak_current_a?,
        baseline_a: measurement.baseline_current_a?,
    })
}

/// A column with `None` where a number is missing.
pub(super) fn column(columns: &Columns, name: &str) -> Vec<Option<f64>> {
    let values = columns.column(name).unwrap_or_default();
    values.iter().map(|v| Some(*v).filter(|v| v.is_finite())).collect()
}

/// By what the curves of a figure are told apart.
struct Telling {
    electrodes: bool,
    frequencies: bool,
    indices: bool,
}

impl Telling {
    fn of(chosen: &[Measurement]) -> Self {
        let different = |key: fn(&Measurement) -> u64| chosen.iter().map(key).collect::<BTreeSet<_>>().len() > 1;
        let told = |key: fn(&Measurement) -> (Option<u32>, u64)| {
            chosen.iter().map(key).collect::<BTreeSet<_>>().len() == chosen.len()
        };
        Self {
            electrodes: different(|m| m.electrode.map_or(0, u64::from)),
            frequencies: different(|m| m.frequency_hz.unwrap_or(0.0).to_bits()),
            indices: !told(|m| (m.electrode, m.frequency_hz.unwrap_or(0.0).to_bits())),
        }
    }

    fn label(&self, m: &Measurement) -> String {
        let mut words = Vec::new();
        if self.electrodes || !(self.frequencies || self.indices) {
            words.push(electrode_label(m.electrode));
        }
        if let Some(hz) = m.frequency_hz.filter(|_| self.frequencies) {
            words.push(frequency_label(hz));
        }
        if self.indices {
            words.push(m.index.map_or_else(|| m.file.clone(), |index| format!("File {index}")));
        }
        words.join(", ")
    }

    fn colour(&self, m: &Measurement, place: usize, count: usize) -> Colour {
        match m.frequency_hz {
            // What neither electrode nor frequency tells apart has its place in the order.
            _ if self.indices || (self.electrodes && self.frequencies) => {
                Colour::Order(place as f64 / count.saturating_sub(1).max(1) as f64)
            }
            Some(hz) if self.frequencies => Colour::Frequency(hz),
            _ => Colour::Electrode(m.electrode),
        }
    }
}

fn trace(columns: &Columns, m: &Measurement, how: &Telling, place: usize, count: usize) -> Trace {
    let end = |name: &str| columns.about.get(name)?.get("potential_v")?.as_f64();
    Trace {
        label: how.label(m),
        colour: how.colour(m, place, count),
        potential_v: columns.column("potential_v").unwrap_or_default().to_vec(),
        raw_a: column(columns, "raw_a"),
        smoothed_a: column(columns, "smoothed_a"),
        baseline_a: column(columns, "baseline_a"),
        baseline_v: end("baseline_left").zip(end("baseline_right")),
        peak: peak_of(m),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::series::{series_row, tests::measurement};

    fn row(id: i64, index: u32, peak: Option<u32>) -> SeriesRow {
        let mut measured = measurement(1, 15.0, index, Some(1e-7));
        measured.peak = peak;
        SeriesRow {
            measurement: id,
            ..series_row(&measured)
        }
    }

    /// The newest sweep was passed over, and an older one drawn, where only its second peak was found.
    #[test]
    fn the_newest_sweep_is_taken_also_when_only_its_second_peak_was_found() {
        let both = [row(1, 1, Some(1)), row(2, 1, Some(2))];
        assert_eq!(newest_of_each(&both), [1]);
        let [first, second] = both;
        assert_eq!(newest_of_each(&[first, second, row(3, 2, Some(2))]), [3]);
        assert_eq!(newest_of_each(&[row(4, 3, None), row(3, 2, Some(1))]), [4]);
    }
}
