//! `cargo xtask test`: every check and test, from a fresh machine to a table of results.

use crate::browser_tests;
use crate::check;
use crate::desktop_session::DesktopSession;
use crate::failure::{Failure, Outcome};
use crate::leftovers;
use crate::node;
use crate::package;
use crate::processes::Supervisor;
use crate::steps::Steps;
use crate::system_packages::{self, Need};
use crate::test_counts::{Counts, Runner, in_line};
use crate::tools;
use crate::workspace::{DESKTOP_PACKAGE, Workspace};
use std::io::IsTerminal;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// The steps in their order, cheapest first.
const STEPS: [&str; 11] = [
    "set-up",
    "rustfmt",
    "ui-build",
    "ui-types",
    "ui-tests",
    "clippy",
    "rust-tests",
    "doc-tests",
    "browser-tests",
    "desktop-tests",
    "package-tests",
];

/// All crates but the desktop app.
const HEADLESS: [&str; 4] = ["--workspace", "--exclude", DESKTOP_PACKAGE, "--locked"];

/// Runs all steps, or those named in `wanted`, and reports them. No process is left behind, whatever happens.
pub fn test(workspace: &Workspace, supervisor: &Supervisor, wanted: &[String]) -> Outcome {
    let mut steps = Steps::new(wanted, &STEPS)?;
    let result = run_steps(&mut steps, workspace, supervisor);
    let leftovers = leftovers::end_all();
    if !leftovers.is_empty() {
        eprintln!("ended processes that were still running: {}", leftovers.join(", "));
    }
    result.and_then(|()| steps.report())
}

fn run_steps(steps: &mut Steps, workspace: &Workspace, supervisor: &Supervisor) -> Outcome {
    // Without the system's libraries nothing else would work.
    if !steps.run("set-up", || {
        system_packages::ensure(Need::Tests, supervisor).map(|()| None)
    })? {
        return Ok(());
    }
    check::formatting(steps, workspace, supervisor)?;

    let ui_builds = steps.run("ui-build", || node::ensure_built(workspace, supervisor).map(|()| None))?;
    if ui_builds {
        check::ui_types(steps, workspace, supervisor)?;
        steps.run("ui-tests", || {
            counted(
                Runner::Vitest,
                supervisor,
                "npm test",
                &mut node::npm(workspace, ["test"]),
            )
            .map(Some)
        })?;
    } else {
        for name in ["ui-types", "ui-tests"] {
            steps.cannot_run(name, "the UI does not build");
        }
    }

    check::lints(steps, workspace, supervisor)?;
    steps.run("rust-tests", || rust_tests(workspace, supervisor).map(Some))?;
    steps.run("doc-tests", || {
        let arguments = [
            "test",
            "--doc",
            "--workspace",
            "--exclude",
            DESKTOP_PACKAGE,
            "--locked",
            "--no-fail-fast",
        ];
        counted(
            Runner::Cargo,
            supervisor,
            "cargo test --doc",
            &mut workspace.cargo(arguments),
        )
        .map(Some)
    })?;

    if ui_builds {
        steps.run("browser-tests", || browser_tests(workspace, supervisor).map(Some))?;
    } else {
        steps.cannot_run("browser-tests", "the UI does not build");
    }

    if !cfg!(target_os = "linux") {
        for name in ["desktop-tests", "package-tests"] {
            let reason = "windows of this system have no WebDriver that tauri-driver can use";
            steps.leave_out(name, reason);
        }
        return Ok(());
    }
    if !ui_builds {
        for name in ["desktop-tests", "package-tests"] {
            steps.cannot_run(name, "the UI does not build");
        }
        return Ok(());
    }
    steps.run("desktop-tests", || desktop_tests(workspace, supervisor).map(Some))?;
    if system_packages::is_debian() {
        steps.run("package-tests", || package_tests(workspace, supervisor).map(Some))?;
    } else {
        steps.leave_out("package-tests", "this system does not install .deb packages");
    }
    Ok(())
}

/// All crates but the desktop app, with nextest where it is installed.
fn rust_tests(workspace: &Workspace, supervisor: &Supervisor) -> Outcome<Counts> {
    if tools::has_subcommand(workspace, "nextest") {
        let mut command = workspace.cargo(["nextest", "run"]);
        counted(
            Runner::Nextest,
            supervisor,
            "cargo nextest run",
            command.args(HEADLESS).arg("--no-fail-fast"),
        )
    } else {
        let mut command = workspace.cargo(["test"]);
        counted(
            Runner::Cargo,
            supervisor,
            "cargo test",
            command
                .args(HEADLESS)
                .args(["--no-fail-fast", "--lib", "--bins", "--tests"]),
        )
    }
}

