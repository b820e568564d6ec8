//! `settings.toml` on the command line.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use agent::analysis::Rules;
use protocol::refusal::Refusal;
use protocol::settings::Settings;

use crate::ending::Failure;

/// A file of settings has a few kilobytes; one that is larger is something else.
const LARGEST: u64 = 1024 * 1024;

/// Reads a file of settings.
///
/// # Errors
/// It cannot be read, or says what cannot be; the message names file and key.
pub fn read(path: &Path) -> Result<Settings, Failure> {
    let shown = path.display();
    let unreadable = |detail: &str| {
        let message = format!("The settings {shown} cannot be read: {detail}.");
        Failure::Usage(Refusal::new(
            "settings_unreadable",
            message,
            "Name a file of settings (docs/settings.md).",
        ))
    };
    let mut text = String::new();
    let file = File::open(path).map_err(|error| unreadable(&error.to_string()))?;
    file.take(LARGEST + 1)
        .read_to_string(&mut text)
        .map_err(|error| unreadable(&error.to_string()))?;
    if text.len() as u64 > LARGEST {
        return Err(unreadable("it is larger than 1 MB"));
    }
    Settings::from_toml(&text).map_err(|error| {
        let refusal = error.to_refusal();
        Failure::Usage(Refusal {
            message: format!("{shown}: {}", refusal.message),
            ..refusal
        })
    })
}

/// The settings of a file, or the defaults where none is named.
///
/// # Errors
/// As [`read`].
pub fn read_or_default(path: Option<&Path>) -> Result<Settings, Failure> {
    path.map_or_else(|| Ok(Settings::default()), read)
}

/// The rules that follow from settings.
///
/// # Errors
/// What this version cannot do, and a template that is none: wrong usage, since settings and options ask for it.
pub fn rules(settings: &Settings) -> Result<Rules, Failure> {
    Rules::new(settings).map_err(|error| Failure::Usage(error.into()))
}
