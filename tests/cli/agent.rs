//! `sacmes agent`: one session over a folder.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::agent_process::{AgentProcess, Ended, agent, kinds, measured, take_in};
use crate::arguments;
use crate::program::{Run, run};
use crate::scans::{put_old, table};

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

#[cfg(unix)]
#[test]
fn asked_to_end_it_ends_with_0_and_the_session_goes_on_next_time() {
    for signal in [rustix::process::Signal::INT, rustix::process::Signal::TERM] {
        let lab = Lab::new();
        lab.put("CF_15Hz_1.txt", table(&[1e-7]));
        let mut first = lab.agent(&[]);
        first.wait_for_file("CF_15Hz_1.txt", "measured");
        first.signal(signal);
        let first = first.end().with(0);
        assert!(!kinds(&first).contains(&"session_ended"), "{first:#?}");
        assert_eq!(lab.sessions()[0]["state"], "running");

        lab.put("CF_15Hz_2.txt", table(&[1e-7]));
        let second = lab.take_in(&[]);
        assert_eq!(measured(&second).len(), 1, "only what is new: {second:#?}");
        let all = sequence(&first)
            .into_iter()
            .chain(sequence(&second))
            .collect::<Vec<_>>();
        assert_eq!(all, (1..=all.len() as u64).collect::<Vec<_>>());
        assert_eq!(lab.sessions().len(), 1);
    }
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
fn a_reader_that_goes_away_is_a_clean_end() {
    let lab = Lab::new();
    lab.put("CF_15Hz_1.txt", table(&[1e-7]));
    let mut command = agent(lab.folder.path(), lab.data.path(), &[]);
    let mut child = command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(lab.sessions().len(), 1);
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

/// Somebody who starts the agent in a pipe and looks at nothing.
#[cfg(unix)]
#[test]
fn a_reader_that_takes_nothing_holds_up_neither_intake_nor_the_end() {
    let lab = Lab::new();
    let files = arguments![
        "simulate",
        lab.folder.path(),
        "--files",
        "400",
        "--interval",
        "0",
        "--style",
        "burst"
    ];
    run(files).ends_with(0);
    let mut command = agent(lab.folder.path(), lab.data.path(), &["--name", "unread"]);
    let mut child = command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let deadline = std::time::Instant::now() + crate::agent_process::PATIENCE;
    let measured = || {
        let listed = run(arguments!["sessions", "--json", "--data-dir", lab.data.path()]);
        listed
            .objects()
            .first()
            .and_then(|session| session["measurements"].as_u64())
    };
    while measured() != Some(800) {
        assert!(
            std::time::Instant::now() < deadline,
            "intake stands still at {:?}",
            measured()
        );
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
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
