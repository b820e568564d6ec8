//! `sacmes profile`: listing, making, renaming, choosing and deleting profiles.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::agent_process::{AgentProcess, agent};
use crate::arguments;
use crate::program::{Run, run};

fn profile(data: &Path, words: &[&str]) -> Run {
    let mut arguments = arguments!["profile"].to_vec();
    arguments.extend(words.iter().map(Into::into));
    arguments.extend(arguments!["--data-dir", data]);
    run(arguments)
}

fn id(data: &Path, profile: &str) -> Run {
    run(arguments!["id", "--data-dir", data, "--profile", profile])
}

fn names(data: &Path) -> Vec<Value> {
    let listed = profile(data, &["list", "--json"]).ends_with(0).objects();
    listed.into_iter().map(|profile| profile["name"].clone()).collect()
}

#[test]
fn profiles_are_made_listed_chosen_renamed_and_deleted() {
    let data = tempfile::tempdir().unwrap();
    assert_eq!(profile(data.path(), &["list", "--json"]).ends_with(0).stdout, "");
    profile(data.path(), &["create", "Ada"])
        .ends_with(0)
        .says("“Ada” is made");
    profile(data.path(), &["create", "ada"])
        .ends_with(1)
        .says("There is a profile “Ada” already");
    profile(data.path(), &["create", "../x"])
        .ends_with(1)
        .says("cannot be a profile's name");
    let grace = profile(data.path(), &["create", "Grace Hopper", "--json"])
        .ends_with(0)
        .object();
    assert_eq!(
        (&grace["name"], &grace["sessions"], &grace["remembered_agents"]),
        (&json!("Grace Hopper"), &json!(0), &json!(0))
    );

    profile(data.path(), &["use", "grace hopper"])
        .ends_with(0)
        .says("opens “Grace Hopper” at its next start");
    profile(data.path(), &["use", "Grace Hopper"])
        .ends_with(0)
        .says("already using “Grace Hopper”");
    profile(data.path(), &["use", "Emmy"])
        .ends_with(1)
        .says("There is no profile “Emmy”");
    let table = profile(data.path(), &["list"]).ends_with(0).stdout;
    let lines: Vec<&str> = table.lines().collect();
    assert!(
        lines[0].starts_with("PROFILE") && lines[0].contains("NEXT START"),
        "{table}"
    );
    assert!(
        lines[1].starts_with("Ada ") && lines[1].contains("never") && !lines[1].contains("yes"),
        "{table}"
    );
    assert!(
        lines[2].starts_with("Grace Hopper ") && lines[2].contains("yes"),
        "{table}"
    );

    let before = id(data.path(), "Grace Hopper").ends_with(0).stdout;
    profile(data.path(), &["rename", "grace hopper", "Grace"])
        .ends_with(0)
        .says("is called “Grace” now");
    assert_eq!(names(data.path()), ["Ada", "Grace"]);
    assert_eq!(id(data.path(), "Grace").ends_with(0).stdout, before);
    let next = profile(data.path(), &["list", "--json"]).ends_with(0).objects();
    assert_eq!(
        (&next[0]["opens_next"], &next[1]["opens_next"]),
        (&json!(false), &json!(true))
    );

    let refused = profile(data.path(), &["delete", "Grace"]).ends_with(1);
    let refused = refused
        .says("0 sessions, 0 notes, 0 remembered agents, its User ID")
        .says("Add --yes");
    assert_eq!(refused.stderr.lines().count(), 1);
    assert_eq!(names(data.path()), ["Ada", "Grace"]);
    let gone = profile(data.path(), &["delete", "Grace", "--yes", "--json"])
        .ends_with(0)
        .says("“Grace” is deleted");
    assert_eq!(gone.object()["name"], "Grace");
    assert_eq!(names(data.path()), ["Ada"]);
    assert!(!data.path().join("profiles/Grace").exists());
    assert_ne!(id(data.path(), "Grace").ends_with(0).stdout, before);
}

#[test]
fn a_profile_that_an_agent_has_open_is_named_and_left_alone() {
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut agent = AgentProcess::start(agent(folder.path(), data.path(), &[]));
    agent.wait_for("a session", |event| event["event"] == "session_started");
    let listed = profile(data.path(), &["list", "--json"]).ends_with(0).object();
    assert_eq!(listed["in_use_by"]["program"], "sacmes agent", "{listed}");
    assert_eq!((&listed["sessions"], &listed["running"]), (&json!(1), &json!(1)));
    profile(data.path(), &["rename", "default", "Ada"])
        .ends_with(1)
        .says("is in use by sacmes agent");
    profile(data.path(), &["delete", "default", "--yes"])
        .ends_with(1)
        .says("is in use by sacmes agent");
    agent.kill();
    profile(data.path(), &["rename", "default", "Ada"]).ends_with(0);
    let session = run(arguments![
        "sessions",
        "--json",
        "--data-dir",
        data.path(),
        "--profile",
        "Ada"
    ])
    .ends_with(0)
    .object();
    assert_eq!(
        session["folder"],
        fs::canonicalize(folder.path()).unwrap().to_str().unwrap()
    );
}
