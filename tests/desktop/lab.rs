//! Somebody else's computer: `sacmes agent --share` over a simulated potentiostat, and the relay between.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use protocol::codes::UserId;
use serde_json::Value;
use tempfile::TempDir;

use crate::app::PROGRAM;

/// Away from the keyring and the home folder of this desktop: another computer has its own.
fn sacmes() -> Command {
    let program = PathBuf::from(PROGRAM).with_file_name("sacmes");
    assert!(
        program.is_file(),
        "{} is not built: run `cargo xtask test desktop-tests`",
        program.display()
    );
    let mut command = Command::new(program);
    command
        .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Lets a simulated potentiostat write so many indices at two frequencies, as fast as it can.
pub fn simulate(folder: &Path, indices: u32) {
    let mut instrument = sacmes();
    instrument.arg("simulate").arg(folder);
    instrument.args(["--electrodes", "1", "--frequencies", "15,200", "--interval", "0"]);
    instrument.args(["--style", "burst", "--files", &indices.to_string()]);
    assert!(instrument.status().unwrap().success(), "the instrument could not write");
}

/// A program that ends with the test.
pub struct Running(Child);

/// Starts a relay; returns its address too.
pub fn start_relay() -> (String, Running) {
    let mut relay = sacmes()
        .args(["relay", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(relay.stdout.take().unwrap()).lines();
    let address = lines
        .find_map(|line| line.unwrap().strip_prefix("Relay listening on ").map(str::to_owned))
        .expect("the relay says where it listens");
    (format!("http://{address}"), Running(relay))
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// The other computer.
pub struct Lab {
    pub relay: String,
    pub id: UserId,
    data: TempDir,
    _folder: TempDir,
    _running: [Running; 3],
}

impl Lab {
    /// Starts an experiment there that goes on for longer than any test, and shares it.
    pub fn open() -> Self {
        let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (address, relay) = start_relay();
        let mut id = sacmes();
        let id = id.args(["id", "--data-dir"]).arg(data.path()).stdout(Stdio::piped());
        let id = String::from_utf8(id.output().unwrap().stdout).unwrap();
        let mut agent = sacmes();
        agent.args([
            "agent",
            "--name",
            "Serum, chip 12",
            "--share",
            "--relay",
            &address,
            "--watch",
        ]);
        agent.arg(folder.path()).arg("--data-dir").arg(data.path());
        let mut instrument = sacmes();
        instrument.arg("simulate").arg(folder.path());
        instrument.args(["--electrodes", "4", "--files", "20000", "--interval", "0.5"]);
        Self {
            relay: address,
            id: id.trim().parse().unwrap(),
            data,
            _folder: folder,
            _running: [
                relay,
                Running(agent.spawn().unwrap()),
                Running(instrument.spawn().unwrap()),
            ],
        }
    }

    /// The only session there, as that computer itself has it.
    pub fn session(&self) -> Value {
        let mut sessions = sacmes();
        sessions
            .args(["sessions", "--json", "--data-dir"])
            .arg(self.data.path());
        let listed = sessions.stdout(Stdio::piped()).output().unwrap().stdout;
        serde_json::from_slice(&listed).unwrap()
    }
}
