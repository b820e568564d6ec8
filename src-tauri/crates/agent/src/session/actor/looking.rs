//! Looking at files, and what becomes of each.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use protocol::session::{FileState, Source};
use rayon::prelude::*;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::{AFTER_EVENT, Actor};
use crate::analysis::{Rules, ScanFile, TEMPORARY, Unused, not_read};
use crate::intake::{Beyond, Examined, Rest, Signature, broke_down, examine};
use crate::session::batch::{self, Change, Unfinished, Verdict};
use crate::session::known::KnownFile;
use crate::session::recompute::measure_kept;

/// Files looked at together: enough to keep every core busy, few enough to be told soon.
const BATCH: usize = 64;
/// A file that is not complete is told as partial when it has been so for this long, beyond the quiet time where it only rests.
const TELL_PARTIAL: Duration = Duration::from_millis(200);
/// Files older than this when a session starts are not being written any more, even without an end mark.
const OLD: Duration = Duration::from_mins(1);
/// A file that misses points and has not changed for this long was stopped early.
const ABANDONED: Duration = Duration::from_mins(10);
/// Until a file that cannot be opened is tried again, within the quiet time; after that the scans try it.
const UNLOCKED: Duration = Duration::from_millis(250);

/// Looks that go on.
pub(super) struct Looks {
    count: usize,
    measuring: u32,
    job: JoinHandle<Vec<(Look, Examined)>>,
}

impl Looks {
    pub(super) fn count(&self) -> usize {
        self.count
    }
}

/// What looks that go on see; never where there are none.
pub(super) async fn seen(looks: &mut Option<Looks>) -> Vec<(Look, Examined)> {
    match looks {
        Some(looks) => (&mut looks.job)
            .await
            .inspect_err(|panicked| tracing::error!("a look at files failed: {panicked}"))
            .unwrap_or_default(),
        None => std::future::pending().await,
    }
}

impl Actor {
    /// Begins to look at the files that are due. Their drive may not answer: the session goes on to hear commands.
    pub(super) fn begin_looks(&mut self) {
        let now = Instant::now();
        let names = self.agenda.take_due(now, BATCH);
        let quiet = self.known.quiet_time();
        let imported = matches!(self.source, Source::ImportedFiles { .. });
        let looks: Vec<Look> = names
            .into_iter()
            .map(|name| {
                let known = self.known.get(&name);
                let since = |time: Duration| known.filter(|k| now - k.changed >= time).map(|k| k.signature);
                Look {
                    kept: known.and_then(KnownFile::settled_hash),
                    rested: since(quiet),
                    abandoned: since(ABANDONED),
                    old: self.present_at_start.remove(&name),
                    imported,
                    beyond: self.beyond.get(&name).copied(),
                    name,
                }
            })
            .collect();
        let (folder, rules) = (self.folder.clone(), Arc::clone(&self.rules));
        self.looks = Some(Looks {
            count: looks.len(),
            measuring: self.measuring,
            job: tokio::task::spawn_blocking(move || {
                let see = |look: Look| {
                    let examined = look.see(&folder, &rules);
                    (look, examined)
                };
                if looks.len() > 1 {
                    looks.into_par_iter().map(see).collect()
                } else {
                    looks.into_iter().map(see).collect()
                }
            }),
        });
    }

    /// Takes in what was seen, and writes what came of it.
    pub(super) async fn end_looks(&mut self, seen: Vec<(Look, Examined)>) {
        let measuring = self.looks.take().map(|looks| looks.measuring);
        if measuring != Some(self.measuring) {
            // Measured under settings that are no longer in force.
            for (look, _) in seen {
                self.agenda.put(&look.name, Instant::now());
                if look.old {
                    self.present_at_start.insert(look.name);
                }
            }
            return;
        }
        let (mut changes, mut affected, mut restored) = (Vec::new(), Vec::new(), Vec::new());
        for (Look { name, .. }, examined) in seen {
            let verdict = batch::judge(&name, examined, &mut self.known, &mut affected);
            if matches!(verdict, Verdict::Gone) && self.falls_back(&name) {
                restored.push(name);
                continue;
            }
            changes.extend(self.act_on(&name, verdict));
        }
        affected.retain(|name| {
            let is_measured = self.known.get(name).and_then(KnownFile::state) == Some(FileState::Measured);
            is_measured && changes.iter().all(|c| c.file.entry.file != *name)
        });
        changes.extend(self.measured_again(affected, restored).await);
        self.write(changes).await;
    }

