//! Trends of a session: pairing of frequencies, references, and the numbers of [`voltammetry::trend`].

use std::collections::{BTreeMap, BTreeSet};

use protocol::settings::{Kdm, PeakMethod, Quantity, Settings, TrendX};
use serde::Serialize;
use voltammetry::trend::{self, MissingReference, Reference, TrendInput, TrendSettings};

use super::replicates::{Spread, grouped};
use crate::clock;
use crate::store::SeriesRow;

/// Missing indices that are listed one by one in an answer. More are not pauses but a numbering that jumps (a date, a clock
/// time in a name), and could be more than memory holds.
const MOST_LISTED_GAPS: u32 = 10_000;

/// Names of the columns of a trends table.
pub const TREND_COLUMNS: [&str; 7] = [
    "electrode",
    "index",
    "x",
    "normalized_low",
    "normalized_high",
    "ratio",
    "kdm",
];

/// One trend point of one electrode, as `sacmes trends` prints it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrendRow {
    /// Electrode; null for an averaged trace.
    pub electrode: Option<u32>,
    /// File number.
    pub index: u32,
    /// RFC 3339, of the first file at this index; null where there is none.
    pub time: Option<String>,
    /// Position on the axis: index, or seconds since the session's first file.
    pub x: Option<f64>,
    /// Low frequency over its reference, corrected.
    pub normalized_low: Option<f64>,
    /// High frequency over its reference.
    pub normalized_high: Option<f64>,
    /// High over low.
    pub ratio: Option<f64>,
    /// Per cent.
    pub kdm: Option<f64>,
    /// Not computed by this version.
    pub drift_corrected: Option<f64>,
    /// Not computed by this version.
    pub concentration_m: Option<f64>,
    /// Not computed by this version.
    pub out_of_range: Option<bool>,
    /// Why a number is missing.
    pub reason: Option<String>,
    /// The spread of a group of replicates; absent where there are no groups.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub spread: Option<Spread>,
}

/// The low and the high frequency of a session: as set, else the lowest and the highest that were measured.
pub fn pair_of_frequencies(settings: &Settings, measured_hz: &[f64]) -> (Option<f64>, Option<f64>) {
    let given = |value: f64| (value > 0.0).then_some(value);
    let low = given(settings.trend.low_frequency_hz).or_else(|| measured_hz.first().copied());
    let high = given(settings.trend.high_frequency_hz).or_else(|| measured_hz.last().copied());
    (low, high)
}

#[derive(Default)]
struct Cell {
    low: Option<f64>,
    high: Option<f64>,
    time: Option<String>,
}

