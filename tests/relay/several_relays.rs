//! Several relays on one Redis, and a Redis that goes away.

use std::time::Duration;

use protocol::relay::message::{FromAgent, ToAgent, ToViewer};
use protocol::relay::{CloseCode, Epoch};
use relay::limits::Limits;
use relay::relay::Setup;

use crate::peers::{Agent, Claiming, Viewer, someone, start_as};
use crate::stage::{RedisServer, Stage};

const EPOCH: Epoch = Epoch([1; 16]);

fn setup(redis: &RedisServer) -> Setup {
    Setup {
        redis: Some(redis.address()),
        ..Setup::default()
    }
}

/// Until the agent hears where the relay is.
async fn have(agent: &mut Agent) -> Option<u64> {
    loop {
        if let ToAgent::Have(position) = agent.peer.hear().await.unwrap() {
            return position.map(|position| position.offset);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn agent_and_viewers_on_different_relays_meet_and_talk() {
    let stage = Stage::redis();
    let (one, other) = (
        stage.relay(Limits::default()).await,
        stage.relay(Limits::default()).await,
    );
    let (id, code) = someone();
    let mut early = Viewer::join(&other, &code, None).await;
    assert_eq!(early.hear().await, Ok(ToViewer::Absent { last_seen_s: None }));
    let mut agent = Claiming::new(&id, &one).claim(&one).await;
    agent.begin(EPOCH, 1).await;
    for offset in 1..=20 {
        agent.publish(offset, &offset.to_string()).await;
    }
    let expected: Vec<_> = (1..=20).map(|offset| offset.to_string()).collect();
    assert_eq!(early.texts(20).await, expected);
    let mut late = Viewer::join(&other, &code, None).await;
    assert_eq!(late.texts(20).await, expected);
    late.ask("open").await;
    while !matches!(agent.peer.hear().await.unwrap(), ToAgent::Frame(_)) {}
    let viewer = late.run;
    agent
        .send(protocol::relay::header::Destination::Direct { viewer }, "for you")
        .await;
    assert_eq!(late.frame().await.unwrap().plain, b"for you");
    drop(late);
    while agent.peer.hear::<ToAgent>().await.unwrap() != ToAgent::Gone(viewer) {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_program_at_another_relay_is_refused_while_the_first_runs() {
    let stage = Stage::redis();
    let (one, other) = (
        stage.relay(Limits::default()).await,
        stage.relay(Limits::default()).await,
    );
    let (id, _) = someone();
    let mut first = Claiming::new(&id, &one).claim(&one).await;
    let second = Claiming::new(&id, &other);
    let answers = async {
        while first.peer.hear::<ToAgent>().await.unwrap() != ToAgent::Probe {}
        first.peer.say(&FromAgent::Alive).await;
    };
    let ((mut peer, _, answer), ()) = tokio::join!(second.hello(&other), answers);
    assert!(
        matches!(answer, Ok(ToAgent::InUse { run, .. }) if run == first.run),
        "{answer:?}"
    );
    assert_eq!(peer.hear::<ToAgent>().await, Err(Some(CloseCode::InUse)));
    // The same program coming from another network is let in at once, and its old connection ends.
    let again = Claiming {
        process: first.process,
        ..Claiming::new(&id, &other)
    };
    let moved = again.claim(&other).await;
    assert!(moved.fence > first.fence);
    loop {
        if let Err(code) = first.peer.hear::<ToAgent>().await {
            break assert_eq!(code, Some(CloseCode::Fenced));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_the_relay_of_the_agent_or_of_a_viewer_ends() {
    let stage = Stage::redis();
    let (one, other) = (
        stage.relay(Limits::default()).await,
        stage.relay(Limits::default()).await,
    );
    let (id, code) = someone();
    let claiming = Claiming::new(&id, &one);
    let mut agent = claiming.claim(&one).await;
    agent.begin(EPOCH, 1).await;
    let mut there = Viewer::join(&other, &code, None).await;
    let mut here = Viewer::join(&one, &code, None).await;
    agent.publish(1, "one").await;
    assert_eq!(there.texts(1).await, ["one"]);
    assert_eq!(here.texts(1).await, ["one"]);
    let process = claiming.process;
    one.stop().await;
    // The agent goes on at the other relay, and the viewer too: from where they were.
    let again = Claiming {
        process,
        ..Claiming::new(&id, &other)
    };
    let mut agent = again.claim(&other).await;
    assert_eq!(agent.position.map(|position| position.offset), Some(1));
    agent.publish(2, "two").await;
    assert_eq!(there.texts(1).await, ["two"]);
    let mut back = Viewer::join(&other, &code, agent.position).await;
    assert_eq!(back.texts(1).await, ["two"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_redis_is_away_nothing_is_acknowledged_and_connections_stay_and_then_it_goes_on() {
    let mut redis = RedisServer::start(&[]);
    let running = start_as(setup(&redis)).await;
    let (id, code) = someone();
    let mut agent = Claiming::new(&id, &running).claim(&running).await;
    agent.begin(EPOCH, 1).await;
    let mut viewer = Viewer::join(&running, &code, None).await;
    agent.publish(1, "one").await;
    assert_eq!(viewer.texts(1).await, ["one"]);
    redis.kill();
    running.is_ready(false).await;
    let answer = running.get("/readyz").await;
    assert!(
        answer.starts_with("HTTP/1.1 503") && answer.contains("since"),
        "{answer}"
    );
    agent
        .send(protocol::relay::header::Destination::Log { first: 2, count: 1 }, "two")
        .await;
    let quiet = async {
        loop {
            match agent.peer.hear::<ToAgent>().await {
                Ok(ToAgent::Viewers(_)) => {}
                other => return other,
            }
        }
    };
    let heard = tokio::time::timeout(Duration::from_millis(300), quiet).await;
    assert!(heard.is_err(), "{heard:?}");
    redis.start_again();
    running.is_ready(true).await;
    // It came back empty: the agent hears that, and gives everything again.
    assert_eq!(have(&mut agent).await, None);
    agent.begin(EPOCH, 1).await;
    agent.publish(1, "one, again").await;
    agent.publish(2, "two").await;
    loop {
        match viewer.frame().await {
            Ok(opened) if opened.plain == b"two" => break,
            Ok(_) => {}
            // A reading that fell into the moment of the return failed alone: that is for the viewer to try again.
            Err(Some(CloseCode::Restarting)) => viewer = Viewer::join(&running, &code, None).await,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(running.get("/readyz").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_forgets_in_the_middle_is_noticed_and_filled_again() {
    let redis = RedisServer::start(&[]);
    let running = start_as(setup(&redis)).await;
    let (id, code) = someone();
    let mut agent = Claiming::new(&id, &running).claim(&running).await;
    agent.begin(EPOCH, 1).await;
    agent.publish(1, "one").await;
    let mut connection = redis.connect().await;
    let _: () = redis::cmd("FLUSHALL").query_async(&mut connection).await.unwrap();
    agent
        .send(protocol::relay::header::Destination::Log { first: 2, count: 1 }, "two")
        .await;
    assert_eq!(have(&mut agent).await, None);
    agent.begin(EPOCH, 2).await;
    agent.publish(2, "two").await;
    let mut viewer = Viewer::join(&running, &code, None).await;
    assert_eq!(viewer.texts(1).await, ["two"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_told_that_there_is_no_agent_hears_it_when_a_forgotten_claim_is_renewed() {
    let redis = RedisServer::start(&[]);
    let (one, other) = (start_as(setup(&redis)).await, start_as(setup(&redis)).await);
    let (id, code) = someone();
    let _agent = Claiming::new(&id, &one).claim(&one).await;
    let mut connection = redis.connect().await;
    let _: () = redis::cmd("FLUSHALL").query_async(&mut connection).await.unwrap();
    let mut viewer = Viewer::join(&other, &code, None).await;
    // Unless the claim was renewed just then.
    let first = viewer.hear().await.unwrap();
    if matches!(first, ToViewer::Absent { .. }) {
        assert_eq!(viewer.hear().await, Ok(ToViewer::Present));
    } else {
        assert!(
            matches!(
                first,
                ToViewer::Joined {
                    agent_present: true,
                    ..
                }
            ),
            "{first:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_viewer_that_asks_while_redis_does_not_answer_is_not_told_that_there_is_no_agent() {
    let redis = RedisServer::start(&[]);
    let (one, other) = (start_as(setup(&redis)).await, start_as(setup(&redis)).await);
    let (id, code) = someone();
    let mut agent = Claiming::new(&id, &one).claim(&one).await;
    agent.begin(EPOCH, 1).await;
    let mut viewer = Viewer::join(&other, &code, None).await;
    while !matches!(viewer.hear().await.unwrap(), ToViewer::Joined { epoch: Some(_), .. }) {}
    redis.hang();
    other.is_ready(false).await;
    viewer.ask("open").await;
    redis.go_on();
    other.is_ready(true).await;
    // Then it is told to open a visit again.
    loop {
        match viewer.hear().await.unwrap() {
            ToViewer::Present => break,
            ToViewer::Absent { .. } => panic!("it was told that there is no agent"),
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_evicts_is_not_good_enough_and_the_reason_is_told() {
    let redis = RedisServer::start(&["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"]);
    let mut setup = setup(&redis);
    setup.names.push("any:1".to_owned());
    let relay = relay::relay::Relay::new(setup).unwrap();
    let named = async {
        while !relay.not_ready().unwrap().reason.contains("noeviction") {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(crate::peers::PATIENCE, named).await.unwrap();
}
