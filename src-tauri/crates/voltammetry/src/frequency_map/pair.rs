//! Which two frequencies to use for KDM: one at which the target raises the signal, one at which it lowers it.
//!
//! Sources: B. S. Ferguson et al., Sci. Transl. Med. 5 (2013) 213ra165 (the pair); H. Li et al., J. Am. Chem. Soc. 139 (2017)
//! 11207-11213 (why the response depends on the frequency, up to its sign).

use super::comparison::MapComparison;
use crate::trend::ReplicateValue;

/// What makes a frequency signal-on or signal-off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairSettings {
    /// The mean gain must exceed this in size (0.02 is 2 %).
    pub minimum_gain: f64,
    /// With two or more electrodes the mean gain must also exceed this many of its standard errors.
    pub minimum_errors: f64,
    /// Frequencies whose mean current in the first map is below this part of the map's greatest are not considered: there
    /// the gain is that of the noise.
    pub minimum_relative_current: f64,
}

impl Default for PairSettings {
    /// 2 % and two standard errors, above 1 % of the greatest current.
    fn default() -> Self {
        Self {
            minimum_gain: 0.02,
            minimum_errors: 2.0,
            minimum_relative_current: 0.01,
        }
    }
}

/// A proposed pair. The gains are those between the two maps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KdmPair {
    /// Frequency with the greatest gain (Hz).
    pub signal_on_hz: f64,
    /// Frequency with the least, negative gain (Hz).
    pub signal_off_hz: f64,
    /// Gain at the signal-on frequency, over the electrodes.
    pub signal_on_gain: ReplicateValue,
    /// Gain at the signal-off frequency, over the electrodes.
    pub signal_off_gain: ReplicateValue,
    /// Expected change of KDM as difference (per cent), `100 (g_on - g_off)` at each electrode that has both, then over the
    /// electrodes. Without an electrode that has both: of the two mean gains, count 0 and no deviation.
    pub difference: ReplicateValue,
    /// Expected change of KDM as difference over average (per cent), `100 (g_on - g_off) / (1 + (g_on + g_off) / 2)`, in
    /// the same way.
    pub difference_over_average: ReplicateValue,
}

/// Why no pair is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PairReason {
    /// Fewer than two frequencies have a gain and enough current.
    TooFewFrequencies,
    /// At no frequency does the signal grow enough, nor shrink enough: no response.
    NoResponse,
    /// The signal shrinks at some frequencies and grows enough at none.
    NoSignalOn,
    /// The signal grows at some frequencies and shrinks enough at none.
    NoSignalOff,
}

impl PairReason {
    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooFewFrequencies => "too_few_frequencies",
            Self::NoResponse => "no_response",
            Self::NoSignalOn => "no_signal_on",
            Self::NoSignalOff => "no_signal_off",
        }
    }

    /// A sentence for people.
    pub fn message(self) -> &'static str {
        match self {
            Self::TooFewFrequencies => "Fewer than two frequencies have a peak in both maps.",
            Self::NoResponse => "The signal changes at no frequency by more than its scatter.",
            Self::NoSignalOn => "The signal grows at no frequency by more than its scatter.",
            Self::NoSignalOff => "The signal shrinks at no frequency by more than its scatter.",
        }
    }
}

/// The pair with the greatest expected change of KDM between the two maps.
///
/// Both forms of KDM rise with the signal-on and fall with the signal-off value, so that the frequency of the greatest and that
/// of the least mean gain are the best pair for either.
///
/// # Errors
/// [`PairReason`] where no frequency, or only one kind, responds.
pub fn propose_pair(comparison: &MapComparison, settings: &PairSettings) -> Result<KdmPair, PairReason> {
    let size = |row: usize| comparison.averages[row].first_current_a.mean.map_or(0.0, f64::abs);
    let rows = 0..comparison.averages.len();
    let greatest = rows.clone().map(size).fold(0.0, f64::max);
    let candidates: Vec<(usize, f64)> = rows
        .filter(|row| size(*row) >= settings.minimum_relative_current * greatest)
        .filter_map(|row| Some((row, comparison.averages[row].gain.mean?)))
        .collect();
    if candidates.len() < 2 {
        return Err(PairReason::TooFewFrequencies);
    }
    let is_clear = |(row, gain): &(usize, f64)| {
        let error = comparison.averages[*row].gain.standard_error.unwrap_or(0.0);
        gain.abs() > settings.minimum_gain && gain.abs() > settings.minimum_errors * error
    };
    let clear = || candidates.iter().copied().filter(is_clear);
    let on = clear()
        .filter(|(_, gain)| *gain > 0.0)
        .max_by(|a, b| a.1.total_cmp(&b.1));
    let off = clear()
        .filter(|(_, gain)| *gain < 0.0)
        .min_by(|a, b| a.1.total_cmp(&b.1));
    let ((on, on_gain), (off, off_gain)) = match (on, off) {
        (Some(on), Some(off)) => (on, off),
        (None, None) => return Err(PairReason::NoResponse),
        (None, Some(_)) => return Err(PairReason::NoSignalOn),
        (Some(_), None) => return Err(PairReason::NoSignalOff),
    };

    let difference = |on: f64, off: f64| 100.0 * (on - off);
    let over_average = |on: f64, off: f64| 100.0 * (on - off) / (1.0 + f64::midpoint(on, off));
    let paired = |form: &dyn Fn(f64, f64) -> f64| {
        let gains = comparison.changes[on].iter().zip(&comparison.changes[off]);
        let of_electrodes = ReplicateValue::of(gains.map(|(on, off)| Some(form(on.gain?, off.gain?))));
        if of_electrodes.count > 0 {
            of_electrodes
        } else {
            ReplicateValue {
                mean: Some(form(on_gain, off_gain)).filter(|value| value.is_finite()),
                ..ReplicateValue::default()
            }
        }
    };
    Ok(KdmPair {
        signal_on_hz: comparison.frequencies_hz[on],
        signal_off_hz: comparison.frequencies_hz[off],
        signal_on_gain: comparison.averages[on].gain,
        signal_off_gain: comparison.averages[off].gain,
        difference: paired(&difference),
        difference_over_average: paired(&over_average),
    })
}

