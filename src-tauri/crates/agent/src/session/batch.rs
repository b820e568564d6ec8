//! What a batch of looked-at files means for the record, and writing it in one transaction.

use protocol::ids::SessionId;
use protocol::measurement::{Measurement, Status};
use protocol::record::RecordEvent;
use protocol::session::{FileEntry, FileState};

use super::known::{EarlierState, KnownFiles};
use crate::analysis::{FileFacts, Reading};
use crate::intake::{Examined, Signature};
use crate::store::{NewFileState, StoreError, Work};

/// A change of one file that is to be written and announced.
#[derive(Debug, Clone)]
pub struct Change {
    /// The new state.
    pub file: NewFileState,
    /// Measurements that replace those of the file; `None` leaves them as they are.
    pub measurements: Option<Vec<Measurement>>,
    /// SHA-256 where the content is a new one.
    pub hash: Option<[u8; 32]>,
    /// Only the signature is new: nothing to announce.
    pub quiet: bool,
}

/// A file whose end is still awaited.
#[derive(Debug)]
pub struct Unfinished {
    /// What is known of it.
    pub facts: FileFacts,
    /// Size and time of what was read.
    pub signature: Signature,
    /// Stable code.
    pub reason: &'static str,
    /// For people.
    pub message: String,
    /// Whether resting for the quiet time will finish it; otherwise its content proves that something is missing.
    pub may_settle: bool,
}

/// What to do about a file after a look.
#[derive(Debug)]
pub enum Verdict {
    /// Nothing changed that anybody should know; the signature of the content that was looked at, where there is one.
    Nothing(Option<Signature>),
    /// It is not there: whatever waited for it is over.
    Gone,
    /// Look again soon.
    LookAgain,
    /// It is not finished, or not known to be.
    Unfinished(Unfinished),
    /// Write and announce this.
    Write(Box<Change>),
}

/// Judges what was seen of a file against what is known of it.
pub fn judge(name: &str, seen: Examined, known: &mut KnownFiles) -> Verdict {
    let before = known.get(name);
    match seen {
        Examined::Gone => Verdict::Gone,
        Examined::Changing => Verdict::LookAgain,
        Examined::Same(signature) => match before.and_then(|k| k.before_partial.as_deref().cloned()) {
            // A rewrite that ended with the same content.
            Some(EarlierState { state, reason }) => {
                let revision = before.map_or(0, |k| k.file_revision);
                Verdict::Write(Box::new(Change {
                    file: state_of(name, FileFacts::default(), signature, revision, state, reason, None),
                    measurements: None,
                    hash: None,
                    quiet: false,
                }))
            }
            None => Verdict::Nothing(Some(signature)),
        },
        Examined::Unreadable { signature, unused } => {
            let told = before.and_then(|k| k.told.clone());
            // What was measured before stays measured; a file that cannot be opened now is tried again.
            let revision = before.map_or(0, |k| k.file_revision);
            let reason = Some(unused.reason.to_owned());
            if revision > 0 || told == Some((FileState::Skipped, reason.clone())) {
                return Verdict::Nothing(None);
            }
            let signature = signature.or(before.map(|k| k.signature)).unwrap_or(Signature {
                bytes: 0,
                modified_ns: 0,
            });
            let (state, message) = (FileState::Skipped, Some(unused.message));
            Verdict::Write(Box::new(Change {
                file: state_of(name, unused.facts, signature, 0, state, reason, message),
                measurements: Some(unused.measurement.map(|m| *m).into_iter().collect()),
                hash: None,
                quiet: false,
            }))
        }
        Examined::Read {
            signature,
            hash,
            packed,
            reading,
        } => {
            let same_content = before.and_then(|k| k.hash) == Some(hash);
            let revision = before.map_or(0, |k| k.file_revision) + u32::from(!same_content);
            let content = packed.map(|packed| (hash.to_vec(), packed));
            match reading {
                Reading::Partial {
                    facts,
                    reason,
                    message,
                    may_settle,
                } => Verdict::Unfinished(Unfinished {
                    facts,
                    signature,
                    reason,
                    message,
                    may_settle,
                }),
                Reading::Unusable {
                    facts,
                    reason,
                    message,
                    measurement,
                } => {
                    let state = FileState::Skipped;
                    let file = state_of(name, facts, signature, revision, state, Some(reason), Some(message));
                    Verdict::Write(Box::new(Change {
                        file: NewFileState { content, ..file },
                        measurements: Some(measurement.map(|m| *m).into_iter().collect()),
                        hash: Some(hash),
                        quiet: false,
                    }))
                }
                Reading::Measured {
                    facts,
                    mut measurements,
                } => {
                    if let Some(other) = known.claim_place(&facts, name) {
                        mark_duplicates(&mut measurements, other);
                    }
                    let file = state_of(name, facts, signature, revision, FileState::Measured, None, None);
                    Verdict::Write(Box::new(Change {
                        file: NewFileState { content, ..file },
                        measurements: Some(measurements),
                        hash: Some(hash),
                        quiet: false,
                    }))
                }
            }
        }
    }
}

