//! A session's folder: what is in it, and what became of each file.

use std::sync::Arc;
use std::time::Duration;

use protocol::session::{FileState, SessionState, Source};
use rayon::prelude::*;
use tokio::time::Instant;

use super::{AFTER_EVENT, Actor};
use crate::analysis::{Rules, TEMPORARY};
use crate::intake::{Examined, FolderTrouble, Listed, Signature, Watcher, examine, list};
use crate::session::batch::{self, Change, Unfinished, Verdict};
use crate::session::known::KnownFiles;
use crate::store::StoreError;

/// Files looked at together: enough to keep every core busy, few enough to be told soon.
const BATCH: usize = 64;
/// A file that is not complete is told as partial when it has been so for this long, beyond the quiet time where it only rests.
const TELL_PARTIAL: Duration = Duration::from_millis(200);
/// Shortest time between two scans of the folder.
const RESCAN: Duration = Duration::from_secs(2);
/// Files older than this when a session starts are not being written any more, even without an end mark.
const OLD: Duration = Duration::from_mins(1);
impl Actor {
    /// Compares the folder with what is known of it.
    pub(super) async fn scan(&mut self) {
        if !self.loaded {
            match self.load().await {
                Ok(()) => self.loaded = true,
                Err(error) => {
                    tracing::error!("a session's files cannot be loaded: {error}");
                    self.next_scan = Instant::now() + RESCAN;
                    return;
                }
            }
        }
        self.start_simulation();
        if self.watcher.is_none() && !matches!(self.source, Source::ImportedFiles { .. }) {
            // Before the folder is read, so that nothing falls between.
            self.watcher = Watcher::start(&self.folder)
                .inspect_err(|e| tracing::debug!("no events from {}: {e}", self.folder.display()))
                .ok();
        }
        let (folder, began) = (self.folder.clone(), Instant::now());
        let listed = tokio::task::spawn_blocking(move || list(&folder)).await;
        let now = Instant::now();
        let rest = (now - began) * 30;
        self.next_scan = now + rest.clamp(RESCAN, Duration::from_mins(1));
        match listed {
            Ok(Ok(files)) => {
                self.came_back().await;
                self.compare(files, now);
                self.first_scan = false;
            }
            Ok(Err(trouble)) => self.went_away(trouble).await,
            Err(panicked) => tracing::error!("looking into the folder failed: {panicked}"),
        }
    }

    pub(super) async fn load(&mut self) -> Result<(), StoreError> {
        let (store, row) = (self.store.clone(), self.row);
        let rows = tokio::task::spawn_blocking(move || store.files(row))
            .await
            .map_err(|_| StoreError::Closed)??;
        let now = Instant::now();
        self.known = KnownFiles::load(&rows, now);
        let partial: Vec<String> = self.known.partial().cloned().collect();
        for name in &partial {
            self.agenda.put(name, now);
        }
        Ok(())
    }

    pub(super) fn compare(&mut self, mut files: Vec<Listed>, now: Instant) {
        if let Source::ImportedFiles { files: chosen, .. } = &self.source
            && !chosen.is_empty()
        {
            files.retain(|f| chosen.contains(&f.name));
        }
        files.retain(|f| match self.known.get(&f.name) {
            Some(known) => known.signature != f.signature || known.try_again,
            None => true,
        });
        files.sort_by(|a, b| instrument::names::natural_order(&a.name, &b.name));
        for file in files {
            self.agenda.put(&file.name, now);
            if self.first_scan {
                self.present_at_start.insert(file.name);
            }
        }
    }

