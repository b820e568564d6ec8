//! Frequency maps, and how later ones differ from the first (`docs/methods/frequency-map.md`).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{LeftOut, MeanAndSpread};
use crate::ids::SessionId;

/// Maps in the order in which they were asked for, each later one compared with the first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FrequencyMaps {
    /// The maps.
    pub maps: Vec<NamedMap>,
    /// One for each map after the first.
    pub comparisons: Vec<MapChanges>,
    /// Measurements that are in no map.
    pub left_out: Vec<LeftOut>,
}

/// One frequency map, complete or not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct NamedMap {
    /// Its name, different from those of the other maps.
    pub name: String,
    /// The session it is from; null for files.
    pub session: Option<SessionId>,
    /// The index that it is; null where it has none, or is the mean over several.
    pub index: Option<u32>,
    /// Whether every electrode gave a number at every frequency.
    pub complete: bool,
    /// Ascending frequencies, and at each the ascending electrodes.
    pub points: Vec<MapPoint>,
    /// One a frequency.
    pub means: Vec<MapMean>,
}

/// One frequency at one electrode.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MapPoint {
    /// Hz.
    pub frequency_hz: f64,
    /// Electrode; null for an averaged trace.
    pub electrode: Option<u32>,
    /// Signed height of the peak, A; the mean where it was measured more than once.
    pub peak_current_a: Option<f64>,
    /// Peak current over frequency, C.
    pub charge_c: Option<f64>,
    /// V.
    pub peak_potential_v: Option<f64>,
    /// Measurements that gave a peak.
    pub repeats: u32,
    /// Standard deviation of the current over them, A.
    pub peak_current_sd_a: Option<f64>,
    /// Why there is no current.
    pub reason: Option<String>,
}

/// Over the electrodes at one frequency.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct MapMean {
    /// Hz.
    pub frequency_hz: f64,
    /// A.
    pub peak_current_a: MeanAndSpread,
    /// C.
    pub charge_c: MeanAndSpread,
    /// V.
    pub peak_potential_v: MeanAndSpread,
}

/// A map against the first one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MapChanges {
    /// Name of the first map.
    pub first: String,
    /// Name of the map that is compared with it.
    pub map: String,
    /// Ascending frequencies that occur in either, and at each the ascending electrodes.
    pub points: Vec<ChangePoint>,
    /// One a frequency.
    pub means: Vec<ChangeMean>,
    /// The pair of frequencies proposed for KDM.
    pub pair: Option<KdmPair>,
    /// Why none is proposed.
    pub pair_reason: Option<String>,
    /// The same for people.
    pub pair_message: Option<String>,
}

/// One frequency at one electrode: this map against the first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ChangePoint {
    /// Hz.
    pub frequency_hz: f64,
    /// Electrode; null for an averaged trace.
    pub electrode: Option<u32>,
    /// Difference of the currents, A.
    pub difference_a: Option<f64>,
    /// Difference of the charges, C.
    pub charge_difference_c: Option<f64>,
    /// Shift of the peak's potential, V.
    pub potential_shift_v: Option<f64>,
    /// This current over the first.
    pub ratio: Option<f64>,
    /// `ratio - 1`: positive where the signal grows.
    pub gain: Option<f64>,
    /// Why a number is missing.
    pub reason: Option<String>,
}

/// Over the electrodes at one frequency; differences are taken at each electrode first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct ChangeMean {
    /// Hz.
    pub frequency_hz: f64,
    /// A.
    pub difference_a: MeanAndSpread,
    /// C.
    pub charge_difference_c: MeanAndSpread,
    /// V.
    pub potential_shift_v: MeanAndSpread,
    /// Of the currents.
    pub ratio: MeanAndSpread,
    /// Relative change.
    pub gain: MeanAndSpread,
}

/// A signal-on and a signal-off frequency, and what KDM would change between the two maps.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct KdmPair {
    /// Frequency of the greatest gain, Hz.
    pub signal_on_hz: f64,
    /// Frequency of the least gain, Hz.
    pub signal_off_hz: f64,
    /// Gain at the first.
    pub signal_on_gain: MeanAndSpread,
    /// Gain at the second.
    pub signal_off_gain: MeanAndSpread,
    /// Expected change of KDM as difference, per cent.
    pub difference: MeanAndSpread,
    /// Expected change of KDM as difference over average, per cent.
    pub difference_over_average: MeanAndSpread,
}
