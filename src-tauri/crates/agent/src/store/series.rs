//! The numbers of measurements for plots and trends, without their texts.

use protocol::measurement::TimeSource;
use rusqlite::{Connection, OptionalExtension, params};

use super::measurements::optional_word;
use super::more::More;
use super::sessions::word;
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
    /// Where that comes from.
    pub time_source: Option<TimeSource>,
    /// When its file was modified, ns since 1970; absent where it was not asked for.
    pub modified_ns: Option<i64>,
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
            let condition = "session = ?1 AND id > ?2 AND current = 1 ORDER BY id";
            rows_where(connection, false, condition, &[&session, &after])
        })
    }

    /// Numbers of current measurements with an index from `first` to `last`, ascending; `modified`: also when their files were modified.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn series_by_index(
        &self,
        session: i64,
        first: u32,
        last: u32,
        modified: bool,
    ) -> Result<Vec<SeriesRow>, StoreError> {
        let condition = "session = ?1 AND idx BETWEEN ?2 AND ?3 AND current = 1 ORDER BY idx, id";
        self.read(|connection| rows_where(connection, modified, condition, &[&session, &first, &last]))
    }

    /// Index of the `count`-th measured index before `index`, or the first there is; `index` where none is before it.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn index_before(&self, session: i64, index: u32, count: u32) -> Result<u32, StoreError> {
        let of = "SELECT min(idx) FROM (SELECT DISTINCT idx FROM measurements INDEXED BY measurements_by_index
            WHERE session = ?1 AND current = 1 AND idx < ?2 ORDER BY idx DESC LIMIT ?3)";
        Ok(self.found_index(of, session, index, count)?.unwrap_or(index))
    }

    /// The same after it.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn index_after(&self, session: i64, index: u32, count: u32) -> Result<u32, StoreError> {
        let of = "SELECT max(idx) FROM (SELECT DISTINCT idx FROM measurements INDEXED BY measurements_by_index
            WHERE session = ?1 AND current = 1 AND idx > ?2 ORDER BY idx LIMIT ?3)";
        Ok(self.found_index(of, session, index, count)?.unwrap_or(index))
    }

    fn found_index(&self, query: &str, session: i64, index: u32, count: u32) -> Result<Option<u32>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(query)?;
            Ok(statement.query_row(params![session, index, count], |r| r.get(0))?)
        })
    }

    /// Lowest index of a current measurement that did not fail.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn first_index(&self, session: i64) -> Result<Option<u32>, StoreError> {
        self.read(|connection| {
            let first = connection
                .prepare_cached(
                    "SELECT idx FROM measurements INDEXED BY measurements_by_index
                     WHERE session = ?1 AND current = 1 AND idx IS NOT NULL AND status <> 'failed' ORDER BY idx LIMIT 1",
                )?
                .query_row([session], |r| r.get(0))
                .optional()?;
            Ok(first)
        })
    }

    /// Whether any current measurement that did not fail has its time from this source.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn has_time_source(&self, session: i64, source: Option<TimeSource>) -> Result<bool, StoreError> {
        let source = source.as_ref().map(word).transpose()?;
        self.read(|connection| {
            let has = connection
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM measurements
                     WHERE session = ?1 AND time_source IS ?2 AND current = 1 AND status <> 'failed')",
                )?
                .query_row(params![session, source], |r| r.get(0))?;
            Ok(has)
        })
    }

    /// How many current measurements that did not fail have no index.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn measurements_without_index(&self, session: i64) -> Result<u64, StoreError> {
        self.read(|connection| {
            let count: i64 = connection
                .prepare_cached(
                    "SELECT count(*) FROM measurements INDEXED BY measurements_by_index
                     WHERE session = ?1 AND current = 1 AND idx IS NULL AND status <> 'failed'",
                )?
                .query_row([session], |r| r.get(0))?;
            Ok(count.unsigned_abs())
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
    modified: bool,
    condition: &str,
    parameters: &[&dyn rusqlite::ToSql],
) -> Result<Vec<SeriesRow>, StoreError> {
    let modified_ns = if modified {
        "(SELECT c.modified_ns FROM contents c
          WHERE c.file = measurements.file AND c.file_revision = measurements.file_revision)"
    } else {
        "NULL"
    };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT id, electrode, frequency_hz, idx, time, status, reason, peak_current_a, peak_potential_v, baseline_current_a,
             area_va, fwhm_v, snr, quality, excluded, revision, segment, peak, more, time_source, {modified_ns}, charge_c
             FROM measurements WHERE {condition}"
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
            time_source: optional_word(row, 19)?,
            modified_ns: row.get(20)?,
            status: row.get(5)?,
            reason: row.get(6)?,
            peak_current_a: row.get(7)?,
            peak_potential_v: row.get(8)?,
            baseline_current_a: row.get(9)?,
            area_va: row.get(10)?,
            charge_c: row.get(21)?,
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
