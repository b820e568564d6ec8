//! `sacmes share`: what the profile shares, and through which relay.

use agent::sharing::SharingChoice;
use agent::store::{Store, StoreError};
use agent::{Engine, EngineOptions};
use clap::{Args, Subcommand};
use protocol::refusal::Refusal;
use protocol::sharing::OldUserId;
use remote::address::RelayAddress;

use super::id;
use crate::ending::{Ending, Outcome, complain};
use crate::output::Output;
use crate::place::Place;

#[derive(Debug, Args)]
pub struct Share {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Say whether the profile is shared, and through which relay.
    Status {
        /// One JSON object.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Have the desktop app share the profile whenever it runs.
    On {
        /// Address of the relay, such as <https://relay.example.org>.
        #[arg(long, value_name = "ADDRESS")]
        relay: RelayAddress,
        #[command(flatten)]
        place: Place,
    },
    /// Share no more.
    Off {
        #[command(flatten)]
        place: Place,
    },
    /// Make a new User ID; who has the old one, or a view-only code of it, does not find this profile any more.
    ///
    /// Needed where the User ID got into wrong hands: relays then refuse the old one. Sessions stay. Every viewer must get the
    /// new one.
    RenewUserId {
        /// Do it: this cannot be taken back.
        #[arg(long)]
        yes: bool,
        /// This data folder is a copy: the old User ID stays in use where it was copied from.
        #[arg(long)]
        copy: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Make a new view-only code; who has the old one is let in no more.
    RenewViewOnlyCode {
        #[command(flatten)]
        place: Place,
    },
}

impl Share {
    /// Reads or changes the choice.
    pub fn run(self) -> Outcome {
        match self.what {
            What::Status { json, place } => status(&place, json),
            What::On { relay, place } => change(&place, async move |engine| {
                engine.choose_sharing(Some(relay.to_string())).await?;
                complain(&format!(
                    "this profile is shared through {relay} while the desktop app has it open"
                ));
                Ok(None)
            }),
            What::Off { place } => change(&place, async move |engine| {
                engine.choose_sharing(None).await?;
                complain("nothing of this profile leaves this computer any more");
                Ok(None)
            }),
            What::RenewUserId { yes: false, .. } => Err(Refusal::new(
                "not_confirmed",
                "The User ID stays as it is: a new one cuts off everybody who follows, and that cannot be taken back.",
                "Add --yes to make a new one, then give it to everybody who is to follow.",
            )
            .into()),
            What::RenewUserId { yes: true, copy, place } => change(&place, async move |engine| {
                let keeper = id::keep(engine).await?;
                let (old, words) = if copy {
                    (
                        OldUserId::StaysInUse,
                        "the old one stays in use where this data folder was copied from",
                    )
                } else {
                    (
                        OldUserId::GivenUp,
                        "relays hear that the old one is given up when this profile is shared next",
                    )
                };
                engine.renew_user_id(&keeper, old).await?;
                if let Some(where_kept) = id::where_kept(&keeper, engine.location()) {
                    complain(&where_kept);
                }
                complain(&format!("the User ID is renewed; {words}"));
                Ok(Some(keeper.user_id()?.reveal()))
            }),
            What::RenewViewOnlyCode { place } => change(&place, async move |engine| {
                let generation = engine.renew_view_only_code().await?;
                complain(&format!(
                    "the view-only code is renewed (generation {generation}); holders of an older one are turned away once the agent shares again"
                ));
                Ok(Some(id::keep(engine).await?.view_only_code()?))
            }),
        }
    }
}

fn status(place: &Place, json: bool) -> Outcome {
    let choice = match Store::open_read_only(&place.location()?.database()) {
        Ok(store) => store.sharing()?,
        Err(StoreError::Absent { .. }) => SharingChoice {
            on: false,
            relay: None,
            generation: 1,
        },
        Err(error) => return Err(error.into()),
    };
    let mut output = Output::standard();
    let text = if json {
        let SharingChoice { on, relay, generation } = choice;
        serde_json::json!({ "on": on, "relay": relay, "view_only_generation": generation }).to_string()
    } else {
        let word = if choice.on { "on" } else { "off" };
        match choice.relay {
            Some(relay) => format!(
                "sharing {word}, relay {relay}, view-only code of generation {}",
                choice.generation
            ),
            None => format!("sharing {word}, view-only code of generation {}", choice.generation),
        }
    };
    output.bytes(format!("{text}\n").as_bytes())?;
    output.finish()?;
    Ok(Ending::Done)
}

/// Changes something in the store; what comes of it, if anything, is printed.
fn change(place: &Place, what: impl AsyncFnOnce(&Engine) -> Result<Option<String>, Refusal>) -> Outcome {
    let location = place.location()?;
    let runtime = super::runtime()?;
    let printed = runtime.block_on(async {
        let engine = Engine::open_at_rest(location, EngineOptions::of("sacmes share")).await?;
        let changed = what(&engine).await;
        engine.close().await;
        changed
    });
    runtime.shutdown_background();
    if let Some(text) = printed? {
        let mut output = Output::standard();
        output.bytes(format!("{text}\n").as_bytes())?;
        output.finish()?;
    }
    Ok(Ending::Done)
}
