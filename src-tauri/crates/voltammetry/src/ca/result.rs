//! What the fit of a decay gives back.

use super::model::DecayModel;

/// One exponential.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DecayComponent {
    /// Current at `t0` (A), signed.
    pub amplitude_a: f64,
    /// Its standard error (A).
    pub amplitude_error_a: f64,
    /// Time constant (s): after `tau` 1/e, 37 %, is left. The predecessors call this lifetime.
    pub tau_s: f64,
    /// Its standard error (s).
    pub tau_error_s: f64,
    /// Its 95 % interval (s), from that of `ln tau`, and so not symmetric.
    pub tau_interval_s: (f64, f64),
    /// Half-life (s), `tau ln 2`: after it half is left.
    pub half_life_s: f64,
    /// Its standard error (s).
    pub half_life_error_s: f64,
}

/// What speaks for the second exponential.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SecondExponential {
    /// Probability that chance improves the fit as much (F test with two more parameters).
    pub chance: f64,
    /// Corrected information criterion (`AICc`) of one less that of two exponentials; positive speaks for two. Source: N.
    /// Sugiura, Commun. Stat. Theory Methods 7 (1978) 13-26.
    pub aicc_gain: f64,
}

/// Fitted decay: `i(t) = offset + sum amplitude exp(-(t - t0) / tau)`.
#[derive(Debug, Clone, PartialEq)]
pub struct DecayFit {
    /// The model.
    pub model: DecayModel,
    /// `t0` (s): the first point of the fit range, on the transient's own clock. Amplitudes are the currents there.
    pub origin_s: f64,
    /// Current that the decay ends at (A).
    pub offset_a: f64,
    /// Its standard error (A).
    pub offset_error_a: f64,
    /// The exponentials, the faster one first.
    pub components: Vec<DecayComponent>,
    /// What speaks for the second exponential; `None` with one.
    pub second: Option<SecondExponential>,
    /// Share of the variance that the fit explains.
    pub r_squared: Option<f64>,
    /// Standard deviation of the points about the fit (A).
    pub residual_deviation_a: f64,
    /// Correlation of neighbouring residuals, -1 to 1: near 0 where they scatter, near 1 where they follow a curve that the
    /// model misses, or the instrument filters its noise. `None` for less than 20 points, or nothing left.
    pub residual_correlation: Option<f64>,
    /// Number of points in the fit range.
    pub points: usize,
    /// Points of the transient that are not numbers, and so in no range.
    pub ignored_points: usize,
    /// First and last time of the points fitted (s).
    pub range_s: (f64, f64),
    /// Start and end of the longest hole between the points fitted (s): more than ten times as long as the sampling intervals around it.
    pub gap_s: Option<(f64, f64)>,
}

/// The fit for drawing: as many values as there are times.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DecayCurve {
    /// Times (s), ascending.
    pub time_s: Vec<f64>,
    /// Fit (A).
    pub fitted_a: Vec<f64>,
    /// Current less fit (A).
    pub residual_a: Vec<f64>,
}

impl DecayFit {
    /// The fit at a time (s).
    pub fn at(&self, time_s: f64) -> f64 {
        let u = time_s - self.origin_s;
        self.components.iter().fold(self.offset_a, |sum, part| {
            sum + part.amplitude_a * (-u / part.tau_s).exp()
        })
    }
}
