//! Holds a profile's User ID while the program runs.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use protocol::codes::{Channel, UserId};
use protocol::identity::{IdentityStatus, KeptIn};
use protocol::refusal::Refusal;

use super::KeepingPolicy;
use super::entry::EntryName;
use super::keyring_store::KeyringStore;
use super::patience::Patient;
use super::search::{Keeping, Search};
use super::secret_store::SecretStore;
use super::trouble::Trouble;
use crate::profile::ProfileLocation;

/// A person may have to type a password first.
const PATIENCE_WITH_A_PERSON: Duration = Duration::from_mins(1);
/// Nobody is there to type one.
const PATIENCE_ALONE: Duration = Duration::from_secs(5);

/// Holds a profile's User ID, found or made when the profile is opened.
///
/// After each call that may have made or found it, [`Keeper::channel`] is what the profile's store has to remember:
/// from then on no other User ID is ever made for it.
#[derive(Clone)]
pub struct Keeper {
    search: Arc<Search>,
    state: Arc<Mutex<State>>,
    renewing: Arc<tokio::sync::Mutex<()>>,
}

struct State {
    known: Option<Channel>,
    keeping: Keeping,
    generation: u16,
}

/// The operating system's keyring, which is waited for as long as suits a program that can ask its user, or cannot.
pub fn system_keyring(policy: KeepingPolicy) -> Arc<dyn SecretStore> {
    let patience = match policy {
        KeepingPolicy::AskBeforeFile => PATIENCE_WITH_A_PERSON,
        KeepingPolicy::FileIfNoKeyring => PATIENCE_ALONE,
    };
    Arc::new(Patient::new(Arc::new(KeyringStore), patience))
}

impl Keeper {
    /// Finds a profile's User ID, or makes its first one. `known` is the channel name that the profile's store remembers.
    ///
    /// Asks the operating system's keyring, for a minute at most where a person may have to unlock it.
    pub async fn open(location: &ProfileLocation, policy: KeepingPolicy, known: Option<Channel>) -> Self {
        Self::open_with(system_keyring(policy), location, policy, known).await
    }

    /// The same with another store than the system's keyring.
    pub async fn open_with(
        keyring: Arc<dyn SecretStore>,
        location: &ProfileLocation,
        policy: KeepingPolicy,
        known: Option<Channel>,
    ) -> Self {
        let search = Arc::new(Search {
            keyring,
            entry: EntryName::of(location),
            location: location.clone(),
            folder: location.folder(),
            policy,
        });
        let keeper = Self {
            search,
            state: Arc::new(Mutex::new(State {
                known,
                keeping: Keeping::Unavailable(Trouble::Missing),
                generation: 1,
            })),
            renewing: Arc::default(),
        };
        keeper.look_again().await;
        keeper
    }

    /// Looks once more where the User ID is not there yet: the keyring may have been unlocked meanwhile. A User ID that
    /// waits for consent is not forgotten by this.
    pub async fn look_again(&self) {
        let known = match &*self.lock() {
            State {
                keeping: Keeping::Known(..) | Keeping::NeedsConsent(_, Some(_)),
                ..
            } => return,
            State { known, .. } => *known,
        };
        let search = self.search.clone();
        let found = blocking(move || Ok(search.find(known))).await;
        self.put(found.unwrap_or_else(Keeping::Unavailable));
    }

    /// The generation of the view-only code, which the profile's store remembers; 1 until it is told.
    pub fn use_generation(&self, generation: u16) {
        self.lock().generation = generation;
    }

    /// What the owner's window shows.
    pub fn status(&self) -> IdentityStatus {
        let state = self.lock();
        match &state.keeping {
            Keeping::Known(user_id, kept_in) => IdentityStatus::Known {
                user_id: user_id.reveal(),
                short: user_id.short(),
                view_only_code: user_id.view_only_code(state.generation).reveal(),
                kept_in: *kept_in,
            },
            Keeping::NeedsConsent(trouble, _) => IdentityStatus::NeedsConsent {
                refusal: trouble.refusal(),
            },
            Keeping::Unavailable(trouble) => IdentityStatus::Unavailable {
                refusal: trouble.refusal(),
            },
        }
    }

