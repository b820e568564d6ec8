//! How an agent ends: when it is asked to, and when nobody reads what it says.

use super::{Lab, sequence};
use crate::agent_process::{agent, kinds, measured};
use crate::arguments;
use crate::program::run;
use crate::scans::table;

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
