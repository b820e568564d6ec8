//! What one agent, viewer or address may take, and that others do not pay for it.

use std::time::Duration;

use protocol::relay::header::Destination;
use protocol::relay::message::{FromAgent, FromViewer, ToViewer};
use protocol::relay::{CloseCode, Epoch, Position};
use relay::limits::{Limits, Rate};
use relay::relay::Setup;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::peers::{Agent, Claiming, Peer, Running, Viewer, counted, someone, start, start_as};
use crate::stage::{Stage, over_both};

over_both! {
    a_viewer_that_sends_more_than_an_agent_takes_pays_for_it_itself,
    an_agent_that_floods_is_slowed_and_loses_nothing,
    an_offset_that_no_record_has_is_refused_and_harms_nobody,
    the_newest_of_a_kind_is_small_and_goes_with_its_agent,
    those_who_wait_for_nobody_take_few_places_and_not_for_ever,
}

const EPOCH: Epoch = Epoch([1; 16]);

/// So many, and then for a long time none.
fn only(burst: f64) -> Rate {
    Rate {
        per_second: 0.001,
        burst,
    }
}

async fn agent_of(id: &protocol::codes::UserId, running: &Running) -> Agent {
    let mut agent = Claiming::new(id, running).claim(running).await;
    agent.begin(EPOCH, 1).await;
    agent
}

/// Why a viewer was closed.
async fn end_of(viewer: &mut Viewer) -> Option<CloseCode> {
    loop {
        if let Err(code) = viewer.hear().await {
            return code;
        }
    }
}

/// Redis was asked for an entry that no stream can have, and what it answered was taken for its end.
async fn an_offset_that_no_record_has_is_refused_and_harms_nobody(stage: &Stage) {
    let running = stage.relay(Limits::default()).await;
    let (id, code) = someone();
    let mut agent = agent_of(&id, &running).await;
    agent.publish(1, "one").await;
    let mut honest = Viewer::join(&running, &code, None).await;
    assert_eq!(honest.texts(1).await, ["one"]);
    for offset in [u64::MAX, (1 << 53) + 1] {
        let position = Position {
            epoch: EPOCH,
            run: agent.run,
            offset,
        };
        let mut hello = Viewer::join(&running, &code, Some(position)).await;
        assert_eq!(end_of(&mut hello).await, Some(CloseCode::Protocol));
        let mut resume = Viewer::join(&running, &code, None).await;
        assert_eq!(resume.texts(1).await, ["one"]);
        resume.peer.say(&FromViewer::Resume(position)).await;
        assert_eq!(end_of(&mut resume).await, Some(CloseCode::Protocol));
    }
    assert_eq!(running.relay.not_ready(), None);
    // The largest that there may be is asked for, and is just not there.
    let last = Position {
        epoch: EPOCH,
        run: agent.run,
        offset: 1 << 53,
    };
    honest.peer.say(&FromViewer::Resume(last)).await;
    agent.publish(2, "two").await;
    let mut late = Viewer::join(&running, &code, None).await;
    assert_eq!(late.texts(2).await, ["one", "two"]);
    let refused = running.relay.counters.refused();
    assert_eq!((refused.get("redis_operation"), refused.get("away")), (None, None));
}

/// 64 frames of 256 KiB were kept of each channel for a week, and nothing freed them.
async fn the_newest_of_a_kind_is_small_and_goes_with_its_agent(stage: &Stage) {
    let running = stage.relay(Limits::default()).await;
    let (id, code) = someone();
    let mut agent = agent_of(&id, &running).await;
    agent.send(Destination::Latest { key: 1 }, "status").await;
    agent.send(Destination::Latest { key: 2 }, &"x".repeat(17 << 10)).await;
    for key in 2..20 {
        agent.send(Destination::Latest { key }, "small").await;
    }
    agent.publish(1, "entry").await;
    counted(&running, "latest_bytes", 1).await;
    // 16 kinds: 1 to 16; 17 to 19 are too many.
    counted(&running, "latest_keys", 3).await;
    let mut viewer = Viewer::join(&running, &code, None).await;
    let mut newest = Vec::new();
    loop {
        let opened = viewer.frame().await.unwrap();
        if opened.plain == b"entry" {
            break;
        }
        newest.push(opened.plain);
    }
    assert!(newest.len() == 16 && newest.contains(&b"status".to_vec()), "{newest:?}");
    agent.peer.say(&FromAgent::Release).await;
    while !matches!(viewer.hear().await.unwrap(), ToViewer::Absent { .. }) {}
    // Whoever comes now hears how the agent was last.
    let mut late = Viewer::join(&running, &code, None).await;
    let mut before = 0;
    while late.frame().await.unwrap().plain != b"entry" {
        before += 1;
    }
    assert_eq!(before, 16);
}

/// What viewers send filled the agent's queue, and the agent was closed as too slow.
async fn a_viewer_that_sends_more_than_an_agent_takes_pays_for_it_itself(stage: &Stage) {
    let limits = Limits {
        queue_bytes: 100_000,
        up_bytes: only(70_000.0),
        opens_of_connection: only(4.0),
        ..Limits::default()
    };
    let running = stage.relay(limits).await;
    let (id, code) = someone();
    let mut agent = agent_of(&id, &running).await;
    // More than its half of the queue.
    let mut large = Viewer::join(&running, &code, None).await;
    large.ask(&"x".repeat(60_000)).await;
    assert_eq!(end_of(&mut large).await, Some(CloseCode::Rate));
    counted(&running, "up_queue", 1).await;
    // More than it may send in a while.
    let mut many = Viewer::join(&running, &code, None).await;
    for _ in 0..2 {
        many.ask(&"x".repeat(36_000)).await;
    }
    assert_eq!(end_of(&mut many).await, Some(CloseCode::Rate));
    counted(&running, "up_bytes", 1).await;
    agent.publish(1, "still here").await;
}

