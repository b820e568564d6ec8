//! `sacmes relay`, `agent --share` and `view` together: a relay that is killed, and an address that is taken.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Instant;

use serde_json::Value;

use crate::agent_process::{AgentProcess, PATIENCE, agent};
use crate::arguments;
use crate::program::{run, sacmes};
use crate::scans::{put_old, table};

/// A relay of its own.
struct RelayProcess {
    child: Child,
    listen: String,
}

impl RelayProcess {
    fn start(listen: &str) -> Self {
        let mut command = sacmes(["relay", "--listen", listen]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said = lines.next().expect("it says where it listens").unwrap();
        let listen = said.strip_prefix("Relay listening on ").expect(&said).to_owned();
        // What it says besides is read, so that it never waits for a reader.
        thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Self { child, listen }
    }

    /// `kill -9`, and at once another one on the same address.
    fn killed_and_started_again(mut self) -> Self {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        Self::start(&self.listen.clone())
    }

    fn address(&self) -> String {
        format!("http://{}", self.listen)
    }
}

impl Drop for RelayProcess {
    fn drop(&mut self) {
        // It may have been killed already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// `sacmes agent --share` and what it says of sharing.
fn share(folder: &Path, data: &Path, relay: &RelayProcess) -> AgentProcess {
    AgentProcess::start(agent(folder, data, &["--share", "--relay", &relay.address()]))
}

/// What `sacmes view` prints.
struct ViewProcess {
    child: Child,
    lines: Receiver<Value>,
    entries: Vec<Value>,
}

impl ViewProcess {
    fn start(code: &str, relay: &RelayProcess) -> Self {
        let mut command: Command = sacmes(["view", code, "--relay", &relay.address()]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (send, lines) = channel();
        thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if send.send(serde_json::from_str(&line).unwrap()).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            lines,
            entries: Vec::new(),
        }
    }

    /// Reads until the record tells of a file that was measured.
    #[track_caller]
    fn sees(&mut self, file: &str) {
        let deadline = Instant::now() + PATIENCE;
        let measured = |entry: &Value| entry["event"] == "measured" && entry["measurements"][0]["file"] == file;
        while !self.entries.last().is_some_and(measured) {
            let line = self
                .lines
                .recv_timeout(deadline.saturating_duration_since(Instant::now()));
            let line = line.unwrap_or_else(|_| panic!("{file} does not come; {:#?}", self.entries));
            assert_ne!(line["event"], "started_over");
            // Entries of the record have a place in it.
            if line["offset"].is_u64() {
                self.entries.push(line);
            }
        }
    }
}

impl Drop for ViewProcess {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn view_only_code(data: &Path) -> String {
    let code = run(arguments!["id", "--data-dir", data, "--view-only"])
        .ends_with(0)
        .stdout;
    code.trim_end().to_owned()
}

#[test]
fn a_relay_that_is_killed_and_started_again_costs_a_viewer_nothing() {
    let (folder, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let relay = RelayProcess::start("127.0.0.1:0");
    let mut lab = share(folder.path(), data.path(), &relay);
    lab.wait_for("session", |event| event["event"] == "session_started");
    put_old(folder.path(), "SWV_15Hz_1.csv", table(&[1e-7]));
    let mut viewer = ViewProcess::start(&view_only_code(data.path()), &relay);
    viewer.sees("SWV_15Hz_1.csv");
    let mut relay = relay.killed_and_started_again();
    // Measured while the relay was away or the agent was not back yet.
    put_old(folder.path(), "SWV_15Hz_2.csv", table(&[2e-7]));
    viewer.sees("SWV_15Hz_2.csv");
    for _ in 0..2 {
        relay = relay.killed_and_started_again();
    }
    put_old(folder.path(), "SWV_15Hz_3.csv", table(&[3e-7]));
    viewer.sees("SWV_15Hz_3.csv");
    let offsets: Vec<u64> = viewer
        .entries
        .iter()
        .filter_map(|entry| entry["offset"].as_u64())
        .collect();
    assert_eq!(
        offsets,
        (1..=offsets.len() as u64).collect::<Vec<_>>(),
        "all, in order, once"
    );
    drop(relay);
    let told = lab.kill();
    let record = |entry: &&Value| entry["offset"].is_u64();
    let own: Vec<&Value> = told.iter().filter(record).take(offsets.len()).collect();
    assert_eq!(
        viewer.entries.iter().collect::<Vec<_>>(),
        own,
        "what the agent itself prints"
    );
}

#[test]
fn an_occupied_address_is_named_with_the_way_out() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    run(["relay", "--listen", &address])
        .ends_with(1)
        .says(&address)
        .says("in use")
        .says("--listen");
}
