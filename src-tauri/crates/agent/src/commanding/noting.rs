//! Notes: written, changed and deleted. They are the profile's, so that no session's record has them; that they changed is told to all.

use protocol::author::Author;
use protocol::command::Outcome;
use protocol::ids::{CommandId, NoteId};
use protocol::note::{NoteDraft, checked, checked_all, checked_topic};
use protocol::record::LiveEvent;
use protocol::refusal::Refusal;

use crate::engine::Engine;
use crate::store::{StoreError, Work};

pub(super) async fn put(
    engine: &Engine,
    id: CommandId,
    by: Author,
    note: NoteDraft,
    seen_revision: u32,
) -> Result<Outcome, Refusal> {
    let note = checked(&note)?;
    change(engine, id, move |work| work.put_note(&note, by, seen_revision)).await
}

pub(super) async fn add(engine: &Engine, id: CommandId, by: Author, notes: Vec<NoteDraft>) -> Result<Outcome, Refusal> {
    let notes = checked_all(&notes)?;
    // The one written last is listed first: of those that are added together, the first of the text is.
    change(engine, id, move |work| {
        notes.iter().rev().try_for_each(|note| work.put_note(note, by, 0))
    })
    .await
}

pub(super) async fn delete(engine: &Engine, id: CommandId, note: NoteId) -> Result<Outcome, Refusal> {
    change(engine, id, move |work| work.delete_note(note)).await
}

pub(super) async fn delete_of_topic(
    engine: &Engine,
    id: CommandId,
    topic: &str,
    seen: u64,
) -> Result<Outcome, Refusal> {
    let topic = checked_topic(topic)?;
    change(engine, id, move |work| work.delete_notes_of_topic(&topic, seen)).await
}

pub(super) async fn clear(engine: &Engine, id: CommandId, seen: u64) -> Result<Outcome, Refusal> {
    change(engine, id, move |work| work.clear_notes(seen)).await
}

/// Commits a change of notes with its outcome, then tells of it.
async fn change(
    engine: &Engine,
    id: CommandId,
    how: impl FnOnce(&mut Work<'_>) -> Result<(), StoreError> + Send + 'static,
) -> Result<Outcome, Refusal> {
    let work = move |work: &mut Work<'_>| {
        how(work)?;
        work.settle_command(id, &Outcome::Done)
    };
    engine.inner.store.write_async(work).await?;
    tell(engine).await?;
    Ok(Outcome::Done)
}

/// Tells that notes changed, with how often they did.
pub(super) async fn tell(engine: &Engine) -> Result<(), Refusal> {
    let version = engine.notes_version().await?;
    engine.inner.announcements.live(LiveEvent::NotesChanged { version });
    Ok(())
}
