//! Checks that run no test: formatting, lints, licences, UI types. `cargo xtask test` begins with them.

use crate::failure::Outcome;
use crate::node;
use crate::processes::Supervisor;
use crate::steps::Steps;
use crate::system_packages::{self, Need};
use crate::tools;
use crate::workspace::Workspace;

/// `cargo xtask check`.
pub fn check(workspace: &Workspace, supervisor: &Supervisor) -> Outcome {
    system_packages::ensure(Need::Desktop, supervisor)?;
    let mut steps = Steps::default();
    formatting(&mut steps, workspace, supervisor)?;
    let built = steps.run("ui-build", || node::ensure_built(workspace, supervisor).map(|()| None))?;
    if built {
        ui_types(&mut steps, workspace, supervisor)?;
        lints(&mut steps, workspace, supervisor)?;
    } else {
        steps.cannot_run("ui-types", "the UI does not build");
        steps.cannot_run("clippy", "the UI does not build");
    }
    licences(&mut steps, workspace, supervisor)?;
    steps.report()
}

/// rustfmt, without changing anything.
pub fn formatting(steps: &mut Steps, workspace: &Workspace, supervisor: &Supervisor) -> Outcome<bool> {
    steps.run("rustfmt", || {
        supervisor
            .run(
                "cargo fmt --check",
                &mut workspace.cargo(["fmt", "--all", "--", "--check"]),
            )
            .map(|()| None)
    })
}

/// Clippy over all targets; a warning is a failure.
pub fn lints(steps: &mut Steps, workspace: &Workspace, supervisor: &Supervisor) -> Outcome<bool> {
    steps.run("clippy", || {
        let arguments = [
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "--deny",
            "warnings",
        ];
        supervisor
            .run("cargo clippy", &mut workspace.cargo(arguments))
            .map(|()| None)
    })
}

/// `cargo xtask types`: writes the UI's types; the test that compares them does the writing.
pub fn write_types(workspace: &Workspace, supervisor: &Supervisor) -> Outcome {
    let arguments = ["test", "--package", "protocol", "--locked", "typescript"];
    let mut command = workspace.cargo(arguments);
    supervisor.run("cargo test", command.env("SACMES_WRITE_TYPES", "1"))
}

/// svelte-check.
pub fn ui_types(steps: &mut Steps, workspace: &Workspace, supervisor: &Supervisor) -> Outcome<bool> {
    steps.run("ui-types", || {
        supervisor
            .run("npm run check", &mut node::npm(workspace, ["run", "check"]))
            .map(|()| None)
    })
}

/// Licences and sources of all dependencies, then known vulnerabilities, where cargo-deny is installed.
fn licences(steps: &mut Steps, workspace: &Workspace, supervisor: &Supervisor) -> Outcome {
    if !tools::has_subcommand(workspace, "deny") {
        for name in ["licences", "advisories"] {
            steps.leave_out(name, "cargo-deny is not installed (cargo install cargo-deny --locked)");
        }
        return Ok(());
    }
    let mut deny = |name: &'static str, checks: &[&str]| {
        let mut command = workspace.cargo(["deny", "--locked", "check"]);
        steps.run(name, || {
            supervisor.run("cargo deny", command.args(checks)).map(|()| None)
        })
    };
    deny("licences", &["licenses", "bans", "sources"])?;
    // Asks the RustSec database on the network, so it is a step of its own.
    deny("advisories", &["advisories"])?;
    Ok(())
}
