//! The window under measurement; the measurements themselves are a benchmark of the desktop app.

use crate::desktop_session::DesktopSession;
use crate::failure::Outcome;
use crate::node;
use crate::processes::Supervisor;
use crate::system_packages::{self, Need};
use crate::tools;
use crate::workspace::{DESKTOP_PACKAGE, Workspace};

use super::machine;

/// Has the table printed: on a private desktop, in the real webview.
pub fn measure(workspace: &Workspace, supervisor: &Supervisor) -> Outcome {
    system_packages::ensure(Need::Tests, supervisor)?;
    node::ensure_built(workspace, supervisor)?;
    tools::ensure_tauri_driver(workspace, supervisor)?;
    let command_line = ["build", "--release", "--package", "cli", "--bins", "--locked"];
    supervisor.run("cargo build", &mut workspace.cargo(command_line))?;
    let bench = ["bench", "--package", DESKTOP_PACKAGE, "--bench", "window", "--locked"];
    supervisor.run("cargo bench --no-run", workspace.cargo(bench).arg("--no-run"))?;
    let session = DesktopSession::start(supervisor)?;
    let mut command = workspace.cargo(bench);
    session.enter(&mut command);
    tools::find_on_path(workspace, &mut command)?;
    supervisor.run("cargo bench", &mut command)?;
    println!("{}", machine::describe(&workspace.target));
    Ok(())
}
