//! The relay under measurement; the measurements themselves are a benchmark of the crate `cli`, which has both ends of the protocol.

use crate::failure::Outcome;
use crate::processes::Supervisor;
use crate::system_packages;
use crate::workspace::Workspace;

use super::machine;

/// The yardstick.
const NATS: &str = "nats-server";

/// Has the table printed.
pub fn measure(workspace: &Workspace, supervisor: &Supervisor) -> Outcome {
    if system_packages::is_debian()
        && let Err(failure) = system_packages::ensure_debian(&[NATS], supervisor)
    {
        if failure.is_interrupted() {
            return Err(failure);
        }
        eprintln!("{failure}; the relay is measured without {NATS} as a yardstick");
    }
    // It starts the programs that it measures, and finds them where cargo has built them with it.
    let arguments = ["bench", "--package", "cli", "--bench", "relay", "--locked"];
    supervisor.run("cargo bench", &mut workspace.cargo(arguments))?;
    println!("{}", machine::describe(&workspace.target));
    Ok(())
}
