//! The tray's menu, closing to the tray, and clean ends.

use rustix::process::Signal;

use crate::app::{Profile, take_desktop};
use crate::clipboard;
use crate::tray_menu::Panel;
use crate::waiting::until;
use crate::x_window::XWindow;

#[tokio::test]
async fn the_tray_copies_both_codes_to_the_clipboard() {
    let _desktop = take_desktop().await;
    let (panel, profile) = (Panel::start().await, Profile::new());
    let app = profile.start(&["--hidden"], &[]);
    let menu = panel.menu_of(app.process()).await;
    let expected = [
        "No session is running",
        "Not shared",
        "Open SACMES",
        "Copy User ID",
        "Copy view-only code",
        "Pause all sessions",
        "Quit",
    ];
    assert_eq!(menu.lines().await, expected);
    let user_id = until("the User ID is in the keyring", async || {
        profile.user_id_in_keyring().await
    })
    .await;

    for (line, code) in [
        ("Copy User ID", user_id.reveal()),
        ("Copy view-only code", user_id.view_only_code(1).reveal()),
    ] {
        clipboard::clear().await;
        menu.click(line).await;
        assert_eq!(
            until("something is on the clipboard", async || clipboard::text()).await,
            code
        );
    }
    assert!(!XWindow::of(app.process()).is_visible(), "copying opened the window");
}

#[tokio::test]
async fn closing_keeps_the_app_in_the_tray_and_quit_ends_it() {
    let _desktop = take_desktop().await;
    let (panel, profile) = (Panel::start().await, Profile::new());
    let mut app = profile.start(&[], &[]);
    let window = XWindow::of(app.process());
    until("the window is there", async || window.is_visible().then_some(())).await;
    let menu = panel.menu_of(app.process()).await;

    window.close();
    until("the window is gone", async || (!window.is_visible()).then_some(())).await;
    assert!(app.is_running());
    menu.click("Open SACMES").await;
    until("the window is back", async || window.is_visible().then_some(())).await;

    menu.click("Quit").await;
    let (status, written) = app.ended().await;
    assert!(status.success(), "{status}: {written}");
    assert!(
        written.contains("keeps running in the tray"),
        "closing was not explained: {written}"
    );
    // The profile is free again.
    profile.location().lock("this test").unwrap();

    let mut app = profile.start(&[], &[]);
    let window = XWindow::of(app.process());
    until("the window is there", async || window.is_visible().then_some(())).await;
    let menu = panel.menu_of(app.process()).await;
    window.close();
    until("the window is gone", async || (!window.is_visible()).then_some(())).await;
    menu.click("Quit").await;
    let (_, written) = app.ended().await;
    assert!(
        !written.contains("keeps running in the tray"),
        "closing is explained once: {written}"
    );
}

#[tokio::test]
async fn without_a_tray_closing_an_idle_app_ends_it() {
    let _desktop = take_desktop().await;
    let profile = Profile::new();
    let mut app = profile.start(&[], &[]);
    let window = XWindow::of(app.process());
    until("the window is there", async || window.is_visible().then_some(())).await;
    window.close();
    let (status, written) = app.ended().await;
    assert!(status.success(), "{status}: {written}");
}

#[tokio::test]
async fn signals_end_the_app_cleanly() {
    let _desktop = take_desktop().await;
    let profile = Profile::new();
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let mut app = profile.start(&[], &[]);
        let window = XWindow::of(app.process());
        until("the window is there", async || window.is_visible().then_some(())).await;
        app.signal(signal);
        let (status, written) = app.ended().await;
        assert!(status.success(), "{signal:?}: {status}: {written}");
        profile.location().lock("this test").unwrap();
    }
}
