//! What an agent tells of its session, and which session it continues.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{Lab, sequence};
use crate::agent_process::{kinds, measured, take_in};
use crate::scans::table;

#[test]
fn every_scan_is_announced_once_and_the_session_ends_when_nothing_happens() {
    let lab = Lab::new();
    lab.put("CF_15Hz_1.txt", table(&[1e-7, 2e-7]));
    lab.put("CF_15Hz_2.txt", table(&[1e-7, 2e-7]));
    let events = lab.take_in(&["--name", "Titration"]);
    let count = events.len() as u64;
    assert_eq!(sequence(&events), (1..=count).collect::<Vec<_>>());
    assert_eq!(
        (kinds(&events)[0], *kinds(&events).last().unwrap()),
        ("session_started", "session_ended")
    );
    assert_eq!(events[0]["name"], "Titration");
    assert_eq!(kinds(&events).iter().filter(|kind| **kind == "measured").count(), 2);
    assert_eq!(measured(&events).len(), 4);
    let session = lab.sessions().remove(0);
    assert_eq!(
        (&session["state"], &session["name"]),
        (&"finished".into(), &"Titration".into())
    );
    assert!(events.iter().all(|event| event["session"] == session["session"]));
    let announced: Vec<&Value> = measured(&events);
    assert_eq!(lab.results("Titration").iter().collect::<Vec<_>>(), announced);
}

#[test]
fn folder_and_name_decide_which_session_is_continued() {
    let lab = Lab::new();
    lab.put("CF_15Hz_1.txt", table(&[1e-7]));
    lab.take_in(&["--name", "first"]);
    lab.take_in(&["--name", "second"]);
    // The same folder in another spelling.
    let spelled_otherwise = format!("{}/./", lab.folder.path().display());
    let again = take_in(Path::new(&spelled_otherwise), lab.data.path(), &["--name", "first"]);
    assert_eq!(kinds(&again).first(), Some(&"session_changed"), "reopened: {again:#?}");
    assert!(measured(&again).is_empty());
    let names: Vec<_> = lab.sessions().iter().map(|s| s["name"].clone()).collect();
    assert_eq!(names, ["second", "first"]);
    let other = tempfile::tempdir().unwrap();
    take_in(other.path(), lab.data.path(), &["--name", "first"]);
    assert_eq!(lab.sessions().len(), 3);
}

#[test]
fn another_session_of_the_profile_is_left_alone() {
    let lab = Lab::new();
    let mut first = lab.agent(&["--name", "first"]);
    first.wait_for("a session", |event| event["event"] == "session_started");
    first.kill();
    lab.put("CF_15Hz_1.txt", table(&[1e-7]));
    let second = lab.take_in(&["--name", "second"]);
    assert_eq!(measured(&second).len(), 1);
    assert!(lab.results("first").is_empty());
}

#[test]
fn new_settings_become_a_revision_and_everything_is_measured_anew() {
    let lab = Lab::new();
    let settings = lab.data.path().join("settings.toml");
    let with = |text: &str| {
        fs::write(&settings, text).unwrap();
        lab.take_in(&["--settings", settings.to_str().unwrap()])
    };
    lab.put("CF_15Hz_1.txt", table(&[1e-7, 2e-7]));
    assert_eq!(measured(&with("")).len(), 2);
    let unchanged = with("");
    assert!(!kinds(&unchanged).contains(&"settings_revised"), "{unchanged:#?}");
    let revised = with("[electrodes]\nselected = [2]\n");
    let kinds = kinds(&revised);
    let place = |kind| {
        kinds
            .iter()
            .position(|k| *k == kind)
            .unwrap_or_else(|| panic!("no {kind} in {kinds:?}"))
    };
    assert!(place("settings_revised") < place("recomputed"));
    assert_eq!(revised[place("settings_revised")]["revision"], 2);
    let results = lab.results(lab.sessions()[0]["session"].as_str().unwrap());
    let seen: Vec<_> = results
        .iter()
        .map(|m| (m["electrode"].clone(), m["revision"].clone()))
        .collect();
    assert_eq!(seen, [(Value::from(2), Value::from(2))]);
    // Without a file of settings the session keeps its own.
    lab.put("CF_15Hz_2.txt", table(&[1e-7, 2e-7]));
    assert_eq!(measured(&lab.take_in(&[]))[0]["electrode"], 2);
}
