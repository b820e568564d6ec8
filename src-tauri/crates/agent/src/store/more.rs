//! What only one technique or method, or only a few measurements have, kept with a measurement as one JSON object.

use protocol::mark::MarkedByHand;
use protocol::measurement::{CaNumbers, CvNumbers, Measurement};
use serde::{Deserialize, Serialize};

use super::StoreError;

/// What only one technique or method, or only a few measurements have.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct More {
    /// A.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peak_current_error_a: Option<f64>,
    /// V.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peak_potential_error_v: Option<f64>,
    /// Points marked by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marked_by_hand: Option<MarkedByHand>,
    /// Cyclic voltammetry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cv: Option<CvNumbers>,
    /// Chronoamperometry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca: Option<CaNumbers>,
}

impl More {
    /// Of a measurement; nothing where it has nothing of the kind.
    pub fn of(measurement: &Measurement) -> Option<Self> {
        let more = Self {
            peak_current_error_a: measurement.peak_current_error_a,
            peak_potential_error_v: measurement.peak_potential_error_v,
            marked_by_hand: measurement.marked_by_hand,
            cv: measurement.cv.clone(),
            ca: measurement.ca.clone(),
        };
        (more != Self::default()).then_some(more)
    }

    /// As it stands in the database.
    ///
    /// # Errors
    /// A number that JSON cannot show.
    pub fn to_text(&self) -> Result<String, StoreError> {
        serde_json::to_string(self).map_err(|e| StoreError::Value(e.to_string()))
    }

    /// Reads what stands in the database.
    ///
    /// # Errors
    /// A text of another shape.
    pub fn parse(text: Option<&str>) -> Result<Option<Self>, StoreError> {
        let value = |text: &str| serde_json::from_str(text).map_err(|e| StoreError::Value(e.to_string()));
        text.map(value).transpose()
    }
}
