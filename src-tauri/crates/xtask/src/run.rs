//! `cargo xtask run`: the window where there is a display, else the headless agent on a simulated experiment.

use crate::failure::{Doing, Failure, Outcome};
use crate::json_text;
use crate::leftovers;
use crate::node;
use crate::processes::{Supervisor, succeeded};
use crate::system_packages::{self, Need};
use crate::workspace::{DESKTOP_PACKAGE, Workspace};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How often the headless run says how far it is.
const REPORT_EVERY: Duration = Duration::from_secs(10);

/// Sets up, builds, and runs until the window is closed or Ctrl+C is pressed.
pub fn run(workspace: &Workspace, supervisor: &Supervisor) -> Outcome {
    let result = if has_display() {
        run_desktop(workspace, supervisor)
    } else {
        let result = run_headless(workspace, supervisor);
        leftovers::end_all();
        result
    };
    match result {
        // Ctrl+C is the way to end it.
        Err(failure) if failure.is_interrupted() => {
            println!("\nStopped.");
            Ok(())
        }
        other => other,
    }
}

fn has_display() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(any(windows, target_os = "macos")) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

fn run_desktop(workspace: &Workspace, supervisor: &Supervisor) -> Outcome {
    system_packages::ensure(Need::Desktop, supervisor)?;
    node::ensure_built(workspace, supervisor)?;
    let program = workspace.program("release", DESKTOP_PACKAGE);
    if !program.is_file() {
        println!("Building SACMES; the first time takes several minutes");
    }
    let build = ["build", "--release", "--package", DESKTOP_PACKAGE, "--bins", "--locked"];
    supervisor.run("cargo build", &mut workspace.cargo(build))?;
    println!("Opening the SACMES window; closing it leaves SACMES in the tray, Ctrl+C here ends it");
    let mut app = supervisor.spawn(
        "SACMES",
        Command::new(program).current_dir(&workspace.root).stdin(Stdio::null()),
    )?;
    let status = app.wait()?;
    // A browser that the app opened is the person's now.
    app.let_go();
    succeeded("SACMES", status)
}

fn run_headless(workspace: &Workspace, supervisor: &Supervisor) -> Outcome {
    system_packages::ensure(Need::Headless, supervisor)?;
    // The relay serves it to browsers.
    node::ensure_built(workspace, supervisor)?;
    let program = workspace.program("release", "sacmes");
    println!("There is no display, so this runs SACMES without a window, on a simulated experiment.");
    if !program.is_file() {
        println!("Building it; the first time takes a few minutes");
    }
    let build = ["build", "--release", "--package", "cli", "--bins", "--locked"];
    supervisor.run("cargo build", &mut workspace.cargo(build))?;

    let started = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs();
    let folder = workspace.target.join(format!("simulated-run/{started}"));
    let (instrument, data) = (folder.join("instrument"), folder.join("data"));
    for made in [&instrument, &data] {
        fs::create_dir_all(made).doing(|| format!("create {}", made.display()))?;
    }
    let address = free_address()?;
    explain(&program, &instrument, &data);

    let mut relay = Command::new(&program);
    relay
        .args(["relay", "--listen", &address])
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    let mut relay = supervisor.spawn("the relay", &mut relay)?;

    let events = File::create(folder.join("events.jsonl")).doing(|| "create events.jsonl".to_owned())?;
    let mut agent = Command::new(&program);
    agent
        .args(["agent", "--name", "Simulated experiment", "--watch"])
        .arg(&instrument)
        .arg("--data-dir")
        .arg(&data)
        .args(["--share", "--relay", &format!("http://{address}")])
        // This throw-away profile's User ID belongs into its own folder, not into the person's keyring.
        .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut agent = supervisor.spawn("the agent", &mut agent)?;
    let measured = Arc::new(AtomicUsize::new(0));
    if let Some(output) = agent.child().stdout.take() {
        let measured = Arc::clone(&measured);
        thread::spawn(move || keep_events(output, events, &measured));
    }

    let mut simulator = Command::new(&program);
    simulator
        .arg("simulate")
        .arg(&instrument)
        .args([
            "--electrodes",
            "4",
            "--frequencies",
            "15,200",
            "--files",
            "200",
            "--interval",
            "1",
        ])
        .args(["--style", "append", "--handle", "Demo"])
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    let mut simulator = supervisor.spawn("the simulated instrument", &mut simulator)?;

    let (mut simulating, mut reported) = (true, (0, 0));
    loop {
        let mut ended = None;
        supervisor.wait_for(REPORT_EVERY, || {
            let agent_ended = agent.has_ended().ok().flatten().map(|status| ("agent", status));
            let relay_ended = || relay.has_ended().ok().flatten().map(|status| ("relay", status));
            ended = agent_ended.or_else(relay_ended);
            ended.is_some()
        })?;
        if let Some((which, status)) = ended {
            return Err(Failure::new(format!(
                "the {which} ended by itself ({status}); its messages are above"
            )));
        }
        let files = fs::read_dir(&instrument).map_or(0, Iterator::count);
        let progress = (files, measured.load(Ordering::Relaxed));
        if progress != reported {
            reported = progress;
            println!(
                "{} files from the instrument, {} sweeps analysed",
                progress.0, progress.1
            );
        }
        if simulating && let Some(status) = simulator.has_ended()? {
            simulating = false;
            if !status.success() {
                return Err(Failure::new(format!("the simulated instrument failed ({status})")));
            }
            println!("The simulated experiment is over. The agent goes on watching; Ctrl+C ends it.");
        }
    }
}

/// An address of this computer that nobody uses. Somebody may take it before the relay does; that is said then.
fn free_address() -> Outcome<String> {
    let listener = TcpListener::bind("127.0.0.1:0").doing(|| "find a free port".to_owned())?;
    let address = listener.local_addr().doing(|| "find a free port".to_owned())?;
    Ok(address.to_string())
}

fn explain(program: &Path, instrument: &Path, data: &Path) {
    let (program, instrument, data) = (program.display(), instrument.display(), data.display());
    println!(
        "
A simulated potentiostat writes a square-wave voltammetry experiment (4 electrodes, 15 and 200 Hz, one file a second)
into this folder, as an instrument's own software would:
  {instrument}
The agent watches that folder, analyses each scan when its file is complete, and keeps everything here:
  {data}

Look at the results at any time from another terminal:
  {program} sessions --data-dir {data}
  {program} results SESSION --data-dir {data}
  {program} trends SESSION --last 5 --data-dir {data}

Look at it live in a browser: a relay runs here as well, and the link is printed below. It works on this
computer only.

Ctrl+C ends all of it. With a display, this command opens the window instead.
"
    );
}

/// Writes the agent's events into a file and counts the measurements among them, until the agent ends.
fn keep_events(output: ChildStdout, mut events: File, measured: &AtomicUsize) {
    let mut reader = BufReader::new(output);
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|length| length > 0) {
        measured.fetch_add(json_text::count(&line, "measurement"), Ordering::Relaxed);
        // A full disk must not stop the reading: the agent would block on its own output.
        let _ = events.write_all(line.as_bytes());
        line.clear();
    }
}
