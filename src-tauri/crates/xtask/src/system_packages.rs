//! System packages: installed on Debian and its relatives, named exactly everywhere else.

use crate::failure::{Doing, Failure, Outcome};
use crate::processes::Supervisor;
use crate::workspace::find_program;
use std::fs;
use std::io::IsTerminal;
use std::process::{Command, Stdio};

/// What a task needs from the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Compiling the programs without a window: a C compiler for the bundled SQLite and compression.
    Headless,
    /// Compiling and starting the desktop app.
    Desktop,
    /// All of the tests.
    Tests,
}

/// A C compiler and linker.
const COMPILER: &[&str] = &["build-essential", "pkg-config"];
/// What the webview, the tray and the window link to.
const WEBVIEW: &[&str] = &[
    "libwebkit2gtk-4.1-dev",
    "libayatana-appindicator3-dev",
    "librsvg2-dev",
    "libxdo-dev",
    "libssl-dev",
    "libdbus-1-dev",
];
/// A display, a session bus, a keyring, a clipboard and a WebDriver for the tests in a real window.
const DESKTOP_TESTS: &[&str] = &["xvfb", "dbus", "gnome-keyring", "webkit2gtk-driver", "xclip"];
/// What several relays share, for the tests of the relay.
const RELAY_TESTS: &[&str] = &["redis-server"];

impl Need {
    fn debian_packages(self) -> Vec<&'static str> {
        let groups: &[&[&str]] = match self {
            Self::Headless => &[COMPILER],
            Self::Desktop => &[COMPILER, WEBVIEW],
            Self::Tests => &[COMPILER, WEBVIEW, DESKTOP_TESTS, RELAY_TESTS],
        };
        groups.concat()
    }
}

/// Makes sure that the system has what is needed, installing it where this program knows how.
///
/// On Debian, Ubuntu and their relatives missing packages are named, then installed by `apt-get` (through `sudo` when not
/// root). Elsewhere a missing library ends the task with the names to install.
pub fn ensure(need: Need, supervisor: &Supervisor) -> Outcome {
    match System::here() {
        System::Debian => ensure_debian(&need.debian_packages(), supervisor),
        System::OtherLinux(release) => ensure_other_linux(need, &release),
        System::Mac => ensure_mac(),
        System::Windows | System::Other => Ok(()),
    }
}

/// Whether `apt-get` is how this system installs packages.
pub fn is_debian() -> bool {
    System::here() == System::Debian
}

/// Installs these packages with `apt-get` if any of them is missing.
pub fn ensure_debian(packages: &[&str], supervisor: &Supervisor) -> Outcome {
    let missing = missing_debian(packages)?;
    if missing.is_empty() {
        return Ok(());
    }
    println!("Installing system packages: {}", missing.join(" "));
    let root = is_root();
    if !root && find_program("sudo").is_none() {
        let packages = missing.join(" ");
        return Err(Failure::new(format!(
            "these system packages are missing and there is no sudo; as root, run\n  apt-get update && apt-get install \
             --yes --no-install-recommends {packages}"
        )));
    }
    let apt_get = |arguments: &[&str]| {
        let mut command = Command::new(if root { "env" } else { "sudo" });
        if !root && !std::io::stdin().is_terminal() {
            // Nobody is there to type a password.
            command.arg("--non-interactive");
        }
        command
            .args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
            .args(arguments);
        if root || !std::io::stdin().is_terminal() {
            command.stdin(Stdio::null());
        }
        command
    };
    match supervisor.run_in_foreground("apt-get update", &mut apt_get(&["update", "--quiet"])) {
        // One unreachable source of several must not prevent an installation from the others.
        Err(failure) if !failure.is_interrupted() => eprintln!("{failure}; going on with the lists that are there"),
        other => other?,
    }
    let patience = ["--option", "DPkg::Lock::Timeout=120", "--option", "Dpkg::Use-Pty=0"];
    let mut install = apt_get(&["install", "--yes", "--quiet", "--no-install-recommends"]);
    supervisor
        .run_in_foreground("apt-get install", install.args(patience).args(&missing))
        .map_err(|failure| {
            if failure.is_interrupted() {
                return failure;
            }
            Failure::new(format!(
                "{failure}\nInstall these packages yourself, then try again: {}",
                missing.join(" ")
            ))
        })
}

/// Those of the packages that are not installed.
fn missing_debian<'a>(packages: &[&'a str]) -> Outcome<Vec<&'a str>> {
    let output = Command::new("dpkg-query")
        .args([
            "--show",
            "--showformat",
            "${Package}\t${db:Status-Status}\t${Provides}\n",
        ])
        .stdin(Stdio::null())
        .output()
        .doing(|| "ask dpkg-query which packages are installed".to_owned())?;
    let installed = String::from_utf8_lossy(&output.stdout);
    Ok(packages
        .iter()
        .copied()
        .filter(|package| !is_installed(&installed, package))
        .collect())
}

/// Whether dpkg's list has the package, or one that provides it under another name.
fn is_installed(list: &str, package: &str) -> bool {
    list.lines().any(|line| {
        let mut fields = line.split('\t');
        let (name, status, provides) = (fields.next(), fields.next(), fields.next().unwrap_or_default());
        let provided = || {
            provides
                .split(',')
                .any(|entry| entry.split_whitespace().next() == Some(package))
        };
        status == Some("installed") && (name == Some(package) || provided())
    })
}

#[cfg(unix)]
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

