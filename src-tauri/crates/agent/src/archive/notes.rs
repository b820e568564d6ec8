//! Notes out of an archive: what they are about is found again in the session that was opened.

use std::collections::HashMap;

use protocol::ids::{MeasurementId, NoteId, SessionId};
use protocol::measurement::Measurement;
use protocol::note::{self, Note, NoteDraft, NoteLink};

use super::ArchiveError;
use crate::session::Change;
use crate::store::{NewNote, StoreError, Work};

/// How often a note can have been written, whatever an archive says: a number that could not rise would make it unreadable.
const MOST_REVISIONS: u32 = 1_000_000;

/// Notes as they may be kept.
///
/// # Errors
/// One of them is none.
pub fn checked(notes: Vec<Note>) -> Result<Vec<Note>, ArchiveError> {
    notes.into_iter().map(of_archive).collect()
}

fn of_archive(note: Note) -> Result<Note, ArchiveError> {
    let draft = NoteDraft {
        id: note.id,
        text: note.text.clone(),
        topics: note.topics.clone(),
        link: note.link,
    };
    let damaged = |what: String| ArchiveError::Damaged(format!("a note: {what}"));
    let draft = note::checked(&draft).map_err(|refusal| damaged(refusal.message))?;
    for at in [&note.created_at, &note.changed_at] {
        crate::clock::seconds(at).ok_or_else(|| damaged(format!("{at} is no time")))?;
    }
    Ok(Note {
        text: draft.text,
        topics: draft.topics,
        ..note
    })
}

/// Adds the notes of an archive to the session that it became. They are notes of their own: the first ones may still be here.
///
/// # Errors
/// What SQLite reports.
pub fn restore(
    work: &mut Work<'_>,
    (row, session): (i64, SessionId),
    changes: &[Change],
    notes: &[Note],
) -> Result<(), StoreError> {
    if notes.is_empty() {
        return Ok(());
    }
    let measurements: HashMap<MeasurementId, &Measurement> = changes
        .iter()
        .flat_map(|change| change.measurements.iter().flatten())
        .filter_map(|measurement| Some((measurement.measurement?, measurement)))
        .collect();
    for note in notes {
        let link = match note.link {
            Some(NoteLink::Sweep { index, .. }) => NoteLink::Sweep { session, index },
            Some(NoteLink::Point { measurement, .. }) => {
                let point = match measurements.get(&measurement) {
                    Some(measurement) => work.current_measurement(row, measurement)?,
                    None => None,
                };
                // Of a point that was not measured when the archive was written, its file number is left.
                let index = note.place.as_ref().and_then(|place| place.index);
                match (point, index) {
                    (Some(measurement), _) => NoteLink::Point { session, measurement },
                    (None, Some(index)) => NoteLink::Sweep { session, index },
                    (None, None) => NoteLink::Session { session },
                }
            }
            Some(NoteLink::Session { .. }) | None => NoteLink::Session { session },
        };
        work.add_note(&NewNote {
            draft: NoteDraft {
                id: NoteId::new(),
                text: note.text.clone(),
                topics: note.topics.clone(),
                link: Some(link),
            },
            created: (note.created_at.clone(), note.created_by),
            changed: (note.changed_at.clone(), note.changed_by),
            revision: note.revision.clamp(1, MOST_REVISIONS),
        })?;
    }
    Ok(())
}
