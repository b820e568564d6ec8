//! The sweep as the stages of the method see it: without its trend, without bad points, with an estimate of its noise.

use crate::smoothing::hampel_with_floor;
use crate::sums::{largest, sum, sum2};
use crate::swv::settings::Hampel;

use super::noise;

/// A straight line through a potential.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    pub origin_v: f64,
    pub value_a: f64,
    pub slope: f64,
}

impl Line {
    /// Current at a potential (A).
    pub fn at(&self, potential_v: f64) -> f64 {
        self.value_a + self.slope * (potential_v - self.origin_v)
    }

    /// Through two points of different potential.
    pub fn through(a: (f64, f64), b: (f64, f64)) -> Self {
        let span = b.0 - a.0;
        let slope = if span == 0.0 { 0.0 } else { (b.1 - a.1) / span };
        Self {
            origin_v: a.0,
            value_a: a.1,
            slope,
        }
    }

    /// Least squares through all points.
    fn fitted(x: &[f64], y: &[f64]) -> Self {
        let n = x.len() as f64;
        let origin_v = sum(x) / n;
        let value_a = sum(y) / n;
        let xx = sum2(x, y, |x, _| (x - origin_v) * (x - origin_v));
        let xy = sum2(x, y, |x, y| (x - origin_v) * (y - value_a));
        Self {
            origin_v,
            value_a,
            slope: if xx > 0.0 { xy / xx } else { 0.0 },
        }
    }
}

/// A sweep less its regression line. Whatever is done with `z` alone does not notice a linear background.
#[derive(Debug)]
pub(crate) struct Trace {
    /// Currents less `trend` (A), bad points replaced by the line between their neighbours.
    pub z: Vec<f64>,
    /// What was taken off.
    pub trend: Line,
    /// First and one after the last point that are free of transients.
    pub usable: (usize, usize),
    /// Standard deviation of the point-to-point noise (A).
    pub noise_a: f64,
    /// Points replaced inside the sweep.
    pub outliers: usize,
}

impl Trace {
    /// From ascending potentials (V) and their currents (A).
    pub fn new(x: &[f64], y: &[f64], hampel: Hampel) -> Self {
        let trend = Line::fitted(x, y);
        let mut z: Vec<f64> = x.iter().zip(y).map(|(x, y)| y - trend.at(*x)).collect();
        // Below this, differences are the rounding of the recorded numbers themselves.
        let rounding = 4.0 * f64::EPSILON * largest(y);
        if let Some((window, threshold)) = hampel_choice(hampel) {
            z = hampel_with_floor(&z, window, threshold, rounding);
        }
        let fourth = noise::fourth_differences(&z);
        let noise_a = noise::point_to_point(x, &z, &fourth).max(rounding);
        let outliers = noise::replace_outliers(&mut z, &fourth, noise_a);
        let usable = noise::without_transients(&z, noise_a);
        Self {
            z,
            trend,
            usable,
            noise_a,
            outliers,
        }
    }
}

/// Window and threshold of the Hampel filter; automatic: seven points, so that three bad neighbours go, and four
/// deviations, so that noise stays.
pub(crate) fn hampel_choice(hampel: Hampel) -> Option<(usize, f64)> {
    match hampel {
        Hampel::Off => None,
        Hampel::Auto => Some((7, 4.0)),
        Hampel::Manual { window, threshold } => {
            Some((window.clamp(1, crate::swv::settings::MAX_WINDOW) | 1, threshold))
        }
    }
}
