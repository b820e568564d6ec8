//! File handles: ten thousand connections need as many, at both ends.

use crate::Outcome;
use crate::table::Report;

/// Has this process, and the programs that it starts, use `wanted` file handles.
#[cfg(unix)]
pub fn raise(wanted: u64, report: &mut Report) -> Outcome {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let before = getrlimit(Resource::Nofile);
    let Some(current) = before.current.filter(|current| *current < wanted) else {
        return Ok(());
    };
    // Root may raise the upper limit as well.
    let maximum = before.maximum.map(|maximum| maximum.max(wanted));
    let raised = Rlimit {
        current: Some(wanted),
        maximum,
    };
    setrlimit(Resource::Nofile, raised).map_err(|error| {
        let most = before.maximum.map_or_else(String::new, |most| format!(" of {most}"));
        format!("{wanted} file handles are needed, and the system's limit{most} cannot be raised: {error}")
    })?;
    report.raised(format!("file handles of a process from {current} to {wanted}"));
    Ok(())
}

#[cfg(not(unix))]
pub fn raise(_: u64, _: &mut Report) -> Outcome {
    Ok(())
}
