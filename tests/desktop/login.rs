//! Starting at login, by the file that Linux desktops read.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::app::{Profile, take_desktop};
use crate::driver::DrivenApp;
use crate::tray_menu::Panel;
use crate::waiting::until;
use crate::x_window::XWindow;

const CHOICE: &str = "Start SACMES when I log in";

fn entries() -> Vec<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("XDG_CONFIG_HOME").unwrap()).join("autostart");
    fs::read_dir(folder)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default()
}

#[tokio::test]
async fn it_is_off_until_chosen_and_shown_as_the_system_has_it() {
    let _desktop = take_desktop().await;
    let profile = Profile::new();
    let app = DrivenApp::start(&profile).await;
    app.page.click("Settings").await;
    app.page.is_ticked(CHOICE, false).await;
    assert_eq!(entries(), Vec::<PathBuf>::new());

    app.page.tick(CHOICE).await;
    app.page.is_ticked(CHOICE, true).await;
    let entry = entries().pop().unwrap();
    let text = fs::read_to_string(&entry).unwrap();

    // Somebody turns it off in the settings of the system.
    fs::write(&entry, format!("{text}Hidden=true\n")).unwrap();
    app.page.click("Notes").await;
    app.page.click("Settings").await;
    app.page.is_ticked(CHOICE, false).await;

    app.page.tick(CHOICE).await;
    app.page.is_ticked(CHOICE, true).await;
    app.terminate(&profile).await;

    // What a desktop does at login.
    let text = fs::read_to_string(&entry).unwrap();
    let command = text.lines().find_map(|line| line.strip_prefix("Exec=")).unwrap();
    let panel = Panel::start().await;
    let started = Command::new("sh")
        .args(["-c", &format!("exec {}", command.replace(r"\\", r"\"))])
        .env("SACMES_MESSAGES", "off")
        .stdin(Stdio::null())
        .spawn();
    let mut started = started.unwrap();
    panel.menu_of(started.id()).await;
    assert!(!XWindow::of(started.id()).is_visible(), "{command}");
    started.kill().unwrap();
    started.wait().unwrap();

    let app = DrivenApp::start(&profile).await;
    app.page.click("Settings").await;
    app.page.is_ticked(CHOICE, true).await;
    app.page.tick(CHOICE).await;
    app.page.is_ticked(CHOICE, false).await;
    until("the entry is gone", async || entries().is_empty().then_some(())).await;
    app.terminate(&profile).await;
}