    /// The User ID.
    ///
    /// # Errors
    /// Why it is not there, and the ways out.
    pub fn user_id(&self) -> Result<UserId, Refusal> {
        self.kept().map(|(user_id, _)| user_id)
    }

    /// The view-only code, as text.
    ///
    /// # Errors
    /// As [`Keeper::user_id`].
    pub fn view_only_code(&self) -> Result<String, Refusal> {
        let generation = self.lock().generation;
        Ok(self.user_id()?.view_only_code(generation).reveal())
    }

    /// The channel name to remember in the profile's store; `None` while there was no User ID.
    pub fn channel(&self) -> Option<Channel> {
        self.lock().known
    }

    /// The user agreed to keep the User ID in an owner-only file of the data folder.
    ///
    /// # Errors
    /// Where nothing was asked, or the file cannot be made safely.
    pub async fn consent_to_file(&self) -> Result<(), Refusal> {
        let user_id = match &self.lock().keeping {
            Keeping::NeedsConsent(_, pasted) => pasted.unwrap_or_else(UserId::new_random),
            Keeping::Known(..) => return Err(Trouble::NothingMissing.refusal()),
            Keeping::Unavailable(trouble) => return Err(trouble.refusal()),
        };
        let search = self.search.clone();
        let kept = blocking(move || search.keep_in_file(user_id)).await;
        self.put(kept.map_err(|trouble| trouble.refusal())?);
        Ok(())
    }

    /// The user pasted the User ID that cannot be read; it is accepted if this profile's channel follows from it. Where
    /// the keyring does not take it, the status asks for consent to keep it in a file.
    ///
    /// # Errors
    /// Where the text is no User ID, belongs to other data, or none is missing.
    pub async fn restore(&self, text: &str) -> Result<(), Refusal> {
        let user_id: UserId = text.parse().map_err(|error| Trouble::Pasted(error).refusal())?;
        {
            let state = self.lock();
            let refused = match (&state.keeping, state.known) {
                (Keeping::Known(kept, _), _) if *kept == user_id => return Ok(()),
                (Keeping::Known(..), _) => Some(Trouble::NothingMissing),
                (_, None) => Some(Trouble::NothingToRestore),
                (_, Some(channel)) => (user_id.channel() != channel).then_some(Trouble::PastedOther),
            };
            if let Some(trouble) = refused {
                return Err(trouble.refusal());
            }
        }
        let search = self.search.clone();
        let kept = blocking(move || search.keep_restored(user_id)).await;
        self.put(kept.map_err(|trouble| trouble.refusal())?);
        Ok(())
    }

    /// The User ID, and where it is kept.
    pub(super) fn kept(&self) -> Result<(UserId, KeptIn), Refusal> {
        match &self.lock().keeping {
            Keeping::Known(user_id, kept_in) => Ok((*user_id, *kept_in)),
            Keeping::NeedsConsent(trouble, _) | Keeping::Unavailable(trouble) => Err(trouble.refusal()),
        }
    }

    pub(super) async fn renewing(&self) -> tokio::sync::OwnedMutexGuard<()> {
        Arc::clone(&self.renewing).lock_owned().await
    }

    pub(super) fn search(&self) -> Arc<Search> {
        Arc::clone(&self.search)
    }

    /// Another User ID is in use from now on; its view-only code begins with its first generation.
    pub(super) fn use_renewed(&self, user_id: UserId, kept_in: KeptIn) {
        self.put(Keeping::Known(user_id, kept_in));
        self.use_generation(1);
    }

    fn put(&self, keeping: Keeping) {
        let mut state = self.lock();
        if let Keeping::Known(user_id, _) = &keeping {
            state.known = Some(user_id.channel());
        }
        state.keeping = keeping;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Keeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keeper")
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}

/// Runs what blocks away from the threads that serve everything else.
pub(super) async fn blocking<T: Send + 'static>(
    call: impl FnOnce() -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Trouble> {
    tokio::task::spawn_blocking(call)
        .await
        .unwrap_or_else(|error| Err(Trouble::BrokenOff(error.to_string())))
}
