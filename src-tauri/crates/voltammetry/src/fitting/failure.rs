//! Why there is no fit.

/// Which limit of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum End {
    /// The lower one.
    Lower,
    /// The upper one.
    Upper,
}

/// Why there is no fit. Parameters are named by their index in the model's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum FitReason {
    /// The lengths of the data, weights, start or bounds do not belong together.
    #[error("the data, weights, start values and bounds of a fit do not have matching lengths")]
    Mismatch,
    /// A number among the data, the weights or the start values is not finite, or a weight is negative.
    #[error("the data of the fit contain a value that is not a number")]
    NotFinite,
    /// A parameter's bounds mean nothing.
    #[error("the bounds of parameter {parameter} do not enclose anything")]
    InvalidBound {
        /// Index of the parameter.
        parameter: usize,
    },
    /// There must be more points than fitted parameters.
    #[error("{points} points do not determine {parameters} parameters and their errors")]
    TooFewPoints {
        /// Points with a weight above 0.
        points: usize,
        /// Parameters that are not fixed.
        parameters: usize,
    },
    /// The model's value overflows, or is not a number, on the way.
    #[error("the model cannot be computed at the values that the fit tries")]
    NotComputable,
    /// The number of evaluations ran out.
    #[error("the fit does not settle")]
    NotConverged,
    /// The best value of a parameter is at its limit: the data ask for one beyond it.
    #[error("parameter {parameter} runs into its limit")]
    AtBound {
        /// Index of the parameter.
        parameter: usize,
        /// Which limit.
        end: End,
    },
    /// The data do not determine the parameters: this one can be changed, together with others, without any effect.
    #[error("the data do not determine parameter {parameter}")]
    NotIdentifiable {
        /// Index of the parameter that is determined worst.
        parameter: usize,
    },
}

impl FitReason {
    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Mismatch => "fit_lengths_differ",
            Self::NotFinite => "fit_data_not_finite",
            Self::InvalidBound { .. } => "fit_invalid_bound",
            Self::TooFewPoints { .. } => "fit_too_few_points",
            Self::NotComputable => "fit_not_computable",
            Self::NotConverged => "fit_not_converged",
            Self::AtBound { .. } => "fit_at_bound",
            Self::NotIdentifiable { .. } => "fit_not_identifiable",
        }
    }

    /// What the user can do next.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Mismatch | Self::InvalidBound { .. } => "Check the numbers given for the fit.",
            Self::NotFinite => "Check the columns and units of the data.",
            Self::TooFewPoints { .. } => "Take more points into the fit, or a model with fewer parameters.",
            Self::NotComputable | Self::NotConverged => "Choose a narrower range, or a simpler model.",
            Self::AtBound { .. } => "Look at the data: the model may not suit them; widen the limits or the range.",
            Self::NotIdentifiable { .. } => "Choose a simpler model, or data over a wider range.",
        }
    }
}

/// No fit, and how far it came.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{reason}")]
pub struct FitFailure {
    /// Why.
    pub reason: FitReason,
    /// The parameters where the fit ended; empty if it never began. For a drawing or a diagnosis, not for a result.
    pub parameters: Vec<f64>,
}

impl FitFailure {
    pub(super) fn before_start(reason: FitReason) -> Self {
        Self {
            reason,
            parameters: Vec::new(),
        }
    }
}
