//! Maps as rows: JSON Lines, and a table in which every row has the same columns.

use protocol::ids::SessionId;
use protocol::study::{ChangeMean, ChangePoint, FrequencyMaps, MapChanges, MapMean, MapPoint, NamedMap};
use serde::Serialize;

use crate::ending::Failure;
use crate::output::Output;

/// One frequency of one map, at an electrode or over all of them; beside it, how it differs from the first map.
#[derive(Debug, Default, Serialize)]
struct Row<'a> {
    /// `point` or `mean`.
    row: &'static str,
    map: &'a str,
    session: Option<SessionId>,
    index: Option<u32>,
    first: Option<&'a str>,
    frequency_hz: f64,
    electrode: Option<u32>,
    /// Electrodes with a current, in a mean.
    electrodes: Option<u32>,
    peak_current_a: Option<f64>,
    /// Over the electrodes in a mean, over the repeats at a point.
    peak_current_sd_a: Option<f64>,
    charge_c: Option<f64>,
    charge_sd_c: Option<f64>,
    peak_potential_v: Option<f64>,
    peak_potential_sd_v: Option<f64>,
    repeats: Option<u32>,
    reason: Option<&'a str>,
    difference_a: Option<f64>,
    difference_sd_a: Option<f64>,
    charge_difference_c: Option<f64>,
    charge_difference_sd_c: Option<f64>,
    potential_shift_v: Option<f64>,
    potential_shift_sd_v: Option<f64>,
    ratio: Option<f64>,
    ratio_sd: Option<f64>,
    gain: Option<f64>,
    gain_sd: Option<f64>,
    gain_interval_95: Option<f64>,
    change_reason: Option<&'a str>,
}

/// Points, then means, of each map; then the pairs, then what was left out.
pub fn json_lines(output: &mut Output, study: &FrequencyMaps) -> Result<(), Failure> {
    for row in rows(study) {
        output.json_line(&row)?;
    }
    for changes in &study.comparisons {
        output.json_line(&serde_json::json!({
            "row": "pair",
            "map": changes.map,
            "first": changes.first,
            "pair": changes.pair,
            "reason": changes.pair_reason,
            "message": changes.pair_message,
        }))?;
    }
    for left_out in &study.left_out {
        output.json_line(&LeftOutRow {
            row: "left_out",
            left_out,
        })?;
    }
    Ok(())
}

#[derive(Serialize)]
struct LeftOutRow<'a> {
    row: &'static str,
    #[serde(flatten)]
    left_out: &'a protocol::study::LeftOut,
}

/// Points and means as a table with a header; RFC 4180.
pub fn csv(study: &FrequencyMaps) -> Result<Vec<u8>, Failure> {
    let mut csv = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let written = rows(study).iter().try_for_each(|row| csv.serialize(row));
    let failed = |error: std::io::Error| Failure::of_output(&error, "The table");
    written.map_err(|error| failed(error.into()))?;
    csv.into_inner().map_err(|error| failed(error.into_error()))
}

fn rows(study: &FrequencyMaps) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for (at, map) in study.maps.iter().enumerate() {
        match at.checked_sub(1).and_then(|at| study.comparisons.get(at)) {
            None => {
                rows.extend(map.points.iter().map(|point| of_point(map, point)));
                rows.extend(map.means.iter().map(|mean| of_mean(map, mean)));
            }
            Some(changes) => compared(&mut rows, map, changes),
        }
    }
    rows
}

/// Every frequency and electrode of either map, so that what one of them lacks is seen.
fn compared<'a>(rows: &mut Vec<Row<'a>>, map: &'a NamedMap, changes: &'a MapChanges) {
    let mut points = map.points.iter().peekable();
    for change in &changes.points {
        let own = points
            .next_if(|point| point.electrode == change.electrode && is_same(point.frequency_hz, change.frequency_hz));
        let row = own.map_or_else(
            || Row {
                row: "point",
                frequency_hz: change.frequency_hz,
                electrode: change.electrode,
                reason: Some("not_measured"),
                ..of_map(map)
            },
            |point| of_point(map, point),
        );
        rows.push(with_change(row, changes, change));
    }
    let mut means = map.means.iter().peekable();
    for change in &changes.means {
        let own = means.next_if(|mean| is_same(mean.frequency_hz, change.frequency_hz));
        let row = own.map_or_else(
            || Row {
                row: "mean",
                frequency_hz: change.frequency_hz,
                electrodes: Some(0),
                ..of_map(map)
            },
            |mean| of_mean(map, mean),
        );
        rows.push(with_mean_change(row, changes, change));
    }
}

fn is_same(a: f64, b: f64) -> bool {
    agent::study::is_same_frequency(a.min(b), a.max(b))
}

fn of_map(map: &NamedMap) -> Row<'_> {
    Row {
        map: &map.name,
        session: map.session,
        index: map.index,
        ..Row::default()
    }
}

fn of_point<'a>(map: &'a NamedMap, point: &'a MapPoint) -> Row<'a> {
    Row {
        row: "point",
        frequency_hz: point.frequency_hz,
        electrode: point.electrode,
        peak_current_a: point.peak_current_a,
        peak_current_sd_a: point.peak_current_sd_a,
        charge_c: point.charge_c,
        peak_potential_v: point.peak_potential_v,
        repeats: Some(point.repeats),
        reason: point.reason.as_deref(),
        ..of_map(map)
    }
}

fn of_mean<'a>(map: &'a NamedMap, mean: &MapMean) -> Row<'a> {
    Row {
        row: "mean",
        frequency_hz: mean.frequency_hz,
        electrodes: Some(mean.peak_current_a.count),
        peak_current_a: mean.peak_current_a.mean,
        peak_current_sd_a: mean.peak_current_a.sd,
        charge_c: mean.charge_c.mean,
        charge_sd_c: mean.charge_c.sd,
        peak_potential_v: mean.peak_potential_v.mean,
        peak_potential_sd_v: mean.peak_potential_v.sd,
        ..of_map(map)
    }
}

fn with_change<'a>(row: Row<'a>, changes: &'a MapChanges, change: &'a ChangePoint) -> Row<'a> {
    Row {
        first: Some(&changes.first),
        difference_a: change.difference_a,
        charge_difference_c: change.charge_difference_c,
        potential_shift_v: change.potential_shift_v,
        ratio: change.ratio,
        gain: change.gain,
        change_reason: change.reason.as_deref(),
        ..row
    }
}

fn with_mean_change<'a>(row: Row<'a>, changes: &'a MapChanges, change: &ChangeMean) -> Row<'a> {
    Row {
        first: Some(&changes.first),
        difference_a: change.difference_a.mean,
        difference_sd_a: change.difference_a.sd,
        charge_difference_c: change.charge_difference_c.mean,
        charge_difference_sd_c: change.charge_difference_c.sd,
        potential_shift_v: change.potential_shift_v.mean,
        potential_shift_sd_v: change.potential_shift_v.sd,
        ratio: change.ratio.mean,
        ratio_sd: change.ratio.sd,
        gain: change.gain.mean,
        gain_sd: change.gain.sd,
        gain_interval_95: change.gain.interval_95,
        ..row
    }
}
