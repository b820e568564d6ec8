//! Measured numbers as lines over the index.

use figure::TrendPoint;
use protocol::settings::TrendX;

use super::Gathering;
use super::trends::Lines;
use crate::export::ExportError;
use crate::querying;
use crate::store::SeriesRow;

/// Whose line it is. Frequencies are the bits of the number, which order as positive numbers do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub electrode: Option<u32>,
    pub frequency: Option<u64>,
    /// Segment of a cyclic voltammogram.
    pub segment: Option<u32>,
}

/// One point of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub index: u32,
    pub x: Option<f64>,
    pub y: Option<f64>,
    pub interval: Option<(f64, f64)>,
}

/// The lines of a measured number; excluded points and failed ones are gaps.
pub(super) fn lines(gathering: &Gathering<'_>, value: fn(&SeriesRow) -> Option<f64>) -> Result<Lines, ExportError> {
    let trend = &gathering.settings.trend;
    let axis = match trend.x {
        TrendX::Index => None,
        TrendX::Time => Some(querying::time_axis(
            gathering.store,
            gathering.row.row,
            &gathering.settings,
        )?),
    };
    let modified = axis.is_some_and(|axis| axis.needs_modified());
    let average = gathering.settings.electrodes.average;
    let mut lines = Lines::new();
    for row in gathering.series(modified)? {
        let Some(index) = row.index else { continue };
        if row.peak.is_some_and(|peak| peak != trend.peak) || belongs_to_none(&row, average) {
            continue;
        }
        let x = match &axis {
            None => Some(f64::from(index)),
            Some(axis) => axis.elapsed_s(index, &axis.scan_time(&row)),
        };
        let place = Place {
            electrode: row.electrode,
            frequency: row.frequency_hz.map(f64::to_bits),
            segment: row.segment,
        };
        lines.entry(place).or_default().push(Point {
            index,
            x,
            y: value(&row).filter(|_| !row.excluded),
            interval: None,
        });
    }
    drop_whole_files(&mut lines);
    for points in lines.values_mut() {
        points.sort_by_key(|point| point.index);
    }
    Ok(lines)
}

/// The failed measurement of a whole file has no electrode and belongs to none; an averaged trace has none either.
fn belongs_to_none(row: &SeriesRow, average: bool) -> bool {
    row.electrode.is_none() && !average
}

/// A file of averaged traces that failed as a whole tells neither its frequency nor its segment: where other files do, it is
/// a gap of their lines already.
fn drop_whole_files(lines: &mut Lines) {
    let whole = Place {
        electrode: None,
        frequency: None,
        segment: None,
    };
    let is_empty = |points: &Vec<Point>| points.iter().all(|point| point.y.is_none());
    if lines.len() > 1 && lines.get(&whole).is_some_and(is_empty) {
        lines.remove(&whole);
    }
}

/// The points of a line with a gap wherever an index is missing between two of them. Groups of replicates stand apart by
/// their size: what is usual between two indices of the line is no gap.
pub(super) fn with_gaps(points: Vec<Point>) -> Vec<TrendPoint> {
    let apart = |pair: &[Point]| match pair {
        [a, b] => b.index.saturating_sub(a.index),
        _ => 0,
    };
    let usual = points.windows(2).map(apart).filter(|step| *step > 0).min().unwrap_or(1);
    let mut drawn = Vec::with_capacity(points.len());
    let mut before: Option<u32> = None;
    for point in points {
        if before.is_some_and(|before| point.index.saturating_sub(before) > usual) {
            drawn.push(TrendPoint {
                x: None,
                y: None,
                interval: None,
            });
        }
        before = Some(point.index);
        drawn.push(TrendPoint {
            x: point.x,
            y: point.y,
            interval: point.interval,
        });
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::series::series_row;
    use crate::export::series::tests::measurement;

    #[test]
    fn an_averaged_trace_without_a_frequency_is_drawn() {
        let averaged = SeriesRow {
            electrode: None,
            frequency_hz: None,
            ..series_row(&measurement(1, 10.0, 1, Some(1e-6)))
        };
        assert!(!belongs_to_none(&averaged, true), "an averaged voltammogram");
        assert!(belongs_to_none(&averaged, false), "a failed file");
    }

    #[test]
    fn a_whole_file_that_failed_is_no_line_of_its_own() {
        let place = |segment| Place {
            electrode: None,
            frequency: None,
            segment,
        };
        let point = |y| Point {
            index: 1,
            x: Some(1.0),
            y,
            interval: None,
        };
        let mut lines = Lines::from([
            (place(None), vec![point(None)]),
            (place(Some(1)), vec![point(Some(1.0))]),
        ]);
        drop_whole_files(&mut lines);
        assert_eq!(lines.keys().copied().collect::<Vec<_>>(), [place(Some(1))]);
        drop_whole_files(&mut lines);
        assert_eq!(lines.len(), 1);
        let mut measured = Lines::from([(place(None), vec![point(Some(1.0))]), (place(Some(1)), vec![])]);
        drop_whole_files(&mut measured);
        assert_eq!(measured.len(), 2, "a line with numbers stays");
    }

    #[test]
    fn a_missing_index_is_a_gap_and_a_group_is_none() {
        let points = |indices: &[u32]| -> Vec<Point> {
            indices
                .iter()
                .map(|index| Point {
                    index: *index,
                    x: Some(f64::from(*index)),
                    y: Some(1.0),
                    interval: None,
                })
                .collect()
        };
        let gaps = |indices: &[u32]| with_gaps(points(indices)).iter().filter(|p| p.y.is_none()).count();
        assert_eq!(gaps(&[1, 2, 4, 5]), 1);
        assert_eq!(gaps(&[1, 4, 7]), 0, "groups of three");
        assert_eq!(gaps(&[1]), 0);
    }
}
