//! The tray icon and its menu.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use protocol::command::Command;
use protocol::ids::CommandId;
use protocol::refusal::Refusal;
use tauri::menu::{Menu, MenuEvent, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Runtime};
use tauri_plugin_dialog::MessageDialogKind;
use tokio::time::timeout;

use crate::commands::CodeKind;
use crate::tray_icon::Images;
use crate::tray_state::TrayState;
use crate::{clipboard, messages, profiles, quit, running, window};

const ID: &str = "main";

const OPEN: &str = "open";
const COPY_USER_ID: &str = "copy-user-id";
const COPY_VIEW_ONLY_CODE: &str = "copy-view-only-code";
const PAUSE_ALL: &str = "pause-all";
const QUIT: &str = "quit";

/// A code that reaches the clipboard later than this would surprise.
const COPY_MAY_WAIT: Duration = Duration::from_secs(2);

/// The tray icon with the lines of its menu that say how it goes.
pub struct Tray<R: Runtime> {
    icon: TrayIcon<R>,
    images: Option<Images>,
    state_line: MenuItem<R>,
    sharing_line: MenuItem<R>,
    shown: Mutex<Option<(String, TrayState)>>,
}

/// Puts the icon into the tray. `None` where that fails: on Linux the library panics where its own library is not
/// installed, and the app works without.
pub fn build<R: Runtime>(app: &AppHandle<R>) -> Option<Tray<R>> {
    match catch_unwind(AssertUnwindSafe(|| try_build(app))) {
        Ok(Ok(tray)) => Some(tray),
        Ok(Err(error)) => {
            tracing::warn!(%error, "there is no tray icon");
            None
        }
        Err(_) => {
            tracing::warn!("there is no tray icon: its library is not installed");
            None
        }
    }
}

fn try_build<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<Tray<R>> {
    let item = |id: &str, text: &str| MenuItem::with_id(app, id, text, true, None::<&str>);
    let state_line = MenuItem::with_id(app, "state", running::in_words(0), false, None::<&str>)?;
    let sharing_line = MenuItem::with_id(app, "sharing", TrayState::default().sharing_line(), false, None::<&str>)?;
    let menu = Menu::with_items(
        app,
        &[
            &state_line,
            &sharing_line,
            &PredefinedMenuItem::separator(app)?,
            &item(OPEN, "Open SACMES")?,
            &item(COPY_USER_ID, "Copy User ID")?,
            &item(COPY_VIEW_ONLY_CODE, "Copy view-only code")?,
            &item(PAUSE_ALL, "Pause all sessions")?,
            &PredefinedMenuItem::separator(app)?,
            &item(QUIT, "Quit")?,
        ],
    )?;
    let mut icon = TrayIconBuilder::with_id(ID)
        .menu(&menu)
        .show_menu_on_left_click(false)
        .tooltip(name_with(profiles::of(app).current().location.profile()))
        .on_menu_event(|app, event| chosen(app, &event))
        .on_tray_icon_event(|icon, event| {
            if is_left_click(&event) {
                window::raise(icon.app_handle());
            }
        });
    let images = app.default_window_icon().map(Images::of);
    if let Some(images) = &images {
        icon = icon.icon(images.usual.clone());
    }
    Ok(Tray {
        icon: icon.build(app)?,
        images,
        state_line,
        sharing_line,
        shown: Mutex::default(),
    })
}

fn chosen<R: Runtime>(app: &AppHandle<R>, event: &MenuEvent) {
    match event.id().as_ref() {
        OPEN => window::raise(app),
        COPY_USER_ID => copy(app, CodeKind::UserId),
        COPY_VIEW_ONLY_CODE => copy(app, CodeKind::ViewOnlyCode),
        PAUSE_ALL => pause_all(app),
        QUIT => quit::quit(app),
        _ => {}
    }
}

/// Where a code cannot be copied, the window opens: it shows what stands in the way and the ways out.
fn copy<R: Runtime>(app: &AppHandle<R>, which: CodeKind) {
    // That of the profile which is in use at this moment.
    let (app, keeper) = (app.clone(), profiles::of(app).current().keeper);
    tauri::async_runtime::spawn(async move {
        let copied = match timeout(COPY_MAY_WAIT, keeper.get()).await {
            Ok(found) => found
                .and_then(|keeper| clipboard::copy(&app, &keeper, which))
                .map_err(Some),
            Err(_) => Err(None),
        };
        if let Err(refusal) = copied {
            let code = refusal
                .as_ref()
                .map_or("keyring_not_unlocked_yet", |refusal| refusal.code.as_str());
            tracing::warn!(code, "the tray could not copy the code");
            window::raise(&app);
            let text = refusal.map_or(
                "The code was not copied: the keyring is not unlocked yet.".to_owned(),
                |refusal| format!("The code was not copied. {refusal}"),
            );
            messages::show(&app, MessageDialogKind::Warning, &text);
        }
    });
}

fn pause_all<R: Runtime>(app: &AppHandle<R>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        // Also those of profiles that go on in the background: what the menu counts.
        let open = profiles::of(&app).open();
        let pause = async || -> Result<(), Refusal> {
            for profile in open {
                let engine = profile.engine.get().await?;
                engine.command(CommandId::new(), Command::PauseAll).await?;
            }
            Ok(())
        };
        if let Err(refusal) = pause().await {
            tracing::warn!(code = refusal.code, "the tray could not pause the sessions");
            window::raise(&app);
            messages::show(&app, MessageDialogKind::Warning, &refusal.to_string());
        }
    });
}

impl<R: Runtime> Tray<R> {
    /// Shows which profile is in use, and how it goes in all that are open. The menu's lines say it too, because Linux shows no
    /// tooltips here.
    pub fn show(&self, profile: &str, state: TrayState) {
        let mut before = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let needed_somebody = before.as_ref().map(|(_, state)| state.needs_somebody());
        let now = (profile.to_owned(), state);
        if before.as_ref() == Some(&now) {
            return;
        }
        let state = &now.1;
        let shown = self
            .icon
            .set_tooltip(Some(format!("{}: {}", name_with(profile), state.tooltip())))
            .and_then(|()| self.state_line.set_text(state.sessions_line()))
            .and_then(|()| self.sharing_line.set_text(state.sharing_line()))
            .and_then(|()| match &self.images {
                Some(images) if needed_somebody != Some(state.needs_somebody()) => {
                    self.icon.set_icon(Some(images.of_state(state).clone()))
                }
                _ => Ok(()),
            });
        *before = Some(now);
        if let Err(error) = shown {
            tracing::warn!(%error, "the tray could not show how it goes");
        }
    }
}

fn name_with(profile: &str) -> String {
    match profile {
        agent::profile::DEFAULT_PROFILE => "SACMES".to_owned(),
        profile => format!("SACMES ({profile})"),
    }
}

fn is_left_click(event: &TrayIconEvent) -> bool {
    matches!(
        event,
        TrayIconEvent::Click {
            button: MouseButton::Left,
            button_state: MouseButtonState::Up,
            ..
        }
    )
}
