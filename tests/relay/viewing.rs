//! Following an agent: late, live, after a pause.

use protocol::relay::header::Destination;
use protocol::relay::message::{FromAgent, FromViewer, ToAgent, ToViewer};
use protocol::relay::{CloseCode, Epoch, Position};
use relay::limits::Limits;

use crate::peers::{Claiming, Viewer, someone};
use crate::stage::{Stage, over_both};

over_both! {
    a_late_viewer_gets_the_window_and_then_what_is_new_each_once,
    a_viewer_that_came_before_any_agent_waits_and_is_let_in_with_the_right_code,
    a_viewer_with_an_old_code_is_told_the_generation_of_today,
    questions_reach_the_agent_and_answers_only_who_asked,
    the_end_of_an_agent_is_told_and_its_return_too,
    the_newest_of_each_kind_waits_for_who_comes_late,
}

const EPOCH: Epoch = Epoch([1; 16]);

async fn a_late_viewer_gets_the_window_and_then_what_is_new_each_once(stage: &Stage) {
    let running = stage.relay(Limits::default()).await;
    let (id, code) = someone();
    let mut agent = Claiming::new(&id, &running).claim(&running).await;
    agent.begin(EPOCH, 1).await;
    for offset in 1..=3 {
        agent.publish(offset, &format!("entry {offset}")).await;
    }
    let mut viewer = Viewer::join(&running, &code, None).await;
    assert_eq!(viewer.texts(3).await, ["entry 1", "entry 2", "entry 3"]);
    agent.publish(4, "entry 4").await;
    assert_eq!(viewer.texts(1).await, ["entry 4"]);
    // One that was away goes on from where it was.
    let position = Position {
        epoch: EPOCH,
        run: agent.run,
        offset: 3,
    };
    let mut back = Viewer::join(&running, &code, Some(position)).await;
    assert_eq!(back.texts(1).await, ["entry 4"]);
    back.peer
        .say(&FromViewer::Resume(Position { offset: 2, ..position }))
        .await;
    assert_eq!(back.texts(2).await, ["entry 3", "entry 4"]);
}

async fn a_viewer_that_came_before_any_agent_waits_and_is_let_in_with_the_right_code(stage: &Stage) {
    let running = stage.relay(Limits::default()).await;
    let (id, code) = someone();
    let mut early = Viewer::join(&running, &code, None).await;
    let mut wrong = Viewer::join(&running, &id.view_only_code(7), None).await;
    for viewer in [&mut early, &mut wrong] {
        assert_eq!(viewer.hear().await, Ok(ToViewer::Absent { last_seen_s: None }));
    }
    let mut agent = Claiming::new(&id, &running).claim(&running).await;
    agent.begin(EPOCH, 1).await;
    while !matches!(
        early.hear().await.unwrap(),
        ToViewer::Joined {
            agent_present: true,
            ..
        }
    ) {}
    loop {
        match wrong.hear().await {
            Ok(ToViewer::Frame(_) | ToViewer::Joined { .. }) => panic!("let in with another code"),
            Ok(_) => {}
            Err(code) => break assert_eq!(code, Some(CloseCode::CodeRenewed)),
        }
    }
}

async fn a_viewer_with_an_old_code_is_told_the_generation_of_today(stage: &Stage) {
    let running = stage.relay(Limits::default()).await;
    let (id, code) = someone();
    let mut claiming = Claiming::new(&id, &running);
    claiming.generation = 2;
    let _agent = claiming.claim(&running).await;
    let mut viewer = Viewer::join(&running, &code, None).await;
    assert_eq!(viewer.hear().await, Ok(ToViewer::Renewed { generation: 2 }));
    assert_eq!(viewer.hear().await, Err(Some(CloseCode::CodeRenewed)));
}

async fn questions_reach_the_agent_and_answers_only_who_asked(stage: &Stage) {
    let running = stage.relay(Limits::default()).await;
    let (id, code) = someone();
    let mut agent = Claiming::new(&id, &running).claim(&running).await;
    agent.begin(EPOCH, 1).await;
    let mut asking = Viewer::join(&running, &code, None).await;
    let mut other = Viewer::join(&running, &code, None).await;
    asking.ask("open").await;
    let frame = loop {
        if let ToAgent::Frame(frame) = agent.peer.hear().await.unwrap() {
            break frame;
        }
    };
    let (header, _) = protocol::relay::header::UpHeader::read(&frame).unwrap();
    assert_eq!(header.viewer, asking.run);
    agent.send(Destination::Direct { viewer: asking.run }, "for you").await;
    agent.publish(1, "for all").await;
    assert_eq!(asking.frame().await.unwrap().plain, b"for you");
    assert_eq!(asking.frame().await.unwrap().plain, b"for all");
    assert_eq!(other.frame().await.unwrap().plain, b"for all");
    // The agent hears when a visit ends.
    let run = asking.run;
    drop(asking);
    while agent.peer.hear::<ToAgent>().await.unwrap() != ToAgent::Gone(run) {}
}

async fn the_end_of_an_agent_is_told_and_its_return_too(stage: &Stage) {
    let running = stage.relay(Limits::default()).await;
    let (id, code) = someone();
    let claiming = Claiming::new(&id, &running);
    let mut agent = claiming.claim(&running).await;
    agent.begin(EPOCH, 1).await;
    agent.publish(1, "one").await;
    let mut viewer = Viewer::join(&running, &code, None).await;
    assert_eq!(viewer.texts(1).await, ["one"]);
    agent.peer.say(&FromAgent::Release).await;
    assert!(matches!(
        viewer.hear().await,
        Ok(ToViewer::Absent { last_seen_s: Some(_) })
    ));
    let mut agent = claiming.claim(&running).await;
    assert_eq!(agent.position.map(|position| position.offset), Some(1));
    assert_eq!(viewer.hear().await, Ok(ToViewer::Present));
    agent.publish(2, "two").await;
    assert_eq!(viewer.texts(1).await, ["two"]);
}

async fn the_newest_of_each_kind_waits_for_who_comes_late(stage: &Stage) {
    let running = stage.relay(Limits::default()).await;
    let (id, code) = someone();
    let mut agent = Claiming::new(&id, &running).claim(&running).await;
    agent.begin(EPOCH, 1).await;
    for text in ["old status", "new status"] {
        agent.send(Destination::Latest { key: 1 }, text).await;
    }
    agent.publish(1, "entry").await;
    let mut viewer = Viewer::join(&running, &code, None).await;
    assert_eq!(viewer.frame().await.unwrap().plain, b"new status");
    assert_eq!(viewer.frame().await.unwrap().plain, b"entry");
}
