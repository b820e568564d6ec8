//! The profiles of this computer.

use protocol::refusal::Refusal;
use serde::Serialize;
use serde_json::Value;
use tauri::{AppHandle, Runtime, State};
use uuid::Uuid;

use super::understood;
use crate::profiles::{self, Line, Profiles, Report};

/// The profile that the page is about.
#[derive(Debug, Clone, Serialize)]
pub struct Current {
    /// This opening of it, which the page names with everything that it asks.
    pub opening: Uuid,
    /// Its name.
    pub profile: String,
}

/// Which profile the page is about.
#[tauri::command]
pub fn profile_current(profiles: State<'_, Profiles>) -> Current {
    let current = profiles.current();
    Current {
        opening: current.id,
        profile: current.location.profile().to_owned(),
    }
}

/// What the change did after which this page was loaded, once; null where there was none.
#[tauri::command]
pub async fn profile_report(profiles: State<'_, Profiles>) -> Result<Option<Report>, Refusal> {
    Ok(profiles.take_report().await)
}

/// All profiles, with what each holds.
#[tauri::command]
pub async fn profiles_list(profiles: State<'_, Profiles>) -> Result<Vec<Line>, Refusal> {
    profiles::list(&profiles).await
}

/// Makes a new profile.
#[tauri::command]
pub async fn profile_create(profiles: State<'_, Profiles>, name: Value) -> Result<String, Refusal> {
    profiles.create(understood(name)?).await
}

/// Gives a profile another name.
#[tauri::command]
pub async fn profile_rename<R: Runtime>(app: AppHandle<R>, name: Value, to: Value) -> Result<Report, Refusal> {
    let (name, to): (String, String) = (understood(name)?, understood(to)?);
    profiles::rename(&app, &name, &to).await
}

/// Uses another profile; `running` says what becomes of the experiments of the one before.
#[tauri::command]
pub async fn profile_use<R: Runtime>(app: AppHandle<R>, name: Value, running: Value) -> Result<Report, Refusal> {
    let (name, running): (String, profiles::Meanwhile) = (understood(name)?, understood(running)?);
    profiles::use_profile(&app, &name, running).await
}

/// Deletes a profile with its data.
#[tauri::command]
pub async fn profile_delete<R: Runtime>(app: AppHandle<R>, name: Value) -> Result<profiles::Gone, Refusal> {
    let name: String = understood(name)?;
    profiles::delete(&app, &name).await
}
