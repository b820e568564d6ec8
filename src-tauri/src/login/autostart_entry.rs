//! Starting at login on Linux desktops: a file in the person's folder of autostarted programs (freedesktop.org).

use std::env;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::PathBuf;

use agent::export::AtomicFile;
use protocol::refusal::Refusal;

use super::{AtLogin, failed};

pub fn is_on(what: &AtLogin) -> Result<bool, Refusal> {
    match fs::read_to_string(place(what)?) {
        Ok(entry) => Ok(is_in_force(&entry)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed(&error)),
    }
}

pub fn turn_on(what: &AtLogin) -> Result<(), Refusal> {
    let (place, text) = (place(what)?, entry(what)?);
    let folder = place.parent().unwrap_or(&place);
    let write = || -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut file = AtomicFile::create(&place)?;
        file.write_all(text.as_bytes())?;
        file.finish()
    };
    write().map_err(|error| failed(&error))
}

pub fn turn_off(what: &AtLogin) -> Result<(), Refusal> {
    match fs::remove_file(place(what)?) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(&error)),
        _ => Ok(()),
    }
}

fn place(what: &AtLogin) -> Result<PathBuf, Refusal> {
    let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let config = absolute("XDG_CONFIG_HOME").or_else(|| Some(absolute("HOME")?.join(".config")));
    let config = config.ok_or_else(|| failed(&"this system does not say where your home folder is"))?;
    Ok(config.join("autostart").join(format!("{}.desktop", what.name)))
}

fn entry(what: &AtLogin) -> Result<String, Refusal> {
    let mut command = quoted(what.program.as_os_str())?;
    for argument in &what.arguments {
        // Writing into a String cannot fail.
        let _ = write!(command, " {}", quoted(argument)?);
    }
    Ok(format!(
        "[Desktop Entry]\nType=Application\nName=SACMES\nComment=Goes on watching and measuring, in the tray\nExec={command}\n\
         Icon=sacmes-desktop\nTerminal=false\nX-GNOME-Autostart-enabled=true\n"
    ))
}

/// An argument as the specification wants it: quoted, then escaped as any text of such a file; `%` would begin a field code.
fn quoted(argument: &OsStr) -> Result<String, Refusal> {
    let text = argument
        .to_str()
        .filter(|text| !text.contains(['\n', '\r']))
        .ok_or_else(|| failed(&format!("{} cannot stand in such a file", argument.display())))?;
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '`' | '$' => quoted.push_str("\\\\"),
            '\\' => quoted.push_str("\\\\\\"),
            '%' => quoted.push('%'),
            _ => {}
        }
        quoted.push(character);
    }
    quoted.push('"');
    Ok(quoted)
}

/// Whether a desktop starts what such a file describes: the person may have turned it off in the system's settings.
fn is_in_force(entry: &str) -> bool {
    let mut in_group = false;
    let mut has_command = false;
    for line in entry.lines().map(str::trim) {
        if line.starts_with('[') {
            in_group = line == "[Desktop Entry]";
        } else if in_group && let Some((key, value)) = line.split_once('=') {
            match (key.trim(), value.trim()) {
                ("Hidden", "true") | ("X-GNOME-Autostart-enabled", "false") => return false,
                ("Exec", command) => has_command = !command.is_empty(),
                _ => {}
            }
        }
    }
    has_command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(program: &str, arguments: &[&str]) -> AtLogin {
        AtLogin {
            name: "org.sacmes.desktop".to_owned(),
            program: program.into(),
            arguments: arguments.iter().map(Into::into).collect(),
        }
    }

    #[test]
    fn the_entry_starts_the_program_whatever_is_in_its_path() {
        let text = entry(&what(
            "/opt/a b/sacmes-desktop",
            &["--hidden", "--data-dir", r#"/lab/50 % "$x\y""#],
        ))
        .unwrap();
        let command = text.lines().find(|line| line.starts_with("Exec=")).unwrap();
        assert_eq!(
            command,
            r#"Exec="/opt/a b/sacmes-desktop" "--hidden" "--data-dir" "/lab/50 %% \\"\\$x\\\\y\\"""#
        );
        assert!(is_in_force(&text));
    }

    #[test]
    fn a_line_break_in_a_path_is_refused() {
        assert_eq!(
            entry(&what("/opt/a\nHidden=true", &[])).unwrap_err().code,
            "start_at_login_failed"
        );
    }

    #[test]
    fn what_was_turned_off_elsewhere_is_off() {
        let on = entry(&what("/usr/bin/sacmes-desktop", &["--hidden"])).unwrap();
        assert!(!is_in_force(&format!("{on}Hidden=true\n")));
        assert!(!is_in_force(&on.replace("enabled=true", "enabled=false")));
        assert!(!is_in_force(""));
        assert!(is_in_force(&format!("{on}[Other]\nHidden=true\n")));
    }
}
