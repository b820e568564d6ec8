//! How far to smooth, and the smoothed sweep.

use crate::smoothing::savitzky_golay_into;
use crate::swv::settings::{MAX_SAVGOL_DEGREE, MAX_WINDOW, SavitzkyGolay};

/// Degree of the automatic smoothing and of the local parabola.
pub(in crate::swv) const AUTO_DEGREE: usize = 2;

/// Half-widths of a Gaussian peak in standard deviations: width at half height / 2.3548.
const WIDTH_TO_DEVIATION: f64 = 1.0 / 2.354_820_045_030_949_3;

/// Longest automatic half-window in standard deviations of the peak; the summit loses 0.0107 · 0.5⁴ = 0.07 % there.
const LONGEST: f64 = 0.5;

/// Half-window in points that makes the summit's squared error smallest.
///
/// A parabola fitted within ±H of the summit of a Gaussian of height h and standard deviation s (both in points) is low
/// by (3/280)(H/s)⁴ h, and its value has the variance (9/4) σ²/(2H). The sum of bias² and variance is smallest at
/// (H/s)⁹ = 1225 (σ/h)² / s; it is cut at H = 0.5 s, so that the bias stays below 0.1 %.
pub(in crate::swv) fn best_half_window(width_points: f64, height_a: f64, noise_a: f64) -> usize {
    let deviation = (width_points * WIDTH_TO_DEVIATION).max(0.5);
    let relative_noise = if height_a > 0.0 { noise_a / height_a } else { 1.0 };
    let ratio = (1225.0 * relative_noise * relative_noise / deviation)
        .powf(1.0 / 9.0)
        .min(LONGEST);
    ((ratio * deviation).round() as usize).max(1)
}

/// Window and degree for a sweep of `points` points; `None` where nothing is smoothed.
pub(in crate::swv) fn choose(savgol: SavitzkyGolay, auto_half: usize, points: usize) -> Option<(usize, usize)> {
    let (window, degree) = match savgol {
        SavitzkyGolay::Off => return None,
        SavitzkyGolay::Auto => (2 * auto_half + 1, AUTO_DEGREE),
        SavitzkyGolay::Manual { window, degree } => (window.clamp(1, MAX_WINDOW) | 1, degree.min(MAX_SAVGOL_DEGREE)),
    };
    let longest = if points % 2 == 1 {
        points
    } else {
        points.saturating_sub(1)
    };
    let shortest = (degree + 1) | 1;
    let window = window.max(shortest).min(longest);
    (window > degree).then_some((window, degree))
}

/// A smoothed sweep, in a buffer that is kept from one to the next.
#[derive(Debug, Default)]
pub(in crate::swv) struct Smoothed {
    values: Vec<f64>,
    chosen: Option<(usize, usize)>,
}

impl Smoothed {
    /// `z` smoothed with window and degree, or as it is.
    pub fn of(&mut self, z: &[f64], chosen: Option<(usize, usize)>) -> &[f64] {
        if self.values.is_empty() || self.chosen != chosen {
            self.chosen = chosen;
            let smoothed = chosen.is_some_and(|(window, degree)| {
                // A window as short as its polynomial has coefficients changes nothing.
                window > degree + 1 && savitzky_golay_into(z, window, degree, &mut self.values).is_ok()
            });
            if !smoothed {
                self.values.clear();
                self.values.extend_from_slice(z);
            }
        }
        &self.values
    }

    /// The values last computed.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Window and degree last used.
    pub fn chosen(&self) -> Option<(usize, usize)> {
        self.chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smooths_little_without_noise_and_never_more_than_the_summit_bears() {
        assert_eq!(best_half_window(90.0, 1.0, 1e-9), 1);
        let at = |noise| best_half_window(90.0, 1.0, noise);
        assert!(at(0.001) < at(0.01) && at(0.01) <= at(0.1));
        assert_eq!(at(0.3), (0.5f64 * 90.0 / 2.3548).round() as usize);
        assert_eq!(best_half_window(3.0, 1.0, 0.1), 1);
    }

    #[test]
    fn a_manual_window_is_made_to_fit() {
        let manual = |window, degree, points| choose(SavitzkyGolay::Manual { window, degree }, 5, points);
        assert_eq!(manual(14, 2, 100), Some((15, 2)));
        assert_eq!(manual(3, 4, 100), Some((5, 4)));
        assert_eq!(manual(999, 2, 100), Some((99, 2)));
        assert_eq!(manual(3, 9, 8), None);
        assert_eq!(choose(SavitzkyGolay::Off, 5, 100), None);
        assert_eq!(choose(SavitzkyGolay::Auto, 5, 100), Some((11, 2)));
    }
}
