//! What the real window takes: opening a session of 100,000 measurements, panning in it, following a live experiment of 16
//! electrodes at 3 frequencies, and the memory of a day's run at a hundred times the speed.
//!
//! `cargo xtask bench window` provides the private desktop and the release build of `sacmes` that it needs.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark prints what it measured, and has nothing else to say where it cannot"
)]

#[path = "../../../tests/desktop/app.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod app;
mod day;
#[path = "../../../tests/desktop/driver.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod driver;
mod experiments;
mod memory;
mod opening;
#[path = "../../../tests/desktop/page.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod page;
#[path = "../../../tests/desktop/screen.rs"]
mod screen;
#[path = "../../../tests/desktop/waiting.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod waiting;
mod watching;

#[tokio::main]
async fn main() {
    let parts: Vec<String> = std::env::args().skip(1).filter(|part| !part.starts_with('-')).collect();
    let wants = |part: &str| parts.is_empty() || parts.iter().any(|wanted| wanted == part);
    println!("| What | Measured | Aim |\n|---|---|---|");
    if wants("opening") {
        opening::measure().await;
    }
    if wants("live") {
        watching::measure().await;
    }
    if wants("day") {
        day::measure().await;
    }
}

/// One line of the table.
fn tell(what: &str, measured: &str, aim: &str) {
    println!("| {what} | {measured} | {aim} |");
}