async fn an_agent_that_floods_is_slowed_and_loses_nothing(stage: &Stage) {
    let limits = Limits {
        down_messages: Rate {
            per_second: 20.0,
            burst: 2.0,
        },
        begins: Rate {
            per_second: 5.0,
            burst: 1.0,
        },
        ..Limits::default()
    };
    let running = stage.relay(limits).await;
    let (id, code) = someone();
    let mut agent = agent_of(&id, &running).await;
    for offset in 1..=20 {
        let place = Destination::Log {
            first: offset,
            count: 1,
        };
        agent.send(place, &offset.to_string()).await;
    }
    let mut viewer = Viewer::join(&running, &code, None).await;
    let expected: Vec<_> = (1..=20).map(|offset| offset.to_string()).collect();
    assert_eq!(viewer.texts(20).await, expected);
    counted(&running, "down_messages", 1).await;
    // An agent begins anew at each entry that is too large for a frame.
    agent.begin(EPOCH, 23).await;
    agent.begin(EPOCH, 25).await;
    agent.publish(25, "25").await;
    counted(&running, "begins", 1).await;
}

async fn those_who_wait_for_nobody_take_few_places_and_not_for_ever(stage: &Stage) {
    let limits = Limits {
        waiting_viewers_of_all: 1,
        ..Limits::default()
    };
    let running = stage.relay(limits).await;
    let mut waits = Viewer::join(&running, &someone().1, None).await;
    assert!(matches!(waits.hear().await, Ok(ToViewer::Absent { .. })));
    let mut refused = Viewer::join(&running, &someone().1, None).await;
    assert_eq!(end_of(&mut refused).await, Some(CloseCode::Full));
    counted(&running, "waiting_viewers_of_all", 1).await;
    // Whoever comes where an agent has been is no matter of this.
    let (id, code) = someone();
    let mut agent = agent_of(&id, &running).await;
    agent.publish(1, "one").await;
    let mut follows = Viewer::join(&running, &code, None).await;
    assert_eq!(follows.texts(1).await, ["one"]);
    let limits = Limits {
        waiting_for: Duration::from_millis(500),
        ..Limits::default()
    };
    let running = stage.relay(limits).await;
    let mut agent = agent_of(&id, &running).await;
    agent.publish(1, "one").await;
    let mut follows = Viewer::join(&running, &code, None).await;
    assert_eq!(follows.texts(1).await, ["one"]);
    let mut waits = Viewer::join(&running, &someone().1, None).await;
    assert_eq!(end_of(&mut waits).await, Some(CloseCode::Full));
    counted(&running, "waiting_for", 1).await;
    agent.publish(2, "two").await;
    assert_eq!(follows.texts(1).await, ["two"]);
}

/// One holder of a code used up what the channel has for all.
#[tokio::test]
async fn a_connection_begins_so_many_visits_and_what_is_too_much_is_only_dropped() {
    let limits = Limits {
        opens_of_connection: only(2.0),
        ..Limits::default()
    };
    let running = start(limits).await;
    let (id, code) = someone();
    let mut agent = agent_of(&id, &running).await;
    let mut viewer = Viewer::join(&running, &code, None).await;
    for _ in 0..5 {
        viewer.ask("open").await;
    }
    counted(&running, "opens_of_connection", 3).await;
    agent.publish(1, "one").await;
    assert_eq!(viewer.texts(1).await, ["one"]);
}

#[tokio::test]
async fn a_name_of_the_computer_itself_counts_from_there_only() {
    for (is_behind_proxy, expected) in [(false, None), (true, Some(CloseCode::Ownership))] {
        let running = start_as(Setup {
            local_names: vec!["localhost:1".to_owned()],
            is_behind_proxy,
            ..Setup::default()
        })
        .await;
        let (id, _) = someone();
        let mut claiming = Claiming::new(&id, &running);
        claiming.authority = "localhost:1";
        let (_, _, answer) = claiming.hello(&running).await;
        assert_eq!(answer.err().flatten(), expected);
    }
}

/// An answer that nobody read kept its place for ever.
#[tokio::test]
async fn a_request_has_its_time_and_a_web_socket_has_not() {
    let limits = Limits {
        served_within: Duration::from_secs(1),
        ..Limits::default()
    };
    let running = start(limits).await;
    let (id, code) = someone();
    let mut agent = agent_of(&id, &running).await;
    let mut viewer = Viewer::join(&running, &code, None).await;
    let mut request = TcpStream::connect(&running.authority).await.unwrap();
    request.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    counted(&running, "slow_answer", 1).await;
    agent.publish(1, "one").await;
    assert_eq!(viewer.texts(1).await, ["one"]);
}

/// One address could hold all places of a relay.
#[tokio::test]
async fn an_address_has_so_many_connections_and_gets_them_back() {
    let limits = Limits {
        connections_of_address: 2,
        ..Limits::default()
    };
    let running = start(limits).await;
    let own = format!("http://{}", running.authority);
    let connect = || Peer::connect_from(&running.authority, "/v1/view", &own);
    let (one, _two) = (connect().await.unwrap(), connect().await.unwrap());
    assert!(connect().await.is_err());
    counted(&running, "connections_of_address", 1).await;
    drop(one);
    let until = tokio::time::Instant::now() + crate::peers::PATIENCE;
    while connect().await.is_err() {
        assert!(tokio::time::Instant::now() < until, "its place is not given back");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
