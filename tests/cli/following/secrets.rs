//! Nothing secret in what relay, Redis and viewers keep, log, count, or send in the clear.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, PoisonError};
use std::thread;

use protocol::codes::UserId;

use super::process::{Bench, Process, Relay, view};
use super::redis::{Bytes, Redis, taken};
use super::relay_options::get;
use crate::program::{ended, run};

/// Passes bytes on, and keeps what clients say: heads of requests in the clear, then masked frames.
fn tap(listener: TcpListener, relay: String) -> Bytes {
    let seen = Bytes::default();
    let kept = Arc::clone(&seen);
    thread::spawn(move || {
        while let Ok((client, _)) = listener.accept() {
            let server = TcpStream::connect(&relay).unwrap();
            let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            let kept = Arc::clone(&kept);
            thread::spawn(move || {
                let mut buffer = [0; 4_096];
                while let Ok(read @ 1..) = from.read(&mut buffer) {
                    kept.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .extend_from_slice(&buffer[..read]);
                    if to.write_all(&buffer[..read]).is_err() {
                        break;
                    }
                }
                drop(to.shutdown(std::net::Shutdown::Both));
            });
            thread::spawn(move || {
                let (mut from, mut to) = (server, client);
                drop(std::io::copy(&mut from, &mut to));
                drop(to.shutdown(std::net::Shutdown::Both));
            });
        }
    });
    seen
}

/// As MONITOR, or Rust's debug output, writes bytes: `short` are those that have a letter.
fn escaped(bytes: &[u8], short: &[(u8, char)]) -> String {
    let one = |byte: &u8| match (byte, short.iter().find(|(of, _)| of == byte)) {
        (_, Some((_, letter))) => format!("\\{letter}"),
        (b'"' | b'\\', None) => format!("\\{}", char::from(*byte)),
        (0x20..=0x7e, None) => char::from(*byte).to_string(),
        (other, None) => format!("\\x{other:02x}"),
    };
    bytes.iter().map(one).collect()
}

