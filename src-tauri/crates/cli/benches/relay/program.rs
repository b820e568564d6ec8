//! A program under measurement: started, looked at in `/proc`, ended with this one.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::Outcome;

/// No program takes longer to say that it is ready.
const PATIENCE: Duration = Duration::from_mins(1);
/// Time to end after being asked to.
const GRACE: Duration = Duration::from_secs(5);
/// Linux tells CPU time in hundredths of a second, whatever the kernel counts in.
const TICK: Duration = Duration::from_millis(10);

/// A running program, and the lines that it says.
pub struct Program {
    name: &'static str,
    child: Child,
    lines: Receiver<String>,
}

/// Where a program says what is listened for.
pub enum Says {
    Output,
    Errors,
}

/// Resident memory, in KiB.
#[derive(Clone, Copy)]
pub struct Memory {
    pub now: u64,
    pub peak: u64,
}

impl Program {
    /// Starts it; the other of its two outputs goes nowhere.
    pub fn start(name: &'static str, command: &mut Command, says: &Says) -> Outcome<Self> {
        let (output, errors) = match says {
            Says::Output => (Stdio::piped(), Stdio::null()),
            Says::Errors => (Stdio::null(), Stdio::piped()),
        };
        command.stdin(Stdio::null()).stdout(output).stderr(errors);
        let mut child = command
            .spawn()
            .map_err(|error| format!("{name} does not start: {error}"))?;
        let said: Box<dyn Read + Send> = match (child.stdout.take(), child.stderr.take()) {
            (Some(output), _) => Box::new(output),
            (None, Some(errors)) => Box::new(errors),
            (None, None) => return Err(format!("{name} has no output").into()),
        };
        let (send, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(said).lines().map_while(Result::ok) {
                // Read on though nobody listens any more: the program must not be held up.
                drop(send.send(line));
            }
        });
        Ok(Self { name, child, lines })
    }

    /// Waits for a line that `find` makes something of.
    pub fn hear<T>(&self, find: impl Fn(&str) -> Option<T>) -> Outcome<T> {
        let until = Instant::now() + PATIENCE;
        let mut heard = String::new();
        loop {
            let Ok(line) = self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) else {
                return Err(format!("{} did not say what was waited for, but:\n{heard}", self.name).into());
            };
            if let Some(found) = find(&line) {
                return Ok(found);
            }
            heard = heard + &line + "\n";
        }
    }

    /// Resident memory.
    pub fn memory(&self) -> Outcome<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let kib = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key));
            line.and_then(|value| value.split_whitespace().next()?.parse().ok())
        };
        match (kib("VmRSS:"), kib("VmHWM:")) {
            (Some(now), Some(peak)) => Ok(Memory { now, peak }),
            _ => Err(format!("/proc tells no memory of {}", self.name).into()),
        }
    }

    /// CPU time of all its threads, the kernel's work for them included.
    pub fn cpu(&self) -> Outcome<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name in brackets may have blanks; behind it, fields 14 and 15 are the 12th and 13th.
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let ticks: Vec<u32> = fields.skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
        Ok(TICK * ticks.iter().sum::<u32>())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        ask_to_end(&self.child);
        let until = Instant::now() + GRACE;
        while Instant::now() < until && self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            thread::sleep(Duration::from_millis(10));
        }
        // The errors would be that it has ended.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[cfg(unix)]
fn ask_to_end(child: &Child) {
    use rustix::process::{Pid, Signal, kill_process};
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // The error would be that it has ended.
        let _ = kill_process(pid, Signal::TERM);
    }
}

#[cfg(not(unix))]
fn ask_to_end(_: &Child) {}

/// How many programs want to run: the averages of 1, 5 and 15 minutes.
pub fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}
