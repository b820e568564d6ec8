//! A profile: one user of the app on this PC, with its own folder, database and User ID.

use std::fs::{self, File, TryLockError};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use protocol::refusal::Refusal;
use serde::{Deserialize, Serialize};

use crate::intake::read_regular;
use crate::profiles::journal::{Journal, Turn};

/// The file that is locked while a program has the profile open.
pub(crate) const LOCK: &str = "profile.lock";
/// The file with the name of that program.
pub(crate) const HOLDER: &str = "profile.holder";

/// Whoever lists profiles takes a lock for a moment; a program that holds it has it for longer.
const TRIES: u32 = 5;
const BETWEEN: Duration = Duration::from_millis(10);

/// Name of the profile that everybody starts with.
pub const DEFAULT_PROFILE: &str = "default";

/// Where a profile lives. The same name in two data directories is two profiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileLocation {
    data_dir: PathBuf,
    profile: String,
}

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// A name that could not be a folder's name everywhere.
    #[error("\"{0}\" cannot be a profile's name")]
    Name(String),
    /// Another program has it open.
    #[error("the profile \"{profile}\" is in use by {holder}")]
    InUse {
        /// The profile.
        profile: String,
        /// Who has it open.
        holder: LockHolder,
    },
    /// It is being renamed or deleted, or that was cut short.
    #[error("the profile \"{0}\" is being renamed or deleted")]
    Changing(String),
    /// Its folder cannot be made or written.
    #[error("the data folder {} cannot be used: {source}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl From<ProfileError> for Refusal {
    fn from(error: ProfileError) -> Self {
        let message = format!("{error}.");
        match error {
            ProfileError::Name(_) => Self::new(
                "profile_name_invalid",
                message,
                "Use 1 to 64 letters, digits, blanks, dots, hyphens or underscores.",
            ),
            ProfileError::InUse { .. } => Self::new(
                "profile_in_use",
                message,
                "Close that program first, or choose another profile or data folder.",
            ),
            ProfileError::Changing(_) => Self::new(
                "profile_changing",
                message,
                "Wait until that is done; `sacmes profile list` finishes what was cut short.",
            ),
            ProfileError::Folder { .. } => Self::new(
                "data_folder_unusable",
                message,
                "Choose another data folder, or ask for the right to write there.",
            ),
        }
    }
}

/// The program that has a profile open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockHolder {
    /// Program name, such as `sacmes-desktop` or `sacmes agent`.
    pub program: String,
    /// Its process number.
    pub process: u32,
    /// Under which name a second start of the same program finds it, where it can be found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
}

impl std::fmt::Display for LockHolder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (process {})", self.program, self.process)
    }
}

impl ProfileLocation {
    /// A profile by name in a data directory.
    ///
    /// # Errors
    /// [`ProfileError::Name`] where the name could leave the directory or not be a folder's name.
    pub fn new(data_dir: impl Into<PathBuf>, profile: &str) -> Result<Self, ProfileError> {
        let allowed = |c: char| c.is_alphanumeric() || " ._-".contains(c);
        let sound = !profile.is_empty()
            && profile.chars().count() <= 64
            && profile.chars().all(allowed)
            && !profile.starts_with(['.', ' '])
            && !profile.ends_with(['.', ' ']);
        if !sound {
            return Err(ProfileError::Name(profile.to_owned()));
        }
        Ok(Self {
            data_dir: data_dir.into(),
            profile: profile.to_owned(),
        })
    }

    /// The directory that holds all profiles.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// The profile's name.
    pub fn profile(&self) -> &str {
        &self.profile
    }

    /// The profile's own folder.
    pub fn folder(&self) -> PathBuf {
        self.data_dir.join("profiles").join(&self.profile)
    }

    /// The profile's database.
    pub fn database(&self) -> PathBuf {
        self.folder().join("sacmes.db")
    }

