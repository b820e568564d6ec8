//! The operating system's keyring: Secret Service (Linux), Keychain (macOS), Credential Manager (Windows).

use keyring::Entry;
use keyring::Error;

use super::secret_store::{SecretStore, StoreTrouble};

/// All entries of this app are of this service.
const SERVICE: &str = "sacmes";

/// The keyring of the user who runs this program. Its calls block, for as long as the user needs to unlock it.
#[derive(Debug, Clone, Copy, Default)]
pub struct KeyringStore;

impl SecretStore for KeyringStore {
    fn read(&self, name: &str) -> Result<Option<String>, StoreTrouble> {
        match entry(name)?.get_password() {
            Ok(secret) => Ok(Some(secret)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(trouble(&error)),
        }
    }

    fn write(&self, name: &str, secret: &str) -> Result<(), StoreTrouble> {
        entry(name)?.set_password(secret).map_err(|error| trouble(&error))
    }

    fn delete(&self, name: &str) -> Result<(), StoreTrouble> {
        match entry(name)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(trouble(&error)),
        }
    }
}

fn entry(name: &str) -> Result<Entry, StoreTrouble> {
    Entry::new(SERVICE, name).map_err(|error| match (&error, Entry::store_status()) {
        (Error::NoDefaultStore, Err(cause)) => StoreTrouble::Absent(in_words(cause)),
        _ => trouble(&error),
    })
}

/// Sorts the keyring's errors by what a person can do about them.
fn trouble(error: &Error) -> StoreTrouble {
    let cause = in_words(error);
    match error {
        Error::NoDefaultStore => StoreTrouble::Absent(cause),
        Error::NoStorageAccess(_) => StoreTrouble::Locked(cause),
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) | Error::Ambiguous(_) => {
            StoreTrouble::Damaged(cause)
        }
        _ => StoreTrouble::Failed(cause),
    }
}

/// The cause without what was kept: `Debug` and `Display` of some variants would show it.
fn in_words(error: &Error) -> String {
    match error {
        Error::PlatformFailure(cause) | Error::NoStorageAccess(cause) => cause.to_string(),
        Error::BadEncoding(_) => "not text".to_owned(),
        Error::BadDataFormat(..) => "not in the keyring's own form".to_owned(),
        Error::Ambiguous(entries) => format!("{} entries of the same name", entries.len()),
        other => other.to_string(),
    }
}
