//! Sharing the profile's experiments.

use protocol::refusal::Refusal;
use protocol::sharing::SharingStatus;
use serde_json::Value;

use super::understood;
use crate::profiles::Bound;

/// Whether and how the profile is shared.
#[tauri::command]
pub async fn sharing_status(profile: Bound) -> Result<SharingStatus, Refusal> {
    let status = profile.sharing.status(&profile.engine.get().await?).await;
    profile.unless_switched(status)
}

/// Begins to share through a relay. `token` is what a closed relay asks for, else null.
#[tauri::command]
pub async fn sharing_on(profile: Bound, relay: Value, token: Value) -> Result<(), Refusal> {
    let (relay, token): (String, Option<String>) = (understood(relay)?, understood(token)?);
    profile.sharing.turn_on(&profile, &relay, token).await
}

/// Ends sharing.
#[tauri::command]
pub async fn sharing_off(profile: Bound) -> Result<(), Refusal> {
    profile.sharing.turn_off(&profile).await
}

/// Makes a new User ID. `old` says what becomes of the present one.
#[tauri::command]
pub async fn sharing_renew_user_id(profile: Bound, old: Value) -> Result<(), Refusal> {
    profile.sharing.renew_user_id(&profile, understood(old)?).await
}

/// Makes a new view-only code.
#[tauri::command]
pub async fn sharing_renew_view_only_code(profile: Bound) -> Result<(), Refusal> {
    profile.sharing.renew_view_only_code(&profile).await
}
