//! `sacmes agent`: one session over a folder.

mod ending;
mod files;
mod folders;
mod profiles;
mod sessions;

use serde_json::Value;
use tempfile::TempDir;

use crate::agent_process::{AgentProcess, agent, take_in};
use crate::arguments;
use crate::program::run;
use crate::scans::put_old;

struct Lab {
    folder: TempDir,
    data: TempDir,
}

impl Lab {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            data: tempfile::tempdir().unwrap(),
        }
    }

    /// A file that nobody is writing any more.
    fn put(&self, name: &str, content: impl AsRef<[u8]>) {
        put_old(self.folder.path(), name, content);
    }

    fn agent(&self, more: &[&str]) -> AgentProcess {
        AgentProcess::start(agent(self.folder.path(), self.data.path(), more))
    }

    fn take_in(&self, more: &[&str]) -> Vec<Value> {
        take_in(self.folder.path(), self.data.path(), more)
    }

    fn sessions(&self) -> Vec<Value> {
        run(arguments!["sessions", "--json", "--data-dir", self.data.path()])
            .ends_with(0)
            .objects()
    }

    fn results(&self, session: &str) -> Vec<Value> {
        run(arguments!["results", session, "--data-dir", self.data.path()])
            .ends_with(0)
            .objects()
    }
}

/// `seq` of the record entries, in order.
fn sequence(events: &[Value]) -> Vec<u64> {
    events.iter().filter_map(|event| event["seq"].as_u64()).collect()
}
