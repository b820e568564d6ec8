//! The desktop shell of SACMES: window, tray, keyring dialogs, integration into the system. What happens in an
//! experiment is the engine's (crate `agent`); the shell is one door to it.

pub mod arguments;
pub mod attention;
pub mod awaited;
pub mod clipboard;
pub mod closing;
pub mod commands;
pub mod dropping;
pub mod feed;
pub mod following;
pub mod login;
pub mod messages;
pub mod notify;
pub mod opening;
pub mod place;
pub mod preferences;
pub mod profiles;
pub mod quit;
pub mod rendering;
pub mod running;
pub mod sharing;
pub mod sharing_watch;
mod start;
pub mod tray;
pub mod tray_host;
pub mod tray_icon;
pub mod tray_state;
pub mod updates;
pub mod window;
pub mod wishes;

#[cfg(test)]
mod permission_tests;

use tauri::{Builder, Runtime};

pub use start::run;

/// The app without this computer: its state and its commands, but no plugin that needs a desktop. Tests drive it through
/// Tauri's mock runtime.
pub fn builder<R: Runtime>(builder: Builder<R>, profiles: profiles::Profiles) -> Builder<R> {
    builder
        .manage(profiles)
        .manage(attention::Sight::default())
        .manage(feed::Feeds::default())
        .manage(notify::Notifier::default())
        .manage(running::Running::default())
        .manage(dropping::Arrivals::default())
        .manage(quit::Quitting::default())
        .manage(closing::Asking::default())
        .manage(updates::Known::default())
        .manage(wishes::Wishes::default())
        .plugin(commands::plugin())
}
