//! Measurements to frequency maps, and maps to comparisons.
//!
//! An index is one pass over the frequencies, so that every index is a map of its own, unless the indices are said to
//! be repeats: then a map holds the means over them. Measurements without an index are a map together.

use std::collections::{BTreeMap, HashSet};

use protocol::ids::SessionId;
use protocol::measurement::{Measurement, Status};
use protocol::refusal::Refusal;
use protocol::settings::Settings;
use protocol::study::{
    ChangeMean, ChangePoint, FrequencyMaps, KdmPair, LeftOut, MapChanges, MapMean, MapPoint, NamedMap,
};
use voltammetry::frequency_map::{
    CellReason, FrequencyMap, LeftOut as NoPlace, MapComparison, MapInput, PairSettings, compare, is_same_frequency,
    propose_pair,
};

use super::{left_out, spread, without_number};

/// What a measurement gives to a map.
#[derive(Debug)]
struct Contribution {
    input: MapInput,
    /// Why it has no current.
    reason: Option<String>,
}

/// Most maps of one study: each is compared with the first.
pub const MOST_MAPS: usize = 500;

/// A study that nobody could look at, and that would take more memory than its measurements.
pub fn too_many_maps() -> Refusal {
    Refusal::new(
        "too_many_maps",
        format!("There are more than {MOST_MAPS} frequency maps: every index is one."),
        "Take the mean over the indices with --mean, or choose fewer sessions or indices.",
    )
}

/// A session, or a set of files, on its way to maps.
#[derive(Debug)]
pub struct MapSource {
    name: String,
    session: Option<SessionId>,
    /// Which of two fitted peaks counts.
    peak: u32,
    averaged: bool,
    mean: bool,
    by_index: BTreeMap<Option<u32>, Vec<Contribution>>,
    left_out: Vec<LeftOut>,
    most: usize,
    has_more: bool,
}

impl MapSource {
    /// An empty source. `mean`: its indices are repeats of one map.
    pub fn new(name: &str, session: Option<SessionId>, settings: &Settings, mean: bool) -> Self {
        Self {
            name: name.to_owned(),
            session,
            peak: settings.trend.peak,
            averaged: settings.electrodes.average,
            mean,
            by_index: BTreeMap::new(),
            left_out: Vec::new(),
            most: MOST_MAPS,
            has_more: false,
        }
    }

    /// The same with as many maps as there are indices, for who compares none of them.
    #[must_use]
    pub fn without_limit(self) -> Self {
        Self {
            most: usize::MAX,
            ..self
        }
    }

    /// Maps that there are so far.
    ///
    /// # Errors
    /// `too_many_maps`.
    pub fn count(&self) -> Result<usize, Refusal> {
        if self.has_more {
            Err(too_many_maps())
        } else {
            Ok(self.by_index.len())
        }
    }

    /// The same under another name.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        let name = name.to_owned();
        Self { name, ..self }
    }

    /// Takes a measurement in.
    pub fn take(&mut self, m: &Measurement) {
        if m.peak.is_some_and(|peak| peak != self.peak) {
            return;
        }
        let belongs_to_no_electrode = m.electrode.is_none() && !self.averaged;
        if m.reason.as_deref() == Some("duplicate_index") || (belongs_to_no_electrode && m.status == Status::Failed) {
            self.left_out.push(without_number(&self.name, m));
            return;
        }
        if m.frequency_hz.is_none_or(|hz| !(hz.is_finite() && hz > 0.0)) {
            let reason = NoPlace::NoFrequency;
            let way_out = "Name the file like H_15Hz_1.txt, or give a template in files.pattern.";
            let message = format!("{} {way_out}", reason.message());
            self.left_out.push(left_out(&self.name, m, reason.code(), &message));
            return;
        }
        let index = m.index.filter(|_| !self.mean);
        if self.by_index.len() >= self.most && !self.by_index.contains_key(&index) {
            self.has_more = true;
            return;
        }
        let counts = !m.excluded;
        self.by_index.entry(index).or_default().push(Contribution {
            input: MapInput {
                electrode: m.electrode,
                frequency_hz: m.frequency_hz,
                peak_current_a: m.peak_current_a.filter(|_| counts),
                peak_potential_v: m.peak_potential_v.filter(|_| counts),
            },
            reason: match (counts, m.peak_current_a) {
                (false, _) => Some("excluded".to_owned()),
                (true, Some(_)) => None,
                (true, None) => m.reason.clone(),
            },
        });
    }
}

/// One map with its name.
#[derive(Debug)]
pub struct OneMap {
    /// Different from those of the other maps.
    pub name: String,
    /// The numbers.
    pub map: FrequencyMap,
    session: Option<SessionId>,
    index: Option<u32>,
    /// Measurements without a current: frequency, electrode, reason.
    without: Vec<(f64, Option<u32>, String)>,
}

