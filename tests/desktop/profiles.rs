//! Profiles in the real window: made, switched, renamed and deleted, while experiments go on.

use std::path::PathBuf;

use agent::identity::{EntryName, KeyringStore, SecretStore};
use agent::profile::ProfileLocation;
use serde_json::json;

use crate::app::{Profile, take_desktop};
use crate::clipboard;
use crate::driver::DrivenApp;
use crate::experiment::{assert_every_point_once, only_session, start_simulation};
use crate::page::Page;
use crate::screen;
use crate::tray_menu::{Panel, TrayMenu};
use crate::waiting::until;
use crate::x_window::XWindow;

/// What the tray copies at this moment.
async fn copied(menu: &TrayMenu) -> String {
    clipboard::clear().await;
    menu.click("Copy User ID").await;
    until("the User ID is on the clipboard", async || clipboard::text()).await
}

/// What the keyring holds of a profile, once it is there.
async fn user_id_of(profile: &Profile, name: &str) -> Option<String> {
    let entry = EntryName::of(&ProfileLocation::new(profile.data_dir(), name).unwrap());
    let read = tokio::task::spawn_blocking(move || KeyringStore.read(entry.as_str()));
    read.await.unwrap().unwrap()
}

fn folder(profile: &Profile, name: &str) -> PathBuf {
    profile.data_dir().join("profiles").join(name)
}

async fn open_settings(page: &Page) {
    page.click("Settings").await;
    page.reads("The one used last opens at the next start").await;
}

async fn create(page: &Page, name: &str) {
    page.click("New profile…").await;
    page.type_into("Name", name).await;
    page.click("Create the profile").await;
    page.reads(&format!("The profile “{name}” is there")).await;
}

#[tokio::test]
async fn a_running_experiment_is_kept_while_another_profile_is_used_and_every_point_is_there_afterwards() {
    const INDICES: u32 = 60;

    let _desktop = take_desktop().await;
    let (panel, profile) = (Panel::start().await, Profile::new());
    let app = DrivenApp::start(&profile).await;
    let menu = panel.menu_of(app.process()).await;
    app.page.reads("Kept in the system's keyring").await;
    let own = user_id_of(&profile, "default").await.unwrap();
    assert_eq!(copied(&menu).await, own);
    start_simulation(&app.page, INDICES, 0.2).await;

    open_settings(&app.page).await;
    create(&app.page, "grace").await;
    screen::keep_picture("profiles");
    app.page.click("Switch to grace").await;
    app.page.reads("1 session is running in “default”").await;
    screen::keep_picture("profiles-switch");
    app.page.click("Switch to “grace”").await;
    app.page
        .reads("Using “grace” now. 1 session of “default” keeps running in the background.")
        .await;
    app.page.reads("No sessions yet").await;
    app.page.reads("Kept in the system's keyring").await;
    screen::keep_picture("profiles-switched");

    // The tray, the title and the page are the other profile's, at once.
    let other = user_id_of(&profile, "grace").await.unwrap();
    assert_ne!(own, other);
    assert_eq!(copied(&menu).await, other);
    let named = XWindow::titled(app.process(), "SACMES – grace");
    until("the window says whose it is", async || named.is_visible().then_some(())).await;
    assert_eq!(
        app.page.query(json!({"query": "sessions"})).await["sessions"],
        json!([])
    );
    assert!(menu.lines().await.contains(&"1 session is running".to_owned()));

    // What was begun with the profile before is refused.
    let late = app.page.call_of(
        Some("5e551000-0000-4000-8000-000000000001"),
        "engine_query",
        json!({"query": {"query": "sessions"}}),
    );
    assert_eq!(late.await["code"], "profile_switched");

    app.page.click("Profile grace").await;
    app.page.reads("1 session running").await;
    screen::keep_picture("profiles-menu");
    app.page.click("grace, in use").await;
    app.page.reads("Already using “grace”.").await;

    app.page.click("Switch to default, 1 session running").await;
    app.page.reads("Using “default” now.").await;
    app.page.reads("Simulated titration").await;
    assert_eq!(copied(&menu).await, own);
    until("the experiment is over", async || {
        (only_session(&app.page).await["state"] == "finished").then_some(())
    })
    .await;
    assert_every_point_once(&app.page, INDICES).await;
    app.terminate(&profile).await;
}

#[tokio::test]
async fn a_switch_can_stop_what_runs_and_the_next_start_opens_the_profile_used_last() {
    let _desktop = take_desktop().await;
    let profile = Profile::new();
    let app = DrivenApp::start(&profile).await;
    start_simulation(&app.page, 500, 0.2).await;
    open_settings(&app.page).await;
    create(&app.page, "grace").await;
    app.page.click("Switch to grace").await;
    app.page.choose("Stop them").await;
    app.page.click("Switch to “grace”").await;
    app.page.reads("1 session of “default” was stopped.").await;
    // Nothing of it is open any more.
    profile.location().lock("this test").unwrap();
    app.terminate(&profile).await;

    let app = DrivenApp::start(&profile).await;
    app.page.reads("Kept in the system's keyring").await;
    let about = app.page.call("app_info", json!({})).await;
    assert_eq!(about["profile"], "grace");
    app.page.click("Profile grace").await;
    app.page.click("Switch to default").await;
    app.page.reads("Using “default” now.").await;
    assert_eq!(only_session(&app.page).await["state"], "finished");
    app.terminate(&profile).await;
}

#[tokio::test]
async fn a_profile_is_renamed_while_it_records_and_deleted_after_it_was_said_what_goes() {
    const INDICES: u32 = 40;

    let _desktop = take_desktop().await;
    let profile = Profile::new();
    let app = DrivenApp::start(&profile).await;
    app.page.reads("Kept in the system's keyring").await;
    let own = user_id_of(&profile, "default").await;
    start_simulation(&app.page, INDICES, 0.2).await;
    open_settings(&app.page).await;
    app.page.click("Rename default").await;
    app.page.type_into("Name", "ada").await;
    app.page.click("Rename").await;
    app.page.reads("The profile “default” is called “ada” now.").await;
    app.page.reads("Kept in the system's keyring").await;
    assert_eq!(user_id_of(&profile, "ada").await, own);
    assert_eq!(user_id_of(&profile, "default").await, None);
    assert!(folder(&profile, "ada").exists() && !folder(&profile, "default").exists());
    until("the experiment is over", async || {
        (only_session(&app.page).await["state"] == "finished").then_some(())
    })
    .await;
    assert_every_point_once(&app.page, INDICES).await;

    open_settings(&app.page).await;
    create(&app.page, "grace").await;
    app.page.click("Switch to grace").await;
    app.page.reads("Using “grace” now.").await;
    app.page.reads("Kept in the system's keyring").await;
    open_settings(&app.page).await;
    app.page.click("Delete ada").await;
    app.page.reads("1 session with all kept sweeps").await;
    app.page
        .reads("its User ID, with the entries that the keyring holds for it")
        .await;
    screen::keep_picture("profiles-delete");
    app.page.click("Delete the profile").await;
    app.page.reads("The profile “ada” is deleted with its data.").await;
    assert_eq!(user_id_of(&profile, "ada").await, None);
    assert!(!folder(&profile, "ada").exists());
    assert!(user_id_of(&profile, "grace").await.is_some());
    app.terminate(&profile).await;
}
