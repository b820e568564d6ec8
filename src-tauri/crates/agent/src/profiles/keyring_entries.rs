//! What the keyring holds of a profile under its name.

use crate::identity::{EntryName, SecretStore, StoreTrouble};

/// How the names of entries begin that hold codes of followed agents; the rest is random.
const OF_FOLLOWED: &str = "followed agent ";

/// Names of the entries that hold User IDs of a profile.
pub(super) fn of(entry: &EntryName) -> [String; 3] {
    [entry.as_str().to_owned(), entry.of_next(), entry.of_replaced()]
}

/// Whether the keyring tells what it holds: a locked one may claim to be empty, and only writing tells.
pub(super) fn is_open(keyring: &dyn SecretStore, entry: &EntryName) -> Result<(), StoreTrouble> {
    if keyring.read(entry.as_str())?.is_some() {
        return Ok(());
    }
    let trial = entry.of_trial();
    keyring.write(&trial, "trial")?;
    keyring.delete(&trial)
}

/// Gives all entries of one profile the name of another, each kept under the new name before the old one goes. Nothing is lost
/// wherever it is cut short, and a repeat does the rest.
pub(crate) fn move_all(keyring: &dyn SecretStore, from: &EntryName, to: &EntryName) -> Result<(), StoreTrouble> {
    for (old, new) in of(from).iter().zip(of(to)) {
        let Some(secret) = keyring.read(old)? else { continue };
        match keyring.read(&new)? {
            Some(kept) if kept == secret => {}
            // Left by a profile whose folder somebody deleted by hand; other data may belong to it.
            Some(other) => {
                keyring.write(&to.of_replaced(), &other)?;
                write(keyring, &new, &secret)?;
            }
            None => write(keyring, &new, &secret)?,
        }
        keyring.delete(old)?;
    }
    Ok(())
}

/// Forgets these entries of a profile. Those of another are left, whatever a list in a data folder says that may have come from elsewhere.
pub(super) fn delete(
    keyring: &dyn SecretStore,
    of_profile: &EntryName,
    entries: &[String],
) -> Result<(), StoreTrouble> {
    let own = of(of_profile);
    let is_own = |entry: &&String| own.contains(entry) || entry.starts_with(OF_FOLLOWED);
    entries
        .iter()
        .filter(is_own)
        .try_for_each(|entry| keyring.delete(entry))
}

/// Some keyrings take a secret and lose it: only a text that comes back was kept.
fn write(keyring: &dyn SecretStore, entry: &str, secret: &str) -> Result<(), StoreTrouble> {
    keyring.write(entry, secret)?;
    match keyring.read(entry)? {
        Some(kept) if kept == secret => Ok(()),
        _ => Err(StoreTrouble::Failed(
            "it did not give back what it was given".to_owned(),
        )),
    }
}
