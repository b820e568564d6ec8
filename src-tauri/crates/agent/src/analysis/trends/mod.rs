//! Trends of a session: normalisation, ratio, KDM, drift correction, concentrations, outlier flags and times, by the numbers of
//! [`voltammetry::trend`] and [`voltammetry::calibration`].
//!
//! A part of a series costs what it holds: beside it, only the ranges that the settings name are read (reference, drift, titration), and as many
//! scans around it as a window of the outlier flags has.

mod at_hand;
mod concentrations;
mod fitted;
mod flags;
mod over_electrodes;
mod replicates;
mod scans;
mod series;
mod times;
mod titrations;
mod told;

pub use at_hand::AtHand;
pub use concentrations::{Curves, as_given};
pub use fitted::{Fitted, measured_response};
pub use over_electrodes::{Around, MeanConcentration, mean_concentrations};
pub use replicates::{Spread, first_of_group};
pub use scans::Pair;
pub use series::{KnownTimes, Series};
pub use times::TimeAxis;
pub use told::kept_curve;

use std::collections::BTreeSet;

use protocol::settings::{MeasuredResponse, Settings};
use serde::Serialize;
use voltammetry::calibration::OutOfRange;

use self::replicates::grouped;
use self::scans::{Scan, Scans};

/// Names of the columns of a trends table.
pub const TREND_COLUMNS: [&str; 16] = [
    "electrode",
    "index",
    "x",
    "normalized_low",
    "normalized_high",
    "ratio",
    "kdm",
    "drift_corrected",
    "concentration_m",
    "concentration_low_m",
    "concentration_high_m",
    "out_of_range",
    "outlier",
    "time_s",
    "time_not_later",
    "reason",
];

/// Fields of a row where it is written as a table: those of every row, in the order of the object.
pub const TREND_FIELDS: [&str; 19] = [
    "electrode",
    "index",
    "time",
    "x",
    "normalized_low",
    "normalized_high",
    "ratio",
    "kdm",
    "drift_corrected",
    "concentration_m",
    "concentration_low_m",
    "concentration_high_m",
    "out_of_range",
    "range_flag",
    "outlier",
    "outlier_deviations",
    "time_source",
    "time_not_later",
    "reason",
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
    /// Position on the axis: index, or seconds since the first scan.
    pub x: Option<f64>,
    /// Low frequency over its reference, corrected.
    pub normalized_low: Option<f64>,
    /// High frequency over its reference.
    pub normalized_high: Option<f64>,
    /// High over low.
    pub ratio: Option<f64>,
    /// Per cent.
    pub kdm: Option<f64>,
    /// The response without drift, in its unit; null where drift is not corrected.
    pub drift_corrected: Option<f64>,
    /// mol/L.
    pub concentration_m: Option<f64>,
    /// Lower end of its interval; 0 where the response cannot be told from the blank.
    pub concentration_low_m: Option<f64>,
    /// Upper end; null where there is none, because the response cannot be told from saturation.
    pub concentration_high_m: Option<f64>,
    /// Whether the concentration is not to be relied on; null without a calibration or a response.
    pub out_of_range: Option<bool>,
    /// How it is out of range: `below_minimum`, `above_maximum`, `below_calibrated` or `above_calibrated`.
    pub range_flag: Option<&'static str>,
    /// Whether the response stands out from its neighbours; null where that cannot be said or is not asked for.
    pub outlier: Option<bool>,
    /// By how many of their deviations, where it does.
    pub outlier_deviations: Option<f64>,
    /// Where times come from, the same for the whole series: `file`, `modified` or `interval`.
    pub time_source: &'static str,
    /// The scan is not later than the one before: the times cannot be trusted.
    pub time_not_later: bool,
    /// Why a number is missing.
    pub reason: Option<String>,
    /// The spread of a group of replicates; absent where there are no groups.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub spread: Option<Spread>,
}

