//! Numbers of a series that stand out from their neighbours. They are flagged, never changed and never removed.
//!
//! Source: F. R. Hampel, J. Am. Stat. Assoc. 69 (1974) 383-393.

use std::ops::Range;

/// Median absolute deviation of a standard normal variable.
const NORMAL_MAD: f64 = 0.674_489_750_196_081_7;

/// Greatest number of neighbours to either side.
const WIDEST: usize = 500;

/// Fewer numbers than this in a window say nothing about one of them.
const FEWEST: usize = 4;

/// Nearest numbers to one side that a level consists of.
const LEVEL: usize = 3;

/// Settings of [`outlier_flags`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutlierSettings {
    /// Numbers in the window, with the one in question; an even one counts as the next odd one, at most 1001.
    pub window: usize,
    /// Deviations from which a number stands out.
    pub threshold: f64,
    /// The deviation counts as at least this part of the median's size: neighbours that happen to agree, or that an instrument rounded
    /// alike, flag no honest number.
    pub least_relative_deviation: f64,
}

impl Default for OutlierSettings {
    /// Eleven numbers, 4 deviations, at least 0.1 %.
    fn default() -> Self {
        Self {
            window: 11,
            threshold: 4.0,
            least_relative_deviation: 1e-3,
        }
    }
}

/// What is said of one number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OutlierFlag {
    /// It agrees with its neighbours.
    Agrees,
    /// It stands out: by this many of their deviations, signed.
    StandsOut {
        /// `(value - median) / deviation`.
        deviations: f64,
        /// Median of the window.
        median: f64,
    },
    /// There are too few neighbours to say.
    TooFewNeighbours,
    /// There is no number.
    NoValue,
}

/// Flags for the values in `range` (positions in `values`).
///
/// The window of a value is the `window / 2` *numbers* to either side (missing ones are skipped, and an end of the series shortens it). With
/// median `m` and `s = median(|v - m|) / 0.67449`, at least `least_relative_deviation * |m|`, the value stands out where
/// `|v - m| > threshold * s`, unless it agrees with the level to one of its sides: the first number after an injection differs from all
/// before it and from none that follow. The level is the median of the three nearest numbers to that side, its deviation the greater of their own
/// and of that from number to number in the window, `median(|v[k+1] - v[k]|) / (0.67449 √2)`, which no step widens. Cost `O(range * window)`,
/// independent of the length of the series. The flags of the last `window / 2` numbers may change when more follow.
pub fn outlier_flags(values: &[Option<f64>], range: Range<usize>, settings: &OutlierSettings) -> Vec<OutlierFlag> {
    let half = (settings.window / 2).min(WIDEST);
    let number = |k: usize| values[k].filter(|value| value.is_finite());
    let range = range.start.min(values.len())..range.end.min(values.len());
    let mut around = Vec::with_capacity(2 * half + 1);
    range
        .map(|k| {
            let Some(value) = number(k) else {
                return OutlierFlag::NoValue;
            };
            around.clear();
            around.extend((0..k).rev().filter_map(number).take(half));
            around.reverse();
            let at = around.len();
            around.push(value);
            around.extend((k + 1..values.len()).filter_map(number).take(half));
            if around.len() < FEWEST {
                return OutlierFlag::TooFewNeighbours;
            }
            let (median, own) = level(&around, settings);
            let apart = value - median;
            if apart.abs() <= settings.threshold * own || agrees_with_a_side(&around, at, settings) {
                return OutlierFlag::Agrees;
            }
            OutlierFlag::StandsOut {
                deviations: if own > 0.0 {
                    apart / own
                } else {
                    apart.signum() * f64::INFINITY
                },
                median,
            }
        })
        .collect()
}

/// Whether the number at `at` continues the level before it, or begins that after it.
fn agrees_with_a_side(around: &[f64], at: usize, settings: &OutlierSettings) -> bool {
    let mut steps: Vec<f64> = around.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    let from_number_to_number = median(&mut steps) / (NORMAL_MAD * std::f64::consts::SQRT_2);
    let before = &around[at.saturating_sub(LEVEL)..at];
    let after = &around[at + 1..(at + 1 + LEVEL).min(around.len())];
    [before, after].into_iter().any(|side| {
        // Two of three that stand out alike are no level: all of a level agree.
        let (median, own) = level(side, settings);
        side.len() == LEVEL
            && side
                .iter()
                .chain([&around[at]])
                .all(|value| (value - median).abs() <= settings.threshold * own.max(from_number_to_number))
    })
}

