//! Another name for a profile: its folder and its entries in the keyring follow.

use std::fs;

use protocol::refusal::Refusal;

use super::journal::{Change, Journal};
use super::{Profiles, Step, is_same, keyring_entries, last_used, unusable};
use crate::identity::{EntryName, StoreTrouble, keyring_code};
use crate::profile::ProfileLocation;
use crate::store::Store;

/// What came of renaming.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// Where the profile is now.
    pub location: ProfileLocation,
    /// What is still to be done, and when it will be.
    pub warnings: Vec<String>,
}

impl Profiles {
    /// Refuses what [`Profiles::rename`] would refuse of a profile that no program has open.
    ///
    /// # Errors
    /// There is no such profile, the name is not free, or the keyring is locked.
    pub fn refuse_rename(&self, name: &str, to: &str) -> Result<(), Refusal> {
        let (from, to) = (self.find(name)?, self.new_location(to)?);
        self.refuse_taken(&to, is_same(from.profile(), to.profile()).then_some(from.profile()))?;
        self.refuse_locked_keyring(&from, "renamed")
    }

    /// Gives a profile another name.
    ///
    /// # Errors
    /// There is no such profile, a program has it open, the name is not free, or the keyring is locked: then nothing has changed.
    pub fn rename(&self, name: &str, to: &str) -> Result<Renamed, Refusal> {
        let to = self.new_location(to)?;
        let turn = self.take_turn()?;
        self.settle_in(&turn);
        let from = self.find(name)?;
        if from == to {
            return Ok(Renamed {
                location: from,
                warnings: Vec::new(),
            });
        }
        self.refuse_taken(&to, is_same(from.profile(), to.profile()).then_some(from.profile()))?;
        let lock = from.lock("renaming of a profile")?;
        self.refuse_locked_keyring(&from, "renamed")?;
        let change = Change::Rename {
            from: from.profile().to_owned(),
            to: to.profile().to_owned(),
        };
        let journal = Journal::of(self.data_dir());
        journal
            .note(&change)
            .map_err(|source| unusable(&self.folder(), &source))?;
        self.reached(Step::Noted)?;
        // Some systems do not rename a folder in which a file is open; whoever wants the profile now reads the journal.
        drop(lock);
        if let Err(source) = fs::rename(from.folder(), to.folder()) {
            journal.forget(&change).ok();
            return Err(unusable(&from.folder(), &source));
        }
        self.reached(Step::FolderMoved)?;
        last_used::replace(self.data_dir(), from.profile(), Some(to.profile()));
        let warnings = match self.finish(&change) {
            Ok(()) => Vec::new(),
            Err(refusal) if refusal.code == "cut_short" => return Err(refusal),
            Err(refusal) => vec![format!("{} {}", refusal.message, refusal.hint)],
        };
        Ok(Renamed { location: to, warnings })
    }

    /// The entries of the keyring follow a folder that has its new name.
    pub(super) fn finish_rename(&self, from: &str, to: &ProfileLocation) -> Result<(), Refusal> {
        let from = ProfileLocation::new(self.data_dir(), from)?;
        let entries = [&from, to].map(EntryName::of);
        let keyring = self.keyring.as_ref();
        let moved = keyring_entries::is_open(keyring, &entries[0])
            .and_then(|()| keyring_entries::move_all(keyring, &entries[0], &entries[1]));
        match moved {
            Err(StoreTrouble::Absent(_)) if !may_be_in_keyring(to) => Ok(()),
            Err(trouble) => Err(Refusal::new(
                keyring_code(&trouble),
                format!(
                    "The User ID of “{}” is still in the keyring under the name “{}”: {trouble}.",
                    to.profile(),
                    from.profile()
                ),
                "It follows as soon as the keyring is unlocked.",
            )),
            Ok(()) => Ok(()),
        }
    }

    /// Refuses to change a profile whose User ID the keyring holds and does not give now.
    pub(super) fn refuse_locked_keyring(&self, location: &ProfileLocation, done: &str) -> Result<(), Refusal> {
        let opened = keyring_entries::is_open(self.keyring.as_ref(), &EntryName::of(location));
        match opened {
            Err(trouble) if may_be_in_keyring(location) => Err(Refusal::new(
                keyring_code(&trouble),
                format!(
                    "“{}” was not {done}: the keyring holds its User ID, and {trouble}.",
                    location.profile()
                ),
                "Unlock the keyring and try again.",
            )),
            _ => Ok(()),
        }
    }
}

/// Whether the User ID is where nobody but the keyring has it: it is in no file, and there was one.
fn may_be_in_keyring(location: &ProfileLocation) -> bool {
    let is_in_file = location.folder().join("user-id").exists();
    let was_made = Store::open_read_only(&location.database()).and_then(|store| store.remembered_channel());
    !is_in_file && !matches!(was_made, Ok(None) | Err(crate::store::StoreError::Absent { .. }))
}
