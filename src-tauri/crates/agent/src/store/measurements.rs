//! Measurements in the store.

use protocol::ids::{MeasurementId, SessionId};
use protocol::measurement::{Measurement, Status};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::more::More;
use super::sessions::{from_word, id, row_of, word};
use super::{Store, StoreError, Work};

/// A measurement with its place in the store.
#[derive(Debug, Clone)]
pub struct StoredMeasurement {
    /// What every door sees.
    pub measurement: Measurement,
    /// Row of its file.
    pub file_row: i64,
}

const COLUMNS: &str = "m.id, s.uuid, m.revision, f.name, m.file_revision, m.electrode, m.frequency_hz, m.idx, m.time,
    m.time_source, m.method, m.status, m.reason, m.message, m.peak_current_a, m.peak_potential_v, m.baseline_current_a,
    m.area_va, m.charge_c, m.fwhm_v, m.snr, m.polarity, m.quality, m.excluded, m.file,
    m.peak, m.more";
const FROM: &str = "FROM measurements m JOIN files f ON f.id = m.file JOIN sessions s ON s.id = m.session";

pub(super) fn optional_word<T: serde::de::DeserializeOwned>(row: &Row<'_>, k: usize) -> Result<Option<T>, StoreError> {
    row.get::<_, Option<String>>(k)?.as_deref().map(from_word).transpose()
}

fn stored(row: &Row<'_>) -> Result<StoredMeasurement, StoreError> {
    let more = More::parse(row.get::<_, Option<String>>(26)?.as_deref())?.unwrap_or_default();
    let measurement = Measurement {
        measurement: Some(MeasurementId(row.get(0)?)),
        session: Some(id(&row.get::<_, String>(1)?)?),
        revision: Some(row.get(2)?),
        file: row.get(3)?,
        file_revision: row.get(4)?,
        electrode: row.get(5)?,
        frequency_hz: row.get(6)?,
        index: row.get(7)?,
        time: row.get(8)?,
        time_source: optional_word(row, 9)?,
        method: row.get(10)?,
        status: from_word(&row.get::<_, String>(11)?)?,
        reason: row.get(12)?,
        message: row.get(13)?,
        peak_current_a: row.get(14)?,
        peak_potential_v: row.get(15)?,
        baseline_current_a: row.get(16)?,
        area_va: row.get(17)?,
        charge_c: row.get(18)?,
        fwhm_v: row.get(19)?,
        snr: row.get(20)?,
        polarity: optional_word(row, 21)?,
        quality: optional_word(row, 22)?,
        excluded: row.get(23)?,
        marked_by_hand: more.marked_by_hand,
        peak: row.get(25)?,
        peak_current_error_a: more.peak_current_error_a,
        peak_potential_error_v: more.peak_potential_error_v,
        cv: more.cv,
        ca: more.ca,
    };
    Ok(StoredMeasurement {
        measurement,
        file_row: row.get(24)?,
    })
}

