//! A watched folder that is absent, or away for a while.

use std::fs;
use std::path::Path;

use super::Lab;
use crate::agent_process::{AgentProcess, agent, kinds, take_in};
use crate::arguments;
use crate::program::run;
use crate::scans::{put_old, table};

#[test]
fn a_folder_that_is_not_there_or_is_none_is_refused() {
    let lab = Lab::new();
    let refused = |watched: &Path, words: &str| {
        let run = run(arguments!["agent", "--watch", watched, "--data-dir", lab.data.path()])
            .ends_with(1)
            .says(words);
        assert_eq!((run.stdout.as_str(), run.stderr.lines().count()), ("", 1));
    };
    refused(&lab.folder.path().join("none"), "is not there");
    lab.put("a file", "");
    refused(&lab.folder.path().join("a file"), "is not a folder");
    assert!(lab.sessions().is_empty());
}

#[test]
fn a_folder_that_vanishes_and_comes_back_is_waited_for() {
    let lab = Lab::new();
    let (folder, aside) = (lab.data.path().join("run"), lab.data.path().join("aside"));
    fs::create_dir(&folder).unwrap();
    put_old(&folder, "CF_15Hz_1.txt", table(&[1e-7]));
    let mut agent = AgentProcess::start(agent(&folder, lab.data.path(), &[]));
    agent.wait_for_file("CF_15Hz_1.txt", "measured");
    fs::rename(&folder, &aside).unwrap();
    let away = agent.wait_for("word of the missing folder", |event| {
        event["event"] == "session_changed" && event["reason"].is_string()
    });
    assert_eq!(away["state"], "waiting");
    fs::write(aside.join("CF_15Hz_2.txt"), table(&[1e-7])).unwrap();
    fs::rename(&aside, &folder).unwrap();
    agent.wait_for_file("CF_15Hz_2.txt", "measured");
    let again = kinds(&agent.seen).iter().filter(|kind| **kind == "measured").count();
    assert_eq!(
        again, 2,
        "what was measured before is not measured again: {:#?}",
        agent.seen
    );
    agent.kill();
}

#[test]
fn a_folder_that_is_away_when_a_session_is_continued_does_not_hold_up_the_end() {
    let lab = Lab::new();
    let folder = lab.data.path().join("run");
    fs::create_dir(&folder).unwrap();
    take_in(&folder, lab.data.path(), &[]);
    fs::remove_dir(&folder).unwrap();
    let events = take_in(&folder, lab.data.path(), &[]);
    assert!(
        events
            .iter()
            .any(|event| event["reason"].as_str().is_some_and(|r| r.contains("is not there"))),
        "{events:#?}"
    );
}
