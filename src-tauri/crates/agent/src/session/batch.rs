//! What a batch of looked-at files means for the record, and writing it in one transaction.

use protocol::ids::SessionId;
use protocol::measurement::{Measurement, Status};
use protocol::record::RecordEvent;
use protocol::session::{FileEntry, FileState};

use super::known::{DAMAGED, KnownFile, KnownFiles};
use crate::analysis::{FileFacts, Reading, Rules, STOPPED_EARLY, Unused};
use crate::intake::{Examined, Signature};
use crate::marks;
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
    /// The content takes the place of the one that is kept under this revision, which never gave a number.
    pub replaces: bool,
    /// Only the signature, and a content that replaces another, are new: nothing to announce.
    pub quiet: bool,
}

impl Change {
    /// A change of state, and of measurements where there are some.
    pub fn new(file: NewFileState, measurements: Option<Vec<Measurement>>) -> Self {
        Self {
            file,
            measurements,
            hash: None,
            replaces: false,
            quiet: false,
        }
    }
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
    /// Whether its instrument's pace can be learned from it.
    pub is_scan: bool,
}

/// What to do about a file after a look.
#[derive(Debug)]
pub enum Verdict {
    /// Nothing changed that anybody should know; the signature that was looked at.
    Nothing(Option<Signature>),
    /// It is not there: whatever waited for it is over.
    Gone,
    /// Look again soon.
    LookAgain,
    /// It is not finished, or not known to be.
    Unfinished(Unfinished),
    /// It cannot be read now; worth telling when that lasts.
    Locked(Option<Signature>, Box<Unused>),
    /// Write and announce this.
    Write(Box<Change>),
}

/// Judges what was seen of a file against what is known of it. Files whose reservation changes by that are added to
/// `affected`.
pub fn judge(name: &str, seen: Examined, known: &mut KnownFiles, affected: &mut Vec<String>) -> Verdict {
    let before = known.get(name);
    let revision = before.map_or(0, |k| k.file_revision);
    let is_skipped_for = |reason| before.is_some_and(|k| k.is_told(FileState::Skipped, reason));
    match seen {
        Examined::Gone => Verdict::Gone,
        Examined::Changing => Verdict::LookAgain,
        // So that it is not read again at the next start.
        Examined::Same(signature) if before.is_some_and(|k| k.signature != signature) => {
            let file = state_of(
                name,
                FileFacts::default(),
                signature,
                revision,
                FileState::Measured,
                None,
                None,
            );
            Verdict::Write(Box::new(Change {
                quiet: true,
                ..Change::new(file, None)
            }))
        }
        Examined::Same(signature) => Verdict::Nothing(Some(signature)),
        Examined::LeftOut {
            signature,
            unused,
            may_be_renamed: true,
        } => Verdict::Unfinished(Unfinished {
            facts: unused.facts,
            signature,
            reason: unused.reason,
            message: unused.message,
            may_settle: true,
            is_scan: false,
        }),
        Examined::LeftOut { signature, unused, .. } => {
            if is_skipped_for(unused.reason) {
                return Verdict::Nothing(Some(signature));
            }
            affected.extend(known.places.release(name));
            Verdict::Write(Box::new(skipped(name, signature, *unused, revision)))
        }
        Examined::Unreadable {
            signature,
            unused,
            may_pass,
        } => {
            let is_told = |k: &KnownFile| {
                k.is_told(FileState::Skipped, unused.reason) || k.is_told(FileState::Partial, unused.reason)
            };
            if before.is_some_and(is_told) {
                Verdict::Nothing(signature)
            } else if may_pass {
                Verdict::Locked(signature, unused)
            } else {
                Verdict::Write(Box::new(unreadable(name, signature, *unused, before)))
            }
        }
        Examined::Read {
            signature,
            hash,
            packed,
            reading,
        } => {
            let content = packed.map(|packed| (hash.to_vec(), packed));
            let is_kept = before.and_then(|k| k.hash) == Some(hash);
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
                    is_scan: true,
                }),
                Reading::Unusable {
                    facts,
                    reason,
                    message,
                    measurement,
                    ..
                } => {
                    let is_told = is_skipped_for(reason);
                    let is_damaged = is_kept && is_skipped_for(DAMAGED);
                    if is_told && content.is_none() {
                        return Verdict::Nothing(Some(signature));
                    }
                    // A log that grows all day is kept once, not once per line. What was cut short is a scan.
                    let replaces =
                        is_damaged || !is_kept && reason != STOPPED_EARLY && before.is_some_and(|k| k.replaceable);
                    let is_new = content.is_some() && !is_kept;
                    let revision = revision + u32::from(is_new && !replaces);
                    let restored =
                        is_kept && !is_damaged && before.and_then(KnownFile::state) == Some(FileState::Partial);
                    affected.extend(known.places.release(name));
                    let (state, told) = (FileState::Skipped, Some(reason.to_owned()));
                    let file = state_of(name, facts, signature, revision, state, told, Some(message));
                    let quiet = is_told && replaces;
                    let measurements = (!quiet && !restored).then(|| measurement.map(|m| *m).into_iter().collect());
                    Verdict::Write(Box::new(Change {
                        hash: content.as_ref().map(|_| hash),
                        file: NewFileState { content, ..file },
                        measurements,
                        replaces,
                        quiet,
                    }))
                }
                Reading::Measured {
                    facts,
                    mut measurements,
                } => {
                    let restored = is_kept && before.and_then(KnownFile::state) == Some(FileState::Partial);
                    let replaces = is_kept && is_skipped_for(DAMAGED);
                    let claimed = known.places.claim(name, facts.place());
                    if let Some(other) = &claimed.holder {
                        mark_duplicates(&mut measurements, other);
                    }
                    affected.extend(claimed.affected);
                    let revision = revision + u32::from(!is_kept);
                    let file = state_of(name, facts, signature, revision, FileState::Measured, None, None);
                    Verdict::Write(Box::new(Change {
                        file: NewFileState { content, ..file },
                        // A rewrite that ended with the same content leaves its numbers as they are.
                        measurements: (!restored || claimed.moved).then_some(measurements),
                        hash: Some(hash),
                        replaces,
                        quiet: false,
                    }))
                }
            }
        }
    }
}

