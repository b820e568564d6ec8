//! The time axis: one source for the whole series, so that one axis never mixes two clocks (`voltammetry::trend::series_times`, decided here
//! from what the store knows without reading the series).

use std::collections::BTreeMap;

use protocol::measurement::TimeSource;
use protocol::settings::{Settings, TrendTimes};

use super::series::{KnownTimes, Series};
use crate::clock;
use crate::store::SeriesRow;

/// Indices that are read at a time while a scan with a time is looked for.
const MOST_INDICES: u32 = 1_000;

/// The time axis of a series.
#[derive(Debug, Clone, Copy)]
pub struct TimeAxis {
    /// Where times come from.
    pub source: TimeSource,
    first_index: u32,
    interval_s: f64,
    start_s: Option<f64>,
}

/// The time of one scan: for people, and in seconds since 1970 on the axis' clock.
#[derive(Debug, Clone, Default)]
pub struct ScanTime {
    /// RFC 3339.
    pub text: Option<String>,
    /// Absent where the axis counts indices.
    pub at_s: Option<f64>,
}

impl TimeAxis {
    /// Decides the axis.
    ///
    /// # Errors
    /// The series cannot be read.
    pub fn of<S: Series>(settings: &Settings, series: &S) -> Result<Self, S::Error> {
        let source = match settings.trend.times {
            TrendTimes::Auto => best(series.known_times()?),
            TrendTimes::File => TimeSource::File,
            TrendTimes::Modified => TimeSource::Modified,
            TrendTimes::Interval => TimeSource::Interval,
        };
        let first_index = series.first_index()?;
        let mut axis = Self {
            source,
            first_index: first_index.unwrap_or(0),
            interval_s: settings.trend.sampling_interval_s,
            start_s: None,
        };
        if let Some(first) = first_index.filter(|_| source != TimeSource::Interval) {
            axis.start_s = axis.first_time_s(series, first)?;
        }
        Ok(axis)
    }

    /// Time of the first scan that has one. Mostly that is the first scan; where files are told to state their time and the first ones do
    /// not, more and more of the series is read until one does.
    fn first_time_s<S: Series>(&self, series: &S, first: u32) -> Result<Option<f64>, S::Error> {
        let (mut from, mut to, mut count) = (first, first, 1_u32);
        loop {
            let rows = series.rows(from, to, self.needs_modified())?;
            let mut times: BTreeMap<Option<u32>, f64> = BTreeMap::new();
            for row in rows.iter().filter(|row| row.status != "failed") {
                if let Some(at_s) = self.scan_time(row).at_s {
                    let earliest = times.entry(row.index).or_insert(at_s);
                    *earliest = earliest.min(at_s);
                }
            }
            if let Some((_, at_s)) = times.first_key_value() {
                return Ok(Some(*at_s));
            }
            count = count.saturating_mul(2).min(MOST_INDICES);
            let next = series.after(to, count)?;
            if next == to {
                return Ok(None);
            }
            (from, to) = (to.saturating_add(1), next);
        }
    }

    /// Whether scans have a time on it, rather than counting indices.
    pub fn has_clock(&self) -> bool {
        self.source != TimeSource::Interval
    }

    /// Whether modification times have to be read beside the measurements' own.
    pub fn needs_modified(&self) -> bool {
        self.source == TimeSource::Modified
    }

    /// The time of a measurement by this axis' source.
    pub fn scan_time(&self, row: &SeriesRow) -> ScanTime {
        let is = |source| row.time_source == Some(source);
        let text = match self.source {
            TimeSource::File => row.time.clone().filter(|_| is(TimeSource::File)),
            TimeSource::Modified if is(TimeSource::Modified) => row.time.clone(),
            TimeSource::Modified => row.modified_ns.and_then(clock::from_nanoseconds),
            TimeSource::Interval => {
                return ScanTime {
                    text: row.time.clone(),
                    at_s: None,
                };
            }
        };
        let at_s = text.as_deref().and_then(clock::seconds);
        ScanTime { text, at_s }
    }

    /// Seconds since the first scan.
    pub fn elapsed_s(&self, index: u32, time: &ScanTime) -> Option<f64> {
        match self.source {
            TimeSource::Interval => Some((f64::from(index) - f64::from(self.first_index)) * self.interval_s),
            TimeSource::File | TimeSource::Modified => Some(time.at_s? - self.start_s?),
        }
    }
}

/// The best source that every usable measurement has. Modification times are known of every file that is kept, also of those that state a
/// time of their own.
fn best(known: KnownTimes) -> TimeSource {
    match known {
        KnownTimes { none: true, .. } => TimeSource::Interval,
        KnownTimes { modified: true, .. } => TimeSource::Modified,
        KnownTimes { file: true, .. } => TimeSource::File,
        KnownTimes { .. } => TimeSource::Interval,
    }
}

/// Its word.
pub fn code(source: TimeSource) -> &'static str {
    match source {
        TimeSource::File => "file",
        TimeSource::Modified => "modified",
        TimeSource::Interval => "interval",
    }
}
