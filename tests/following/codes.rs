//! Renewed codes, versions, and who may steer.

use protocol::command::Command;
use protocol::ids::CommandId;
use protocol::relay::body::Verdict;
use protocol::relay::{Retirement, Versions};

use protocol::relay::message::FromAgent;
use relay::limits::Limits;
use remote::following::{Code, FollowState, From};

use crate::peers::{Claim, follow, someone, start};

fn refused(state: &FollowState) -> bool {
    state.is_final()
}

#[tokio::test]
async fn a_holder_of_the_user_id_follows_a_renewed_code_and_others_are_told() {
    let (running, id) = (start(Limits::default()).await, someone());
    let mut claim = Claim::new(&id);
    claim.generation = 3;
    let mut agent = claim.take(&running.address).await;
    agent.begin(1).await;
    let mut old = follow(Code::ViewOnly(id.view_only_code(1)), &running.address, From::Beginning);
    let state = old.reaches(refused).await;
    assert_eq!(state.in_words().unwrap().code, "code_renewed");
    assert_eq!(old.events.next().await, None);
    let mut owner = follow(Code::Owner(id), &running.address, From::Beginning);
    agent.opening().await;
    agent.welcome(Verdict::StartOver, 0).await;
    owner.live().await;
}

#[tokio::test]
async fn a_holder_of_the_user_id_that_waited_is_not_turned_away_by_a_later_generation() {
    let (running, id) = (start(Limits::default()).await, someone());
    let mut owner = follow(Code::Owner(id), &running.address, From::Beginning);
    owner
        .reaches(|state| matches!(state, FollowState::Waiting { .. }))
        .await;
    let mut claim = Claim::new(&id);
    claim.generation = 2;
    let mut agent = claim.take(&running.address).await;
    agent.begin(1).await;
    agent.opening().await;
    agent.welcome(Verdict::StartOver, 0).await;
    owner.live().await;
}

#[tokio::test]
async fn a_retired_user_id_is_said_to_be_one() {
    let (running, id) = (start(Limits::default()).await, someone());
    let mut agent = Claim::new(&id).take(&running.address).await;
    agent.begin(1).await;
    let mut viewer = follow(Code::Owner(id), &running.address, From::Beginning);
    agent.opening().await;
    agent.welcome(Verdict::StartOver, 0).await;
    viewer.live().await;
    agent
        .connection
        .say(&FromAgent::Retire(Retirement::of(&id.owner_key())))
        .await
        .unwrap();
    let state = viewer.reaches(refused).await;
    assert_eq!(state.in_words().unwrap().code, "retired");
}

#[tokio::test]
async fn programs_without_a_common_version_name_both() {
    let (running, id) = (start(Limits::default()).await, someone());
    let mut agent = Claim::new(&id).take(&running.address).await;
    agent.begin(1).await;
    let mut viewer = follow(Code::Owner(id), &running.address, From::Beginning);
    agent.opening().await;
    let newer = Versions {
        lowest: 2,
        highest: 3,
        program: "9.8.7".to_owned(),
    };
    agent.welcome_with(Verdict::StartOver, 0, newer).await;
    let words = viewer.reaches(refused).await.in_words().unwrap();
    assert_eq!(words.code, "versions_differ");
    assert!(words.message.contains("9.8.7") && words.message.contains(env!("CARGO_PKG_VERSION")));
}

#[tokio::test]
async fn a_view_only_code_is_refused_before_anything_is_sent() {
    let (running, id) = (start(Limits::default()).await, someone());
    let viewer = follow(Code::ViewOnly(id.view_only_code(1)), &running.address, From::Beginning);
    let refusal = viewer
        .follower
        .command(CommandId::new(), Command::PauseAll)
        .await
        .unwrap_err();
    assert_eq!(refusal.code, "view_only");
}
