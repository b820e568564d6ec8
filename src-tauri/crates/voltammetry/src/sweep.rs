//! The sweep: what an instrument recorded for one electrode, as recorded.

/// One recorded trace: electrode potential and current, point by point, in time order.
///
/// Nothing is sorted, merged or cleaned here: ascending, descending and unordered potentials, repeated potentials and
/// values that are not finite (an instrument's `nan` or overflow) are all kept, so that what was recorded can always be
/// shown. Each analysis method says how it treats them.
///
/// Units: volt and ampere. Both arrays have the same length, which may be 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sweep {
    potential_v: Vec<f64>,
    current_a: Vec<f64>,
}

/// Why two arrays do not make a [`Sweep`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SweepError {
    /// Every potential needs exactly one current.
    #[error(
        "a sweep needs one current for each potential, but there are {potentials} potentials and {currents} currents"
    )]
    LengthMismatch {
        /// Number of potentials given.
        potentials: usize,
        /// Number of currents given.
        currents: usize,
    },
}

impl SweepError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::LengthMismatch { .. } => "length_mismatch",
        }
    }

    /// What the user can do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::LengthMismatch { .. } => "Check which columns of the file are potential and current.",
        }
    }
}

impl Sweep {
    /// Takes the potentials (V) and currents (A) of one trace in time order.
    ///
    /// # Errors
    /// [`SweepError::LengthMismatch`] if the two arrays differ in length.
    pub fn new(potential_v: Vec<f64>, current_a: Vec<f64>) -> Result<Self, SweepError> {
        if potential_v.len() == current_a.len() {
            Ok(Self { potential_v, current_a })
        } else {
            Err(SweepError::LengthMismatch {
                potentials: potential_v.len(),
                currents: current_a.len(),
            })
        }
    }

    /// Potentials in volt, in time order.
    pub fn potential_v(&self) -> &[f64] {
        &self.potential_v
    }

    /// Currents in ampere, in time order.
    pub fn current_a(&self) -> &[f64] {
        &self.current_a
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        self.potential_v.len()
    }

    /// True if nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.potential_v.is_empty()
    }

    /// Gives the two arrays back: potentials (V), currents (A).
    pub fn into_parts(self) -> (Vec<f64>, Vec<f64>) {
        (self.potential_v, self.current_a)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_was_recorded_in_order() {
        let sweep = Sweep::new(vec![0.2, 0.1, 0.1], vec![1e-6, f64::NAN, f64::INFINITY]).unwrap();
        assert_eq!(sweep.potential_v(), [0.2, 0.1, 0.1]);
        assert!(sweep.current_a()[1].is_nan());
        assert_eq!(sweep.current_a()[2], f64::INFINITY);
        assert_eq!(sweep.len(), 3);
        assert!(!sweep.is_empty());
    }

    #[test]
    fn refuses_arrays_of_different_length() {
        let error = Sweep::new(vec![0.1, 0.2], vec![1e-6]).unwrap_err();
        assert_eq!(
            error,
            SweepError::LengthMismatch {
                potentials: 2,
                currents: 1
            }
        );
        assert_eq!(error.code(), "length_mismatch");
        assert!(error.to_string().contains("2 potentials"));
    }
}
