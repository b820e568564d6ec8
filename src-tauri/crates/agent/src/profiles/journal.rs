//! Changes of profiles that are not finished, kept beside the profiles' folders.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::is_same;
use crate::export::AtomicFile;
use crate::intake::read_regular;
use crate::profile::ProfileLocation;

// No profile's name begins with a dot.
const NAME: &str = ".changes.json";
const LOCK: &str = ".changes.lock";
/// How the name of a folder begins whose profile is deleted.
const SET_ASIDE: &str = ".deleted-";
/// The list is never longer.
const LONGEST: u64 = 1024 * 1024;

/// A change that has begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub(crate) enum Change {
    /// A profile gets another name.
    Rename {
        /// The name before.
        from: String,
        /// The name after.
        to: String,
    },
    /// A profile goes with its data.
    Delete {
        /// Its name.
        profile: String,
        /// Name of its folder until that is gone.
        set_aside: String,
        /// What the keyring holds of it.
        entries: Vec<String>,
    },
}

impl Change {
    /// Whether this program can have noted it. The list comes with the data folder, which may be a disk that somebody else has
    /// prepared: what is deleted for it stays below the profiles.
    fn is_ours(&self, data_dir: &Path) -> bool {
        let is_name = |name: &str| ProfileLocation::new(data_dir, name).is_ok();
        match self {
            Self::Rename { from, to } => is_name(from) && is_name(to),
            Self::Delete { profile, set_aside, .. } => is_name(profile) && is_set_aside(set_aside),
        }
    }

    fn mentions(&self, name: &str) -> bool {
        match self {
            Self::Rename { from, to } => is_same(from, name) || is_same(to, name),
            Self::Delete { profile, .. } => is_same(profile, name),
        }
    }
}

/// A new name for the folder of a profile that is being deleted.
pub(super) fn new_set_aside() -> String {
    format!("{SET_ASIDE}{}", Uuid::new_v4().simple())
}

fn is_set_aside(name: &str) -> bool {
    let id = name.strip_prefix(SET_ASIDE);
    id.is_some_and(|id| !id.is_empty() && id.chars().all(|c| c.is_ascii_hexdigit()))
}

/// The folder with all profiles of a data directory.
pub(super) fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("profiles")
}

/// The list of changes.
#[derive(Debug, Clone)]
pub(crate) struct Journal {
    data_dir: PathBuf,
    path: PathBuf,
}

impl Journal {
    pub(crate) fn of(data_dir: &Path) -> Self {
        Self {
            data_dir: data_dir.to_owned(),
            path: folder(data_dir).join(NAME),
        }
    }

    /// The changes that are not finished. A list that cannot be read is empty: it is written whole or not at all. What is not ours
    /// is left out, and gone when the list is written next.
    pub(crate) fn changes(&self) -> Vec<Change> {
        let text = read_regular(&self.path, LONGEST).unwrap_or_default();
        let mut changes: Vec<Change> = serde_json::from_slice(&text).unwrap_or_default();
        changes.retain(|change| {
            let is_ours = change.is_ours(&self.data_dir);
            if !is_ours {
                tracing::warn!(
                    "{} has a change that SACMES did not note; it is left out",
                    self.path.display()
                );
            }
            is_ours
        });
        changes
    }

    /// Whether a change of this profile is not finished.
    pub(crate) fn mentions(&self, name: &str) -> bool {
        self.changes().iter().any(|change| change.mentions(name))
    }

    /// The name that a profile had until a rename that is not finished.
    pub(crate) fn name_before(&self, name: &str) -> Option<String> {
        self.changes().into_iter().find_map(|change| match change {
            Change::Rename { from, to } if to == name => Some(from),
            _ => None,
        })
    }

    pub(super) fn note(&self, change: &Change) -> io::Result<()> {
        let mut changes = self.changes();
        changes.push(change.clone());
        self.write(&changes)
    }

    pub(super) fn forget(&self, change: &Change) -> io::Result<()> {
        let mut changes = self.changes();
        changes.retain(|noted| noted != change);
        self.write(&changes)
    }

    fn write(&self, changes: &[Change]) -> io::Result<()> {
        if changes.is_empty() {
            return match fs::remove_file(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            };
        }
        let mut file = AtomicFile::create(&self.path)?;
        serde_json::to_writer(&mut file, changes)?;
        file.flush()?;
        file.finish()
    }
}

/// Held while profiles are changed, so that one program at a time does.
pub(crate) struct Turn {
    _lock: File,
}

impl Turn {
    /// Waits for others.
    pub(super) fn take(data_dir: &Path) -> io::Result<Self> {
        let lock = open(data_dir)?;
        lock.lock()?;
        Ok(Self { _lock: lock })
    }

    /// Whether another program is changing profiles at this moment.
    pub(crate) fn is_taken(data_dir: &Path) -> bool {
        open(data_dir).is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)))
    }
}

fn open(data_dir: &Path) -> io::Result<File> {
    let folder = folder(data_dir);
    fs::create_dir_all(&folder)?;
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    options.open(folder.join(LOCK))
}
