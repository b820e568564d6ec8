//! From measurements to scans: one electrode's values at one index, both frequencies side by side.

use std::collections::{BTreeMap, BTreeSet};

use protocol::settings::{Quantity, Settings};
use voltammetry::trend::{TrendPoint, TrendReason};

use super::times::{ScanTime, TimeAxis};
use crate::store::SeriesRow;

/// Missing indices in a row that are listed one by one. More are not pauses but a numbering that jumps (a date, a clock time in
/// a name). Each gap is judged by itself, so that it is the same in every part of the series, and an answer is never longer than
/// this many times what was measured.
const LONGEST_LISTED_GAP: u32 = 100;

/// The low and the high frequency of a session: as set, else the lowest and the highest that were measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Hz; none while nothing was measured.
    pub low_hz: Option<f64>,
    /// Hz.
    pub high_hz: Option<f64>,
}

impl Pair {
    /// By the settings and what was measured (ascending).
    pub fn of(settings: &Settings, measured_hz: &[f64]) -> Self {
        let given = |value: f64| (value > 0.0).then_some(value);
        Self {
            low_hz: given(settings.trend.low_frequency_hz).or_else(|| measured_hz.first().copied()),
            high_hz: given(settings.trend.high_frequency_hz).or_else(|| measured_hz.last().copied()),
        }
    }

    /// Whether there are two of them.
    pub fn is_pair(&self) -> bool {
        self.low_hz != self.high_hz
    }

    /// A point without what does not apply to it: one frequency over itself is 1 whatever was measured, so it has neither
    /// ratio nor KDM, and needs no reason for their absence.
    pub fn applicable(&self, point: TrendPoint) -> TrendPoint {
        if self.is_pair() {
            return point;
        }
        let of_both = matches!(
            point.reason,
            Some(TrendReason::DivisionByZero | TrendReason::NotNormalized)
        );
        TrendPoint {
            ratio: None,
            kdm: None,
            reason: point.reason.filter(|_| !(of_both && point.normalized_low.is_some())),
            ..point
        }
    }
}

/// The values of one electrode at one index.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    /// At the low frequency.
    pub low: Option<f64>,
    /// At the high frequency.
    pub high: Option<f64>,
    /// When.
    pub time: ScanTime,
}

/// Scans of some range, by electrode and index.
#[derive(Debug, Default)]
pub struct Scans {
    /// By electrode; an averaged trace has none.
    pub electrodes: BTreeMap<Option<u32>, BTreeMap<u32, Scan>>,
    /// Every index that has any measurement, failed ones included.
    indices: BTreeSet<u32>,
}

impl Scans {
    /// Sorts measurements into scans. Excluded points, failed ones and duplicates of an index count as missing.
    pub fn of(settings: &Settings, pair: Pair, axis: &TimeAxis, rows: &[SeriesRow]) -> Self {
        let value = |row: &SeriesRow| {
            let usable = !row.excluded
                && row.reason.as_deref() != Some("duplicate_index")
                && row.peak.is_none_or(|peak| peak == settings.trend.peak);
            let number = match settings.peak.quantity {
                Quantity::Height => row.peak_current_a,
                Quantity::Area => row.area_va,
            };
            number.filter(|_| usable)
        };
        let mut scans = Self::default();
        for row in rows {
            let Some(index) = row.index else { continue };
            scans.indices.insert(index);
            // The failed measurement of a whole file has no electrode and belongs to none.
            if row.electrode.is_none() && !settings.electrodes.average {
                continue;
            }
            let of_electrode = scans.electrodes.entry(row.electrode).or_default();
            let scan = of_electrode.entry(index).or_default();
            if scan.time.text.is_none() {
                scan.time = axis.scan_time(row);
            }
            if row.frequency_hz == pair.low_hz {
                scan.low = scan.low.or(value(row));
            }
            if row.frequency_hz == pair.high_hz {
                scan.high = scan.high.or(value(row));
            }
        }
        scans
    }

    /// The indices and those that are missing between them.
    pub fn indices_with_gaps(&self) -> Vec<u32> {
        let mut all: Vec<u32> = Vec::with_capacity(self.indices.len());
        for &index in &self.indices {
            if let Some(&before) = all.last()
                && index - before - 1 <= LONGEST_LISTED_GAP
            {
                all.extend(before + 1..index);
            }
            all.push(index);
        }
        all
    }
}
