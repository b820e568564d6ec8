//! Mean concentration over electrodes.
//!
//! Noise about the blank leaves half of the electrodes without a concentration (`below_minimum`), and saturation does the same at the other
//! end. A mean over those that have one is a mean of what the noise pushed to one side, and biased. Responses have no such end: with one
//! curve for all electrodes, it is their mean that the curve turns into a concentration. Responses of electrodes with curves of their own
//! cannot be averaged, and there the mean exists only where no electrode is censored.

use std::collections::BTreeMap;

use voltammetry::calibration::OutOfRange;
use voltammetry::trend::ReplicateValue;

use super::concentrations::Curves;
use super::fitted::Fitted;
use super::{TrendRow, calibrated};

/// What stands around a mean of several values.
pub type Around = fn(&ReplicateValue) -> Option<f64>;

/// The reason where an electrode with a curve of its own has a response without a concentration.
pub const CENSORED: &str = "electrodes_out_of_range";

/// The mean concentration at one index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanConcentration {
    /// File number.
    pub index: u32,
    /// Mean position on the axis.
    pub x: Option<f64>,
    /// Electrodes with a response.
    pub electrodes: u32,
    /// mol/L.
    pub concentration_m: Option<f64>,
    /// The spread over the electrodes, turned into concentrations where the responses were averaged. Its lower end is 0 where it reaches
    /// the blank; none where it reaches saturation.
    pub interval_m: Option<(f64, f64)>,
    /// Why there is none: a code.
    pub reason: Option<&'static str>,
}

/// The mean at each index; an averaged trace is no electrode.
pub fn mean_concentrations(
    rows: &[TrendRow],
    curves: &Curves,
    fitted: &Fitted<'_>,
    around: Around,
) -> Vec<MeanConcentration> {
    let mut by_index: BTreeMap<u32, Vec<&TrendRow>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.electrode.is_some()) {
        by_index.entry(row.index).or_default().push(row);
    }
    by_index
        .into_iter()
        .map(|(index, rows)| {
            let responses = ReplicateValue::of(rows.iter().map(|row| calibrated(row, fitted)));
            let found = if curves.is_pooled() {
                of_mean_response(&responses, curves, around)
            } else {
                of_concentrations(&rows, around)
            };
            MeanConcentration {
                index,
                x: ReplicateValue::of(rows.iter().map(|row| row.x)).mean,
                electrodes: responses.count,
                concentration_m: found.ok().map(|(mean, _)| mean),
                interval_m: found.ok().and_then(|(_, interval)| interval),
                reason: found.err(),
            }
        })
        .collect()
}

type Found = Result<(f64, Option<(f64, f64)>), &'static str>;

fn of_mean_response(responses: &ReplicateValue, curves: &Curves, around: Around) -> Found {
    let mean = responses.mean.ok_or("no_response")?;
    let found = curves.concentration(None, mean).map_err(|why| why.code)?;
    let flag = found.out_of_range.map_or("no_concentration", OutOfRange::code);
    let concentration = found.concentration_m.ok_or(flag)?;
    let end = |value: f64| {
        let found = curves.concentration(None, value).ok()?;
        match found.out_of_range {
            Some(OutOfRange::BelowMinimum) => Some(0.0),
            _ => found.concentration_m,
        }
    };
    let around = around(responses).filter(|_| responses.count > 1);
    let ends = around.and_then(|around| end(mean - around).zip(end(mean + around)));
    // A signal that falls with the concentration turns the ends round.
    Ok((concentration, ends.map(|(a, b)| (a.min(b), a.max(b)))))
}

fn of_concentrations(rows: &[&TrendRow], around: Around) -> Found {
    let is_censored = |row: &&TrendRow| row.range_flag.is_some() && row.concentration_m.is_none();
    if rows.iter().any(is_censored) {
        return Err(CENSORED);
    }
    let values = ReplicateValue::of(rows.iter().map(|row| row.concentration_m));
    let mean = values.mean.ok_or("no_response")?;
    let around = around(&values).filter(|_| values.count > 1);
    Ok((mean, around.map(|around| (mean - around, mean + around))))
}