impl Work<'_> {
    /// Replaces the measurements of a file by `new` and returns them with their ids. A measurement of the same content
    /// and electrode keeps its id and its exclusion.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn put_measurements(
        &mut self,
        session: i64,
        session_id: SessionId,
        file: i64,
        file_revision: u32,
        revision: u32,
        new: Vec<Measurement>,
    ) -> Result<Vec<Measurement>, StoreError> {
        let before: i64 = self
            .transaction
            .prepare_cached("SELECT count(*) FROM measurements WHERE file = ?1 AND current = 1")?
            .query_row([file], |r| r.get(0))?;
        if file_revision > 1 || before > 0 {
            self.transaction
                .prepare_cached("UPDATE measurements SET current = 0 WHERE file = ?1 AND current = 1")?
                .execute([file])?;
        }
        let mut kept = Vec::with_capacity(new.len());
        for mut measurement in new {
            let known: Option<(i64, bool)> = if before > 0 || file_revision > 1 || revision > 1 {
                self.transaction
                    .prepare_cached(
                        "SELECT id, excluded FROM measurements
                         WHERE file = ?1 AND file_revision = ?2 AND electrode IS ?3 AND segment IS ?4 AND peak IS ?5",
                    )?
                    .query_row(
                        params![
                            file,
                            file_revision,
                            measurement.electrode,
                            measurement.segment(),
                            measurement.peak
                        ],
                        |r| Ok((r.get(0)?, r.get(1)?)),
                    )
                    .optional()?
            } else {
                None
            };
            measurement.session = Some(session_id);
            measurement.revision = Some(revision);
            measurement.file_revision = file_revision;
            measurement.excluded = known.is_some_and(|(_, excluded)| excluded);
            let id = self.put_measurement(session, file, known.map(|(id, _)| id), &measurement)?;
            self.note_axes(session, &measurement)?;
            measurement.measurement = Some(MeasurementId(id));
            kept.push(measurement);
        }
        let change = kept.len() as i64 - before;
        if change != 0 {
            self.transaction
                .prepare_cached("UPDATE sessions SET measurements = measurements + ?2 WHERE id = ?1")?
                .execute([session, change])?;
        }
        Ok(kept)
    }

    /// Notes an electrode and a frequency of a usable measurement.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn note_axes(&mut self, session: i64, m: &Measurement) -> Result<(), StoreError> {
        if m.status != Status::Failed {
            self.transaction
                .prepare_cached("INSERT OR IGNORE INTO axes (session, electrode, frequency_hz) VALUES (?1, ?2, ?3)")?
                .execute(params![session, m.electrode, m.frequency_hz])?;
        }
        Ok(())
    }

    /// Finds a session's electrodes and frequencies anew, after its measurements changed.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn renew_axes(&mut self, session: i64) -> Result<(), StoreError> {
        self.transaction
            .execute("DELETE FROM axes WHERE session = ?1", [session])?;
        self.transaction.execute(
            "INSERT INTO axes (session, electrode, frequency_hz) SELECT DISTINCT session, electrode, frequency_hz
             FROM measurements WHERE session = ?1 AND current = 1 AND status <> 'failed'",
            [session],
        )?;
        Ok(())
    }

    /// Writes a measurement, over the one with the id `known`, and returns its id.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn put_measurement(
        &mut self,
        session: i64,
        file: i64,
        known: Option<i64>,
        m: &Measurement,
    ) -> Result<i64, StoreError> {
        let polarity = m.polarity.as_ref().map(word).transpose()?;
        let quality = m.quality.as_ref().map(word).transpose()?;
        let source = m.time_source.as_ref().map(word).transpose()?;
        let more = More::of(m).map(|more| more.to_text()).transpose()?;
        let id = self
            .transaction
            .prepare_cached(
                "INSERT INTO measurements (id, session, file, file_revision, current, revision, electrode, frequency_hz, idx,
                     time, time_source, method, status, reason, message, peak_current_a, peak_potential_v,
                     baseline_current_a, area_va, charge_c, fwhm_v, snr, polarity, quality, excluded, segment, peak, more)
                 VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
                     ?22, ?23, ?24, ?25, ?26, ?27)
                 ON CONFLICT (id) DO UPDATE SET current = 1, revision = excluded.revision,
                     frequency_hz = excluded.frequency_hz, idx = excluded.idx, time = excluded.time,
                     time_source = excluded.time_source, method = excluded.method, status = excluded.status,
                     reason = excluded.reason, message = excluded.message, peak_current_a = excluded.peak_current_a,
                     peak_potential_v = excluded.peak_potential_v, baseline_current_a = excluded.baseline_current_a,
                     area_va = excluded.area_va, charge_c = excluded.charge_c, fwhm_v = excluded.fwhm_v,
                     snr = excluded.snr, polarity = excluded.polarity, quality = excluded.quality,
                     segment = excluded.segment, peak = excluded.peak, more = excluded.more
                 RETURNING id",
            )?
            .query_row(
                params![
                    known,
                    session,
                    file,
                    m.file_revision,
                    m.revision,
                    m.electrode,
                    m.frequency_hz,
                    m.index,
                    m.time,
                    source,
                    m.method,
                    word(&m.status)?,
                    m.reason,
                    m.message,
                    m.peak_current_a,
                    m.peak_potential_v,
                    m.baseline_current_a,
                    m.area_va,
                    m.charge_c,
                    m.fwhm_v,
                    m.snr,
                    polarity,
                    quality,
                    m.excluded,
                    m.segment(),
                    m.peak,
                    more,
                ],
                |r| r.get(0),
            )?;
        Ok(id)
    }

    /// One measurement, as it is in this transaction.
    ///
    /// # Errors
    /// [`StoreError::NoMeasurement`], and what SQLite reports.
    pub fn measurement(&mut self, measurement: MeasurementId) -> Result<StoredMeasurement, StoreError> {
        one(self.transaction, measurement)
    }

    /// The current measurement of a session in the place of another one: file, electrode, segment, peak.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn current_measurement(&mut self, session: i64, m: &Measurement) -> Result<Option<MeasurementId>, StoreError> {
        let found = self
            .transaction
            .prepare_cached(
                "SELECT m.id FROM measurements m JOIN files f ON f.id = m.file
                 WHERE f.session = ?1 AND f.name = ?2 AND m.current = 1 AND m.electrode IS ?3 AND m.segment IS ?4
                     AND m.peak IS ?5",
            )?
            .query_row(params![session, m.file, m.electrode, m.segment(), m.peak], |r| r.get(0))
            .optional()?;
        Ok(found.map(MeasurementId))
    }

    /// Marks points of a session as left out or taken in; returns those that changed.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn exclude(
        &mut self,
        session: i64,
        measurements: &[MeasurementId],
        excluded: bool,
    ) -> Result<Vec<MeasurementId>, StoreError> {
        let mut changed = Vec::new();
        for measurement in measurements {
            let rows = self
                .transaction
                .prepare_cached(
                    "UPDATE measurements SET excluded = ?3 WHERE id = ?1 AND session = ?2 AND excluded <> ?3",
                )?
                .execute(params![measurement.0, session, excluded])?;
            if rows > 0 {
                changed.push(*measurement);
            }
        }
        Ok(changed)
    }

    /// Notes the time of the newest measured file.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn note_measured(&mut self, session: i64) -> Result<(), StoreError> {
        self.transaction
            .prepare_cached("UPDATE sessions SET last_measured = ?2 WHERE id = ?1")?
            .execute(params![session, self.now])?;
        Ok(())
    }
}

