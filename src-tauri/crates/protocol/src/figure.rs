//! Figures for publications: what is asked of one.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::command::Selection;
use crate::ids::{MeasurementId, SessionId};

/// A figure of a session. What is absent has its default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FigureRequest {
    /// What it shows.
    pub kind: FigureKind,
    /// Form of the file.
    pub format: FigureFormat,
    /// Width on paper, mm (50 to 300); the height follows.
    #[serde(default = "single_column")]
    pub width_mm: f64,
    /// Resolution of a PNG (72 to 1200).
    #[serde(default = "print")]
    pub dpi: u32,
    /// Title; empty = none.
    #[serde(default)]
    pub title: String,
    /// High potentials to the left.
    #[serde(default)]
    pub reverse_potential: bool,
    /// What of the session.
    #[serde(default)]
    pub selection: Selection,
    /// Sweeps and voltammograms: these measurements; empty = the newest of each electrode and frequency in the selection, without
    /// chosen electrodes of the first one.
    #[serde(default)]
    pub measurements: Vec<MeasurementId>,
    /// Trends and comparisons: which numbers; null = KDM or, with one frequency, peak current; for comparisons the gain.
    #[serde(default)]
    pub quantity: Option<FigureQuantity>,
    /// Trends, frequency maps and comparisons: the mean over the electrodes, never over indices.
    #[serde(default)]
    pub mean: FigureMean,
    /// Comparisons: the session with the second map.
    #[serde(default)]
    pub compared_with: Option<SessionId>,
}

fn single_column() -> f64 {
    85.0
}

fn print() -> u32 {
    300
}

/// What a figure shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FigureKind {
    /// Square wave voltammograms with baseline and peak.
    Sweep,
    /// A quantity over time or file number.
    Trends,
    /// Peak current and charge against frequency.
    FrequencyMap,
    /// How the maps of two sessions differ.
    Comparison,
    /// A titration with its binding curve.
    Calibration,
    /// A cyclic voltammogram with baselines and peaks.
    Cv,
    /// A current decay with its fit.
    Ca,
}

/// Form of a figure's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FigureFormat {
    /// Vectors that can be edited.
    Svg,
    /// Vectors as a page.
    Pdf,
    /// Pixels.
    Png,
}

/// Numbers that a trend or a comparison can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FigureQuantity {
    /// Height of the peaks at each frequency.
    PeakCurrent,
    /// Their potential.
    PeakPotential,
    /// Their area.
    Area,
    /// Low frequency over its reference.
    NormalizedLow,
    /// High frequency over its reference.
    NormalizedHigh,
    /// High over low; in a comparison the second map over the first.
    Ratio,
    /// Kinetic differential measurement.
    Kdm,
    /// The trend corrected for drift.
    DriftCorrected,
    /// Concentration by the session's calibration.
    Concentration,
    /// Comparison: relative change.
    Gain,
    /// Comparison: second less first.
    Difference,
}

/// Whether a figure shows the mean over the electrodes: in trends instead of them, in frequency maps and comparisons beside them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FigureMean {
    /// Each electrode.
    #[default]
    Off,
    /// Mean with the sample standard deviation.
    StandardDeviation,
    /// Mean with its standard error.
    StandardError,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_and_format_are_enough() {
        let request: FigureRequest = serde_json::from_str(r#"{"kind":"trends","format":"pdf"}"#).unwrap();
        assert_eq!((request.width_mm, request.dpi), (85.0, 300));
        assert_eq!((request.mean, request.quantity), (FigureMean::Off, None));
        assert!(serde_json::from_str::<FigureRequest>(r#"{"kind":"trends","format":"pdf","colour":1}"#).is_err());
    }
}