/// Trend rows of the indices `first..=last` (`rows` holds their measurements), per electrode.
///
/// `references` holds the measurements at the reference index. Excluded points, failed ones and duplicates of an index
/// count as missing. An index without any measurement gives a row with the reason `index_missing`, unless there are more
/// than ten thousand in all.
pub fn trend_rows(
    settings: &Settings,
    measured_hz: &[f64],
    rows: &[SeriesRow],
    references: &[SeriesRow],
    started: Option<f64>,
) -> Vec<TrendRow> {
    let (low_hz, high_hz) = pair_of_frequencies(settings, measured_hz);
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
    let mut electrodes: BTreeMap<Option<u32>, BTreeMap<u32, Cell>> = BTreeMap::new();
    let mut indices = BTreeSet::new();
    for row in rows {
        let Some(index) = row.index else { continue };
        indices.insert(index);
        // The failed measurement of a whole file has no electrode and belongs to none.
        if row.electrode.is_none() && !settings.electrodes.average {
            continue;
        }
        let cell = electrodes.entry(row.electrode).or_default().entry(index).or_default();
        if cell.time.is_none() {
            cell.time.clone_from(&row.time);
        }
        if row.frequency_hz == low_hz {
            cell.low = cell.low.or(value(row));
        }
        if row.frequency_hz == high_hz {
            cell.high = cell.high.or(value(row));
        }
    }
    let own = TrendSettings {
        kdm: match settings.trend.kdm {
            Kdm::Difference => trend::Kdm::Difference,
            Kdm::DifferenceOverAverage => trend::Kdm::DifferenceOverAverage,
        },
        missing_reference: match settings.peak.method {
            PeakMethod::SacmesWeb => MissingReference::FactorOne,
            _ => MissingReference::NoNumber,
        },
        low_offset: settings.trend.low_offset,
        low_slope: settings.trend.low_slope,
    };
    let indices = with_gaps(&indices);
    let mut trends = Vec::new();
    for (electrode, cells) in electrodes {
        let reference = if settings.trend.normalize_to < 0 {
            Reference::Off
        } else {
            let at = |hz: Option<f64>| {
                references
                    .iter()
                    .filter(|r| r.electrode == electrode && r.frequency_hz == hz)
                    .find_map(value)
            };
            Reference::At {
                low: at(low_hz),
                high: at(high_hz),
            }
        };
        let begin = trends.len();
        for &index in &indices {
            let Some(cell) = cells.get(&index) else {
                trends.push(missing(electrode, index, position(settings, index, None, started)));
                continue;
            };
            let x = position(settings, index, cell.time.as_deref(), started);
            let input = TrendInput {
                index,
                x: x.unwrap_or(f64::NAN),
                low: cell.low,
                high: cell.high,
            };
            let Some(point) = trend::trends(&[input], reference, &own).pop() else {
                continue;
            };
            trends.push(TrendRow {
                time: cell.time.clone(),
                normalized_low: point.normalized_low,
                normalized_high: point.normalized_high,
                ratio: point.ratio,
                kdm: point.kdm,
                reason: point.reason.map(|r| r.code().to_owned()),
                ..missing(electrode, index, x)
            });
        }
        if settings.trend.replicates > 1 {
            let groups = grouped(&trends[begin..], settings.trend.replicates);
            trends.truncate(begin);
            trends.extend(groups);
        }
    }
    trends
}

/// The indices and those that are missing between them.
fn with_gaps(indices: &BTreeSet<u32>) -> Vec<u32> {
    let mut all = Vec::with_capacity(indices.len());
    let mut left = MOST_LISTED_GAPS;
    for &index in indices {
        if let Some(&before) = all.last()
            && let Some(rest) = left.checked_sub(index - before - 1)
        {
            left = rest;
            all.extend(before + 1..index);
        }
        all.push(index);
    }
    all
}

/// Place on the axis: the index, or seconds since the session's first file.
fn position(settings: &Settings, index: u32, time: Option<&str>, started: Option<f64>) -> Option<f64> {
    match settings.trend.x {
        TrendX::Index => Some(f64::from(index)),
        TrendX::Time => Some(clock::seconds(time?)? - started?),
    }
}

