//! The time axis of a series, decided over the whole series, so that one axis never mixes two clocks.

/// What is known of the time of one scan. Seconds on any fixed clock, for instance since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ScanTime {
    /// When the file says it was recorded.
    pub recorded_s: Option<f64>,
    /// When the file was last modified.
    pub modified_s: Option<f64>,
}

/// Where the times of a series come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeSource {
    /// The files.
    File,
    /// The files' modification times.
    Modified,
    /// The position in the series times the sampling interval.
    Interval,
}

impl TimeSource {
    /// `"file"`, `"modified"` or `"interval"`.
    pub fn code(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Modified => "modified",
            Self::Interval => "interval",
        }
    }
}

/// The time axis of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesTimes {
    /// Where the times come from.
    pub source: TimeSource,
    /// Seconds since the first scan, one for each scan in the order given.
    pub elapsed_s: Vec<f64>,
    /// Scans whose time is not later than that of the scan before: positions in the order given. Copied or unpacked files often
    /// have such modification times. A series with any is not to be trusted as a time axis.
    pub not_later: Vec<usize>,
    /// Scans that lack the time of a better source, which is therefore not used; positions in the order given. Empty where no scan has
    /// one.
    pub lacking: Vec<usize>,
}

/// Why there is no time axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeReason {
    /// No source covers the series, and the sampling interval is not a positive number.
    NoTime,
}

impl TimeReason {
    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoTime => "no_time",
        }
    }

    /// A sentence for people, with what to do next.
    pub fn message(self) -> &'static str {
        match self {
            Self::NoTime => "The files state no times; enter the sampling interval.",
        }
    }
}

impl SeriesTimes {
    /// Whether each scan is later than the one before.
    pub fn is_monotonic(&self) -> bool {
        self.not_later.is_empty()
    }
}

/// Decides the time axis of scans in ascending index: the files' own times where every scan has one, else modification times where every
/// scan has one, else `position * sampling_interval_s`, with the position counted in `indices` (so that a missing scan leaves its gap)
/// from the first.
///
/// # Errors
/// [`TimeReason::NoTime`] if none of the three covers the series.
pub fn series_times(scans: &[(u32, ScanTime)], sampling_interval_s: Option<f64>) -> Result<SeriesTimes, TimeReason> {
    let all = |time: fn(&ScanTime) -> Option<f64>| -> (Option<Vec<f64>>, Vec<usize>) {
        let times: Vec<Option<f64>> = scans
            .iter()
            .map(|(_, scan)| time(scan).filter(|time| time.is_finite()))
            .collect();
        let lacking: Vec<usize> = (0..times.len()).filter(|k| times[*k].is_none()).collect();
        if lacking.len() == times.len() {
            (None, Vec::new())
        } else {
            (times.into_iter().collect(), lacking)
        }
    };
    let (recorded, mut lacking) = all(|scan| scan.recorded_s);
    if let Some(times) = recorded {
        return Ok(series(TimeSource::File, &times, lacking));
    }
    let (modified, lacking_modified) = all(|scan| scan.modified_s);
    if let Some(times) = modified {
        return Ok(series(TimeSource::Modified, &times, lacking));
    }
    lacking.extend(lacking_modified);
    lacking.sort_unstable();
    lacking.dedup();
    let interval = sampling_interval_s
        .filter(|interval| interval.is_finite() && *interval > 0.0)
        .ok_or(TimeReason::NoTime)?;
    let times: Vec<f64> = scans.iter().map(|(index, _)| f64::from(*index) * interval).collect();
    Ok(series(TimeSource::Interval, &times, lacking))
}

fn series(source: TimeSource, times: &[f64], lacking: Vec<usize>) -> SeriesTimes {
    let first = times.first().copied().unwrap_or(0.0);
    let is_later = |k: &usize| times[*k] > times[*k - 1];
    SeriesTimes {
        source,
        elapsed_s: times.iter().map(|time| time - first).collect(),
        not_later: (1..times.len()).filter(|k| !is_later(k)).collect(),
        lacking,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(recorded_s: Option<f64>, modified_s: Option<f64>) -> ScanTime {
        ScanTime { recorded_s, modified_s }
    }

    #[test]
    fn takes_the_best_source_that_every_scan_has() {
        let both = [(1, scan(Some(100.0), Some(9.0))), (2, scan(Some(130.0), Some(9.0)))];
        let times = series_times(&both, Some(20.0)).unwrap();
        assert_eq!(
            (times.source, &times.elapsed_s[..]),
            (TimeSource::File, &[0.0, 30.0][..])
        );
        assert!(times.is_monotonic() && times.lacking.is_empty());

        let one_lacks = [both[0], (2, scan(None, Some(8.0)))];
        let times = series_times(&one_lacks, Some(20.0)).unwrap();
        assert_eq!(
            (times.source, &times.lacking[..], &times.not_later[..]),
            (TimeSource::Modified, &[1][..], &[1][..])
        );
        assert!(!times.is_monotonic());

        let gap = [(3, scan(None, None)), (4, scan(None, Some(1.0))), (7, scan(None, None))];
        let times = series_times(&gap, Some(20.0)).unwrap();
        assert_eq!(
            (times.source, &times.elapsed_s[..]),
            (TimeSource::Interval, &[0.0, 20.0, 80.0][..])
        );
        assert_eq!(times.lacking, [0, 2]);
    }

    #[test]
    fn equal_times_are_not_monotonic_and_no_time_is_said() {
        let copied = [(1, scan(None, Some(5.0))), (2, scan(None, Some(5.0)))];
        assert!(!series_times(&copied, None).unwrap().is_monotonic());
        let nothing = [(1, scan(None, Some(f64::NAN)))];
        for interval in [None, Some(0.0), Some(f64::NAN), Some(-1.0)] {
            assert_eq!(series_times(&nothing, interval), Err(TimeReason::NoTime));
        }
        assert_eq!(series_times(&[], Some(20.0)).unwrap().elapsed_s, [0.0; 0]);
    }
}
