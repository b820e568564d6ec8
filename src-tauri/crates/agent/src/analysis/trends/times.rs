//! The time axis: one source for the whole series, so that one axis never mixes two clocks (`voltammetry::trend::series_times`, decided here
//! from what the store knows without reading the series).

use protocol::measurement::TimeSource;
use protocol::settings::{Settings, TrendTimes};

use super::series::{KnownTimes, Series};
use crate::clock;
use crate::store::SeriesRow;

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
        if let Some(index) = first_index.filter(|_| source != TimeSource::Interval) {
            let rows = series.rows(index, index, axis.needs_modified())?;
            let times = rows.iter().filter(|row| row.status != "failed");
            axis.start_s = times.filter_map(|row| axis.scan_time(row).at_s).min_by(f64::total_cmp);
        }
        Ok(axis)
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