/// Median and deviation of numbers.
fn level(values: &[f64], settings: &OutlierSettings) -> (f64, f64) {
    if values.is_empty() {
        return (0.0, 0.0);
    }
    let mut values = values.to_vec();
    let median = median(&mut values);
    for other in &mut values {
        *other = (*other - median).abs();
    }
    let spread = self::median(&mut values) / NORMAL_MAD;
    (median, spread.max(settings.least_relative_deviation * median.abs()))
}

/// Median of at least one number; reorders them.
fn median(values: &mut [f64]) -> f64 {
    let middle = values.len() / 2;
    let upper = *values.select_nth_unstable_by(middle, f64::total_cmp).1;
    if values.len() % 2 == 1 {
        upper
    } else {
        let lower = values[..middle].iter().copied().fold(f64::NEG_INFINITY, f64::max);
        f64::midpoint(lower, upper)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A drifting series with a small regular scatter.
    fn series(n: usize) -> Vec<Option<f64>> {
        (0..n)
            .map(|k| Some(1.0 - 1e-3 * k as f64 + 2e-3 * (k as f64 * 12.9898).sin()))
            .collect()
    }

    fn stand_out(values: &[Option<f64>]) -> Vec<usize> {
        outlier_flags(values, 0..values.len(), &OutlierSettings::default())
            .iter()
            .enumerate()
            .filter(|(_, flag)| matches!(flag, OutlierFlag::StandsOut { .. }))
            .map(|(k, _)| k)
            .collect()
    }

    #[test]
    fn flags_spikes_and_neither_drift_nor_a_step() {
        let mut values = series(100);
        for value in &mut values[60..] {
            *value = value.map(|value| value * 1.3);
        }
        assert_eq!(stand_out(&values), [0usize; 0]);
        values[20] = Some(1.2);
        values[21] = Some(1.25);
        values[50] = Some(0.0);
        values[51] = None;
        assert_eq!(stand_out(&values), [20, 21, 50]);
        let flag = outlier_flags(&values, 50..52, &OutlierSettings::default());
        assert!(matches!(flag[0], OutlierFlag::StandsOut { deviations, .. } if deviations < -20.0));
        assert_eq!(flag[1], OutlierFlag::NoValue);
    }

    #[test]
    fn the_first_scan_of_a_step_that_lasts_is_none() {
        let mut values: Vec<Option<f64>> = series(60);
        for (k, value) in values.iter_mut().enumerate() {
            *value = value.map(|value| value * (1.0 + 0.2 * (k / 10) as f64));
        }
        assert_eq!(stand_out(&values), [0usize; 0]);
        values[25] = values[25].map(|value| value * 1.3);
        assert_eq!(stand_out(&values), [25]);
    }

    #[test]
    fn the_first_number_of_a_step_of_a_titration_agrees_with_those_that_follow() {
        // Steps of five scans whose height grows, as in a titration.
        let mut values: Vec<Option<f64>> = (0..60)
            .map(|k| Some(f64::from(k / 5) * 0.2 + 1.0 + 4e-3 * (f64::from(k) * 12.9898).sin()))
            .collect();
        for window in [5, 7, 11, 15] {
            let settings = OutlierSettings {
                window,
                ..OutlierSettings::default()
            };
            let flags = outlier_flags(&values, 0..60, &settings);
            let found: Vec<usize> = (0..60)
                .filter(|k| matches!(flags[*k], OutlierFlag::StandsOut { .. }))
                .collect();
            assert_eq!(found, [0usize; 0], "window {window}");
        }
        // One that fits neither level is still one.
        values[30] = Some(9.0);
        assert_eq!(stand_out(&values), [30]);
    }

    #[test]
    fn a_part_is_flagged_like_the_whole() {
        let mut values = series(300);
        values[250] = Some(3.0);
        let settings = OutlierSettings::default();
        let all = outlier_flags(&values, 0..300, &settings);
        assert_eq!(all[240..260], outlier_flags(&values, 240..260, &settings)[..]);
        assert_eq!(outlier_flags(&values, 290..999, &settings).len(), 10);
    }

    #[test]
    fn few_numbers_and_equal_numbers() {
        let few = [Some(1.0), None, Some(9.0), Some(1.0)];
        let flags = outlier_flags(&few, 0..4, &OutlierSettings::default());
        assert_eq!(flags[2], OutlierFlag::TooFewNeighbours);
        let mut equal = vec![Some(5.0); 20];
        equal[7] = Some(5.01);
        assert_eq!(stand_out(&equal), [0usize; 0]);
        equal[7] = Some(5.1);
        assert_eq!(stand_out(&equal), [7]);
        let mut zeros = vec![Some(0.0); 20];
        zeros[3] = Some(1e-9);
        assert_eq!(stand_out(&zeros), [3]);
    }
}
