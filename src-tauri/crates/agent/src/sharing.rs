//! What a publisher of the engine needs: the owner's choice, positions in the record, and the record itself.

use protocol::ids::SessionId;
use protocol::record::RecordEntry;
use protocol::refusal::Refusal;
use protocol::relay::{Position, Retirement, Run};
use protocol::sharing::OldUserId;

pub use crate::store::{Beginning, Deletions, SharingChoice};

use crate::engine::Engine;
use crate::identity::Keeper;
use crate::store::{Store, StoreError, Work};

/// A piece of the record.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Entries in order; places of deleted sessions are empty.
    pub entries: Vec<RecordEntry>,
    /// The piece is complete up to here.
    pub through: u64,
}

impl Engine {
    /// What the owner chose about sharing.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn sharing(&self) -> Result<SharingChoice, Refusal> {
        self.look(Store::sharing).await
    }

    /// Turns sharing on, with a relay's address, or off. It is a publisher that does it; this is remembered.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn choose_sharing(&self, relay: Option<String>) -> Result<(), Refusal> {
        self.note(move |work| work.choose_sharing(relay.as_deref())).await
    }

    /// Renews the view-only code; who holds an older one is no longer let in. Gives the new generation.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn renew_view_only_code(&self) -> Result<u16, Refusal> {
        let renew = |work: &mut Work<'_>| work.renew_generation();
        self.note(renew).await
    }

    /// Renews the User ID. Sessions stay. Whoever has the one before does not find this profile under it any more, and
    /// everybody needs the new one. A publisher has to be started anew; it tells relays if the channel before is given up.
    ///
    /// # Errors
    /// The User ID is not there, the new one cannot be kept, or the store cannot be written: then nothing has changed.
    pub async fn renew_user_id(&self, keeper: &Keeper, old: OldUserId) -> Result<(), Refusal> {
        let renewal = keeper.begin_renewal().await?;
        let channel = renewal.channel();
        let given_up = (old == OldUserId::GivenUp).then(|| renewal.given_up());
        self.note(move |work| work.renew_user_id(channel, given_up)).await?;
        keeper.finish_renewal(renewal).await;
        Ok(())
    }

    /// Channels that were given up: every relay is told.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn retirements(&self) -> Result<Vec<Retirement>, Refusal> {
        self.look(Store::retirements).await
    }

    /// Begins a new life of the record, as another one published under the same name.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn renew_epoch(&self) -> Result<(), Refusal> {
        let renew = |work: &mut Work<'_>| work.renew_epoch();
        self.note(renew).await
    }

    /// Notes that the program starts.
    pub(crate) async fn note_start(&self) -> Result<(), Refusal> {
        let note = |work: &mut Work<'_>| work.note_start();
        self.note(note).await
    }

    /// Notes that a connection to a relay begins, before anything of it is published.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn begin_run(&self, run: Run) -> Result<Beginning, Refusal> {
        self.note(move |work| work.begin_run(run)).await
    }

    /// Whether a position is one of this record.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn is_valid(&self, position: Position) -> Result<bool, Refusal> {
        self.look(move |store| store.is_valid(position)).await
    }

    /// Whether what a viewer shows is still the beginning of the record: its position is valid, and no session was deleted
    /// since, which it may not have heard of.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn goes_on_from(&self, position: Position) -> Result<bool, Refusal> {
        let goes_on = move |store: &Store| {
            let deleted = store.deleted_through()?;
            Ok(store.is_valid(position)? && (deleted == 0 || position.offset > deleted))
        };
        self.look(goes_on).await
    }

    /// Deletions whose entries a relay may still keep.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn deletions(&self) -> Result<Deletions, Refusal> {
        self.look(Store::deletions).await
    }

    /// The sessions that were deleted last, oldest first, at most 32.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn recently_deleted(&self) -> Result<Vec<SessionId>, Refusal> {
        self.look(Store::recently_deleted).await
    }

    /// No relay keeps entries of the first `deletions` deleted sessions any more.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn note_cleared(&self, deletions: u64) -> Result<(), Refusal> {
        self.note(move |work| work.note_cleared(deletions)).await
    }

    /// Offset of the newest entry; 0 before the first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn head(&self) -> Result<u64, Refusal> {
        self.look(Store::newest_offset).await
    }

    /// Offset after which the newest entries are about `bytes` of JSON together.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn newest_entries_after(&self, bytes: u64) -> Result<u64, Refusal> {
        self.look(move |store| store.newest_entries_after(bytes)).await
    }

    /// At most `most` entries after an offset, up to another one.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn history(&self, after: u64, through: u64, most: u32) -> Result<Piece, Refusal> {
        let read = move |store: &Store| {
            // Before the entries, so that nothing that comes meanwhile is taken for an empty place.
            let end = store.newest_offset()?.min(through);
            let mut entries = store.record_after(after, most)?;
            let cut = entries.len() == most as usize;
            entries.retain(|entry| entry.offset <= end);
            let through = match entries.last() {
                Some(last) if cut => last.offset,
                _ => end,
            };
            Ok(Piece { entries, through })
        };
        self.look(read).await
    }

    async fn look<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let store = self.inner.store.clone();
        let read = tokio::task::spawn_blocking(move || read(&store)).await;
        Ok(read.map_err(|_| StoreError::Closed)??)
    }

    async fn note<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Work<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Refusal> {
        Ok(self.inner.store.write_async(work).await?)
    }
}
