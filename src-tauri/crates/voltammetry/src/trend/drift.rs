//! Drift correction: a series without the course that its baseline has.

use super::baseline::{Baseline, BaselineModel, BaselineReason, SeriesPoint};

/// How the baseline is taken out, with `b` the baseline and `x0` its first point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum DriftMode {
    /// `value * b(x0) / b(x)`: for currents, normalised values and their ratio. Loss of the probe scales background and response
    /// alike, so that only division restores the response.
    #[default]
    Divide,
    /// `value - (b(x) - b(x0))`: for KDM, a difference that may be 0 at the baseline, and whose gain drift is already
    /// gone.
    Subtract,
}

/// A drift correction for one series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DriftCorrection {
    /// The fitted baseline.
    pub baseline: Baseline,
    /// How it is taken out.
    pub mode: DriftMode,
}

/// Why a number has no corrected value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DriftReason {
    /// There is no number to correct.
    NoValue,
    /// The baseline, extrapolated to here, reaches 0 or changes its sign: nothing can be divided by it.
    BaselineVanishes,
    /// The baseline cannot be computed here.
    NoBaseline,
}

impl DriftReason {
    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoValue => "no_value",
            Self::BaselineVanishes => "baseline_vanishes",
            Self::NoBaseline => "no_baseline",
        }
    }

    /// A sentence for people.
    pub fn message(self) -> &'static str {
        match self {
            Self::NoValue => "There is no value to correct.",
            Self::BaselineVanishes => "The baseline reaches 0 before this point; choose another model or range.",
            Self::NoBaseline => "The baseline cannot be continued to this point.",
        }
    }
}

impl DriftCorrection {
    /// Fits the baseline over the indices of `range` (both included); see [`Baseline::fit`]. Done once for a series; each
    /// point then costs the same, however long the series is.
    ///
    /// # Errors
    /// [`BaselineReason`] where there is no baseline.
    pub fn fit(
        points: &[SeriesPoint],
        range: (u32, u32),
        model: BaselineModel,
        mode: DriftMode,
    ) -> Result<Self, BaselineReason> {
        Baseline::fit(points, range, model).map(|baseline| Self { baseline, mode })
    }

    /// The corrected value at `x`, in the unit of the value. At the first point of the baseline nothing changes.
    ///
    /// # Errors
    /// [`DriftReason`] where there is no number.
    pub fn correct(&self, x: f64, value: Option<f64>) -> Result<f64, DriftReason> {
        let value = value.filter(|value| value.is_finite()).ok_or(DriftReason::NoValue)?;
        let curve = &self.baseline.curve;
        let here = curve.at(x).ok_or(DriftReason::NoBaseline)?;
        let corrected = match self.mode {
            DriftMode::Subtract => value - (here - curve.at(curve.origin_x).ok_or(DriftReason::NoBaseline)?),
            DriftMode::Divide => value / curve.remaining(x).ok_or(DriftReason::BaselineVanishes)?,
        };
        if corrected.is_finite() {
            Ok(corrected)
        } else {
            Err(DriftReason::BaselineVanishes)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(of: impl Fn(f64) -> f64) -> Vec<SeriesPoint> {
        (1..=80)
            .map(|index| SeriesPoint {
                index,
                x: f64::from(index),
                value: Some(of(f64::from(index))),
            })
            .collect()
    }

    /// Currents shrink by a common factor; from index 40 on the target raises them by a third.
    #[test]
    fn division_restores_a_response_that_drift_shrank() {
        let loss = |x: f64| 1.0 - 0.006 * (x - 1.0);
        let response = |x: f64| if x >= 40.0 { 4.0 / 3.0 } else { 1.0 };
        let points = series(|x| 3e-6 * loss(x) * response(x));
        let correction = DriftCorrection::fit(&points, (1, 39), BaselineModel::Linear, DriftMode::Divide).unwrap();
        for point in &points {
            let corrected = correction.correct(point.x, point.value).unwrap();
            assert!(
                (corrected / (3e-6 * response(point.x)) - 1.0).abs() < 1e-9,
                "{}",
                point.index
            );
        }
        assert_eq!(correction.correct(4.0, None), Err(DriftReason::NoValue));
        assert_eq!(correction.correct(400.0, Some(1.0)), Err(DriftReason::BaselineVanishes));
        assert_eq!(correction.correct(f64::NAN, Some(1.0)), Err(DriftReason::NoBaseline));
    }

    #[test]
    fn subtraction_suits_a_difference_about_zero() {
        let points = series(|x| 0.01 * (x - 1.0) + if x >= 40.0 { 12.0 } else { 0.0 });
        let correction = DriftCorrection::fit(&points, (1, 30), BaselineModel::Linear, DriftMode::Subtract).unwrap();
        for point in &points {
            let corrected = correction.correct(point.x, point.value).unwrap();
            assert!((corrected - if point.x >= 40.0 { 12.0 } else { 0.0 }).abs() < 1e-9);
        }
    }

    #[test]
    fn downward_peaks_are_corrected_like_upward_ones() {
        let up = series(|x| 3e-6 - 1e-8 * x);
        let down = series(|x| -3e-6 + 1e-8 * x);
        let fit = |points: &[SeriesPoint]| {
            DriftCorrection::fit(points, (1, 20), BaselineModel::Linear, DriftMode::Divide).unwrap()
        };
        let (fit_up, fit_down) = (fit(&up), fit(&down));
        for (a, b) in up.iter().zip(&down) {
            let (a, b) = (fit_up.correct(a.x, a.value), fit_down.correct(b.x, b.value));
            assert!((a.unwrap() + b.unwrap()).abs() < 1e-18);
        }
    }
}
