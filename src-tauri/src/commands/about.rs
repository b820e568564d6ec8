//! What the window shows about the app itself.

use remote::publishing::computer_name;
use serde::Serialize;
use tauri::{AppHandle, Runtime};

use crate::profiles::Bound;

/// The app, its profile and this computer.
#[derive(Debug, Clone, Serialize)]
pub struct AppInfo {
    /// Version of the app.
    pub version: String,
    /// Name of the profile.
    pub profile: String,
    /// Folder that holds everything of the profile.
    pub data_folder: String,
    /// Name of this computer; empty where the system does not tell.
    pub computer: String,
    /// Always true: this is the desktop window, not a browser.
    pub desktop: bool,
}

/// What the window shows about the app itself.
#[tauri::command]
pub fn app_info<R: Runtime>(app: AppHandle<R>, profile: Bound) -> AppInfo {
    AppInfo {
        version: app.package_info().version.to_string(),
        profile: profile.location.profile().to_owned(),
        data_folder: profile.location.folder().display().to_string(),
        computer: computer_name(),
        desktop: true,
    }
}
