//! The programs of the project under measurement: the relay, the agent, the simulated instrument.

use std::path::Path;
use std::process::{Command, Stdio};

use remote::following::Invitation;

use crate::Outcome;
use crate::program::{Program, Says};
use crate::table::Report;

/// `sacmes` as it was built with this benchmark, away from the person's keyring.
fn sacmes(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sacmes"));
    command.args(arguments).env("DBUS_SESSION_BUS_ADDRESS", "disabled:");
    command
}

/// A relay process of its own.
pub struct Relay {
    pub program: Program,
    /// Host and port.
    pub authority: String,
}

impl Relay {
    /// Starts one with usual limits.
    pub fn start() -> Outcome<Self> {
        Self::start_with(&[])
    }

    /// Starts one that takes so many hellos a second from one address: all viewers come from this computer.
    pub fn start_for_many(hellos: u32, report: &mut Report) -> Outcome<Self> {
        report.raised(format!(
            "hellos a second from one address from 100 to {hellos} (--max-hellos)"
        ));
        report.raised("connections of one address from 2000 to 20000 (--max-connections-per-address)".to_owned());
        Self::start_with(&[
            "--max-hellos",
            &hellos.to_string(),
            "--max-connections-per-address",
            "20000",
        ])
    }

    /// Starts one with options.
    pub fn start_with(options: &[&str]) -> Outcome<Self> {
        let mut command = sacmes(&["relay", "--listen", "127.0.0.1:0"]);
        let program = Program::start("the relay", command.args(options), &Says::Output)?;
        let authority = program.hear(|line| line.strip_prefix("Relay listening on ").map(ToOwned::to_owned))?;
        Ok(Self { program, authority })
    }
}

/// An agent process that watches a folder and shares.
pub struct Agent {
    _program: Program,
    /// Lets others look.
    pub invitation: Invitation,
}

impl Agent {
    /// Starts one and waits until the relay knows it.
    pub fn start(watched: &Path, data: &Path, relay: &Relay) -> Outcome<Self> {
        let mut command = sacmes(&["agent", "--name", "bench", "--share", "--relay"]);
        command.arg(format!("http://{}", relay.authority));
        command.arg("--watch").arg(watched).arg("--data-dir").arg(data);
        let program = Program::start("the agent", &mut command, &Says::Errors)?;
        let link = program.hear(|line| Some(line.split_once("link for looking: ")?.1.trim().to_owned()))?;
        program.hear(|line| line.contains("sharing: connected").then_some(()))?;
        let invitation = link.parse().map_err(|error| format!("the agent's link: {error}"))?;
        Ok(Self {
            _program: program,
            invitation,
        })
    }
}

/// Fills a folder with simulated files, as fast as possible.
pub fn simulate(folder: &Path, frequencies: &str, indices: u32) -> Outcome {
    let mut command = sacmes(&["simulate", "--format", "chi", "--interval", "0", "--style", "burst"]);
    command.args(["--frequencies", frequencies, "--files", &indices.to_string()]);
    let status = command
        .arg(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()?;
    if status.success() {
        return Ok(());
    }
    Err(format!("the simulated instrument failed ({status})").into())
}
