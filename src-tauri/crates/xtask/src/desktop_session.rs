//! A private desktop for tests in a real window: display, session bus, keyring and home folder, all thrown away afterwards.
//!
//! Nothing of the person's own desktop is seen or touched: no windows appear, no real keyring is opened.

use crate::failure::{Doing, Failure, Outcome};
use crate::processes::{Running, Supervisor};
use crate::workspace::find_program;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;
use std::{env, fs, thread};

/// How long each part may take to start.
const START: Duration = Duration::from_secs(20);

/// A running private desktop; dropping it ends its programs and removes its home folder.
#[derive(Debug)]
pub struct DesktopSession {
    // Fields are dropped in this order: the keyring before its bus, everything before the folder.
    _keyring: Running,
    _bus: Running,
    _display: Running,
    display_name: String,
    bus_address: String,
    home: Home,
}

impl DesktopSession {
    /// Starts Xvfb on a free display, a D-Bus session bus, and a gnome-keyring with an unlocked, empty login keyring.
    pub fn start(supervisor: &Supervisor) -> Outcome<Self> {
        let home = Home::create()?;
        let (display, display_name) = start_display(supervisor)?;
        let (bus, bus_address) = start_bus(supervisor, &home, &display_name)?;
        let keyring = start_keyring(supervisor, &home, &bus_address)?;
        Ok(Self {
            _keyring: keyring,
            _bus: bus,
            _display: display,
            display_name: format!(":{display_name}"),
            bus_address,
            home,
        })
    }

    /// Lets a command run inside: it sees this display, bus and home, and still the person's own Rust toolchain.
    pub fn enter(&self, command: &mut Command) {
        for (name, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
            // These default to folders of the home that is about to be replaced.
            if let (None, Some(home)) = (env::var_os(name), env::var_os("HOME")) {
                command.env(name, Path::new(&home).join(folder));
            }
        }
        self.home.enter(command);
        command
            .env("DISPLAY", &self.display_name)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address)
            .env("GDK_BACKEND", "x11");
    }
}

/// A folder that stands in for the home folder and all that programs keep in it.
#[derive(Debug)]
struct Home(PathBuf);

impl Home {
    fn create() -> Outcome<Self> {
        // The socket's path must stay short (108 bytes), so this is not below the target folder.
        let folder = env::temp_dir().join(format!("sacmes-desktop-{}", std::process::id()));
        let home = Self(folder);
        for name in ["run", "config", "data", "cache", "state"] {
            create_private(&home.0.join(name))?;
        }
        Ok(home)
    }

