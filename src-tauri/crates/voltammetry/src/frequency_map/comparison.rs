//! How a map differs from a first one: with target from without, after from before.

use super::map::{FrequencyMap, MapCell, is_same_frequency};
use crate::trend::ReplicateValue;

/// One frequency at one electrode, second map against first.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Change {
    /// Current in the second map less that in the first (A).
    pub difference_a: Option<f64>,
    /// The same of the charge (C).
    pub charge_difference_c: Option<f64>,
    /// Shift of the peak's potential (V).
    pub potential_shift_v: Option<f64>,
    /// Second current over first. The frequency cancels, so that it is the ratio of the charges too.
    pub ratio: Option<f64>,
    /// Relative change, `ratio - 1`: positive where the signal grows, whichever way the peak points.
    pub gain: Option<f64>,
    /// Why a number is missing.
    pub reason: Option<ChangeReason>,
}

/// Why a change has no ratio or no difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangeReason {
    /// Neither map has a number here.
    MissingInBoth,
    /// The first map has no number here.
    MissingInFirst,
    /// The second map has no number here.
    MissingInSecond,
    /// The first current is 0: no ratio.
    FirstIsZero,
    /// The two peaks point in opposite directions: no ratio.
    OppositePolarity,
}

impl ChangeReason {
    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::MissingInBoth => "missing_in_both",
            Self::MissingInFirst => "missing_in_first",
            Self::MissingInSecond => "missing_in_second",
            Self::FirstIsZero => "first_is_zero",
            Self::OppositePolarity => "opposite_polarity",
        }
    }

    /// A sentence for people.
    pub fn message(self) -> &'static str {
        match self {
            Self::MissingInBoth => "Neither map has a peak here.",
            Self::MissingInFirst => "The first map has no peak here.",
            Self::MissingInSecond => "The second map has no peak here.",
            Self::FirstIsZero => "The first peak is 0; a ratio to it means nothing.",
            Self::OppositePolarity => "The two peaks point in opposite directions; their ratio means nothing.",
        }
    }
}

/// Mean and spread over the electrodes at one frequency. Differences are taken at each electrode first (paired).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ChangeAverage {
    /// Difference of the currents (A).
    pub difference_a: ReplicateValue,
    /// Difference of the charges (C).
    pub charge_difference_c: ReplicateValue,
    /// Shift of the potential (V).
    pub potential_shift_v: ReplicateValue,
    /// Ratio.
    pub ratio: ReplicateValue,
    /// Relative change.
    pub gain: ReplicateValue,
    /// Current in the first map, over the electrodes that have a gain (A).
    pub first_current_a: ReplicateValue,
}

/// Two maps compared.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MapComparison {
    /// Ascending frequencies that occur in either map (Hz).
    pub frequencies_hz: Vec<f64>,
    /// Electrodes that occur in either map.
    pub electrodes: Vec<Option<u32>>,
    /// One row a frequency, in each one change an electrode.
    pub changes: Vec<Vec<Change>>,
    /// For each frequency, over the electrodes.
    pub averages: Vec<ChangeAverage>,
}

/// Compares `second` with `first`.
pub fn compare(first: &FrequencyMap, second: &FrequencyMap) -> MapComparison {
    let mut frequencies_hz: Vec<f64> = [&first.frequencies_hz[..], &second.frequencies_hz[..]].concat();
    frequencies_hz.sort_by(f64::total_cmp);
    frequencies_hz.dedup_by(|next, kept| is_same_frequency(*kept, *next));
    let mut electrodes: Vec<Option<u32>> = [&first.electrodes[..], &second.electrodes[..]].concat();
    electrodes.sort_unstable();
    electrodes.dedup();

    let mut changes = Vec::with_capacity(frequencies_hz.len());
    let mut averages = Vec::with_capacity(frequencies_hz.len());
    for &hz in &frequencies_hz {
        let cells = || {
            electrodes
                .iter()
                .map(move |&electrode| (first.cell(hz, electrode), second.cell(hz, electrode)))
        };
        let row: Vec<Change> = cells().map(|(first, second)| change(first, second)).collect();
        let over = |value: fn(&Change) -> Option<f64>| ReplicateValue::of(row.iter().map(value));
        averages.push(ChangeAverage {
            difference_a: over(|change| change.difference_a),
            charge_difference_c: over(|change| change.charge_difference_c),
            potential_shift_v: over(|change| change.potential_shift_v),
            ratio: over(|change| change.ratio),
            gain: over(|change| change.gain),
            first_current_a: ReplicateValue::of(
                cells()
                    .zip(&row)
                    .map(|((first, _), change)| change.gain.and(first).and_then(|cell| cell.peak_current_a)),
            ),
        });
        changes.push(row);
    }
    MapComparison {
        frequencies_hz,
        electrodes,
        changes,
        averages,
    }
}

