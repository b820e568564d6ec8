//! `sacmes share`, and sharing by `sacmes agent`.

use super::process::{Bench, Process, Relay};
use crate::program::{Run, ended, run};

fn share(bench: &Bench, arguments: &[&str]) -> Run {
    let mut all = vec!["share"];
    all.extend(arguments);
    all.extend(["--data-dir", bench.data.path().to_str().unwrap()]);
    run(all)
}

#[test]
fn the_choice_is_remembered_and_told() {
    let bench = Bench::new();
    let status = |bench: &Bench| share(bench, &["status"]).ends_with(0).stdout;
    assert_eq!(status(&bench), "sharing off, view-only code of generation 1\n");
    share(&bench, &["on", "--relay", "https://relay.example.org"])
        .ends_with(0)
        .says("this profile is shared through https://relay.example.org while the desktop app has it open");
    assert_eq!(
        status(&bench),
        "sharing on, relay https://relay.example.org, view-only code of generation 1\n"
    );
    let json = share(&bench, &["status", "--json"]).ends_with(0).object();
    assert_eq!(
        json,
        serde_json::json!({"on": true, "relay": "https://relay.example.org", "view_only_generation": 1})
    );
    let before = bench.view_only_code();
    let renewed = share(&bench, &["renew-view-only-code"]).ends_with(0).stdout;
    assert!(renewed.trim_end() != before && renewed.trim_end() == bench.view_only_code());
    share(&bench, &["off"])
        .ends_with(0)
        .says("nothing of this profile leaves this computer any more");
    assert!(status(&bench).starts_with("sharing off"));
}

#[test]
fn wrong_usage_ends_with_2() {
    let bench = Bench::new();
    for arguments in [
        &["on"][..],
        &["on", "--relay", "ftp://relay"],
        &["on", "--relay", "https://relay.example.org/#code"],
        &["renew"],
        &["status", "--relay", "localhost:1"],
    ] {
        let run = share(&bench, arguments);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{arguments:?} {run:?}");
    }
    let folder = bench.folder.path().to_str().unwrap();
    for more in [
        &["--share"][..],
        &["--relay", "localhost:1"],
        &["--access-token-file", "x"],
        &["--share", "--relay", "ftp://relay"],
    ] {
        let run = run([&["agent", "--watch", folder], more].concat());
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{more:?} {run:?}");
    }
}

#[test]
fn without_share_nothing_leaves_the_computer() {
    let (relay, bench) = (Relay::start(&[]), Bench::new());
    share(&bench, &["on", "--relay", &relay.address()]).ends_with(0);
    // The choice is for the app: an agent shares only when it is told to.
    crate::agent_process::take_in(bench.folder.path(), bench.data.path(), &[]);
    let stats = super::relay_options::get(&relay.authority, "/stats");
    assert!(stats.contains("\"hellos\":0"), "{stats}");
}

#[test]
fn a_closed_relay_takes_agents_with_its_token_only() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (right, wrong) = (
        file("right", "correct-horse-battery\n"),
        file("wrong", "correct-horse-batterx\n"),
    );
    let relay = Relay::start(&["--access-token-file", &right]);
    relay.process.prints("Agents must show the access token.\n");
    let bench = Bench::new();
    for more in [&[][..], &["--access-token-file", &wrong]] {
        let agent = Process::start(bench.sharing(&relay.address(), more));
        agent.says(
            "takes only agents that show its access token, and this one does not. Ask who runs the relay for the token.",
        );
        agent.says("sharing ended, the agent goes on: ");
        assert_eq!(agent.end().code, Some(0));
    }
    let agent = Process::start(bench.sharing(&relay.address(), &["--access-token-file", &right]));
    agent.says("sharing: connected to ");
    for (name, text) in [("empty", " \n"), ("long", &"x".repeat(300))] {
        let other = Bench::new();
        let unusable = other.sharing(&relay.address(), &["--access-token-file", &file(name, text)]);
        ended(unusable).ends_with(1).says("holds no token of 1 to 256 bytes");
    }
    let refused = super::relay_options::get(&relay.authority, "/metrics");
    assert!(
        refused.contains("sacmes_relay_refused_total{why=\"access_token\"} 2"),
        "{refused}"
    );
}
