//! Why a transient gives no number, and what has to be said about numbers.

use super::result::{DecayComponent, DecayFit};

/// Why a transient gives no fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CaReason {
    /// The fit range has too few points for the model.
    TooFewPoints,
    /// All points of the range have the same time.
    NoSpan,
    /// The current does not decay: it is constant within its scatter, or changes steadily, or grows ever faster.
    NoDecay,
    /// The decay is over within one sampling step.
    TooFast,
    /// A second exponential improves the fit no more than chance does, or has no time constant of its own.
    OneExponentialSuffices,
    /// The points do not determine the parameters.
    NotIdentifiable,
    /// The fit does not settle.
    NotConverged,
    /// No stretch of the transient follows the square root of time.
    NoCottrellRegion,
}

impl CaReason {
    /// Every reason.
    pub const ALL: [Self; 8] = [
        Self::TooFewPoints,
        Self::NoSpan,
        Self::NoDecay,
        Self::TooFast,
        Self::OneExponentialSuffices,
        Self::NotIdentifiable,
        Self::NotConverged,
        Self::NoCottrellRegion,
    ];

    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooFewPoints => "too_few_points",
            Self::NoSpan => "no_time_span",
            Self::NoDecay => "no_decay",
            Self::TooFast => "decay_too_fast",
            Self::OneExponentialSuffices => "one_exponential_suffices",
            Self::NotIdentifiable => "decay_not_identifiable",
            Self::NotConverged => "decay_not_converged",
            Self::NoCottrellRegion => "no_cottrell_region",
        }
    }

    /// A sentence for people, with what to do next.
    pub fn message(self) -> &'static str {
        match self {
            Self::TooFewPoints => "The step, or the fit range, has too few points; widen the range, or sample faster.",
            Self::NoSpan => "All points of the fit range have the same time; check the time column.",
            Self::NoDecay => "The current does not decay in the fit range; check range and columns.",
            Self::TooFast => "The decay is over within one sampling step; sample faster.",
            Self::OneExponentialSuffices => "The transient shows one exponential only; choose the model with one.",
            Self::NotIdentifiable => "The points do not determine the time constant; widen the fit range.",
            Self::NotConverged => "The fit does not settle; choose another range or the model with one exponential.",
            Self::NoCottrellRegion => "No part of the transient is straight against the inverse root of time.",
        }
    }
}

/// What has to be said about a fit that there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CaReservation {
    /// Neighbouring residuals are alike (correlation above 0.5): they follow a curve.
    ResidualsCorrelated,
    /// Between two points the recording has a hole of more than ten sampling intervals.
    TimeGap,
    /// A time constant is not known within 20 %.
    TauUncertain,
}

/// Correlation of neighbouring residuals above which they do not scatter.
const GREATEST_CORRELATION: f64 = 0.5;

/// Greatest relative standard error of a time constant that is taken as known.
const GREATEST_TAU_ERROR: f64 = 0.2;

impl CaReservation {
    /// Every reservation.
    pub const ALL: [Self; 3] = [Self::ResidualsCorrelated, Self::TimeGap, Self::TauUncertain];

    /// The gravest one about a fit; `None` where there is nothing to say.
    pub fn about(fit: &DecayFit) -> Option<Self> {
        if fit.residual_correlation.is_some_and(|r| r > GREATEST_CORRELATION) {
            return Some(Self::ResidualsCorrelated);
        }
        if fit.gap_s.is_some() {
            return Some(Self::TimeGap);
        }
        let uncertain = |part: &DecayComponent| part.tau_error_s > GREATEST_TAU_ERROR * part.tau_s;
        fit.components.iter().any(uncertain).then_some(Self::TauUncertain)
    }

    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::ResidualsCorrelated => "residuals_correlated",
            Self::TimeGap => "time_gap",
            Self::TauUncertain => "tau_uncertain",
        }
    }

    /// A sentence for people, with what to do next.
    pub fn message(self) -> &'static str {
        match self {
            Self::ResidualsCorrelated => {
                "The residuals follow a curve instead of scattering, and the standard errors are too small; begin the fit \
                 range after the charging, or choose the model with two exponentials."
            }
            Self::TimeGap => {
                "The recording has a hole of more than ten sampling intervals, which the fit bridges; check whether the \
                 instrument paused, or choose a fit range on one side of it."
            }
            Self::TauUncertain => "A time constant is not known within 20 %; widen the fit range.",
        }
    }
}
