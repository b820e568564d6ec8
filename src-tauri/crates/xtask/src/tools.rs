//! Programs from crates.io that the tests use, installed below the target folder.

use crate::failure::Outcome;
use crate::processes::Supervisor;
use crate::workspace::Workspace;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The folder of installed programs.
pub fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("tools/bin")
}

/// Installs tauri-driver, the WebDriver of Tauri windows, if it is not there.
pub fn ensure_tauri_driver(workspace: &Workspace, supervisor: &Supervisor) -> Outcome {
    let program = folder(workspace).join(format!("tauri-driver{}", std::env::consts::EXE_SUFFIX));
    if program.is_file() {
        return Ok(());
    }
    println!("Installing tauri-driver");
    let root = workspace.target.join("tools");
    let mut install = workspace.cargo(["install", "tauri-driver", "--version", "^2", "--locked", "--root"]);
    supervisor.run("cargo install tauri-driver", install.arg(root))
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