fn skipped(name: &str, signature: Signature, unused: Unused, revision: u32) -> Change {
    let (state, reason) = (FileState::Skipped, Some(unused.reason.to_owned()));
    let file = state_of(
        name,
        unused.facts,
        signature,
        revision,
        state,
        reason,
        Some(unused.message),
    );
    Change::new(file, Some(unused.measurement.map(|m| *m).into_iter().collect()))
}

/// The change that tells that a file cannot be read. What was measured of it before stays measured: its next content is
/// awaited.
pub fn unreadable(name: &str, signature: Option<Signature>, unused: Unused, before: Option<&KnownFile>) -> Change {
    let signature = signature.or(before.map(|k| k.signature)).unwrap_or(Signature {
        bytes: 0,
        modified_ns: 0,
    });
    match before.map_or(0, |k| k.file_revision) {
        0 => skipped(name, signature, unused, 0),
        revision => {
            let (state, reason) = (FileState::Partial, Some(unused.reason.to_owned()));
            let message = Some(format!("{} Its earlier numbers stay.", unused.message));
            let file = state_of(name, unused.facts, signature, revision, state, reason, message);
            Change::new(file, None)
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
    let file = state_of(name, facts, signature, revision, FileState::Partial, reason, message);
    Change::new(file, None)
}

/// The change that tells that a partial file vanished, of which nothing was ever measured.
pub fn vanished(name: &str, signature: Signature, revision: u32) -> Change {
    let message = format!("{name} disappeared before it was complete.");
    let (state, reason) = (FileState::Skipped, Some("vanished".to_owned()));
    let file = state_of(
        name,
        FileFacts::default(),
        signature,
        revision,
        state,
        reason,
        Some(message),
    );
    Change::new(file, None)
}

/// The change that tells that a file somebody chose is not there.
pub fn absent(name: &str, unused: Unused) -> Change {
    let nothing = Signature {
        bytes: 0,
        modified_ns: 0,
    };
    skipped(name, nothing, unused, 0)
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

/// Writes changes and their record entries; returns the rows of their files. Marks are applied where there are `rules`; without, the
/// measurements are written as they are.
///
/// # Errors
/// What the store reports; then nothing of it was written.
pub fn write(
    work: &mut Work<'_>,
    row: i64,
    session: SessionId,
    revision: u32,
    rules: Option<&Rules>,
    changes: &[Change],
) -> Result<Vec<i64>, StoreError> {
    let mut measured = false;
    let mut rows = Vec::with_capacity(changes.len());
    for change in changes {
        let entry = &change.file.entry;
        let file = if change.quiet {
            work.note_signature(row, &entry.file, entry.bytes, change.file.modified_ns)?
        } else {
            work.put_file(row, &change.file)?
        };
        rows.push(file);
        if change.replaces {
            work.replace_content(file, &change.file)?;
        }
        if let Some(measurements) = &change.measurements {
            let file_revision = entry.file_revision.max(1);
            let mut measurements = measurements.clone();
            if let Some(rules) = rules {
                let content = (file, entry.file.as_str(), file_revision);
                marks::apply(work, row, rules, content, revision, &mut measurements)?;
            }
            let kept = work.put_measurements(row, session, file, file_revision, revision, measurements)?;
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
    Ok(rows)
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
    rules: &Rules,
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
            let mut measurements = measurements.clone();
            let content = (file, entry.file.as_str(), entry.file_revision);
            marks::apply(work, row, rules, content, revision, &mut measurements)?;
            work.put_measurements(row, session, file, entry.file_revision, revision, measurements)?;
        }
    }
    Ok(())
}
