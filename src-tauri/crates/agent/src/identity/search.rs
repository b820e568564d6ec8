//! The rules of finding and keeping a User ID, step by step. Everything here blocks.

use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Arc;

use protocol::codes::{Channel, UserId};
use protocol::identity::KeptIn;

use super::KeepingPolicy;
use super::entry::EntryName;
use super::owner_only_file::OwnerOnlyFile;
use super::secret_store::{SecretStore, StoreTrouble};
use super::trouble::Trouble;
use crate::profile::ProfileLocation;
use crate::profiles::journal::Journal;
use crate::profiles::keyring_entries::move_all;

/// What a search ended with.
#[derive(Debug)]
pub(super) enum Keeping {
    /// The User ID and where it is kept.
    Known(UserId, KeptIn),
    /// It may go into a file once the user agrees; one that the user pasted, else a new one.
    NeedsConsent(Trouble, Option<UserId>),
    /// It cannot be had now.
    Unavailable(Trouble),
}

/// The places where one profile's User ID may be.
pub(super) struct Search {
    pub(super) keyring: Arc<dyn SecretStore>,
    pub(super) entry: EntryName,
    pub(super) location: ProfileLocation,
    pub(super) folder: PathBuf,
    pub(super) policy: KeepingPolicy,
}

impl Search {
    /// Finds the User ID whose channel is known, or makes the first one of a profile that never had any.
    pub(super) fn find(&self, known: Option<Channel>) -> Keeping {
        let _turn = match self.take_turn() {
            Ok(turn) => turn,
            Err(trouble) => return Keeping::Unavailable(trouble),
        };
        self.follow_rename();
        let in_keyring = self.keyring.read(self.entry.as_str());
        let keyring_user_id = in_keyring
            .as_ref()
            .ok()
            .and_then(Option::as_deref)
            .map(str::parse::<UserId>);
        if let Some(Ok(user_id)) = keyring_user_id
            && fits(&user_id, known)
        {
            return Keeping::Known(user_id, KeptIn::Keyring);
        }
        let in_file = match self.file().read() {
            Err(trouble) => return Keeping::Unavailable(trouble),
            Ok(in_file) => in_file,
        };
        if let Some(user_id) = in_file
            && fits(&user_id, known)
        {
            return Keeping::Known(user_id, KeptIn::OwnerOnlyFile);
        }
        if let Some(renewed) = known.and_then(|known| self.find_next(known)) {
            return renewed;
        }
        match (in_keyring, keyring_user_id, known) {
            (_, Some(Err(_)), _) => Keeping::Unavailable(Trouble::NotAUserId("the keyring")),
            (Err(trouble @ StoreTrouble::Damaged(_)), ..) | (Err(trouble), _, Some(_)) => {
                Keeping::Unavailable(Trouble::Unreadable(trouble))
            }
            (_, Some(Ok(_)), Some(_)) => Keeping::Unavailable(Trouble::OfOtherData("the keyring")),
            (Ok(_), _, Some(_)) if in_file.is_some() => Keeping::Unavailable(Trouble::OfOtherData("the file")),
            (Ok(_), _, Some(_)) => Keeping::Unavailable(self.why_empty()),
            (_, _, None) => self.keep_first(UserId::new_random()),
        }
    }

    /// After a rename that was cut short, the entries are still under the name before.
    fn follow_rename(&self) {
        let Some(before) = Journal::of(self.location.data_dir()).name_before(self.location.profile()) else {
            return;
        };
        let Ok(before) = ProfileLocation::new(self.location.data_dir(), &before) else {
            return;
        };
        if let Err(trouble) = move_all(self.keyring.as_ref(), &EntryName::of(&before), &self.entry) {
            tracing::warn!("the User ID is still under the profile's name before: {trouble}");
        }
    }

    /// Keeps a User ID in the file, after the user agreed.
    pub(super) fn keep_in_file(&self, user_id: UserId) -> Result<Keeping, Trouble> {
        let _turn = self.take_turn()?;
        self.file().write(&user_id)?;
        Ok(Keeping::Known(user_id, KeptIn::OwnerOnlyFile))
    }

    /// Keeps a User ID that the user pasted; its channel was checked.
    pub(super) fn keep_restored(&self, user_id: UserId) -> Result<Keeping, Trouble> {
        let _turn = self.take_turn()?;
        if let Ok(Some(other)) = self.keyring.read(self.entry.as_str())
            && other.parse() != Ok(user_id)
        {
            // Somebody may still need it: other data may belong to it.
            self.keyring
                .write(&self.entry.of_replaced(), &other)
                .map_err(Trouble::Unreadable)?;
        }
        match self.write_to_keyring(self.entry.as_str(), &user_id) {
            Ok(()) => Ok(Keeping::Known(user_id, KeptIn::Keyring)),
            Err(trouble) => self.without_keyring(trouble, user_id, true),
        }
    }

    fn keep_first(&self, user_id: UserId) -> Keeping {
        let kept = match self.write_to_keyring(self.entry.as_str(), &user_id) {
            Ok(()) => Ok(Keeping::Known(user_id, KeptIn::Keyring)),
            Err(trouble) => self.without_keyring(trouble, user_id, false),
        };
        kept.unwrap_or_else(Keeping::Unavailable)
    }

    fn without_keyring(&self, trouble: StoreTrouble, user_id: UserId, pasted: bool) -> Result<Keeping, Trouble> {
        match self.policy {
            KeepingPolicy::AskBeforeFile => Ok(Keeping::NeedsConsent(
                Trouble::NoKeyring(trouble),
                pasted.then_some(user_id),
            )),
            KeepingPolicy::FileIfNoKeyring => {
                tracing::info!(%trouble, "keeping the User ID in an owner-only file");
                self.file().write(&user_id)?;
                Ok(Keeping::Known(user_id, KeptIn::OwnerOnlyFile))
            }
        }
    }

    /// Some keyrings take a secret and lose it, or open without being usable: only a text that comes back was kept.
    pub(super) fn write_to_keyring(&self, entry: &str, user_id: &UserId) -> Result<(), StoreTrouble> {
        self.keyring.write(entry, &user_id.reveal())?;
        match self.keyring.read(entry)?.map(|text| text.parse::<UserId>()) {
            Some(Ok(kept)) if kept == *user_id => Ok(()),
            _ => Err(StoreTrouble::Failed(
                "it did not give back what it was given".to_owned(),
            )),
        }
    }

    /// A locked keyring may claim to be empty; only writing tells.
    fn why_empty(&self) -> Trouble {
        let trial = self.entry.of_trial();
        match self
            .keyring
            .write(&trial, "trial")
            .and_then(|()| self.keyring.delete(&trial))
        {
            Ok(()) => Trouble::Missing,
            Err(trouble) => Trouble::Unreadable(trouble),
        }
    }

    pub(super) fn file(&self) -> OwnerOnlyFile {
        OwnerOnlyFile::in_folder(self.folder.clone())
    }

    pub(super) fn next_file(&self) -> OwnerOnlyFile {
        OwnerOnlyFile::of_next(self.folder.clone())
    }

    /// One program at a time, so that two that start together do not each make a first User ID.
    pub(super) fn take_turn(&self) -> Result<File, Trouble> {
        let path = self.folder.join("user-id.lock");
        let open = || {
            fs::create_dir_all(&self.folder)?;
            let file = File::options()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)?;
            file.lock()?;
            Ok(file)
        };
        open().map_err(|source| Trouble::File {
            path: path.clone(),
            source,
        })
    }
}

fn fits(user_id: &UserId, known: Option<Channel>) -> bool {
    known.is_none_or(|channel| user_id.channel() == channel)
}
