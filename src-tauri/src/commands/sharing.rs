//! Sharing the profile's experiments.

use protocol::refusal::Refusal;
use protocol::sharing::SharingStatus;
use serde_json::Value;
use tauri::State;

use super::understood;
use crate::opening::Profile;
use crate::sharing::Sharing;

/// Whether and how the profile is shared.
#[tauri::command]
pub async fn sharing_status(
    profile: State<'_, Profile>,
    sharing: State<'_, Sharing>,
) -> Result<SharingStatus, Refusal> {
    sharing.status(&profile.engine.get().await?).await
}

/// Begins to share through a relay. `token` is what a closed relay asks for, else null.
#[tauri::command]
pub async fn sharing_on(
    profile: State<'_, Profile>,
    sharing: State<'_, Sharing>,
    relay: Value,
    token: Value,
) -> Result<(), Refusal> {
    let (relay, token): (String, Option<String>) = (understood(relay)?, understood(token)?);
    sharing.turn_on(&profile, &relay, token).await
}

/// Ends sharing.
#[tauri::command]
pub async fn sharing_off(profile: State<'_, Profile>, sharing: State<'_, Sharing>) -> Result<(), Refusal> {
    sharing.turn_off(&profile).await
}

/// Makes a new User ID. `old` says what becomes of the present one.
#[tauri::command]
pub async fn sharing_renew_user_id(
    profile: State<'_, Profile>,
    sharing: State<'_, Sharing>,
    old: Value,
) -> Result<(), Refusal> {
    sharing.renew_user_id(&profile, understood(old)?).await
}

/// Makes a new view-only code.
#[tauri::command]
pub async fn sharing_renew_view_only_code(
    profile: State<'_, Profile>,
    sharing: State<'_, Sharing>,
) -> Result<(), Refusal> {
    sharing.renew_view_only_code(&profile).await
}
