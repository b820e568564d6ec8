//! A running `sacmes agent`: its events as they come, and its end.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::program::sacmes;

/// Nothing here takes longer, even on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(50);

/// `sacmes agent` over a folder, with its data beside it.
pub fn agent(watched: &Path, data: &Path, more: &[&str]) -> Command {
    let mut command = sacmes(["agent", "--watch"]);
    command.arg(watched).arg("--data-dir").arg(data).args(more);
    command
}

/// An agent that runs.
#[derive(Debug)]
pub struct AgentProcess {
    child: Child,
    lines: Receiver<String>,
    stderr: Option<JoinHandle<String>>,
    /// Events seen so far.
    pub seen: Vec<Value>,
}

impl AgentProcess {
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let (send, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    break;
                }
            }
        });
        let stderr = thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        Self {
            child,
            lines,
            stderr: Some(stderr),
            seen: Vec::new(),
        }
    }

    /// Waits for an event.
    #[track_caller]
    pub fn wait_for(&mut self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self
                .lines
                .recv_timeout(deadline.saturating_duration_since(Instant::now()))
            {
                Ok(line) => {
                    let event: Value = serde_json::from_str(&line).unwrap();
                    self.seen.push(event.clone());
                    if is_it(&event) {
                        return event;
                    }
                }
                Err(RecvTimeoutError::Timeout) => panic!("no {what}; seen {:#?}", self.seen),
                Err(RecvTimeoutError::Disconnected) => {
                    let stderr = self.stderr.take().map(|t| t.join().unwrap());
                    panic!("the agent ended without {what}; seen {:#?}, said {stderr:?}", self.seen)
                }
            }
        }
    }

    /// Waits until a file was measured or skipped; returns that event.
    #[track_caller]
    pub fn wait_for_file(&mut self, file: &str, state: &str) -> Value {
        self.wait_for(&format!("{file} {state}"), |event| {
            event["event"] == "file_state" && event["file"] == file && event["state"] == state
        })
    }

    /// Asks it to end as a terminal or a service manager does.
    #[cfg(unix)]
    pub fn signal(&self, signal: rustix::process::Signal) {
        let process = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(process, signal).unwrap();
    }

    /// Ends it without warning.
    pub fn kill(mut self) -> Vec<Value> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        // What was printed before; the last line may be cut.
        let read = |line: String| serde_json::from_str(&line).ok();
        self.seen.extend(self.lines.iter().filter_map(read));
        std::mem::take(&mut self.seen)
    }

    /// Waits until it has ended by itself.
    #[track_caller]
    pub fn end(mut self) -> Ended {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self
                .lines
                .recv_timeout(deadline.saturating_duration_since(Instant::now()))
            {
                Ok(line) => self.seen.push(serde_json::from_str(&line).unwrap()),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("the agent does not end; seen {:#?}", self.seen),
            }
        }
        let status = self.child.wait().unwrap();
        let stderr = self.stderr.take().map(|t| t.join().unwrap()).unwrap_or_default();
        Ended {
            status,
            events: std::mem::take(&mut self.seen),
            stderr,
        }
    }
}

impl Drop for AgentProcess {
    fn drop(&mut self) {
        // Of a test that failed; otherwise it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An agent that has ended.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    pub events: Vec<Value>,
    pub stderr: String,
}

impl Ended {
    /// The events, if it ended with this exit code.
    #[track_caller]
    pub fn with(self, code: i32) -> Vec<Value> {
        assert_eq!(self.status.code(), Some(code), "{self:#?}");
        self.events
    }
}

/// Runs an agent until it has taken in what is there and was idle.
#[track_caller]
pub fn take_in(watched: &Path, data: &Path, more: &[&str]) -> Vec<Value> {
    let mut command = agent(watched, data, more);
    command.args(["--exit-after-idle", "0.3"]);
    AgentProcess::start(command).end().with(0)
}

/// Names of the events, in order.
pub fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().filter_map(|event| event["event"].as_str()).collect()
}

/// The measurements in the `measured` events.
pub fn measured(events: &[Value]) -> Vec<&Value> {
    let of_event = |event: &'_ Value| event["event"] == "measured";
    events
        .iter()
        .filter(|e| of_event(e))
        .filter_map(|e| e["measurements"].as_array())
        .flatten()
        .collect()
}
