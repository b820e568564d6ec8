//! Two relays on one Redis: the agent at one, its viewers at the other; either dies, and Redis is away.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use protocol::query::Query;
use remote::following::FollowState;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until};

use super::dice::Dice;
use super::onlooker::Onlooker;
use super::stage::{Shared, Stage};
use crate::bench::{PATIENCE, within};
use crate::viewer::Viewer;

/// Whoever asks hears something within this time: the answer, or after 30 s that there is none.
const ANSWERED_WITHIN: Duration = Duration::from_secs(45);

fn keep_changing(stage: &Stage, dice: &mut Dice) -> JoinHandle<()> {
    let (lab, own) = (Arc::clone(&stage.labs[0]), dice.split());
    tokio::spawn(async move { lab.keep_changing(own, 10, 100).await })
}

fn nobody_started_over(stage: &Stage) {
    for onlooker in &stage.onlookers[0] {
        assert_eq!(onlooker.heard(|heard| heard.started_over), 0, "{}", onlooker.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn either_of_two_relays_dies_and_nothing_is_lost() {
    let mut dice = Dice::of_this_run();
    let mut stage = Stage::set(Shared::Redis, 2, 1, 4, 1).await;
    stage.begin().await;
    let changing = keep_changing(&stage, &mut dice);
    stage.all_have_everything(PATIENCE).await;
    let (one, other) = (stage.servers[0].place, stage.servers[1].place);

    // The agent's relay dies, and the agent goes to the other one.
    stage.servers[0].kill();
    stage.labs[0].road.lead_to(other);
    stage.all_have_everything(PATIENCE).await;
    stage.servers[0].start_again().await;

    // The relay of everybody dies: the agent and two viewers go to the first one, the others wait until theirs is there again.
    stage.servers[1].kill();
    stage.labs[0].road.lead_to(one);
    stage.onlookers[0].iter().take(2).for_each(|o| o.road.lead_to(one));
    for onlooker in stage.onlookers[0].iter().take(2) {
        onlooker.has_everything_of(&stage.labs[0], PATIENCE).await;
    }
    stage.servers[1].start_again().await;
    stage.all_have_everything(PATIENCE).await;

    // The agent's relay dies and is there again on its address.
    stage.servers[0].kill();
    stage.servers[0].start_again().await;
    stage.all_have_everything(PATIENCE).await;
    assert!(!changing.is_finished());
    changing.abort();
    stage.all_have_everything(PATIENCE).await;
    nobody_started_over(&stage);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_is_away_for_half_a_minute_and_forgot_everything_costs_nothing() {
    redis_is_away(Duration::from_secs(30), true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_does_not_answer_for_a_while_costs_nothing() {
    redis_is_away(Duration::from_secs(8), false).await;
}

async fn redis_is_away(away_for: Duration, killed: bool) {
    let mut dice = Dice::of_this_run();
    let mut stage = Stage::set(Shared::Redis, 2, 1, 3, 1).await;
    stage.begin().await;
    let changing = keep_changing(&stage, &mut dice);
    stage.all_have_everything(PATIENCE).await;
    for server in &stage.servers {
        server.readiness(true).await;
    }

    let (began, began_s) = (Instant::now(), seconds(SystemTime::now()));
    let redis = stage.redis.as_mut().unwrap();
    if killed {
        redis.kill();
    } else {
        redis.hang();
    }
    for server in &stage.servers {
        let answer = server.readiness(false).await;
        let since = number_after(&answer, "(since ");
        assert!(
            answer.contains("503 Service Unavailable") && answer.contains("Redis"),
            "{answer}"
        );
        // It was noticed within the time that Redis has for an answer.
        assert!(
            (began_s..=seconds(SystemTime::now())).contains(&since),
            "{began_s}: {answer}"
        );
    }
    let asked = asked(&stage.onlookers[0][0]);
    sleep_until(began + away_for - Duration::from_secs(2)).await;
    let asked_late = self::asked(&stage.onlookers[0][1]);
    sleep_until(began + away_for).await;
    let answer = stage.servers[0].get("/readyz").await;
    let for_s = number_after(&answer, "not ready for ");
    assert!(for_s + 5 >= away_for.as_secs(), "{answer}");
    for onlooker in &stage.onlookers[0] {
        // Connections stay.
        let state = onlooker.state();
        assert!(
            !matches!(state, FollowState::Unreachable { .. }),
            "{}: {state:?}",
            onlooker.name
        );
    }
    let redis = stage.redis.as_mut().unwrap();
    if killed {
        redis.start_again();
    } else {
        redis.go_on();
    }
    for server in &stage.servers {
        server.readiness(true).await;
    }
    // Whoever asked shortly before gets the answer; whoever asked long before may have been told that there is none.
    asked_late.await.unwrap().expect("the question is asked again");
    if let Err(code) = asked.await.unwrap() {
        assert_eq!(code, "no_answer");
        assert!(began.elapsed() > Duration::from_secs(30));
    }
    stage.all_have_everything(PATIENCE).await;
    assert!(!changing.is_finished());
    changing.abort();
    stage.all_have_everything(PATIENCE).await;
    nobody_started_over(&stage);
}

/// A question that is on its way while Redis is away.
fn asked(onlooker: &Onlooker) -> JoinHandle<Result<(), String>> {
    let follower = onlooker.follower().unwrap();
    tokio::spawn(async move {
        let answer = tokio::time::timeout(ANSWERED_WITHIN, follower.query(Query::Sessions)).await;
        let answer = answer.expect("an answer, or a reason why there is none");
        answer.map(drop).map_err(|refusal| refusal.code)
    })
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn number_after(text: &str, words: &str) -> u64 {
    let (_, rest) = text.split_once(words).unwrap_or_else(|| panic!("{text}"));
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_was_lost_between_two_relays_is_asked_for_again() {
    let mut dice = Dice::of_this_run();
    let mut stage = Stage::set(Shared::Redis, 2, 1, 1, 1).await;
    stage.begin().await;
    stage.all_have_everything(PATIENCE).await;
    for _ in 0..4 {
        let asked: Vec<_> = (0..4).map(|_| asked(&stage.onlookers[0][0])).collect();
        // On its way to the other relay, or back, or there already.
        sleep(dice.between_ms(0, 20)).await;
        let redis = stage.redis.as_mut().unwrap();
        redis.kill();
        sleep(Duration::from_millis(100)).await;
        redis.start_again();
        for answer in asked {
            assert_eq!(answer.await.unwrap(), Ok(()));
        }
    }
    stage.all_have_everything(PATIENCE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_is_deleted_while_redis_does_not_answer_leaves_the_relay_when_it_does() {
    let stage = Stage::set(Shared::Redis, 1, 1, 1, 1).await;
    stage.begin().await;
    let lab = &stage.labs[0];
    lab.begin_session().await;
    stage.all_have_everything(PATIENCE).await;
    let head = lab.engine().await.head().await.unwrap();
    let redis = stage.redis.as_ref().unwrap();
    redis.hang();
    stage.servers[0].readiness(false).await;
    lab.delete_a_session().await;
    // That the log begins anew is on its way, and lost.
    sleep(Duration::from_millis(500)).await;
    redis.go_on();
    stage.servers[0].readiness(true).await;
    let floor = async {
        loop {
            let mut viewer = Viewer::join_at(&stage.spare.authority, &lab.id, None, None).await;
            viewer.until(|viewer| viewer.joined > 0).await;
            if viewer.floor > head {
                return;
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    Box::pin(within(floor)).await;
    stage.all_have_everything(PATIENCE).await;
}
