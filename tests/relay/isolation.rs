//! Many agents and viewers at once: everybody gets what is theirs, complete, in order, once.

use protocol::relay::Epoch;
use relay::limits::Limits;

use crate::peers::{Claiming, Viewer, someone};
use crate::stage::{Stage, over_both};

over_both! {
    every_viewer_gets_its_own_agents_record_and_nothing_else,
}

async fn every_viewer_gets_its_own_agents_record_and_nothing_else(stage: &Stage) {
    let running = stage.relay(Limits::default()).await;
    let mut tasks = Vec::new();
    for number in 0..8 {
        let (id, code) = someone();
        let mut agent = Claiming::new(&id, &running).claim(&running).await;
        agent.begin(Epoch([1; 16]), 1).await;
        for _ in 0..4 {
            let mut viewer = Viewer::join(&running, &code, None).await;
            tasks.push(tokio::spawn(async move {
                let expected: Vec<_> = (1..=50).map(|offset| format!("{number}: {offset}")).collect();
                assert_eq!(viewer.texts(50).await, expected);
            }));
        }
        tasks.push(tokio::spawn(async move {
            for offset in 1..=50 {
                agent.publish(offset, &format!("{number}: {offset}")).await;
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
}
