//! The main window: made hidden, shown when the profile is open, hidden again by closing it.

use tauri::{AppHandle, Manager, Runtime, WebviewWindow, WebviewWindowBuilder};

use crate::opening::Profile;

/// Label of the main window, to which the capabilities are bound.
pub const MAIN: &str = "main";

/// Makes the main window as `tauri.conf.json` describes it. What its page keeps (theme, units) stays with the profile.
///
/// # Errors
/// Where the system gives no window or no web view.
pub fn make<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<WebviewWindow<R>> {
    let config = app.config().app.windows.iter().find(|window| window.label == MAIN);
    let config = config.cloned().ok_or(tauri::Error::WindowNotFound)?;
    let profile = app.state::<Profile>();
    let title = match profile.location.profile() {
        agent::profile::DEFAULT_PROFILE => config.title.clone(),
        name => format!("{} – {name}", config.title),
    };
    WebviewWindowBuilder::from_config(app, &config)?
        .title(title)
        .data_directory(profile.location.folder().join("window"))
        .build()
}

/// Brings the main window to the person, wherever it was.
pub fn raise<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window(MAIN) else {
        return;
    };
    let raised = window
        .show()
        .and_then(|()| window.unminimize())
        .and_then(|()| window.set_focus());
    if let Err(error) = raised {
        tracing::warn!(%error, "the window could not be raised");
    }
}

/// Takes the main window from the screen; everything goes on.
pub fn hide<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window(MAIN)
        && let Err(error) = window.hide()
    {
        tracing::warn!(%error, "the window could not be hidden");
    }
}
