//! The sum of decays that is fitted.

use crate::fitting::Model;

/// Number of exponentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum DecayModel {
    /// `i = c + a exp(-(t - t0) / tau)`.
    #[default]
    Mono,
    /// `i = c + a1 exp(-(t - t0) / tau1) + a2 exp(-(t - t0) / tau2)`, `tau1 < tau2`.
    Bi,
}

impl DecayModel {
    /// Number of exponentials.
    pub fn exponentials(self) -> usize {
        match self {
            Self::Mono => 1,
            Self::Bi => 2,
        }
    }

    /// Number of parameters.
    pub fn parameters(self) -> usize {
        1 + 2 * self.exponentials()
    }

    /// `"mono"` or `"bi"`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Mono => "mono",
            Self::Bi => "bi",
        }
    }
}

/// `c + sum a_k exp(-u / tau_k)` with the parameters `c, a1, ln tau1 [, a2, ln tau2]`.
pub(super) struct Decay(pub DecayModel);

impl Model for Decay {
    fn parameters(&self) -> usize {
        self.0.parameters()
    }

    fn evaluate(&self, u: f64, parameters: &[f64], partials: &mut [f64]) -> f64 {
        let [offset, exponentials @ ..] = parameters else {
            return f64::NAN;
        };
        let mut value = *offset;
        partials[0] = 1.0;
        for (pair, partial) in exponentials.chunks_exact(2).zip(partials[1..].chunks_exact_mut(2)) {
            let taus = u * (-pair[1]).exp();
            let falling = (-taus).exp();
            value += pair[0] * falling;
            partial[0] = falling;
            // Long after the decay 0 times infinity would be no number.
            partial[1] = if falling > 0.0 { pair[0] * falling * taus } else { 0.0 };
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_its_derivatives() {
        let parameters = [0.3, 1.5, -1.0, -0.4, 0.8];
        for model in [DecayModel::Mono, DecayModel::Bi] {
            let parameters = &parameters[..model.parameters()];
            let mut partials = vec![0.0; parameters.len()];
            Decay(model).evaluate(0.7, parameters, &mut partials);
            for k in 0..parameters.len() {
                let moved = |by: f64| {
                    let mut moved = parameters.to_vec();
                    moved[k] += by;
                    Decay(model).evaluate(0.7, &moved, &mut vec![0.0; parameters.len()])
                };
                let numeric = (moved(1e-6) - moved(-1e-6)) / 2e-6;
                assert!((numeric - partials[k]).abs() < 1e-8, "{k}: {numeric} {}", partials[k]);
            }
        }
        let mut partials = [0.0; 3];
        assert_eq!(
            Decay(DecayModel::Mono).evaluate(1.0, &[0.5, 1.0, -800.0], &mut partials),
            0.5
        );
        assert!(partials.iter().all(|partial| partial.is_finite()));
    }
}
