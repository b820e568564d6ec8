//! Opening a profile: its engine at once, its User ID as soon as the keyring gives it.

use std::sync::Arc;

use agent::identity::{Keeper, KeepingPolicy};
use agent::profile::ProfileLocation;
use agent::{Engine, EngineOptions};
use protocol::refusal::Refusal;
use uuid::Uuid;

use crate::attention::Attention;
use crate::awaited::{Awaited, Promise, promise};
use crate::following::Following;
use crate::running::Running;
use crate::sharing::Sharing;

/// What another program is told that wants the same profile.
const PROGRAM: &str = "the SACMES window";

/// An open profile: everything that belongs to it and to no other. Cloning shares it.
#[derive(Clone)]
pub struct OpenProfile {
    /// This opening of it: what was begun with one opening never goes on with another.
    pub id: Uuid,
    /// Where it is kept.
    pub location: ProfileLocation,
    /// Its engine.
    pub engine: Awaited<Engine>,
    /// Its User ID, which may have to wait until the user has unlocked the keyring.
    pub keeper: Awaited<Keeper>,
    /// Its publisher.
    pub sharing: Sharing,
    /// The agents elsewhere that it follows.
    pub following: Following,
    /// How many of its sessions go on.
    pub running: Arc<Running>,
    /// What needs somebody in it.
    pub attention: Arc<Attention>,
}

/// The part that opens an [`OpenProfile`].
pub struct Opening {
    location: ProfileLocation,
    instance: String,
    engine: Promise<Engine>,
    keeper: Promise<Keeper>,
}

/// A profile that others can already ask, and what opens it. `instance` is what a second start finds this process by.
pub fn prepare(location: ProfileLocation, instance: &str) -> (Opening, OpenProfile) {
    let (engine, awaited_engine) = promise();
    let (keeper, awaited_keeper) = promise();
    let opening = Opening {
        location: location.clone(),
        instance: instance.to_owned(),
        engine,
        keeper,
    };
    (
        opening,
        OpenProfile {
            id: Uuid::new_v4(),
            following: Following::of(&location),
            location,
            engine: awaited_engine,
            keeper: awaited_keeper,
            sharing: Sharing::default(),
            running: Arc::default(),
            attention: Arc::default(),
        },
    )
}

impl Opening {
    /// Opens the engine, tells how that went, then finds the User ID. A failure is what everybody who asks is told.
    pub async fn run(self, told: impl FnOnce(Result<(), &Refusal>)) {
        let engine = match Engine::open_as(self.location.clone(), EngineOptions::of(PROGRAM), &self.instance).await {
            Ok(engine) => engine,
            Err(refusal) => {
                told(Err(&refusal));
                self.engine.keep(Err(refusal.clone()));
                self.keeper.keep(Err(refusal));
                return;
            }
        };
        self.engine.keep(Ok(engine.clone()));
        told(Ok(()));
        self.keeper.keep(find_user_id(&engine, &self.location).await);
    }
}

async fn find_user_id(engine: &Engine, location: &ProfileLocation) -> Result<Keeper, Refusal> {
    // Without knowing whether there was a User ID, none may be made.
    let known = engine.remembered_channel().await?;
    let keeper = Keeper::open(location, KeepingPolicy::AskBeforeFile, known).await;
    keeper.use_generation(engine.sharing().await?.generation);
    remember(engine, &keeper).await;
    Ok(keeper)
}

/// Lets the store remember the channel that follows from the User ID. Where it cannot just now, the next start does: the
/// User ID is kept already.
pub async fn remember(engine: &Engine, keeper: &Keeper) {
    if let Some(channel) = keeper.channel()
        && let Err(refusal) = engine.remember_channel(channel).await
    {
        tracing::warn!(code = refusal.code, "the store could not remember the channel");
    }
}
