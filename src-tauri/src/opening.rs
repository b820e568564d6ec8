//! Opening the profile: its engine at once, its User ID as soon as the keyring gives it.

use agent::identity::{Keeper, KeepingPolicy};
use agent::profile::ProfileLocation;
use agent::{Engine, EngineOptions};
use protocol::refusal::Refusal;

use crate::awaited::{Awaited, Promise, promise};

/// What another program is told that wants the same profile.
const PROGRAM: &str = "the SACMES window";

/// What every part of the shell works with; cloning shares it.
#[derive(Clone)]
pub struct Profile {
    /// Where it is kept.
    pub location: ProfileLocation,
    /// Its engine.
    pub engine: Awaited<Engine>,
    /// Its User ID, which may have to wait until the user has unlocked the keyring.
    pub keeper: Awaited<Keeper>,
}

/// The part that opens a [`Profile`].
pub struct Opening {
    location: ProfileLocation,
    engine: Promise<Engine>,
    keeper: Promise<Keeper>,
}

/// A profile that others can already ask, and what opens it.
pub fn prepare(location: ProfileLocation) -> (Opening, Profile) {
    let (engine, awaited_engine) = promise();
    let (keeper, awaited_keeper) = promise();
    let opening = Opening {
        location: location.clone(),
        engine,
        keeper,
    };
    (
        opening,
        Profile {
            location,
            engine: awaited_engine,
            keeper: awaited_keeper,
        },
    )
}

impl Opening {
    /// Opens the engine, tells how that went, then finds the User ID. A failure is what everybody who asks is told.
    pub async fn run(self, told: impl FnOnce(Result<(), &Refusal>)) {
        let engine = match Engine::open(self.location.clone(), EngineOptions::of(PROGRAM)).await {
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
