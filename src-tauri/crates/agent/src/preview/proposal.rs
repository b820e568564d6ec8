//! Which technique measures files, by what they hold.

use std::collections::{BTreeMap, BTreeSet};

use protocol::settings::Technique;

/// From so many frequencies on, square-wave files are a frequency map: continuous series have up to ten.
const MAP_FREQUENCIES: usize = 11;
/// A frequency map that has only a few files of each frequency has fewer frequencies.
const SHORT_MAP: (usize, usize) = (5, 2);

/// What is known of a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    /// The technique that can measure it, where the file states one.
    pub technique: Option<Technique>,
    /// Its frequency, Hz.
    pub frequency_hz: Option<f64>,
}

/// The technique by its code in an inspection.
pub(crate) fn technique_in(code: &str) -> Option<Technique> {
    match code {
        "swv" | "dpv" => Some(Technique::Swv),
        "cv" | "lsv" => Some(Technique::Cv),
        "ca" => Some(Technique::Ca),
        _ => None,
    }
}

/// The technique that measures most of the files; none where no file states any.
pub(crate) fn proposed(files: impl Iterator<Item = Seen>) -> Option<Technique> {
    let mut votes = BTreeMap::new();
    let (mut frequencies, mut with_frequency) = (BTreeSet::new(), 0_usize);
    for Seen {
        technique,
        frequency_hz,
    } in files
    {
        // A frequency is something only square-wave files have.
        let technique = technique.or(frequency_hz.map(|_| Technique::Swv));
        if let Some(technique) = technique {
            votes.entry(technique as u8).or_insert((0_usize, technique)).0 += 1;
        }
        if let Some(frequency_hz) = frequency_hz {
            frequencies.insert(frequency_hz.to_bits());
            with_frequency += 1;
        }
    }
    let (_, technique) = votes.into_values().max_by_key(|(count, _)| *count)?;
    let is_short = frequencies.len() >= SHORT_MAP.0 && with_frequency <= SHORT_MAP.1 * frequencies.len();
    let is_map = technique == Technique::Swv && (is_short || frequencies.len() >= MAP_FREQUENCIES);
    Some(if is_map { Technique::FrequencyMap } else { technique })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(technique: Option<Technique>, frequency_hz: Option<f64>) -> Seen {
        Seen {
            technique,
            frequency_hz,
        }
    }

    #[test]
    fn most_files_decide() {
        let cv = seen(Some(Technique::Cv), None);
        let swv = seen(Some(Technique::Swv), Some(15.0));
        assert_eq!(proposed([cv, swv, cv].into_iter()), Some(Technique::Cv));
        assert_eq!(proposed([swv, swv, cv].into_iter()), Some(Technique::Swv));
        assert_eq!(proposed([seen(None, None)].into_iter()), None);
        assert_eq!(proposed([seen(None, Some(15.0))].into_iter()), Some(Technique::Swv));
    }

    #[test]
    fn many_frequencies_are_a_map_and_a_long_series_of_a_few_is_none() {
        let sweep = |k: u32| seen(Some(Technique::Swv), Some(f64::from(10 * (k + 1))));
        assert_eq!(proposed((0..6).map(sweep)), Some(Technique::FrequencyMap));
        assert_eq!(proposed((0..60).map(|k| sweep(k % 6))), Some(Technique::Swv));
        assert_eq!(proposed((0..90).map(|k| sweep(k % 16))), Some(Technique::FrequencyMap));
        assert_eq!(proposed((0..4).map(sweep)), Some(Technique::Swv));
    }
}
