//! Outlier flags on the response.

use protocol::settings::{MeasuredResponse, TrendSettings};
use voltammetry::trend::{OutlierFlag, OutlierSettings, outlier_flags};

use super::TrendRow;

/// Flags rows of one electrode in ascending index. The neighbours of a row are the numbers around it: rows without one, as of an index that
/// another electrode has, are no neighbours, however many there are.
pub fn flag(rows: &mut [TrendRow], response: MeasuredResponse, settings: &TrendSettings) {
    let own = OutlierSettings {
        window: settings.outlier_window as usize,
        threshold: settings.outlier_threshold,
        ..OutlierSettings::default()
    };
    let mut with_number: Vec<&mut TrendRow> = rows
        .iter_mut()
        .filter(|row| row.response(response).is_some_and(f64::is_finite))
        .collect();
    let values: Vec<Option<f64>> = with_number.iter().map(|row| row.response(response)).collect();
    let flags = outlier_flags(&values, 0..values.len(), &own);
    for (row, flag) in with_number.iter_mut().zip(flags) {
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
