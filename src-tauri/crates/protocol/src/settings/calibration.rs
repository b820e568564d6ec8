//! The section `[calibration]`: from the response of the trends to concentrations.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::validation::{SettingsError, number};

/// Most steps and most curves; more is a mistake.
const MOST: usize = 1_000;

choice!(
    /// Where the curve comes from.
    CalibrationSource {
        /// There is none.
        Off = "off",
        /// From this session: concentrations by ranges of indices.
        Steps = "steps",
        /// From this session: markers with concentrations.
        Markers = "markers",
        /// From an earlier titration: given curves.
        Curves = "curves",
    }
);

choice!(
    /// The Hill coefficient.
    HillChoice {
        /// As given.
        Fixed = "fixed",
        /// Fitted.
        Fitted = "fitted",
    }
);

choice!(
    /// What is one point of a titration.
    StepValues {
        /// The mean of a step.
        Mean = "mean",
        /// Each scan.
        Each = "each",
    }
);

choice!(
    /// What each point of a titration counts.
    CalibrationWeighting {
        /// All the same.
        Equal = "equal",
        /// By the number of scans.
        Count = "count",
        /// By the inverse of the squared standard error.
        InverseVariance = "inverse_variance",
    }
);

choice!(
    /// A number of the trends, with its definition.
    MeasuredResponse {
        /// KDM as the difference.
        KdmDifference = "kdm_difference",
        /// KDM as the difference over the average.
        KdmDifferenceOverAverage = "kdm_difference_over_average",
        /// High over low.
        Ratio = "ratio",
        /// Low frequency, normalised.
        NormalizedLow = "normalized_low",
        /// High frequency, normalised.
        NormalizedHigh = "normalized_high",
    }
);

/// A stretch of a session at one concentration. Both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CalibrationStep {
    /// mol/L; 0 for the blank.
    pub concentration_m: f64,
    /// First index.
    pub first_index: u32,
    /// Last index.
    pub last_index: u32,
}

/// A curve of an earlier titration, as `sacmes calibrate --out` writes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CalibrationCurve {
    /// Electrode that it is for; absent: every one without a curve of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub electrode: Option<u32>,
    /// What it was fitted to; in a session with another response it gives no concentrations. Absent: not checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub response: Option<MeasuredResponse>,
    /// Whether drift was corrected in what it was fitted to; in a session that does otherwise it gives no concentrations. Absent: not checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub drift_corrected: Option<bool>,
    /// Response without target.
    pub y_min: f64,
    /// Response at saturation.
    pub y_max: f64,
    /// Concentration at half of the span, mol/L.
    pub k_m: f64,
    /// Hill coefficient.
    #[serde(default = "one")]
    pub hill: f64,
    /// Standard deviation of a value about the curve.
    #[serde(default)]
    pub residual_deviation: f64,
    /// Degrees of freedom of the fit; 0: not known, then there are no intervals.
    #[serde(default)]
    pub degrees_of_freedom: u32,
    /// Lowest concentration of the titration, mol/L.
    #[serde(default)]
    pub lowest_m: f64,
    /// Highest concentration of the titration, mol/L.
    pub highest_m: f64,
    /// Covariance of `y_min, y_max, ln K, n`, four rows of four numbers; empty: taken as exact.
    #[serde(default)]
    pub covariance: Vec<Vec<f64>>,
}

fn one() -> f64 {
    1.0
}

/// Calibration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct CalibrationSettings {
    /// Where the curve comes from.
    pub source: CalibrationSource,
    /// The Hill coefficient: given or fitted.
    pub hill: HillChoice,
    /// The given one; 1 = Langmuir isotherm.
    pub hill_coefficient: f64,
    /// One curve through the points of all electrodes.
    pub pooled: bool,
    /// What is one point.
    pub values: StepValues,
    /// What each point counts.
    pub weighting: CalibrationWeighting,
    /// Probability of the intervals.
    pub confidence: f64,
    /// Scans after a marker that are left out, while the sensor settles.
    pub settling: u32,
    /// For `steps`.
    pub steps: Vec<CalibrationStep>,
    /// For `curves`.
    pub curves: Vec<CalibrationCurve>,
}

impl Default for CalibrationSettings {
    fn default() -> Self {
        Self {
            source: CalibrationSource::Off,
            hill: HillChoice::Fixed,
            hill_coefficient: 1.0,
            pooled: false,
            values: StepValues::Mean,
            weighting: CalibrationWeighting::Equal,
            confidence: 0.95,
            settling: 0,
            steps: Vec::new(),
            curves: Vec::new(),
        }
    }
}

