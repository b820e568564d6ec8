//! Trends and calibrations of a session.

use protocol::calibration::SessionCalibration;
use protocol::columns::Columns;
use protocol::ids::SessionId;
use protocol::measurement::TimeSource;
use protocol::refusal::Refusal;
use protocol::session::Marker;
use protocol::settings::{CalibrationSettings, CalibrationSource, Settings};

use super::current_settings;
use crate::analysis::{
    Around, Curves, Fitted, KnownTimes, MeanConcentration, Series, TREND_COLUMNS, TimeAxis, TrendRow,
    mean_concentrations, trend_rows,
};
use crate::clock;
use crate::store::{SeriesRow, Store, StoreError};

/// The measurements of a session in the store.
struct StoredSeries<'a> {
    store: &'a Store,
    row: i64,
}

impl Series for StoredSeries<'_> {
    type Error = StoreError;

    fn rows(&self, first: u32, last: u32, modified: bool) -> Result<Vec<SeriesRow>, StoreError> {
        self.store.series_by_index(self.row, first, last, modified)
    }

    fn frequencies_hz(&self) -> Result<Vec<f64>, StoreError> {
        Ok(self.store.electrodes_and_frequencies(self.row)?.1)
    }

    fn electrodes(&self) -> Result<Vec<u32>, StoreError> {
        Ok(self.store.electrodes_and_frequencies(self.row)?.0)
    }

    fn first_index(&self) -> Result<Option<u32>, StoreError> {
        self.store.first_index(self.row)
    }

    fn before(&self, index: u32, count: u32) -> Result<u32, StoreError> {
        self.store.index_before(self.row, index, count)
    }

    fn after(&self, index: u32, count: u32) -> Result<u32, StoreError> {
        self.store.index_after(self.row, index, count)
    }

    fn known_times(&self) -> Result<KnownTimes, StoreError> {
        Ok(KnownTimes {
            file: self.store.has_time_source(self.row, Some(TimeSource::File))?,
            modified: self.store.has_time_source(self.row, Some(TimeSource::Modified))?,
            none: self.store.has_time_source(self.row, None)?,
        })
    }

    fn markers(&self) -> Result<Vec<Marker>, StoreError> {
        self.store.markers(self.row)
    }
}

/// Trend rows of a session's indices `first..=last` (0 = open end), for every door.
///
/// # Errors
/// No such session, and what the store reports.
pub fn trends(store: &Store, session: SessionId, first: u32, last: u32) -> Result<Vec<TrendRow>, StoreError> {
    let row = store.session(session)?.row;
    let settings = current_settings(store, session)?;
    trend_rows(&settings, &StoredSeries { store, row }, first, last)
}

/// The binding curves of a session: by its own settings, or by another calibration that is tried.
///
/// # Errors
/// No such session, a calibration that cannot be, and what the store reports.
pub fn calibrations(
    store: &Store,
    session: SessionId,
    tried: Option<&CalibrationSettings>,
) -> Result<Vec<SessionCalibration>, Refusal> {
    let row = store.session(session)?.row;
    let settings = current_settings(store, session)?;
    if let Some(tried) = tried {
        tried.check().map_err(|error| error.to_refusal())?;
    }
    Ok(curves(store, row, &settings, tried)?)
}

/// The binding curves of a session by these settings; none where there is no calibration.
///
/// # Errors
/// What the store reports.
pub(crate) fn curves(
    store: &Store,
    row: i64,
    settings: &Settings,
    tried: Option<&CalibrationSettings>,
) -> Result<Vec<SessionCalibration>, StoreError> {
    let calibration = tried.unwrap_or(&settings.calibration);
    if calibration.source == CalibrationSource::Off {
        return Ok(Vec::new());
    }
    let series = StoredSeries { store, row };
    let fitted = Fitted::of(settings, &series)?;
    let curves = Curves::of(calibration, &fitted, &series)?;
    Ok(curves.map_or_else(Vec::new, |curves| curves.told(&fitted, calibration.confidence)))
}

/// The mean concentration over the electrodes of these trend rows of a session; none without a calibration.
///
/// # Errors
/// What the store reports.
pub(crate) fn concentrations_over_electrodes(
    store: &Store,
    row: i64,
    settings: &Settings,
    rows: &[TrendRow],
    around: Around,
) -> Result<Vec<MeanConcentration>, StoreError> {
    let series = StoredSeries { store, row };
    let fitted = Fitted::of(settings, &series)?;
    let curves = Curves::of(&settings.calibration, &fitted, &series)?;
    Ok(curves.map_or_else(Vec::new, |curves| mean_concentrations(rows, &curves, &fitted, around)))
}

/// The time axis of a session's trends, for whoever draws measurements on it.
///
/// # Errors
/// What the store reports.
pub(crate) fn time_axis(store: &Store, row: i64, settings: &Settings) -> Result<TimeAxis, StoreError> {
    TimeAxis::of(settings, &StoredSeries { store, row })
}

/// Trend rows as columns of numbers.
pub(super) fn columns(session: SessionId, rows: &[TrendRow]) -> Columns {
    let mut reasons: Vec<&str> = rows.iter().filter_map(|row| row.reason.as_deref()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    let about = serde_json::json!({
        "session": session,
        "time_source": rows.first().map(|row| row.time_source),
        "reasons": reasons,
    });
    let flag = |value: bool| f64::from(u8::from(value));
    let mut columns = Columns::new(&TREND_COLUMNS, about);
    for row in rows {
        let reason = row
            .reason
            .as_deref()
            .and_then(|reason| reasons.binary_search(&reason).ok());
        columns.push(&[
            row.electrode.map(f64::from),
            Some(f64::from(row.index)),
            row.x,
            row.normalized_low,
            row.normalized_high,
            row.ratio,
            row.kdm,
            row.drift_corrected,
            row.concentration_m,
            row.concentration_low_m,
            row.concentration_high_m,
            row.range_code(),
            row.outlier.map(flag),
            row.time.as_deref().and_then(clock::seconds),
            Some(flag(row.time_not_later)),
            reason.map(|position| position as f64),
        ]);
    }
    columns
}