    fn enter(&self, command: &mut Command) {
        let folder = |name: &str| OsString::from(self.0.join(name));
        command
            .env("HOME", &self.0)
            .env("XDG_RUNTIME_DIR", folder("run"))
            .env("XDG_CONFIG_HOME", folder("config"))
            .env("XDG_DATA_HOME", folder("data"))
            .env("XDG_CACHE_HOME", folder("cache"))
            .env("XDG_STATE_HOME", folder("state"))
            // WebKitGTK turns C.UTF-8 into the language "C", which browsers' Intl rejects; this need not be installed.
            .env("LANG", "en_US.UTF-8")
            // The accessibility bus would be one more daemon to start and to end.
            .env("NO_AT_BRIDGE", "1");
        for name in [
            "LC_ALL",
            "LANGUAGE",
            "WAYLAND_DISPLAY",
            "XAUTHORITY",
            "XDG_SESSION_TYPE",
            "XDG_CURRENT_DESKTOP",
        ] {
            command.env_remove(name);
        }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // A file that a program still holds is left to the system's own cleaning of its temporary folder.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Creates a folder that only its owner may enter, as a runtime folder must be.
fn create_private(folder: &Path) -> Outcome {
    fs::create_dir_all(folder).doing(|| format!("create {}", folder.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
            .doing(|| format!("protect {}", folder.display()))?;
    }
    Ok(())
}

fn start_display(supervisor: &Supervisor) -> Outcome<(Running, String)> {
    let mut command = Command::new("Xvfb");
    command
        // The server takes the first free display and says which.
        .args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1440x960x24",
            "-nolisten",
            "tcp",
            "-noreset",
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut display = supervisor.spawn("Xvfb", &mut command)?;
    let name = first_line(supervisor, &mut display, "Xvfb")?;
    Ok((display, name))
}

fn start_bus(supervisor: &Supervisor, home: &Home, display_name: &str) -> Outcome<(Running, String)> {
    let mut command = Command::new("dbus-daemon");
    command
        .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
        .arg(format!("--address=unix:path={}", home.0.join("run/bus").display()))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    home.enter(&mut command);
    // Services that the bus starts on demand inherit this display.
    command.env("DISPLAY", format!(":{display_name}"));
    let mut bus = supervisor.spawn("dbus-daemon", &mut command)?;
    let address = first_line(supervisor, &mut bus, "dbus-daemon")?;
    Ok((bus, address))
}

fn start_keyring(supervisor: &Supervisor, home: &Home, bus_address: &str) -> Outcome<Running> {
    let mut command = Command::new("gnome-keyring-daemon");
    command
        .args(["--foreground", "--unlock", "--components=secrets"])
        .env("DBUS_SESSION_BUS_ADDRESS", bus_address)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    home.enter(&mut command);
    command
        .env("DBUS_SESSION_BUS_ADDRESS", bus_address)
        .env_remove("DISPLAY");
    let mut keyring = supervisor.spawn("gnome-keyring-daemon", &mut command)?;
    if let Some(mut password) = keyring.child().stdin.take() {
        // An empty line is an empty password; no line at all would create no keyring.
        password.write_all(b"\n").doing(|| "unlock the keyring".to_owned())?;
    }
    let answers = |call: &[&str], expected: &str| {
        Command::new("dbus-send")
            .args(["--session", "--print-reply"])
            .args(call)
            .env("DBUS_SESSION_BUS_ADDRESS", bus_address)
            .stdin(Stdio::null())
            .output()
            .is_ok_and(|answer| String::from_utf8_lossy(&answer.stdout).contains(expected))
    };
    let unlocked = || {
        // Asking the service itself before it owns its name would make the bus start a second, locked keyring.
        let owned = answers(
            &[
                "--dest=org.freedesktop.DBus",
                "/",
                "org.freedesktop.DBus.NameHasOwner",
                "string:org.freedesktop.secrets",
            ],
            "boolean true",
        );
        owned
            && answers(
                &[
                    "--dest=org.freedesktop.secrets",
                    "/org/freedesktop/secrets/collection/login",
                    "org.freedesktop.DBus.Properties.Get",
                    "string:org.freedesktop.Secret.Collection",
                    "string:Locked",
                ],
                "boolean false",
            )
    };
    if supervisor.wait_for(START, unlocked)? {
        Ok(keyring)
    } else {
        Err(Failure::new(
            "gnome-keyring-daemon started but its keyring stayed locked",
        ))
    }
}

/// The first line that a program prints, which says that it is ready and where.
fn first_line(supervisor: &Supervisor, running: &mut Running, name: &str) -> Outcome<String> {
    let output = running
        .child()
        .stdout
        .take()
        .ok_or_else(|| Failure::new(format!("{name} has no output")))?;
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut line = String::new();
        let read = BufReader::new(output).read_line(&mut line);
        // The receiver may have given up waiting.
        let _ = send.send(read.map(|_| line.trim().to_owned()));
    });
    let mut answer = None;
    supervisor.wait_for(START, || {
        answer = receive.try_recv().ok();
        answer.is_some()
    })?;
    match answer {
        Some(Ok(line)) if !line.is_empty() => Ok(line),
        _ => {
            let found =
                find_program(name).map_or_else(|| "nowhere on PATH".to_owned(), |path| path.display().to_string());
            Err(Failure::new(format!("{name} (found: {found}) did not start")))
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_private_desktop_has_a_display_a_bus_and_an_unlocked_keyring_and_leaves_nothing() {
        if let Some(missing) = ["Xvfb", "dbus-daemon", "gnome-keyring-daemon"]
            .iter()
            .find(|name| find_program(name).is_none())
        {
            println!("skipped: {missing} is not installed (`cargo xtask test` installs it)");
            return;
        }
        let session = DesktopSession::start(&Supervisor::listen().unwrap()).unwrap();
        let home = session.home.0.clone();
        let mut command = Command::new("sh");
        command.args([
            "-c",
            "test -d \"$HOME/data/keyrings\" && test \"$LANG\" = en_US.UTF-8 && echo $DISPLAY $HOME",
        ]);
        session.enter(&mut command);
        let output = command.output().unwrap();
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(text.trim(), format!("{} {}", session.display_name, home.display()));
        drop(session);
        assert!(!home.exists());
    }
}
