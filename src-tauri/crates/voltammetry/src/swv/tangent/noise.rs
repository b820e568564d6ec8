//! Noise, single bad points and transients, judged from differences alone.

/// Median absolute value of a standard normal variable.
const NORMAL_MEDIAN: f64 = 0.674_489_750_196_081_7;

/// Bad points stand out by more than this many standard deviations of the noise.
const OUTLIER: f64 = 6.0;

/// Bad points stand out by more than this part of the median size of the sweep less its trend: what instruments with little
/// noise do at the last digit changes no result.
const MATTERS: f64 = 0.1;

/// Standard deviation of the noise from point to point.
///
/// `fourth` are the [`fourth_differences`] of `z`.
///
/// Even steps: median of |fourth difference| / (0.67449 √70); the fourth difference of white noise has √70 times its
/// deviation, while a peak several points wide has next to none. Uneven steps: the same with the distance of each
/// point from the line between its neighbours. Where more than half of the differences vanish, the current is quantised
/// and the mean of the lower nine tenths takes the place of the median.
pub(crate) fn point_to_point(x: &[f64], z: &[f64], fourth: &[f64]) -> f64 {
    let n = z.len();
    if n < 5 {
        return 0.0;
    }
    let mean_step = (x[n - 1] - x[0]) / (n - 1) as f64;
    let even = x
        .windows(2)
        .all(|pair| ((pair[1] - pair[0]) - mean_step).abs() <= 0.2 * mean_step);
    let mut apart: Vec<f64> = if even {
        fourth.iter().map(|difference| difference.abs()).collect()
    } else {
        x.windows(3)
            .zip(z.windows(3))
            .map(|(x, z)| distance_from_neighbours(x, z))
            .collect()
    };
    let one_point = if even { 1.0 / 70f64.sqrt() } else { 1.0 };
    let middle = apart.len() / 2;
    let (_, &mut median, _) = apart.select_nth_unstable_by(middle, f64::total_cmp);
    if median > 0.0 {
        return one_point * median / NORMAL_MEDIAN;
    }
    let most = (apart.len() * 9 / 10).min(apart.len() - 1);
    let (lower, ..) = apart.select_nth_unstable_by(most, f64::total_cmp);
    // Mean of |x| over the standard deviation is √(2/π) for a normal variable.
    if lower.is_empty() {
        0.0
    } else {
        one_point * 1.2533 * lower.iter().sum::<f64>() / lower.len() as f64
    }
}

/// Fourth differences; the first one is that around the third point.
pub(crate) fn fourth_differences(z: &[f64]) -> Vec<f64> {
    let count = z.len().saturating_sub(4);
    let [a, b, c, d, e] = [0, 1, 2, 3, 4].map(|k| z.get(k..k + count).unwrap_or(&[]));
    let outer = a.iter().zip(e).zip(b.iter().zip(d)).zip(c);
    outer
        .map(|(((a, e), (b, d)), c)| (a + e) - 4.0 * (b + d) + 6.0 * c)
        .collect()
}

/// Distance of the middle point from the line between its neighbours, scaled to the deviation of one point.
fn distance_from_neighbours(x: &[f64], z: &[f64]) -> f64 {
    let span = x[2] - x[0];
    let right = if span > 0.0 { (x[1] - x[0]) / span } else { 0.5 };
    let left = 1.0 - right;
    (z[1] - left * z[0] - right * z[2]).abs() / (1.0 + left * left + right * right).sqrt()
}

/// Replaces single points and pairs that stand far out of their neighbourhood; gives their number.
///
/// `fourth` are the [`fourth_differences`] of `z`. A point is suspected where the fourth difference is out of proportion, and replaced where it also lies six standard
/// deviations away from the seven points around it, less their slope, in terms both of the sweep's noise and of their
/// spread: the summit of a narrow peak passes the first test, but not the second.
pub(super) fn replace_outliers(z: &mut [f64], fourth: &[f64], noise_a: f64) -> usize {
    const REACH: usize = 3;
    let n = z.len();
    if n < 2 * REACH + 5 {
        return 0;
    }
    // A pair of bad points d away has a fourth difference of 2 d, a single one of 6 d.
    let suspicious = 20.0 * noise_a;
    let mut least = None;
    let mut bad: Vec<usize> = Vec::new();
    for (at, difference) in (2..n - REACH).zip(fourth).skip(REACH - 2) {
        if difference.abs() <= suspicious {
            continue;
        }
        let Some(apart) = outstanding(&z[at - REACH..=at + REACH], noise_a) else {
            continue;
        };
        if apart > *least.get_or_insert_with(|| MATTERS * median_size(z)) {
            bad.push(at);
        }
    }
    let mut k = 0;
    while k < bad.len() {
        let first = bad[k];
        let mut last = first;
        while k + 1 < bad.len() && bad[k + 1] == last + 1 {
            k += 1;
            last = bad[k];
        }
        let (before, after) = (z[first - 1], z[last + 1]);
        let steps = (last + 2 - first) as f64;
        for (offset, value) in z[first..=last].iter_mut().enumerate() {
            *value = before + (after - before) * (offset + 1) as f64 / steps;
        }
        k += 1;
    }
    bad.len()
}

