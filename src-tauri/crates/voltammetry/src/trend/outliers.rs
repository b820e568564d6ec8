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
/// `|v - m| > threshold * s`, and where it agrees (by the same rule) neither with the numbers of the window before it nor with those behind
/// it: the first and last scans of a level that lasts, as of a titration's step, are none. Cost `O(range * window)`, independent of the length of the series. The flags of the last
/// `window / 2` numbers may change when more follow.
pub fn outlier_flags(values: &[Option<f64>], range: Range<usize>, settings: &OutlierSettings) -> Vec<OutlierFlag> {
    let half = (settings.window / 2).min(WIDEST);
    let number = |k: usize| values[k].filter(|value| value.is_finite());
    let range = range.start.min(values.len())..range.end.min(values.len());
    let mut window = Vec::with_capacity(2 * half + 1);
    range
        .map(|k| {
            let Some(value) = number(k) else {
                return OutlierFlag::NoValue;
            };
            window.clear();
            window.push(value);
            window.extend((0..k).rev().filter_map(number).take(half));
            window.extend((k + 1..values.len()).filter_map(number).take(half));
            if window.len() < FEWEST {
                return OutlierFlag::TooFewNeighbours;
            }
            let median = median(&mut window);
            for other in &mut window {
                *other = (*other - median).abs();
            }
            let spread = self::median(&mut window) / NORMAL_MAD;
            let spread = spread.max(settings.least_relative_deviation * median.abs());
            let apart = value - median;
            let lasts = || {
                let before: Vec<f64> = (0..k).rev().filter_map(number).take(half).collect();
                let after: Vec<f64> = (k + 1..values.len()).filter_map(number).take(half).collect();
                agrees_with(value, before, settings) || agrees_with(value, after, settings)
            };
            if apart.abs() > settings.threshold * spread && !lasts() {
                OutlierFlag::StandsOut {
                    deviations: if spread > 0.0 {
                        apart / spread
                    } else {
                        apart.signum() * f64::INFINITY
                    },
                    median,
                }
            } else {
                OutlierFlag::Agrees
            }
        })
        .collect()
}

/// Whether a value belongs to the level of the numbers on one side of it; too few of them are no level.
fn agrees_with(value: f64, mut side: Vec<f64>, settings: &OutlierSettings) -> bool {
    if side.len() < FEWEST {
        return false;
    }
    let level = median(&mut side);
    for other in &mut side {
        *other = (*other - level).abs();
    }
    let spread = (median(&mut side) / NORMAL_MAD).max(settings.least_relative_deviation * level.abs());
    (value - level).abs() <= settings.threshold * spread
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
