//! Keeping a profile's User ID: in the operating system's keyring, or in a file that only its owner can read.
//!
//! The User ID is the root secret of a profile, so three rules hold everywhere here:
//! - Once a profile has had one (its store knows the channel name that follows from it), no other is ever made in its
//!   place. A keyring that is locked, absent or empty is then an error to show, with the ways out.
//! - What a keyring or a file holds is parsed and compared with the known channel, never trusted.
//! - Secrets appear in no log, no error and no `Debug` output.

mod entry;
mod keeper;
mod keyring_store;
mod owner_only_file;
mod owner_only_store;
mod patience;
mod renewal;
mod search;
mod secret_store;
#[cfg(test)]
mod tests;
mod trouble;

pub use entry::EntryName;
pub use keeper::{Keeper, system_keyring};
pub use keyring_store::KeyringStore;
pub use owner_only_store::OwnerOnlyStore;
pub use renewal::Renewal;
pub use secret_store::{SecretStore, StoreTrouble};
pub(crate) use trouble::keyring_code;

/// What to do on first start where there is no usable keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeepingPolicy {
    /// Ask the user before the User ID goes into a file; the keyring may open a window to be unlocked.
    AskBeforeFile,
    /// Keep it in an owner-only file and say so: for programs that cannot ask.
    FileIfNoKeyring,
}
