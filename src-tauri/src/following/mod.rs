//! Following somebody else's agent from the window: codes stay in this process, and the page names what it follows by an id.
//!
//! One agent is followed at a time, beside this computer's own engine, which knows nothing of it.

mod exports;
mod feed;
mod followed;
#[cfg(test)]
mod tests;
mod told;

use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use agent::identity::KeepingPolicy;
use agent::profile::ProfileLocation;
use protocol::identity::KeptIn;
use protocol::refusal::Refusal;
use protocol::relay::words;
use remote::address::RelayAddress;
use remote::following::{Code, Invitation};
use remote::remembered::{RememberedAgent, RememberedAgents};
use uuid::Uuid;

pub use feed::run as feed;
pub use followed::{About, Followed};
pub use told::Told;

/// The agent that is followed, if one is, and those that the profile remembers.
#[derive(Clone)]
pub struct Following {
    current: Arc<Mutex<Option<Arc<Followed>>>>,
    remembered: RememberedAgents,
}

impl Following {
    /// Nobody yet.
    pub fn of(location: &ProfileLocation) -> Self {
        Self::with(RememberedAgents::of(location, KeepingPolicy::AskBeforeFile))
    }

    fn with(remembered: RememberedAgents) -> Self {
        Self {
            current: Arc::default(),
            remembered,
        }
    }

    /// Follows whoever gave this code or link, through the relay that the link or else `relay` names. Must be called within a
    /// tokio runtime.
    ///
    /// # Errors
    /// Not a code, or no relay.
    pub fn follow(&self, code: &str, relay: &str, name: &str) -> Result<Arc<Followed>, Refusal> {
        let invitation = Invitation::from_str(code).map_err(words::not_a_code)?;
        let relay = match invitation.relay {
            Some(relay) => relay,
            None => address(relay)?,
        };
        // What is shown as a name must not be a code that was pasted into the wrong field.
        let name = Some(name.trim()).filter(|name| Invitation::from_str(name).is_err());
        Ok(self.begin(name.unwrap_or_default(), invitation.code, relay))
    }

    /// Follows a remembered agent. Blocks while the keyring is being unlocked.
    ///
    /// # Errors
    /// It is not remembered, or its code cannot be read now.
    pub fn follow_remembered(&self, id: Uuid) -> Result<Arc<Followed>, Refusal> {
        let (agent, relay, code) = self.remembered.open(id)?;
        Ok(self.begin(&agent.name, code, relay))
    }

    /// Remembers the agent that is followed. Blocks while the keyring is being unlocked.
    ///
    /// # Errors
    /// It is not followed any more, that is no name for it, or its code cannot be kept there.
    pub fn remember(&self, followed: Uuid, name: &str, kept_in: KeptIn) -> Result<RememberedAgent, Refusal> {
        let followed = self.get(followed)?;
        self.remembered
            .remember(name, followed.relay(), followed.code(), kept_in)
    }

    /// The remembered agents, without their codes.
    ///
    /// # Errors
    /// The list cannot be read.
    pub fn remembered(&self) -> Result<Vec<RememberedAgent>, Refusal> {
        self.remembered.list()
    }

    /// Forgets an agent with its code. Blocks while the keyring is being unlocked.
    ///
    /// # Errors
    /// Its code cannot be deleted now.
    pub fn forget(&self, id: Uuid) -> Result<(), Refusal> {
        self.remembered.forget(id)
    }

    /// What is followed under this id: an answer of one agent must never be taken for another's.
    ///
    /// # Errors
    /// It is not followed any more.
    pub fn get(&self, id: Uuid) -> Result<Arc<Followed>, Refusal> {
        let current = self.lock().clone();
        current
            .filter(|followed| followed.id() == id)
            .ok_or_else(words::not_following)
    }

    /// Ends following, if anybody is followed.
    pub fn end(&self) {
        if let Some(followed) = self.lock().take() {
            followed.end();
        }
    }

    fn begin(&self, name: &str, code: Code, relay: RelayAddress) -> Arc<Followed> {
        let followed = Arc::new(Followed::start(name, code, relay));
        if let Some(before) = self.lock().replace(followed.clone()) {
            before.end();
        }
        followed
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Arc<Followed>>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn address(text: &str) -> Result<RelayAddress, Refusal> {
    let hint = "Paste the whole link, or give the relay's address as in https://relay.example.org.";
    if text.trim().is_empty() {
        return Err(Refusal::new("no_relay", "No relay was named.", hint));
    }
    // Dialled as an address, a code would be asked of name servers.
    if Invitation::from_str(text).is_ok() {
        return Err(Refusal::new(
            "not_an_address",
            "This is a code, not a relay's address.",
            hint,
        ));
    }
    text.parse()
        .map_err(|error| Refusal::new("not_an_address", format!("{error}."), hint))
}
