//! Agents that somebody follows again and again: a list in the profile's folder, without their codes, which are in the keyring.
//!
//! - The list has names, relays and channels: nothing that lets anybody in.
//! - Each code is an entry of its own in the operating system's keyring, under a random name; or, where there is no usable keyring
//!   and only after consent, in a file that only its owner can read.
//! - What a keyring or a file gives back is parsed and compared with the channel in the list, never trusted.
//!
//! Everything here blocks, a keyring for as long as its owner types a password.

mod agent;
mod list;
#[cfg(test)]
mod tests;
mod trouble;

use std::sync::Arc;

use ::agent::identity::{KeepingPolicy, OwnerOnlyStore, SecretStore, StoreTrouble, system_keyring};
use ::agent::profile::ProfileLocation;
use protocol::identity::KeptIn;
use protocol::refusal::Refusal;
use uuid::Uuid;

pub use agent::{Access, RememberedAgent};

use crate::address::RelayAddress;
use crate::following::Code;
use agent::name_of;
use list::{Entry, ListFile};
use trouble::Trouble;

/// Folder of the files with codes, within the profile's.
const FILES: &str = "followed-codes";
/// An entry that is written and deleted to find out whether the keyring works.
const TRIAL: &str = "followed agent trial";

/// A profile's remembered agents. Cloning shares them; several programs may use them at the same time.
#[derive(Clone)]
pub struct RememberedAgents {
    list: ListFile,
    keyring: Arc<dyn SecretStore>,
    files: Arc<dyn SecretStore>,
}

impl RememberedAgents {
    /// Those of a profile. The policy says whether somebody is there to unlock the keyring.
    pub fn of(location: &ProfileLocation, policy: KeepingPolicy) -> Self {
        Self::with_keyring(location, system_keyring(policy))
    }

    /// The same with another store than the system's keyring.
    pub fn with_keyring(location: &ProfileLocation, keyring: Arc<dyn SecretStore>) -> Self {
        Self {
            list: ListFile::in_folder(location.folder()),
            keyring,
            files: Arc::new(OwnerOnlyStore::in_folder(location.folder().join(FILES))),
        }
    }

    /// All of them, by name.
    ///
    /// # Errors
    /// The list cannot be read.
    pub fn list(&self) -> Result<Vec<RememberedAgent>, Refusal> {
        let mut agents: Vec<_> = self.list.read()?.into_iter().map(|entry| entry.agent).collect();
        agents.sort_by_key(|agent| agent.name.to_lowercase());
        Ok(agents)
    }

    /// Remembers a code under a name, in the keyring or, after consent, in a file. An agent that is remembered with the same access
    /// already gets this name, relay and code.
    ///
    /// # Errors
    /// Not a name, one that another agent has, or the code cannot be kept there.
    pub fn remember(
        &self,
        name: &str,
        relay: &RelayAddress,
        code: &Code,
        kept_in: KeptIn,
    ) -> Result<RememberedAgent, Refusal> {
        let name = name_of(name)?;
        let mut list = self.list.take_turn()?;
        let (channel, access) = (code.channel().to_string(), Access::of(code));
        let is_it = |entry: &Entry| entry.channel == channel && entry.agent.access == access;
        if list
            .entries
            .iter()
            .any(|entry| entry.agent.is_called(&name) && !is_it(entry))
        {
            return Err(Trouble::NameTaken(name).refusal());
        }
        let before = list
            .entries
            .iter()
            .position(is_it)
            .map(|at| list.entries.remove(at).agent);
        let agent = RememberedAgent {
            id: before.as_ref().map_or_else(Uuid::new_v4, |before| before.id),
            name,
            relay: relay.to_string(),
            access,
            kept_in,
        };
        self.keep(&agent, code)?;
        list.entries.push(Entry {
            agent: agent.clone(),
            channel,
        });
        list.write()?;
        if let Some(before) = before.filter(|before| before.kept_in != kept_in) {
            // A second copy of the code; that it could not be deleted does not make the first less kept.
            if let Err(trouble) = self.store(before.kept_in).delete(&entry_name(before.id)) {
                tracing::warn!(%trouble, "an older copy of the code is still kept");
            }
        }
        Ok(agent)
    }

