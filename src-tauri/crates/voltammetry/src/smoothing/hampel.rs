//! The Hampel identifier as a filter: replaces a value that stands out from its neighbours by their median.
//!
//! Source: F. R. Hampel, "The influence curve and its role in robust estimation", J. Am. Stat. Assoc. 69 (1974) 383-393.

/// Median absolute deviation of a standard normal variable; dividing by it makes the deviation estimate a standard one.
const NORMAL_MAD: f64 = 0.674_489_750_196_081_7;

/// Smallest deviation (in the unit of the data) that the compatible filter assumes when the neighbours are all equal.
pub const HAMPEL_MINIMUM_DEVIATION: f64 = 1e-10;

/// Hampel filter with the floor of the compatible method, [`HAMPEL_MINIMUM_DEVIATION`], for windows whose values are
/// all equal.
///
/// For each value the window is the original data within `window / 2` samples to either side; it shrinks at the ends.
/// With median `m` and `s = median(|x - m|) / 0.67449` of that window, the value is replaced by `m` where
/// `|x - m| > threshold * s`. An even `window` counts as the next odd one. All values must be finite.
pub fn hampel(values: &[f64], window: usize, threshold: f64) -> Vec<f64> {
    hampel_with_floor(values, window, threshold, HAMPEL_MINIMUM_DEVIATION)
}

/// Hampel filter; where the neighbours do not deviate at all, `floor` (in the unit of the data) is taken as their
/// deviation. See [`hampel`].
pub fn hampel_with_floor(values: &[f64], window: usize, threshold: f64, floor: f64) -> Vec<f64> {
    let half = window / 2;
    let last = values.len().saturating_sub(1);
    // The window is kept sorted while it slides, so that each step costs one insertion and one removal.
    let mut sorted: Vec<f64> = Vec::with_capacity(2 * half.min(values.len()) + 1);
    for &value in values.iter().take(half) {
        insert(&mut sorted, value);
    }
    let mut filtered = Vec::with_capacity(values.len());
    for (k, &value) in values.iter().enumerate() {
        if k + half <= last {
            insert(&mut sorted, values[k + half]);
        }
        if k > half {
            remove(&mut sorted, values[k - half - 1]);
        }
        let median = median_of_sorted(&sorted);
        let deviation = median_deviation(&sorted, median) / NORMAL_MAD;
        let deviation = if deviation == 0.0 { floor } else { deviation };
        filtered.push(if (value - median).abs() > threshold * deviation {
            median
        } else {
            value
        });
    }
    filtered
}

fn insert(sorted: &mut Vec<f64>, value: f64) {
    let at = sorted.partition_point(|other| *other <= value);
    sorted.insert(at, value);
}

fn remove(sorted: &mut Vec<f64>, value: f64) {
    let at = sorted.partition_point(|other| *other < value);
    if at < sorted.len() {
        sorted.remove(at);
    }
}

fn median_of_sorted(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    if sorted.is_empty() {
        0.0
    } else if sorted.len() % 2 == 1 {
        sorted[middle]
    } else {
        f64::midpoint(sorted[middle - 1], sorted[middle])
    }
}

/// Median of `|x - median|`, found by merging outwards from the median: the deviations to either side are already sorted.
fn median_deviation(sorted: &[f64], median: f64) -> f64 {
    let n = sorted.len();
    let mut above = sorted.partition_point(|value| *value < median);
    let mut below = above;
    let (mut previous, mut current) = (0.0, 0.0);
    for _ in 0..=n / 2 {
        let down = if below > 0 {
            median - sorted[below - 1]
        } else {
            f64::INFINITY
        };
        let up = if above < n {
            sorted[above] - median
        } else {
            f64::INFINITY
        };
        previous = current;
        // Without anything below the next one is above, whatever the comparison says of overflowed values.
        if below == 0 || up <= down {
            current = up;
            above += 1;
        } else {
            current = down;
            below -= 1;
        }
    }
    if n % 2 == 1 {
        current
    } else {
        f64::midpoint(previous, current)
    }
}

#[cfg(test)]
mod tests {
    use proptest::strategy::Strategy as _;

    use super::*;

    /// The definition, without any cleverness.
    fn by_definition(values: &[f64], window: usize, threshold: f64) -> Vec<f64> {
        fn median(mut of: Vec<f64>) -> f64 {
            of.sort_by(f64::total_cmp);
            let middle = of.len() / 2;
            if of.len() % 2 == 1 {
                of[middle]
            } else {
                f64::midpoint(of[middle - 1], of[middle])
            }
        }
        let half = window / 2;
        (0..values.len())
            .map(|k| {
                let near = &values[k.saturating_sub(half)..(k + half + 1).min(values.len())];
                let centre = median(near.to_vec());
                let mut spread = median(near.iter().map(|x| (x - centre).abs()).collect()) / NORMAL_MAD;
                if spread == 0.0 {
                    spread = HAMPEL_MINIMUM_DEVIATION;
                }
                if (values[k] - centre).abs() > threshold * spread {
                    centre
                } else {
                    values[k]
                }
            })
            .collect()
    }

    #[test]
    fn replaces_two_neighbouring_spikes_and_keeps_a_slope() {
        let mut values: Vec<f64> = (0..40).map(f64::from).collect();
        values[20] = 90.0;
        values[21] = 91.0;
        let filtered = hampel(&values, 9, 3.0);
        assert!(
            (filtered[20] - 21.0).abs() <= 3.0 && (filtered[21] - 22.0).abs() <= 3.0,
            "{filtered:?}"
        );
        assert_eq!(filtered[5..15], values[5..15]);
    }

    #[test]
    fn handles_windows_longer_than_the_data_and_no_data() {
        assert_eq!(hampel(&[], 5, 3.0), Vec::<f64>::new());
        assert_eq!(hampel(&[1.0], 99, 3.0), [1.0]);
        assert_eq!(hampel(&[1.0, 1.0, 8.0, 1.0], 99, 3.0), [1.0; 4]);
    }

    proptest::proptest! {
        #[test]
        fn agrees_with_the_definition(
            values in proptest::collection::vec(
                proptest::prop_oneof![(-5i32..5).prop_map(f64::from), -5.0..5.0f64], 0..60),
            half in 0usize..12,
            threshold in 0.5..5.0f64,
        ) {
            let expected = by_definition(&values, 2 * half + 1, threshold);
            proptest::prop_assert_eq!(hampel(&values, 2 * half + 1, threshold), expected);
        }
    }
}
