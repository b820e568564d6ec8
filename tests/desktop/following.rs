//! Following somebody else's agent in the window, beside an experiment of this computer.

use std::fs;
use std::path::Path;

use agent::identity::{KeyringStore, SecretStore};
use serde_json::{Value, json};

use crate::app::{Profile, take_desktop};
use crate::driver::DrivenApp;
use crate::experiment::{assert_every_point_once, start_simulation};
use crate::lab::Lab;
use crate::screen;
use crate::waiting::until;
use crate::x_window::XWindow;

/// What the keyring has under a name.
async fn in_keyring(name: String) -> Option<String> {
    let read = tokio::task::spawn_blocking(move || KeyringStore.read(&name));
    read.await.unwrap().unwrap()
}

/// Whether a text is in any file below a folder.
fn is_anywhere(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder).unwrap().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return is_anywhere(&path, text);
        }
        // What is gone or no file holds nothing.
        let bytes = fs::read(&path).unwrap_or_default();
        bytes.windows(text.len()).any(|part| part == text.as_bytes())
    })
}

#[tokio::test]
async fn somebody_elses_experiment_is_followed_steered_left_and_found_again() {
    const OWN_INDICES: u32 = 40;
    const NAME: &str = "Room 214";

    let _desktop = take_desktop().await;
    let (lab, profile) = (Lab::open(), Profile::new());
    let secret = lab.id.reveal();
    let app = DrivenApp::start(&profile).await;
    start_simulation(&app.page, OWN_INDICES, 0.25).await;

    app.page.click("Follow someone…").await;
    app.page.type_into("Code or link", &secret).await;
    app.page.type_into("Relay", &lab.relay).await;
    app.page.type_into("Name", NAME).await;
    screen::keep_picture("follow-form");
    app.page.click("Follow").await;
    app.page.reads("You are looking at Room 214").await;
    app.page.reads("On this computer:").await;
    app.page
        .reads_such("the other computer is live", |page| {
            page.contains("Live") && page.contains("Serum, chip 12")
        })
        .await;
    screen::keep_picture("follow-overview");
    let named = XWindow::titled(app.process(), "SACMES – following Room 214");
    until("the window says whose it is", async || named.is_visible().then_some(())).await;

    app.page.click("Serum, chip 12").await;
    let points = app.page.files_measured().await;
    until("more points have come", async || {
        (app.page.files_measured().await > points).then_some(())
    })
    .await;
    let colours = until("points are drawn", async || {
        let colours = app.page.colours_of_plots().await;
        (colours.iter().filter(|count| **count > 8).count() >= 2).then_some(colours)
    })
    .await;
    assert!(colours.len() >= 2, "{colours:?}");
    screen::keep_picture("follow-session");
    app.page.click("Pause").await;
    app.page.reads("Resume").await;
    until("the session is paused there", async || {
        (lab.session()["state"] == "paused").then_some(())
    })
    .await;
    screen::keep_picture("follow-paused");
    app.page.click("Resume").await;
    until("the session goes on there", async || {
        (lab.session()["state"] == "running").then_some(())
    })
    .await;

    app.page.click("Back to this computer").await;
    app.page.reads("Kept in the system's keyring").await;
    let text = app.page.text().await;
    assert!(
        !text.contains("Serum") && text.contains("Simulated titration"),
        "{text}"
    );
    let usual = XWindow::of(app.process());
    until("the window is this computer's again", async || {
        usual.is_visible().then_some(())
    })
    .await;
    app.page.reads("80 files").await;
    assert_every_point_once(&app.page, OWN_INDICES).await;
    app.terminate(&profile).await;

    // The code is in the keyring, and in no file.
    let list = fs::read(profile.location().folder().join("followed-agents.json")).unwrap();
    let list: Value = serde_json::from_slice(&list).unwrap();
    assert_eq!(
        (&list["agents"][0]["name"], &list["agents"][1]),
        (&json!(NAME), &Value::Null)
    );
    let id = list["agents"][0]["id"].as_str().unwrap().replace('-', "");
    let entry = format!("followed agent {id}");
    assert_eq!(in_keyring(entry.clone()).await.as_ref(), Some(&secret));
    assert!(
        !is_anywhere(profile.data_dir(), &secret),
        "the code is in the data folder"
    );

    let app = DrivenApp::start(&profile).await;
    app.page.click("Follow someone…").await;
    app.page.reads(NAME).await;
    screen::keep_picture("follow-remembered");
    app.page.click("Follow Room 214").await;
    app.page.reads("You are looking at Room 214").await;
    app.page.click("Serum, chip 12").await;
    app.page.reads("Pause").await;
    app.page.click("Back to this computer").await;
    app.page.click("Follow someone…").await;
    app.page.click("Forget Room 214").await;
    app.page
        .reads_such("it is forgotten", |page| !page.contains(NAME))
        .await;
    assert_eq!(in_keyring(entry).await, None);
    app.terminate(&profile).await;
}

#[tokio::test]
async fn without_a_keyring_an_agent_is_followed_and_remembered_in_a_file_after_consent() {
    const NO_KEYRING: [(&str, &str); 1] = [("DBUS_SESSION_BUS_ADDRESS", "disabled:")];

    let _desktop = take_desktop().await;
    let (lab, profile) = (Lab::open(), Profile::new());
    let app = DrivenApp::start_with(&profile, &NO_KEYRING).await;
    let link = format!("{}/#{}", lab.relay, lab.id.view_only_code(1).reveal());
    // It moves everything down once it is there: a click at that moment would land beside the button.
    app.page.reads("Keep it in a file only I can read").await;
    app.page.click("Follow someone…").await;
    app.page.type_into("Code or link", &link).await;
    app.page.type_into("Name", "Room 214").await;
    app.page.click("Follow").await;
    app.page.reads("The code cannot be kept").await;
    screen::keep_picture("follow-no-keyring");
    let codes = profile.location().folder().join("followed-codes");
    assert!(!codes.exists(), "the file was made without consent");
    // The same words stand in the question about this computer's own User ID.
    app.page.click("Follow without remembering").await;
    app.page.reads("can change nothing there").await;
    app.page.click("Serum, chip 12").await;
    app.page.reads("Pause").await;
    screen::keep_picture("follow-view-only");
    assert!(!codes.exists());
    app.terminate(&profile).await;
}