#[cfg(test)]
mod tests {
    use super::super::{FrequencyMap, MapInput, compare};
    use super::*;

    /// Gains per frequency for two electrodes, whose currents differ.
    fn comparison(gains: &[(f64, [f64; 2])]) -> MapComparison {
        let map = |with: bool| {
            let mut inputs = Vec::new();
            for (hz, pair) in gains {
                for (electrode, gain) in (1u32..).zip(pair) {
                    let current = 1e-7 * hz.sqrt() * f64::from(electrode) * if with { 1.0 + gain } else { 1.0 };
                    inputs.push(MapInput {
                        electrode: Some(electrode),
                        frequency_hz: Some(*hz),
                        peak_current_a: Some(current),
                        peak_potential_v: None,
                    });
                }
            }
            FrequencyMap::new(&inputs)
        };
        compare(&map(false), &map(true))
    }

    #[test]
    fn takes_the_greatest_and_the_least_clear_gain() {
        let comparison = comparison(&[
            (5.0, [-0.5, 0.1]),
            (10.0, [-0.22, -0.18]),
            (60.0, [0.01, -0.01]),
            (200.0, [0.28, 0.32]),
            (500.0, [0.1, 0.12]),
        ]);
        let pair = propose_pair(&comparison, &PairSettings::default()).unwrap();
        assert_eq!((pair.signal_on_hz, pair.signal_off_hz), (200.0, 10.0));
        assert_eq!(pair.difference.count, 2);
        assert!((pair.difference.mean.unwrap() - 50.0).abs() < 1e-9);
        let expected = 100.0 * f64::midpoint(0.5 / 1.03, 0.5 / 1.07);
        assert!((pair.difference_over_average.mean.unwrap() - expected).abs() < 1e-9);
    }

    #[test]
    fn refuses_with_a_reason() {
        let propose = |gains: &[(f64, [f64; 2])]| propose_pair(&comparison(gains), &PairSettings::default());
        let on = (100.0, [0.3, 0.3]);
        let off = (10.0, [-0.3, -0.3]);
        let flat = (50.0, [0.001, -0.001]);
        let scattered = (30.0, [-0.5, 0.3]);
        assert_eq!(propose(&[on, flat]), Err(PairReason::NoSignalOff));
        assert_eq!(propose(&[off, flat, scattered]), Err(PairReason::NoSignalOn));
        assert_eq!(propose(&[flat, scattered]), Err(PairReason::NoResponse));
        assert_eq!(propose(&[on]), Err(PairReason::TooFewFrequencies));
        assert_eq!(propose(&[]), Err(PairReason::TooFewFrequencies));
    }

    #[test]
    fn electrodes_that_never_meet_still_give_an_expectation() {
        let input = |electrode, hz, current| MapInput {
            electrode: Some(electrode),
            frequency_hz: Some(hz),
            peak_current_a: Some(current),
            peak_potential_v: None,
        };
        let first = FrequencyMap::new(&[input(1, 10.0, 1e-6), input(2, 100.0, 1e-6)]);
        let second = FrequencyMap::new(&[input(1, 10.0, 0.9e-6), input(2, 100.0, 1.2e-6)]);
        let pair = propose_pair(&compare(&first, &second), &PairSettings::default()).unwrap();
        assert_eq!(pair.difference.count, 0);
        assert!((pair.difference.mean.unwrap() - 30.0).abs() < 1e-9);
    }
}