impl TrendRow {
    /// The response among its numbers.
    pub fn response(&self, response: MeasuredResponse) -> Option<f64> {
        fitted::among(
            response,
            self.normalized_low,
            self.normalized_high,
            self.ratio,
            self.kdm,
        )
    }

    /// The code of `out_of_range` in columns of numbers: negative on the side of the blank, 0 in range, 2 where there is no concentration.
    pub fn range_code(&self) -> Option<f64> {
        match self.range_flag {
            None => self.out_of_range.map(|_| 0.0),
            Some("below_minimum") => Some(-2.0),
            Some("below_calibrated") => Some(-1.0),
            Some("above_calibrated") => Some(1.0),
            Some(_) => Some(2.0),
        }
    }
}

/// Trend rows of the indices `first..=last` (0 = open end), per electrode: of every electrode that the series has, so that a part is what the
/// whole holds there.
///
/// An index without any measurement gives a row with the reason `index_missing`, unless more than a hundred are missing in a row. Groups
/// of replicates are given as a whole.
///
/// # Errors
/// The series cannot be read.
pub fn trend_rows<S: Series>(
    settings: &Settings,
    series: &S,
    first: u32,
    last: u32,
) -> Result<Vec<TrendRow>, S::Error> {
    let fitted = Fitted::of(settings, series)?;
    let curves = Curves::of(&settings.calibration, &fitted, series)?;
    // A group of replicates is one point only with all of its scans.
    let size = settings.trend.replicates.max(1);
    let first = if first <= 1 { 0 } else { first_of_group(first, size) };
    let last = if last == 0 { u32::MAX } else { group_end(last, size) };
    let changes = if settings.trend.outliers {
        flags::changes(&settings.calibration, &series.markers()?)
    } else {
        Vec::new()
    };
    let mut trends = Vec::new();
    for mut rows in with_neighbours(&fitted, series, first, last)? {
        if settings.trend.outliers {
            flags::flag(&mut rows, fitted.response, &settings.trend, &changes);
        }
        rows.retain(|row| (first..=last).contains(&row.index));
        for row in &mut rows {
            if let Some(curves) = &curves {
                concentrate(row, curves, &fitted);
            }
        }
        trends.append(&mut rows);
    }
    Ok(trends)
}

const MISSING: &str = "index_missing";

/// Measured indices that are looked at on either side of a part for the neighbours of its scans.
const MOST_AROUND: u32 = 10_000;

fn group_end(index: u32, size: u32) -> u32 {
    first_of_group(index, size).saturating_add(size - 1)
}

/// Rows of each electrode in a part and around it: the scan before tells whether times ascend, and half a window of numbers on both sides
/// what stands out. Electrodes may take turns, so that it depends on them how far their neighbours are.
fn with_neighbours<S: Series>(
    fitted: &Fitted<'_>,
    series: &S,
    first: u32,
    last: u32,
) -> Result<Vec<Vec<TrendRow>>, S::Error> {
    let settings = &fitted.settings.trend;
    let size = settings.replicates.max(1);
    let window = if settings.outliers { settings.outlier_window } else { 1 };
    let mut around = window.max(1).saturating_mul(size);
    let of_series = series.electrodes()?;
    loop {
        let from = series.before(first, around)?;
        let from = if from <= 1 { 0 } else { first_of_group(from, size) };
        let to = match last {
            u32::MAX => last,
            _ => group_end(series.after(last, around)?, size),
        };
        let scans = fitted.scans(series, from, to)?;
        let indices = scans.indices_with_gaps();
        let measured = of_series.iter().copied().map(Some);
        let electrodes: BTreeSet<Option<u32>> = scans.electrodes.keys().copied().chain(measured).collect();
        let rows: Vec<Vec<TrendRow>> = electrodes
            .into_iter()
            .map(|electrode| {
                let rows = of_electrode(fitted, &scans, electrode, &indices);
                if size > 1 {
                    grouped(&rows, size, fitted.response)
                } else {
                    rows
                }
            })
            .collect();
        let is_begin = from == 0 || series.before(from, 1)? == from;
        let is_end = to == u32::MAX || series.after(to, 1)? == to;
        let has_all = |rows: &Vec<TrendRow>| {
            let is_here =
                |row: &TrendRow| (first..=last).contains(&row.index) && row.reason.as_deref() != Some(MISSING);
            let half = if settings.outliers {
                settings.outlier_window as usize / 2
            } else {
                0
            };
            let numbers = |is_there: &dyn Fn(u32) -> bool| {
                let there = rows.iter().filter(|row| is_there(row.index));
                there.filter(|row| row.response(fitted.response).is_some()).count()
            };
            let has_time = !fitted.axis.has_clock() || rows.iter().any(|row| row.index < first && row.time.is_some());
            !rows.iter().any(is_here)
                || (is_begin || has_time && numbers(&|index| index < first) >= half)
                    && (is_end || numbers(&|index| index > last) >= half)
        };
        if around >= MOST_AROUND || (is_begin && is_end) || rows.iter().all(has_all) {
            return Ok(rows);
        }
        around = around.saturating_mul(4).min(MOST_AROUND);
    }
}

