//! Random numbers that depend on what they are for, not on when they are drawn.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::f64::consts::TAU;

/// What a random stream is used for; part of its key, so that one use never shifts the numbers of another.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    /// Properties of an electrode.
    Electrode = 1,
    /// The slow wandering of the background.
    Background = 2,
    /// The noise of one scan.
    Scan = 3,
    /// Properties of an electrode in cyclic voltammetry.
    CyclicElectrode = 4,
    /// The noise of one cyclic voltammogram.
    CyclicScan = 5,
    /// Properties of an electrode in chronoamperometry.
    StepElectrode = 6,
    /// The noise of one decay.
    StepScan = 7,
}

/// A stream of random numbers keyed by (seed, purpose, electrode, frequency, index).
pub(super) struct RandomStream {
    source: ChaCha8Rng,
    spare_normal: Option<f64>,
}

impl RandomStream {
    pub(super) fn keyed(seed: u64, purpose: Purpose, electrode: u8, frequency_hz: f64, index: u32) -> Self {
        let mut key = [0_u8; 32];
        key[0..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&frequency_hz.to_bits().to_le_bytes());
        key[16..20].copy_from_slice(&index.to_le_bytes());
        key[20] = electrode;
        key[21] = purpose as u8;
        Self {
            source: ChaCha8Rng::from_seed(key),
            spare_normal: None,
        }
    }

    /// Uniform in (0, 1]: never 0, so that its logarithm is finite.
    pub(super) fn uniform(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        ((self.source.next_u64() >> 11) + 1) as f64 * STEP
    }

    /// Uniform in (`low`, `high`].
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// Standard normal, by the Box-Muller transform.
    pub(super) fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare_normal.take() {
            return spare;
        }
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        let (sine, cosine) = (TAU * self.uniform()).sin_cos();
        self.spare_normal = Some(radius * sine);
        radius * cosine
    }
}

/// Approximate 1/f noise of unit standard deviation: two first-order processes whose correlation lengths (5 and 50
/// points) are a decade apart, each contributing half of the variance.
pub(super) struct FlickerNoise {
    states: [f64; 2],
}

const FLICKER_LENGTHS: [f64; 2] = [5.0, 50.0];

impl FlickerNoise {
    pub(super) fn start(random: &mut RandomStream) -> Self {
        Self {
            states: [random.normal(), random.normal()],
        }
    }

    pub(super) fn next(&mut self, random: &mut RandomStream) -> f64 {
        for (state, length) in self.states.iter_mut().zip(FLICKER_LENGTHS) {
            let memory = (-1.0 / length).exp();
            *state = memory * *state + (1.0 - memory * memory).sqrt() * random.normal();
        }
        (self.states[0] + self.states[1]) * std::f64::consts::FRAC_1_SQRT_2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_numbers_have_mean_zero_and_variance_one() {
        let mut random = RandomStream::keyed(1, Purpose::Scan, 1, 15.0, 1);
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..20_000 {
            let value = random.normal();
            sum += value;
            squares += value * value;
        }
        assert!((sum / 20_000.0).abs() < 0.03);
        assert!((squares / 20_000.0 - 1.0).abs() < 0.05);
    }

    #[test]
    fn every_part_of_the_key_counts() {
        let first = |seed, purpose, electrode, frequency_hz, index| {
            RandomStream::keyed(seed, purpose, electrode, frequency_hz, index)
                .uniform()
                .to_bits()
        };
        let all = [
            first(1, Purpose::Scan, 1, 15.0, 1),
            first(2, Purpose::Scan, 1, 15.0, 1),
            first(1, Purpose::Electrode, 1, 15.0, 1),
            first(1, Purpose::Scan, 2, 15.0, 1),
            first(1, Purpose::Scan, 1, 15.5, 1),
            first(1, Purpose::Scan, 1, 15.0, 2),
        ];
        for (k, a) in all.iter().enumerate() {
            assert!(all[k + 1..].iter().all(|b| a != b));
        }
    }
}