    /// Whether a file that is gone was awaiting new content, so that its earlier content stands.
    fn falls_back(&self, name: &str) -> bool {
        self.known
            .get(name)
            .is_some_and(|k| k.state() == Some(FileState::Partial) && k.file_revision > 0)
    }

    fn act_on(&mut self, name: &str, verdict: Verdict) -> Option<Change> {
        let now = Instant::now();
        match verdict {
            Verdict::Nothing(signature) => {
                if let Some(signature) = signature {
                    self.known.note(name, signature, now);
                }
                if let Some(known) = self.known.get_mut(name) {
                    known.unfinished_since = None;
                    known.try_again = known.is_worth_another_try();
                }
                None
            }
            Verdict::Gone => self.note_gone(name),
            Verdict::LookAgain => {
                self.agenda.put(name, now + AFTER_EVENT);
                None
            }
            Verdict::Unfinished(unfinished) => self.await_end(name, unfinished, now),
            Verdict::Locked(signature, unused) => self.await_access(name, signature, *unused, now),
            Verdict::Write(change) => Some(*change),
        }
    }

    fn note_gone(&mut self, name: &str) -> Option<Change> {
        match self.known.get_mut(name) {
            Some(known) if known.state() == Some(FileState::Partial) => {
                Some(batch::vanished(name, known.signature, known.file_revision))
            }
            Some(known) if known.told.is_some() => {
                // What was seen of it last may not have been judged: it is looked at when it is back.
                known.try_again = true;
                known.unfinished_since = None;
                None
            }
            _ => {
                self.known.forget(name);
                let chosen = match &self.source {
                    Source::ImportedFiles { files, .. } => files.iter().any(|chosen| chosen == name),
                    _ => false,
                };
                chosen.then(|| self.absent(name))
            }
        }
    }

    fn absent(&self, name: &str) -> Change {
        let scan = ScanFile {
            name,
            content: &[],
            modified_ns: 0,
        };
        let message =
            format!("{name} was chosen and is not in the folder any more. Put it back and reopen the session.");
        let mut unused = not_read(&scan, &self.rules, "absent", message);
        if let Some(measurement) = &mut unused.measurement {
            (measurement.time, measurement.time_source) = (None, None);
        }
        batch::absent(name, unused)
    }

    /// Looks again when the file may have come to rest, and tells that it is partial once that is worth telling.
    fn await_end(&mut self, name: &str, unfinished: Unfinished, now: Instant) -> Option<Change> {
        if unfinished.is_scan {
            self.known.learn_pace(name, unfinished.signature, now);
        }
        let quiet = self.known.quiet_time();
        let known = self.known.note(name, unfinished.signature, now);
        known.try_again = false;
        let since = *known.unfinished_since.get_or_insert(now);
        // A file that only rests is told of when it takes longer than resting takes.
        let worth_telling = since
            + if unfinished.may_settle {
                quiet + TELL_PARTIAL
            } else {
                TELL_PARTIAL
            };
        if unfinished.may_settle {
            let settles = known.changed + quiet;
            self.agenda.put(name, settles.max(now + AFTER_EVENT));
        } else {
            // By the scans, which come anyway; a clock that says otherwise is asked again later.
            known.gives_up = Some((known.changed + ABANDONED).max(now + OLD));
            if now < worth_telling {
                self.agenda.put(name, worth_telling);
            }
        }
        // What was skipped for this reason and grows without another is no news either.
        let is_told = known.is_told(FileState::Partial, unfinished.reason)
            || known.is_told(FileState::Skipped, unfinished.reason);
        if is_told || now < worth_telling || unfinished.reason == TEMPORARY {
            return None;
        }
        let revision = known.file_revision;
        Some(batch::partial(name, unfinished, revision))
    }