/// The change that tells that a file is partial.
pub fn partial(name: &str, unfinished: Unfinished, revision: u32) -> Change {
    let Unfinished {
        facts,
        signature,
        reason,
        message,
        ..
    } = unfinished;
    let (reason, message) = (Some(reason.to_owned()), Some(message));
    Change {
        file: state_of(name, facts, signature, revision, FileState::Partial, reason, message),
        measurements: None,
        hash: None,
        quiet: false,
    }
}

/// The change that tells that a partial file vanished.
pub fn vanished(name: &str, signature: Signature) -> Change {
    let message = format!("{name} disappeared before it was complete.");
    let (state, reason) = (FileState::Skipped, Some("vanished".to_owned()));
    let file = state_of(name, FileFacts::default(), signature, 0, state, reason, Some(message));
    Change {
        file,
        measurements: None,
        hash: None,
        quiet: false,
    }
}

/// Gives a reservation to measurements whose place in the series another file has already.
pub fn mark_duplicates(measurements: &mut [Measurement], other: &str) {
    for measurement in measurements.iter_mut().filter(|m| m.status != Status::Failed) {
        let sentence = format!("{other} has the same electrode, frequency and index and is the one in the trends.");
        measurement.status = Status::Warning;
        measurement.reason = Some("duplicate_index".to_owned());
        measurement.message = Some(match measurement.message.take() {
            Some(before) => format!("{sentence} {before}"),
            None => sentence,
        });
    }
}

pub(super) fn state_of(
    name: &str,
    facts: FileFacts,
    signature: Signature,
    file_revision: u32,
    state: FileState,
    reason: Option<String>,
    message: Option<String>,
) -> NewFileState {
    NewFileState {
        entry: FileEntry {
            file: name.to_owned(),
            file_revision,
            state,
            reason,
            message,
            bytes: signature.bytes,
            format: facts.format,
            index: facts.index,
            frequency_hz: facts.frequency_hz,
            points: facts.points,
            expected_points: facts.expected_points,
            at: String::new(),
        },
        modified_ns: signature.modified_ns,
        content: None,
        electrode: facts.electrode,
    }
}

/// Writes changes and their record entries.
///
/// # Errors
/// What the store reports; then nothing of it was written.
pub fn write(
    work: &mut Work<'_>,
    row: i64,
    session: SessionId,
    revision: u32,
    changes: &[Change],
) -> Result<(), StoreError> {
    let mut measured = false;
    for change in changes {
        let entry = &change.file.entry;
        let file = work.put_file(row, &change.file)?;
        if let Some(measurements) = &change.measurements {
            let file_revision = entry.file_revision.max(1);
            let kept = work.put_measurements(row, session, file, file_revision, revision, measurements.clone())?;
            measured |= entry.state == FileState::Measured;
            if !kept.is_empty() {
                work.append(row, session, RecordEvent::Measured { measurements: kept })?;
            }
        }
        if !change.quiet {
            let event = RecordEvent::FileState {
                file: entry.file.clone(),
                file_revision: entry.file_revision,
                state: entry.state,
                reason: entry.reason.clone(),
                message: entry.message.clone(),
            };
            work.append(row, session, event)?;
        }
    }
    if measured {
        work.note_measured(row)?;
    }
    Ok(())
}

/// Writes what a recomputation found, for files whose content is still the one that was measured.
///
/// # Errors
/// What the store reports; then nothing of it was written.
pub fn rewrite(
    work: &mut Work<'_>,
    row: i64,
    session: SessionId,
    revision: u32,
    changes: &[Change],
) -> Result<(), StoreError> {
    for change in changes {
        let entry = &change.file.entry;
        // New content meanwhile was measured under the new settings already; a file that is partial now keeps saying so.
        let Some((file, state)) = work.file_at_revision(row, &entry.file, entry.file_revision)? else {
            continue;
        };
        if state != FileState::Partial {
            work.put_file(row, &change.file)?;
        }
        if let Some(measurements) = &change.measurements {
            work.put_measurements(row, session, file, entry.file_revision, revision, measurements.clone())?;
        }
    }
    Ok(())
}
