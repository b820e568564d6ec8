//! Prepares what Tauri embeds: the built UI, the capabilities, and the permissions of the app's own commands.

use std::error::Error;
use std::fs;
use std::path::Path;

use tauri_build::{Attributes, DefaultPermissionRule, InlinedPlugin};

/// The commands of the app's own plugin `sacmes`; each gets a permission `sacmes:allow-…` (`src-tauri/src/commands`).
const COMMANDS: &[&str] = &[
    "agents_forget",
    "agents_remembered",
    "app_info",
    "choose_destination",
    "choose_files",
    "choose_folder",
    "data_folder_size",
    "engine_columns",
    "engine_command",
    "engine_query",
    "engine_received",
    "engine_subscribe",
    "files_arriving",
    "follow_code",
    "follow_remembered",
    "followed_columns",
    "followed_command",
    "followed_destination",
    "followed_end",
    "followed_query",
    "followed_received",
    "followed_remember",
    "followed_subscribe",
    "identity_consent_to_file",
    "identity_copy",
    "identity_restore",
    "identity_status",
    "login_start",
    "login_start_set",
    "notification_test",
    "preferences",
    "preferences_keep",
    "profile_create",
    "profile_current",
    "profile_delete",
    "profile_rename",
    "profile_report",
    "profile_use",
    "profiles_list",
    "reveal",
    "sharing_off",
    "sharing_on",
    "sharing_renew_user_id",
    "sharing_renew_view_only_code",
    "sharing_status",
    "updates_known",
    "updates_look",
    "updates_open_page",
    "window_shows",
    "window_wishes",
];

const PLACEHOLDER: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>SACMES</title>\
<body><h1>The user interface is not built yet</h1><p>Run <code>cargo xtask run</code>.</p></body></html>\n";

fn main() -> Result<(), Box<dyn Error>> {
    provide_ui(Path::new("ui/dist"))?;
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    let commands = InlinedPlugin::new()
        .commands(COMMANDS)
        .default_permission(DefaultPermissionRule::Allow(Vec::new()));
    tauri_build::try_build(
        Attributes::new()
            .plugin("sacmes", commands)
            .capabilities_path_pattern("./src-tauri/capabilities/**/*"),
    )
    .map_err(Into::into)
}

/// Tauri refuses to compile without a UI folder; on a fresh clone a page that says what to do takes its place.
fn provide_ui(folder: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={}", folder.display());
    if !folder.join("index.html").exists() {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("index.html"), PLACEHOLDER)?;
        println!("cargo:warning=ui/dist is not built; the window will only say so. `cargo xtask run` builds it.");
    }
    Ok(())
}
