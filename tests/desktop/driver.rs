//! The app under WebDriver.

use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use serde_json::json;

use crate::app::{PROGRAM, Profile};
use crate::page::Page;
use crate::waiting::until;

/// tauri-driver with everything that it starts; all of it is ended with the test.
struct Driver {
    child: Child,
    url: String,
}

/// The app's window under WebDriver.
pub struct DrivenApp {
    pub page: Page,
    process: Pid,
    // Last, so that it outlives the connection to it.
    _driver: Driver,
}

impl DrivenApp {
    /// Starts the app on a profile and waits for its page.
    pub async fn start(profile: &Profile) -> Self {
        Self::start_with(profile, &[]).await
    }

    /// The same with an environment of its own.
    pub async fn start_with(profile: &Profile, environment: &[(&str, &str)]) -> Self {
        Self::start_program(Path::new(PROGRAM), profile, environment).await
    }

    /// Another program than that which was built just now.
    pub async fn start_program(program: &Path, profile: &Profile, environment: &[(&str, &str)]) -> Self {
        let driver = Driver::start(environment);
        let client = driver.connect(program, profile).await;
        let process = until("the app's process is there", async || process_of(profile)).await;
        Self {
            page: Page::new(client),
            process,
            _driver: driver,
        }
    }

    /// The number of the app's process.
    pub fn process(&self) -> u32 {
        self.process.as_raw_nonzero().get().unsigned_abs()
    }

    /// Ends the app as a power cut would: no handler runs, nothing is flushed.
    pub async fn kill(self, profile: &Profile) {
        kill_process(self.process, Signal::KILL).unwrap();
        until("the app is gone", async || process_of(profile).is_none().then_some(())).await;
    }

    /// Ends the app as the system does when its user logs out.
    pub async fn terminate(self, profile: &Profile) {
        kill_process(self.process, Signal::TERM).unwrap();
        until("the app has ended", async || {
            process_of(profile).is_none().then_some(())
        })
        .await;
    }
}

impl Driver {
    fn start(environment: &[(&str, &str)]) -> Self {
        let [port, native_port] = free_ports();
        let mut command = Command::new(program());
        command
            .args(["--port", &port.to_string(), "--native-port", &native_port.to_string()])
            // The app inherits this environment.
            .env("SACMES_MESSAGES", "off")
            .envs(environment.iter().copied())
            // Ending tauri-driver alone would leave WebKitWebDriver and the app behind.
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let child = command
            .spawn()
            .unwrap_or_else(|error| panic!("tauri-driver: {error}; `cargo xtask test desktop-tests` installs it"));
        Self {
            child,
            url: format!("http://127.0.0.1:{port}"),
        }
    }

    async fn connect(&self, program: &Path, profile: &Profile) -> Client {
        let options = json!({"application": program, "args": ["--data-dir", profile.data_dir()]});
        let capabilities = json!({"browserName": "wry", "tauri:options": options});
        let capabilities = capabilities.as_object().unwrap();
        until("WebDriver has started the app", async || {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder.capabilities(capabilities.clone()).connect(&self.url).await.ok()
        })
        .await
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let group = Pid::from_child(&self.child);
        kill_process_group(group, Signal::TERM).ok();
        kill_process_group(group, Signal::KILL).ok();
        self.child.wait().ok();
    }
}

/// Where `cargo xtask` installs it, else on the search path.
fn program() -> PathBuf {
    let installed = PathBuf::from(PROGRAM)
        .ancestors()
        .nth(2)
        .unwrap()
        .join("tools/bin/tauri-driver");
    if installed.is_file() {
        installed
    } else {
        "tauri-driver".into()
    }
}

fn free_ports() -> [u16; 2] {
    // Both are taken before either is let go, so that they differ.
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}

/// The app's process on this profile, which `WebKitWebDriver` started.
fn process_of(profile: &Profile) -> Option<Pid> {
    let wanted = profile.data_dir().to_str().unwrap();
    std::fs::read_dir("/proc").unwrap().flatten().find_map(|entry| {
        let process: i32 = entry.file_name().to_str()?.parse().ok()?;
        let line = std::fs::read_to_string(entry.path().join("cmdline")).ok()?;
        let mut arguments = line.split('\0');
        let is_app = arguments.next()?.ends_with("sacmes-desktop") && arguments.any(|argument| argument == wanted);
        is_app.then(|| Pid::from_raw(process)).flatten()
    })
}
