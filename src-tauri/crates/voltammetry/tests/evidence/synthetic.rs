//! Sweeps whose truth is known.

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use voltammetry::Sweep;

/// Shape of a peak; both have their width at half height as parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    Gaussian,
    /// The shape of a reversible square wave peak at small amplitude, sech².
    Sech2,
}

/// A sweep from `start_v` in `points` steps of `step_v` with one peak on a polynomial background.
#[derive(Debug, Clone, Copy)]
pub struct Truth {
    pub shape: Shape,
    pub points: usize,
    pub start_v: f64,
    pub step_v: f64,
    pub potential_v: f64,
    pub height_a: f64,
    pub fwhm_v: f64,
    /// Background at the peak (A), its slope (A/V) and half its second derivative (A/V²).
    pub offset_a: f64,
    pub slope_a_v: f64,
    pub bend_a_v2: f64,
    /// Standard deviation of white noise (A).
    pub noise_a: f64,
    pub seed: u64,
}

impl Default for Truth {
    /// A 90 mV wide peak of 0.5 µA in the middle of a sweep over 600 mV in 2 mV steps.
    fn default() -> Self {
        Self {
            shape: Shape::Gaussian,
            points: 301,
            start_v: -0.6,
            step_v: 0.002,
            potential_v: -0.3,
            height_a: 5e-7,
            fwhm_v: 0.09,
            offset_a: 2e-7,
            slope_a_v: 1e-7,
            bend_a_v2: 0.0,
            noise_a: 0.0,
            seed: 1,
        }
    }
}

impl Truth {
    pub fn sweep(&self) -> Sweep {
        let mut noise = Noise::new(self.seed);
        let potential_v: Vec<f64> = (0..self.points)
            .map(|k| self.start_v + self.step_v * k as f64)
            .collect();
        let current_a = potential_v
            .iter()
            .map(|v| {
                let d = v - self.potential_v;
                let background = self.offset_a + self.slope_a_v * d + self.bend_a_v2 * d * d;
                background + self.height_a * self.shape.value(d / self.fwhm_v) + self.noise_a * noise.next()
            })
            .collect();
        Sweep::new(potential_v, current_a).unwrap()
    }

    /// Area of the whole peak (V·A).
    pub fn area_va(&self) -> f64 {
        self.height_a * self.fwhm_v * self.shape.area()
    }
}

impl Shape {
    /// Height relative to the summit, at a distance in widths at half height.
    pub fn value(self, widths: f64) -> f64 {
        match self {
            Self::Gaussian => (-4.0 * std::f64::consts::LN_2 * widths * widths).exp(),
            Self::Sech2 => (2.0 * 2f64.sqrt().acosh() * widths).cosh().powi(-2),
        }
    }

    /// Area for height and width 1.
    pub fn area(self) -> f64 {
        match self {
            Self::Gaussian => (std::f64::consts::PI / std::f64::consts::LN_2).sqrt() / 2.0,
            Self::Sech2 => 1.0 / 2f64.sqrt().acosh(),
        }
    }
}

/// White noise of standard deviation 1, the same for the same seed.
pub struct Noise {
    generator: ChaCha8Rng,
}

impl Noise {
    pub fn new(seed: u64) -> Self {
        Self {
            generator: ChaCha8Rng::seed_from_u64(seed),
        }
    }

    pub fn next(&mut self) -> f64 {
        // Box and Muller: two uniform numbers give a normal one.
        let u: f64 = self.generator.random_range(f64::EPSILON..1.0);
        let v: f64 = self.generator.random_range(0.0..1.0);
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    }
}

/// Middle value.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 {
        values[middle]
    } else {
        f64::midpoint(values[middle - 1], values[middle])
    }
}
