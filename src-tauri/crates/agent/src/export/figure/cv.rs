//! Cyclic voltammograms: the analysed segments of one file and electrode.

use std::collections::BTreeSet;

use figure::{Colour, CyclicVoltammogram, Figure, Segment, Unit, value_text};
use protocol::measurement::{Direction, Measurement};

use super::sweeps::{chosen_one, column, curves, peak_of};
use super::{Gathering, electrode_label};
use crate::export::{ExportError, PAGE};

pub(super) fn figure(gathering: &Gathering<'_>) -> Result<Figure, ExportError> {
    let (measurement, _) = chosen_one(gathering, "cyclic voltammogram", |m| m.cv.clone())?;
    let columns = curves(gathering, &measurement)?;
    let measured = of_same_file(gathering, &measurement)?;
    let numbers = columns.column("segment").unwrap_or_default();
    let potential_v = columns.column("potential_v").unwrap_or_default();
    // As measured where nothing smooths.
    let (smoothed, raw) = (column(&columns, "smoothed_a"), column(&columns, "raw_a"));
    let current: Vec<Option<f64>> = smoothed.iter().zip(&raw).map(|(s, r)| s.or(*r)).collect();
    let baseline = column(&columns, "baseline_a");
    let mut segments = Vec::new();
    let mut from = 0;
    for part in numbers.chunk_by(|a, b| a == b) {
        let range = from..from + part.len();
        from = range.end;
        let number = part.first().copied().unwrap_or_default() as u32;
        let measured = measured.iter().find(|m| m.segment() == Some(number));
        segments.push(Segment {
            label: label(number, measured),
            forward: measured
                .and_then(|m| m.cv.as_ref())
                .map_or(number % 2 == 1, |cv| cv.direction == Direction::Forward),
            potential_v: potential_v.get(range.clone()).unwrap_or_default().to_vec(),
            current_a: current.get(range.clone()).unwrap_or_default().to_vec(),
            baseline_a: baseline.get(range).unwrap_or_default().to_vec(),
            peak: measured.and_then(peak_of),
        });
    }
    Ok(Figure::CyclicVoltammogram(CyclicVoltammogram {
        label: whose(&measurement, &measured),
        colour: Colour::Electrode(measurement.electrode),
        whole: Vec::new(),
        segments,
    }))
}

/// Electrode, file, cycles and scan rate: a voltammogram means nothing without them.
fn whose(measurement: &Measurement, measured: &[Measurement]) -> String {
    let mut words = vec![electrode_label(measurement.electrode)];
    let cycles: BTreeSet<u32> = measured.iter().filter_map(|m| m.cv.as_ref()?.cycle).collect();
    match (cycles.first(), cycles.last()) {
        (Some(first), Some(last)) if first == last => words.push(format!("cycle {first}")),
        (Some(first), Some(last)) => words.push(format!("cycles {first} to {last}")),
        _ => {}
    }
    let rate = measurement.cv.as_ref().and_then(|cv| cv.scan_rate_v_s);
    words.extend(rate.map(|rate| format!("{}/s", value_text(rate, Unit::Volt))));
    // The file stands last: of a long name the end is cut, and nothing else.
    words.push(measurement.file.clone());
    words.join(", ")
}

fn label(number: u32, measured: Option<&Measurement>) -> String {
    match measured.and_then(|m| m.cv.as_ref()).map(|cv| cv.direction) {
        Some(Direction::Forward) => format!("Segment {number}, forward"),
        Some(Direction::Reverse) => format!("Segment {number}, reverse"),
        None => format!("Segment {number}"),
    }
}

/// The measurements of all segments of a measurement's file and electrode.
fn of_same_file(gathering: &Gathering<'_>, measurement: &Measurement) -> Result<Vec<Measurement>, ExportError> {
    let mut found = Vec::new();
    if let Some(index) = measurement.index {
        for row in gathering
            .store
            .series_by_index(gathering.row.row, index, index, false)?
        {
            if row.electrode == measurement.electrode {
                found.push(gathering.store.measurement(row.measurement)?.measurement);
            }
        }
        found.retain(|m| m.file == measurement.file);
        return Ok(found);
    }
    // Without an index nothing but its name says where the rest of a file stands.
    let mut after = 0;
    loop {
        gathering.check()?;
        let page = gathering.store.results(gathering.row.summary.session, after, PAGE)?;
        let Some(last) = page.last().and_then(|m| m.measurement) else {
            return Ok(found);
        };
        after = last.0;
        found.extend(
            page.into_iter()
                .filter(|m| m.file == measurement.file && m.electrode == measurement.electrode),
        );
    }
}
