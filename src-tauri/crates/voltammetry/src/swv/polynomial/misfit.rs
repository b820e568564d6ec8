//! Whether the polynomial misses the sweep where both should be the same: outside the peak, and right beside it.
//!
//! A second peak outside is background to the fit. It shows in what the polynomial leaves there; and, where the polynomial follows it, in a
//! sweep that does not come back to the polynomial between the peak and the points of the fit, which the fit never saw.

use crate::swv::background::{Background, Ready, Start};

use super::region;

/// Residuals outside count where they have this many deviations of the noise ...
const ABOVE_NOISE: f64 = 1.5;

/// ... and, less noise, this part of the height.
const LEFT: f64 = 0.03;

/// From so many widths at half height on, the peak has ended: a sech² has fallen to 2.8 % of its height.
const BESIDE: f64 = 1.4;

/// The mean from there to the points of the fit may be off by this part of the height ...
const OFF: f64 = 0.05;

/// ... beyond this many of its standard deviations.
const VISIBLE: f64 = 3.0;

/// Fewest points that have a mean.
const FEWEST_POINTS: usize = 3;

/// Whether the background misses the sweep on which the peak `start` was measured above it.
pub(super) fn is_visible(ready: &Ready, start: &Start, background: &Background) -> bool {
    let (x, z, noise_a) = (ready.x(), ready.z(), ready.trace.noise_a);
    let Some((low, high)) = region(x, start) else {
        return false;
    };
    let at = |potential_v: f64| x.partition_point(|v| *v < potential_v);
    let left = |k: usize| z[k] - background.values[k];

    let outside = || (0..at(low)).chain(at(high)..x.len());
    let square_a2 = outside().map(|k| left(k).powi(2)).sum::<f64>() / outside().count().max(1) as f64;
    let noise_a2 = noise_a * noise_a;
    if square_a2 > ABOVE_NOISE.powi(2) * noise_a2 && square_a2 - noise_a2 > (LEFT * start.height_a).powi(2) {
        return true;
    }
    // A polynomial that dips under the peak makes it wide.
    let end_v = BESIDE * start.fwhm_v.min(start.found_fwhm_v);
    let sides = [
        at(low)..at(start.potential_v - end_v),
        at(start.potential_v + end_v)..at(high),
    ];
    sides
        .into_iter()
        .filter(|side| side.len() >= FEWEST_POINTS)
        .any(|side| {
            let count = side.len() as f64;
            let mean_a = side.map(left).sum::<f64>() / count;
            mean_a.abs() > OFF * start.height_a + VISIBLE * noise_a / count.sqrt()
        })
}
