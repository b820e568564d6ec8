//! What the owner of the profile prefers on this computer.

use protocol::refusal::Refusal;
use serde_json::Value;

use super::understood;
use crate::preferences::{InForce, Preferences};
use crate::profiles::Bound;

/// The preferences that are in force, and why the file cannot be used, if so.
#[tauri::command]
pub fn preferences(profile: Bound) -> InForce {
    Preferences::of(&profile.location)
}

/// Keeps preferences.
#[tauri::command]
pub fn preferences_keep(profile: Bound, preferences: Value) -> Result<(), Refusal> {
    understood::<Preferences>(preferences)?.keep(&profile.location)
}