fn missing(electrode: Option<u32>, index: u32, x: Option<f64>) -> TrendRow {
    TrendRow {
        electrode,
        index,
        time: None,
        x,
        normalized_low: None,
        normalized_high: None,
        ratio: None,
        kdm: None,
        drift_corrected: None,
        concentration_m: None,
        out_of_range: None,
        reason: Some("index_missing".to_owned()),
        spread: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(electrode: u32, hz: f64, index: u32, height: Option<f64>) -> SeriesRow {
        SeriesRow {
            measurement: i64::from(index),
            electrode: Some(electrode),
            frequency_hz: Some(hz),
            index: Some(index),
            time: Some(format!("2026-01-01T00:00:{index:02}Z")),
            status: "ok".to_owned(),
            reason: None,
            peak_current_a: height,
            peak_potential_v: None,
            baseline_current_a: None,
            area_va: None,
            charge_c: None,
            fwhm_v: None,
            snr: None,
            quality: None,
            excluded: false,
            revision: 1,
            segment: None,
            peak: None,
            more: None,
        }
    }

    #[test]
    fn a_window_of_a_session_is_normalised_to_a_reference_outside_of_it() {
        let references = [row(1, 15.0, 1, Some(5e-7)), row(1, 200.0, 1, Some(6e-7))];
        let rows = [row(1, 15.0, 4, Some(4.7e-7)), row(1, 200.0, 4, Some(6.3e-7))];
        let trends = trend_rows(&Settings::default(), &[15.0, 200.0], &rows, &references, None);
        assert_eq!(trends.len(), 1);
        assert!((trends[0].kdm.unwrap() - 111.0).abs() < 1e-9);
    }

    #[test]
    fn gaps_excluded_points_and_duplicates_have_reasons() {
        let mut excluded = row(1, 200.0, 3, Some(6e-7));
        excluded.excluded = true;
        let mut duplicate = row(1, 15.0, 1, Some(9.0));
        duplicate.reason = Some("duplicate_index".to_owned());
        let first = [row(1, 15.0, 1, Some(5e-7)), row(1, 200.0, 1, Some(6e-7)), duplicate];
        let mut rows = first.to_vec();
        rows.extend([row(1, 15.0, 3, Some(5e-7)), excluded]);
        let trends = trend_rows(&Settings::default(), &[15.0, 200.0], &rows, &first, None);
        let reasons: Vec<_> = trends.iter().map(|t| t.reason.as_deref()).collect();
        assert_eq!(reasons, [None, Some("index_missing"), Some("no_high_value")]);
        assert_eq!(trends[0].normalized_low, Some(1.0));
    }

    #[test]
    fn replicates_are_one_point_with_their_spread() {
        let heights = [(1, 5e-7), (2, 5.5e-7), (3, 6e-7), (5, 4e-7)];
        let rows: Vec<_> = heights
            .iter()
            .map(|(index, height)| row(1, 15.0, *index, Some(*height)))
            .collect();
        let mut settings = Settings::default();
        settings.trend.replicates = 2;
        let trends = trend_rows(&settings, &[15.0], &rows, &rows[..1], None);
        assert_eq!(trends.iter().map(|t| t.index).collect::<Vec<_>>(), [1, 3, 5]);
        let low: Vec<f64> = trends.iter().map(|t| t.normalized_low.unwrap()).collect();
        assert!((low[0] - 1.05).abs() < 1e-12 && (low[1] - 1.2).abs() < 1e-12 && (low[2] - 0.8).abs() < 1e-12);
        let spread = trends[0].spread.unwrap();
        assert!(
            (spread.normalized_low_sd.unwrap() - 0.1 / 2.0_f64.sqrt()).abs() < 1e-12,
            "{spread:?}"
        );
        assert_eq!(trends[1].spread.unwrap().normalized_low_sd, None);
        assert_eq!(trends[0].x, Some(1.5));
    }

    #[test]
    fn an_index_from_another_numbering_does_not_fill_the_memory() {
        let rows = [
            row(1, 15.0, 1, Some(5e-7)),
            row(1, 15.0, 3, Some(5e-7)),
            row(1, 15.0, u32::MAX, Some(5e-7)),
        ];
        let trends = trend_rows(&Settings::default(), &[15.0], &rows, &rows[..1], None);
        assert_eq!(trends.iter().map(|t| t.index).collect::<Vec<_>>(), [1, 2, 3, u32::MAX]);
    }

    #[test]
    fn indices_that_are_clock_times_do_not_fill_the_memory_either() {
        let rows: Vec<_> = (0..1_000)
            .map(|k| row(1, 15.0, 1_000_000 + 9_000 * k, Some(5e-7)))
            .collect();
        let trends = trend_rows(&Settings::default(), &[15.0], &rows, &rows[..1], None);
        assert!(
            trends.len() <= rows.len() + MOST_LISTED_GAPS as usize,
            "{}",
            trends.len()
        );
        assert!(rows.iter().all(|row| trends.iter().any(|t| Some(t.index) == row.index)));
    }
}
