//! Small statistics of measured times.

use std::time::Duration;

/// Times, sorted.
pub struct Samples(Vec<Duration>);

impl Samples {
    pub fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// The value below which the fraction `part` (0 to 1) lies: nearest rank, zero for no samples.
    pub fn quantile(&self, part: f64) -> Duration {
        let rank = (part * self.0.len() as f64).ceil() as usize;
        self.0.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }

    pub fn median(&self) -> Duration {
        self.quantile(0.5)
    }

    pub fn largest(&self) -> Duration {
        self.quantile(1.0)
    }
}