impl CalibrationSettings {
    /// The section as it stands in `settings.toml`.
    ///
    /// # Errors
    /// It cannot be written as TOML.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        #[derive(Serialize)]
        struct Section<'a> {
            calibration: &'a CalibrationSettings,
        }
        toml::to_string(&Section { calibration: self })
    }

    /// Checks what the types cannot.
    ///
    /// # Errors
    /// The first contradiction, naming its key.
    pub fn check(&self) -> Result<(), SettingsError> {
        number(
            "calibration.hill_coefficient",
            "from 0.1 to 10",
            self.hill_coefficient,
            (0.1..=10.0).contains(&self.hill_coefficient),
        )?;
        number(
            "calibration.confidence",
            "from 0.5 to 0.9999",
            self.confidence,
            (0.5..=0.9999).contains(&self.confidence),
        )?;
        for (key, list) in [
            ("calibration.steps", self.steps.len()),
            ("calibration.curves", self.curves.len()),
        ] {
            number(key, "at most 1000 entries", list as f64, list <= MOST)?;
        }
        self.check_steps()?;
        self.check_curves()
    }

    fn check_steps(&self) -> Result<(), SettingsError> {
        if self.source == CalibrationSource::Steps && self.steps.is_empty() {
            return Err(SettingsError::Missing {
                key: "calibration.steps",
                when: "source is \"steps\"",
            });
        }
        for step in &self.steps {
            concentration("calibration.steps.concentration_m", step.concentration_m)?;
            number(
                "calibration.steps.last_index",
                "at least first_index",
                f64::from(step.last_index),
                step.first_index <= step.last_index,
            )?;
        }
        let mut steps: Vec<_> = self.steps.iter().collect();
        steps.sort_by_key(|step| step.first_index);
        let overlap = steps
            .iter()
            .zip(steps.iter().skip(1))
            .find(|(a, b)| a.last_index >= b.first_index);
        match overlap {
            Some((_, later)) => number(
                "calibration.steps.first_index",
                "behind the step before it, so that no scan has two concentrations",
                f64::from(later.first_index),
                false,
            ),
            None => Ok(()),
        }
    }

    fn check_curves(&self) -> Result<(), SettingsError> {
        if self.source == CalibrationSource::Curves && self.curves.is_empty() {
            return Err(SettingsError::Missing {
                key: "calibration.curves",
                when: "source is \"curves\"",
            });
        }
        for (k, curve) in self.curves.iter().enumerate() {
            number(
                "calibration.curves.y_min",
                "a finite number",
                curve.y_min,
                curve.y_min.is_finite(),
            )?;
            number(
                "calibration.curves.y_max",
                "a finite number other than y_min",
                curve.y_max,
                curve.y_max.is_finite() && (curve.y_max - curve.y_min).abs() > 0.0,
            )?;
            let positive = |value: f64| value > 0.0 && value.is_finite();
            number("calibration.curves.k_m", "above 0", curve.k_m, positive(curve.k_m))?;
            number("calibration.curves.hill", "above 0", curve.hill, positive(curve.hill))?;
            let deviation = curve.residual_deviation;
            number(
                "calibration.curves.residual_deviation",
                "0 or above",
                deviation,
                deviation >= 0.0 && deviation.is_finite(),
            )?;
            concentration("calibration.curves.lowest_m", curve.lowest_m)?;
            let highest = curve.highest_m;
            number(
                "calibration.curves.highest_m",
                "above lowest_m",
                highest,
                highest > curve.lowest_m && highest.is_finite(),
            )?;
            let electrode = curve.electrode.map_or(0.0, f64::from);
            let is_first = self.curves[..k].iter().all(|other| other.electrode != curve.electrode);
            number("calibration.curves.electrode", "named once each", electrode, is_first)?;
            if !is_covariance(&curve.covariance) {
                return Err(SettingsError::Covariance {
                    key: "calibration.curves.covariance",
                });
            }
        }
        Ok(())
    }
}

fn concentration(key: &'static str, value: f64) -> Result<(), SettingsError> {
    number(key, "0 or above, in mol/L", value, value >= 0.0 && value.is_finite())
}

fn is_covariance(rows: &[Vec<f64>]) -> bool {
    let is_number = |row: &Vec<f64>| row.len() == 4 && row.iter().all(|value| value.is_finite());
    rows.is_empty()
        || rows.len() == 4
            && rows.iter().all(is_number)
            && rows
                .iter()
                .enumerate()
                .all(|(k, row)| row.get(k).is_some_and(|v| *v >= 0.0))
}