/// Each way in which something may be written.
fn forms(secret: &[u8]) -> Vec<Vec<u8>> {
    let hex = data_encoding::HEXLOWER.encode(secret);
    let listed = format!("{secret:?}");
    let base64 = data_encoding::BASE64.encode(secret);
    let mut forms = vec![
        secret.to_vec(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
        escaped(secret, &[(7, 'a'), (8, 'b'), (9, 't'), (10, 'n'), (13, 'r')]).into_bytes(),
        escaped(secret, &[(0, '0'), (9, 't'), (10, 'n'), (13, 'r')]).into_bytes(),
        listed.trim_matches(['[', ']']).as_bytes().to_vec(),
        base64.trim_end_matches('=').as_bytes().to_vec(),
    ];
    forms.dedup();
    forms
}

fn found(place: &[u8], secret: &[u8]) -> bool {
    forms(secret)
        .iter()
        .any(|form| place.windows(form.len()).any(|part| part == &form[..]))
}

#[test]
fn nothing_secret_is_in_logs_numbers_urls_errors_or_redis() {
    const LOUD: &str = "trace,tungstenite::protocol=trace";
    let redis = Redis::start();
    let monitored = redis.monitor();
    let secrets_folder = tempfile::tempdir().unwrap();
    let token = secrets_folder.path().join("token");
    std::fs::write(&token, "open-sesame-for-agents").unwrap();
    let (token, address) = (token.to_str().unwrap(), format!("unix://{}", redis.socket().display()));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let name = listener.local_addr().unwrap().to_string();
    let relay = Relay::start_with(
        &[
            "--redis",
            &address,
            "--access-token-file",
            token,
            "--name",
            &name,
            "--verbose",
        ],
        |command| command.env("RUST_LOG", LOUD),
    );
    relay
        .process
        .until("readiness", || get(&relay.authority, "/readyz").ends_with("ready\n"));
    let sent = tap(listener, relay.authority.clone());
    let through = format!("http://{name}");

    // An agent that shares, somebody who looks, and somebody who steers.
    let bench = Bench::new();
    crate::scans::put_old(
        bench.folder.path(),
        "CF-Confidential_15Hz_2.txt",
        crate::scans::table(&[1.234_567e-7]),
    );
    let (user_id, view_only) = (bench.user_id(), bench.view_only_code());
    let mut sharing = bench.sharing(
        &through,
        &["--access-token-file", token, "--name", "Aptamer of Confidence"],
    );
    sharing.env("RUST_LOG", LOUD);
    let agent = Process::start(sharing);
    agent.says("sharing: connected");
    agent.prints("CF-Confidential_15Hz_2.txt");
    let (looks, steers) = (bench.code_file(&view_only), bench.code_file(&user_id));
    let loud = |mut command: Command| {
        command.env("RUST_LOG", LOUD);
        command
    };
    let viewer = Process::start(loud(view(&looks, &through, &[])));
    viewer.prints("CF-Confidential_15Hz_2.txt");
    let out = secrets_folder.path().join("results.csv");
    let export = view(&steers, &through, &["--export", "csv", "--out", out.to_str().unwrap()]);
    let exported = ended(loud(export)).ends_with(0);
    let asked = ended(loud(view(&looks, &through, &["--query", r#"{"query":"sessions"}"#]))).ends_with(0);

    // Whoever gets something wrong is not told it again.
    let mut errors = String::new();
    let mistyped = format!("{view_only}z");
    for arguments in [
        vec!["view", &mistyped, "--relay", &through],
        vec!["view", &view_only],
        vec!["view", &user_id, "--relay", "ftp://relay"],
        vec![
            "view",
            &view_only,
            "--relay",
            &through,
            "--export",
            "csv",
            "--out",
            "/nonexistent/f",
        ],
        vec!["view", &user_id, "--relay", &through, "--query", "nonsense"],
    ] {
        let run = run(&arguments);
        assert_ne!(run.code, Some(0), "{arguments:?}");
        errors += &run.stderr;
    }

    let kept = redis.everything();
    let numbers: String = ["/metrics", "/stats", "/readyz", "/healthz", "/"]
        .iter()
        .map(|path| get(&relay.authority, path))
        .collect();
    let viewers = [viewer.end().stderr, exported.stderr, asked.stderr].concat();
    let agents = agent.end().stderr;
    let of_relay = relay.process.end();
    let of_relay = [of_relay.stdout, of_relay.stderr].concat();
    // What an agent says to its owner is the link itself, and what it does.
    let link = format!("#{view_only}");
    assert!(agents.contains(&link), "{agents}");
    let agents: String = agents.lines().filter(|line| !line.contains(&link)).collect();
    let sent = taken(&sent);
    assert!(
        sent.windows(12).any(|part| part == b"GET /v1/view"),
        "heads of requests were seen"
    );
    assert!(
        of_relay.len() > 1_000 && viewers.len() > 1_000 && agents.len() > 1_000,
        "something was logged"
    );

    let (id, code): (UserId, _) = (
        user_id.parse().unwrap(),
        view_only.parse::<protocol::codes::ViewOnlyCode>().unwrap(),
    );
    let keys: Vec<(&str, Vec<u8>)> = vec![
        ("the User ID", user_id.clone().into_bytes()),
        ("the root", uuid_bytes(&user_id)),
        ("the owner key", id.owner_key().to_bytes().to_vec()),
        ("the control key", id.control_key().to_vec()),
        ("the label key", id.label_key().to_vec()),
        ("the view-only code", view_only.clone().into_bytes()),
        ("its secret part", view_only.as_bytes()[31..].to_vec()),
        ("the view key", code.view_key().to_vec()),
        ("the join token", code.join_token().to_vec()),
        ("the access token", b"open-sesame-for-agents".to_vec()),
    ];
    let names: Vec<(&str, Vec<u8>)> = vec![
        ("the computer's name", b"LAB-PC-7".to_vec()),
        ("the session's name", b"Aptamer of Confidence".to_vec()),
        ("a file's name", b"CF-Confidential".to_vec()),
        ("the folder", bench.folder.path().to_str().unwrap().as_bytes().to_vec()),
        ("data", b"peak_current_a".to_vec()),
    ];
    let strangers: Vec<(&str, Vec<u8>)> = vec![
        ("what the relay logs", of_relay.into_bytes()),
        ("its numbers", numbers.into_bytes()),
        ("Redis", kept),
        ("what Redis was told", taken(&monitored)),
        ("what is sent to the relay", sent),
    ];
    let own: Vec<(&str, Vec<u8>)> = vec![
        ("the agent's log", agents.into_bytes()),
        ("the viewers' logs", viewers.into_bytes()),
        ("errors", errors.into_bytes()),
    ];
    for (place, bytes) in strangers.iter().chain(&own) {
        for (what, secret) in &keys {
            assert!(!found(bytes, secret), "{what} is in {place}");
        }
    }
    for (place, bytes) in &strangers {
        for (what, secret) in &names {
            assert!(!found(bytes, secret), "{what} is in {place}");
        }
    }
    // The search finds what is there.
    let public = id.owner_key().verifying_key().to_bytes();
    for (place, bytes) in &strangers[2..4] {
        assert!(
            found(bytes, &public),
            "the public key, which is no secret, is not in {place}"
        );
    }
}

fn uuid_bytes(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER
        .decode(text.replace('-', "").as_bytes())
        .unwrap()
}
