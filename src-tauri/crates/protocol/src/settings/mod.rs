//! `settings.toml`: every parameter of a session. Names, meanings and defaults are a contract.

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }
        impl $name {
            /// The word used in `settings.toml`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

mod calibration;
mod column_mapping;
mod sections;
mod techniques;
mod trends;
mod validation;

pub use calibration::{
    CalibrationCurve, CalibrationSettings, CalibrationSource, CalibrationStep, CalibrationWeighting, HillChoice,
    MeasuredResponse, StepValues,
};
pub use sections::{
    Columns, DecimalMark, Delimiter, Electrodes, Files, FilterMode, PeakMethod, PeakPolarity, PeakSettings, Quantity,
    Smoothing,
};
pub use techniques::{CaModel, CaSettings, CvMethod, CvSettings, MassTransport, SignConvention};
pub use trends::{
    DriftCorrection, DriftMode, DriftModel, Kdm, TrendNormalization, TrendResponse, TrendSettings, TrendTimes, TrendX,
};
pub use validation::SettingsError;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Electrochemical technique of a session.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Technique {
    /// Square-wave voltammetry, a continuous series.
    #[default]
    Swv,
    /// One SWV sweep per frequency.
    FrequencyMap,
    /// Cyclic voltammetry.
    Cv,
    /// Chronoamperometry.
    Ca,
}

/// All settings of a session. What is absent is found automatically or has its default; unknown keys are an error.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Technique.
    pub technique: Technique,
    /// Which files belong to the session.
    pub files: Files,
    /// Where the numbers stand in a delimited table.
    pub columns: Columns,
    /// Which electrodes are analysed.
    pub electrodes: Electrodes,
    /// Filters before the peak search.
    pub smoothing: Smoothing,
    /// Peak search.
    pub peak: PeakSettings,
    /// Trends over the series.
    pub trend: TrendSettings,
    /// From trends to concentrations.
    pub calibration: CalibrationSettings,
    /// Cyclic voltammetry.
    pub cv: CvSettings,
    /// Chronoamperometry.
    pub ca: CaSettings,
}

impl Settings {
    /// Reads `settings.toml`.
    ///
    /// # Errors
    /// [`SettingsError::Syntax`] with line and key for anything that is not valid or not known, and the other variants for
    /// values that contradict each other.
    pub fn from_toml(text: &str) -> Result<Self, SettingsError> {
        let settings: Self = toml::from_str(text).map_err(|e| SettingsError::Syntax(where_and_what(text, &e)))?;
        settings.validate()?;
        Ok(settings)
    }

    /// The settings as `settings.toml`.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).unwrap_or_default()
    }

    /// Whether a change from `self` to `other` needs the kept files to be read or measured anew, or only the trends drawn anew.
    pub fn needs_measuring_anew(&self, other: &Self) -> bool {
        let without_trend = |s: &Self| Self {
            trend: TrendSettings::default(),
            calibration: CalibrationSettings::default(),
            ..s.clone()
        };
        without_trend(self) != without_trend(other)
    }
}

/// A syntax error in one line: `line 2: unknown field ...`.
fn where_and_what(text: &str, error: &toml::de::Error) -> String {
    let what = error.message().trim().replace('\n', ", ");
    match error.span().and_then(|span| text.get(..span.start)) {
        Some(before) => format!("line {}: {what}", before.matches('\n').count() + 1),
        None => what,
    }
}