    /// Takes the profile for this program, so that no other writes to it meanwhile.
    ///
    /// # Errors
    /// [`ProfileError::InUse`] while another program has it; [`ProfileError::Folder`] where its folder cannot be made.
    pub fn lock(&self, program: &str) -> Result<ProfileLock, ProfileError> {
        self.lock_as(program, None)
    }

    /// The same for a program that a second start of it is to find under a name.
    ///
    /// # Errors
    /// As [`ProfileLocation::lock`].
    pub fn lock_as(&self, program: &str, instance: Option<&str>) -> Result<ProfileLock, ProfileError> {
        self.refuse_while_changing()?;
        let folder = self.folder();
        let failed = |source| ProfileError::Folder {
            folder: folder.clone(),
            source,
        };
        make_private_folder(&folder).map_err(failed)?;
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(folder.join(LOCK))
            .map_err(failed)?;
        let mut tries = 1;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if tries < TRIES => {
                    tries += 1;
                    std::thread::sleep(BETWEEN);
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(ProfileError::InUse {
                        profile: self.profile.clone(),
                        holder: self.holder(),
                    });
                }
                Err(TryLockError::Error(source)) => return Err(failed(source)),
            }
        }
        let holder = LockHolder {
            program: program.to_owned(),
            process: std::process::id(),
            instance: instance.map(str::to_owned),
        };
        // The note in a file of its own: on Windows a locked file cannot be read by others.
        let note = serde_json::to_vec(&holder).unwrap_or_default();
        fs::write(folder.join(HOLDER), note).map_err(failed)?;
        file.seek(SeekFrom::Start(0))
            .and_then(|_| file.flush())
            .map_err(failed)?;
        Ok(ProfileLock { _file: file })
    }

    /// Who has the profile open, as that program noted.
    pub fn holder(&self) -> LockHolder {
        let note = read_regular(&self.folder().join(HOLDER), 4096);
        note.ok()
            .and_then(|text| serde_json::from_slice(&text).ok())
            .unwrap_or(LockHolder {
                program: "another program".to_owned(),
                process: 0,
                instance: None,
            })
    }

    /// The program that has the profile open. Asking takes its lock for a moment, for which [`ProfileLocation::lock`] waits.
    pub fn in_use_by(&self) -> Option<LockHolder> {
        let mut options = File::options();
        let lock = options.read(true).write(true).open(self.folder().join(LOCK)).ok()?;
        matches!(lock.try_lock(), Err(TryLockError::WouldBlock)).then(|| self.holder())
    }

    /// A profile that is being renamed or deleted must not be made anew under its old name meanwhile.
    fn refuse_while_changing(&self) -> Result<(), ProfileError> {
        let is_noted = Journal::of(&self.data_dir).mentions(&self.profile);
        if is_noted && (!self.folder().exists() || Turn::is_taken(&self.data_dir)) {
            return Err(ProfileError::Changing(self.profile.clone()));
        }
        Ok(())
    }
}

/// Holds a profile until dropped; the system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct ProfileLock {
    _file: File,
}

#[cfg(unix)]
pub(crate) fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
pub(crate) fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_the_data_folder() {
        for name in ["", "..", "a/b", "a\\b", ".hidden", "x ", "tab\t", &"n".repeat(65)] {
            assert!(ProfileLocation::new("/data", name).is_err(), "{name:?}");
        }
        assert!(ProfileLocation::new("/data", "Anna Müller-2.b").is_ok());
    }

    #[test]
    fn a_profile_is_open_once_and_says_by_whom() {
        let data = tempfile::tempdir().unwrap();
        let location = ProfileLocation::new(data.path(), DEFAULT_PROFILE).unwrap();
        let lock = location.lock("first program").unwrap();
        let refused = location.lock("second program").unwrap_err();
        assert!(refused.to_string().contains("first program"), "{refused}");
        drop(lock);
        location.lock("second program").unwrap();
    }
}