/// All maps of a study.
#[derive(Debug)]
pub struct Maps {
    /// In the order of their sources, then of their indices.
    pub maps: Vec<OneMap>,
    left_out: Vec<LeftOut>,
}

impl Maps {
    /// The maps of all sources.
    pub fn new(sources: Vec<MapSource>) -> Self {
        let (mut maps, mut left_out) = (Vec::new(), Vec::new());
        let mut names = HashSet::new();
        for source in sources {
            let of_source = |one: LeftOut| LeftOut {
                source: source.name.clone(),
                ..one
            };
            left_out.extend(source.left_out.into_iter().map(of_source));
            let several = source.by_index.len() > 1;
            for (index, contributions) in source.by_index {
                let name = match index.filter(|_| several) {
                    Some(index) => format!("{} #{index}", source.name),
                    None => source.name.clone(),
                };
                let inputs: Vec<MapInput> = contributions.iter().map(|c| c.input).collect();
                maps.push(OneMap {
                    name: unique(&name, &mut names),
                    map: FrequencyMap::new(&inputs),
                    session: source.session,
                    index,
                    without: contributions
                        .into_iter()
                        .filter_map(|c| Some((c.input.frequency_hz?, c.input.electrode, c.reason?)))
                        .collect(),
                });
            }
        }
        Self { maps, left_out }
    }

    /// The maps, the comparisons with the first one, and what was left out.
    pub fn study(self) -> FrequencyMaps {
        let comparisons = match self.maps.as_slice() {
            [first, others @ ..] => others.iter().map(|other| changes(first, other)).collect(),
            [] => Vec::new(),
        };
        FrequencyMaps {
            maps: self.maps.iter().map(OneMap::named).collect(),
            comparisons,
            left_out: self.left_out,
        }
    }
}

/// The name, or the name with the first number that makes it different.
fn unique(name: &str, taken: &mut HashSet<String>) -> String {
    let mut found = name.to_owned();
    let mut number = 1_u32;
    while !taken.insert(found.clone()) {
        number += 1;
        found = format!("{name} ({number})");
    }
    found
}

impl OneMap {
    /// What the measurements themselves say says more than that there is no peak.
    fn reason(&self, hz: f64, electrode: Option<u32>, reason: CellReason) -> String {
        let here = |(other, of, _): &&(f64, Option<u32>, String)| {
            *of == electrode && is_same_frequency(hz.min(*other), hz.max(*other))
        };
        let own = self.without.iter().find(here).map(|(_, _, reason)| reason.clone());
        own.unwrap_or_else(|| reason.code().to_owned())
    }

    fn named(&self) -> NamedMap {
        let map = &self.map;
        let rows = || map.frequencies_hz.iter().copied();
        let points = rows().zip(&map.cells).flat_map(|(frequency_hz, row)| {
            map.electrodes.iter().zip(row).map(move |(&electrode, cell)| MapPoint {
                frequency_hz,
                electrode,
                peak_current_a: cell.peak_current_a,
                charge_c: cell.charge_c,
                peak_potential_v: cell.peak_potential_v,
                repeats: cell.repeats,
                peak_current_sd_a: cell.deviation_a,
                reason: cell.reason.map(|reason| self.reason(frequency_hz, electrode, reason)),
            })
        });
        let means = rows().zip(&map.averages).map(|(frequency_hz, average)| MapMean {
            frequency_hz,
            peak_current_a: spread(&average.peak_current_a),
            charge_c: spread(&average.charge_c),
            peak_potential_v: spread(&average.peak_potential_v),
        });
        NamedMap {
            name: self.name.clone(),
            session: self.session,
            index: self.index,
            complete: map.is_complete(),
            points: points.collect(),
            means: means.collect(),
        }
    }
}

fn changes(first: &OneMap, other: &OneMap) -> MapChanges {
    let comparison = compare(&first.map, &other.map);
    let (pair, reason) = match propose_pair(&comparison, &PairSettings::default()) {
        Ok(pair) => (Some(pair), None),
        Err(reason) => (None, Some(reason)),
    };
    MapChanges {
        first: first.name.clone(),
        map: other.name.clone(),
        points: points(&comparison),
        means: means(&comparison),
        pair: pair.map(|pair| KdmPair {
            signal_on_hz: pair.signal_on_hz,
            signal_off_hz: pair.signal_off_hz,
            signal_on_gain: spread(&pair.signal_on_gain),
            signal_off_gain: spread(&pair.signal_off_gain),
            difference: spread(&pair.difference),
            difference_over_average: spread(&pair.difference_over_average),
        }),
        pair_reason: reason.map(|reason| reason.code().to_owned()),
        pair_message: reason.map(|reason| reason.message().to_owned()),
    }
}

