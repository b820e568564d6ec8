//! What begins with every profile that is opened, at the start and at a switch.

use tauri::{AppHandle, Manager, Runtime};

use super::of;
use crate::attention;
use crate::opening::OpenProfile;
use crate::running::{self, Running};
use crate::tray::Tray;
use crate::tray_state::TrayState;

/// Goes on sharing a profile as its owner chose, keeps the number of its sessions current, and watches over them.
pub fn watch<R: Runtime>(app: &AppHandle<R>, profile: &OpenProfile) {
    tauri::async_runtime::spawn(go_on_sharing(profile.clone()));
    tauri::async_runtime::spawn(follow_sessions(app.clone(), profile.clone()));
    tauri::async_runtime::spawn(attention::watch_over(app.clone(), profile.clone()));
}

/// Shares the profile if its owner chose so before.
async fn go_on_sharing(profile: OpenProfile) {
    if let Err(refusal) = profile.sharing.go_on(&profile).await {
        tracing::warn!(code = refusal.code, "the profile is not shared");
    }
}

/// Keeps the tray's number of sessions current.
async fn follow_sessions<R: Runtime>(app: AppHandle<R>, profile: OpenProfile) {
    // Where the profile cannot be opened, the window says so.
    let Ok(engine) = profile.engine.get().await else { return };
    let followed = running::follow(engine, |sessions| {
        profile.running.set(sessions);
        show_running(&app);
    });
    if let Err(refusal) = followed.await {
        tracing::warn!(code = refusal.code, "the tray does not show how many sessions run");
    }
}

/// Shows everywhere how many sessions go on and need somebody, in which profile the window is, and how that is shared.
pub fn show_running<R: Runtime>(app: &AppHandle<R>) {
    let profiles = of(app);
    let sessions = profiles.running();
    app.state::<Running>().set(sessions);
    if let Some(tray) = app.try_state::<Tray<R>>() {
        let current = profiles.current();
        let state = TrayState {
            sessions,
            stalled: profiles.open().iter().map(|profile| profile.attention.stalled()).sum(),
            sharing: current.attention.sharing(),
        };
        tray.show(current.location.profile(), state);
    }
}