/// How far the middle of seven points lies from the line that its neighbours suggest, if that is far for them.
fn outstanding(window: &[f64], noise_a: f64) -> Option<f64> {
    // The slope from the middle value of three points on each side, which two bad points cannot bend.
    let slope = (median_of_three(&window[4..]) - median_of_three(&window[..3])) / 4.0;
    let mut level = [0.0; 7];
    for ((level, value), at) in level.iter_mut().zip(window).zip(-3i8..) {
        *level = value - slope * f64::from(at);
    }
    let middle = level[3];
    level.sort_unstable_by(f64::total_cmp);
    let median = level[3];
    for value in &mut level {
        *value = (*value - median).abs();
    }
    level.sort_unstable_by(f64::total_cmp);
    let spread = level[3] / NORMAL_MEDIAN;
    let apart = (middle - median).abs();
    (apart > OUTLIER * noise_a.max(spread)).then_some(apart)
}

/// Median of the absolute values.
fn median_size(z: &[f64]) -> f64 {
    let mut sizes: Vec<f64> = z.iter().map(|value| value.abs()).collect();
    let middle = sizes.len() / 2;
    *sizes.select_nth_unstable_by(middle, f64::total_cmp).1
}

fn median_of_three(values: &[f64]) -> f64 {
    let (a, b, c) = (values[0], values[1], values[2]);
    a.max(b).min(a.min(b).max(c))
}

/// First and one after the last point that are free of the transients with which instruments begin or end a sweep.
///
/// At most three points at each end, and never more than one in twenty, are left out: those from the innermost outwards
/// that do not continue the line through the five points next to them, beyond what noise and curvature explain.
pub(super) fn without_transients(z: &[f64], noise_a: f64) -> (usize, usize) {
    let n = z.len();
    let most = (n / 20).min(3);
    let start = transient_length(most, noise_a, |k| z[k]);
    let end = transient_length(most, noise_a, |k| z[n - 1 - k]);
    (start, n - end)
}

fn transient_length(most: usize, noise_a: f64, z: impl Fn(usize) -> f64) -> usize {
    (0..most)
        .rev()
        .find(|&at| {
            let next = |k: usize| z(at + 1 + k);
            let mean = (0..5).map(next).sum::<f64>() / 5.0;
            let slope = (2.0 * (next(4) - next(0)) + (next(3) - next(1))) / 10.0;
            let apart = (z(at) - (mean - 3.0 * slope)).abs();
            let bends = [0, 1, 2].map(|k| (next(k) - 2.0 * next(k + 1) + next(k + 2)).abs());
            let bend = (median_of_three(&bends) - 3.0 * noise_a).max(0.0);
            // A parabola of second difference b runs 3.5 b away from the line one step outside its five points.
            apart > 8.0 * noise_a + 2.0 * 3.5 * bend
        })
        .map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smooth_sweep_has_no_outliers_and_no_transients() {
        for width in [2.0, 4.0, 10.0, 40.0] {
            let mut z: Vec<f64> = (0..200)
                .map(|i| (-((f64::from(i) - 90.3) / width).powi(2)).exp())
                .collect();
            let x: Vec<f64> = (0..200).map(f64::from).collect();
            let noise = point_to_point(&x, &z, &fourth_differences(&z));
            let fourth = fourth_differences(&z);
            assert_eq!(replace_outliers(&mut z, &fourth, noise), 0, "width {width}");
            assert_eq!(without_transients(&z, noise), (0, 200));
        }
    }

    #[test]
    fn finds_single_and_double_spikes_and_a_start_transient() {
        let clean = |i: usize| (-((i as f64 - 90.3) / 20.0).powi(2)).exp();
        let mut z: Vec<f64> = (0..200).map(clean).collect();
        z[30] += 0.4;
        z[91] -= 0.5;
        z[150] += 0.3;
        z[151] += 0.35;
        z[0] -= 2.0;
        z[1] -= 0.1;
        let x: Vec<f64> = (0..200).map(f64::from).collect();
        let fourth = fourth_differences(&z);
        let noise = point_to_point(&x, &z, &fourth);
        assert_eq!(replace_outliers(&mut z, &fourth, noise), 4);
        for at in [30, 91, 150, 151] {
            assert!((z[at] - clean(at)).abs() < 0.01, "{at}: {} {}", z[at], clean(at));
        }
        assert_eq!(without_transients(&z, noise), (2, 200));
    }

    #[test]
    fn the_deviation_of_noise_is_recovered_for_even_and_uneven_steps() {
        // A fixed sequence with a flat distribution on -1..1, whose standard deviation is 1/√3.
        let mut state = 1u64;
        let z: Vec<f64> = (0..2000)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
            })
            .collect();
        let even: Vec<f64> = (0..2000).map(f64::from).collect();
        let uneven: Vec<f64> = (0..2000).map(|i| f64::from(i) + 0.4 * f64::from(i % 3)).collect();
        for x in [even, uneven] {
            let noise = point_to_point(&x, &z, &fourth_differences(&z));
            assert!((noise * 3f64.sqrt() - 1.0).abs() < 0.15, "{noise}");
        }
    }
}
