//! `sacmes view`: the record, queries, and files.

use super::process::{Bench, Process, Relay, view};
use crate::program::{ended, names, run, sacmes};

#[test]
fn the_whole_record_is_printed_and_what_is_new() {
    let (relay, bench) = (Relay::start(&[]), Bench::new());
    let agent = bench.shares(&relay);
    agent.prints("\"event\":\"measured\"");
    // A link names the relay as well, and the code behind its #.
    let link = agent.stderr();
    let link = link.split("link for looking: ").nth(1).unwrap().lines().next().unwrap();
    assert_eq!(link, format!("http://{}/#{}", relay.authority, bench.view_only_code()));
    let viewer = Process::start(sacmes(["view", link]));
    viewer.prints("\"event\":\"measured\"");
    assert!(viewer.stdout().lines().next().unwrap().contains("session_started"));
    crate::scans::put_old(bench.folder.path(), "CF_15Hz_2.txt", crate::scans::table(&[2e-7]));
    viewer.prints("CF_15Hz_2.txt");
    let printed = viewer.end().ends_with(0);
    let offsets: Vec<u64> = printed
        .objects()
        .iter()
        .filter_map(|entry| entry["offset"].as_u64())
        .collect();
    assert!(offsets.iter().zip(1..).all(|(offset, k)| *offset == k), "{offsets:?}");
    let now = bench.code_file(&bench.view_only_code());
    let later = Process::start(view(&now, &relay.address(), &["--from-now"]));
    later.says("connected to the agent");
    crate::scans::put_old(bench.folder.path(), "CF_15Hz_3.txt", crate::scans::table(&[3e-7]));
    later.prints("CF_15Hz_3.txt");
    let printed = later.end().ends_with(0);
    assert!(!printed.stdout.contains("CF_15Hz_1.txt"), "{}", printed.stdout);
}

#[test]
fn a_query_is_answered_once() {
    let (relay, bench) = (Relay::start(&[]), Bench::new());
    let _agent = bench.shares(&relay);
    let code = bench.code_file(&bench.view_only_code());
    let answer = ended(view(&code, &relay.address(), &["--query", r#"{"query":"sessions"}"#])).ends_with(0);
    assert_eq!(answer.object()["sessions"].as_array().map(Vec::len), Some(1));
}

/// The sessions that the agent has.
fn sessions(bench: &Bench, relay: &Relay) -> Vec<serde_json::Value> {
    let code = bench.code_file(&bench.view_only_code());
    let answer = ended(view(&code, &relay.address(), &["--query", r#"{"query":"sessions"}"#])).ends_with(0);
    answer.object()["sessions"].as_array().unwrap().clone()
}

#[test]
fn a_command_is_carried_out_there_and_what_came_of_it_is_printed() {
    let (relay, bench) = (Relay::start(&[]), Bench::new());
    let _agent = bench.shares(&relay);
    let code = bench.code_file(&bench.user_id());
    let order = |command: &str| view(&code, &relay.address(), &["--command", command]);
    let paused = ended(order(r#"{"command":"pause_all"}"#)).ends_with(0);
    assert_eq!(paused.object()["outcome"], "done");
    assert_eq!(sessions(&bench, &relay)[0]["state"], "paused");
    // Another session is begun from afar, on a folder there.
    let folder = tempfile::tempdir().unwrap();
    let start = serde_json::json!({
        "command": "start_session",
        "name": "Begun from afar",
        "source": { "kind": "watched_folder", "folder": folder.path() },
        "settings": {},
    });
    let started = ended(order(&start.to_string())).ends_with(0);
    let session = &started.object()["session"];
    let begun = sessions(&bench, &relay);
    assert!(
        begun
            .iter()
            .any(|one| one["session"] == *session && one["name"] == "Begun from afar"),
        "{begun:?}"
    );
    let looking = bench.code_file(&bench.view_only_code());
    ended(view(
        &looking,
        &relay.address(),
        &["--command", r#"{"command":"pause_all"}"#],
    ))
    .ends_with(1)
    .says("This code lets you look, not steer.");
    let export = r#"{"command":"export","session":"5e551000-0000-4000-8000-000000000001","layout":"csv","destination":"a.csv","selection":{}}"#;
    ended(order(export)).ends_with(2).says("Use --export and --out.");
    ended(order("pause")).ends_with(2).says("This is not a command");
}

#[test]
fn an_export_is_fetched_and_never_overwrites() {
    let (relay, bench) = (Relay::start(&[]), Bench::new());
    let agent = bench.shares(&relay);
    agent.prints("\"event\":\"measured\"");
    let code = bench.code_file(&bench.user_id());
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("results.csv");
    let export = || {
        view(
            &code,
            &relay.address(),
            &["--export", "csv", "--out", out.to_str().unwrap()],
        )
    };
    ended(export()).ends_with(0).says("wrote ");
    let file = std::fs::read_to_string(&out).unwrap();
    assert_eq!(
        (file.lines().count(), names(folder.path())),
        (2, vec!["results.csv".to_owned()]),
        "{file}"
    );
    std::fs::write(&out, "mine").unwrap();
    let shown = out.display();
    ended(export()).ends_with(1).says(&format!(
        "sacmes: {shown} exists already, and was left as it is. Choose another name, or remove that file.\n"
    ));
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "mine");
    // Nothing of it stays behind, here or there.
    assert_eq!(names(folder.path()), ["results.csv"]);
    assert_eq!(agent.end().code, Some(0));
    assert!(!bench.data.path().join("profiles/default/transfers").exists());
}

#[test]
fn wrong_usage_ends_with_2() {
    for arguments in [
        vec!["view", "x", "--code-file", "y", "--relay", "localhost:1"],
        vec!["view", "x", "--since-start", "--from-now"],
        vec!["view", "x", "--export", "csv"],
        vec!["view", "x", "--out", "f"],
        vec!["view", "x", "--session", "f"],
        vec!["view", "--code-file", "/nonexistent/file", "--relay", "localhost:1"],
    ] {
        let run = run(&arguments);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{arguments:?} {run:?}");
    }
    let bench = Bench::new();
    let code = bench.code_file(&bench.user_id());
    for (more, says) in [
        (vec!["--query", "sessions"], "This is not a query"),
        (vec!["--export", "docx", "--out", "f"], "There is no such form"),
    ] {
        ended(view(&code, "localhost:1", &more)).ends_with(2).says(says);
    }
    ended(view(&code, "ftp://relay", &[]))
        .ends_with(2)
        .says("Give it as in https://relay.example.org.");
}
