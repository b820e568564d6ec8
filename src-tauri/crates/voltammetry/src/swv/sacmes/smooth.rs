//! Smoothing as the desktop original does it.

use std::collections::HashMap;

use crate::smoothing::{hampel, savitzky_golay};
use crate::swv::analysis::EffectiveFilters;
use crate::swv::reason::SwvReason;
use crate::swv::settings::{Hampel, MAX_WINDOW, SavitzkyGolay, SwvSettings};

/// Degree of the local polynomial; that program does not let it be changed.
const DEGREE: usize = 1;

/// Window in points where the one in millivolt is longer than the sweep.
const INSTEAD: usize = 15;

/// Currents (A) smoothed over the whole sweep in the order of time, and the filters that were used.
pub(super) fn smoothed(
    potential_v: &[f64],
    current_a: &[f64],
    settings: &SwvSettings,
) -> Result<(Vec<f64>, EffectiveFilters), SwvReason> {
    let mut filters = EffectiveFilters {
        background_degree: Some(settings.polynomial_degree),
        ..EffectiveFilters::default()
    };
    let hampel_choice = match settings.hampel {
        Hampel::Off => None,
        Hampel::Auto => Some((7, 4.0)),
        Hampel::Manual { window, threshold } => Some((window.clamp(1, MAX_WINDOW) | 1, threshold)),
    };
    let mut currents = match hampel_choice {
        Some((window, threshold)) => {
            filters.hampel_window = Some(window);
            filters.hampel_threshold = Some(threshold);
            hampel(current_a, window, threshold)
        }
        None => current_a.to_vec(),
    };
    if settings.savgol != SavitzkyGolay::Off {
        let wanted = window_in_points(potential_v, settings.savgol_window_mv);
        let window = if wanted > currents.len() { INSTEAD } else { wanted };
        currents = savitzky_golay(&currents, window, DEGREE).map_err(|_| SwvReason::TooShortForSmoothing)?;
        filters.savgol_window = Some(window);
        filters.savgol_degree = Some(DEGREE);
    }
    last_of_each(potential_v, &mut currents);
    Ok((currents, filters))
}

/// The number of points no further than the window above the lowest potential, made odd and more than the degree.
///
/// Counted as that program counts, with its rounding: steps of 1 mV and a window of 5 mV give 5 points, not 6.
fn window_in_points(potential_v: &[f64], window_mv: f64) -> usize {
    let lowest = potential_v.iter().copied().fold(f64::INFINITY, f64::min);
    let reach = window_mv / 1000.0;
    let count = potential_v.iter().filter(|v| **v - lowest <= reach).count();
    count.max(DEGREE + 1) | 1
}

/// Every point takes the current of the last point of its potential.
fn last_of_each(potential_v: &[f64], current_a: &mut [f64]) {
    let rising = potential_v.windows(2).all(|pair| pair[0] < pair[1]);
    if rising || potential_v.windows(2).all(|pair| pair[0] > pair[1]) {
        return;
    }
    // Adding 0 makes the two zeros one.
    let key = |v: &f64| (v + 0.0).to_bits();
    let last: HashMap<u64, f64> = potential_v.iter().map(key).zip(current_a.iter().copied()).collect();
    for (v, a) in potential_v.iter().zip(current_a) {
        if let Some(value) = last.get(&key(v)) {
            *a = *value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_window_as_the_original_does() {
        let sweep = |step: i32| -> Vec<f64> {
            (0..=400 / step)
                .map(|k| f64::from(-5000 + 10 * step * k) / 1e4)
                .collect()
        };
        for (step, window_mv, points) in [
            (1, 5.0, 5),
            (1, 10.0, 11),
            (1, 20.0, 21),
            (4, 5.0, 3),
            (4, 20.0, 5),
            (4, 0.1, 3),
        ] {
            assert_eq!(
                window_in_points(&sweep(step), window_mv),
                points,
                "{step} mV, {window_mv} mV"
            );
        }
    }

    #[test]
    fn a_repeated_potential_keeps_its_last_current() {
        let mut currents = [1.0, 2.0, 3.0, 4.0];
        last_of_each(&[0.1, 0.0, -0.0, 0.1], &mut currents);
        assert_eq!(currents, [4.0, 3.0, 3.0, 4.0]);
    }

    #[test]
    fn a_window_longer_than_the_sweep_becomes_fifteen_points() {
        let x: Vec<f64> = (0..20).map(|k| f64::from(k) / 1000.0).collect();
        let settings = SwvSettings {
            savgol_window_mv: 500.0,
            ..SwvSettings::default()
        };
        let (_, filters) = smoothed(&x, &x, &settings).unwrap();
        assert_eq!(filters.savgol_window, Some(15));
        assert_eq!(
            smoothed(&x[..10], &x[..10], &settings),
            Err(SwvReason::TooShortForSmoothing)
        );
    }
}
