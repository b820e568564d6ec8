//! Programs that run until they are asked to end: what they have said so far.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::agent_process::agent;
use crate::program::{Run, run, sacmes};
use crate::scans::{put_old, table};

/// Nothing here takes longer, even on a busy machine.
pub const PATIENCE: Duration = Duration::from_mins(1);

type Said = Arc<Mutex<String>>;

/// A program that runs, and ends with the test.
pub struct Process {
    child: Child,
    stdout: Said,
    stderr: Said,
}

fn gather(from: impl Read + Send + 'static) -> Said {
    let said = Said::default();
    let to = Arc::clone(&said);
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            let mut said = to.lock().unwrap_or_else(PoisonError::into_inner);
            said.push_str(&line);
            said.push('\n');
        }
    });
    said
}

impl Process {
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        Self {
            stdout: gather(child.stdout.take().unwrap()),
            stderr: gather(child.stderr.take().unwrap()),
            child,
        }
    }

    pub fn stdout(&self) -> String {
        self.stdout.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn stderr(&self) -> String {
        self.stderr.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until standard output says this.
    #[track_caller]
    pub fn prints(&self, words: &str) {
        self.until(words, || self.stdout().contains(words));
    }

    /// Waits until standard error says this.
    #[track_caller]
    pub fn says(&self, words: &str) {
        self.until(words, || self.stderr().contains(words));
    }

    #[track_caller]
    pub fn until(&self, what: &str, is: impl Fn() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is() {
            assert!(
                Instant::now() < deadline,
                "no {what:?}; standard output {}, standard error {}",
                self.stdout(),
                self.stderr()
            );
            thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn signal(&self, signal: rustix::process::Signal) {
        let process = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(process, signal).unwrap();
    }

    /// Asks it to end; its exit code, and all that it said.
    #[track_caller]
    pub fn end(self) -> Run {
        self.signal(rustix::process::Signal::TERM);
        self.ended()
    }

    /// Waits until it has ended.
    #[track_caller]
    pub fn ended(mut self) -> Run {
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < deadline, "it does not end: {}", self.stderr());
            thread::sleep(Duration::from_millis(10));
        };
        // What was still in the pipes.
        thread::sleep(Duration::from_millis(50));
        Run {
            code: status.code(),
            stdout: self.stdout(),
            stderr: self.stderr(),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// `sacmes relay` on a free port of this computer.
pub struct Relay {
    pub process: Process,
    /// Host and port.
    pub authority: String,
}

impl Relay {
    pub fn start(more: &[&str]) -> Self {
        Self::start_with(more, |command| command)
    }

    pub fn start_with(more: &[&str], prepare: impl FnOnce(&mut Command) -> &mut Command) -> Self {
        let mut command = sacmes(["relay", "--listen", "127.0.0.1:0"]);
        prepare(command.args(more));
        let process = Process::start(command);
        process.prints("Agents: ");
        let first = process.stdout().lines().next().unwrap().to_owned();
        let authority = first.strip_prefix("Relay listening on ").unwrap().to_owned();
        Self { process, authority }
    }

    pub fn address(&self) -> String {
        format!("http://{}", self.authority)
    }
}

/// A folder with scans, and a profile of its own.
pub struct Bench {
    pub folder: TempDir,
    pub data: TempDir,
}

impl Bench {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        put_old(folder.path(), "CF_15Hz_1.txt", table(&[1e-7]));
        Self {
            folder,
            data: tempfile::tempdir().unwrap(),
        }
    }

    /// `sacmes agent --share`.
    pub fn sharing(&self, relay: &str, more: &[&str]) -> Command {
        let mut command = agent(self.folder.path(), self.data.path(), &["--share", "--relay", relay]);
        command.args(more).args(["--computer", "LAB-PC-7"]);
        command
    }

    /// One that is connected.
    pub fn shares(&self, relay: &Relay) -> Process {
        let agent = Process::start(self.sharing(&relay.address(), &[]));
        agent.says(&format!("sharing: connected to {}", relay.address()));
        agent
    }

    fn id(&self, more: &[&str]) -> String {
        let mut arguments = vec!["id", "--data-dir", self.data.path().to_str().unwrap()];
        arguments.extend(more);
        run(arguments).ends_with(0).stdout.trim_end().to_owned()
    }

    pub fn user_id(&self) -> String {
        self.id(&[])
    }

    pub fn view_only_code(&self) -> String {
        self.id(&["--view-only"])
    }

    /// A file that holds a code.
    pub fn code_file(&self, code: &str) -> PathBuf {
        let path = self.data.path().join(format!("code-{}", code.len()));
        std::fs::write(&path, code).unwrap();
        path
    }
}

/// `sacmes view` with a code from a file.
pub fn view(code: &Path, relay: &str, more: &[&str]) -> Command {
    let mut command = sacmes(["view", "--relay", relay, "--code-file"]);
    command.arg(code).args(more);
    command
}
