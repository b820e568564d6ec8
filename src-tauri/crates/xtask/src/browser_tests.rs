//! The page of followers in a real browser, against a real relay and a real agent: what `npm run test:browser` needs.

use crate::failure::{Failure, Outcome};
use crate::processes::Supervisor;
use crate::system_packages;
use crate::workspace::{Workspace, find_program};
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// By this variable a person names another browser.
const CHOICE: &str = "CHROMIUM";
/// What Chromium and its kin are called.
const NAMES: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];
/// Where they are on systems that keep programs out of `PATH`.
const PLACES: [&str; 3] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
];

/// The browser, installed on Debian and its relatives if there is none.
///
/// # Errors
/// There is none: without it the tests would prove nothing.
pub fn ensure_chromium(supervisor: &Supervisor) -> Outcome<PathBuf> {
    if let Some(browser) = chromium()? {
        return Ok(browser);
    }
    if system_packages::is_debian() {
        system_packages::ensure_debian(&["chromium"], supervisor)?;
    }
    chromium()?.ok_or_else(|| Failure::new(how_to_get_it()))
}

fn chromium() -> Outcome<Option<PathBuf>> {
    if let Some(chosen) = env::var_os(CHOICE).filter(|path| !path.is_empty()) {
        let path = PathBuf::from(chosen);
        return if path.is_file() {
            Ok(Some(path))
        } else {
            Err(Failure::new(format!(
                "{CHOICE} names {}, which is not there",
                path.display()
            )))
        };
    }
    let places = || PLACES.iter().map(PathBuf::from).find(|path| path.is_file());
    Ok(NAMES.iter().find_map(|name| find_program(name)).or_else(places))
}

fn how_to_get_it() -> String {
    let way = match env::consts::OS {
        "macos" => "brew install --cask chromium",
        "windows" => "winget install Google.Chrome",
        _ => "sudo dnf install chromium          or sudo pacman -S chromium, sudo zypper install chromium",
    };
    format!(
        "there is no Chromium, in which the page of followers is tested. Install it, or name a Chrome or Chromium in {CHOICE}:\n  {way}"
    )
}

/// Builds the program that serves the page and records. Its features are those of the other tests, so that nothing is compiled twice.
pub fn build(workspace: &Workspace, supervisor: &Supervisor, selection: &[&str]) -> Outcome<PathBuf> {
    let mut command = workspace.cargo(["test", "--no-run", "--test", "cli"]);
    supervisor.run("cargo test --no-run of sacmes", command.args(selection))?;
    let program = workspace.program("debug", "sacmes");
    if program.is_file() {
        Ok(program)
    } else {
        Err(Failure::new(format!("cargo did not build {}", program.display())))
    }
}

/// Tells the tests which browser and which program they use.
pub fn point(command: &mut Command, browser: &Path, program: &Path) {
    command.env(CHOICE, browser).env("SACMES_PROGRAM", program);
}
