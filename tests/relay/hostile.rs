//! Whoever means harm: floods, endless frames, other people's channels, replays.

use std::time::Duration;

use protocol::relay::header::Destination;
use protocol::relay::hello::{AgentHello, SealedLabel, ViewerHello};
use protocol::relay::message::{FromAgent, FromViewer, Message, ToAgent, ToViewer};
use protocol::relay::{CloseCode, Epoch, LabelKey, Process, Run, Versions};
use relay::limits::{Limits, Rate};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::peers::{Claiming, PATIENCE, Peer, Running, Viewer, counted, someone, start};

async fn challenged(running: &Running) -> (Peer, [u8; 32]) {
    let mut peer = Peer::connect(&running.authority, "/v1/agent").await;
    match peer.hear().await {
        Ok(ToAgent::Challenge(challenge)) => (peer, challenge),
        other => panic!("{other:?}"),
    }
}

fn hello_of(id: &protocol::codes::UserId) -> AgentHello {
    let run = Run::random().unwrap();
    AgentHello {
        owner: id.owner_key().verifying_key().to_bytes(),
        channel: id.channel(),
        process: Process::random().unwrap(),
        run,
        generation: 1,
        join_hash: Sha256::digest(id.view_only_code(1).join_token()).into(),
        label: SealedLabel::seal(&LabelKey::of(id), run, "LAB-PC-7").unwrap(),
        versions: Versions::own(),
        access_token: None,
    }
}

#[tokio::test]
async fn a_hello_is_good_for_one_challenge_its_own_key_and_its_own_channel() {
    let running = start(Limits::default()).await;
    let ((victim, _), (thief, _)) = (someone(), someone());
    let hello = hello_of(&victim);
    let refused = |mut peer: Peer, hello: Vec<u8>| async move {
        peer.say(&FromAgent::Hello(hello)).await;
        assert_eq!(peer.hear::<ToAgent>().await, Err(Some(CloseCode::Ownership)));
    };
    // Heard on one connection, and said again on another.
    let (_, old_challenge) = challenged(&running).await;
    let recorded = hello.sign(&victim.owner_key(), &running.authority, &old_challenge);
    refused(challenged(&running).await.0, recorded).await;
    // Signed by somebody else.
    let (peer, challenge) = challenged(&running).await;
    refused(peer, hello.sign(&thief.owner_key(), &running.authority, &challenge)).await;
    // Somebody else's key for the victim's channel.
    let (peer, challenge) = challenged(&running).await;
    let mut forged = hello_of(&thief);
    forged.channel = victim.channel();
    refused(peer, forged.sign(&thief.owner_key(), &running.authority, &challenge)).await;
    // A challenge that another relay passed on: the agent signed that relay's name.
    let (peer, challenge) = challenged(&running).await;
    refused(peer, hello.sign(&victim.owner_key(), "evil.example:443", &challenge)).await;
    assert_eq!(running.relay.counters.refused().get("ownership"), Some(&4));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_hellos_are_limited_and_leave_nothing_behind() {
    let hellos = Rate {
        per_second: 0.001,
        burst: 200.0,
    };
    let running = start(Limits {
        hellos,
        ..Limits::default()
    })
    .await;
    let (_, code) = someone();
    let attack = async |number: u32, hellos: usize| {
        for _ in 0..hellos {
            let mut peer = Peer::connect(&running.authority, "/v1/view").await;
            let hello = ViewerHello {
                channel: protocol::codes::Channel([number as u8; 16]),
                join_token: code.join_token(),
                versions: Versions::own(),
                position: None,
            };
            peer.say_bytes(FromViewer::Hello(hello.bytes()).bytes()).await;
            drop(peer.hear::<ToViewer>().await);
        }
    };
    // What is allocated once is allocated now.
    futures_util::future::join_all((0..16).map(|number| attack(number, 25))).await;
    running.relay.queues.emptied().await;
    let before = resident_bytes();
    futures_util::future::join_all((0..16).map(|number| attack(number, 625))).await;
    let refused = running.relay.counters.refused().get("rate").copied().unwrap_or(0);
    assert!(refused >= 9_000, "{refused}");
    running.relay.queues.emptied().await;
    assert_eq!((running.relay.queues.waiting(), running.relay.size()), (0, (0, 0)));
    let grown = resident_bytes().saturating_sub(before);
    println!("10,000 hellos: {grown} bytes more than before, with those who said them");
    assert!(grown < 16 << 20, "{grown}");
    assert!(
        running
            .get("/metrics")
            .await
            .contains("sacmes_relay_hellos_total 10400")
    );
}

/// Memory of this process.
fn resident_bytes() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4_096
}

