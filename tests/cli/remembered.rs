//! `sacmes view` of remembered agents: named, listed, opened, forgotten, on a computer without a keyring.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use serde_json::json;

use crate::agent_process::{AgentProcess, agent};
use crate::arguments;
use crate::program::{Run, run, sacmes};

const CODE: &str = "0b5c1e9e-6f0a-4d3c-9a7e-2f4b8d6c1a35";
/// Nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:9";

fn view(data: &Path, more: &[&str]) -> Run {
    let mut arguments = arguments!["view", "--data-dir", data].to_vec();
    arguments.extend(more.iter().map(Into::into));
    run(arguments)
}

/// A relay that ends with the test.
struct Relay {
    child: Child,
    address: String,
}

impl Relay {
    fn start() -> Self {
        let mut child = sacmes(["relay", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| {
            let line = line.unwrap();
            line.strip_prefix("Relay listening on ")
                .map(|at| format!("http://{at}"))
        });
        Self {
            child,
            address: address.expect("the relay says where it listens"),
        }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[test]
fn an_agent_is_followed_by_its_name_once_it_is_remembered() {
    let (data, folder, home) = (
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let relay = Relay::start();
    let id = run(arguments!["id", "--data-dir", data.path()]).ends_with(0).stdout;
    let code = id.trim();
    let sharing = ["--share", "--relay", relay.address.as_str()];
    let mut agent = AgentProcess::start(agent(folder.path(), data.path(), &sharing));
    agent.wait_for("a session", |event| event["event"] == "session_started");

    let query = ["--query", r#"{"query":"sessions"}"#];
    let remember = [code, "--relay", &relay.address, "--remember", "Room 214", "--in-file"];
    let asked = view(home.path(), &[&remember[..], &query].concat())
        .ends_with(0)
        .says("remembered as “Room 214”; the code is kept in a file that only you can read");
    assert!(
        !asked.stderr.contains(code),
        "a secret is told only where it is asked for"
    );
    // Without code and relay, in whatever case.
    view(home.path(), &["room 215"])
        .ends_with(2)
        .says("no agent is remembered under this name");
    let again = view(home.path(), &[&["room 214"][..], &query].concat()).ends_with(0);
    assert_eq!(
        again.object()["sessions"][0]["session"],
        asked.object()["sessions"][0]["session"]
    );
    agent.kill();

    let list = view(home.path(), &["--list", "--json"]).ends_with(0);
    let listed = list.object();
    assert_eq!(
        (&listed["name"], &listed["access"], &listed["relay"], &listed["kept_in"]),
        (
            &json!("Room 214"),
            &json!("user_id"),
            &json!(relay.address),
            &json!("owner_only_file")
        )
    );
    let table = view(home.path(), &["--list"]).ends_with(0).stdout;
    assert!(
        table.contains("Room 214") && table.contains("look and steer"),
        "{table}"
    );
    let profile = home.path().join("profiles/default");
    let kept = fs::read_to_string(profile.join("followed-agents.json")).unwrap();
    for text in [&list.stdout, &table, &kept] {
        assert!(!text.contains(code), "a code is in the list: {text}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let files: Vec<_> = fs::read_dir(profile.join("followed-codes")).unwrap().collect();
        assert_eq!(files.len(), 1);
        let about = files[0].as_ref().unwrap().metadata().unwrap();
        assert_eq!(about.mode() & 0o777, 0o600);
    }

    view(home.path(), &["--forget", "ROOM 214"])
        .ends_with(0)
        .says("“Room 214” and its code are forgotten");
    assert_eq!(view(home.path(), &["--list", "--json"]).ends_with(0).stdout, "");
    assert_eq!(fs::read_dir(profile.join("followed-codes")).unwrap().count(), 0);
    view(home.path(), &["--forget", "Room 214"])
        .ends_with(1)
        .says("No agent is remembered under this name");
    view(home.path(), &["Room 214"])
        .ends_with(2)
        .says("This is not a valid code.");
}

#[test]
fn without_a_keyring_that_is_said_with_the_way_out_and_the_code_is_followed_all_the_same() {
    let home = tempfile::tempdir().unwrap();
    let query = ["--query", r#"{"query":"sessions"}"#];
    let remember = [CODE, "--relay", NOWHERE, "--remember", "Room 214"];
    // Nobody is there: what it says of the relay shows that it is called.
    let followed = view(home.path(), &[&remember[..], &query].concat())
        .ends_with(1)
        .says("not remembered: The code cannot be kept: there is no keyring on this computer")
        .says("To agree, use --in-file.")
        .says("relay");
    assert!(!followed.stderr.contains(CODE), "{}", followed.stderr);
    assert_eq!(view(home.path(), &["--list", "--json"]).ends_with(0).stdout, "");
    assert!(!home.path().join("profiles/default/followed-codes").exists());
}

#[test]
fn what_is_no_name_is_refused_before_anybody_is_called() {
    let home = tempfile::tempdir().unwrap();
    let remember = |name: &str| {
        view(
            home.path(),
            &[CODE, "--relay", NOWHERE, "--remember", name, "--in-file"],
        )
    };
    remember(" ").ends_with(2).says("needs a name of 1 to 80 characters");
    let refused = remember(CODE).ends_with(2).says("The name is a code");
    assert!(!refused.stderr.contains(CODE), "{}", refused.stderr);
    // A code with a slip is not taken for a name, and not repeated.
    let slip = &CODE[..35];
    let refused = view(home.path(), &[slip]).ends_with(2).says("This is not a valid code");
    assert!(!refused.stderr.contains(slip), "{}", refused.stderr);
    view(home.path(), &[]).ends_with(2).says("No code was given.");
}
