//! The profile that an agent has open, and its User ID.

use super::Lab;
use crate::agent_process::{AgentProcess, Ended, agent, take_in};
use crate::arguments;
use crate::program::{Run, run};

#[test]
fn a_profile_that_another_program_has_open_is_refused_and_named() {
    let lab = Lab::new();
    let mut first = lab.agent(&[]);
    first.wait_for("a session", |event| event["event"] == "session_started");
    let Run { stderr, .. } = run(arguments![
        "agent",
        "--watch",
        lab.folder.path(),
        "--data-dir",
        lab.data.path()
    ])
    .ends_with(1);
    assert!(stderr.contains("sacmes agent (process"), "{stderr}");
    // Another profile of the same data folder, and the same profile of another folder, are free.
    lab.take_in(&["--profile", "Anna"]);
    let other = tempfile::tempdir().unwrap();
    take_in(lab.folder.path(), other.path(), &[]);
    first.kill();
}

#[test]
fn the_user_id_is_made_at_the_first_start_and_where_it_is_kept_is_said() {
    let lab = Lab::new();
    let mut command = agent(lab.folder.path(), lab.data.path(), &[]);
    command.args(["--exit-after-idle", "2"]);
    let Ended { stderr, .. } = AgentProcess::start(command).end();
    assert!(stderr.contains("only you can read"), "{stderr}");
    assert!(lab.data.path().join("profiles/default/user-id").exists());
}