    /// Tries again to read a file that its writer may hold, and tells that it cannot be read once that lasts.
    fn await_access(
        &mut self,
        name: &str,
        signature: Option<Signature>,
        unused: Unused,
        now: Instant,
    ) -> Option<Change> {
        let quiet = self.known.quiet_time();
        let last = self.known.get(name).map(|k| k.signature);
        let signature = signature.or(last).unwrap_or(Signature {
            bytes: 0,
            modified_ns: 0,
        });
        let known = self.known.note(name, signature, now);
        known.try_again = true;
        let since = *known.unfinished_since.get_or_insert(now);
        if now < since + quiet {
            self.agenda.put(name, now + UNLOCKED);
            return None;
        }
        Some(batch::unreadable(name, Some(signature), unused, Some(known)))
    }

    /// Measures kept contents again: of files whose place in the series changed hands, and of files that are gone in the middle
    /// of new content, for which the earlier content stands.
    async fn measured_again(&mut self, affected: Vec<String>, restored: Vec<String>) -> Vec<Change> {
        if affected.is_empty() && restored.is_empty() {
            return Vec::new();
        }
        let (store, row, rules) = (self.store.clone(), self.row, Arc::clone(&self.rules));
        let names: Vec<String> = affected.into_iter().chain(restored.iter().cloned()).collect();
        let measured = tokio::task::spawn_blocking(move || {
            let measure = |name: &String| {
                let kept = store
                    .kept_file(row, name)
                    .inspect_err(|e| tracing::warn!("{name} cannot be measured again: {e}"));
                kept.ok().flatten().filter(|kept| kept.damage.is_none()).map(|kept| {
                    let (facts, change) = measure_kept(&kept, &rules);
                    (kept.name, facts, change)
                })
            };
            names.iter().filter_map(measure).collect::<Vec<_>>()
        });
        let mut changes = Vec::new();
        for (name, facts, mut change) in measured.await.unwrap_or_default() {
            if change.file.entry.state == FileState::Measured {
                let claimed = self.known.places.claim(&name, facts.place());
                if let (Some(other), Some(measurements)) = (&claimed.holder, &mut change.measurements) {
                    batch::mark_duplicates(measurements, other);
                }
            }
            changes.push(change);
        }
        for name in restored {
            if changes.iter().all(|c| c.file.entry.file != name)
                && let Some(known) = self.known.get(&name)
            {
                changes.push(batch::vanished(&name, known.signature, known.file_revision));
            }
        }
        changes
    }
}

/// One file to look at.
pub(super) struct Look {
    name: String,
    kept: Option<[u8; 32]>,
    rested: Option<Signature>,
    abandoned: Option<Signature>,
    old: bool,
    imported: bool,
    /// Why the import leaves it out.
    beyond: Option<Beyond>,
}

impl Look {
    /// Looks; a panic in the reading of this file costs no other file its look.
    fn see(&self, folder: &Path, rules: &Rules) -> Examined {
        unless_it_breaks(
            || self.see_file(folder, rules),
            || broke_down(folder, &self.name, rules),
        )
    }

    fn see_file(&self, folder: &Path, rules: &Rules) -> Examined {
        let path = folder.join(&self.name);
        let signature = std::fs::metadata(&path)
            .ok()
            .map(|about| (Signature::of(&about), about.modified().ok()));
        if let (Some(beyond), Some((signature, _))) = (self.beyond, signature) {
            return self.leave_out(beyond, signature, rules);
        }
        let rest = match signature {
            Some((signature, modified)) => self.rest(signature, modified),
            None => Rest::Growing,
        };
        match examine(folder, &self.name, self.kept.as_ref(), rest, rules) {
            // Between the two looks it grew after all: not settled.
            Examined::Read { signature: read, .. }
                if rest != Rest::Growing && signature.is_some_and(|(s, _)| s != read) =>
            {
                Examined::Changing
            }
            seen => seen,
        }
    }

