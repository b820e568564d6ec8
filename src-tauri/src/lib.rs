//! The desktop shell of SACMES: window, tray, keyring dialogs, integration into the system. What happens in an
//! experiment is the engine's (crate `agent`); the shell is one door to it.

pub mod arguments;
pub mod awaited;
pub mod clipboard;
pub mod closing;
pub mod commands;
pub mod feed;
pub mod following;
pub mod messages;
pub mod opening;
pub mod place;
pub mod profiles;
pub mod quit;
pub mod rendering;
pub mod running;
pub mod sharing;
mod start;
pub mod tray;
pub mod tray_host;
pub mod window;

#[cfg(test)]
mod permission_tests;

use tauri::{Builder, Runtime};

pub use start::run;

/// The app without this computer: its state and its commands, but no plugin that needs a desktop. Tests drive it through
/// Tauri's mock runtime.
pub fn builder<R: Runtime>(builder: Builder<R>, profiles: profiles::Profiles) -> Builder<R> {
    builder
        .manage(profiles)
        .manage(feed::Feeds::default())
        .manage(running::Running::default())
        .manage(quit::Quitting::default())
        .manage(closing::Asking::default())
        .plugin(commands::plugin())
}
