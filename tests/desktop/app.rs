//! The app as a process, and the profile it works on.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use agent::identity::{EntryName, KeyringStore, SecretStore};
use agent::profile::{DEFAULT_PROFILE, ProfileLocation};
use protocol::codes::UserId;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::sync::{Mutex, MutexGuard};

use crate::waiting::until;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_sacmes-desktop");

static DESKTOP: Mutex<()> = Mutex::const_new(());

/// The display, the clipboard and the session bus are one for all tests: one test at a time has them.
pub async fn take_desktop() -> MutexGuard<'static, ()> {
    for needed in ["DISPLAY", "DBUS_SESSION_BUS_ADDRESS"] {
        assert!(
            std::env::var_os(needed).is_some(),
            "{needed} is not set: these tests need a private desktop, run `cargo xtask test desktop-tests`"
        );
    }
    DESKTOP.lock().await
}

/// A profile in a data directory of its own, thrown away afterwards with its entry in the keyring.
pub struct Profile {
    data: TempDir,
}

impl Profile {
    pub fn new() -> Self {
        Self {
            data: tempfile::tempdir().unwrap(),
        }
    }

    pub fn data_dir(&self) -> &Path {
        self.data.path()
    }

    pub fn location(&self) -> ProfileLocation {
        ProfileLocation::new(self.data.path(), DEFAULT_PROFILE).unwrap()
    }

    /// The User ID as the operating system's keyring has it.
    pub async fn user_id_in_keyring(&self) -> Option<UserId> {
        let entry = EntryName::of(&self.location());
        let secret = tokio::task::spawn_blocking(move || KeyringStore.read(entry.as_str()))
            .await
            .unwrap();
        secret.unwrap().map(|text| text.parse().unwrap())
    }

    /// Takes the User ID out of the keyring, as a person might by accident.
    pub async fn forget_in_keyring(&self) {
        let entry = EntryName::of(&self.location());
        tokio::task::spawn_blocking(move || KeyringStore.delete(entry.as_str()))
            .await
            .unwrap()
            .unwrap();
    }

    pub fn user_id_file(&self) -> PathBuf {
        self.location().folder().join("user-id")
    }

    /// Starts the app on this profile, without WebDriver.
    pub fn start(&self, arguments: &[&str], environment: &[(&str, &str)]) -> App {
        let mut command = Command::new(PROGRAM);
        command
            .arg("--data-dir")
            .arg(self.data.path())
            .args(arguments)
            .env("SACMES_MESSAGES", "off")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        App {
            child: command.spawn().unwrap(),
        }
    }
}

/// A running app that is ended with the test.
pub struct App {
    child: Child,
}

impl App {
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// How the app ended by itself, and what it wrote to standard error.
    pub async fn ended(&mut self) -> (ExitStatus, String) {
        let status = until("the app has ended", async || self.child.try_wait().unwrap()).await;
        let mut written = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut written).unwrap();
        (status, written)
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
