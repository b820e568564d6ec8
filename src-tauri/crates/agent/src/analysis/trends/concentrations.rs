//! Calibration of a session: the curves, and concentrations from them.

use std::collections::BTreeMap;

use protocol::calibration::SessionCalibration;
use protocol::settings::{CalibrationCurve, CalibrationSettings, CalibrationSource, CalibrationWeighting, HillChoice};
use voltammetry::calibration::{
    self, Calibration, ConcentrationEstimate, ConcentrationStep, GivenCurve, Hill, TitrationPoint, Weighting, calibrate,
};

use super::fitted::Fitted;
use super::series::Series;
use super::titrations::{Titration, steps_of, titrations};
use super::told::told;

/// Why there is no curve, with what to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoCurve {
    /// Stable code.
    pub code: &'static str,
    /// A sentence for people.
    pub message: &'static str,
}

const NO_TITRATION: NoCurve = NoCurve {
    code: "calibration_no_titration",
    message: "No step of the titration has a number; give steps, or markers with concentrations.",
};

const NO_CURVE: NoCurve = NoCurve {
    code: "calibration_no_curve",
    message: "No curve is given for this electrode; add one, or one without an electrode for all.",
};

const OTHER_RESPONSE: NoCurve = NoCurve {
    code: "calibration_other_response",
    message: "The curve was fitted to another response; set trend.response and trend.kdm as they were.",
};

const OTHER_DRIFT: NoCurve = NoCurve {
    code: "calibration_other_drift",
    message: "The curve was fitted with drift corrected and the session's is not, or the other way round; set trend.drift as it was.",
};

/// A curve, or why there is none, with the titration behind it.
#[derive(Debug, Clone)]
pub struct Curve {
    /// The curve.
    pub calibration: Result<Calibration, NoCurve>,
    /// A given curve may lack what intervals follow from.
    pub has_intervals: bool,
    /// The electrode of each point, and the point.
    pub points: Vec<(Option<u32>, TitrationPoint)>,
    /// Concentrations (mol/L) of steps without any number.
    pub steps_without_value_m: Vec<f64>,
}

impl Curve {
    fn none(why: NoCurve) -> Self {
        Self {
            calibration: Err(why),
            has_intervals: false,
            points: Vec::new(),
            steps_without_value_m: Vec::new(),
        }
    }

    /// The concentration of a response.
    ///
    /// # Errors
    /// There is no curve.
    pub fn concentration(&self, value: f64) -> Result<ConcentrationEstimate, NoCurve> {
        let found = self.calibration.as_ref().map_err(|why| *why)?.concentration(value);
        Ok(ConcentrationEstimate {
            lower_m: found.lower_m.filter(|_| self.has_intervals),
            upper_m: found.upper_m.filter(|_| self.has_intervals),
            ..found
        })
    }
}

/// The curves of a session.
#[derive(Debug, Clone, Default)]
pub struct Curves {
    by_electrode: BTreeMap<Option<u32>, Curve>,
    /// That of every other electrode.
    others: Option<Curve>,
    pooled: bool,
}

impl Curves {
    /// Finds the curves by the settings; `None` where there is no calibration.
    ///
    /// # Errors
    /// The series cannot be read.
    pub fn of<S: Series>(
        settings: &CalibrationSettings,
        fitted: &Fitted<'_>,
        series: &S,
    ) -> Result<Option<Self>, S::Error> {
        let steps = match settings.source {
            CalibrationSource::Off => return Ok(None),
            CalibrationSource::Curves => return Ok(Some(Self::given(settings, fitted))),
            CalibrationSource::Steps => settings
                .steps
                .iter()
                .map(|step| ConcentrationStep {
                    concentration_m: step.concentration_m,
                    first_index: step.first_index,
                    last_index: step.last_index,
                })
                .collect(),
            CalibrationSource::Markers => steps_of(&series.markers()?, settings.settling),
        };
        let titrations = titrations(&steps, settings.values, fitted, series)?;
        Ok(Some(Self::fit(settings, titrations)))
    }

    fn fit(settings: &CalibrationSettings, titrations: BTreeMap<Option<u32>, Titration>) -> Self {
        if !settings.pooled {
            let fit = |(electrode, titration)| (electrode, curve(settings, titration));
            return Self {
                by_electrode: titrations.into_iter().map(fit).collect(),
                others: Some(Curve::none(NO_TITRATION)),
                pooled: false,
            };
        }
        let mut all = Titration::default();
        for titration in titrations.into_values() {
            all.points.extend(titration.points);
            all.steps_without_value_m.extend(titration.steps_without_value_m);
            all.drift_trouble = all.drift_trouble.or(titration.drift_trouble);
        }
        all.steps_without_value_m.sort_by(f64::total_cmp);
        all.steps_without_value_m.dedup();
        Self {
            by_electrode: BTreeMap::new(),
            others: Some(curve(settings, all)),
            pooled: true,
        }
    }

