//! Outlier flags on the response.

use protocol::session::{Marker, MarkerKind};
use protocol::settings::{CalibrationSettings, CalibrationSource, CalibrationStep, MeasuredResponse, TrendSettings};
use voltammetry::trend::{OutlierFlag, OutlierSettings, outlier_flags};

use super::TrendRow;

/// Flags rows of one electrode in ascending index. The neighbours of a row are the numbers around it: rows without one, as of an index that
/// another electrode has, are no neighbours, however many there are.
///
/// `changes` are the indices at which the concentration is known to change: neighbours beyond one say nothing.
pub fn flag(rows: &mut [TrendRow], response: MeasuredResponse, settings: &TrendSettings, changes: &[u32]) {
    let own = OutlierSettings {
        window: settings.outlier_window as usize,
        threshold: settings.outlier_threshold,
        ..OutlierSettings::default()
    };
    let mut with_number: Vec<&mut TrendRow> = rows
        .iter_mut()
        .filter(|row| row.response(response).is_some_and(f64::is_finite))
        .collect();
    let step = |row: &TrendRow| changes.partition_point(|change| *change <= row.index);
    for rows in with_number.chunk_by_mut(|a, b| step(a) == step(b)) {
        flag_step(rows, response, &own);
    }
}

/// Flags the rows of one step, all of which have a number.
fn flag_step(rows: &mut [&mut TrendRow], response: MeasuredResponse, own: &OutlierSettings) {
    let values: Vec<Option<f64>> = rows.iter().map(|row| row.response(response)).collect();
    let flags = outlier_flags(&values, 0..values.len(), own);
    for (row, flag) in rows.iter_mut().zip(flags) {
        match flag {
            OutlierFlag::Agrees => row.outlier = Some(false),
            OutlierFlag::StandsOut { deviations, .. } => {
                row.outlier = Some(true);
                row.outlier_deviations = Some(deviations).filter(|number| number.is_finite());
            }
            OutlierFlag::TooFewNeighbours | OutlierFlag::NoValue => {}
        }
    }
}

/// Indices at which the concentration is known to change, ascending: at the ends of the steps of a titration, and at the markers of additions.
pub fn changes(settings: &CalibrationSettings, markers: &[Marker]) -> Vec<u32> {
    let is_addition = |marker: &&Marker| marker.concentration_m.is_some() || marker.kind == MarkerKind::Injection;
    let mut changes: Vec<u32> = markers
        .iter()
        .filter(is_addition)
        .map(|marker| marker.index.ceil() as u32)
        .collect();
    if settings.source == CalibrationSource::Steps {
        let ends = |step: &CalibrationStep| [step.first_index, step.last_index.saturating_add(1)];
        changes.extend(settings.steps.iter().flat_map(ends));
    }
    changes.sort_unstable();
    changes.dedup();
    changes
}
