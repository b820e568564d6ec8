//! The UI's packages and its build, each done only when something changed.

use crate::failure::{Doing, Failure, Outcome};
use crate::processes::Supervisor;
use crate::system_packages;
use crate::workspace::{Workspace, find_program};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::UNIX_EPOCH;

/// Oldest Node.js that the UI's build tools accept.
const OLDEST_NODE: (u32, u32) = (20, 19);

/// `npm` with these arguments, in the UI's folder.
pub fn npm<const N: usize>(workspace: &Workspace, arguments: [&str; N]) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.args(arguments).current_dir(workspace.ui());
    command
}

/// Installs the UI's packages exactly as locked, unless that lock file was installed before.
pub fn ensure_packages(workspace: &Workspace, supervisor: &Supervisor) -> Outcome {
    ensure_node(supervisor)?;
    let ui = workspace.ui();
    let lock = fs::read(ui.join("package-lock.json")).doing(|| "read ui/package-lock.json".to_owned())?;
    let stamp = ui.join("node_modules/.installed-package-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("Installing the packages of the user interface (npm ci)");
    supervisor.run("npm ci", &mut npm(workspace, ["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&stamp, lock).doing(|| format!("write {}", stamp.display()))
}

/// Builds the UI into `ui/dist`, unless its sources are those of the last build.
pub fn ensure_built(workspace: &Workspace, supervisor: &Supervisor) -> Outcome {
    ensure_packages(workspace, supervisor)?;
    let ui = workspace.ui();
    let stamp = ui.join("node_modules/.built-sources");
    let state = |ui: &Path| -> Outcome<String> {
        // The built page belongs to the state: a placeholder in its place has another length.
        let page = fs::metadata(ui.join("dist/index.html")).map_or(0, |metadata| metadata.len());
        Ok(format!("{page}\n{}", fingerprint(ui)?))
    };
    if fs::read_to_string(&stamp).is_ok_and(|built| state(&ui).is_ok_and(|now| now == built)) {
        return Ok(());
    }
    println!("Building the user interface (npm run build)");
    supervisor.run("npm run build", &mut npm(workspace, ["run", "build"]))?;
    fs::write(&stamp, state(&ui)?).doing(|| format!("write {}", stamp.display()))
}

/// One line for each source file: path, length and modification time.
fn fingerprint(ui: &Path) -> Outcome<String> {
    let mut files = Vec::new();
    collect(ui, &mut files)?;
    files.sort();
    let mut lines = String::new();
    for path in files {
        let metadata = fs::metadata(&path).doing(|| format!("look at {}", path.display()))?;
        let changed = metadata
            .modified()
            .ok()
            .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
            .unwrap_or_default();
        let name = path.strip_prefix(ui).unwrap_or(&path).display();
        // Writing into a String cannot fail.
        let _ = writeln!(lines, "{name} {} {}", metadata.len(), changed.as_nanos());
    }
    Ok(lines)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Outcome {
    let entries = fs::read_dir(folder).doing(|| format!("list {}", folder.display()))?;
    for entry in entries {
        let entry = entry.doing(|| format!("list {}", folder.display()))?;
        let name = entry.file_name();
        let generated = name == "node_modules" || name == "dist" || name == "coverage" || name == "test-output";
        // What tests the built page is no source of it.
        if generated || name == "tests" || name.to_string_lossy().starts_with('.') {
            continue;
        }
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// Makes sure that Node.js is there and new enough; on Debian and its relatives from their packages, if those are.
fn ensure_node(supervisor: &Supervisor) -> Outcome {
    let Err(problem) = check_node() else { return Ok(()) };
    if system_packages::is_debian() && debian_node().is_some_and(|version| version >= OLDEST_NODE) {
        system_packages::ensure_debian(&["nodejs", "npm"], supervisor)?;
        return check_node().map_err(|problem| how_to_get_node(&problem));
    }
    Err(how_to_get_node(&problem))
}

fn how_to_get_node(problem: &str) -> Failure {
    let (major, minor) = OLDEST_NODE;
    let way = match std::env::consts::OS {
        "macos" => "  brew install node          or the installer from https://nodejs.org/en/download",
        "windows" => "  winget install OpenJS.NodeJS.LTS          or the installer from https://nodejs.org/en/download",
        _ => {
            "  the packages of https://github.com/nodesource/distributions, or the archive from https://nodejs.org/en/download"
        }
    };
    Failure::new(format!(
        "{problem}. Node.js {major}.{minor} or newer with npm is needed; one way to get it:\n{way}"
    ))
}

fn check_node() -> Result<(), String> {
    let version = Command::new("node").arg("--version").stdin(Stdio::null()).output();
    let Ok(output) = version else {
        return Err("Node.js is not installed".to_owned());
    };
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    match parse_version(text.trim_start_matches('v')) {
        Some(version) if version >= OLDEST_NODE => {}
        _ => return Err(format!("Node.js is too old ({text})")),
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    if cfg!(unix) && find_program(npm).is_none() {
        return Err("npm is not installed".to_owned());
    }
    Ok(())
}

/// The version that apt would install.
fn debian_node() -> Option<(u32, u32)> {
    let output = Command::new("apt-cache")
        .args(["policy", "nodejs"])
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    parse_version(text.lines().find_map(|line| line.trim().strip_prefix("Candidate: "))?)
}

/// Major and minor number at the start of a version.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert_eq!(parse_version("20.20.2-1nodesource1"), Some((20, 20)));
        assert!(parse_version("22.3.0") > Some(OLDEST_NODE));
        assert!(parse_version("18.19.0+dfsg-6") < Some(OLDEST_NODE));
        assert_eq!(parse_version("(none)"), None);
    }

    #[test]
    fn changed_added_and_removed_sources_are_noticed_and_built_files_are_not() {
        let ui = tempfile::tempdir().unwrap();
        fs::create_dir_all(ui.path().join("src")).unwrap();
        fs::create_dir_all(ui.path().join("dist")).unwrap();
        fs::write(ui.path().join("src/a.ts"), "a").unwrap();
        let first = fingerprint(ui.path()).unwrap();
        fs::write(ui.path().join("dist/index.html"), "built").unwrap();
        assert_eq!(fingerprint(ui.path()).unwrap(), first);
        fs::write(ui.path().join("src/b.ts"), "b").unwrap();
        assert_ne!(fingerprint(ui.path()).unwrap(), first);
        fs::remove_file(ui.path().join("src/b.ts")).unwrap();
        assert_eq!(fingerprint(ui.path()).unwrap(), first);
        fs::write(ui.path().join("src/a.ts"), "changed").unwrap();
        assert_ne!(fingerprint(ui.path()).unwrap(), first);
    }
}
