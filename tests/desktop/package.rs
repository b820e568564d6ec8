//! The package that people install: into a root folder of its own, by the system's own package manager, started from there,
//! used, and removed again. Nothing is installed into this system.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::app::{Profile, take_desktop};
use crate::driver::DrivenApp;
use crate::experiment::{assert_every_point_once, start_simulation};
use crate::screen;

/// Names the `.deb`; `cargo xtask test package-tests` makes it.
const DEB: &str = "SACMES_TEST_DEB";

/// A system with nothing in it.
struct Root(tempfile::TempDir);

impl Root {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let state = root.path().join("var/lib/dpkg");
        for folder in ["info", "updates", "triggers"] {
            fs::create_dir_all(state.join(folder)).unwrap();
        }
        fs::write(state.join("status"), "").unwrap();
        Self(root)
    }

    fn dpkg(&self, arguments: &[&OsStr]) {
        let mut root = std::ffi::OsString::from("--root=");
        root.push(self.0.path());
        let mut command = Command::new("dpkg");
        command
            .arg(root)
            // What it depends on is looked up in the real system, and somebody who is not root may test too.
            .args([
                "--force-depends",
                "--force-not-root",
                "--force-bad-path",
                "--force-script-chrootless",
            ])
            .arg(format!("--log={}", self.0.path().join("var/lib/dpkg/log").display()))
            .args(arguments);
        said(&mut command);
    }

    /// Every file but the package manager's own.
    fn files(&self) -> Vec<PathBuf> {
        fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(folder).unwrap().flatten() {
                if entry.file_type().unwrap().is_dir() {
                    collect(&entry.path(), files);
                } else {
                    files.push(entry.path());
                }
            }
        }
        let mut files = Vec::new();
        collect(self.0.path(), &mut files);
        files.retain(|file| !file.starts_with(self.0.path().join("var/lib/dpkg")));
        files
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }
}

/// What a command says; it must succeed.
fn said(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    assert!(status.success(), "{command:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

/// Whether this system has one of the packages of a dependency such as `a | b (>= 1)`.
fn is_installed(dependency: &str) -> bool {
    dependency.split('|').any(|alternative| {
        let name = alternative.split_whitespace().next().unwrap();
        let status = Command::new("dpkg-query")
            .args(["--show", "--showformat=${db:Status-Status}", name])
            .output()
            .unwrap();
        status.stdout.starts_with(b"installed")
    })
}

#[tokio::test]
async fn the_package_is_installed_runs_an_experiment_and_is_removed() {
    const INDICES: u32 = 10;

    let _desktop = take_desktop().await;
    let deb = std::env::var_os(DEB).unwrap_or_else(|| panic!("{DEB} is not set: run `cargo xtask test package-tests`"));
    let field = |name: &str| {
        said(Command::new("dpkg-deb").arg("--field").arg(&deb).arg(name))
            .trim()
            .to_owned()
    };
    assert_eq!(
        (field("Package").as_str(), field("Version").as_str()),
        ("sacmes", env!("CARGO_PKG_VERSION"))
    );
    for dependency in field("Depends").split(',') {
        assert!(
            is_installed(dependency),
            "this system, on which it was built, lacks {dependency}"
        );
    }

    let root = Root::new();
    root.dpkg(&["--install".as_ref(), &deb]);
    let entry = root.text("usr/share/applications/SACMES.desktop");
    for line in ["Name=SACMES", "Icon=sacmes-desktop", "Terminal=false"] {
        assert!(entry.lines().any(|found| found == line), "{line} is not in {entry}");
    }
    let command = entry.lines().find_map(|line| line.strip_prefix("Exec=")).unwrap();
    assert!(command.starts_with("sacmes-desktop %"), "{command}");
    let mime = root.text("usr/share/mime/packages/sacmes.xml");
    let opened = entry.lines().find_map(|line| line.strip_prefix("MimeType=")).unwrap();
    for kind in opened.split(';').filter(|kind| !kind.is_empty()) {
        assert!(mime.contains(&format!("\"{kind}\"")), "{kind} is not described");
    }
    assert!(opened.contains("application/x-sacmes-archive"), "{opened}");
    assert!(root.text("usr/share/doc/sacmes/copyright").contains("Apache-2.0"));
    assert!(
        root.text("usr/lib/SACMES/licences/LiberationSans-OFL.txt")
            .contains("SIL OPEN FONT LICENSE")
    );
    assert!(root.path("usr/share/man/man1/sacmes-desktop.1").is_file());
    assert!(
        root.path("usr/share/icons/hicolor/128x128/apps/sacmes-desktop.png")
            .is_file()
    );

    let profile = Profile::new();
    let app = DrivenApp::start_program(&root.path("usr/bin/sacmes-desktop"), &profile, &[]).await;
    start_simulation(&app.page, INDICES, 0.05).await;
    app.page
        .reads_such("all files are done", |page| {
            page.contains("Finished") && page.contains("20 of 20")
        })
        .await;
    assert_every_point_once(&app.page, INDICES).await;
    screen::keep_picture("package");
    app.terminate(&profile).await;

    root.dpkg(&["--purge".as_ref(), "sacmes".as_ref()]);
    assert_eq!(root.files(), Vec::<PathBuf>::new(), "left behind");
    // What was measured is the person's, and stays.
    assert!(profile.location().database().metadata().unwrap().len() > 0);
}
