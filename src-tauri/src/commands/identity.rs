//! The User ID, for its owner's eyes.

use protocol::identity::IdentityStatus;
use protocol::refusal::Refusal;
use serde::Deserialize;
use serde_json::Value;
use tauri::{AppHandle, Runtime};

use super::understood;
use crate::clipboard;
use crate::opening::remember;
use crate::profiles::Bound;

/// Which code is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeKind {
    /// The User ID: whoever has it is the owner.
    UserId,
    /// The view-only code.
    ViewOnlyCode,
}

/// The User ID, or why it is not there. Looks again where it is not: the keyring may have been unlocked meanwhile.
#[tauri::command]
pub async fn identity_status(profile: Bound) -> Result<IdentityStatus, Refusal> {
    let keeper = profile.keeper.get().await?;
    keeper.look_again().await;
    remember(&profile.engine.get().await?, &keeper).await;
    profile.unless_switched(Ok(keeper.status()))
}

/// Puts a code on the clipboard.
#[tauri::command]
pub async fn identity_copy<R: Runtime>(app: AppHandle<R>, profile: Bound, which: Value) -> Result<(), Refusal> {
    let keeper = profile.keeper.get().await?;
    let which = understood(which)?;
    profile.unless_switched(Ok(()))?;
    clipboard::copy(&app, &keeper, which)
}

/// The user agrees to keep the User ID in an owner-only file.
#[tauri::command]
pub async fn identity_consent_to_file(profile: Bound) -> Result<IdentityStatus, Refusal> {
    let keeper = profile.keeper.get().await?;
    keeper.consent_to_file().await?;
    remember(&profile.engine.get().await?, &keeper).await;
    profile.unless_switched(Ok(keeper.status()))
}

/// The user pasted the User ID that cannot be read.
#[tauri::command]
pub async fn identity_restore(profile: Bound, text: Value) -> Result<IdentityStatus, Refusal> {
    let keeper = profile.keeper.get().await?;
    keeper.restore(&understood::<String>(text)?).await?;
    remember(&profile.engine.get().await?, &keeper).await;
    profile.unless_switched(Ok(keeper.status()))
}