fn points(comparison: &MapComparison) -> Vec<ChangePoint> {
    let rows = comparison.frequencies_hz.iter().zip(&comparison.changes);
    rows.flat_map(|(&frequency_hz, row)| {
        let cells = comparison.electrodes.iter().zip(row);
        cells.map(move |(&electrode, change)| ChangePoint {
            frequency_hz,
            electrode,
            difference_a: change.difference_a,
            charge_difference_c: change.charge_difference_c,
            potential_shift_v: change.potential_shift_v,
            ratio: change.ratio,
            gain: change.gain,
            reason: change.reason.map(|reason| reason.code().to_owned()),
        })
    })
    .collect()
}

fn means(comparison: &MapComparison) -> Vec<ChangeMean> {
    let rows = comparison.frequencies_hz.iter().zip(&comparison.averages);
    rows.map(|(&frequency_hz, average)| ChangeMean {
        frequency_hz,
        difference_a: spread(&average.difference_a),
        charge_difference_c: spread(&average.charge_difference_c),
        potential_shift_v: spread(&average.potential_shift_v),
        ratio: spread(&average.ratio),
        gain: spread(&average.gain),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::series::tests::measurement;

    fn source(name: &str, mean: bool, rows: &[Measurement]) -> MapSource {
        let mut source = MapSource::new(name, None, &Settings::default(), mean);
        for row in rows {
            source.take(row);
        }
        source
    }

    #[test]
    fn every_index_is_a_map_and_the_later_ones_are_compared_with_the_first() {
        let rows = [
            measurement(1, 10.0, 1, Some(1e-6)),
            measurement(1, 200.0, 1, Some(5e-6)),
            measurement(1, 10.0, 2, Some(0.8e-6)),
            measurement(1, 200.0, 2, Some(6e-6)),
        ];
        let study = Maps::new(vec![source("run", false, &rows)]).study();
        let names: Vec<_> = study.maps.iter().map(|map| map.name.as_str()).collect();
        assert_eq!(names, ["run #1", "run #2"]);
        assert!(study.maps.iter().all(|map| map.complete));
        let changes = &study.comparisons[0];
        assert_eq!((changes.first.as_str(), changes.map.as_str()), ("run #1", "run #2"));
        let pair = changes.pair.unwrap();
        assert_eq!((pair.signal_on_hz, pair.signal_off_hz), (200.0, 10.0));
        assert!((pair.difference.mean.unwrap() - 40.0).abs() < 1e-9);
        assert!((changes.points[0].gain.unwrap() + 0.2).abs() < 1e-12);
    }

    #[test]
    fn indices_that_are_repeats_give_one_map_of_their_means() {
        let rows = [measurement(1, 10.0, 1, Some(1e-6)), measurement(1, 10.0, 2, Some(3e-6))];
        let study = Maps::new(vec![source("run", true, &rows), source("run", true, &rows)]).study();
        let names: Vec<_> = study.maps.iter().map(|map| map.name.as_str()).collect();
        assert_eq!(names, ["run", "run (2)"]);
        let point = &study.maps[0].points[0];
        assert_eq!((point.repeats, point.peak_current_a), (2, Some(2e-6)));
        assert!((point.peak_current_sd_a.unwrap() - 2e-6 / 2.0_f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn more_maps_than_anyone_compares_are_refused_while_they_are_taken() {
        let rows: Vec<_> = (1..=501).map(|index| measurement(1, 10.0, index, Some(1e-6))).collect();
        assert_eq!(source("run", false, &rows[..500]).count().unwrap(), 500);
        let refused = source("run", false, &rows);
        assert_eq!(refused.by_index.len(), MOST_MAPS);
        assert_eq!(refused.count().unwrap_err().code, "too_many_maps");
        assert_eq!(source("run", true, &rows).count().unwrap(), 1);
    }

    #[test]
    fn what_has_no_number_says_why() {
        let mut excluded = measurement(1, 10.0, 1, Some(1e-6));
        excluded.excluded = true;
        let mut flat = measurement(2, 10.0, 1, None);
        flat.reason = Some("flat_trace".to_owned());
        let mut nowhere = measurement(1, 10.0, 1, Some(1e-6));
        nowhere.frequency_hz = None;
        let rows = [excluded, flat, measurement(2, 100.0, 1, Some(1e-6)), nowhere];
        let study = Maps::new(vec![source("run", false, &rows)]).study();
        let reasons: Vec<_> = study.maps[0].points.iter().map(|p| p.reason.as_deref()).collect();
        assert_eq!(
            reasons,
            [Some("excluded"), Some("flat_trace"), Some("not_measured"), None]
        );
        assert!(!study.maps[0].complete);
        assert_eq!(study.left_out[0].reason, "no_frequency");
    }
}
