//! Width of the raw peak, and the filter windows that follow from it.

use crate::swv::analysis::EffectiveFilters;
use crate::swv::reason::SwvReason;
use crate::swv::settings::{Hampel, MAX_SAVGOL_DEGREE, MAX_WINDOW, SavitzkyGolay, SwvSettings};

const AUTO_HAMPEL_THRESHOLD: f64 = 3.0;
const AUTO_SAVGOL_DEGREE: usize = 2;

/// Width at half of the largest raw current, without a baseline (V).
///
/// From the first largest current outwards, the first samples at or below half of it; `None` where there is none on a
/// side. With negative currents throughout the largest current is already below its half, and the width is 0.
pub(super) fn raw_width(potential_v: &[f64], current_a: &[f64]) -> Option<f64> {
    if current_a.len() < 3 {
        return None;
    }
    let mut summit = 0;
    for (k, current) in current_a.iter().enumerate() {
        if *current > current_a[summit] {
            summit = k;
        }
    }
    let half = current_a[summit] / 2.0;
    let left = (0..=summit).rev().find(|&k| current_a[k] <= half)?;
    let right = (summit..current_a.len()).find(|&k| current_a[k] <= half)?;
    Some((potential_v[right] - potential_v[left]).abs())
}

/// Windows as the earlier program chooses them, `potential_v` ascending.
///
/// Automatic windows are a tenth (Hampel) and a third (Savitzky-Golay) of the width in points, or of the whole sweep
/// where there is no width. The step is the span over the number of points, not of intervals.
pub(super) fn choose(
    potential_v: &[f64],
    width_v: Option<f64>,
    settings: &SwvSettings,
) -> Result<EffectiveFilters, SwvReason> {
    let n = potential_v.len();
    let step = if n > 1 {
        (potential_v[n - 1] - potential_v[0]) / n as f64
    } else {
        0.01
    };
    let window = |parts: f64, without_step: usize, share: f64, most: usize| {
        let points = match width_v {
            Some(_) if step <= 0.0 => without_step,
            Some(width) => ((width / (parts * step)) as usize).max(3),
            None => ((share * n as f64) as usize).max(3),
        };
        odd(points.min(MAX_WINDOW)).min(most)
    };

    let mut filters = EffectiveFilters::default();
    let hampel = match settings.hampel {
        Hampel::Off => None,
        Hampel::Auto => Some((window(10.0, 5, 0.1, n / 3), AUTO_HAMPEL_THRESHOLD)),
        Hampel::Manual { window, threshold } => Some((window.min(MAX_WINDOW), threshold)),
    };
    if let Some((window, threshold)) = hampel {
        filters.hampel_window = Some(at_most_odd(odd(window), n));
        filters.hampel_threshold = Some(threshold);
    }

    let savgol = match settings.savgol {
        SavitzkyGolay::Off => None,
        SavitzkyGolay::Auto => Some((window(3.0, 15, 0.2, n / 2), AUTO_SAVGOL_DEGREE)),
        SavitzkyGolay::Manual { window, degree } => Some((window.min(MAX_WINDOW), degree.min(MAX_SAVGOL_DEGREE))),
    };
    if let Some((window, degree)) = savgol {
        let window = fit_savgol_window(window, degree, n).ok_or(SwvReason::TooShortForSmoothing)?;
        filters.savgol_window = Some(window);
        filters.savgol_degree = Some(degree);
    }
    Ok(filters)
}

/// The nearest window that goes with the degree and the number of points, if there is one.
pub(crate) fn fit_savgol_window(window: usize, degree: usize, points: usize) -> Option<usize> {
    let least = (degree + 1).max(3);
    let mut window = odd(window);
    if window <= degree {
        window = if degree % 2 == 1 { degree + 2 } else { degree + 3 };
    }
    window = at_most_odd(window.max(least), points).max(least);
    // An even `least` (odd degrees) can only remain where the points do not suffice.
    (window > degree && window <= points && window % 2 == 1).then_some(window)
}

fn odd(window: usize) -> usize {
    window | 1
}

fn at_most_odd(window: usize, points: usize) -> usize {
    if window <= points {
        window
    } else if points % 2 == 1 {
        points
    } else {
        points.saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raises_a_window_that_is_too_short_for_its_degree() {
        assert_eq!(fit_savgol_window(3, 4, 100), Some(7));
        assert_eq!(fit_savgol_window(14, 3, 100), Some(15));
        assert_eq!(fit_savgol_window(501, 2, 121), Some(121));
        assert_eq!(fit_savgol_window(501, 2, 120), Some(119));
        assert_eq!(fit_savgol_window(5, 2, 2), None);
        assert_eq!(fit_savgol_window(4, 3, 4), None);
    }

    #[test]
    fn negative_currents_have_width_zero_and_high_backgrounds_none() {
        let v = [0.0, 0.1, 0.2, 0.3, 0.4];
        assert_eq!(raw_width(&v, &[-5.0, -4.0, -1.0, -4.0, -5.0]), Some(0.0));
        assert_eq!(raw_width(&v, &[9.0, 10.0, 12.0, 10.0, 9.0]), None);
        assert_eq!(raw_width(&v[..2], &[0.0, 1.0]), None);
    }
}