/// Rows of one electrode, without concentrations and flags.
fn of_electrode(fitted: &Fitted<'_>, scans: &Scans, electrode: Option<u32>, indices: &[u32]) -> Vec<TrendRow> {
    let nothing = Scan::default();
    let of_electrode = scans.electrodes.get(&electrode);
    let mut before_s: Option<f64> = None;
    let mut rows = Vec::with_capacity(indices.len());
    for &index in indices {
        let scan = of_electrode.and_then(|scans| scans.get(&index));
        let here = scan.unwrap_or(&nothing);
        let mut row = TrendRow {
            electrode,
            index,
            time: None,
            x: fitted.x(index, here),
            normalized_low: None,
            normalized_high: None,
            ratio: None,
            kdm: None,
            drift_corrected: None,
            concentration_m: None,
            concentration_low_m: None,
            concentration_high_m: None,
            out_of_range: None,
            range_flag: None,
            outlier: None,
            outlier_deviations: None,
            time_source: times::code(fitted.axis.source),
            time_not_later: false,
            reason: Some(MISSING.to_owned()),
            spread: None,
        };
        if let Some(scan) = scan {
            let value = fitted.value(electrode, index, scan);
            row.time.clone_from(&scan.time.text);
            row.normalized_low = value.point.normalized_low;
            row.normalized_high = value.point.normalized_high;
            row.ratio = value.point.ratio;
            row.kdm = value.point.kdm;
            row.drift_corrected = value.drift_corrected;
            row.reason = value.reason.map(str::to_owned);
            row.time_not_later = before_s.zip(scan.time.at_s).is_some_and(|(before, at)| at <= before);
            before_s = scan.time.at_s.or(before_s);
        }
        rows.push(row);
    }
    rows
}

/// What a calibration takes: the corrected response where drift is corrected, else the response.
fn calibrated(row: &TrendRow, fitted: &Fitted<'_>) -> Option<f64> {
    if fitted.corrects_drift() {
        row.drift_corrected
    } else {
        row.response(fitted.response)
    }
}

/// Adds the concentration of a row's response.
fn concentrate(row: &mut TrendRow, curves: &Curves, fitted: &Fitted<'_>) {
    let Some(value) = calibrated(row, fitted) else { return };
    match curves.concentration(row.electrode, value) {
        Ok(found) => {
            row.concentration_m = found.concentration_m;
            row.concentration_low_m = found.lower_m;
            row.concentration_high_m = found.upper_m;
            row.out_of_range = Some(found.out_of_range.is_some());
            row.range_flag = found.out_of_range.map(OutOfRange::code);
            if found.concentration_m.is_none() && row.reason.is_none() {
                row.reason = row.range_flag.map(str::to_owned);
            }
        }
        Err(why) => {
            if row.reason.is_none() {
                row.reason = Some(why.code.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests;
