//! An agent whose User ID another one uses asks again every 15 s, by a clock that the test moves.

use std::time::{Duration, Instant};

use protocol::sharing::SharingStatus;

use super::bench::{Agent, PATIENCE, Running};

/// Waits in real time, in which tokio's clock stands still.
async fn until(what: impl Fn() -> bool) {
    let began = Instant::now();
    while !what() {
        assert!(began.elapsed() < PATIENCE, "this takes too long");
        pass(Duration::from_millis(5)).await;
    }
}

async fn pass(time: Duration) {
    tokio::task::spawn_blocking(move || std::thread::sleep(time))
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn it_is_asked_again_after_15_s_and_not_before() {
    // While something blocks, the clock moves only when it is told to.
    let (release, released) = std::sync::mpsc::channel::<()>();
    let held = tokio::task::spawn_blocking(move || released.recv());
    let relay = Running::start().await;
    let first = Agent::start(&relay).await;
    first.online().await;
    let copy = tempfile::tempdir().unwrap();
    let second = Agent::start_in(&relay, copy, first.id, "OFFICE-PC").await;
    second
        .status(|status| matches!(status, SharingStatus::Refused { again_at: Some(_), .. }))
        .await;
    let hellos = || relay.relay.counters.hellos.load(std::sync::atomic::Ordering::Relaxed);
    assert_eq!((hellos(), relay.relay.counters.refused().get("in_use")), (2, Some(&1)));
    // Refused as long as the other one is there.
    tokio::time::advance(Duration::from_millis(15_001)).await;
    until(|| relay.relay.counters.refused().get("in_use") == Some(&2)).await;
    first.end().await;
    tokio::time::advance(Duration::from_millis(14_900)).await;
    pass(Duration::from_millis(200)).await;
    assert_eq!(hellos(), 3, "not before 15 s");
    tokio::time::advance(Duration::from_millis(200)).await;
    second.online().await;
    assert_eq!(hellos(), 4);
    drop(release);
    held.await.unwrap();
    second.end().await;
}
