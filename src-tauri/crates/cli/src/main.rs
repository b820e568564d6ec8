//! The `sacmes` command line: analysis, storage and export without a window (`docs/cli.md`).

mod commands;
mod ending;
mod interruption;
mod logging;
mod output;
mod place;
mod progress;
mod session_choice;
mod settings_file;
mod table;

use std::process::ExitCode;

use clap::Parser;

/// Watch, analyse and export electrochemical experiments.
///
/// Data goes to standard output or --out, everything else to standard error. Exit codes: 0 done; 1 nothing could be done; 2
/// wrong usage; 3 done, but some files could not be used. Numbers are in SI base units.
#[derive(Debug, Parser)]
#[command(
    name = "sacmes",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(subcommand)]
    command: commands::Command,

    /// Say more on standard error; `RUST_LOG` chooses precisely.
    #[arg(short, long, global = true)]
    verbose: bool,
}

fn main() -> ExitCode {
    let Arguments { command, verbose } = Arguments::parse();
    logging::start(verbose);
    match command.run(verbose) {
        Ok(ending) => ending.into(),
        Err(failure) => failure.report(),
    }
}
