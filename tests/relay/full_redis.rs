//! A Redis that is full or has lost something, and what a relay leaves in it when it ends.

use std::time::Duration;

use protocol::relay::message::{FromViewer, ToViewer};
use protocol::relay::{CloseCode, Epoch};
use relay::limits::Limits;
use relay::relay::Setup;

use crate::peers::{Claiming, PATIENCE, Viewer, counted, someone, start_as};
use crate::stage::{RedisServer, Stage};

const EPOCH: Epoch = Epoch([1; 16]);

async fn ask<T: redis::FromRedisValue>(redis: &RedisServer, words: &[&str]) -> T {
    let mut command = redis::cmd(words[0]);
    for word in &words[1..] {
        command.arg(*word);
    }
    command.query_async(&mut redis.connect().await).await.unwrap()
}

/// It was said to be ready twice a second, and each time everything was read again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_is_full_is_not_ready_until_it_has_room() {
    let redis = RedisServer::start(&[]);
    let running = start_as(Setup {
        redis: Some(redis.address()),
        ..Setup::default()
    })
    .await;
    let (id, code) = someone();
    let mut agent = Claiming::new(&id, &running).claim(&running).await;
    agent.begin(EPOCH, 1).await;
    agent.publish(1, "one").await;
    let mut viewer = Viewer::join(&running, &code, None).await;
    assert_eq!(viewer.texts(1).await, ["one"]);
    let () = ask(&redis, &["CONFIG", "SET", "maxmemory", "1"]).await;
    running.is_ready(false).await;
    let before = running.relay.not_ready().unwrap();
    // Several looks later: still so, since then, and why.
    while running.relay.not_ready().expect("said to be ready while full").for_s < 3 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let not = running.relay.not_ready().unwrap();
    assert_eq!(not.since, before.since);
    assert!(not.reason.contains("full"), "{}", not.reason);
    let () = ask(&redis, &["CONFIG", "SET", "maxmemory", "0"]).await;
    running.is_ready(true).await;
    agent.publish(2, "two").await;
    assert_eq!(viewer.texts(1).await, ["two"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_is_nearly_full_takes_no_new_channels_and_keeps_those_that_are_there() {
    let redis = RedisServer::start(&[]);
    let running = start_as(Setup {
        limits: Limits {
            new_channels: 100_000,
            new_channels_of_address: 100_000,
            ..Limits::default()
        },
        redis: Some(redis.address()),
        ..Setup::default()
    })
    .await;
    let (id, _) = someone();
    let mut agent = Claiming::new(&id, &running).claim(&running).await;
    agent.begin(EPOCH, 1).await;
    let _: i64 = ask(&redis, &["SETRANGE", "ballast", "60000000", "x"]).await;
    let () = ask(&redis, &["CONFIG", "SET", "maxmemory", "75000000"]).await;
    let until = tokio::time::Instant::now() + PATIENCE;
    let refused = loop {
        let (newcomer, _) = someone();
        let (_peer, _, answer) = Claiming::new(&newcomer, &running).hello(&running).await;
        if let Err(code) = answer {
            break code;
        }
        assert!(tokio::time::Instant::now() < until, "newcomers are still let in");
        // The relay looks twice a second, and takes so many hellos only.
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(refused, Some(CloseCode::Full));
    counted(&running, "redis_memory", 1).await;
    agent.publish(1, "one").await;
}

/// The log ran out after a week of an agent that was connected and had nothing to say, and was still said to be there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_of_an_idle_agent_stays_and_one_that_is_gone_is_not_said_to_be_there() {
    let redis = RedisServer::start(&[]);
    let running = start_as(Setup {
        redis: Some(redis.address()),
        ..Setup::default()
    })
    .await;
    let (id, code) = someone();
    let mut agent = Claiming::new(&id, &running).claim(&running).await;
    agent.begin(EPOCH, 1).await;
    agent.publish(1, "one").await;
    let logs: Vec<String> = ask(&redis, &["KEYS", "*:log"]).await;
    let log = logs[0].as_str();
    let _: i64 = ask(&redis, &["EXPIRE", log, "1000"]).await;
    let until = tokio::time::Instant::now() + PATIENCE;
    while ask::<i64>(&redis, &["TTL", log]).await <= 1_000 {
        assert!(tokio::time::Instant::now() < until, "its life was not prolonged");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let _: i64 = ask(&redis, &["DEL", log]).await;
    let meta = log.replace(":log", ":meta");
    while ask::<String>(&redis, &["HGET", &meta, "bytes"]).await != "0" {
        assert!(tokio::time::Instant::now() < until, "still said to be there");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut viewer = Viewer::join(&running, &code, None).await;
    let joined = viewer.hear().await.unwrap();
    assert!(
        matches!(joined, ToViewer::Joined { floor: 2, top: 1, .. }),
        "{joined:?}"
    );
    agent.publish(2, "two").await;
    assert_eq!(viewer.texts(1).await, ["two"]);
}

/// Its viewers were counted for another minute, and those at other relays were not told that the agent had gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_ends_gives_back_what_it_holds_before_it_has_ended() {
    let redis = RedisServer::start(&[]);
    let setup = || Setup {
        limits: Limits::default(),
        redis: Some(redis.address()),
        ..Setup::default()
    };
    let (one, other) = (start_as(setup()).await, start_as(setup()).await);
    let (id, code) = someone();
    let mut agent = Claiming::new(&id, &one).claim(&one).await;
    agent.begin(EPOCH, 1).await;
    agent.publish(1, "one").await;
    let mut here = Viewer::join(&one, &code, None).await;
    assert_eq!(here.texts(1).await, ["one"]);
    let mut there = Viewer::join(&other, &code, None).await;
    assert_eq!(there.texts(1).await, ["one"]);
    one.stop().await;
    let viewers: Vec<String> = ask(&redis, &["KEYS", "*:viewers"]).await;
    assert_eq!(ask::<i64>(&redis, &["ZCARD", &viewers[0]]).await, 1);
    assert_eq!(
        ask::<Vec<String>>(&redis, &["KEYS", "*:lease"]).await,
        [] as [String; 0]
    );
    assert!(matches!(
        there.hear().await,
        Ok(ToViewer::Absent { last_seen_s: Some(_) })
    ));
}

/// A viewer's window is read in parts, and what is newest comes once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_window_of_large_frames_comes_in_parts_and_what_is_newest_once() {
    for stage in [Stage::memory(), Stage::redis()] {
        let running = stage.relay(Limits::default()).await;
        let (id, code) = someone();
        let mut agent = Claiming::new(&id, &running).claim(&running).await;
        agent.begin(EPOCH, 1).await;
        let long = "x".repeat(100_000);
        for offset in 1..=12 {
            agent.publish(offset, &long).await;
        }
        agent
            .send(protocol::relay::header::Destination::Latest { key: 1 }, "status")
            .await;
        agent.publish(13, "last").await;
        let mut viewer = Viewer::join(&running, &code, None).await;
        let (mut logs, mut newest) = (0, 0);
        loop {
            let opened = viewer.frame().await.unwrap();
            match opened.header.destination {
                protocol::relay::header::Destination::Latest { .. } => newest += 1,
                _ => logs += 1,
            }
            if opened.plain == b"last" {
                break;
            }
        }
        assert_eq!((logs, newest), (13, 1));
        // Nor does it come where the window is only read again.
        let again = agent.position.map_or(EPOCH, |position| position.epoch);
        let position = protocol::relay::Position {
            epoch: again,
            run: agent.run,
            offset: 12,
        };
        viewer.peer.say(&FromViewer::Resume(position)).await;
        assert_eq!(viewer.frame().await.unwrap().plain, b"last");
    }
}
