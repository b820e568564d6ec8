//! Measurements that are at hand, whether or not they belong to a session.

use std::convert::Infallible;

use protocol::session::Marker;

use super::series::{KnownTimes, Series};
use crate::store::SeriesRow;

/// Measurements with an index, ascending. They have no markers.
pub struct AtHand {
    rows: Vec<SeriesRow>,
    frequencies_hz: Vec<f64>,
}

impl AtHand {
    /// Of measurements in any order; those without an index have no place in a trend.
    pub fn of(mut rows: Vec<SeriesRow>) -> Self {
        rows.retain(|row| row.index.is_some());
        rows.sort_by_key(|row| row.index);
        let mut frequencies_hz: Vec<f64> = rows.iter().filter_map(|row| row.frequency_hz).collect();
        frequencies_hz.sort_by(f64::total_cmp);
        frequencies_hz.dedup();
        Self { rows, frequencies_hz }
    }

    fn position(&self, index: u32) -> usize {
        self.rows.partition_point(|row| row.index < Some(index))
    }
}

/// Each index once.
fn indices(rows: &[SeriesRow]) -> Vec<u32> {
    let mut indices: Vec<u32> = rows.iter().filter_map(|row| row.index).collect();
    indices.dedup();
    indices
}

impl Series for AtHand {
    type Error = Infallible;

    fn rows(&self, first: u32, last: u32, _modified: bool) -> Result<Vec<SeriesRow>, Infallible> {
        let end = self.rows.partition_point(|row| row.index <= Some(last));
        Ok(self.rows.get(self.position(first)..end).unwrap_or_default().to_vec())
    }

    fn frequencies_hz(&self) -> Result<Vec<f64>, Infallible> {
        Ok(self.frequencies_hz.clone())
    }

    fn electrodes(&self) -> Result<Vec<u32>, Infallible> {
        let mut electrodes: Vec<u32> = self.rows.iter().filter_map(|row| row.electrode).collect();
        electrodes.sort_unstable();
        electrodes.dedup();
        Ok(electrodes)
    }

    fn first_index(&self) -> Result<Option<u32>, Infallible> {
        Ok(self
            .rows
            .iter()
            .find(|row| row.status != "failed")
            .and_then(|row| row.index))
    }

    fn before(&self, index: u32, count: u32) -> Result<u32, Infallible> {
        let indices = indices(self.rows.get(..self.position(index)).unwrap_or_default());
        let nth = indices.len().saturating_sub(count as usize);
        Ok(indices.get(nth).copied().unwrap_or(index))
    }

    fn after(&self, index: u32, count: u32) -> Result<u32, Infallible> {
        let begin = self.rows.partition_point(|row| row.index <= Some(index));
        let indices = indices(self.rows.get(begin..).unwrap_or_default());
        Ok(indices
            .iter()
            .take(count as usize)
            .next_back()
            .copied()
            .unwrap_or(index))
    }

    fn known_times(&self) -> Result<KnownTimes, Infallible> {
        let mut known = KnownTimes::default();
        for row in self.rows.iter().filter(|row| row.status != "failed") {
            known.add(row.time_source);
        }
        // When a file that states its time was modified is not known here.
        known.none |= known.file && known.modified;
        Ok(known)
    }

    fn markers(&self) -> Result<Vec<Marker>, Infallible> {
        Ok(Vec::new())
    }
}
