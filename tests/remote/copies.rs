//! A data folder that was copied to a second computer.

use protocol::sharing::SharingStatus;

use super::bench::{Agent, Running};

#[tokio::test(flavor = "multi_thread")]
async fn the_second_of_two_copies_hears_which_computer_uses_the_user_id() {
    let relay = Running::start().await;
    let first = Agent::start(&relay).await;
    first.online().await;
    let copy = tempfile::tempdir().unwrap();
    let second = Agent::start_in(&relay, copy, first.id, "OFFICE-PC").await;
    let refused = second
        .status(|status| matches!(status, SharingStatus::Refused { .. }))
        .await;
    let SharingStatus::Refused { reason, again_at, .. } = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(reason.code, "in_use");
    assert_eq!(
        reason.message,
        "This User ID is in use by another running app on LAB-PC-7."
    );
    assert!(again_at.is_some());
    first.online().await;
    second.end().await;
    first.end().await;
}