    fn leave_out(&self, beyond: Beyond, signature: Signature, rules: &Rules) -> Examined {
        let scan = ScanFile {
            name: &self.name,
            content: &[],
            modified_ns: signature.modified_ns,
        };
        Examined::LeftOut {
            signature,
            unused: Box::new(not_read(&scan, rules, beyond.code(), beyond.message(&self.name))),
            may_be_renamed: false,
        }
    }

    fn rest(&self, signature: Signature, modified: Option<SystemTime>) -> Rest {
        // A modification time in the future, after a clock was set back, says nothing.
        let age = modified.and_then(|m| m.elapsed().ok());
        let is_abandoned = if self.imported {
            age.is_some_and(|age| age >= ABANDONED)
        } else {
            self.abandoned == Some(signature) && age.is_none_or(|age| age >= ABANDONED)
        };
        let is_old = self.old && age.is_some_and(|age| age >= OLD);
        if is_abandoned {
            Rest::Abandoned
        } else if self.imported || self.rested == Some(signature) || is_old {
            Rest::Settled
        } else {
            Rest::Growing
        }
    }
}

fn unless_it_breaks<T>(look: impl FnOnce() -> T, broken: impl FnOnce() -> T) -> T {
    // What a look borrows it only reads, so that nothing is left half-done.
    catch_unwind(AssertUnwindSafe(look)).unwrap_or_else(|_| broken())
}

#[cfg(test)]
mod tests {
    use protocol::settings::Settings;

    use super::*;
    use crate::session::known::KnownFiles;

    #[test]
    fn a_panic_in_one_file_is_a_reason_for_that_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("SWV_15Hz_1.txt"), "1,2\n").unwrap();
        let rules = Rules::new(&Settings::default()).unwrap();
        let seen = unless_it_breaks(
            || panic!("a fault in a reader"),
            || broke_down(folder.path(), "SWV_15Hz_1.txt", &rules),
        );
        let Verdict::Write(change) = batch::judge("SWV_15Hz_1.txt", seen, &mut KnownFiles::default(), &mut Vec::new())
        else {
            panic!("nothing is told")
        };
        let entry = &change.file.entry;
        assert_eq!(
            (entry.state, entry.reason.as_deref()),
            (FileState::Skipped, Some("reader_failed"))
        );
        assert_eq!((entry.bytes, entry.index), (4, Some(1)));
        assert_eq!(change.measurements.unwrap().len(), 1);
    }

    #[test]
    fn ten_minutes_of_rest_are_counted_by_both_clocks() {
        let signature = Signature {
            bytes: 1,
            modified_ns: 1,
        };
        let look = |abandoned, imported| Look {
            name: String::new(),
            kept: None,
            rested: None,
            abandoned,
            old: false,
            imported,
            beyond: None,
        };
        let ago = |minutes| Some(SystemTime::now() - Duration::from_mins(minutes));
        let (watched, imported) = (look(Some(signature), false), look(None, true));
        assert_eq!(watched.rest(signature, ago(11)), Rest::Abandoned);
        assert_eq!(watched.rest(signature, ago(5)), Rest::Growing);
        assert_eq!(look(None, false).rest(signature, ago(11)), Rest::Growing);
        assert_eq!(imported.rest(signature, ago(11)), Rest::Abandoned);
        assert_eq!(imported.rest(signature, ago(5)), Rest::Settled);
        // A clock that was set back: only ours counts.
        let future = Some(SystemTime::now() + Duration::from_hours(1));
        assert_eq!(watched.rest(signature, future), Rest::Abandoned);
        assert_eq!(imported.rest(signature, future), Rest::Settled);
    }
}
