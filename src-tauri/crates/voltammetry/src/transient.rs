//! The transient: current against time, as recorded for one electrode.

/// One recorded current transient, point by point, as the instrument wrote it.
///
/// Nothing is sorted or cleaned here; each analysis method says how it treats values that are not finite, and times that
/// repeat or go back.
///
/// Units: second and ampere. Both arrays have the same length, which may be 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Transient {
    time_s: Vec<f64>,
    current_a: Vec<f64>,
}

/// Why two arrays do not make a [`Transient`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransientError {
    /// Every time needs exactly one current.
    #[error("a transient needs one current for each time, but there are {times} times and {currents} currents")]
    LengthMismatch {
        /// Number of times given.
        times: usize,
        /// Number of currents given.
        currents: usize,
    },
}

impl TransientError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::LengthMismatch { .. } => "length_mismatch",
        }
    }

    /// What the user can do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::LengthMismatch { .. } => "Check which columns of the file are time and current.",
        }
    }
}

impl Transient {
    /// Takes the times (s) and currents (A) of one trace.
    ///
    /// # Errors
    /// [`TransientError::LengthMismatch`] if the two arrays differ in length.
    pub fn new(time_s: Vec<f64>, current_a: Vec<f64>) -> Result<Self, TransientError> {
        if time_s.len() == current_a.len() {
            Ok(Self { time_s, current_a })
        } else {
            Err(TransientError::LengthMismatch {
                times: time_s.len(),
                currents: current_a.len(),
            })
        }
    }

    /// Times in second.
    pub fn time_s(&self) -> &[f64] {
        &self.time_s
    }

    /// Currents in ampere.
    pub fn current_a(&self) -> &[f64] {
        &self.current_a
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        self.time_s.len()
    }

    /// True if nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.time_s.is_empty()
    }

    /// Gives the two arrays back: times (s), currents (A).
    pub fn into_parts(self) -> (Vec<f64>, Vec<f64>) {
        (self.time_s, self.current_a)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_was_recorded_and_refuses_different_lengths() {
        let transient = Transient::new(vec![0.0, 0.1], vec![1e-6, f64::NAN]).unwrap();
        assert_eq!(transient.time_s(), [0.0, 0.1]);
        assert!(transient.current_a()[1].is_nan());
        assert_eq!((transient.len(), transient.is_empty()), (2, false));
        let error = Transient::new(vec![0.0], vec![]).unwrap_err();
        assert_eq!(error, TransientError::LengthMismatch { times: 1, currents: 0 });
        assert_eq!(error.code(), "length_mismatch");
    }
}
