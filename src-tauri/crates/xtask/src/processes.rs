//! Child processes that never outlive this one.
//!
//! Each child leads a process group of its own and is ended with it: politely first, then for good. Ctrl+C, a closed
//! terminal and `kill` reach this program as a flag, which every wait looks at.

use crate::failure::{Doing, Failure, Outcome};
use crate::leftovers;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Time that children have between being asked to end and being ended.
const GRACE: Duration = Duration::from_secs(5);
/// How often waiting looks.
const LOOK: Duration = Duration::from_millis(20);

/// Starts children and hears of the wish to stop.
#[derive(Debug, Clone)]
pub struct Supervisor {
    interrupted: Arc<AtomicBool>,
}

/// A child that runs.
#[derive(Debug)]
pub struct Running {
    name: String,
    child: Child,
    interrupted: Arc<AtomicBool>,
    ended: bool,
}

impl Supervisor {
    /// Takes over the signals that end a program.
    pub fn listen() -> Outcome<Self> {
        use signal_hook::consts::{SIGINT, SIGTERM};
        let interrupted = Arc::new(AtomicBool::new(false));
        let signals = [
            SIGINT,
            SIGTERM,
            #[cfg(unix)]
            signal_hook::consts::SIGHUP,
        ];
        for signal in signals {
            // A second signal, while children are being ended, ends this program at once.
            signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(&interrupted))
                .and_then(|_| signal_hook::flag::register(signal, Arc::clone(&interrupted)))
                .doing(|| "listen for Ctrl+C".to_owned())?;
        }
        Ok(Self { interrupted })
    }

    /// Whether somebody asked to stop.
    pub fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    /// Starts a command as the leader of a group of its own, without standard input unless the command says otherwise.
    pub fn spawn(&self, name: &str, command: &mut Command) -> Outcome<Running> {
        if self.is_interrupted() {
            return Err(Failure::interrupted());
        }
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        leftovers::mark(command);
        let child = command
            .spawn()
            .doing(|| format!("start {name} ({})", command.get_program().to_string_lossy()))?;
        Ok(Running {
            name: name.to_owned(),
            child,
            interrupted: Arc::clone(&self.interrupted),
            ended: false,
        })
    }

    /// Runs a command to its end; anything but success is a failure.
    pub fn run(&self, name: &str, command: &mut Command) -> Outcome {
        let mut running = self.spawn(name, command.stdin(Stdio::null()))?;
        succeeded(name, running.wait()?)
    }

    /// Runs a command to its end, showing its output and handing each of its lines to `look` as well.
    pub fn run_and_read(&self, name: &str, command: &mut Command, look: impl Fn(&str) + Sync) -> Outcome<ExitStatus> {
        let mut running = self.spawn(
            name,
            command
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped()),
        )?;
        let (output, errors) = (running.child.stdout.take(), running.child.stderr.take());
        thread::scope(|scope| {
            let readers = [
                output.map(|pipe| scope.spawn(|| pass_on(pipe, &mut std::io::stdout(), &look))),
                errors.map(|pipe| scope.spawn(|| pass_on(pipe, &mut std::io::stderr(), &look))),
            ];
            let status = running.wait();
            // What the child left running would hold the pipes open.
            running.end();
            for reader in readers.into_iter().flatten() {
                // A reader cannot fail: what cannot be shown is dropped.
                let _ = reader.join();
            }
            status
        })
    }

    /// Runs a command that must stay in the terminal's foreground, since it may ask for a password there.
    pub fn run_in_foreground(&self, name: &str, command: &mut Command) -> Outcome {
        if self.is_interrupted() {
            return Err(Failure::interrupted());
        }
        succeeded(name, command.status().doing(|| format!("start {name}"))?)
    }

    /// Sleeps in small steps until `until` says that it is enough (`Ok(true)`) or the time is over (`Ok(false)`).
    pub fn wait_for(&self, at_most: Duration, mut until: impl FnMut() -> bool) -> Outcome<bool> {
        let deadline = Instant::now() + at_most;
        loop {
            if self.is_interrupted() {
                return Err(Failure::interrupted());
            }
            if until() {
                return Ok(true);
            }
            if Instant::now() >= deadline {
                return Ok(false);
            }
            thread::sleep(LOOK);
        }
    }
}