#[tokio::test]
async fn who_says_nothing_takes_no_place() {
    let limits = Limits {
        hello_within: Duration::from_millis(200),
        proof_within: Duration::from_millis(200),
        ..Limits::default()
    };
    let running = start(limits).await;
    let mut silent = Peer::connect(&running.authority, "/v1/view").await;
    assert_eq!(silent.hear::<ToViewer>().await, Err(Some(CloseCode::Silent)));
    let (mut unproven, _) = challenged(&running).await;
    assert_eq!(unproven.hear::<ToAgent>().await, Err(Some(CloseCode::Silent)));
    // A byte now and then is no hello either.
    let mut slow = Peer::connect(&running.authority, "/v1/view").await;
    for piece in 0..10 {
        slow.say_piece(1, piece == 0).await;
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    assert!(slow.hear::<ToViewer>().await.is_err());
    running.relay.queues.emptied().await;
    let refused = running.relay.counters.refused();
    assert_eq!((refused.get("silent"), refused.get("ownership")), (Some(&3), None));
}

/// An agent's frame may have 256 KiB, but who has not said who it is could have so much kept for it.
#[tokio::test]
async fn a_hello_is_as_long_as_a_hello_and_not_as_a_frame() {
    let running = start(Limits::default()).await;
    let (mut agent, _) = challenged(&running).await;
    agent.say_in_pieces_without_end(1_000, 20).await;
    assert!(agent.hear::<ToAgent>().await.is_err());
    let mut viewer = Peer::connect(&running.authority, "/v1/view").await;
    viewer.say_bytes(vec![1; 60_000]).await;
    assert!(viewer.hear::<ToViewer>().await.is_err());
    counted(&running, "frame_too_large", 2).await;
    running.relay.queues.emptied().await;
}

#[tokio::test]
async fn requests_that_are_too_long_or_too_slow_are_ended_and_counted() {
    let running = start(Limits::default()).await;
    // A head without an end.
    let mut endless = TcpStream::connect(&running.authority).await.unwrap();
    endless.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n").await.unwrap();
    let line = format!("x-more: {}\r\n", "y".repeat(1_000));
    for _ in 0..64 {
        if endless.write_all(line.as_bytes()).await.is_err() {
            break;
        }
    }
    counted(&running, "bad_request", 1).await;
    let mut nonsense = TcpStream::connect(&running.authority).await.unwrap();
    nonsense.write_all(&[0xff; 100]).await.unwrap();
    counted(&running, "bad_request", 2).await;
    // A byte a second, and nothing at all.
    let mut slow = TcpStream::connect(&running.authority).await.unwrap();
    slow.write_all(b"GET / HT").await.unwrap();
    let _nothing = TcpStream::connect(&running.authority).await.unwrap();
    counted(&running, "slow_request", 2).await;
    let mut rest = Vec::new();
    // Ended by the relay, with or without words.
    drop(
        tokio::time::timeout(PATIENCE, slow.read_to_end(&mut rest))
            .await
            .unwrap(),
    );
    // And others are served meanwhile.
    assert!(running.get("/healthz").await.ends_with("ok\n"));
}

#[tokio::test]
async fn oversized_and_endless_frames_end_the_connection() {
    let running = start(Limits::default()).await;
    let (id, code) = someone();
    let mut agent = Claiming::new(&id, &running).claim(&running).await;
    agent.begin(Epoch([1; 16]), 1).await;
    agent.publish(1, "one").await;
    let mut viewer = Viewer::join(&running, &code, None).await;
    assert_eq!(viewer.texts(1).await, ["one"]);
    viewer.peer.say_bytes(vec![2; 70_000]).await;
    assert!(matches!(
        viewer.hear().await,
        Err(Some(CloseCode::FrameTooLarge) | None)
    ));
    let mut endless = Viewer::join(&running, &code, None).await;
    assert_eq!(endless.texts(1).await, ["one"]);
    endless.peer.say_in_pieces_without_end(1_000, 100).await;
    assert!(matches!(
        endless.hear().await,
        Err(Some(CloseCode::FrameTooLarge) | None)
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_viewer_that_does_not_read_is_closed_and_slows_nobody() {
    let limits = Limits {
        queue_bytes: 1 << 20,
        queues_bytes: 2 << 20,
        ..Limits::default()
    };
    let running = start(limits).await;
    let (id, code) = someone();
    let mut agent = Claiming::new(&id, &running).claim(&running).await;
    agent.begin(Epoch([1; 16]), 1).await;
    let slow = Viewer::join(&running, &code, None).await;
    let mut quick = Viewer::join(&running, &code, None).await;
    let long = "x".repeat(100_000);
    let reads = tokio::spawn(async move { quick.texts(200).await.len() });
    for offset in 1..=200 {
        agent.publish(offset, &long).await;
        assert!(running.relay.queues.waiting() <= 3 << 20);
    }
    assert_eq!(reads.await.unwrap(), 200);
    // 20 MB are more than systems keep for a connection: the one that does not read is closed, and that is counted.
    counted(&running, "too_slow", 1).await;
    assert!(running.relay.queues.waiting() <= 1 << 20);
    drop(slow);
}

#[tokio::test]
async fn frames_for_another_run_or_sent_back_go_nowhere() {
    let running = start(Limits::default()).await;
    let ((id, code), (other_id, other_code)) = (someone(), someone());
    let mut agent = Claiming::new(&id, &running).claim(&running).await;
    let mut other = Claiming::new(&other_id, &running).claim(&running).await;
    agent.begin(Epoch([1; 16]), 1).await;
    other.begin(Epoch([1; 16]), 1).await;
    let mut viewer = Viewer::join(&running, &code, None).await;
    let mut stranger = Viewer::join(&running, &other_code, None).await;
    viewer.ask("open").await;
    while !matches!(agent.peer.hear().await.unwrap(), ToAgent::Frame(_)) {}
    // An agent that names a run of somebody else's channel reaches nobody.
    other.send(Destination::Direct { viewer: viewer.run }, "for you").await;
    other.publish(1, "theirs").await;
    agent.publish(1, "ours").await;
    assert_eq!(viewer.frame().await.unwrap().plain, b"ours");
    assert_eq!(stranger.frame().await.unwrap().plain, b"theirs");
    // An agent's frame that a viewer sends back goes to the agent alone, who cannot open it under any viewer's key.
    let frame = agent.sealer.seal(Destination::Latest { key: 1 }, b"status").unwrap();
    let mut reflects = Viewer::join(&running, &code, None).await;
    assert_eq!(reflects.texts(1).await, ["ours"]);
    reflects.peer.say(&FromViewer::Frame(frame.clone())).await;
    while agent.peer.hear::<ToAgent>().await.unwrap() != ToAgent::Frame(frame.clone()) {}
    agent.publish(2, "more").await;
    assert_eq!(viewer.frame().await.unwrap().plain, b"more");
    // And a frame under another connection's run is not taken from this one.
    let replayed = other
        .sealer
        .seal(Destination::Log { first: 2, count: 1 }, b"forged")
        .unwrap();
    agent.peer.say(&FromAgent::Frame(replayed)).await;
    loop {
        if let Err(code) = agent.peer.hear::<ToAgent>().await {
            break assert_eq!(code, Some(CloseCode::Protocol));
        }
    }
}
