//! What people are told, word for word.

use protocol::codes::UserId;
use protocol::command::Command;
use protocol::ids::{CommandId, SessionId};
use remote::following::{Code, Follower, From};

use super::process::{Bench, PATIENCE, Process, Relay, view};
use crate::program::{ended, run};

#[test]
fn no_code_no_valid_code_and_no_relay() {
    run(["view", "--relay", "localhost:1"])
        .ends_with(2)
        .says("sacmes: No code was given. Paste the User ID or the view-only code of the experiment that you want to follow.\n");
    let code = UserId::new_random().view_only_code(1).reveal();
    // A digit was mistyped.
    let mistyped = format!("{}{}", &code[..62], if code.ends_with('0') { '1' } else { '0' });
    let refused = run(["view", &mistyped, "--relay", "localhost:1"]).ends_with(2).says(
        "sacmes: This is not a valid code. Copy it again, whole: a User ID has 36 characters, a view-only code 63.\n",
    );
    assert!(!refused.stderr.contains(&mistyped[..20]), "a code is never repeated");
    run(["view", &code])
        .ends_with(2)
        .says("sacmes: No relay was named. Name it with --relay, or give the whole link.\n");
}

#[test]
fn no_agent_is_online_for_the_code_and_when_it_was_last_seen() {
    let (relay, bench) = (Relay::start(&[]), Bench::new());
    let code = bench.code_file(&bench.view_only_code());
    let viewer = Process::start(view(&code, &relay.address(), &[]));
    viewer.says(
        "sacmes: No agent is online for this code, and the relay has never seen one. Start SACMES at the instrument",
    );
    let agent = bench.shares(&relay);
    viewer.says("sacmes: connected to the agent\n");
    viewer.prints("\"event\":\"measured\"");
    assert_eq!(agent.end().code, Some(0));
    viewer.says("sacmes: No agent is online for this code; the relay last saw it 20");
    // Ctrl+C is a clean end.
    let run = viewer.end().ends_with(0);
    assert!(!run.stderr.contains(&bench.view_only_code()), "{run:?}");
}

#[test]
fn in_use_by_another_running_app() {
    let (relay, bench) = (Relay::start(&[]), Bench::new());
    let agent = bench.shares(&relay);
    // The data folder was copied to another computer.
    let copy = Bench::new();
    let folder = copy.data.path().join("profiles/default");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::copy(
        bench.data.path().join("profiles/default/user-id"),
        folder.join("user-id"),
    )
    .unwrap();
    let second = Process::start(copy.sharing(&relay.address(), &[]));
    second.says("sacmes: sharing: This User ID is in use by another running app on LAB-PC-7. Turn sharing off there");
    assert!(!agent.stderr().contains("in use"), "{}", agent.stderr());
}

#[test]
fn a_view_only_code_lets_look_and_not_steer() {
    let (relay, bench) = (Relay::start(&[]), Bench::new());
    let _agent = bench.shares(&relay);
    let code = bench.code_file(&bench.view_only_code());
    let out = bench.data.path().join("results.csv");
    let export = view(
        &code,
        &relay.address(),
        &["--export", "csv", "--out", out.to_str().unwrap()],
    );
    ended(export)
        .ends_with(1)
        .says("sacmes: This code lets you look, not steer. Ask the owner of the experiment for the User ID.\n");
    assert!(!out.exists());
}

#[test]
fn the_session_was_deleted() {
    let (relay, bench) = (Relay::start(&[]), Bench::new());
    // A session of before, beside the one that runs.
    crate::agent_process::take_in(tempfile::tempdir().unwrap().path(), bench.data.path(), &[]);
    let sessions = run(["sessions", "--json", "--data-dir", bench.data.path().to_str().unwrap()]).ends_with(0);
    let before: SessionId = sessions.objects()[0]["session"].as_str().unwrap().parse().unwrap();
    let _agent = bench.shares(&relay);
    let id: UserId = bench.user_id().parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (owner, _events) = Follower::start(Code::Owner(id), relay.address().parse().unwrap(), From::Now);
        let delete = owner.command(CommandId::new(), Command::DeleteSession { session: before });
        tokio::time::timeout(PATIENCE, delete).await.unwrap().unwrap();
    });
    let code = bench.code_file(&bench.view_only_code());
    let query = format!("{{\"query\":\"session\",\"session\":\"{before}\"}}");
    ended(view(&code, &relay.address(), &["--query", &query]))
        .ends_with(1)
        .says("sacmes: The session was deleted at the instrument. Choose another session.\n");
}

#[test]
fn the_relay_is_unreachable_since() {
    let relay = Relay::start(&[]);
    let address = relay.address();
    assert_eq!(relay.process.end().code, Some(0));
    let bench = Bench::new();
    let code = bench.code_file(&bench.view_only_code());
    let viewer = Process::start(view(&code, &address, &[]));
    viewer.says(&format!("sacmes: The relay {address} is unreachable since 20"));
    viewer.says("UTC: nothing listens there. Check the network and the address; it is tried again by itself.");
    let agent = Process::start(bench.sharing(&address, &[]));
    agent.says(&format!(
        "sharing: {address} cannot be reached: nothing listens there. It is tried again."
    ));
}

#[test]
fn a_renewed_code_opens_nothing_any_more() {
    let (relay, bench) = (Relay::start(&[]), Bench::new());
    let code = bench.code_file(&bench.view_only_code());
    let agent = bench.shares(&relay);
    assert_eq!(agent.end().code, Some(0));
    let renewed = run([
        "share",
        "renew-view-only-code",
        "--data-dir",
        bench.data.path().to_str().unwrap(),
    ])
    .ends_with(0)
    .says("the view-only code is renewed (generation 2)");
    assert_eq!(renewed.stdout.trim_end(), bench.view_only_code());
    let _agent = bench.shares(&relay);
    ended(view(&code, &relay.address(), &[]))
        .ends_with(1)
        .says("sacmes: This view-only code was renewed and no longer opens anything. Ask the owner of the experiment for the new one.\n");
}