impl Store {
    /// Current measurements of a session after an id, in record order.
    ///
    /// # Errors
    /// [`StoreError::NoSession`], and what SQLite reports.
    pub fn results(&self, session: SessionId, after: i64, limit: u32) -> Result<Vec<Measurement>, StoreError> {
        self.read(|connection| {
            let row = row_of(connection, session)?;
            let sql = format!(
                "SELECT {COLUMNS} {FROM} WHERE m.session = ?1 AND m.id > ?2 AND m.current = 1 ORDER BY m.id LIMIT ?3"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows = statement.query(params![row, after, limit])?;
            let mut measurements = Vec::new();
            while let Some(row) = rows.next()? {
                measurements.push(stored(row)?.measurement);
            }
            Ok(measurements)
        })
    }

    /// One measurement.
    ///
    /// # Errors
    /// [`StoreError::NoMeasurement`], and what SQLite reports.
    pub fn measurement(&self, measurement: i64) -> Result<StoredMeasurement, StoreError> {
        self.read(|connection| one(connection, MeasurementId(measurement)))
    }
}

fn one(connection: &Connection, measurement: MeasurementId) -> Result<StoredMeasurement, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} {FROM} WHERE m.id = ?1"))?;
    let mut rows = statement.query([measurement.0])?;
    rows.next()?
        .map_or(Err(StoreError::NoMeasurement(measurement.0)), stored)
}
