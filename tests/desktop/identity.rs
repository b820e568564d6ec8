//! The User ID: in the keyring, on the page, on the clipboard, across restarts, and without a keyring.

use std::os::unix::fs::MetadataExt;

use protocol::codes::UserId;

use crate::app::{Profile, take_desktop};
use crate::clipboard;
use crate::driver::DrivenApp;
use crate::page::Page;
use crate::screen;
use crate::waiting::until;

/// The User ID that the page shows and copies.
async fn user_id_of(page: &Page) -> UserId {
    clipboard::clear().await;
    page.click("User ID").await;
    page.reads("Copied").await;
    let text = until("the User ID is on the clipboard", async || clipboard::text()).await;
    let user_id: UserId = text.parse().unwrap();
    page.reads(&user_id.short()).await;
    user_id
}

#[tokio::test]
async fn the_id_shown_is_the_id_in_the_keyring_and_survives_a_restart() {
    let _desktop = take_desktop().await;
    let profile = Profile::new();
    let app = DrivenApp::start(&profile).await;
    app.page.reads("Kept in the system's keyring").await;
    let shown = user_id_of(&app.page).await;
    assert_eq!(profile.user_id_in_keyring().await.unwrap(), shown);
    assert!(!profile.user_id_file().exists());
    app.terminate(&profile).await;

    let app = DrivenApp::start(&profile).await;
    assert_eq!(user_id_of(&app.page).await, shown);
    assert_eq!(profile.user_id_in_keyring().await.unwrap(), shown);

    clipboard::clear().await;
    app.page.click("View-only code").await;
    let code = until("the view-only code is on the clipboard", async || clipboard::text()).await;
    assert_eq!(code, shown.view_only_code(1).reveal());
    app.terminate(&profile).await;
}

#[tokio::test]
async fn without_a_keyring_the_id_goes_into_an_owner_only_file_after_consent() {
    const NO_KEYRING: [(&str, &str); 1] = [("DBUS_SESSION_BUS_ADDRESS", "disabled:")];

    let _desktop = take_desktop().await;
    let profile = Profile::new();
    let app = DrivenApp::start_with(&profile, &NO_KEYRING).await;
    app.page.reads("cannot be kept in the keyring").await;
    screen::keep_picture("no-keyring");
    assert!(!profile.user_id_file().exists(), "the file was made without consent");
    app.page.click("Keep it in a file only I can read").await;
    app.page.reads("Kept in a file that only you can read").await;
    let shown = user_id_of(&app.page).await;
    let file = profile.user_id_file();
    assert_eq!(std::fs::read_to_string(&file).unwrap().trim(), shown.reveal());
    assert_eq!(std::fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
    app.terminate(&profile).await;

    let app = DrivenApp::start_with(&profile, &NO_KEYRING).await;
    assert_eq!(user_id_of(&app.page).await, shown);
    app.terminate(&profile).await;

    // A file that others can read is not used, and no other ID takes its place.
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let app = DrivenApp::start_with(&profile, &NO_KEYRING).await;
    app.page.reads("is not safe").await;
    app.terminate(&profile).await;
    assert_eq!(profile.user_id_in_keyring().await, None);
}

#[tokio::test]
async fn an_id_that_is_gone_from_the_keyring_is_pasted_not_replaced() {
    let _desktop = take_desktop().await;
    let profile = Profile::new();
    let app = DrivenApp::start(&profile).await;
    app.page.reads("Kept in the system's keyring").await;
    app.terminate(&profile).await;
    let user_id = profile.user_id_in_keyring().await.unwrap();
    profile.forget_in_keyring().await;

    let app = DrivenApp::start(&profile).await;
    app.page.reads("neither in the keyring nor in its data folder").await;
    assert_eq!(profile.user_id_in_keyring().await, None);
    app.page.click("Enter my User ID").await;
    app.page.type_into("User ID", &UserId::new_random().reveal()).await;
    app.page.click("Use this ID").await;
    app.page.reads("belongs to other data").await;
    app.page.type_into("User ID", &user_id.reveal()).await;
    app.page.click("Use this ID").await;
    app.page.reads("Kept in the system's keyring").await;
    assert_eq!(profile.user_id_in_keyring().await.unwrap(), user_id);
    app.terminate(&profile).await;
}
