//! Cyclic voltammograms as the predecessors' layouts show them: a row per file, in it one forward and one reverse segment
//! per electrode.
//!
//! Of several cycles it is the first one. A first forward segment that has no peak because it began inside the window is
//! replaced by the one that the reverse segment is paired with. Settings choose other segments.

use std::collections::{BTreeMap, BTreeSet};

use protocol::measurement::{Direction, Measurement};
use protocol::settings::Settings;

/// Everything that a layout shows.
pub struct Voltammograms<'a> {
    /// Ascending; an averaged trace first.
    pub electrodes: Vec<Option<u32>>,
    /// By file number; files without a number last, by name.
    pub files: Vec<VoltammogramFile<'a>>,
    /// Segments of these files that are not shown.
    pub others: usize,
}

/// The measurements of a row by electrode.
type Cells<'a> = BTreeMap<Option<u32>, Vec<&'a Measurement>>;

/// A row: a file number, or a file that has none.
pub struct VoltammogramFile<'a> {
    /// File number.
    pub index: Option<u32>,
    /// Name of the first file of that number.
    pub file: &'a str,
    shown: BTreeMap<Option<u32>, Shown<'a>>,
}

/// The segments of one electrode.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shown<'a> {
    /// Forward segment.
    pub forward: Option<&'a Measurement>,
    /// The way back.
    pub reverse: Option<&'a Measurement>,
}

impl Shown<'_> {
    /// Distance of the two peaks.
    pub fn peak_separation_v(&self) -> Option<f64> {
        self.forward?;
        separation(self.reverse?)
    }
}

impl<'a> VoltammogramFile<'a> {
    /// The segments of an electrode; none where it was not measured.
    pub fn of(&self, electrode: Option<u32>) -> Shown<'a> {
        self.shown.get(&electrode).copied().unwrap_or_default()
    }
}

impl<'a> Voltammograms<'a> {
    /// Chooses the segments.
    pub fn new(settings: &Settings, measurements: &'a [Measurement]) -> Self {
        let mut electrodes = BTreeSet::new();
        // Numbered files come before those that have only a name.
        let mut rows: BTreeMap<(bool, Option<u32>, &str), Cells<'_>> = BTreeMap::new();
        for m in measurements {
            let name = if m.index.is_some() { "" } else { m.file.as_str() };
            let row = rows.entry((m.index.is_none(), m.index, name)).or_default();
            let cells = row.entry(m.electrode).or_default();
            cells.push(m);
            if m.electrode.is_some() || settings.electrodes.average {
                electrodes.insert(m.electrode);
            }
        }
        let mut others = 0;
        let files = rows.into_iter().map(|((_, index, _), cells)| {
            let file = cells.values().flatten().next().map_or("", |m| m.file.as_str());
            let shown = cells.into_iter().map(|(electrode, segments)| {
                let shown = choose(&segments);
                let with_segment = segments.iter().filter(|m| m.cv.is_some()).count();
                others += with_segment - usize::from(shown.forward.is_some()) - usize::from(shown.reverse.is_some());
                (electrode, shown)
            });
            VoltammogramFile {
                index,
                file,
                shown: shown.collect(),
            }
        });
        Self {
            files: files.collect(),
            electrodes: electrodes.into_iter().collect(),
            others,
        }
    }
}

fn choose<'a>(segments: &[&'a Measurement]) -> Shown<'a> {
    // Two files may claim the same number; segments of one are not mixed with those of another.
    let file = segments.iter().find(|m| m.cv.is_some()).map(|m| &m.file);
    let of = |direction: Direction| {
        let in_direction = move |m: &&&'a Measurement| m.cv.as_ref().is_some_and(|cv| cv.direction == direction);
        segments
            .iter()
            .filter(move |m| Some(&m.file) == file)
            .filter(in_direction)
            .copied()
    };
    let reverse = of(Direction::Reverse).next();
    let paired = reverse.and_then(separation).and_then(|distance| {
        of(Direction::Forward).find(|m| separation(m).is_some_and(|other| other.to_bits() == distance.to_bits()))
    });
    let first = of(Direction::Forward).next();
    let forward = match first {
        Some(m) if m.peak_current_a.is_none() => paired.or(first),
        _ => first,
    };
    Shown { forward, reverse }
}

fn separation(m: &Measurement) -> Option<f64> {
    m.cv.as_ref()?.peak_separation_v
}

#[cfg(test)]
pub mod tests {
    use protocol::measurement::{CvNumbers, Probe};

    use super::*;
    use crate::export::series::tests::measurement;

    /// One segment with its peak and its distance to the peak of its pair.
    pub fn segment(
        index: Option<u32>,
        (segment, direction): (u32, Direction),
        peak: Option<(f64, f64)>,
        peak_separation_v: Option<f64>,
    ) -> Measurement {
        Measurement {
            frequency_hz: None,
            index,
            peak_potential_v: peak.map(|(potential, _)| potential),
            charge_c: peak.map(|(_, height)| 2.0 * height),
            cv: Some(CvNumbers {
                direction,
                segment,
                cycle: Some(segment.div_ceil(2)),
                process: None,
                peak_separation_v,
                half_wave_potential_v: None,
                half_peak_potential_v: None,
                peak_width_v: None,
                peak_ratio: None,
                surface_coverage_mol_m2: None,
                hysteresis_va: None,
                scan_rate_v_s: Some(0.1),
                probes: vec![Probe {
                    potential_v: 0.1,
                    current_a: peak.map(|(_, height)| height / 2.0),
                }],
            }),
            ..measurement(1, 0.0, 0, peak.map(|(_, height)| height))
        }
    }

    #[test]
    fn a_first_segment_that_began_inside_the_window_gives_way_to_the_one_that_is_paired() {
        let measurements = [
            segment(None, (1, Direction::Forward), None, None),
            segment(None, (2, Direction::Reverse), Some((-0.02, -1e-6)), Some(0.04)),
            segment(None, (3, Direction::Forward), Some((0.02, 1e-6)), Some(0.04)),
            segment(None, (4, Direction::Reverse), Some((-0.02, -1e-6)), Some(0.05)),
        ];
        let settings = Settings::default();
        let all = Voltammograms::new(&settings, &measurements);
        let shown = all.files[0].of(Some(1));
        assert_eq!(shown.forward.and_then(Measurement::segment), Some(3));
        assert_eq!(shown.reverse.and_then(Measurement::segment), Some(2));
        assert_eq!((shown.peak_separation_v(), all.others), (Some(0.04), 2));
        let without_turn = Voltammograms::new(&settings, &measurements[..1]);
        let shown = without_turn.files[0].of(Some(1));
        assert!(shown.forward.is_some() && shown.reverse.is_none() && shown.peak_separation_v().is_none());
    }
}
