//! What the app does on this computer beside measuring.

use std::path::Path;

use protocol::ids::SessionId;
use protocol::refusal::Refusal;
use serde_json::Value;
use tauri::ipc::Channel;
use tauri::{AppHandle, Runtime, State};
use tauri_plugin_opener::OpenerExt;

use super::understood;
use crate::attention::{Cause, Notice, Sight};
use crate::login::AtLogin;
use crate::notify;
use crate::preferences::Preferences;
use crate::profiles::Bound;
use crate::updates::{self, Fetcher, Found, Known};
use crate::wishes::{Wish, Wishes};

/// Whether the system starts the app when the person logs in.
#[tauri::command]
pub async fn login_start<R: Runtime>(app: AppHandle<R>, profile: Bound) -> Result<bool, Refusal> {
    AtLogin::of(&app.config().identifier, &profile.location)?.is_on()
}

/// Lets the system start the app when the person logs in, or no more; says what holds then.
#[tauri::command]
pub async fn login_start_set<R: Runtime>(app: AppHandle<R>, profile: Bound, on: Value) -> Result<bool, Refusal> {
    let on: bool = understood(on)?;
    let at_login = AtLogin::of(&app.config().identifier, &profile.location)?;
    at_login.set(on)?;
    at_login.is_on()
}

/// Shows what a notification looks like.
#[tauri::command]
pub async fn notification_test<R: Runtime>(app: AppHandle<R>) -> Result<(), Refusal> {
    let notice = Notice {
        cause: Cause::Test,
        title: "SACMES can reach you".to_owned(),
        body: "Like this you hear of experiments that stall or end while you do not look.".to_owned(),
    };
    notify::show(&app, &notice).await
}

/// Looks for a newer version now.
#[tauri::command]
pub async fn updates_look<R: Runtime>(
    app: AppHandle<R>,
    profile: Bound,
    known: State<'_, Known>,
) -> Result<Found, Refusal> {
    let chosen = Preferences::of(&profile.location).value.updates;
    let found = updates::look(&Fetcher::trusting_the_system(), &chosen, &app.package_info().version).await?;
    known.keep(&found);
    Ok(found)
}

/// What was found last, without looking; null where nobody has looked.
#[tauri::command]
pub fn updates_known(known: State<'_, Known>) -> Option<Found> {
    known.last()
}

/// Opens the page of the newer version in the person's browser. Which page, the answer said, not the window.
#[tauri::command]
pub fn updates_open_page<R: Runtime>(app: AppHandle<R>, known: State<'_, Known>) -> Result<(), Refusal> {
    let Some(Found::Newer { page: Some(page), .. }) = known.last() else {
        return Err(Refusal::new(
            "updates_no_page",
            "No page of a newer version is known.",
            "Look for a newer version first.",
        ));
    };
    app.opener().open_url(&page, None::<&str>).map_err(|error| {
        Refusal::new(
            "browser_failed",
            format!("The browser could not be opened: {error}."),
            format!("Open {page} by hand."),
        )
    })
}

/// The page shows this session, or none: what is in sight is not told by notifications.
#[tauri::command]
pub fn window_shows(sight: State<'_, Sight>, session: Value) -> Result<(), Refusal> {
    sight.shows(understood::<Option<SessionId>>(session)?);
    Ok(())
}

/// The page hears here what it is asked to show.
#[tauri::command]
pub fn window_wishes(wishes: State<'_, Wishes>, channel: Channel<Wish>) {
    wishes.listen(channel);
}

/// Bytes of everything in the profile's folder.
#[tauri::command]
pub async fn data_folder_size(profile: Bound) -> Result<u64, Refusal> {
    let folder = profile.location.folder();
    let counted = tokio::task::spawn_blocking(move || {
        size(&folder).map_err(|error| {
            Refusal::new(
                "data_folder_unreadable",
                format!("The size of {} could not be told: {error}.", folder.display()),
                "Check that the disk is there.",
            )
        })
    });
    counted
        .await
        .unwrap_or_else(|_| Err(Refusal::new("app_is_closing", "SACMES is closing.", "Start it again.")))
}

/// Links are not followed; what disappears meanwhile counts for nothing.
fn size(folder: &Path) -> std::io::Result<u64> {
    let mut sum = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        match entry.metadata() {
            Ok(about) if about.is_dir() => sum += size(&entry.path()).unwrap_or_default(),
            Ok(about) if about.is_file() => sum += about.len(),
            _ => {}
        }
    }
    Ok(sum)
}
