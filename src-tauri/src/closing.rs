//! What closing the window means: the app goes on in the tray, as long as it can be found there again.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use tauri::{AppHandle, Manager, Runtime};
use tauri_plugin_dialog::MessageDialogKind;

use crate::preferences::Preferences;
use crate::running::{self, Running};
use crate::tray::Tray;
use crate::{messages, profiles, quit, tray_host, window};

/// Whether the question is on the screen already: closing again does not ask again.
#[derive(Debug, Default)]
pub struct Asking(AtomicBool);

/// The person closed the window.
pub fn window_closed<R: Runtime>(app: &AppHandle<R>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let stays = Preferences::of(&profiles::of(&app).current().location)
            .value
            .stays_in_tray;
        if stays && app.try_state::<Tray<R>>().is_some() && tray_host::is_there().await {
            window::hide(&app);
            explain_once(&app);
        } else if app.state::<Running>().sessions() == 0 {
            quit::quit(&app);
        } else {
            ask(&app, stays).await;
        }
    });
}

/// Says once per profile that closing is not ending.
fn explain_once<R: Runtime>(app: &AppHandle<R>) {
    let explained = explained(app);
    if explained.exists() {
        return;
    }
    messages::show(
        app,
        MessageDialogKind::Info,
        "SACMES keeps running in the tray, and goes on watching and measuring. Its menu there opens this window again, or quits.",
    );
    if let Err(error) = fs::write(&explained, b"") {
        tracing::warn!(%error, "that the tray was explained could not be noted");
    }
}

fn explained<R: Runtime>(app: &AppHandle<R>) -> PathBuf {
    profiles::of(app).current().location.folder().join("tray-explained")
}

/// This desktop shows no tray, or closing is to end the app: neither may end an experiment without a question. `stays`: whether
/// closing leaves the app in the tray where there is one; a hidden window is then found only by starting the app again.
async fn ask<R: Runtime>(app: &AppHandle<R>, stays: bool) {
    let sessions = running::in_words(app.state::<Running>().sessions());
    let why = if stays {
        " This desktop has no tray in which SACMES could be found again."
    } else {
        ""
    };
    let question = format!(
        "{sessions}.{why}\n\nKept running, it goes on watching and measuring; start SACMES again to see its window. If you \
         quit, new files are measured when SACMES runs again."
    );
    let asking = app.state::<Asking>();
    if asking.0.swap(true, Ordering::AcqRel) {
        return;
    }
    let quits = messages::chose_second(app, &question, "Keep running", "Quit").await;
    asking.0.store(false, Ordering::Release);
    if quits {
        quit::quit(app);
    } else {
        window::hide(app);
    }
}
