//! An agent that vanished, and one that is there twice.

use std::time::{Duration, Instant};

use protocol::sharing::SharingStatus;

use super::stage::{Shared, Stage};
use crate::bench::PATIENCE;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vanished_agent_is_taken_over_after_one_unanswered_probe_in_memory() {
    a_vanished_agent_is_taken_over(Shared::Memory).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vanished_agent_is_taken_over_after_one_unanswered_probe_over_redis() {
    a_vanished_agent_is_taken_over(Shared::Redis).await;
}

/// The computer lost its power; its connection is still open as far as the relay knows. It starts again.
async fn a_vanished_agent_is_taken_over(shared: Shared) {
    let stage = Stage::set(shared, 1, 1, 2, 1).await;
    stage.begin().await;
    stage.all_have_everything(PATIENCE).await;
    let lab = &stage.labs[0];
    lab.vanish().await;
    let began = Instant::now();
    lab.start_on(&stage.spare).await;
    let mut refused = false;
    let online = lab.status(|status| {
        refused |= matches!(status, SharingStatus::Refused { .. });
        matches!(status, SharingStatus::Online { .. })
    });
    online.await;
    let took = began.elapsed();
    assert!(!refused, "it was not let in at once");
    // The relay waits for an answer to its probe for a second, and pings would take half a minute.
    assert!(
        took > Duration::from_millis(900) && took < Duration::from_secs(15),
        "{took:?}"
    );
    stage.all_have_everything(PATIENCE).await;
    // The one that vanished comes back to life, and is shut out.
    lab.road.heal();
    stage.all_have_everything(PATIENCE).await;
    for onlooker in &stage.onlookers[0] {
        assert_eq!(onlooker.heard(|heard| heard.started_over), 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_a_running_agent_is_refused_and_told_where_that_runs_in_memory() {
    a_copy_is_refused(Shared::Memory).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_a_running_agent_is_refused_and_told_where_that_runs_over_redis() {
    a_copy_is_refused(Shared::Redis).await;
}

/// The data folder was copied to another computer, whose agent comes while the first runs.
async fn a_copy_is_refused(shared: Shared) {
    let stage = Stage::set(shared, 2 - usize::from(shared == Shared::Memory), 1, 2, 1).await;
    let lab = &stage.labs[0];
    lab.start().await;
    lab.begin_session().await;
    lab.end().await;
    let copy = lab.copied("OFFICE-PC").await;
    lab.start().await;
    lab.online().await;
    for onlooker in &stage.onlookers[0] {
        onlooker.look_anew().await;
    }
    stage.all_have_everything(PATIENCE).await;
    // Where there are several relays, the copy is at another one.
    stage.spare.lead_to(stage.servers.last().unwrap().place);
    copy.start_on(&stage.spare).await;
    let refused = copy
        .status(|status| matches!(status, SharingStatus::Refused { .. }))
        .await;
    let SharingStatus::Refused { reason, again_at, .. } = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(reason.code, "in_use");
    assert!(reason.message.contains(&lab.name) && again_at.is_some(), "{reason:?}");
    // The first one goes on, and nobody noticed anything.
    stage.all_have_everything(PATIENCE).await;
    for onlooker in &stage.onlookers[0] {
        assert_eq!(onlooker.heard(|heard| heard.started_over), 0);
    }
    copy.end().await;
}
