//! The main window: made hidden, shown when the profile is open, hidden again by closing it.

use tauri::{AppHandle, Manager, Runtime, WebviewWindow, WebviewWindowBuilder};

use crate::profiles;

/// Label of the main window, to which the capabilities are bound.
pub const MAIN: &str = "main";

const NAME: &str = "SACMES";

/// Makes the main window as `tauri.conf.json` describes it. What its page keeps (theme, units) it keeps for each profile.
///
/// # Errors
/// Where the system gives no window or no web view.
pub fn make<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<WebviewWindow<R>> {
    let config = app.config().app.windows.iter().find(|window| window.label == MAIN);
    let config = config.cloned().ok_or(tauri::Error::WindowNotFound)?;
    let profiles = profiles::of(app);
    WebviewWindowBuilder::from_config(app, &config)?
        .title(title(profiles.current().location.profile()))
        .data_directory(profiles.window_folder())
        .build()
}

fn title(profile: &str) -> String {
    match profile {
        agent::profile::DEFAULT_PROFILE => NAME.to_owned(),
        name => format!("{NAME} – {name}"),
    }
}

/// Says in the main window's title whose experiments it shows: somebody's elsewhere, or this computer's.
pub fn show_whose<R: Runtime>(app: &AppHandle<R>, elsewhere: Option<&str>) {
    let Some(window) = app.get_webview_window(MAIN) else {
        return;
    };
    let own = title(profiles::of(app).current().location.profile());
    let title = elsewhere.map_or(own.clone(), |name| format!("{own} – following {name}"));
    if let Err(error) = window.set_title(&title) {
        tracing::warn!(%error, "the window's title could not be set");
    }
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

/// Takes the main window from the screen; everything on this computer goes on. Nobody looks at an agent elsewhere any more.
pub fn hide<R: Runtime>(app: &AppHandle<R>) {
    profiles::of(app).current().following.end();
    show_whose(app, None);
    if let Some(window) = app.get_webview_window(MAIN)
        && let Err(error) = window.hide()
    {
        tracing::warn!(%error, "the window could not be hidden");
    }
}
