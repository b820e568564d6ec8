//! The end of a profile, with its data and everything that the keyring holds of it.

use std::fs;

use protocol::refusal::Refusal;

use super::journal::{Change, Journal, new_set_aside};
use super::{Profiles, Step, keyring_entries, last_used, unusable};
use crate::identity::{EntryName, StoreTrouble, keyring_code};

/// What came of deleting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// The profile that is gone.
    pub profile: String,
    /// What is still to be done, and when it will be.
    pub warnings: Vec<String>,
}

impl Profiles {
    /// Deletes a profile with its data. `entries` are names of what else the keyring holds of it: codes of remembered agents.
    ///
    /// # Errors
    /// There is no such profile, a program has it open, or the keyring is locked: then nothing has changed.
    pub fn delete(&self, name: &str, entries: &[String]) -> Result<Deleted, Refusal> {
        let turn = self.take_turn()?;
        self.settle_in(&turn);
        let location = self.find(name)?;
        let profile = location.profile().to_owned();
        let lock = location.lock("deleting of a profile")?;
        self.refuse_locked_keyring(&location, "deleted")?;
        let change = Change::Delete {
            profile: profile.clone(),
            set_aside: new_set_aside(),
            entries: keyring_entries::of(&EntryName::of(&location))
                .into_iter()
                .chain(entries.iter().cloned())
                .collect(),
        };
        let journal = Journal::of(self.data_dir());
        journal
            .note(&change)
            .map_err(|source| unusable(&self.folder(), &source))?;
        self.reached(Step::Noted)?;
        // Some systems do not rename a folder in which a file is open; whoever wants the profile now reads the journal.
        drop(lock);
        let Change::Delete { set_aside, .. } = &change else {
            return Err(unusable(&self.folder(), &std::io::Error::other("not a deletion")));
        };
        if let Err(source) = fs::rename(location.folder(), self.folder_of(set_aside)) {
            journal.forget(&change).ok();
            return Err(unusable(&location.folder(), &source));
        }
        self.reached(Step::FolderMoved)?;
        last_used::replace(self.data_dir(), &profile, None);
        let warnings = match self.finish(&change) {
            Ok(()) => Vec::new(),
            Err(refusal) if refusal.code == "cut_short" => return Err(refusal),
            Err(refusal) => vec![format!("{} {}", refusal.message, refusal.hint)],
        };
        Ok(Deleted { profile, warnings })
    }

    /// Takes away what is left of a profile whose folder is set aside: its secrets first, so that a profile of the same name that
    /// is made later never gets them.
    pub(super) fn finish_delete(&self, profile: &str, set_aside: &str, entries: &[String]) -> Result<(), Refusal> {
        let location = crate::profile::ProfileLocation::new(self.data_dir(), profile)?;
        let keyring = self.keyring.as_ref();
        let entry = EntryName::of(&location);
        let opened = keyring_entries::is_open(keyring, &entry);
        match opened.and_then(|()| keyring_entries::delete(keyring, &entry, entries)) {
            // Where there is no keyring, the folder held everything.
            Ok(()) | Err(StoreTrouble::Absent(_)) => {}
            Err(trouble) => {
                return Err(Refusal::new(
                    keyring_code(&trouble),
                    format!("The keyring still holds the User ID of “{profile}”, which is deleted: {trouble}."),
                    "It goes as soon as the keyring is unlocked.",
                ));
            }
        }
        self.reached(Step::KeyringChanged)?;
        let folder = self.folder_of(set_aside);
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Refusal::new(
                    "data_folder_unusable",
                    format!(
                        "Files of the deleted profile “{profile}” are still in {}: {error}.",
                        folder.display()
                    ),
                    "They go at the next start; or delete that folder by hand.",
                ));
            }
            _ => {}
        }
        self.reached(Step::FolderRemoved)
    }
}
