//! The sections of `settings.toml`.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which files belong to the session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Files {
    /// Stem of the names; empty = any.
    pub handle: String,
    /// `auto`, or a template such as `<H>_<F>Hz_<N>`.
    pub pattern: String,
    /// File extension without regard to case; empty = any.
    pub extension: String,
    /// Frequencies, Hz; empty = all that are found.
    pub frequencies_hz: Vec<f64>,
    /// First index; 0 = from the beginning.
    pub first_index: u32,
    /// Last index; 0 = open end.
    pub last_index: u32,
}

impl Default for Files {
    fn default() -> Self {
        Self {
            handle: String::new(),
            pattern: "auto".to_owned(),
            extension: String::new(),
            frequencies_hz: Vec::new(),
            first_index: 0,
            last_index: 0,
        }
    }
}

choice!(
    /// Separator of a delimited table.
    Delimiter {
        /// Found from the content.
        Auto = "auto",
        /// One or more spaces.
        Space = "space",
        /// Tabulator.
        Tab = "tab",
        /// Comma.
        Comma = "comma",
        /// Semicolon.
        Semicolon = "semicolon",
    }
);

choice!(
    /// Decimal mark of a delimited table.
    DecimalMark {
        /// Found from the content.
        Auto = "auto",
        /// `0.5`.
        Point = "point",
        /// `0,5`.
        Comma = "comma",
    }
);

/// Where the numbers stand in a delimited table. Given keys win over the header; absent ones are found from the content.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Columns {
    /// Column of the potential, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub potential: Option<u32>,
    /// Column of the first electrode's current, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<u32>,
    /// Columns from one electrode's current to the next, and likewise of its forward and reverse currents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spacing: Option<u32>,
    /// Column of the times, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<u32>,
    /// Column of the first electrode's forward current, from 1; only together with `reverse`. Without `current`, forward
    /// minus reverse is analysed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forward: Option<u32>,
    /// Column of the first electrode's reverse current, from 1; only together with `forward`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reverse: Option<u32>,
    /// Separator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<Delimiter>,
    /// Decimal mark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<DecimalMark>,
    /// `V`, `mV`, `uV` or `nV`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub potential_unit: Option<String>,
    /// `A`, `mA`, `uA` or `nA`; of all currents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_unit: Option<String>,
    /// `s`, `ms`, `us`, `min` or `h`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_unit: Option<String>,
}

/// Which electrodes are analysed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Electrodes {
    /// Numbers as the file states them; empty = all in the file.
    pub selected: Vec<u32>,
    /// One averaged trace over the selected electrodes.
    pub average: bool,
}

choice!(
    /// Whether a filter is used, and who chooses its parameters.
    FilterMode {
        /// Not used.
        Off = "off",
        /// The method chooses.
        Auto = "auto",
        /// As given.
        Manual = "manual",
    }
);

/// Filters before the peak search. Windows, degree and threshold count only for `manual`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Smoothing {
    /// Hampel filter against single bad points.
    pub hampel: FilterMode,
    /// Points.
    pub hampel_window: u32,
    /// Times the scaled median absolute deviation.
    pub hampel_threshold: f64,
    /// Savitzky-Golay filter.
    pub savgol: FilterMode,
    /// Points.
    pub savgol_window: u32,
    /// Degree of the polynomial.
    pub savgol_degree: u32,
    /// Window in mV, method `sacmes` only.
    pub savgol_window_mv: f64,
}

impl Default for Smoothing {
    fn default() -> Self {
        Self {
            hampel: FilterMode::Off,
            hampel_window: 5,
            hampel_threshold: 3.0,
            savgol: FilterMode::Auto,
            savgol_window: 15,
            savgol_degree: 2,
            savgol_window_mv: 5.0,
        }
    }
}

choice!(
    /// How the peak is measured.
    PeakMethod {
        /// Ours: the chord that touches the sweep on both sides of the peak.
        Tangent = "tangent",
        /// A polynomial baseline fitted outside of the peak.
        Polynomial = "polynomial",
        /// Asymmetrically reweighted penalised least squares.
        Arpls = "arpls",
        /// One or two Gaussian peaks on a polynomial baseline.
        Gaussian = "gaussian",
        /// The numbers of SACMES_Web.
        SacmesWeb = "sacmes-web",
        /// The numbers of the original SACMES.
        Sacmes = "sacmes",
    }
);

choice!(
    /// What stands for the peak in trends.
    Quantity {
        /// Height above the baseline.
        Height = "height",
        /// Area above the baseline.
        Area = "area",
    }
);

choice!(
    /// Which way the peak points.
    PeakPolarity {
        /// Found from the sweep.
        Auto = "auto",
        /// Upwards.
        Up = "up",
        /// Downwards.
        Down = "down",
    }
);

/// Peak search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct PeakSettings {
    /// Method.
    pub method: PeakMethod,
    /// Height or area.
    pub quantity: Quantity,
    /// Direction.
    pub polarity: PeakPolarity,
    /// `[low, high]` potential window, V; empty = whole sweep.
    pub range_v: Vec<f64>,
    /// Points dropped at each end.
    pub trim_points: u32,
    /// Degree of a polynomial baseline.
    pub polynomial_degree: u32,
    /// Peaks that `gaussian` fits: 1, 2, or 0 for two where the sweep demands it.
    pub peaks: u32,
}

impl Default for PeakSettings {
    fn default() -> Self {
        Self {
            method: PeakMethod::Tangent,
            quantity: Quantity::Height,
            polarity: PeakPolarity::Auto,
            range_v: Vec::new(),
            trim_points: 0,
            polynomial_degree: 15,
            peaks: 0,
        }
    }
}
