//! The name of a profile's entry in the keyring.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::profile::ProfileLocation;

/// Names a profile's entry in the keyring: its name for people, and a hash of its data directory, so that the same name
/// in two data directories is two entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryName(String);

impl EntryName {
    /// The entry of a profile. The data directory counts in its canonical spelling (links resolved), so that it does not
    /// matter how it was written on a command line; where it does not exist yet, as it is given.
    pub fn of(location: &ProfileLocation) -> Self {
        let data_dir = location.data_dir();
        let canonical = data_dir.canonicalize().unwrap_or_else(|_| data_dir.to_path_buf());
        let hash = Sha256::digest(canonical.as_os_str().as_encoded_bytes());
        let folder = hash[..8].iter().fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte));
        Self(format!("{} ({folder:016x})", location.profile()))
    }

    /// The name as the keyring shows it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where a User ID goes that is replaced by the one that fits this profile's data.
    pub(crate) fn of_replaced(&self) -> String {
        format!("{} replaced", self.0)
    }

    /// Where the next User ID waits while this one is renewed.
    pub(crate) fn of_next(&self) -> String {
        format!("{} next", self.0)
    }

    /// An entry that is written and deleted to find out whether the keyring works.
    pub(crate) fn of_trial(&self) -> String {
        format!("{} trial", self.0)
    }
}

impl fmt::Display for EntryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
