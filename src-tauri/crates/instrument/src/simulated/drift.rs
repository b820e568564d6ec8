//! How an E-AB sensor loses signal over a run.
//!
//! Two phases are seen in whole blood: a fast exponential one (fouling) and a slow linear one (loss of the monolayer and
//! of the aptamers). Both scale the currents at all frequencies alike, which is why a kinetic differential measurement
//! (KDM), the difference of the normalised currents at two frequencies, removes most of it. A small part differs between
//! frequencies here as it does in reality.
//!
//! Sources: B. S. Ferguson et al., *Sci. Transl. Med.* 5 (2013) 213ra165 (KDM); K. K. Leung et al., *ACS Sens.* 6 (2021)
//! 3340 (the two phases).

/// Loss of signal over a run, as fractions of the first current.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// Part that is lost exponentially.
    pub exponential_loss: f64,
    /// Time constant of that loss, as a fraction of the run.
    pub exponential_run_fraction: f64,
    /// Part that is lost linearly from the first to the last index.
    pub linear_loss: f64,
    /// Additional linear loss per decade of frequency above 100 Hz (negative: less).
    pub linear_loss_per_decade: f64,
}

impl Default for Drift {
    fn default() -> Self {
        Self {
            exponential_loss: 0.15,
            exponential_run_fraction: 0.08,
            linear_loss: 0.12,
            linear_loss_per_decade: 0.015,
        }
    }
}

impl Drift {
    /// No drift at all.
    pub fn none() -> Self {
        Self {
            exponential_loss: 0.0,
            exponential_run_fraction: 1.0,
            linear_loss: 0.0,
            linear_loss_per_decade: 0.0,
        }
    }

    /// Remaining fraction of the signal at `run_fraction` (0 at the first index, 1 at the last):
    /// `1 - a (1 - exp(-s / τ)) - (b + b_f log10(f / 100 Hz)) s`, never below 0.05.
    pub fn remaining(&self, run_fraction: f64, frequency_hz: f64) -> f64 {
        let exponential = self.exponential_loss * (1.0 - (-run_fraction / self.exponential_run_fraction).exp());
        let linear = self.linear_loss + self.linear_loss_per_decade * (frequency_hz / 100.0).log10();
        (1.0 - exponential - linear * run_fraction).max(0.05)
    }
}
