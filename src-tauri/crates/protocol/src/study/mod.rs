//! Studies: what several sessions, or the files of several folders, say together.

mod frequency_maps;
mod scan_rates;

pub use frequency_maps::{ChangeMean, ChangePoint, FrequencyMaps, KdmPair, MapChanges, MapMean, MapPoint, NamedMap};
pub use scan_rates::{Couple, RateLine, RatePeak, RateStudy, Regime, ScanRates};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Mean and spread over electrodes or repeats. SD, SE and interval need two numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct MeanAndSpread {
    /// How many numbers there are.
    pub count: u32,
    /// Their mean.
    pub mean: Option<f64>,
    /// Sample standard deviation.
    pub sd: Option<f64>,
    /// Standard error of the mean.
    pub se: Option<f64>,
    /// Half the width of the mean's 95 % confidence interval (Student's t).
    pub interval_95: Option<f64>,
}

/// A measurement that a study does not use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LeftOut {
    /// Session or set of files that it is from, by name.
    pub source: String,
    /// Its file.
    pub file: String,
    /// Its electrode.
    pub electrode: Option<u32>,
    /// Its segment, of a cyclic voltammogram.
    pub segment: Option<u32>,
    /// Stable code.
    pub reason: String,
    /// For people, with the way out where there is one.
    pub message: String,
}
