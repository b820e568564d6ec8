//! What the window may ask: the plugin `sacmes`. Each command needs its permission (`src-tauri/capabilities`), and each
//! fails with a [`Refusal`].

#![allow(
    clippy::needless_pass_by_value,
    reason = "Tauri hands a command its arguments by value"
)]

mod about;
mod computer;
mod engine;
mod files;
mod following;
mod identity;
mod preferences;
mod profiles;
mod sharing;

pub use identity::CodeKind;
use protocol::refusal::Refusal;
use serde::de::DeserializeOwned;
use tauri::Runtime;
use tauri::plugin::{Builder, TauriPlugin};

/// The plugin's name: commands are `plugin:sacmes|…`.
pub const PLUGIN: &str = "sacmes";

/// All commands. `src-tauri/build.rs` lists the same names, to make their permissions.
pub fn plugin<R: Runtime>() -> TauriPlugin<R> {
    Builder::new(PLUGIN)
        .invoke_handler(tauri::generate_handler![
            about::app_info,
            computer::data_folder_size,
            computer::login_start,
            computer::login_start_set,
            computer::notification_test,
            computer::updates_known,
            computer::updates_look,
            computer::updates_open_page,
            computer::window_shows,
            computer::window_wishes,
            engine::engine_columns,
            engine::engine_command,
            engine::engine_query,
            engine::engine_received,
            engine::engine_subscribe,
            files::choose_destination,
            files::choose_files,
            files::choose_folder,
            files::files_arriving,
            files::reveal,
            following::agents_forget,
            following::agents_remembered,
            following::follow_code,
            following::follow_remembered,
            following::followed_columns,
            following::followed_command,
            following::followed_destination,
            following::followed_end,
            following::followed_query,
            following::followed_received,
            following::followed_remember,
            following::followed_subscribe,
            identity::identity_consent_to_file,
            identity::identity_copy,
            identity::identity_restore,
            identity::identity_status,
            preferences::preferences,
            preferences::preferences_keep,
            profiles::profile_create,
            profiles::profile_current,
            profiles::profile_delete,
            profiles::profile_rename,
            profiles::profile_report,
            profiles::profile_use,
            profiles::profiles_list,
            sharing::sharing_off,
            sharing::sharing_on,
            sharing::sharing_renew_user_id,
            sharing::sharing_renew_view_only_code,
            sharing::sharing_status,
        ])
        .build()
}

/// What the page sent, as what it should be. Tauri's own answer to a malformed argument would not be a refusal.
fn understood<T: DeserializeOwned>(sent: serde_json::Value) -> Result<T, Refusal> {
    serde_json::from_value(sent).map_err(|error| {
        Refusal::new(
            "not_understood",
            format!("The window asked for something that the engine does not know: {error}."),
            "Restart SACMES; if it happens again, please report it with what you did before.",
        )
    })
}
