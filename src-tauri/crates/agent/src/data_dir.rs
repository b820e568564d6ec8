//! The directory that holds all profiles, unless another is named.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

/// This system's place for an app's own data: `~/.local/share/sacmes` (or below `XDG_DATA_HOME`) on Linux,
/// `~/Library/Application Support/sacmes` on macOS, `%LOCALAPPDATA%\sacmes` on Windows, which does not travel with a
/// roaming user profile as a database must not. `None` where the system does not say where that is.
pub fn default_data_dir() -> Option<PathBuf> {
    Some(system_folder(&|name| env::var_os(name))?.join("sacmes"))
}

/// An absolute path from a variable; relative ones would depend on the working directory and count as not set.
fn folder(variable: &dyn Fn(&str) -> Option<OsString>, name: &str) -> Option<PathBuf> {
    variable(name).map(PathBuf::from).filter(|path| path.is_absolute())
}

#[cfg(windows)]
fn system_folder(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    folder(variable, "LOCALAPPDATA").or_else(|| Some(folder(variable, "USERPROFILE")?.join("AppData").join("Local")))
}

#[cfg(target_os = "macos")]
fn system_folder(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    Some(folder(variable, "HOME")?.join("Library").join("Application Support"))
}

#[cfg(not(any(windows, target_os = "macos")))]
fn system_folder(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    folder(variable, "XDG_DATA_HOME").or_else(|| Some(folder(variable, "HOME")?.join(".local").join("share")))
}

#[cfg(all(test, not(any(windows, target_os = "macos"))))]
mod tests {
    use super::*;

    #[test]
    fn the_desktop_standard_is_followed() {
        let of = |xdg: Option<&str>, home: Option<&str>| {
            system_folder(&|name| match name {
                "XDG_DATA_HOME" => xdg.map(Into::into),
                "HOME" => home.map(Into::into),
                _ => None,
            })
        };
        assert_eq!(of(Some("/data"), Some("/home/anna")), Some("/data".into()));
        for unset in [None, Some(""), Some("relative")] {
            assert_eq!(of(unset, Some("/home/anna")), Some("/home/anna/.local/share".into()));
            assert_eq!(of(unset, None), None);
        }
    }
}