/// Compares every later map with the first; empty for fewer than two maps.
pub fn compare_all(maps: &[FrequencyMap]) -> Vec<MapComparison> {
    match maps {
        [first, others @ ..] => others.iter().map(|other| compare(first, other)).collect(),
        [] => Vec::new(),
    }
}

fn change(first: Option<&MapCell>, second: Option<&MapCell>) -> Change {
    let of = |cell: Option<&MapCell>, value: fn(&MapCell) -> Option<f64>| cell.and_then(value);
    let difference = |value: fn(&MapCell) -> Option<f64>| Some(of(second, value)? - of(first, value)?);
    let current = |cell: &MapCell| cell.peak_current_a;
    let (ratio, reason) = match (of(first, current), of(second, current)) {
        (None, None) => (None, Some(ChangeReason::MissingInBoth)),
        (None, Some(_)) => (None, Some(ChangeReason::MissingInFirst)),
        (Some(_), None) => (None, Some(ChangeReason::MissingInSecond)),
        (Some(0.0), Some(_)) => (None, Some(ChangeReason::FirstIsZero)),
        (Some(first), Some(second)) if second != 0.0 && first.is_sign_positive() != second.is_sign_positive() => {
            (None, Some(ChangeReason::OppositePolarity))
        }
        // `+ 0.0` makes a vanished downward peak 0, not -0.
        (Some(first), Some(second)) => (Some(second / first + 0.0), None),
    };
    Change {
        difference_a: difference(current),
        charge_difference_c: difference(|cell| cell.charge_c),
        potential_shift_v: difference(|cell| cell.peak_potential_v),
        ratio,
        gain: ratio.map(|ratio| ratio - 1.0),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::super::map::MapInput;
    use super::*;

    fn map(cells: &[(u32, f64, f64)]) -> FrequencyMap {
        let inputs: Vec<MapInput> = cells
            .iter()
            .map(|&(electrode, hz, current)| MapInput {
                electrode: Some(electrode),
                frequency_hz: Some(hz),
                peak_current_a: Some(current),
                peak_potential_v: Some(-0.3 + current),
            })
            .collect();
        FrequencyMap::new(&inputs)
    }

    #[test]
    fn difference_ratio_and_gain_for_each_electrode_and_their_means() {
        let first = map(&[(1, 10.0, 2e-6), (2, 10.0, 4e-6), (1, 50.0, -1e-6)]);
        let second = map(&[(1, 10.0, 3e-6), (2, 10.0, 5e-6), (1, 50.0, -2e-6)]);
        let all = compare_all(&[first.clone(), second.clone(), first.clone()]);
        assert_eq!(all[0], compare(&first, &second));
        assert!(all[1].averages.iter().all(|average| average.gain.mean == Some(0.0)));
        let at = all[0].changes[0][0];
        assert!((at.difference_a.unwrap() - 1e-6).abs() < 1e-18);
        assert!((at.charge_difference_c.unwrap() - 1e-7).abs() < 1e-19);
        assert!((at.gain.unwrap() - 0.5).abs() < 1e-12 && (at.ratio.unwrap() - 1.5).abs() < 1e-12);
        let mean = all[0].averages[0];
        assert!((mean.gain.mean.unwrap() - 0.375).abs() < 1e-12);
        assert!((mean.first_current_a.mean.unwrap() - 3e-6).abs() < 1e-18);
        // A downward peak that doubles grows.
        assert!((all[0].changes[1][0].gain.unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(all[0].changes[1][1].reason, Some(ChangeReason::MissingInBoth));
        assert_eq!(compare_all(&[first]), []);
    }

    #[test]
    fn what_cannot_be_compared_says_why() {
        let first = map(&[(1, 10.0, 0.0), (2, 10.0, 1e-6), (3, 10.0, 1e-6)]);
        let second = map(&[(1, 10.0, 1e-6), (2, 10.0, -1e-6), (4, 10.0, 1e-6)]);
        let row = &compare(&first, &second).changes[0];
        let reasons: Vec<_> = row.iter().map(|change| change.reason).collect();
        assert_eq!(
            reasons,
            [
                Some(ChangeReason::FirstIsZero),
                Some(ChangeReason::OppositePolarity),
                Some(ChangeReason::MissingInSecond),
                Some(ChangeReason::MissingInFirst)
            ]
        );
        assert!(row[1].difference_a.is_some() && row[1].ratio.is_none());
        // A peak that vanished lost all of its signal.
        let gone = compare(&map(&[(1, 10.0, -1e-6)]), &map(&[(1, 10.0, 0.0)]));
        assert_eq!(gone.changes[0][0].gain, Some(-1.0));
    }
}
