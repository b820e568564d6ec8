//! Options of `sacmes relay`: each limit has its effect, each mistake its words.

use std::io::{Read, Write};
use std::net::TcpStream;

use super::process::{Bench, Process, Relay, view};
use crate::program::{ended, run};

/// What an address of a relay answers, head and body.
pub fn get(authority: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(authority).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn refused(relay: &Relay, why: &str) {
    let counted = format!("sacmes_relay_refused_total{{why=\"{why}\"}}");
    relay
        .process
        .until(why, || get(&relay.authority, "/metrics").contains(&counted));
}

fn viewer(bench: &Bench, relay: &Relay) -> Process {
    let code = bench.code_file(&bench.view_only_code());
    Process::start(view(&code, &relay.address(), &[]))
}

const FULL: &str = "The relay, or this experiment's place on it, is full. It is tried again by itself; if it stays so, use another relay.";

#[test]
fn max_waiting_viewers_and_max_viewers() {
    let relay = Relay::start(&["--max-waiting-viewers", "1", "--max-viewers", "2"]);
    let bench = Bench::new();
    let first = viewer(&bench, &relay);
    first.says("No agent is online");
    let second = viewer(&bench, &relay);
    second.says(FULL);
    refused(&relay, "waiting_viewers");
    // It comes back by itself once there is room.
    let _agent = bench.shares(&relay);
    first.says("connected to the agent");
    second.says("connected to the agent");
    viewer(&bench, &relay).says(FULL);
    refused(&relay, "viewers");
}

#[test]
fn max_connections() {
    let relay = Relay::start(&["--max-connections", "1"]);
    let bench = Bench::new();
    let _agent = bench.shares(&relay);
    viewer(&bench, &relay).says("it answered 503");
    refused(&relay, "connections");
}

#[test]
fn max_new_channels_and_those_of_an_address() {
    for option in ["--max-new-channels", "--max-new-channels-per-address"] {
        let relay = Relay::start(&[option, "1"]);
        let (first, second) = (Bench::new(), Bench::new());
        let _first = first.shares(&relay);
        let second = Process::start(second.sharing(&relay.address(), &[]));
        second.says(&format!("sharing: {} has no room. It is tried again.", relay.address()));
        refused(&relay, "new_channels");
    }
}

#[test]
fn max_hellos() {
    // Five times as many at once.
    let relay = Relay::start(&["--max-hellos", "1"]);
    let bench = Bench::new();
    let viewers: Vec<_> = (0..12).map(|_| viewer(&bench, &relay)).collect();
    refused(&relay, "rate");
    let told = |viewer: &Process| {
        viewer
            .stderr()
            .contains("The relay was asked too often. This goes on by itself.")
    };
    viewers[0].until("a viewer that was told", || viewers.iter().any(told));
}

#[test]
fn windows_and_memory_are_as_large_as_they_may_be() {
    for (option, size) in [("--window-frames", "1"), ("--window-mib", "0"), ("--memory-mib", "0")] {
        let relay = Relay::start(&[option, size]);
        let bench = Bench::new();
        let agent = bench.shares(&relay);
        agent.prints("\"event\":\"measured\"");
        for k in 2..5 {
            crate::scans::put_old(
                bench.folder.path(),
                &format!("CF_15Hz_{k}.txt"),
                crate::scans::table(&[1e-7]),
            );
            agent.prints(&format!("CF_15Hz_{k}.txt"));
        }
        // While the agent is there it has what the relay has not.
        let complete = viewer(&bench, &relay);
        complete.prints("CF_15Hz_4.txt");
        complete.prints("\"event\":\"session_started\"");
        assert_eq!(agent.end().code, Some(0));
        // The memory of all is tidied every two seconds.
        let floor_rose = || {
            let late = viewer(&bench, &relay);
            late.says("No agent is online");
            late.until("an answer", || {
                late.stdout().contains("\"event\":\"as_of\"") || !late.stdout().is_empty()
            });
            late.stdout().contains("begins_late")
        };
        relay.process.until(option, floor_rose);
    }
}

#[test]
fn what_may_wait_for_all_connections_can_be_nothing() {
    // With room for nothing everybody is too slow at once, and told to come back.
    let relay = Relay::start(&["--queues-mib", "0"]);
    let bench = Bench::new();
    let _agent = Process::start(bench.sharing(&relay.address(), &[]));
    refused(&relay, "too_slow");
}

#[test]
fn mistakes_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let short = folder.path().join("short");
    std::fs::write(&short, "fifteen letters\n").unwrap();
    let short = short.to_str().unwrap();
    for option in [
        "--max-viewers",
        "--max-waiting-viewers",
        "--max-connections",
        "--max-connections-per-address",
        "--max-new-channels",
        "--max-new-channels-per-address",
        "--max-hellos",
        "--window-mib",
        "--window-frames",
        "--memory-mib",
        "--queues-mib",
    ] {
        for value in ["many", "-1", "1.5", ""] {
            run(["relay", &format!("{option}={value}")]).ends_with(2).says(option);
        }
    }
    for (arguments, says) in [
        (vec!["--tls-cert", "c.pem"], "--tls-key"),
        (vec!["--tls-key", "k.pem"], "--tls-cert"),
        (
            vec!["--behind-proxy", "--tls-cert", "c", "--tls-key", "k"],
            "cannot be used with",
        ),
        (
            vec!["--tls-cert", "/nonexistent/c", "--tls-key", "/nonexistent/k"],
            "/nonexistent/c has no usable certificate",
        ),
        (vec!["--name", "https://relay.example"], "without https://"),
        (vec!["--listen", "relay.example"], "--listen"),
        (vec!["--redis", "http://localhost"], "--redis"),
        (vec!["--redis-url-file", "/nonexistent"], "/nonexistent: "),
        (vec!["--redis-url-file", short], "this is no address of a Redis"),
        (
            vec!["--redis-url-file", short, "--redis", "redis://localhost"],
            "cannot be used with",
        ),
        (
            vec!["--access-token-file", short],
            "has 15 characters. Give a file with one line of 16 to 256 characters.",
        ),
        (vec!["--access-token-file", "/nonexistent"], "/nonexistent: "),
        (vec!["extra"], "extra"),
    ] {
        let run = run([&["relay"], &arguments[..]].concat()).ends_with(2).says(says);
        assert_eq!(run.stdout, "", "{arguments:?}");
    }
    let relay = Relay::start(&[]);
    let again = run(["relay", "--listen", &relay.authority]).ends_with(1);
    assert!(
        again.stderr.contains(&relay.authority) && again.stderr.contains("--listen"),
        "{again:?}"
    );
    // At once after a crash.
    relay.process.signal(rustix::process::Signal::KILL);
    let authority = relay.authority.clone();
    drop(relay);
    let next = Process::start(crate::program::sacmes(["relay", "--listen", &authority]));
    next.prints(&format!("Relay listening on {authority}\n"));
    assert_eq!(next.end().code, Some(0));
}

#[test]
fn a_relay_says_how_it_is_reached() {
    let relay = Relay::start(&["--name", "relay.example"]);
    let out = relay.process.stdout();
    let port = relay.authority.rsplit_once(':').unwrap().1;
    assert!(
        out.contains(&format!("--share --relay http://relay.example:{port}\n")),
        "{out}"
    );
    assert!(out.contains(&format!("Browsers: http://localhost:{port}/\n")), "{out}");
    let behind = Relay::start(&["--name", "relay.example", "--behind-proxy"]);
    let out = behind.process.stdout();
    assert!(
        out.contains("--relay https://relay.example:443\n") && out.contains("Browsers: https://relay.example:443/\n"),
        "{out}"
    );
    let healthy = get(&relay.authority, "/healthz");
    assert!(healthy.ends_with("ok\n"), "{healthy}");
    let bench = Bench::new();
    let code = bench.code_file(&bench.user_id());
    // What is not a relay is said to be none.
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = other.accept() {
            drop(stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"));
        }
    });
    let viewer = Process::start(view(&code, &format!("http://{address}"), &[]));
    viewer.says("what answers there is not a relay");
    drop(ended(crate::program::sacmes(["relay", "--help"])).ends_with(0));
}
