//! Measured numbers as lines over the index.

use figure::TrendPoint;
use protocol::settings::TrendX;

use super::trends::Lines;
use super::{Gathering, is_selected};
use crate::export::ExportError;
use crate::querying::time_axis;
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
    let (store, session) = (gathering.store, gathering.row.row);
    let axis = match trend.x {
        TrendX::Index => None,
        TrendX::Time => Some(time_axis(store, session, &gathering.settings)?),
    };
    let rows = match &axis {
        // When files were modified is not in what is read for the other figures.
        Some(axis) if axis.needs_modified() => {
            let mut rows = store.series_by_index(session, 0, u32::MAX, true)?;
            rows.retain(|row| is_selected(&gathering.request.selection, row));
            rows
        }
        _ => gathering.series()?,
    };
    let mut lines = Lines::new();
    for row in rows {
        let Some(index) = row.index else { continue };
        if row.peak.is_some_and(|peak| peak != trend.peak) || row.frequency_hz.is_none() && row.electrode.is_none() {
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
    // The failed measurement of a whole file has no electrode, and is a gap of every line already.
    if lines.keys().any(|place| place.electrode.is_some()) && !gathering.settings.electrodes.average {
        lines.retain(|place, _| place.electrode.is_some());
    }
    for points in lines.values_mut() {
        points.sort_by_key(|point| point.index);
    }
    Ok(lines)
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
