//! Maps as rows: JSON Lines, and a table in which every row has the same columns.

use protocol::ids::SessionId;
use protocol::study::{ChangeMean, ChangePoint, FrequencyMaps, MapChanges, MapMean, MapPoint, NamedMap};
use serde::Serialize;

use crate::ending::Failure;
use crate::output::Output;

/// One frequency of one map, at an electrode or over all of them; beside it, how it differs from the first map.
#[derive(Debug, Default, Serialize)]
struct MapRow<'a> {
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

fn rows(study: &FrequencyMaps) -> Vec<MapRow<'_>> {
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
fn compared<'a>(rows: &mut Vec<MapRow<'a>>, map: &'a NamedMap, changes: &'a MapChanges) {
    let mut points = map.points.iter().peekable();
    for change in &changes.points {
        let own = points
            .next_if(|point| point.electrode == change.electrode && is_same(point.frequency_hz, change.frequency_hz));
        let mut row = own.map_or_else(
            || MapRow {
                row: "point",
                frequency_hz: change.frequency_hz,
                electrode: change.electrode,
                reason: Some("not_measured"),
                ..of_map(map)
            },
            |point| of_point(map, point),
        );
        add_change(&mut row, changes, change);
        rows.push(row);
    }
    let mut means = map.means.iter().peekable();
    for change in &changes.means {
        let own = means.next_if(|mean| is_same(mean.frequency_hz, change.frequency_hz));
        let mut row = own.map_or_else(
            || MapRow {
                row: "mean",
                frequency_hz: change.frequency_hz,
                electrodes: Some(0),
                ..of_map(map)
            },
            |mean| of_mean(map, mean),
        );
        add_mean_change(&mut row, changes, change);
        rows.push(row);
    }
}

fn is_same(a: f64, b: f64) -> bool {
    agent::study::is_same_frequency(a.min(b), a.max(b))
}

fn of_map(map: &NamedMap) -> MapRow<'_> {
    MapRow {
        map: &map.name,
        session: map.session,
        index: map.index,
        ..MapRow::default()
    }
}

fn of_point<'a>(map: &'a NamedMap, point: &'a MapPoint) -> MapRow<'a> {
    MapRow {
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

fn of_mean<'a>(map: &'a NamedMap, mean: &MapMean) -> MapRow<'a> {
    MapRow {
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

fn add_change<'a>(row: &mut MapRow<'a>, changes: &'a MapChanges, change: &'a ChangePoint) {
    row.first = Some(&changes.first);
    row.difference_a = change.difference_a;
    row.charge_difference_c = change.charge_difference_c;
    row.potential_shift_v = change.potential_shift_v;
    row.ratio = change.ratio;
    row.gain = change.gain;
    row.change_reason = change.reason.as_deref();
}

fn add_mean_change<'a>(row: &mut MapRow<'a>, changes: &'a MapChanges, change: &ChangeMean) {
    row.first = Some(&changes.first);
    (row.difference_a, row.difference_sd_a) = (change.difference_a.mean, change.difference_a.sd);
    row.charge_difference_c = change.charge_difference_c.mean;
    row.charge_difference_sd_c = change.charge_difference_c.sd;
    row.potential_shift_v = change.potential_shift_v.mean;
    row.potential_shift_sd_v = change.potential_shift_v.sd;
    (row.ratio, row.ratio_sd) = (change.ratio.mean, change.ratio.sd);
    (row.gain, row.gain_sd) = (change.gain.mean, change.gain.sd);
    row.gain_interval_95 = change.gain.interval_95;
}
