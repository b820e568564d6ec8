//! Starting with the session of the person at this computer, hidden in the tray. Off until it is turned on; what is shown is
//! what the system says, which may have been changed elsewhere.

#[cfg(target_os = "linux")]
mod autostart_entry;
#[cfg(not(target_os = "linux"))]
mod registered;

use std::ffi::OsString;
use std::path::PathBuf;

use agent::data_dir::default_data_dir;
use agent::profile::{DEFAULT_PROFILE, ProfileLocation};
use protocol::refusal::Refusal;

#[cfg(target_os = "linux")]
use autostart_entry as system;
#[cfg(not(target_os = "linux"))]
use registered as system;

/// What is started, and under which name the system keeps that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtLogin {
    /// The app's identifier: one entry for each profile that has a running instance of its own.
    pub name: String,
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
}

impl AtLogin {
    /// This program on this profile.
    ///
    /// # Errors
    /// The system does not say where this program is.
    pub fn of(name: &str, location: &ProfileLocation) -> Result<Self, Refusal> {
        // A program that is packed into one file is found there, and not where that is unpacked just now.
        let packed = std::env::var_os("APPIMAGE").map(PathBuf::from);
        let program = match packed {
            Some(packed) => packed,
            None => std::env::current_exe().map_err(|error| failed(&error))?,
        };
        Ok(Self {
            name: name.to_owned(),
            program,
            arguments: arguments(location),
        })
    }

    /// Whether the system starts it.
    ///
    /// # Errors
    /// The system does not say.
    pub fn is_on(&self) -> Result<bool, Refusal> {
        system::is_on(self)
    }

    /// Lets the system start it from now on, or no more.
    ///
    /// # Errors
    /// The system does not take that.
    pub fn set(&self, on: bool) -> Result<(), Refusal> {
        if on {
            system::turn_on(self)
        } else {
            system::turn_off(self)
        }
    }
}

/// Only what differs from a plain start, so that the entry stays good when defaults move.
fn arguments(location: &ProfileLocation) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["--hidden".into()];
    if default_data_dir().as_deref() != Some(location.data_dir()) {
        arguments.extend(["--data-dir".into(), location.data_dir().into()]);
    }
    if location.profile() != DEFAULT_PROFILE {
        arguments.extend(["--profile".into(), location.profile().into()]);
    }
    arguments
}

/// Why it was not done.
fn failed(why: &dyn std::fmt::Display) -> Refusal {
    Refusal::new(
        "start_at_login_failed",
        format!("Starting at login could not be looked up or changed: {why}."),
        "Look into the settings of the system for programs that start at login.",
    )
}
