//! The numbers of measurements for plots and trends, without their texts.

use rusqlite::Connection;

use super::more::More;
use super::{Store, StoreError};

/// The numbers of a measurement that plots and trends need, without its texts.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesRow {
    /// Identity.
    pub measurement: i64,
    /// Electrode; null for an averaged trace.
    pub electrode: Option<u32>,
    /// Frequency, Hz.
    pub frequency_hz: Option<f64>,
    /// File number.
    pub index: Option<u32>,
    /// RFC 3339.
    pub time: Option<String>,
    /// Word of the status.
    pub status: String,
    /// Code.
    pub reason: Option<String>,
    /// Signed height, A.
    pub peak_current_a: Option<f64>,
    /// V.
    pub peak_potential_v: Option<f64>,
    /// A.
    pub baseline_current_a: Option<f64>,
    /// V·A.
    pub area_va: Option<f64>,
    /// C.
    pub charge_c: Option<f64>,
    /// V.
    pub fwhm_v: Option<f64>,
    /// Height over noise.
    pub snr: Option<f64>,
    /// Word of the quality.
    pub quality: Option<String>,
    /// Left out by the user.
    pub excluded: bool,
    /// Settings revision.
    pub revision: u32,
    /// Segment of a cyclic voltammogram.
    pub segment: Option<u32>,
    /// Which of several peaks of one sweep.
    pub peak: Option<u32>,
    /// What only its technique has.
    pub more: Option<Box<More>>,
}

impl Store {
    /// Numbers of current measurements after an id, in record order.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn series(&self, session: i64, after: i64) -> Result<Vec<SeriesRow>, StoreError> {
        self.read(|connection| {
            rows_where(
                connection,
                "session = ?1 AND id > ?2 AND current = 1 ORDER BY id",
                &[&session, &after],
            )
        })
    }

    /// Numbers of current measurements in a range of indices.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn series_by_index(&self, session: i64, first: u32, last: u32) -> Result<Vec<SeriesRow>, StoreError> {
        let last = if last == 0 { u32::MAX } else { last };
        self.read(|connection| {
            rows_where(
                connection,
                "session = ?1 AND idx BETWEEN ?2 AND ?3 AND current = 1 ORDER BY idx, id",
                &[&session, &first, &last],
            )
        })
    }

    /// Highest index of a session's current measurements; none while nothing has an index.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn last_index(&self, session: i64) -> Result<Option<u32>, StoreError> {
        self.read(|connection| {
            let last = connection
                .prepare_cached("SELECT max(idx) FROM measurements WHERE session = ?1 AND current = 1")?
                .query_row([session], |r| r.get(0));
            Ok(last?)
        })
    }

    /// Time of the session's first measurement.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn first_time(&self, session: i64) -> Result<Option<String>, StoreError> {
        self.read(|connection| {
            let first = connection
                .prepare_cached("SELECT min(time) FROM measurements WHERE session = ?1 AND current = 1")?
                .query_row([session], |r| r.get(0));
            Ok(first?)
        })
    }

    /// Electrodes and frequencies that were measured, ascending.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn electrodes_and_frequencies(&self, session: i64) -> Result<(Vec<u32>, Vec<f64>), StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT electrode, frequency_hz FROM axes WHERE session = ?1")?;
            let mut rows = statement.query([session])?;
            let (mut electrodes, mut frequencies) = (Vec::new(), Vec::new());
            while let Some(row) = rows.next()? {
                electrodes.extend(row.get::<_, Option<u32>>(0)?);
                frequencies.extend(row.get::<_, Option<f64>>(1)?);
            }
            electrodes.sort_unstable();
            electrodes.dedup();
            frequencies.sort_by(f64::total_cmp);
            frequencies.dedup();
            Ok((electrodes, frequencies))
        })
    }
}

fn rows_where(
    connection: &Connection,
    condition: &str,
    parameters: &[&dyn rusqlite::ToSql],
) -> Result<Vec<SeriesRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT id, electrode, frequency_hz, idx, time, status, reason, peak_current_a, peak_potential_v, baseline_current_a,
             area_va, fwhm_v, snr, quality, excluded, revision, segment, peak, more, charge_c FROM measurements WHERE {condition}"
    ))?;
    let mut rows = statement.query(parameters)?;
    let mut series = Vec::new();
    while let Some(row) = rows.next()? {
        series.push(SeriesRow {
            measurement: row.get(0)?,
            electrode: row.get(1)?,
            frequency_hz: row.get(2)?,
            index: row.get(3)?,
            time: row.get(4)?,
            status: row.get(5)?,
            reason: row.get(6)?,
            peak_current_a: row.get(7)?,
            peak_potential_v: row.get(8)?,
            baseline_current_a: row.get(9)?,
            area_va: row.get(10)?,
            charge_c: row.get(19)?,
            fwhm_v: row.get(11)?,
            snr: row.get(12)?,
            quality: row.get(13)?,
            excluded: row.get(14)?,
            revision: row.get(15)?,
            segment: row.get(16)?,
            peak: row.get(17)?,
            more: More::parse(row.get::<_, Option<String>>(18)?.as_deref())?.map(Box::new),
        });
    }
    Ok(series)
}
