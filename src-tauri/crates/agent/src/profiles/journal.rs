//! Changes of profiles that are not finished, kept beside the profiles' folders.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::is_same;
use crate::export::AtomicFile;

// No profile's name begins with a dot.
const NAME: &str = ".changes.json";
const LOCK: &str = ".changes.lock";

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
    fn mentions(&self, name: &str) -> bool {
        match self {
            Self::Rename { from, to } => is_same(from, name) || is_same(to, name),
            Self::Delete { profile, .. } => is_same(profile, name),
        }
    }
}

/// The folder with all profiles of a data directory.
pub(super) fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("profiles")
}

/// The list of changes.
#[derive(Debug, Clone)]
pub(crate) struct Journal {
    path: PathBuf,
}

impl Journal {
    pub(crate) fn of(data_dir: &Path) -> Self {
        Self {
            path: folder(data_dir).join(NAME),
        }
    }

    /// The changes that are not finished. A list that cannot be read is empty: it is written whole or not at all.
    pub(crate) fn changes(&self) -> Vec<Change> {
        let text = fs::read_to_string(&self.path).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
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
