//! Renewing a User ID: the next one is kept beside the present one until the profile's store knows it, so that at whatever
//! moment the program ends, the one that the store knows can be found.

use protocol::codes::{Channel, UserId};
use protocol::identity::KeptIn;
use protocol::refusal::Refusal;
use protocol::relay::Retirement;
use tokio::sync::OwnedMutexGuard;

use super::keeper::{Keeper, blocking};
use super::search::{Keeping, Search};
use super::trouble::Trouble;

/// A User ID that is kept and not in use yet.
pub struct Renewal {
    user_id: UserId,
    kept_in: KeptIn,
    given_up: Retirement,
    /// One at a time: the next one's place is one.
    _turn: OwnedMutexGuard<()>,
}

impl Renewal {
    /// The channel that follows from it.
    pub fn channel(&self) -> Channel {
        self.user_id.channel()
    }

    /// What tells a relay that the User ID before is given up.
    pub fn given_up(&self) -> Retirement {
        self.given_up
    }
}

impl Keeper {
    /// Makes the next User ID and keeps it where the present one is kept. It is not in use before the store remembers its
    /// channel and [`Keeper::finish_renewal`] was called.
    ///
    /// # Errors
    /// There is no present one, or the next one cannot be kept.
    pub async fn begin_renewal(&self) -> Result<Renewal, Refusal> {
        let turn = self.renewing().await;
        let (present, kept_in) = self.kept()?;
        let given_up = Retirement::of(&present.owner_key());
        let user_id = UserId::new_random();
        let search = self.search();
        let kept = blocking(move || search.keep_next(&user_id, kept_in)).await;
        kept.map_err(|trouble| trouble.refusal())?;
        Ok(Renewal {
            user_id,
            kept_in,
            given_up,
            _turn: turn,
        })
    }

    /// The next User ID takes the place of the present one, once the store remembers its channel.
    pub async fn finish_renewal(&self, renewal: Renewal) {
        let (user_id, kept_in) = (renewal.user_id, renewal.kept_in);
        let search = self.search();
        let moved = blocking(move || search.put_next_in_place(&user_id, kept_in)).await;
        if let Err(trouble) = moved {
            // It is found where it is, and moved at the next start.
            tracing::warn!("the new User ID stays beside the old one's place: {trouble}");
        }
        self.use_renewed(user_id, kept_in);
    }
}

impl Search {
    /// Keeps the next User ID beside the present one.
    fn keep_next(&self, user_id: &UserId, kept_in: KeptIn) -> Result<(), Trouble> {
        let _turn = self.take_turn()?;
        match kept_in {
            KeptIn::Keyring => self
                .write_to_keyring(&self.entry.of_next(), user_id)
                .map_err(Trouble::NotKept),
            KeptIn::OwnerOnlyFile => self.next_file().write(user_id),
        }
    }

    fn put_next_in_place(&self, user_id: &UserId, kept_in: KeptIn) -> Result<(), Trouble> {
        let _turn = self.take_turn()?;
        self.put_in_place(user_id, kept_in)
    }

    fn put_in_place(&self, user_id: &UserId, kept_in: KeptIn) -> Result<(), Trouble> {
        match kept_in {
            KeptIn::Keyring => self
                .write_to_keyring(self.entry.as_str(), user_id)
                .and_then(|()| self.keyring.delete(&self.entry.of_next()))
                .map_err(Trouble::NotKept),
            KeptIn::OwnerOnlyFile => self.next_file().take_place_of(&self.file()),
        }
    }

    /// The next User ID, where the store knows it already: the program ended before it was put in its place.
    pub(super) fn find_next(&self, known: Channel) -> Option<Keeping> {
        let in_keyring = self.keyring.read(&self.entry.of_next()).ok().flatten();
        let from_keyring = in_keyring.and_then(|text| text.parse::<UserId>().ok());
        let fits = |user_id: &UserId| user_id.channel() == known;
        let found = if let Some(user_id) = from_keyring.filter(fits) {
            (user_id, KeptIn::Keyring)
        } else {
            let in_file = self.next_file().read().ok().flatten();
            (in_file.filter(fits)?, KeptIn::OwnerOnlyFile)
        };
        let (user_id, kept_in) = found;
        if let Err(trouble) = self.put_in_place(&user_id, kept_in) {
            tracing::warn!("the new User ID stays beside the old one's place: {trouble}");
        }
        Some(Keeping::Known(user_id, kept_in))
    }
}
