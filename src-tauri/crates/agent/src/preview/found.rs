//! What was found by reading files of a folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use protocol::inspect::Inspection;
use protocol::query::Coverage;
use protocol::settings::Technique;
use rayon::prelude::*;

use super::Accepted;
use super::inspecting::inspect_file;
use super::proposal::{Seen, proposed, technique_in};
use crate::analysis::Rules;

/// Files that are shown one by one: the first, the newest, and some in between.
const SAMPLE: usize = 12;
/// Files that are read at most, and their bytes: a look takes no longer than a blink, on a network drive a second.
const MOST_READ: usize = 400;
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// Files that cannot be used that are shown one by one.
const TROUBLED: usize = 50;

/// The accepted files, read or not.
pub(super) struct Found<'a> {
    files: Vec<(&'a Accepted, Option<Inspection>)>,
    sample: BTreeSet<usize>,
}

impl<'a> Found<'a> {
    /// Reads as many as can be read at once.
    pub(super) fn look(folder: &Path, accepted: &'a [Accepted], rules: &Rules) -> Self {
        let sample = sample(accepted.len());
        let read = worth_reading(accepted, &sample);
        let files = accepted
            .par_iter()
            .enumerate()
            .map(|(place, file)| {
                let name = &file.file.name;
                let inspect = || inspect_file(&folder.join(name), name, rules);
                (file, read.contains(&place).then(inspect))
            })
            .collect();
        Self { files, sample }
    }

    /// Those that were read.
    pub(super) fn read(&self) -> impl Iterator<Item = &Inspection> {
        self.files.iter().filter_map(|(_, inspection)| inspection.as_ref())
    }

    fn usable(&self) -> impl Iterator<Item = (&Accepted, &Inspection)> {
        self.files
            .iter()
            .filter_map(|(file, inspection)| Some((*file, inspection.as_ref().filter(|i| i.points > 0)?)))
    }

    fn unread_files(&self) -> impl Iterator<Item = &Accepted> {
        self.files
            .iter()
            .filter(|(_, inspection)| inspection.is_none())
            .map(|(file, _)| *file)
    }

    pub(super) fn unread(&self) -> u64 {
        self.unread_files().count() as u64
    }

    /// Electrodes, ascending.
    pub(super) fn electrodes(&self) -> Vec<u32> {
        let cells = self.cells();
        let electrodes: BTreeSet<u32> = cells.keys().filter_map(|(electrode, _)| *electrode).collect();
        electrodes.into_iter().collect()
    }

    /// Frequencies, ascending, Hz.
    pub(super) fn frequencies_hz(&self) -> Vec<f64> {
        let cells = self.cells();
        // The bits of positive numbers have the order of the numbers.
        let frequencies: BTreeSet<u64> = cells.keys().filter_map(|(_, bits)| *bits).collect();
        frequencies.into_iter().map(f64::from_bits).collect()
    }

    pub(super) fn coverage(&self) -> Vec<Coverage> {
        let cells = self.cells();
        let cell = |((electrode, bits), files): ((Option<u32>, Option<u64>), u64)| Coverage {
            electrode,
            frequency_hz: bits.map(f64::from_bits),
            files,
        };
        cells.into_iter().map(cell).collect()
    }

    /// Files of each electrode and frequency. Those that cannot be used are in no place.
    fn cells(&self) -> BTreeMap<(Option<u32>, Option<u64>), u64> {
        let mut cells = BTreeMap::new();
        let mut stated = BTreeSet::new();
        for (file, inspection) in self.usable() {
            let bits = inspection.frequency_hz.map(f64::to_bits);
            stated.insert(bits);
            for electrode in electrodes_of(file, inspection) {
                *cells.entry((electrode, bits)).or_insert(0) += 1;
            }
        }
        // Where all files that were read have one frequency, the others of this folder have it, too.
        let common = if stated.len() == 1 {
            stated.first().copied().flatten()
        } else {
            None
        };
        for file in self.unread_files() {
            let bits = file.name.frequency_hz.map(f64::to_bits).or(common);
            *cells.entry((file.name.electrode, bits)).or_insert(0) += 1;
        }
        cells
    }

    pub(super) fn technique(&self) -> Option<Technique> {
        let seen = self.usable().map(|(_, inspection)| Seen {
            technique: technique_in(&inspection.technique),
            frequency_hz: inspection.frequency_hz,
        });
        proposed(seen)
    }

    /// The sample, and what cannot be used.
    pub(super) fn into_shown(self) -> Vec<Inspection> {
        let Self { files, sample } = self;
        let mut troubled = 0;
        let is_shown = |(place, (_, inspection)): (usize, (_, Option<Inspection>))| {
            let inspection = inspection?;
            if sample.contains(&place) {
                return Some(inspection);
            }
            let is_trouble = inspection.reason.is_some() && inspection.points == 0;
            troubled += usize::from(is_trouble);
            (is_trouble && troubled <= TROUBLED).then_some(inspection)
        };
        files.into_iter().enumerate().filter_map(is_shown).collect()
    }
}

/// The electrodes of a file: the one in its name, else those in its content.
fn electrodes_of(file: &Accepted, inspection: &Inspection) -> Vec<Option<u32>> {
    match (file.name.electrode, &*inspection.electrodes) {
        (Some(electrode), _) => vec![Some(electrode)],
        (None, []) => vec![None],
        (None, electrodes) => electrodes.iter().copied().map(Some).collect(),
    }
}

/// At most [`SAMPLE`] places, spread over the list, first and last included.
fn sample(files: usize) -> BTreeSet<usize> {
    if files <= SAMPLE {
        return (0..files).collect();
    }
    (0..SAMPLE).map(|k| k * (files - 1) / (SAMPLE - 1)).collect()
}

/// The sample, and what can be read beside it.
fn worth_reading(accepted: &[Accepted], sample: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut bytes = 0_u64;
    let mut read = sample.clone();
    for (place, file) in accepted.iter().enumerate() {
        bytes = bytes.saturating_add(file.file.signature.bytes);
        if read.len() >= MOST_READ || bytes > MOST_BYTES {
            break;
        }
        read.insert(place);
    }
    read
}