    /// Looks at the files that are due, and writes what came of it.
    pub(super) async fn look(&mut self) {
        let now = Instant::now();
        let names = self.agenda.take_due(now, BATCH);
        let quiet = self.known.quiet_time();
        let imported = matches!(self.source, Source::ImportedFiles { .. });
        let looks: Vec<Look> = names
            .into_iter()
            .map(|name| {
                let known = self.known.get(&name);
                let rested = known.filter(|k| now - k.changed >= quiet).map(|k| k.signature);
                let kept = known.filter(|k| k.state() != Some(FileState::Partial) || k.before_partial.is_some());
                Look {
                    kept: kept.and_then(|k| k.hash),
                    rested,
                    old: self.present_at_start.remove(&name),
                    imported,
                    name,
                }
            })
            .collect();
        let (folder, rules) = (self.folder.clone(), Arc::clone(&self.rules));
        let seen = tokio::task::spawn_blocking(move || {
            let see = |look: Look| (look.see(&folder, &rules), look.name);
            if looks.len() > 1 {
                looks.into_par_iter().map(see).collect()
            } else {
                looks.into_iter().map(see).collect::<Vec<_>>()
            }
        });
        let Ok(seen) = seen.await else {
            tracing::error!("a look at files failed in a panic");
            return;
        };
        let changes = seen
            .into_iter()
            .filter_map(|(seen, name)| self.judge(&name, seen))
            .collect();
        self.write(changes).await;
    }

    pub(super) fn judge(&mut self, name: &str, seen: Examined) -> Option<Change> {
        let now = Instant::now();
        match batch::judge(name, seen, &mut self.known) {
            Verdict::Nothing(signature) => {
                if let Some(signature) = signature {
                    self.known.note(name, signature, now);
                }
                None
            }
            Verdict::Gone => {
                let known = self.known.get(name).filter(|k| k.state() == Some(FileState::Partial))?;
                Some(batch::vanished(name, known.signature))
            }
            Verdict::LookAgain => {
                self.agenda.put(name, now + AFTER_EVENT);
                None
            }
            Verdict::Unfinished(unfinished) => self.await_end(name, unfinished, now),
            Verdict::Write(change) => Some(*change),
        }
    }

    /// Looks again when the file may have come to rest, and tells that it is partial once that is worth telling.
    pub(super) fn await_end(&mut self, name: &str, unfinished: Unfinished, now: Instant) -> Option<Change> {
        let quiet = self.known.quiet_time();
        let known = self.known.note(name, unfinished.signature, now);
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
            self.agenda.put(name, settles);
        } else if now < worth_telling {
            self.agenda.put(name, worth_telling);
        }
        let is_told = matches!(&known.told, Some((FileState::Partial, Some(told))) if told == unfinished.reason);
        if is_told || now < worth_telling || unfinished.reason == TEMPORARY {
            return None;
        }
        let revision = known.file_revision;
        Some(batch::partial(name, unfinished, revision))
    }

    pub(super) async fn went_away(&mut self, trouble: FolderTrouble) {
        self.watcher = None;
        if self.trouble.as_ref() != Some(&trouble) {
            let reason = format!("{trouble}; it is looked for again by itself");
            self.trouble = Some(trouble);
            self.change_state(SessionState::Waiting, Some(reason)).await;
        }
    }

    pub(super) async fn came_back(&mut self) {
        if self.trouble.take().is_some() {
            let state = if self.measured {
                SessionState::Running
            } else {
                SessionState::Waiting
            };
            self.change_state(state, None).await;
        }
    }
}

/// One file to look at.
struct Look {
    name: String,
    kept: Option<[u8; 32]>,
    rested: Option<Signature>,
    old: bool,
    imported: bool,
}

impl Look {
    fn see(&self, folder: &std::path::Path, rules: &Rules) -> Examined {
        let path = folder.join(&self.name);
        let signature = std::fs::metadata(&path)
            .ok()
            .map(|about| (Signature::of(&about), about.modified().ok()));
        let settled = match signature {
            Some((signature, modified)) => {
                let age = modified.and_then(|m| m.elapsed().ok());
                self.imported || self.rested == Some(signature) || self.old && age.is_some_and(|a| a >= OLD)
            }
            None => false,
        };
        match examine(folder, &self.name, self.kept.as_ref(), settled, rules) {
            // Between the two looks it grew after all: not settled.
            Examined::Read { signature: read, .. } if settled && signature.is_some_and(|(s, _)| s != read) => {
                Examined::Changing
            }
            seen => seen,
        }
    }
}
