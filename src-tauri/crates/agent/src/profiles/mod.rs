//! The profiles of a data directory: listed, created, renamed, chosen for the next start, deleted.
//!
//! - A profile is a folder with its name, and entries in the keyring that are named after it. A change of both is noted in a
//!   [`journal`] before it begins and taken out of it when it is done; what was cut short by a power failure is finished, or taken
//!   back where nothing had happened yet, before the next change and before the next start of the window.
//! - One change at a time; a profile that a program has open is neither renamed nor deleted.
//! - Names that differ in case only are one name, as some file systems hold them for the same.
//!
//! Everything here blocks, a keyring for as long as its owner types a password.

mod deleting;
pub(crate) mod journal;
pub(crate) mod keyring_entries;
mod last_used;
mod listing;
mod renaming;
mod settling;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use protocol::refusal::Refusal;

use crate::identity::SecretStore;
use crate::profile::{DEFAULT_PROFILE, ProfileError, ProfileLocation, make_private_folder};
use journal::{Journal, Turn};

pub use deleting::Deleted;
pub use listing::ProfileSummary;
pub use renaming::Renamed;

/// The profiles of one data directory, with the keyring that holds their secrets. Cloning shares it.
#[derive(Clone)]
pub struct Profiles {
    data_dir: PathBuf,
    keyring: Arc<dyn SecretStore>,
    #[cfg(test)]
    cut_short_after: Option<Step>,
}

/// The steps of a change after which a power failure leaves it in another state than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Noted,
    FolderMoved,
    KeyringChanged,
    FolderRemoved,
}

impl Profiles {
    /// Those of a data directory.
    pub fn of(data_dir: impl Into<PathBuf>, keyring: Arc<dyn SecretStore>) -> Self {
        Self {
            data_dir: data_dir.into(),
            keyring,
            #[cfg(test)]
            cut_short_after: None,
        }
    }

    /// The directory that holds them.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// The place of a profile that is there, whatever the case of the name.
    ///
    /// # Errors
    /// There is none of this name.
    pub fn find(&self, name: &str) -> Result<ProfileLocation, Refusal> {
        let found = self.names().into_iter().find(|known| is_same(known, name));
        let known = found.ok_or_else(|| no_such_profile(name))?;
        Ok(ProfileLocation::new(&self.data_dir, &known)?)
    }

    /// Makes a new profile; its User ID is made when it is first opened.
    ///
    /// # Errors
    /// The name cannot be a profile's, or is another's, or the folder cannot be made.
    pub fn create(&self, name: &str) -> Result<ProfileLocation, Refusal> {
        let location = self.new_location(name)?;
        let turn = self.take_turn()?;
        self.settle_in(&turn);
        self.refuse_taken(&location, None)?;
        let folder = location.folder();
        make_private_folder(&folder).map_err(|source| ProfileError::Folder { folder, source })?;
        Ok(location)
    }

    /// Has the window open this profile at its next start.
    ///
    /// # Errors
    /// There is none of this name, or it cannot be remembered.
    pub fn use_next(&self, name: &str) -> Result<ProfileLocation, Refusal> {
        let location = self.find(name)?;
        last_used::remember(&self.data_dir, location.profile())?;
        Ok(location)
    }

    /// The profile that was used last, if it is there.
    pub fn last_used(&self) -> Option<String> {
        last_used::read(&self.data_dir).filter(|name| self.names().contains(name))
    }

    /// Which profile the window opens where none is named: the last used one, else `default`, else the one that was open last.
    pub fn next(&self) -> String {
        let names = self.names();
        if let Some(name) = self.last_used() {
            return name;
        }
        if names.is_empty() || names.iter().any(|name| name == DEFAULT_PROFILE) {
            return DEFAULT_PROFILE.to_owned();
        }
        let opened = |name: &String| listing::last_opened(&self.folder_of(name));
        // From the end, because of several that were never opened the last would be taken.
        names.into_iter().rev().max_by_key(opened).unwrap_or_default()
    }

    /// Names of the profiles that are there.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder()).into_iter().flatten().flatten();
        let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        let names = folders.filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<String> = names
            .filter(|name| ProfileLocation::new(&self.data_dir, name).is_ok())
            .collect();
        names.sort_by_key(|name| name.to_lowercase());
        names
    }

    /// A name that a person typed, as a place.
    fn new_location(&self, name: &str) -> Result<ProfileLocation, Refusal> {
        Ok(ProfileLocation::new(&self.data_dir, name.trim())?)
    }

    /// Refuses a name that another profile has, or had until a change that is not finished.
    fn refuse_taken(&self, location: &ProfileLocation, except: Option<&str>) -> Result<(), Refusal> {
        let name = location.profile();
        let taken = self.names().into_iter().find(|known| is_same(known, name));
        if let Some(known) = taken.filter(|known| except != Some(known.as_str())) {
            return Err(Refusal::new(
                "profile_exists",
                format!("There is a profile “{known}” already."),
                "Choose another name.",
            ));
        }
        if Journal::of(&self.data_dir).mentions(name) {
            return Err(Refusal::new(
                "profile_unsettled",
                format!("The keyring still holds the User ID of a profile that was called “{name}”."),
                "Unlock the keyring and try again, or choose another name.",
            ));
        }
        Ok(())
    }

    fn take_turn(&self) -> Result<Turn, Refusal> {
        Turn::take(&self.data_dir).map_err(|source| unusable(&self.folder(), &source))
    }

    fn folder(&self) -> PathBuf {
        journal::folder(&self.data_dir)
    }

    fn folder_of(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    /// Where tests let the power fail.
    #[cfg(test)]
    fn reached(&self, step: Step) -> Result<(), Refusal> {
        if self.cut_short_after == Some(step) {
            return Err(Refusal::new("cut_short", format!("after {step:?}"), ""));
        }
        Ok(())
    }

    #[cfg(not(test))]
    #[allow(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "tests let the power fail here"
    )]
    fn reached(&self, _: Step) -> Result<(), Refusal> {
        Ok(())
    }
}

/// Whether two names are those of one profile.
pub fn is_same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn no_such_profile(name: &str) -> Refusal {
    Refusal::new(
        "no_such_profile",
        format!("There is no profile “{}”.", name.trim()),
        "`sacmes profile list`, or Settings in the window, shows those that there are.",
    )
}

fn unusable(folder: &Path, source: &std::io::Error) -> Refusal {
    Refusal::new(
        "data_folder_unusable",
        format!("The data folder {} cannot be used: {source}.", folder.display()),
        "Choose another data folder, or ask for the right to write there.",
    )
}
