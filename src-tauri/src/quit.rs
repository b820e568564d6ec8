//! A clean end, from wherever it is asked for.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tauri::{AppHandle, Manager, Runtime};

use crate::opening::Profile;
use crate::sharing::Sharing;
use crate::window;

/// The engine commits what it is about to write and lets go of the profile; longer than this it is not waited for.
/// Nothing is lost even then: what is committed is safe, and what is not is read again from the instrument's folder.
const ENGINE_MAY_TAKE: Duration = Duration::from_secs(10);

/// The relay frees the channel; a relay that does not answer notices by itself.
const SHARING_MAY_TAKE: Duration = Duration::from_secs(3);

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

/// Ends the app: hides the window at once, closes the engine, and exits.
pub fn quit<R: Runtime>(app: &AppHandle<R>) {
    if app.state::<Quitting>().quits.swap(true, Ordering::AcqRel) {
        return;
    }
    window::hide(app);
    let (app, engine) = (app.clone(), app.state::<Profile>().engine.ready());
    let sharing = app.state::<Sharing>().inner().clone();
    tauri::async_runtime::spawn(async move {
        // First: what the channel's viewers are told last is that the agent went, not that it is silent.
        if tokio::time::timeout(SHARING_MAY_TAKE, sharing.end()).await.is_err() {
            tracing::warn!("the relay was not told in time");
        }
        if let Some(engine) = engine
            && tokio::time::timeout(ENGINE_MAY_TAKE, engine.close()).await.is_err()
        {
            tracing::warn!("the engine did not close in time");
        }
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
