//! Sharing the profile through a relay while the app runs, as its owner chose.

use std::sync::Arc;

use agent::Engine;
use protocol::refusal::Refusal;
use protocol::relay::Process;
use protocol::sharing::{OldUserId, SharingStatus};
use remote::address::RelayAddress;
use remote::publishing::{Options, Publisher, computer_name};
use tokio::sync::Mutex;

use crate::opening::OpenProfile;
use crate::sharing_watch::{Told, Watching};

/// The publisher of an open profile, where it is shared. Cloning shares it.
#[derive(Clone)]
pub struct Sharing {
    publisher: Arc<Mutex<Option<Publisher>>>,
    /// One change at a time, from what is remembered to what is done: what the store says and what is shared agree afterwards.
    changing: Arc<Mutex<()>>,
    told: Told,
    /// This start of the app: by it a relay tells a reconnect from a second agent.
    process: Option<Process>,
}

impl Default for Sharing {
    fn default() -> Self {
        Self {
            publisher: Arc::default(),
            changing: Arc::default(),
            told: Told::default(),
            process: Process::random().ok(),
        }
    }
}

impl Sharing {
    /// Goes on sharing if the owner chose so before. A relay's access token is not kept: a closed relay says that it is missing.
    ///
    /// # Errors
    /// The store or the User ID cannot be read.
    pub async fn go_on(&self, profile: &OpenProfile) -> Result<(), Refusal> {
        let _turn = self.changing.lock().await;
        let choice = profile.engine.get().await?.sharing().await?;
        match choice.relay.filter(|_| choice.on) {
            Some(relay) => {
                let options = self.options(&relay, None)?;
                self.begin(profile, options).await
            }
            None => Ok(()),
        }
    }

    /// Turns sharing on, and remembers that first: nothing is shared that is not remembered as shared.
    ///
    /// # Errors
    /// That is no relay's address, or the store or the User ID cannot be used.
    pub async fn turn_on(&self, profile: &OpenProfile, relay: &str, token: Option<String>) -> Result<(), Refusal> {
        let _turn = self.changing.lock().await;
        let options = self.options(relay, token.filter(|token| !token.is_empty()))?;
        profile.keeper.get().await?.user_id()?;
        self.end().await;
        let engine = profile.engine.get().await?;
        engine.choose_sharing(Some(options.address.to_string())).await?;
        self.begin(profile, options).await
    }

    /// Ends sharing, and remembers that.
    ///
    /// # Errors
    /// The store cannot be written; what was shared is not any more all the same.
    pub async fn turn_off(&self, profile: &OpenProfile) -> Result<(), Refusal> {
        let _turn = self.changing.lock().await;
        self.end().await;
        profile.engine.get().await?.choose_sharing(None).await
    }

    /// Makes a new view-only code and lets holders of the old one in no more.
    ///
    /// # Errors
    /// The store or the User ID cannot be used.
    pub async fn renew_view_only_code(&self, profile: &OpenProfile) -> Result<(), Refusal> {
        let _turn = self.changing.lock().await;
        let engine = profile.engine.get().await?;
        let generation = engine.renew_view_only_code().await?;
        profile.keeper.get().await?.use_generation(generation);
        self.begin_anew(profile).await
    }

    /// Makes a new User ID: everybody who follows needs it.
    ///
    /// # Errors
    /// The store or the User ID cannot be used; then the User ID stays as it was.
    pub async fn renew_user_id(&self, profile: &OpenProfile, old: OldUserId) -> Result<(), Refusal> {
        let _turn = self.changing.lock().await;
        let engine = profile.engine.get().await?;
        let keeper = profile.keeper.get().await?;
        engine.renew_user_id(&keeper, old).await?;
        self.begin_anew(profile).await
    }

    /// Codes have changed: what is shared goes on under the new ones.
    async fn begin_anew(&self, profile: &OpenProfile) -> Result<(), Refusal> {
        let options = self.publisher.lock().await.as_ref().map(Publisher::options);
        match options {
            Some(options) => self.begin(profile, options).await,
            None => Ok(()),
        }
    }

    /// Whether it is shared at this moment, or would be if its relay could be reached.
    pub async fn is_on(&self) -> bool {
        self.publisher.lock().await.is_some()
    }

    /// How it goes.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn status(&self, engine: &Engine) -> Result<SharingStatus, Refusal> {
        if let Some(publisher) = &*self.publisher.lock().await {
            return Ok(publisher.status().borrow().clone());
        }
        let relay = engine.sharing().await?.relay;
        Ok(SharingStatus::Off { relay })
    }

    /// How it goes, as it changes.
    pub fn watch(&self) -> Watching {
        self.told.watch()
    }

    /// Frees the channel; the choice stays.
    pub async fn end(&self) {
        // Not while the lock is held: how it goes can be asked meanwhile.
        let publisher = self.publisher.lock().await.take();
        self.told.tell(None);
        if let Some(publisher) = publisher {
            publisher.stop().await;
        }
    }

    async fn begin(&self, profile: &OpenProfile, options: Options) -> Result<(), Refusal> {
        let user_id = profile.keeper.get().await?.user_id()?;
        let engine = profile.engine.get().await?;
        self.end().await;
        let publisher = Publisher::start(engine, user_id, options).await?;
        self.told.tell(Some(publisher.status()));
        *self.publisher.lock().await = Some(publisher);
        Ok(())
    }

    fn options(&self, relay: &str, token: Option<String>) -> Result<Options, Refusal> {
        let process = self.process.ok_or_else(|| {
            Refusal::new(
                "no_randomness",
                "This computer gives no randomness.",
                "Start the computer anew.",
            )
        })?;
        Ok(Options {
            address: address(relay)?,
            access_token: token.map(String::into_bytes),
            computer_name: computer_name(),
            process,
        })
    }
}

fn address(text: &str) -> Result<RelayAddress, Refusal> {
    text.parse().map_err(|error| {
        Refusal::new(
            "relay_address_invalid",
            format!("{error}."),
            "Give the address that the relay prints when it starts, such as https://relay.example.org.",
        )
    })
}
