//! Nothing secret in what relay, Redis and viewers keep, log, count, or send in the clear.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use protocol::codes::UserId;

use super::process::{Bench, PATIENCE, Process, Relay, view};
use super::relay_options::get;
use crate::program::{ended, run};

type Bytes = Arc<Mutex<Vec<u8>>>;

fn read_into(mut from: impl Read + Send + 'static, to: Bytes) {
    thread::spawn(move || {
        let mut buffer = [0; 4_096];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            to.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .extend_from_slice(&buffer[..read]);
        }
    });
}

fn taken(from: &Bytes) -> Vec<u8> {
    from.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

struct Redis {
    process: Child,
    folder: tempfile::TempDir,
}

impl Redis {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let process = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"])
            .arg(folder.path().join("redis.sock"))
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("this test needs redis-server (cargo xtask test installs it)");
        let redis = Self { process, folder };
        let until = Instant::now() + PATIENCE;
        while UnixStream::connect(redis.socket()).is_err() {
            assert!(Instant::now() < until, "redis-server does not start");
            thread::sleep(Duration::from_millis(5));
        }
        redis
    }

    fn socket(&self) -> std::path::PathBuf {
        self.folder.path().join("redis.sock")
    }

    /// Every command from now on, as Redis tells it.
    fn monitor(&self) -> Bytes {
        let mut stream = UnixStream::connect(self.socket()).unwrap();
        stream.write_all(b"MONITOR\r\n").unwrap();
        let seen = Bytes::default();
        read_into(stream, Arc::clone(&seen));
        seen
    }

    /// What a command answers, as it is sent.
    fn ask(&self, command: &str) -> Vec<u8> {
        let mut stream = UnixStream::connect(self.socket()).unwrap();
        stream
            .write_all(format!("{command}\r\nECHO the-end\r\n").as_bytes())
            .unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"the-end\r\n") {
            let mut buffer = [0; 4_096];
            let read = stream.read(&mut buffer).unwrap();
            assert!(read > 0, "Redis ended");
            answer.extend_from_slice(&buffer[..read]);
        }
        answer
    }

    /// Every key and value.
    fn everything(&self) -> Vec<u8> {
        let keys = self.ask("KEYS *");
        let names: Vec<String> = BufReader::new(&keys[..])
            .lines()
            .map_while(Result::ok)
            .filter(|line| line.starts_with("sacmes:"))
            .collect();
        assert!(names.len() >= 3, "{names:?}");
        let mut all = keys;
        for name in names {
            let kind = String::from_utf8(self.ask(&format!("TYPE {name}"))).unwrap();
            let command = match kind.lines().next().unwrap() {
                "+string" => format!("GET {name}"),
                "+hash" => format!("HGETALL {name}"),
                "+stream" => format!("XRANGE {name} - +"),
                "+zset" => format!("ZRANGE {name} 0 -1"),
                other => panic!("a key of type {other}"),
            };
            all.extend(self.ask(&command));
        }
        all
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

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

/// Each way in which something may be written.
fn forms(secret: &[u8]) -> Vec<Vec<u8>> {
    let hex = data_encoding::HEXLOWER.encode(secret);
    // As MONITOR and Rust's debug output write bytes.
    let escaped: String = secret
        .iter()
        .map(|byte| match byte {
            0x20..=0x7e => char::from(*byte).to_string(),
            other => format!("\\x{other:02x}"),
        })
        .collect();
    let listed = format!("{secret:?}");
    let base64 = data_encoding::BASE64.encode(secret);
    let mut forms = vec![
        secret.to_vec(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
        escaped.into_bytes(),
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
    let (_, redis_was_told) = &strangers[3];
    assert!(
        found(redis_was_told, &id.owner_key().verifying_key().to_bytes()),
        "the public key is no secret"
    );
}

fn uuid_bytes(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER
        .decode(text.replace('-', "").as_bytes())
        .unwrap()
}
