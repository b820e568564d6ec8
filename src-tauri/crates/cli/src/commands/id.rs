//! `sacmes id`: the profile's User ID, or its view-only code.

use agent::identity::{Keeper, KeepingPolicy};
use agent::store::{Store, StoreError};
use agent::{Engine, EngineOptions, ProfileLocation};
use clap::Args;
use protocol::codes::Channel;
use protocol::identity::{IdentityStatus, KeptIn};
use protocol::refusal::Refusal;

use crate::ending::{Ending, Outcome, complain};
use crate::output::Output;
use crate::place::Place;

#[derive(Debug, Args)]
pub struct Id {
    /// The code whose holder can look and not touch.
    #[arg(long)]
    view_only: bool,

    #[command(flatten)]
    place: Place,
}

impl Id {
    /// Prints it; the first call for a profile makes it.
    pub fn run(self) -> Outcome {
        let location = self.place.location()?;
        let keeper = super::runtime()?.block_on(find(&location))?;
        let code = if self.view_only {
            keeper.view_only_code()?
        } else {
            keeper.user_id()?.reveal()
        };
        if let Some(where_kept) = where_kept(&keeper, &location) {
            complain(&where_kept);
        }
        let mut output = Output::standard();
        output.bytes(format!("{code}\n").as_bytes())?;
        output.finish()?;
        Ok(Ending::Done)
    }
}

/// Finds the User ID, also while another program has the profile open, and lets the store remember that there is one.
async fn find(location: &ProfileLocation) -> Result<Keeper, Refusal> {
    match Engine::open_at_rest(location.clone(), EngineOptions::of("sacmes id")).await {
        Ok(engine) => {
            let keeper = keep(&engine).await;
            engine.close().await;
            keeper
        }
        // That program remembers the channel itself.
        Err(refusal) if refusal.code == "profile_in_use" => {
            let (known, generation) = remembered(location)?;
            let keeper = Keeper::open(location, KeepingPolicy::FileIfNoKeyring, known).await;
            keeper.use_generation(generation);
            Ok(keeper)
        }
        Err(refusal) => Err(refusal),
    }
}

/// Finds the User ID of an open profile, or makes its first one, and lets the store remember its channel.
///
/// # Errors
/// The store cannot say whether there was one, or cannot remember it.
pub async fn keep(engine: &Engine) -> Result<Keeper, Refusal> {
    let known = engine.remembered_channel().await?;
    let keeper = Keeper::open(engine.location(), KeepingPolicy::FileIfNoKeyring, known).await;
    keeper.use_generation(engine.sharing().await?.generation);
    if let Some(channel) = keeper.channel()
        && known != Some(channel)
    {
        engine.remember_channel(channel).await?;
    }
    Ok(keeper)
}

/// Where the User ID is kept, if not in the keyring: then its owner should know.
pub fn where_kept(keeper: &Keeper, location: &ProfileLocation) -> Option<String> {
    match keeper.status() {
        IdentityStatus::Known {
            kept_in: KeptIn::OwnerOnlyFile,
            ..
        } => Some(format!(
            "there is no usable keyring; the User ID is kept in {}, which only you can read",
            location.folder().display()
        )),
        _ => None,
    }
}

/// The channel, and the generation of the view-only code.
fn remembered(location: &ProfileLocation) -> Result<(Option<Channel>, u16), StoreError> {
    match Store::open_read_only(&location.database()) {
        Ok(store) => Ok((store.remembered_channel()?, store.sharing()?.generation)),
        Err(StoreError::Absent { .. }) => Ok((None, 1)),
        Err(error) => Err(error),
    }
}
