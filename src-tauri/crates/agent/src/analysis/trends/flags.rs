//! Outlier flags on the response.

use protocol::settings::{MeasuredResponse, TrendSettings};
use voltammetry::trend::{OutlierFlag, OutlierSettings, outlier_flags};

use super::TrendRow;

/// Flags rows of one electrode in ascending index. The neighbours of a row are looked for among the rows at most one window away, so that a
/// flag is the same whatever part of the series is asked for.
pub fn flag(rows: &mut [TrendRow], response: MeasuredResponse, settings: &TrendSettings) {
    let window = settings.outlier_window as usize;
    let own = OutlierSettings {
        window,
        threshold: settings.outlier_threshold,
        ..OutlierSettings::default()
    };
    let values: Vec<Option<f64>> = rows.iter().map(|row| row.response(response)).collect();
    for (k, row) in rows.iter_mut().enumerate() {
        let from = k.saturating_sub(window);
        let around = values.get(from..values.len().min(k + window + 1)).unwrap_or_default();
        let here = k - from;
        match outlier_flags(around, here..here + 1, &own).first() {
            Some(OutlierFlag::Agrees) => row.outlier = Some(false),
            Some(OutlierFlag::StandsOut { deviations, .. }) => {
                row.outlier = Some(true);
                row.outlier_deviations = Some(*deviations).filter(|number| number.is_finite());
            }
            Some(OutlierFlag::TooFewNeighbours | OutlierFlag::NoValue) | None => {}
        }
    }
}
