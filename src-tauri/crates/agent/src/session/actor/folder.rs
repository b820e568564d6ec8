//! A session's folder: what is in it.

use protocol::session::{SessionState, Source};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::{Actor, RESCAN};
use crate::intake::{FolderTrouble, Listed, Watcher, list};
use crate::session::known::KnownFiles;
use crate::store::StoreError;

use std::time::Duration;

/// The folder as it was found.
pub(super) struct Found {
    began: Instant,
    watcher: Option<Watcher>,
    listed: Result<Vec<Listed>, FolderTrouble>,
}

impl Actor {
    /// Begins to compare the folder with what is known of it. The folder may be on a drive that does not answer: the session
    /// goes on to hear commands.
    pub(super) async fn begin_scan(&mut self) {
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
        let watch = self.watcher.is_none() && !matches!(self.source, Source::ImportedFiles { .. });
        let (folder, began) = (self.folder.clone(), Instant::now());
        self.listing = Some(tokio::task::spawn_blocking(move || {
            // Before the folder is read, so that nothing falls between.
            let watcher = watch.then(|| Watcher::start(&folder));
            let watcher = watcher.and_then(|started| {
                started
                    .inspect_err(|e| tracing::debug!("no events from {}: {e}", folder.display()))
                    .ok()
            });
            Found {
                began,
                watcher,
                listed: list(&folder),
            }
        }));
    }

    /// Takes in what was found in the folder.
    pub(super) async fn end_scan(&mut self, found: Option<Found>) {
        self.listing = None;
        let now = Instant::now();
        let Some(found) = found else {
            self.next_scan = now + RESCAN;
            return;
        };
        self.watcher = self.watcher.take().or(found.watcher);
        let rest = (now - found.began) * 30;
        self.next_scan = now + rest.clamp(RESCAN, Duration::from_mins(1));
        match found.listed {
            Ok(files) => {
                self.came_back().await;
                self.compare(files, now);
                self.first_scan = false;
            }
            Err(trouble) => self.went_away(trouble).await,
        }
    }

    async fn load(&mut self) -> Result<(), StoreError> {
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

    fn compare(&mut self, mut files: Vec<Listed>, now: Instant) {
        if let Source::ImportedFiles { files: chosen, .. } = &self.source
            && !chosen.is_empty()
        {
            files.retain(|f| chosen.contains(&f.name));
            if self.first_scan {
                // Those that are not there are looked at too, so that their absence is told.
                let there: std::collections::HashSet<&str> = files.iter().map(|f| f.name.as_str()).collect();
                for name in chosen.iter().filter(|name| !there.contains(name.as_str())) {
                    self.agenda.put(name, now);
                }
            }
        }
        files.sort_by(|a, b| instrument::names::natural_order(&a.name, &b.name));
        if matches!(self.source, Source::ImportedFiles { .. }) {
            self.beyond = self.limits.beyond(&files);
        }
        files.retain(|f| match self.known.get(&f.name) {
            Some(known) => {
                known.signature != f.signature || known.try_again || known.gives_up.is_some_and(|time| time <= now)
            }
            None => true,
        });
        for file in files {
            self.agenda.put(&file.name, now);
            if self.first_scan {
                self.present_at_start.insert(file.name);
            }
        }
    }

    async fn went_away(&mut self, trouble: FolderTrouble) {
        self.watcher = None;
        if self.trouble.as_ref() != Some(&trouble) {
            let reason = format!("{trouble}; it is looked for again by itself");
            self.trouble = Some(trouble);
            self.change_state(SessionState::Waiting, Some(reason)).await;
        }
    }

    async fn came_back(&mut self) {
        if self.trouble.take().is_some() {
            let state = self.state_when_looking();
            self.change_state(state, None).await;
        }
    }
}

/// What a listing that goes on finds; never where there is none.
pub(super) async fn found(listing: &mut Option<JoinHandle<Found>>) -> Option<Found> {
    match listing {
        Some(listing) => listing
            .await
            .inspect_err(|panicked| tracing::error!("looking into the folder failed: {panicked}"))
            .ok(),
        None => std::future::pending().await,
    }
}