impl Running {
    /// The child itself, for its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> Outcome<Option<ExitStatus>> {
        self.child.try_wait().doing(|| format!("wait for {}", self.name))
    }

    /// Waits for its end; a wish to stop ends it first.
    pub fn wait(&mut self) -> Outcome<ExitStatus> {
        loop {
            if let Some(status) = self.has_ended()? {
                return Ok(status);
            }
            if self.interrupted.load(Ordering::Relaxed) {
                self.end();
                return Err(Failure::interrupted());
            }
            thread::sleep(LOOK);
        }
    }

    /// Leaves alone what it started and what still runs.
    pub fn let_go(mut self) {
        self.ended = true;
    }

    /// Ends it and everything in its group: asks, waits, then insists.
    pub fn end(&mut self) {
        if self.ended {
            return;
        }
        self.ended = true;
        group::ask_to_end(&mut self.child);
        let deadline = Instant::now() + GRACE;
        loop {
            let gone = self.child.try_wait().is_ok_and(|status| status.is_some());
            if gone && !group::is_alive(&self.child) {
                return;
            }
            if Instant::now() >= deadline {
                break;
            }
            thread::sleep(LOOK);
        }
        group::kill(&mut self.child);
        // The error would be that it is gone already.
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// Anything but success is a failure.
pub fn succeeded(name: &str, status: ExitStatus) -> Outcome {
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("{name} failed ({status})")))
    }
}

/// Copies a pipe to the terminal line by line and lets `look` see each line.
fn pass_on(pipe: impl Read, to: &mut dyn Write, look: &(impl Fn(&str) + Sync)) {
    let mut reader = BufReader::new(pipe);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
        // The terminal may be gone; the child still has to be read, or it would block.
        let _ = to.write_all(&line).and_then(|()| to.flush());
        look(&String::from_utf8_lossy(&line));
        line.clear();
    }
}

#[cfg(unix)]
mod group {
    use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
    use std::process::Child;

    fn group(child: &Child) -> Option<Pid> {
        i32::try_from(child.id()).ok().and_then(Pid::from_raw)
    }

    fn send(child: &Child, signal: Signal) {
        if let Some(group) = group(child) {
            // The only expected error is that nobody is left to receive it.
            let _ = kill_process_group(group, signal);
        }
    }

    pub fn ask_to_end(child: &mut Child) {
        send(child, Signal::TERM);
    }

    pub fn kill(child: &mut Child) {
        send(child, Signal::KILL);
    }

    pub fn is_alive(child: &Child) -> bool {
        group(child).is_some_and(|group| test_kill_process_group(group).is_ok())
    }
}

#[cfg(not(unix))]
mod group {
    use std::process::{Child, Command, Stdio};

    pub fn ask_to_end(child: &mut Child) {
        kill(child);
    }

    pub fn kill(child: &mut Child) {
        // Children of the child are in no group that could be ended at once, so taskkill walks the tree.
        let _ = Command::new("taskkill")
            .args(["/T", "/F", "/PID", &child.id().to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        let _ = child.kill();
    }

    pub fn is_alive(_child: &Child) -> bool {
        false
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::sync::Mutex;

    fn supervisor() -> Supervisor {
        Supervisor {
            interrupted: Arc::default(),
        }
    }

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn output_is_seen_line_by_line_and_the_status_returned() {
        let lines = Mutex::new(Vec::new());
        let status = supervisor()
            .run_and_read("sh", &mut shell("echo one; echo two >&2; exit 3"), |line| {
                lines.lock().unwrap().push(line.trim().to_owned());
            })
            .unwrap();
        let mut lines = lines.into_inner().unwrap();
        lines.sort();
        assert_eq!(lines, ["one", "two"]);
        assert_eq!(status.code(), Some(3));
    }

    #[test]
    fn ending_a_child_ends_its_children() {
        let mut running = supervisor()
            .spawn("sh", shell("sleep 1000 & echo $!; wait").stdout(Stdio::piped()))
            .unwrap();
        let mut line = String::new();
        BufReader::new(running.child().stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let grandchild = rustix::process::Pid::from_raw(line.trim().parse().unwrap()).unwrap();
        assert!(rustix::process::test_kill_process(grandchild).is_ok());
        running.end();
        assert!(!group::is_alive(&running.child));
    }

    #[test]
    fn a_pipe_held_by_a_forgotten_child_does_not_block() {
        let status = supervisor()
            .run_and_read("sh", &mut shell("sleep 1000 & exit 0"), |_| ())
            .unwrap();
        assert!(status.success());
    }

    #[test]
    fn a_wish_to_stop_ends_the_wait_and_the_child() {
        let supervisor = supervisor();
        let mut running = supervisor.spawn("sleep", Command::new("sleep").arg("1000")).unwrap();
        supervisor.interrupted.store(true, Ordering::Relaxed);
        assert!(running.wait().unwrap_err().is_interrupted());
        assert!(
            supervisor
                .run("true", &mut Command::new("true"))
                .unwrap_err()
                .is_interrupted()
        );
    }
}
