//! `cargo xtask`: sets everything up, then runs, tests, checks or measures the project.
//!
//! Builds without any system library, because installing those is its job.
#![allow(
    clippy::print_stdout,
    reason = "talking to the person at the terminal is what this program is for"
)]

mod bench;
mod browser_tests;
mod check;
mod desktop_session;
mod failure;
mod json_text;
mod leftovers;
mod node;
mod package;
mod processes;
mod run;
mod steps;
mod system_packages;
mod test;
mod test_counts;
mod tools;
mod workspace;

use failure::{Failure, Outcome};
use processes::Supervisor;
use std::process::ExitCode;
use workspace::Workspace;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  run             set up, then open the window; without a display, start the headless agent on a simulated experiment
  test [STEP...]  set up, then run every check and test, or only the steps named as in the table that it prints
  check           formatting, lints, licences and UI types, without running tests
  package         set up, build for release, and put what people install on this system into packages/
  types           write the TypeScript types of ui/src/protocol anew, after a change of the protocol
  bench [NAME...] measure: crates, costs, pipeline, intake, latency, relay (default: all); release builds, nothing else should be running
";

fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

fn start() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((command, rest)) = arguments.split_first() else {
        return Err(Failure::usage("no command given", USAGE));
    };
    let nothing_more = |rest: &[String]| match rest.first() {
        Some(extra) => Err(Failure::usage(
            &format!("`{command}` takes no argument such as `{extra}`"),
            USAGE,
        )),
        None => Ok(()),
    };
    let workspace = Workspace::find()?;
    let supervisor = Supervisor::listen()?;
    match command.as_str() {
        "run" => nothing_more(rest).and_then(|()| run::run(&workspace, &supervisor)),
        "test" => test::test(&workspace, &supervisor, rest),
        "check" => nothing_more(rest).and_then(|()| check::check(&workspace, &supervisor)),
        "package" => nothing_more(rest).and_then(|()| package::package(&workspace, &supervisor)),
        "types" => nothing_more(rest).and_then(|()| check::write_types(&workspace, &supervisor)),
        "bench" => bench::bench(&workspace, &supervisor, rest),
        "help" | "-h" | "--help" => {
            print!("{USAGE}");
            Ok(())
        }
        unknown => Err(Failure::usage(&format!("there is no command `{unknown}`"), USAGE)),
    }
}
