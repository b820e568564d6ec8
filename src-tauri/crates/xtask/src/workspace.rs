//! Where things are.

use crate::failure::{Doing, Failure, Outcome};
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The package of the desktop app; the only one that needs the webview libraries and the built UI.
pub const DESKTOP_PACKAGE: &str = "sacmes-desktop";

/// The folders of this checkout.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The repository.
    pub root: PathBuf,
    /// Cargo's target folder, wherever it was configured to be.
    pub target: PathBuf,
}

impl Workspace {
    /// Finds the repository above this crate and asks cargo for the target folder.
    pub fn find() -> Outcome<Self> {
        let here = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = here
            .ancestors()
            .find(|folder| folder.join("Cargo.lock").is_file())
            .ok_or_else(|| Failure::new("this is not inside the repository: no Cargo.lock above the xtask crate"))?
            .to_owned();
        let target = target_folder(&root)?;
        Ok(Self { root, target })
    }

    /// The folder of the UI.
    pub fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// A program that cargo built.
    pub fn program(&self, profile: &str, name: &str) -> PathBuf {
        self.target
            .join(profile)
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// `cargo` with these arguments, in the repository.
    pub fn cargo<const N: usize>(&self, arguments: [&str; N]) -> Command {
        let mut command = Command::new(cargo());
        command.args(arguments).current_dir(&self.root);
        command
    }
}

/// The cargo that started this program, so that the toolchain stays the same.
pub fn cargo() -> PathBuf {
    env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from)
}

/// The full path of a program on `PATH`, if it is there.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(&file))
        .find(|path| path.is_file())
}

fn target_folder(root: &Path) -> Outcome<PathBuf> {
    let output = Command::new(cargo())
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root)
        .stdin(Stdio::null())
        .output()
        .doing(|| "start cargo".to_owned())?;
    let text = String::from_utf8_lossy(&output.stdout);
    crate::json_text::strings(&text, "target_directory")
        .next()
        .map(PathBuf::from)
        .ok_or_else(|| {
            Failure::new(format!(
                "cargo metadata failed: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            ))
        })
}
