//! Experiments of 16 electrodes at 3 frequencies, written by `sacmes simulate`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::app::PROGRAM;

pub const ELECTRODES: u32 = 16;
pub const FREQUENCIES: u32 = 3;

/// The command line beside the app, away from the person's keyring.
pub fn sacmes() -> Command {
    let program = PathBuf::from(PROGRAM).with_file_name("sacmes");
    assert!(
        program.is_file(),
        "{} is not built: run `cargo xtask bench window`",
        program.display()
    );
    let mut command = Command::new(program);
    command
        .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

/// The instrument, ended with the measurement.
pub struct Instrument(Child);

impl Instrument {
    /// Writes so many indices, one file each `interval_s`; 0 = as fast as possible.
    pub fn start(folder: &Path, indices: u32, interval_s: f64) -> Self {
        let mut command = sacmes();
        command.arg("simulate").arg(folder);
        command.args(["--electrodes", &ELECTRODES.to_string(), "--frequencies", "15,60,200"]);
        command.args(["--files", &indices.to_string(), "--interval", &interval_s.to_string()]);
        command.args(["--style", "burst", "--handle", "SWV"]);
        Self(command.spawn().unwrap())
    }

    /// Waits until it has written everything.
    pub fn finish(mut self) {
        assert!(self.0.wait().unwrap().success(), "the instrument could not write");
    }
}

impl Drop for Instrument {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Takes the files of a folder into a session of this name and ends.
pub fn take_in(folder: &Path, data_dir: &Path, name: &str) {
    let mut agent = sacmes();
    agent.args(["agent", "--exit-after-idle", "5", "--name", name, "--watch"]);
    agent.arg(folder).arg("--data-dir").arg(data_dir);
    assert!(agent.status().unwrap().success(), "the files could not be taken in");
}

/// Files written before, which come into a folder one after the other.
pub struct Files(Vec<PathBuf>);

impl Files {
    /// Those of a folder, in the order in which they were measured.
    pub fn of(folder: &Path) -> Self {
        let mut files: Vec<PathBuf> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort_by_key(|path| std::cmp::Reverse(index(path)));
        Self(files)
    }

    /// Moves the next `count` into a folder, `interval` after each other.
    pub async fn move_into(&mut self, folder: &Path, count: usize, interval: Duration) {
        for _ in 0..count {
            let Some(file) = self.0.pop() else { return };
            fs::rename(&file, folder.join(file.file_name().unwrap())).unwrap();
            tokio::time::sleep(interval).await;
        }
    }
}

/// The number of `HANDLE_15Hz_7.csv`.
fn index(path: &Path) -> u32 {
    let stem = path.file_stem().unwrap().to_str().unwrap();
    stem.rsplit('_').next().unwrap().parse().unwrap()
}
