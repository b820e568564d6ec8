//! The look is the profile's, and holds from the first moment of the next start.

use serde_json::Value;

use crate::app::{Profile, take_desktop};
use crate::driver::DrivenApp;
use crate::screen;
use crate::waiting::until;

#[tokio::test]
async fn a_theme_is_chosen_and_holds_after_a_restart() {
    let _desktop = take_desktop().await;
    let profile = Profile::new();
    let app = DrivenApp::start(&profile).await;
    app.page.click("Settings").await;
    for (choice, theme) in [("Light", "light"), ("Dark", "dark")] {
        app.page.tick(choice).await;
        until("the page follows", async || {
            (app.page.theme().await == theme).then_some(())
        })
        .await;
    }
    let file = profile.location().folder().join("preferences.json");
    until("it is kept with the profile", async || {
        let kept: Value = serde_json::from_slice(&std::fs::read(&file).ok()?).ok()?;
        (kept["look"]["theme"] == "dark").then_some(())
    })
    .await;
    screen::keep_picture("settings-dark");
    app.terminate(&profile).await;

    let app = DrivenApp::start(&profile).await;
    app.page.reads("Kept in the system's keyring").await;
    assert_eq!(app.page.theme().await, "dark");
    app.terminate(&profile).await;
}
