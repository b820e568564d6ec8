//! A headless agent under measurement: what it announced, and when.

use super::Bench;
use crate::failure::{Failure, Outcome};
use crate::json_text;
use crate::processes::Running;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// A running agent and its announcements.
#[derive(Debug)]
pub struct MeasuredAgent {
    running: Running,
    lines: Receiver<(Instant, String)>,
}

/// A line that announced measurements.
#[derive(Debug)]
pub struct Measured {
    /// When it was read.
    pub at: Instant,
    /// Names of the files, without their folders, one for each measurement.
    pub files: Vec<String>,
}

impl MeasuredAgent {
    /// Starts an agent on a folder, with a data folder of its own.
    pub fn start(bench: &Bench<'_>, watched: &Path, data: &str, idle_seconds: u32) -> Outcome<Self> {
        let mut command = bench.sacmes(&["agent", "--name", "bench", "--watch"]);
        command
            .arg(watched)
            .arg("--data-dir")
            .arg(bench.folder.join(data))
            .args(["--exit-after-idle", &idle_seconds.to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut running = bench.supervisor.spawn("sacmes agent", &mut command)?;
        let output = running
            .child()
            .stdout
            .take()
            .ok_or_else(|| Failure::new("the agent has no output"))?;
        let (send, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // The measurement may be over; then nobody listens.
                if send.send((Instant::now(), line)).is_err() {
                    break;
                }
            }
        });
        Ok(Self { running, lines })
    }

    /// Waits until the session has begun.
    pub fn wait_for_session(&self, bench: &Bench<'_>) -> Outcome {
        loop {
            match self.next_line(bench)? {
                Some((_, line)) if line.contains("\"session_started\"") => return Ok(()),
                Some(_) => {}
                None => return Err(Failure::new("the agent ended before its session began")),
            }
        }
    }

    /// The next announcement of measurements; `None` after the agent has ended.
    pub fn next(&self, bench: &Bench<'_>) -> Outcome<Option<Measured>> {
        loop {
            let Some((at, line)) = self.next_line(bench)? else {
                return Ok(None);
            };
            if line.contains("\"measured\"") && json_text::count(&line, "measurements") > 0 {
                let name = |path: String| path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
                return Ok(Some(Measured {
                    at,
                    files: json_text::strings(&line, "file").map(name).collect(),
                }));
            }
        }
    }

    /// Ends the agent.
    pub fn end(mut self) {
        self.running.end();
    }

    fn next_line(&self, bench: &Bench<'_>) -> Outcome<Option<(Instant, String)>> {
        loop {
            match self.lines.recv_timeout(Duration::from_millis(100)) {
                Ok(line) => return Ok(Some(line)),
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) if bench.supervisor.is_interrupted() => {
                    return Err(Failure::interrupted());
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}
