//! A clean end, from wherever it is asked for.

use std::sync::atomic::{AtomicBool, Ordering};

use tauri::{AppHandle, Manager, Runtime};

use crate::{profiles, window};

/// Whether the app is ending, and whether it was started again meanwhile.
#[derive(Debug, Default)]
pub struct Quitting {
    quits: AtomicBool,
    comes_back: AtomicBool,
}

/// Somebody started the app a second time: an app that is ending comes back instead of showing a window that closes.
/// Returns whether it is ending.
pub fn started_again<R: Runtime>(app: &AppHandle<R>) -> bool {
    let quitting = app.state::<Quitting>();
    let quits = quitting.quits.load(Ordering::Acquire);
    if quits {
        quitting.comes_back.store(true, Ordering::Release);
    }
    quits
}

/// Ends the app: hides the window at once, closes the engines of all open profiles, and exits.
pub fn quit<R: Runtime>(app: &AppHandle<R>) {
    if app.state::<Quitting>().quits.swap(true, Ordering::AcqRel) {
        return;
    }
    window::hide(app);
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        profiles::end_all(profiles::of(&app).open()).await;
        if app.state::<Quitting>().comes_back.load(Ordering::Acquire) {
            app.restart();
        }
        app.exit(0);
    });
}

/// Ends the app when the system or a terminal asks for it.
pub fn on_signals<R: Runtime>(app: &AppHandle<R>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        match asked_to_end().await {
            Ok(()) => quit(&app),
            Err(error) => tracing::warn!(%error, "signals cannot be listened to"),
        }
    });
}

#[cfg(unix)]
async fn asked_to_end() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let [mut terminate, mut interrupt, mut hang_up] = [
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
        signal(SignalKind::hangup())?,
    ];
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hang_up.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn asked_to_end() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
