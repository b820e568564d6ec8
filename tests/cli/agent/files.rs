//! What becomes of the files in the watched folder.

use std::fs;

use super::Lab;
use crate::agent_process::measured;
use crate::arguments;
use crate::program::run;
use crate::scans::table;

#[test]
fn a_scan_that_arrives_while_it_watches_is_measured_at_once() {
    let lab = Lab::new();
    let mut agent = lab.agent(&[]);
    agent.wait_for("a session", |event| event["event"] == "session_started");
    let other = tempfile::tempdir().unwrap();
    let options = [
        "--format",
        "chi",
        "--files",
        "2",
        "--interval",
        "0.3",
        "--style",
        "append",
        "--frequencies",
        "60",
    ];
    let mut arguments = arguments!["simulate", other.path().join("run")].to_vec();
    arguments[1] = lab.folder.path().into();
    arguments.extend(options.map(Into::into));
    run(arguments).ends_with(0);
    agent.wait_for_file("SWV_60Hz_1.txt", "measured");
    agent.wait_for_file("SWV_60Hz_2.txt", "measured");
    // The folder's name is the session's; its results can be read while the agent runs.
    let name = lab.folder.path().file_name().unwrap().to_str().unwrap().to_owned();
    assert_eq!(lab.results(&name).len(), 2);
    assert_eq!(lab.sessions()[0]["state"], "running");
    agent.kill();
}

#[test]
fn a_file_that_stays_partial_is_told_and_does_not_hold_up_the_end() {
    let lab = Lab::new();
    let other = tempfile::tempdir().unwrap();
    run(arguments![
        "simulate",
        other.path(),
        "--format",
        "chi",
        "--files",
        "1",
        "--interval",
        "0"
    ])
    .ends_with(0);
    let whole = fs::read_to_string(other.path().join("SWV_15Hz_1.txt")).unwrap();
    lab.put("SWV_15Hz_1.txt", &whole[..whole.len() - 200]);
    let events = lab.take_in(&[]);
    let state = events.iter().find(|event| event["event"] == "file_state").unwrap();
    assert_eq!(
        (&state["state"], &state["file"]),
        (&"partial".into(), &"SWV_15Hz_1.txt".into())
    );
    assert!(measured(&events).is_empty());
    let session = lab.sessions().remove(0);
    assert!(lab.results(session["session"].as_str().unwrap()).is_empty());
    // It is measured when the rest has come.
    lab.put("SWV_15Hz_1.txt", &whole);
    assert_eq!(measured(&lab.take_in(&[])).len(), 1);
}

#[cfg(unix)]
#[test]
fn a_named_pipe_in_the_folder_holds_up_nothing() {
    let lab = Lab::new();
    let mut agent = lab.agent(&[]);
    agent.wait_for("a session", |event| event["event"] == "session_started");
    let made = std::process::Command::new("mkfifo")
        .arg(lab.folder.path().join("CF_15Hz_1.txt"))
        .status()
        .unwrap();
    assert!(made.success());
    lab.put("CF_15Hz_2.txt", table(&[1e-7]));
    agent.wait_for_file("CF_15Hz_2.txt", "measured");
    agent.kill();
}

/// Linux alone takes any bytes for a name.
#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_unicode_is_listed_with_that_reason() {
    use std::os::unix::ffi::OsStrExt;
    let lab = Lab::new();
    let name = std::ffi::OsStr::from_bytes(b"CF\xff_15Hz_1.txt");
    fs::write(lab.folder.path().join(name), table(&[1e-7])).unwrap();
    lab.take_in(&["--name", "odd"]);
    let results = lab.results("odd");
    assert_eq!(results.len(), 1, "{results:#?}");
    assert_eq!(
        (&results[0]["status"], &results[0]["reason"]),
        (&"failed".into(), &"name_not_unicode".into())
    );
    // Where nothing has to be found again by its name, it is simply read.
    assert_eq!(
        run(arguments!["analyze", lab.folder.path()]).ends_with(0).object()["status"],
        "ok"
    );
}

#[test]
fn an_agent_that_could_measure_nothing_says_why_at_its_end() {
    let lab = Lab::new();
    let cv = arguments!["simulate", lab.folder.path(), "--technique", "cv", "--files", "2"];
    run(cv.iter().chain(&arguments!["--format", "gamry", "--interval", "0"])).ends_with(0);
    let ended = lab.agent(&["--exit-after-idle", "0.3"]).end();
    let last = ended.stderr.lines().find(|line| line.contains("files were measured"));
    let last = last.unwrap_or_else(|| panic!("{ended:#?}")).to_owned();
    assert!(last.contains("0 of 2 files were measured"), "{last}");
    assert!(
        last.contains("technique = \"cv\"") && last.contains("other_technique"),
        "{last}"
    );
    ended.with(0);
}
