//! What the owner of the profile prefers on this computer.

use protocol::refusal::Refusal;
use serde_json::Value;
use tauri::State;

use super::understood;
use crate::opening::Profile;
use crate::preferences::{InForce, Preferences};

/// The preferences that are in force, and why the file cannot be used, if so.
#[tauri::command]
pub fn preferences(profile: State<'_, Profile>) -> InForce {
    Preferences::of(&profile.location)
}

/// Keeps preferences.
#[tauri::command]
pub fn preferences_keep(profile: State<'_, Profile>, preferences: Value) -> Result<(), Refusal> {
    understood::<Preferences>(preferences)?.keep(&profile.location)
}
