//! Fifty rounds of mishaps: whatever dies or breaks, the record is complete everywhere in the end, and nothing came twice.

use std::sync::Arc;
use std::time::Duration;

use protocol::command::Outcome;
use protocol::ids::CommandId;
use protocol::query::Query;
use protocol::record::{RecordEntry, RecordEvent};
use protocol::refusal::Refusal;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::dice::Dice;
use super::lab::Lab;
use super::onlooker::Onlooker;
use super::road::Road;
use super::stage::{Shared, Stage};

const ROUNDS: usize = 50;
const LABS: usize = 2;
const VIEWERS: usize = 3;
/// After the last mishap: an agent that failed often waits for up to half a minute before it calls again.
const PATIENCE: Duration = Duration::from_secs(90);
/// Whoever asks hears something within this time: the answer, or that there is none, after 30 s.
const ANSWERED_WITHIN: Duration = Duration::from_secs(45);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chaos_loses_nothing_in_memory() {
    chaos(Shared::Memory).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chaos_loses_nothing_over_redis() {
    chaos(Shared::Redis).await;
}

async fn chaos(shared: Shared) {
    let mut dice = Dice::of_this_run();
    let relays = if shared == Shared::Redis { 2 } else { 1 };
    let mut stage = Stage::set(shared, relays, LABS, VIEWERS, 1).await;
    stage.begin().await;
    let (mut changing, mut asking) = (JoinSet::new(), JoinSet::new());
    for (lab, onlookers) in stage.all() {
        let (lab_changes, own) = (Arc::clone(lab), dice.split());
        changing.spawn(async move { lab_changes.keep_changing(own, 10, 200).await });
        for onlooker in onlookers {
            let (lab, onlooker, own) = (Arc::clone(lab), Arc::clone(onlooker), dice.split());
            changing.spawn(async move { keep_asking(lab, onlooker, own).await });
        }
    }
    let began = Instant::now();
    for round in 0..ROUNDS {
        let mishap = mishap(&mut stage, &mut dice, &mut asking).await;
        println!("{:5.1} s, round {round}: {mishap}", began.elapsed().as_secs_f64());
        sleep(dice.between_ms(50, 800)).await;
        if dice.percent(30) {
            stage.heal();
        }
        while let Some(asked) = asking.try_join_next() {
            asked.unwrap();
        }
    }
    stage.heal();
    changing.abort_all();
    while let Some(ended) = changing.join_next().await {
        assert!(ended.unwrap_err().is_cancelled(), "something ended early");
    }
    println!("{:5.1} s: the last mishap is over", began.elapsed().as_secs_f64());
    while let Some(asked) = asking.join_next().await {
        asked.unwrap();
    }
    stage.all_have_everything(PATIENCE).await;
    println!("{:5.1} s: everybody has everything", began.elapsed().as_secs_f64());
}

/// Makes something go wrong, and says what.
async fn mishap(stage: &mut Stage, dice: &mut Dice, asking: &mut JoinSet<()>) -> String {
    let number = dice.below(LABS);
    let lab = Arc::clone(&stage.labs[number]);
    let viewer = Arc::clone(dice.one_of(&stage.onlookers[number]));
    let relay = dice.below(stage.servers.len());
    let kinds = if stage.redis.is_some() { 15 } else { 12 };
    match dice.below(kinds) {
        0 => {
            stage.servers[relay].kill();
            sleep(dice.between_ms(0, 700)).await;
            stage.servers[relay].start_again().await;
            format!("relay {relay} was killed")
        }
        1 => {
            stage.servers[relay].stop().await;
            stage.servers[relay].start_again().await;
            format!("relay {relay} was restarted")
        }
        2 => {
            lab.die().await;
            sleep(dice.between_ms(0, 500)).await;
            lab.start().await;
            format!("the agent {} died", lab.name)
        }
        3 => {
            lab.end().await;
            lab.start().await;
            format!("the agent {} was restarted", lab.name)
        }
        4 => trouble(&lab.road, &lab.name, dice),
        5 => trouble(&viewer.road, &viewer.name, dice),
        6 => {
            stage.labs.iter().for_each(|lab| lab.road.cut());
            stage
                .onlookers
                .iter()
                .flatten()
                .for_each(|onlooker| onlooker.road.cut());
            "the network broke everywhere".to_owned()
        }
        7 => {
            viewer.look_anew().await;
            format!("{} was started anew", viewer.name)
        }
        8 => {
            viewer.leave().await;
            sleep(dice.between_ms(0, 300)).await;
            viewer.look_on().await;
            format!("{} was away", viewer.name)
        }
        9 => {
            lab.delete_a_session().await;
            format!("{} deleted a session", lab.name)
        }
        10 | 11 => {
            let lab = Arc::clone(&lab);
            asking.spawn(async move { steers_once(&lab, &viewer).await });
            "somebody steers".to_owned()
        }
        12 | 13 => {
            let redis = stage.redis.as_mut().unwrap();
            redis.kill();
            sleep(dice.between_ms(0, 700)).await;
            redis.start_again();
            "Redis was killed".to_owned()
        }
        _ => {
            let redis = stage.redis.as_ref().unwrap();
            redis.hang();
            sleep(dice.between_ms(100, 4_000)).await;
            redis.go_on();
            "Redis did not answer for a while".to_owned()
        }
    }
}

fn trouble(road: &Road, whose: &str, dice: &mut Dice) -> String {
    match dice.below(3) {
        0 => {
            road.cut();
            format!("the connection of {whose} broke")
        }
        1 => {
            road.fall_silent();
            format!("the connection of {whose} fell silent")
        }
        _ => {
            road.slow_down(dice.between_ms(10, 150));
            format!("the connection of {whose} became slow")
        }
    }
}

/// Asks again and again; each time there is an answer, or a reason, in time.
async fn keep_asking(lab: Arc<Lab>, viewer: Arc<Onlooker>, mut dice: Dice) {
    loop {
        sleep(dice.between_ms(100, 2_000)).await;
        let Some(follower) = viewer.follower() else { continue };
        let session = *dice.one_of(&lab.sessions());
        let asked = tokio::time::timeout(ANSWERED_WITHIN, follower.query(Query::Session { session })).await;
        match asked.expect("an answer or a reason") {
            Ok(_) => {}
            Err(Refusal { code, .. }) if is_no_surprise(&code) => {}
            Err(refusal) => panic!("{}: {refusal:?}", viewer.name),
        }
    }
}

/// A command that was answered with success was done once; any other at most once.
async fn steers_once(lab: &Lab, viewer: &Onlooker) {
    let Some(follower) = viewer.follower().filter(|_| viewer.may_steer()) else {
        return;
    };
    let session = *lab.sessions().last().unwrap();
    let (label, command) = lab.new_marker(session);
    let ordered = tokio::time::timeout(ANSWERED_WITHIN, follower.command(CommandId::new(), command)).await;
    let ordered = ordered.expect("an answer or a reason");
    let set = |entry: &RecordEntry| matches!(&entry.event, RecordEvent::MarkerChanged { marker, .. } if marker.label == label);
    let record = lab.record().await;
    let times = record.iter().filter(|entry| set(entry)).count();
    match ordered {
        Ok(Outcome::Done) => {
            let deleted = !lab.sessions().contains(&session);
            assert!(times == 1 || (deleted && times == 0), "{label} was set {times} times");
        }
        Err(Refusal { code, .. }) if is_no_surprise(&code) => assert!(times <= 1, "{label} was set {times} times"),
        other => panic!("{}: {other:?}", viewer.name),
    }
}

/// Nobody answered in time, the viewer has left, or the session is gone or the agent ends.
fn is_no_surprise(code: &str) -> bool {
    [
        "no_answer",
        "too_late",
        "not_following",
        "no_such_session",
        "session_deleted",
        "closing",
    ]
    .contains(&code)
}
