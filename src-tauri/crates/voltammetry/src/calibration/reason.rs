//! Why there is no calibration.

/// Why there is no calibration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CalibrationReason {
    /// A concentration is negative or no number, or a value is no number.
    InvalidPoint,
    /// There must be one more different concentration than fitted parameters: four with the Hill coefficient given, five with it fitted.
    TooFewConcentrations,
    /// The value does not change with the concentration by more than its scatter.
    NoSpan,
    /// The concentrations do not determine the curve: usually its upper end, or `K`, lies beyond them.
    NotIdentifiable,
    /// The fit does not settle.
    NotConverged,
    /// Weights from the scatter of each step need two values of different size at every step.
    NoWeights,
}

impl CalibrationReason {
    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::InvalidPoint => "calibration_invalid_point",
            Self::TooFewConcentrations => "calibration_too_few_concentrations",
            Self::NoSpan => "calibration_no_span",
            Self::NotIdentifiable => "calibration_not_identifiable",
            Self::NotConverged => "calibration_not_converged",
            Self::NoWeights => "calibration_no_weights",
        }
    }

    /// A sentence for people, with what to do next.
    pub fn message(self) -> &'static str {
        match self {
            Self::InvalidPoint => "A concentration is negative or missing; check the table of concentrations.",
            Self::TooFewConcentrations => {
                "There are too few different concentrations; add some, or fix the coefficient."
            }
            Self::NoSpan => "The signal does not follow the concentration by more than its scatter.",
            Self::NotIdentifiable => "The concentrations do not fix the curve; measure up to saturation and around K.",
            Self::NotConverged => "The calibration fit does not settle; check the table of concentrations.",
            Self::NoWeights => "Weighting needs two or more different values at every concentration.",
        }
    }
}
