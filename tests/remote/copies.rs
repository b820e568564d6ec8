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
    assert_eq!(reason.code, "user_id_in_use");
    assert!(reason.message.contains("LAB-PC-7") && again_at.is_some(), "{reason:?}");
    first.online().await;
    second.end().await;
    first.end().await;
}