    fn given(settings: &CalibrationSettings, fitted: &Fitted<'_>) -> Self {
        let mut curves = Self {
            pooled: settings.curves.iter().all(|curve| curve.electrode.is_none()),
            ..Self::default()
        };
        for given in &settings.curves {
            let is_other = given.response.is_some_and(|response| response != fitted.response);
            let is_other_drift = given
                .drift_corrected
                .is_some_and(|corrected| corrected != fitted.corrects_drift());
            let curve = if is_other {
                Curve::none(OTHER_RESPONSE)
            } else if is_other_drift {
                Curve::none(OTHER_DRIFT)
            } else {
                given_curve(given, settings.confidence)
            };
            match given.electrode {
                None => curves.others = Some(curve),
                electrode => drop(curves.by_electrode.insert(electrode, curve)),
            }
        }
        curves
    }

    /// The concentration of a response of an electrode.
    ///
    /// # Errors
    /// There is no curve for it.
    pub fn concentration(&self, electrode: Option<u32>, value: f64) -> Result<ConcentrationEstimate, NoCurve> {
        let curve = self.by_electrode.get(&electrode).or(self.others.as_ref());
        curve.ok_or(NO_CURVE)?.concentration(value)
    }

    /// Whether one curve serves all electrodes.
    pub const fn is_pooled(&self) -> bool {
        self.pooled
    }

    /// The curves as they are told.
    pub fn told(&self, fitted: &Fitted<'_>, confidence: f64) -> Vec<SessionCalibration> {
        let of_electrodes = self.by_electrode.iter().map(|(electrode, curve)| (*electrode, curve));
        // Without pooling, that of the others only says that they have none.
        let others = self
            .others
            .iter()
            .filter(|curve| self.pooled || self.by_electrode.is_empty() || curve.calibration.is_ok());
        of_electrodes
            .chain(others.map(|curve| (None, curve)))
            .map(|(electrode, curve)| SessionCalibration {
                electrode,
                pooled: self.pooled,
                response: Some(fitted.response),
                drift_corrected: fitted.corrects_drift(),
                confidence,
                ..told(curve)
            })
            .collect()
    }
}

fn curve(settings: &CalibrationSettings, titration: Titration) -> Curve {
    let own = calibration::CalibrationSettings {
        hill: match settings.hill {
            HillChoice::Fixed => Hill::Fixed(settings.hill_coefficient),
            HillChoice::Fitted => Hill::Free,
        },
        weighting: match settings.weighting {
            CalibrationWeighting::Equal => Weighting::Equal,
            CalibrationWeighting::Count => Weighting::Count,
            CalibrationWeighting::InverseVariance => Weighting::InverseVariance,
        },
        confidence: settings.confidence,
    };
    let points: Vec<TitrationPoint> = titration.points.iter().map(|(_, point)| *point).collect();
    let calibration = match titration.drift_trouble {
        Some(why) if points.is_empty() => Err(NoCurve {
            code: why.code(),
            message: why.message(),
        }),
        _ if points.is_empty() => Err(NO_TITRATION),
        _ => calibrate(&points, &own).map_err(no_curve),
    };
    Curve {
        calibration,
        has_intervals: true,
        points: titration.points,
        steps_without_value_m: titration.steps_without_value_m,
    }
}

fn no_curve(reason: calibration::CalibrationReason) -> NoCurve {
    NoCurve {
        code: reason.code(),
        message: reason.message(),
    }
}

fn given_curve(given: &CalibrationCurve, confidence: f64) -> Curve {
    Curve {
        calibration: as_given(given).calibration(confidence).map_err(no_curve),
        has_intervals: given.degrees_of_freedom > 0,
        points: Vec::new(),
        steps_without_value_m: Vec::new(),
    }
}

/// A curve of the settings as [`voltammetry::calibration`] takes it; without a covariance, its numbers are taken as exact.
pub fn as_given(given: &CalibrationCurve) -> GivenCurve {
    let entry = |row: usize, column: usize| given.covariance.get(row).and_then(|row| row.get(column)).copied();
    GivenCurve {
        y_min: given.y_min,
        y_max: given.y_max,
        k_m: given.k_m,
        hill: given.hill,
        covariance: std::array::from_fn(|a| std::array::from_fn(|b| entry(a, b).unwrap_or(0.0))),
        residual_deviation: given.residual_deviation,
        degrees_of_freedom: given.degrees_of_freedom.max(1) as usize,
        lowest_m: given.lowest_m,
        highest_m: given.highest_m,
    }
}
