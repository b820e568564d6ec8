//! A database that is absent, damaged, newer, or locked: a clear reason, and nothing is lost.

use std::fs;
use std::path::{Path, PathBuf};

use crate::agent_process::{AgentProcess, agent, take_in};
use crate::arguments;
use crate::program::run;
use crate::scans::{put_old, table};

struct Profile {
    data: tempfile::TempDir,
    folder: tempfile::TempDir,
}

impl Profile {
    /// A profile with one measured scan.
    fn new() -> Self {
        let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        put_old(folder.path(), "CF_15Hz_1.txt", table(&[1e-7]));
        take_in(folder.path(), data.path(), &["--name", "kept"]);
        Self { data, folder }
    }

    fn database(&self) -> PathBuf {
        self.data.path().join("profiles/default/sacmes.db")
    }

    /// Every command that needs the store says the same and changes nothing.
    fn is_refused_everywhere(&self, words: &str) {
        let before = fs::read(self.database()).unwrap();
        let (data, folder): (&Path, &Path) = (self.data.path(), self.folder.path());
        for arguments in [
            arguments!["sessions", "--data-dir", data].to_vec(),
            arguments!["results", "kept", "--data-dir", data].to_vec(),
            arguments!["trends", "kept", "--data-dir", data].to_vec(),
            arguments!["stats", "--data-dir", data].to_vec(),
            arguments!["agent", "--watch", folder, "--data-dir", data, "--name", "kept"].to_vec(),
            arguments!["id", "--data-dir", data].to_vec(),
        ] {
            let run = run(&arguments).ends_with(1).says(words);
            assert_eq!(
                (run.stdout.as_str(), run.stderr.lines().count()),
                ("", 1),
                "{arguments:?} {run:?}"
            );
        }
        assert_eq!(fs::read(self.database()).unwrap(), before, "nothing was changed");
    }
}

#[test]
fn a_profile_without_a_database_is_said_to_be_empty() {
    let data = tempfile::tempdir().unwrap();
    for command in ["sessions", "stats"] {
        run(arguments![command, "--data-dir", data.path()])
            .ends_with(1)
            .says("there is no database");
    }
    assert!(crate::program::names(data.path()).is_empty(), "reading makes nothing");
}

#[test]
fn a_damaged_database_is_named_and_left_as_it_is() {
    let profile = Profile::new();
    let whole = fs::read(profile.database()).unwrap();
    fs::write(profile.database(), b"this was a database once").unwrap();
    profile.is_refused_everywhere("is damaged");
    // Put back, everything is there.
    fs::write(profile.database(), whole).unwrap();
    assert_eq!(
        run(arguments!["results", "kept", "--data-dir", profile.data.path()])
            .ends_with(0)
            .objects()
            .len(),
        1
    );
}

#[test]
fn a_newer_database_is_refused_and_not_changed() {
    let profile = Profile::new();
    let mut bytes = fs::read(profile.database()).unwrap();
    // The user version of an SQLite file is the big-endian number at byte 60.
    bytes[60..64].copy_from_slice(&9_999_u32.to_be_bytes());
    fs::write(profile.database(), bytes).unwrap();
    profile.is_refused_everywhere("newer version");
}

#[test]
fn a_database_of_another_program_is_refused() {
    let profile = Profile::new();
    let mut bytes = fs::read(profile.database()).unwrap();
    // The application id, at byte 68.
    bytes[68..72].copy_from_slice(&1_u32.to_be_bytes());
    fs::write(profile.database(), bytes).unwrap();
    profile.is_refused_everywhere("not a database of SACMES");
}

#[test]
fn a_data_folder_that_cannot_be_one_is_refused() {
    let profile = Profile::new();
    let file = profile.folder.path().join("CF_15Hz_1.txt");
    let refused = |arguments: &[std::ffi::OsString]| {
        let run = run(arguments).ends_with(1).says("CF_15Hz_1.txt");
        assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
    };
    refused(&arguments![
        "agent",
        "--watch",
        profile.folder.path(),
        "--data-dir",
        &file
    ]);
    refused(&arguments!["id", "--data-dir", &file]);
}

#[test]
fn while_the_database_is_locked_intake_waits_and_then_goes_on() {
    let profile = Profile::new();
    let mut agent = AgentProcess::start(agent(profile.folder.path(), profile.data.path(), &["--name", "locked"]));
    agent.wait_for_file("CF_15Hz_1.txt", "measured");
    let other = rusqlite::Connection::open(profile.database()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    fs::write(profile.folder.path().join("CF_15Hz_2.txt"), table(&[1e-7])).unwrap();
    let trouble = agent.wait_for("word of the locked database", |event| event["event"] == "store_trouble");
    assert_eq!(trouble["code"], "database_locked");
    assert!(
        trouble["message"]
            .as_str()
            .unwrap()
            .contains("locked by another program"),
        "{trouble}"
    );
    // Reading goes on meanwhile.
    let results = arguments!["results", "locked", "--data-dir", profile.data.path()];
    assert_eq!(run(&results).ends_with(0).objects().len(), 1);
    other.execute_batch("ROLLBACK").unwrap();
    agent.wait_for_file("CF_15Hz_2.txt", "measured");
    agent.wait_for("the end of the trouble", |event| {
        event["event"] == "store_trouble" && event["code"] == ""
    });
    assert_eq!(run(&results).ends_with(0).objects().len(), 2);
    agent.kill();
}

/// A limit on the size of files stands for a full disk: writing fails in the same place.
#[cfg(unix)]
#[test]
fn a_full_disk_loses_nothing_and_does_not_hold_up_the_end() {
    let profile = Profile::new();
    let files = arguments!["simulate", profile.folder.path(), "--files", "100", "--interval", "0"];
    run(files).ends_with(0);
    let program = agent(profile.folder.path(), profile.data.path(), &["--name", "full"]);
    let mut limited = std::process::Command::new("sh");
    // Without the signal the writer gets an error, as from a full disk.
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 300; exec \"$0\" \"$@\""])
        .arg(program.get_program());
    limited.args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    let mut agent = AgentProcess::start(limited);
    let trouble = agent.wait_for("word of the full disk", |event| event["event"] == "store_trouble");
    assert_eq!(trouble["code"], "database_not_writable");
    agent.signal(rustix::process::Signal::TERM);
    agent.end().with(0);

    take_in(profile.folder.path(), profile.data.path(), &["--name", "full"]);
    let results = run(arguments!["results", "full", "--data-dir", profile.data.path()])
        .ends_with(0)
        .objects();
    assert_eq!(results.len(), 201);
}
