//! What a relay refuses, and that each refusal is counted.

use protocol::relay::message::{ToAgent, ToViewer};
use protocol::relay::{CloseCode, Epoch, Run};
use relay::limits::{Limits, Rate};

use crate::peers::{Claiming, Viewer, counted, someone, start};
use crate::stage::{Stage, over_both};

over_both! {
    a_channel_has_room_for_so_many_viewers,
    a_window_larger_than_a_queue_reaches_a_new_viewer,
}

async fn a_channel_has_room_for_so_many_viewers(stage: &Stage) {
    let limits = Limits {
        viewers: 2,
        waiting_viewers: 1,
        ..Limits::default()
    };
    let running = stage.relay(limits).await;
    let (id, code) = someone();
    let mut waits = Viewer::join(&running, &code, None).await;
    assert!(matches!(waits.hear().await, Ok(ToViewer::Absent { .. })));
    let mut refused = Viewer::join(&running, &code, None).await;
    assert_eq!(refused.hear().await, Err(Some(CloseCode::Full)));
    assert_eq!(running.relay.counters.refused().get("waiting_viewers"), Some(&1));
    let mut agent = Claiming::new(&id, &running).claim(&running).await;
    agent.begin(Epoch([1; 16]), 1).await;
    agent.publish(1, "one").await;
    let mut second = Viewer::join(&running, &code, None).await;
    assert_eq!(second.texts(1).await, ["one"]);
    let mut third = Viewer::join(&running, &code, None).await;
    assert_eq!(third.hear().await, Err(Some(CloseCode::Full)));
}

/// Each new viewer was closed as too slow when the window had more than may wait for a connection.
async fn a_window_larger_than_a_queue_reaches_a_new_viewer(stage: &Stage) {
    let limits = Limits {
        queue_bytes: 64 * 1024,
        ..Limits::default()
    };
    let running = stage.relay(limits).await;
    let (id, code) = someone();
    let mut agent = Claiming::new(&id, &running).claim(&running).await;
    agent.begin(Epoch([1; 16]), 1).await;
    let long = "x".repeat(8_000);
    for offset in 1..=40 {
        agent.publish(offset, &format!("{offset} {long}")).await;
    }
    let mut viewer = Viewer::join(&running, &code, None).await;
    let texts = viewer.texts(40).await;
    assert!(
        texts
            .iter()
            .zip(1..)
            .all(|(text, offset)| text.starts_with(&format!("{offset} ")))
    );
}

#[tokio::test]
async fn a_channel_takes_so_many_visits_a_second() {
    let limits = Limits {
        opens: Rate {
            per_second: 0.001,
            burst: 2.0,
        },
        ..Limits::default()
    };
    let running = start(limits).await;
    let (id, code) = someone();
    let mut agent = Claiming::new(&id, &running).claim(&running).await;
    agent.begin(Epoch([1; 16]), 1).await;
    for _ in 0..2 {
        let mut viewer = Viewer::join(&running, &code, None).await;
        viewer.ask("open").await;
        while !matches!(agent.peer.hear().await.unwrap(), ToAgent::Frame(_)) {}
    }
    let mut one_too_many = Viewer::join(&running, &code, None).await;
    one_too_many.ask("open").await;
    // It is dropped and not closed: the viewer says it again, and goes on reading.
    counted(&running, "opens", 1).await;
    agent.publish(1, "one").await;
    assert_eq!(one_too_many.texts(1).await, ["one"]);
}

/// One connection could fill all places for visits at the agent, and turn out everybody else.
#[tokio::test]
async fn a_connection_has_one_visit_at_a_time() {
    let running = start(Limits::default()).await;
    let (id, code) = someone();
    let mut agent = Claiming::new(&id, &running).claim(&running).await;
    agent.begin(Epoch([1; 16]), 1).await;
    let mut viewer = Viewer::join(&running, &code, None).await;
    let first = viewer.run;
    viewer.ask("open").await;
    viewer.run = Run::random().unwrap();
    viewer.ask("open").await;
    let mut heard = Vec::new();
    while heard.iter().filter(|said| matches!(said, ToAgent::Frame(_))).count() < 2 {
        heard.push(agent.peer.hear::<ToAgent>().await.unwrap());
    }
    let gone = heard.iter().position(|said| *said == ToAgent::Gone(first));
    assert!(
        gone.is_some_and(|k| k + 2 == heard.len()),
        "before the second frame: {heard:?}"
    );
}

#[tokio::test]
async fn numbers_say_how_much_passes_through_a_second() {
    let running = start(Limits::default()).await;
    let (id, code) = someone();
    let mut agent = Claiming::new(&id, &running).claim(&running).await;
    agent.begin(Epoch([1; 16]), 1).await;
    let mut viewer = Viewer::join(&running, &code, None).await;
    for offset in 1..=5 {
        agent.publish(offset, "entry").await;
    }
    assert_eq!(viewer.texts(5).await.len(), 5);
    let answer = running.get("/stats").await;
    let stats: serde_json::Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!((&stats["hellos"], &stats["frames_in"]), (&2.into(), &5.into()));
    for rate in [
        "hellos",
        "frames_in",
        "bytes_in",
        "up_frames",
        "messages_out",
        "bytes_out",
    ] {
        let per_second = stats["per_second"][rate].as_f64();
        let is_some = rate != "up_frames";
        assert_eq!(per_second.map(|rate| rate > 0.0), Some(is_some), "{rate}: {stats}");
    }
}
