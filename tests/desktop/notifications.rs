//! Notifications, as the desktop shows and clicks them.

use serde_json::json;

use crate::app::{Profile, take_desktop};
use crate::driver::DrivenApp;
use crate::experiment::{only_session, start_simulation};
use crate::notification_server::NotificationServer;
use crate::screen;
use crate::waiting::until;
use crate::x_window::XWindow;

const FINISHED: &str = " is finished";

#[tokio::test]
async fn a_finished_experiment_is_told_once_and_a_click_shows_it() {
    let _desktop = take_desktop().await;
    let (server, profile) = (NotificationServer::start().await, Profile::new());
    let app = DrivenApp::start(&profile).await;
    start_simulation(&app.page, 5, 0.05).await;
    app.page.click("Settings").await;
    app.page.reads("Notify me when").await;
    let shown = until("the end is told", async || server.titled(FINISHED)).await;
    let name = only_session(&app.page).await["name"].clone();
    assert_eq!(shown.title, format!("{}{FINISHED}", name.as_str().unwrap()));
    assert!(
        shown.body.contains("The simulated experiment is over. Open it"),
        "{shown:?}"
    );
    screen::keep_picture("settings");

    let window = XWindow::of(app.process());
    server.click(shown.id).await;
    app.page
        .reads_such("the session is shown", |page| {
            page.contains("Finished") && page.contains("10 of 10")
        })
        .await;
    assert!(window.is_visible());
    assert_eq!(server.shown().len(), 1, "{:?}", server.shown());
    app.terminate(&profile).await;
}

#[tokio::test]
async fn what_is_switched_off_or_in_front_of_the_person_is_not_told() {
    let _desktop = take_desktop().await;
    let (server, profile) = (NotificationServer::start().await, Profile::new());
    let app = DrivenApp::start(&profile).await;
    let window = XWindow::of(app.process());
    until("the window is there", async || window.is_visible().then_some(())).await;
    // In front of the person: the window has the keyboard and shows the session.
    window.focus();
    start_simulation(&app.page, 5, 0.05).await;
    app.page
        .reads_such("it is over", |page| page.contains("10 of 10"))
        .await;

    app.page.click("Settings").await;
    app.page.tick("A session is finished").await;
    app.page.is_ticked("A session is finished", false).await;
    let session = only_session(&app.page).await["session"].clone();
    let command = |name: &str| json!({"id": uuid::Uuid::new_v4(), "command": {"command": name, "session": session}});
    let reopened = app.page.call("engine_command", command("reopen_session")).await;
    assert_eq!(reopened["outcome"], "done", "{reopened}");
    // It may be over by itself already: all of its files are there.
    app.page.call("engine_command", command("stop_session")).await;
    until("it is over again", async || {
        (only_session(&app.page).await["state"] == "finished").then_some(())
    })
    .await;
    // What is asked for comes: so everything before it would have come too.
    app.page.click("Show a test notification").await;
    until("the test is shown", async || server.titled("SACMES can reach you")).await;
    assert_eq!(server.shown().len(), 1, "{:?}", server.shown());
    app.terminate(&profile).await;
}

#[tokio::test]
async fn a_desktop_that_shows_none_is_named() {
    let _desktop = take_desktop().await;
    let profile = Profile::new();
    let app = DrivenApp::start(&profile).await;
    app.page.click("Settings").await;
    app.page.click("Show a test notification").await;
    app.page.reads("This desktop shows no notifications").await;
    app.terminate(&profile).await;
}
