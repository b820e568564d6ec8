//! Finishing what a power failure, or a locked keyring, cut short.

use protocol::refusal::Refusal;

use super::journal::{Change, Journal, Turn};
use super::{Profiles, unusable};
use crate::profile::ProfileLocation;

impl Profiles {
    /// Finishes changes that were cut short, or takes them back where nothing had happened yet. What cannot be done now stays noted.
    pub fn settle(&self) {
        if Journal::of(self.data_dir()).changes().is_empty() {
            return;
        }
        match self.take_turn() {
            Ok(turn) => self.settle_in(&turn),
            Err(refusal) => tracing::warn!(code = refusal.code, "changes of profiles wait"),
        }
    }

    pub(super) fn settle_in(&self, _: &Turn) {
        for change in Journal::of(self.data_dir()).changes() {
            if let Err(refusal) = self.finish(&change) {
                tracing::warn!(code = refusal.code, "a change of a profile waits: {refusal}");
            }
        }
    }

    /// Does the rest of a change and forgets it.
    pub(super) fn finish(&self, change: &Change) -> Result<(), Refusal> {
        match change {
            Change::Rename { from, to } => {
                let location = ProfileLocation::new(self.data_dir(), to)?;
                // Still under the old name: nothing has happened.
                if location.folder().exists() && !self.is_listed(from) {
                    self.finish_rename(from, &location)?;
                    self.reached(super::Step::KeyringChanged)?;
                }
            }
            Change::Delete {
                profile,
                set_aside,
                entries,
            } => {
                if !self.is_listed(profile) {
                    self.finish_delete(profile, set_aside, entries)?;
                }
            }
        }
        Journal::of(self.data_dir())
            .forget(change)
            .map_err(|source| unusable(&self.folder(), &source))
    }

    /// Whether a folder has exactly this name; a path would not tell where case does not matter.
    fn is_listed(&self, name: &str) -> bool {
        self.names().iter().any(|known| known == name)
    }
}
