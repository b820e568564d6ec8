//! One running instance per profile, and profiles beside each other.

use crate::app::{Profile, take_desktop};
use crate::tray_menu::Panel;
use crate::waiting::until;
use crate::x_window::XWindow;

#[tokio::test]
async fn a_second_start_opens_the_window_of_the_first_and_ends() {
    let _desktop = take_desktop().await;
    let (panel, profile) = (Panel::start().await, Profile::new());
    let mut first = profile.start(&["--hidden"], &[]);
    let window = XWindow::of(first.process());
    // Its menu is there when it is ready to be found.
    panel.menu_of(first.process()).await;
    assert!(!window.is_visible());

    let (status, written) = profile.start(&[], &[]).ended().await;
    assert!(status.success(), "{status}: {written}");
    until("the first window is there", async || window.is_visible().then_some(())).await;
    assert!(first.is_running());
}

#[tokio::test]
async fn another_profile_runs_beside_it() {
    let _desktop = take_desktop().await;
    let profile = Profile::new();
    let mut first = profile.start(&[], &[]);
    let mut second = profile.start(&["--profile", "anna"], &[]);
    let other = Profile::new();
    let mut third = other.start(&[], &[]);
    let named = XWindow::titled(second.process(), "SACMES \u{2013} anna");
    for window in [XWindow::of(first.process()), named, XWindow::of(third.process())] {
        until("the window is there", async || window.is_visible().then_some(())).await;
    }
    assert!(first.is_running() && second.is_running() && third.is_running());
}

#[tokio::test]
async fn a_profile_that_another_program_has_open_is_refused_by_name() {
    let _desktop = take_desktop().await;
    let profile = Profile::new();
    let lock = profile.location().lock("sacmes agent").unwrap();
    let (status, written) = profile.start(&[], &[]).ended().await;
    assert_eq!(status.code(), Some(1), "{written}");
    let process = format!("sacmes agent (process {})", std::process::id());
    assert!(
        written.contains(&process) && written.contains("Close that program"),
        "{written}"
    );
    drop(lock);

    // Without a session bus the first instance cannot be found; the profile's lock still holds.
    let mut first = profile.start(&[], &[]);
    let window = XWindow::of(first.process());
    until("the window is there", async || window.is_visible().then_some(())).await;
    let (status, written) = profile.start(&[], &[("SACMES_SINGLE_INSTANCE", "off")]).ended().await;
    assert_eq!(status.code(), Some(1), "{written}");
    assert!(written.contains(&format!("process {}", first.process())), "{written}");
    assert!(first.is_running());
}

#[tokio::test]
async fn a_name_that_cannot_be_a_profile_is_refused() {
    let _desktop = take_desktop().await;
    let (status, written) = Profile::new().start(&["--profile", "../other"], &[]).ended().await;
    assert_eq!(status.code(), Some(1));
    assert!(written.contains("cannot be a profile's name"), "{written}");
}
