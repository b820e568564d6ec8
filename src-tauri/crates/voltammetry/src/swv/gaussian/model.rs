//! The sum of background and peaks.

use crate::fitting::Model;

/// 4 ln 2: a Gaussian falls to half its height at half its width.
const HALF: f64 = 4.0 * std::f64::consts::LN_2;

/// Area of a Gaussian of height 1 and width 1 at half height, √(π/(4 ln 2)).
pub(super) const AREA: f64 = 1.064_467_019_431_226_2;

/// Parameters of one peak: height (A), potential (V), width at half height (V).
pub(super) const PER_PEAK: usize = 3;

/// Legendre polynomials up to a degree of at most 2, and Gaussian peaks; the parameters come in this order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peaks {
    /// Degree of the background.
    pub degree: usize,
    /// How many peaks.
    pub count: usize,
    /// Middle and half of the sweep's potentials (V).
    pub middle_v: f64,
    pub half_v: f64,
}

impl Peaks {
    /// Background at a potential (A).
    pub fn background(&self, x: f64, parameters: &[f64]) -> f64 {
        let basis = self.basis(x);
        parameters[..=self.degree].iter().zip(basis).map(|(b, p)| b * p).sum()
    }

    /// One peak at a potential (A).
    pub fn peak(&self, x: f64, parameters: &[f64], at: usize) -> f64 {
        let [height, potential, width] = self.of_peak(parameters, at);
        let apart = (x - potential) / width;
        height * (-HALF * apart * apart).exp()
    }

    /// Height (A), potential (V) and width (V) of one peak.
    pub fn of_peak(&self, parameters: &[f64], at: usize) -> [f64; PER_PEAK] {
        let first = self.first_of(at);
        [parameters[first], parameters[first + 1], parameters[first + 2]]
    }

    /// Index of a peak's first parameter.
    pub fn first_of(&self, at: usize) -> usize {
        self.degree + 1 + PER_PEAK * at
    }

    fn basis(&self, x: f64) -> [f64; 3] {
        let u = (x - self.middle_v) / self.half_v;
        [1.0, u, 1.5 * u * u - 0.5]
    }
}

impl Model for Peaks {
    fn parameters(&self) -> usize {
        self.degree + 1 + PER_PEAK * self.count
    }

    fn evaluate(&self, x: f64, parameters: &[f64], partials: &mut [f64]) -> f64 {
        let basis = self.basis(x);
        let background = self.degree + 1;
        partials[..background].copy_from_slice(&basis[..background]);
        let mut value: f64 = parameters.iter().zip(&basis[..background]).map(|(b, p)| b * p).sum();
        let peaks = parameters[background..].chunks_exact(PER_PEAK);
        for (peak, partials) in peaks.zip(partials[background..].chunks_exact_mut(PER_PEAK)) {
            let (height, width) = (peak[0], peak[2]);
            let apart = (x - peak[1]) / width;
            let shape = (-HALF * apart * apart).exp();
            let slope = 2.0 * HALF * height * shape * apart / width;
            partials.copy_from_slice(&[shape, slope, slope * apart]);
            value += height * shape;
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fitting::model_testing::derivative_error;

    #[test]
    fn derivatives_width_and_area_are_those_of_the_formula() {
        let model = Peaks {
            degree: 2,
            count: 2,
            middle_v: -0.3,
            half_v: 0.3,
        };
        let parameters = [0.3, 0.2, -0.1, 1.0, -0.35, 0.09, 0.5, -0.2, 0.12];
        let x: Vec<f64> = (0..60).map(|k| -0.6 + 0.01 * f64::from(k)).collect();
        assert!(derivative_error(&model, &x, &parameters) < 1e-6);
        assert!((model.peak(-0.35 + 0.045, &parameters, 0) - 0.5).abs() < 1e-12);
        let sum: f64 = (0..4000)
            .map(|k| 1e-3 * model.peak(-2.0 + 1e-3 * f64::from(k), &parameters, 1))
            .sum();
        assert!((sum - 0.5 * 0.12 * AREA).abs() < 1e-9, "{sum}");
    }
}
