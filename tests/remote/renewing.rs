//! Renewing the User ID.

use std::sync::Arc;

use agent::identity::{Keeper, KeepingPolicy, SecretStore, StoreTrouble};
use protocol::sharing::{OldUserId, SharingStatus};
use remote::following::{Code, FollowState, Follower, From};

use crate::bench::{Agent, Running, within};
use crate::end_to_end::{heard, record};

struct NoKeyring;

impl SecretStore for NoKeyring {
    fn read(&self, _: &str) -> Result<Option<String>, StoreTrouble> {
        Err(StoreTrouble::Absent("a test".to_owned()))
    }
    fn write(&self, _: &str, _: &str) -> Result<(), StoreTrouble> {
        Err(StoreTrouble::Absent("a test".to_owned()))
    }
    fn delete(&self, _: &str) -> Result<(), StoreTrouble> {
        Err(StoreTrouble::Absent("a test".to_owned()))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_renewed_user_id_cuts_off_the_old_one_and_shows_the_whole_record_under_the_new_one() {
    let relay = Running::start().await;
    let agent = Agent::start(&relay).await;
    let location = agent.engine.location();
    let keeper = Keeper::open_with(Arc::new(NoKeyring), location, KeepingPolicy::FileIfNoKeyring, None).await;
    let agent = agent.publishes_as(&relay, keeper.user_id().unwrap()).await;
    agent.online().await;
    agent.experiment(10).await;
    let follow = |code| Follower::start(code, relay.authority.parse().unwrap(), From::Beginning);
    let (owner, mut events) = follow(Code::Owner(agent.id));
    let (looker, _events) = follow(Code::ViewOnly(agent.id.view_only_code(1)));
    assert_eq!(heard(&mut events, agent.head().await).await, record(&agent).await);

    // While the relay is away, so that it has to be told later.
    let stopped = relay.stop().await;
    agent.engine.renew_user_id(&keeper, OldUserId::GivenUp).await.unwrap();
    assert_eq!(agent.engine.retirements().await.unwrap().len(), 1);
    let relay = stopped.start().await;
    let agent = agent.publishes_as(&relay, keeper.user_id().unwrap()).await;
    agent.online().await;
    for follower in [owner, looker] {
        let mut state = follower.state();
        let refused = within(state.wait_for(FollowState::is_final)).await.unwrap().clone();
        assert_eq!(refused.in_words().unwrap().code, "retired");
    }
    let (_follower, mut events) =
        Follower::start(Code::Owner(agent.id), relay.authority.parse().unwrap(), From::Beginning);
    assert_eq!(heard(&mut events, agent.head().await).await, record(&agent).await);
    agent.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_gets_an_id_of_its_own_and_the_original_goes_on() {
    let relay = Running::start().await;
    let original = Agent::start(&relay).await;
    original.online().await;
    original.experiment(3).await;
    let code = Code::ViewOnly(original.id.view_only_code(1));
    let (follower, mut events) = Follower::start(code, relay.authority.parse().unwrap(), From::Beginning);
    heard(&mut events, original.head().await).await;

    let copy = Agent::start_in(&relay, tempfile::tempdir().unwrap(), original.id, "OFFICE-PC").await;
    let refused = copy
        .status(|status| matches!(status, SharingStatus::Refused { .. }))
        .await;
    let SharingStatus::Refused { reason, .. } = refused else {
        unreachable!()
    };
    assert!(reason.hint.contains("say that this is a copy"), "{reason}");
    let location = copy.engine.location();
    std::fs::create_dir_all(location.folder()).unwrap();
    let keeper = Keeper::open_with(Arc::new(NoKeyring), location, KeepingPolicy::FileIfNoKeyring, None).await;
    copy.engine.renew_user_id(&keeper, OldUserId::StaysInUse).await.unwrap();
    let copy = copy.publishes_as(&relay, keeper.user_id().unwrap()).await;
    copy.online().await;

    original.experiment(2).await;
    let after = heard(&mut events, original.head().await).await;
    assert_eq!(after.last(), record(&original).await.last());
    assert!(matches!(&*follower.state().borrow(), FollowState::Live { .. }));
    copy.end().await;
    original.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_forgot_hears_again_what_was_given_up() {
    let relay = Running::start().await;
    let agent = Agent::start(&relay).await;
    let location = agent.engine.location();
    let keeper = Keeper::open_with(Arc::new(NoKeyring), location, KeepingPolicy::FileIfNoKeyring, None).await;
    let leaked = keeper.user_id().unwrap();
    agent.engine.renew_user_id(&keeper, OldUserId::GivenUp).await.unwrap();
    let agent = agent.publishes_as(&relay, keeper.user_id().unwrap()).await;
    agent.online().await;
    let relay = relay.restart().await;
    agent.online().await;
    let thief = Agent::start_in(&relay, tempfile::tempdir().unwrap(), leaked, "ELSEWHERE").await;
    thief
        .status(|status| matches!(status, SharingStatus::Refused { reason, .. } if reason.code == "relay_retired"))
        .await;
    thief.end().await;
    agent.end().await;
}
