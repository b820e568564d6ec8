//! Sharing the profile through a relay while the app runs, as its owner chose.

use std::sync::Arc;

use agent::Engine;
use protocol::refusal::Refusal;
use protocol::relay::Process;
use protocol::sharing::SharingStatus;
use remote::address::RelayAddress;
use remote::publishing::{Options, Publisher};
use tokio::sync::Mutex;

use crate::commands::computer_name;
use crate::opening::Profile;

/// The publisher of the open profile, where it is shared. Cloning shares it.
#[derive(Clone)]
pub struct Sharing {
    publisher: Arc<Mutex<Option<Publisher>>>,
    /// This start of the app: by it a relay tells a reconnect from a second agent.
    process: Option<Process>,
}

impl Default for Sharing {
    fn default() -> Self {
        Self {
            publisher: Arc::default(),
            process: Process::random().ok(),
        }
    }
}

impl Sharing {
    /// Goes on sharing if the owner chose so before. A relay's access token is not kept: a closed relay says that it is missing.
    ///
    /// # Errors
    /// The store or the User ID cannot be read.
    pub async fn go_on(&self, profile: &Profile) -> Result<(), Refusal> {
        let choice = profile.engine.get().await?.sharing().await?;
        match choice.relay.filter(|_| choice.on) {
            Some(relay) => self.begin(profile, &relay, None).await,
            None => Ok(()),
        }
    }

    /// Turns sharing on, and remembers that.
    ///
    /// # Errors
    /// That is no relay's address, or the store or the User ID cannot be used.
    pub async fn turn_on(&self, profile: &Profile, relay: &str, token: Option<String>) -> Result<(), Refusal> {
        let address = address(relay)?;
        self.begin(profile, relay, token.filter(|token| !token.is_empty()))
            .await?;
        let engine = profile.engine.get().await?;
        engine.choose_sharing(Some(address.to_string())).await
    }

    /// Ends sharing, and remembers that.
    ///
    /// # Errors
    /// The store cannot be written; what was shared is not any more all the same.
    pub async fn turn_off(&self, profile: &Profile) -> Result<(), Refusal> {
        self.end().await;
        profile.engine.get().await?.choose_sharing(None).await
    }

    /// Makes a new view-only code and lets holders of the old one in no more.
    ///
    /// # Errors
    /// The store or the User ID cannot be used.
    pub async fn renew_view_only_code(&self, profile: &Profile) -> Result<(), Refusal> {
        let engine = profile.engine.get().await?;
        let generation = engine.renew_view_only_code().await?;
        profile.keeper.get().await?.use_generation(generation);
        self.begin_anew(profile).await
    }

    /// Codes have changed: what is shared goes on under the new ones.
    async fn begin_anew(&self, profile: &Profile) -> Result<(), Refusal> {
        let Some(options) = self.publisher.lock().await.as_ref().map(Publisher::options) else {
            return Ok(());
        };
        let token = options.access_token.and_then(|token| String::from_utf8(token).ok());
        self.begin(profile, &options.address.to_string(), token).await
    }

    /// Makes a new User ID: everybody who follows needs it, and the relay hears that the one before is given up.
    ///
    /// # Errors
    /// The store or the User ID cannot be used; then the User ID stays as it was.
    pub async fn renew_user_id(&self, profile: &Profile) -> Result<(), Refusal> {
        let engine = profile.engine.get().await?;
        let keeper = profile.keeper.get().await?;
        engine.renew_user_id(&keeper).await?;
        self.begin_anew(profile).await
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

    /// Frees the channel; the choice stays.
    pub async fn end(&self) {
        if let Some(publisher) = self.publisher.lock().await.take() {
            publisher.stop().await;
        }
    }

    async fn begin(&self, profile: &Profile, relay: &str, token: Option<String>) -> Result<(), Refusal> {
        let address = address(relay)?;
        let user_id = profile.keeper.get().await?.user_id()?;
        let process = self.process.ok_or_else(|| {
            Refusal::new(
                "no_randomness",
                "This computer gives no randomness.",
                "Start the computer anew.",
            )
        })?;
        let options = Options {
            address,
            access_token: token.map(String::into_bytes),
            computer_name: computer_name(),
            process,
        };
        let engine = profile.engine.get().await?;
        let mut publisher = self.publisher.lock().await;
        if let Some(before) = publisher.take() {
            before.stop().await;
        }
        *publisher = Some(Publisher::start(engine, user_id, options).await?);
        Ok(())
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