/// The systems that differ in how packages come to them.
#[derive(Debug, Clone, PartialEq, Eq)]
enum System {
    Debian,
    /// With its identifiers from `/etc/os-release`.
    OtherLinux(String),
    Mac,
    Windows,
    Other,
}

impl System {
    fn here() -> Self {
        match std::env::consts::OS {
            "linux" => Self::linux(&fs::read_to_string("/etc/os-release").unwrap_or_default()),
            "macos" => Self::Mac,
            "windows" => Self::Windows,
            _ => Self::Other,
        }
    }

    /// `os_release`: the text of `/etc/os-release`.
    fn linux(os_release: &str) -> Self {
        let value = |key: &str| {
            os_release
                .lines()
                .find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
                .map(|value| value.trim_matches(['"', '\'']).to_owned())
                .unwrap_or_default()
        };
        let identifiers = format!("{} {}", value("ID"), value("ID_LIKE"));
        if identifiers
            .split_whitespace()
            .any(|id| id == "debian" || id == "ubuntu")
        {
            Self::Debian
        } else {
            Self::OtherLinux(identifiers)
        }
    }
}

/// pkg-config names of what the desktop app links to.
const WEBVIEW_MODULES: &[&str] = &[
    "webkit2gtk-4.1",
    "ayatana-appindicator3-0.1",
    "librsvg-2.0",
    "openssl",
    "dbus-1",
];
/// Programs that the tests start.
const TEST_PROGRAMS: &[&str] = &[
    "Xvfb",
    "dbus-daemon",
    "dbus-send",
    "gnome-keyring-daemon",
    "WebKitWebDriver",
    "xclip",
];

fn ensure_other_linux(need: Need, release: &str) -> Outcome {
    let mut missing: Vec<&str> = Vec::new();
    if find_program("cc").is_none() {
        missing.push("cc (a C compiler)");
    }
    if need != Need::Headless {
        let has = |module: &str| {
            Command::new("pkg-config")
                .args(["--exists", module])
                .stdin(Stdio::null())
                .status()
                .is_ok_and(|status| status.success())
        };
        missing.extend(WEBVIEW_MODULES.iter().filter(|module| !has(module)));
    }
    if need == Need::Tests {
        missing.extend(TEST_PROGRAMS.iter().filter(|program| find_program(program).is_none()));
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "missing: {}\n{}",
        missing.join(", "),
        instructions(need, release)
    )))
}

/// The command that installs everything on this distribution.
fn instructions(need: Need, release: &str) -> String {
    let is = |id: &str| release.split_whitespace().any(|word| word == id);
    let (install, compiler, webview, tests) = if is("fedora") || is("rhel") {
        (
            "sudo dnf install",
            "gcc gcc-c++ make pkgconf-pkg-config",
            "webkit2gtk4.1-devel libayatana-appindicator-gtk3-devel librsvg2-devel libxdo-devel openssl-devel dbus-devel",
            "xorg-x11-server-Xvfb dbus-daemon dbus-tools gnome-keyring webkit2gtk-driver xclip",
        )
    } else if is("arch") {
        (
            "sudo pacman -S --needed",
            "base-devel",
            "webkit2gtk-4.1 libayatana-appindicator librsvg xdotool openssl dbus",
            "xorg-server-xvfb gnome-keyring xclip",
        )
    } else if is("suse") || is("opensuse") {
        (
            "sudo zypper install",
            "gcc gcc-c++ make pkgconf",
            "webkit2gtk3-devel libayatana-appindicator3-devel librsvg-devel xdotool-devel libopenssl-devel dbus-1-devel",
            "xorg-x11-server-Xvfb dbus-1 gnome-keyring webkit2gtk-driver xclip",
        )
    } else {
        return "Install them with your system's package manager, then try again. Debian calls the packages:\n  "
            .to_owned()
            + &need.debian_packages().join(" ");
    };
    let packages = match need {
        Need::Headless => compiler.to_owned(),
        Need::Desktop => format!("{compiler} {webview}"),
        Need::Tests => format!("{compiler} {webview} {tests}"),
    };
    format!("Install them, then try again:\n  {install} {packages}")
}

fn ensure_mac() -> Outcome {
    let installed = Command::new("xcode-select")
        .arg("-p")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if installed {
        return Ok(());
    }
    Err(Failure::new(
        "Apple's command line tools are missing. Install them, then try again:\n  xcode-select --install",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_its_relatives_are_recognised() {
        assert_eq!(
            System::linux("PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n"),
            System::Debian
        );
        assert_eq!(
            System::linux("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"),
            System::Debian
        );
        assert_eq!(System::linux("ID=fedora\n"), System::OtherLinux("fedora ".into()));
        assert_eq!(System::linux(""), System::OtherLinux(" ".into()));
    }

    #[test]
    fn only_installed_packages_count() {
        let list = "gcc\tinstalled\t\nxvfb\tconfig-files\t\nlibdbus-1-dev\tinstalled\tlibdbus-dev (= 1.14), x\n";
        assert!(is_installed(list, "gcc"));
        assert!(!is_installed(list, "xvfb"));
        assert!(!is_installed(list, "g"));
        assert!(is_installed(list, "libdbus-dev"));
    }

    #[test]
    fn other_systems_are_told_exactly_what_to_install() {
        assert!(instructions(Need::Desktop, "fedora ").contains("sudo dnf install gcc"));
        assert!(instructions(Need::Headless, "manjaro arch").ends_with("pacman -S --needed base-devel"));
        assert!(instructions(Need::Tests, "void ").contains("webkit2gtk-driver"));
    }
}