    /// The agent of a name, whatever its case.
    ///
    /// # Errors
    /// The list cannot be read.
    pub fn find(&self, name: &str) -> Result<Option<RememberedAgent>, Refusal> {
        Ok(self.list()?.into_iter().find(|agent| agent.is_called(name.trim())))
    }

    /// An agent with its relay and its code.
    ///
    /// # Errors
    /// It is not remembered, or its code cannot be read now.
    pub fn open(&self, id: Uuid) -> Result<(RememberedAgent, RelayAddress, Code), Refusal> {
        let Entry { agent, channel } = self.entry(id)?;
        let relay = agent
            .relay
            .parse()
            .map_err(|_| self.list.damaged("an address in it is none"))?;
        let kept = self
            .store(agent.kept_in)
            .read(&entry_name(id))
            .map_err(|cause| Trouble::Unreadable(agent.name.clone(), cause).refusal())?;
        let code: Code = match kept.as_deref().map(str::parse) {
            Some(Ok(code)) => code,
            Some(Err(_)) => return Err(Trouble::OtherCode(agent.name).refusal()),
            None => return Err(Trouble::NoCode(agent.name).refusal()),
        };
        if code.channel().to_string() != channel || Access::of(&code) != agent.access {
            return Err(Trouble::OtherCode(agent.name).refusal());
        }
        Ok((agent, relay, code))
    }

    /// Forgets an agent: its code first, so that no code is left that nothing leads to.
    ///
    /// # Errors
    /// It is not remembered, or its code cannot be deleted now; then it is remembered still.
    pub fn forget(&self, id: Uuid) -> Result<(), Refusal> {
        let mut list = self.list.take_turn()?;
        let agent = list.entries.iter().find(|entry| entry.agent.id == id);
        let agent = agent.ok_or_else(|| Trouble::Unknown.refusal())?.agent.clone();
        self.delete(&agent)
            .map_err(|cause| Trouble::NotForgotten(agent.name, cause).refusal())?;
        list.entries.retain(|entry| entry.agent.id != id);
        list.write()
    }

    /// Names of the entries that the keyring holds for them, for whoever deletes the profile with everything of it.
    ///
    /// # Errors
    /// The list cannot be read.
    pub fn keyring_entries(&self) -> Result<Vec<String>, Refusal> {
        let agents = self.list()?;
        let in_keyring = agents.iter().filter(|agent| agent.kept_in == KeptIn::Keyring);
        Ok(in_keyring.map(|agent| entry_name(agent.id)).collect())
    }

    fn entry(&self, id: Uuid) -> Result<Entry, Refusal> {
        let found = self.list.read()?.into_iter().find(|entry| entry.agent.id == id);
        found.ok_or_else(|| Trouble::Unknown.refusal())
    }

    /// Some keyrings take a secret and lose it: only a text that comes back was kept.
    fn keep(&self, agent: &RememberedAgent, code: &Code) -> Result<(), Refusal> {
        let (store, entry, text) = (self.store(agent.kept_in), entry_name(agent.id), code.reveal());
        let kept = store.write(&entry, &text).and_then(|()| match store.read(&entry)? {
            Some(back) if back == text => Ok(()),
            _ => Err(StoreTrouble::Failed(
                "it did not give back what it was given".to_owned(),
            )),
        });
        let kept_in = agent.kept_in;
        kept.map_err(|cause| Trouble::NotKept { kept_in, cause }.refusal())
    }

    fn delete(&self, agent: &RememberedAgent) -> Result<(), StoreTrouble> {
        let (store, entry) = (self.store(agent.kept_in), entry_name(agent.id));
        if store.read(&entry)?.is_none() && agent.kept_in == KeptIn::Keyring {
            // A locked keyring may claim to be empty; only writing tells.
            store.write(TRIAL, "trial")?;
            store.delete(TRIAL)?;
        }
        store.delete(&entry)
    }

    fn store(&self, kept_in: KeptIn) -> &dyn SecretStore {
        match kept_in {
            KeptIn::Keyring => self.keyring.as_ref(),
            KeptIn::OwnerOnlyFile => self.files.as_ref(),
        }
    }
}

/// The name of a code in its store: tells nothing of the profile or the agent.
fn entry_name(id: Uuid) -> String {
    format!("followed agent {}", id.simple())
}
