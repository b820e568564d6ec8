//! The desktop program; everything is in the library so that tests can drive it.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    sacmes_desktop::run()
}
