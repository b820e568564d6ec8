//! Why a transient gives no number.

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
            Self::TooFewPoints => "The fit range has too few points; widen it.",
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
