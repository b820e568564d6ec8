//! The desktop app in its real window, driven as a person would: through WebDriver, the tray's menu, the window manager's
//! messages and signals.
//!
//! Needs a display, a session bus with an unlocked keyring, tauri-driver, `WebKitWebDriver` and xclip; `cargo xtask test
//! desktop-tests` provides all of it on a private desktop. Screenshots go to `test-output/desktop/`.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says that something must hold in the shortest way"
)]

mod app;
mod clipboard;
mod closing;
mod crash;
mod driver;
mod experiment;
mod following;
mod identity;
mod instances;
mod lab;
mod login;
mod look;
mod notification_server;
mod notifications;
mod opening;
mod package;
mod page;
mod profiles;
mod screen;
mod screens;
mod tray_menu;
mod tray_state;
mod waiting;
mod x_window;
