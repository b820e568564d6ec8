//! `cargo xtask package`: what people install, for the system that this runs on.

use crate::failure::{Doing, Failure, Outcome};
use crate::node;
use crate::processes::Supervisor;
use crate::system_packages::{self, Need};
use crate::workspace::{DESKTOP_PACKAGE, Workspace, find_program};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Sets up, builds for release, and puts the packages into `packages/`.
pub fn package(workspace: &Workspace, supervisor: &Supervisor) -> Outcome {
    system_packages::ensure(Need::Desktop, supervisor)?;
    node::ensure_built(workspace, supervisor)?;
    println!("Building SACMES for release and packing it; the first time takes several minutes");
    let mut build = tauri(workspace, "build");
    // The lock file says what is built.
    supervisor.run("tauri build", build.args(["--ci", "--", "--locked"]))?;
    let folder = workspace.root.join("packages");
    let packages = collect(&workspace.target.join("release/bundle"), &folder)?;
    for package in &packages {
        println!("{}", package.display());
    }
    if packages.is_empty() {
        return Err(Failure::new("tauri build made no package"));
    }
    Ok(())
}

/// Packs the program that the tests have built, as it would be packed for release but for its speed; returns the `.deb`.
pub fn package_for_tests(workspace: &Workspace, supervisor: &Supervisor) -> Outcome<PathBuf> {
    node::ensure_packages(workspace, supervisor)?;
    // Beside the real target folder: without what debuggers want, which would take minutes to compress.
    let target = workspace.target.join("package-tests");
    let folder = target.join("debug");
    let _ = fs::remove_dir_all(folder.join("bundle"));
    fs::create_dir_all(&folder).doing(|| format!("create {}", folder.display()))?;
    let mut strip = Command::new("strip");
    strip.arg("-o").arg(folder.join(DESKTOP_PACKAGE));
    strip.arg(workspace.program("debug", DESKTOP_PACKAGE));
    supervisor.run("strip", &mut strip)?;
    let mut bundle = tauri(workspace, "bundle");
    bundle
        .args(["--ci", "--debug", "--bundles", "deb,rpm"])
        .env("CARGO_TARGET_DIR", &target);
    supervisor.run("tauri bundle", &mut bundle)?;
    one(&folder.join("bundle/rpm"), "rpm")?;
    one(&folder.join("bundle/deb"), "deb")
}

/// The Tauri command line, from the UI's packages, in the repository: it looks for the app below where it is started.
fn tauri(workspace: &Workspace, task: &str) -> Command {
    let script = workspace.ui().join("node_modules/@tauri-apps/cli/tauri.js");
    let node = find_program("node").unwrap_or_else(|| "node".into());
    let mut command = Command::new(node);
    command
        .arg(script)
        .arg(task)
        .current_dir(&workspace.root)
        .stdin(Stdio::null());
    command
}

/// Copies every package below a folder of bundles into another folder.
fn collect(bundles: &Path, folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for kind in ["deb", "rpm", "nsis", "msi", "dmg"] {
        let Ok(entries) = fs::read_dir(bundles.join(kind)) else {
            continue;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            let is_package = path.extension().is_some_and(|extension| {
                ["deb", "rpm", "exe", "msi", "dmg"]
                    .iter()
                    .any(|wanted| extension == *wanted)
            });
            if is_package && path.is_file() {
                fs::create_dir_all(folder).doing(|| format!("create {}", folder.display()))?;
                let copy = folder.join(entry.file_name());
                fs::copy(&path, &copy).doing(|| format!("copy {}", path.display()))?;
                found.push(copy);
            }
        }
    }
    Ok(found)
}

/// The only file with an extension in a folder.
fn one(folder: &Path, extension: &str) -> Outcome<PathBuf> {
    let entries = fs::read_dir(folder).doing(|| format!("list {}", folder.display()))?;
    let mut found = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_file() && path.extension().is_some_and(|found| found == extension));
    match (found.next(), found.next()) {
        (Some(package), None) => Ok(package),
        _ => Err(Failure::new(format!(
            "there is not one .{extension} in {}",
            folder.display()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_collected_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let bundles = root.path().join("bundle");
        for (folder, name) in [
            ("deb", "SACMES.deb"),
            ("deb", "SACMES.txt"),
            ("rpm", "SACMES.rpm"),
            ("other", "x.deb"),
        ] {
            fs::create_dir_all(bundles.join(folder)).unwrap();
            fs::write(bundles.join(folder).join(name), name).unwrap();
        }
        // What the package is made of lies beside it, as a folder.
        fs::create_dir_all(bundles.join("deb/SACMES")).unwrap();
        let folder = root.path().join("packages");
        let found = collect(&bundles, &folder).unwrap();
        assert_eq!(found, [folder.join("SACMES.deb"), folder.join("SACMES.rpm")]);
        assert_eq!(
            one(&bundles.join("deb"), "deb").unwrap(),
            bundles.join("deb/SACMES.deb")
        );
        assert!(one(&bundles.join("deb"), "rpm").is_err());
    }
}