/// The page of followers in Chromium, as a relay serves it.
fn browser_tests(workspace: &Workspace, supervisor: &Supervisor) -> Outcome<Counts> {
    let browser = browser_tests::ensure_chromium(supervisor)?;
    // The program has the page in it.
    node::ensure_built(workspace, supervisor)?;
    let program = browser_tests::build(workspace, supervisor, &HEADLESS)?;
    let mut command = node::npm(workspace, ["run", "test:browser"]);
    browser_tests::point(&mut command, &browser, &program);
    counted(Runner::Vitest, supervisor, "npm run test:browser", &mut command)
}

/// The name of the tests of the installed package, which are no tests of the program where it was built.
const OF_PACKAGE: &str = "package::";

/// The desktop app: its unit tests, its commands through the mock runtime, and its real window on a private desktop.
fn desktop_tests(workspace: &Workspace, supervisor: &Supervisor) -> Outcome<Counts> {
    build_desktop(workspace, supervisor)?;
    // Another computer, whose experiments the window follows, is played by the command line; built as for its own tests.
    let other = [
        "build",
        "--workspace",
        "--exclude",
        DESKTOP_PACKAGE,
        "--bin",
        "sacmes",
        "--locked",
    ];
    supervisor.run("cargo build of the command line", &mut workspace.cargo(other))?;
    // Compiling happens outside of the private desktop, with the person's own home and caches.
    let compile = ["test", "--package", DESKTOP_PACKAGE, "--locked", "--no-run"];
    supervisor.run("cargo test --no-run of the desktop app", &mut workspace.cargo(compile))?;

    let session = DesktopSession::start(supervisor)?;
    let arguments = ["test", "--package", DESKTOP_PACKAGE, "--locked", "--no-fail-fast", "--"];
    let mut command = workspace.cargo(arguments);
    command.args(["--test-threads=1", "--skip", OF_PACKAGE]);
    on_desktop(&session, workspace, &mut command)?;
    counted(Runner::Cargo, supervisor, "cargo test of the desktop app", &mut command)
}

/// The package that people install: put into a root folder of its own, started from there, and removed again.
fn package_tests(workspace: &Workspace, supervisor: &Supervisor) -> Outcome<Counts> {
    build_desktop(workspace, supervisor)?;
    let deb = package::package_for_tests(workspace, supervisor)?;
    let compile = [
        "test",
        "--package",
        DESKTOP_PACKAGE,
        "--locked",
        "--test",
        "desktop",
        "--no-run",
    ];
    supervisor.run("cargo test --no-run of the desktop app", &mut workspace.cargo(compile))?;
    let session = DesktopSession::start(supervisor)?;
    let arguments = [
        "test",
        "--package",
        DESKTOP_PACKAGE,
        "--locked",
        "--test",
        "desktop",
        "--",
    ];
    let mut command = workspace.cargo(arguments);
    command
        .args(["--test-threads=1", OF_PACKAGE])
        .env("SACMES_TEST_DEB", deb);
    on_desktop(&session, workspace, &mut command)?;
    counted(Runner::Cargo, supervisor, "cargo test of the package", &mut command)
}

fn build_desktop(workspace: &Workspace, supervisor: &Supervisor) -> Outcome {
    tools::ensure_tauri_driver(workspace, supervisor)?;
    let build = ["build", "--package", DESKTOP_PACKAGE, "--bins", "--locked"];
    supervisor.run("cargo build of the desktop app", &mut workspace.cargo(build))
}

/// Lets tests run on a private desktop, where they find tauri-driver.
fn on_desktop(session: &DesktopSession, workspace: &Workspace, command: &mut Command) -> Outcome {
    session.enter(command);
    tools::find_on_path(workspace, command)
}

/// Runs a test command and adds up the summaries that it prints.
///
/// # Errors
/// The command failed without any test having failed, for instance because it did not compile.
fn counted(runner: Runner, supervisor: &Supervisor, name: &str, command: &mut Command) -> Outcome<Counts> {
    if std::io::stdout().is_terminal() {
        // The output goes through a pipe, where cargo would leave its colours out.
        command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
    }
    let counts = Mutex::new(Counts::default());
    let status = supervisor.run_and_read(name, command, |line| {
        if let Some(more) = in_line(runner, line) {
            *counts.lock().unwrap_or_else(PoisonError::into_inner) += more;
        }
    })?;
    let counts = counts.into_inner().unwrap_or_else(PoisonError::into_inner);
    if status.success() || counts.failed > 0 {
        Ok(counts)
    } else {
        Err(Failure::new(format!("{name} failed ({status})")))
    }
}
