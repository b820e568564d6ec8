//! Renewing the User ID.

use std::sync::Arc;

use agent::identity::{Keeper, KeepingPolicy, SecretStore, StoreTrouble};
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
    agent.engine.renew_user_id(&keeper).await.unwrap();
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
    within(async {
        while !agent.engine.retirements().await.unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    agent.end().await;
}
