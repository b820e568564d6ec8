//! The measurements of a series by electrode, frequency and index.

use std::collections::{BTreeMap, BTreeSet};

use protocol::measurement::Measurement;
use protocol::settings::Settings;

use crate::analysis::TrendRow;

/// Numbers by electrode and index.
pub type Points = BTreeMap<(Option<u32>, u32), f64>;

/// What was measured, each list ascending. An averaged trace is an electrode where the settings average; of several peaks the cells hold the
/// one that trends follow.
pub struct Grid<'a> {
    pub electrodes: Vec<Option<u32>>,
    pub frequencies: Vec<f64>,
    pub indices: Vec<u32>,
    cells: BTreeMap<(Option<u32>, u64, u32), &'a Measurement>,
}

impl<'a> Grid<'a> {
    pub fn new(settings: &Settings, measurements: &'a [Measurement]) -> Self {
        let mut cells = BTreeMap::new();
        let (mut electrodes, mut indices, mut frequencies) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        for m in measurements {
            let (Some(index), Some(frequency)) = (m.index, m.frequency_hz) else {
                continue;
            };
            if m.electrode.is_none() && !settings.electrodes.average {
                continue;
            }
            electrodes.insert(m.electrode);
            indices.insert(index);
            frequencies.push(frequency);
            let counts = m.peak.is_none_or(|peak| peak == settings.trend.peak);
            if counts && m.reason.as_deref() != Some("duplicate_index") {
                cells.entry((m.electrode, frequency.to_bits(), index)).or_insert(m);
            }
        }
        frequencies.sort_by(f64::total_cmp);
        frequencies.dedup();
        Self {
            electrodes: electrodes.into_iter().collect(),
            frequencies,
            indices: indices.into_iter().collect(),
            cells,
        }
    }

    /// The measurement of a place.
    pub fn cell(&self, electrode: Option<u32>, frequency: f64, index: u32) -> Option<&'a Measurement> {
        self.cells.get(&(electrode, frequency.to_bits(), index)).copied()
    }

    /// Its peak current, where it counts.
    pub fn peak(&self, electrode: Option<u32>, frequency: f64, index: u32) -> Option<f64> {
        self.cell(electrode, frequency, index)
            .filter(|m| !m.excluded)
            .and_then(|m| m.peak_current_a)
    }

    /// The peak currents of a frequency that count.
    pub fn peaks(&self, frequency: f64) -> Points {
        let places = self
            .electrodes
            .iter()
            .flat_map(|e| self.indices.iter().map(|i| (*e, *i)));
        let of_place = |place: (Option<u32>, u32)| Some((place, self.peak(place.0, frequency, place.1)?));
        places.filter_map(of_place).collect()
    }
}

/// A number of every trend that has it.
pub fn points(trends: &[TrendRow], number: fn(&TrendRow) -> Option<f64>) -> Points {
    let place = |t: &TrendRow| Some(((t.electrode, t.index), number(t)?));
    trends.iter().filter_map(place).collect()
}
