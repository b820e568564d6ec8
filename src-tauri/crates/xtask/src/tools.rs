//! Programs from crates.io that the tests use, installed below the target folder.

use crate::failure::{Failure, Outcome};
use crate::processes::Supervisor;
use crate::workspace::Workspace;
use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The folder of installed programs.
pub fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("tools/bin")
}

/// Installs tauri-driver, the WebDriver of Tauri windows, if it is not there.
pub fn ensure_tauri_driver(workspace: &Workspace, supervisor: &Supervisor) -> Outcome {
    let program = folder(workspace).join(format!("tauri-driver{}", env::consts::EXE_SUFFIX));
    if program.is_file() {
        return Ok(());
    }
    println!("Installing tauri-driver");
    let root = workspace.target.join("tools");
    let mut install = workspace.cargo(["install", "tauri-driver", "--version", "^2", "--locked", "--root"]);
    supervisor.run("cargo install tauri-driver", install.arg(root))
}

/// Lets a command find the installed programs.
///
/// # Errors
/// A folder's name cannot stand in a search path.
pub fn find_on_path(workspace: &Workspace, command: &mut Command) -> Outcome {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder(workspace)).chain(env::split_paths(&path));
    let path = env::join_paths(folders).map_err(|error| Failure::new(format!("PATH cannot be extended: {error}")))?;
    command.env("PATH", path);
    Ok(())
}

/// Whether cargo has this subcommand (`cargo-NAME` installed).
pub fn has_subcommand(workspace: &Workspace, name: &str) -> bool {
    let mut command: Command = workspace.cargo([name, "--version"]);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
