//! The session's own task: waits for commands, wake-up calls and due looks, and does one thing at a time.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use protocol::command::Outcome;
use protocol::ids::{CommandId, OperationId, SessionId};
use protocol::record::{LiveEvent, RecordEvent};
use protocol::refusal::Refusal;
use protocol::session::{FileState, SessionState, Source};
use protocol::settings::Settings;
use rayon::prelude::*;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

use super::agenda::Agenda;
use super::batch::{self, Change, Unfinished, Verdict};
use super::known::{EarlierState, KnownFiles, is_worth_another_try};
use super::recompute::{self, Recomputation};
use super::simulation::Simulation;
use crate::analysis::{Rules, TEMPORARY};
use crate::announcements::Announcements;
use crate::intake::{Examined, FolderTrouble, Listed, Signature, Wake, Watcher, examine, list};
use crate::store::{SessionRow, Store, StoreError, Work};

/// Files looked at together: enough to keep every core busy, few enough to be told soon.
const BATCH: usize = 64;
/// After an event that is not a close, the writer gets this long to finish.
const AFTER_EVENT: Duration = Duration::from_millis(10);
/// A file that is not complete is told as partial when it has been so for this long, beyond the quiet time where it only rests.
const TELL_PARTIAL: Duration = Duration::from_millis(200);
/// Shortest time between two scans of the folder.
const RESCAN: Duration = Duration::from_secs(2);
/// Files older than this when a session starts are not being written any more, even without an end mark.
const OLD: Duration = Duration::from_mins(1);

/// What a session is told to do.
pub(crate) enum Message {
    /// Stop looking for a while.
    Pause(CommandId, Reply),
    /// Go on after a pause.
    Resume(CommandId, Reply),
    /// End the session.
    Stop(CommandId, Reply),
    /// Go on with an ended session.
    Reopen(CommandId, Reply),
    /// New settings, based on a revision.
    Revise(CommandId, u32, Box<Settings>, Reply),
    /// End the task; the session's state stays as it is.
    Shutdown,
}

pub(crate) type Reply = oneshot::Sender<Result<Outcome, Refusal>>;

/// The engine's end of a session's task.
pub(crate) struct SessionHandle {
    pub messages: mpsc::Sender<Message>,
    pub task: tokio::task::JoinHandle<()>,
    pub waiting: Arc<AtomicU64>,
}

/// Starts a session's task.
pub(crate) fn spawn(
    row: &SessionRow,
    rules: Rules,
    store: Store,
    announcements: Announcements,
    closing: watch::Receiver<bool>,
) -> SessionHandle {
    let (messages, inbox) = mpsc::channel(32);
    let waiting = Arc::new(AtomicU64::new(1));
    let actor = Actor {
        id: row.summary.session,
        row: row.row,
        name: row.summary.name.clone(),
        folder: PathBuf::from(row.source.folder()),
        source: row.source.clone(),
        state: row.summary.state,
        reason: row.summary.reason.clone(),
        measured: row.summary.files_measured > 0,
        revision: row.summary.revision,
        recomputed: row.recomputed,
        rules: Arc::new(rules),
        store,
        announcements,
        known: KnownFiles::default(),
        loaded: false,
        first_scan: true,
        present_at_start: HashSet::new(),
        agenda: Agenda::default(),
        watcher: None,
        next_scan: Instant::now(),
        trouble: None,
        simulation: None,
        recomputation: None,
        waiting: Arc::clone(&waiting),
        closing,
    };
    SessionHandle {
        messages,
        task: tokio::spawn(actor.run(inbox)),
        waiting,
    }
}

struct Actor {
    id: SessionId,
    row: i64,
    name: String,
    folder: PathBuf,
    source: Source,
    state: SessionState,
    reason: Option<String>,
    measured: bool,
    revision: u32,
    recomputed: u32,
    rules: Arc<Rules>,
    store: Store,
    announcements: Announcements,
    known: KnownFiles,
    loaded: bool,
    first_scan: bool,
    /// Files that the first scan found and nobody has looked at: those of them that are old are not being written.
    present_at_start: HashSet<String>,
    agenda: Agenda,
    watcher: Option<Watcher>,
    next_scan: Instant,
    trouble: Option<FolderTrouble>,
    simulation: Option<Simulation>,
    recomputation: Option<Recomputation>,
    waiting: Arc<AtomicU64>,
    closing: watch::Receiver<bool>,
}

impl Actor {
    fn looks(&self) -> bool {
        matches!(self.state, SessionState::Waiting | SessionState::Running)
    }

    async fn run(mut self, mut inbox: mpsc::Receiver<Message>) {
        if self.recomputed < self.revision {
            // A crash came between new settings and the end of their recomputation.
            self.start_recomputation(OperationId::new());
        }
        loop {
            self.tell_waiting();
            let due = self.agenda.next();
            let looks = self.looks();
            tokio::select! {
                biased;
                message = inbox.recv() => match message {
                    None | Some(Message::Shutdown) => break,
                    Some(message) => self.obey(message).await,
                },
                done = recompute::finished(&mut self.recomputation) => self.after_recomputation(done),
                () = tokio::time::sleep_until(self.next_scan), if looks => self.scan().await,
                () = sleep_until(due), if looks && due.is_some() => self.look().await,
                wake = next_wake(&mut self.watcher), if looks => self.wake(wake),
                () = Simulation::changed(&mut self.simulation), if looks => {},
            }
            self.finish_if_done().await;
        }
        if let Some(simulation) = self.simulation.take() {
            simulation.stop().await;
        }
        if let Some(recomputation) = self.recomputation.take() {
            recomputation.cancel().await;
        }
        self.waiting.store(0, Ordering::Relaxed);
    }

    /// How much is still to be done, for those who wait for idleness.
    fn tell_waiting(&self) {
        // A folder that is away is not work that waits.
        let unseen = self.first_scan && self.trouble.is_none();
        let busy = u64::from(self.looks() && (unseen || self.simulation.as_ref().is_some_and(|s| !s.ended())));
        let waiting = self.agenda.len() as u64 + busy + u64::from(self.recomputation.is_some());
        self.waiting.store(waiting, Ordering::Relaxed);
    }

    fn wake(&mut self, wake: Wake) {
        let now = Instant::now();
        let mut next = Some(wake);
        let mut count = 0;
        while let Some(wake) = next.take() {
            match wake {
                Wake::Written(name) => self.agenda.put(&name, now),
                Wake::Touched(name) => self.agenda.put(&name, now + AFTER_EVENT),
                Wake::Folder => self.next_scan = now,
            }
            count += 1;
            if count < 1024 {
                next = self.watcher.as_mut().and_then(Watcher::ready);
            }
        }
        if self.watcher.as_ref().is_some_and(Watcher::lost_calls) {
            self.next_scan = now;
        }
    }

    /// Compares the folder with what is known of it.
    async fn scan(&mut self) {
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
    async fn look(&mut self) {
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

    fn judge(&mut self, name: &str, seen: Examined) -> Option<Change> {
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
    fn await_end(&mut self, name: &str, unfinished: Unfinished, now: Instant) -> Option<Change> {
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

    /// Writes changes; where the disk is full or the database locked, waits and tries again until it succeeds.
    async fn write(&mut self, changes: Vec<Change>) {
        if changes.is_empty() {
            return;
        }
        let changes = Arc::new(changes);
        let becomes_running =
            self.state == SessionState::Waiting && changes.iter().any(|c| c.file.entry.state == FileState::Measured);
        let mut pause = Duration::from_millis(250);
        let mut in_trouble = false;
        loop {
            let (row, id, revision, name) = (self.row, self.id, self.revision, self.name.clone());
            let batch = Arc::clone(&changes);
            let written = self.store.write_async(move |work| {
                batch::write(work, row, id, revision, &batch)?;
                if becomes_running {
                    work.set_state(row, SessionState::Running, None)?;
                    let event = RecordEvent::SessionChanged {
                        name,
                        state: SessionState::Running,
                        reason: None,
                    };
                    work.append(row, id, event)?;
                }
                Ok(())
            });
            match written.await {
                Ok(()) => break,
                Err(StoreError::Closed) => return,
                Err(error) => {
                    // Nothing is lost: the files are still there, and what was read of them is still here.
                    in_trouble = true;
                    let refusal = Refusal::from(error);
                    tracing::warn!("storing waits: {refusal}");
                    self.announcements.live(LiveEvent::StoreTrouble {
                        code: refusal.code,
                        message: refusal.message,
                    });
                    tokio::select! {
                        () = tokio::time::sleep(pause) => pause = (pause * 2).min(Duration::from_secs(10)),
                        // The files are still in their folder: the next start finds them.
                        () = closes(&mut self.closing) => return,
                    }
                }
            }
        }
        if in_trouble {
            self.announcements.live(LiveEvent::StoreTrouble {
                code: String::new(),
                message: String::new(),
            });
        }
        if becomes_running {
            self.state = SessionState::Running;
            self.reason = None;
        }
        let now = Instant::now();
        for change in changes.iter() {
            self.remember(change, now);
        }
    }

    fn remember(&mut self, change: &Change, now: Instant) {
        let entry = &change.file.entry;
        let signature = Signature {
            bytes: entry.bytes,
            modified_ns: change.file.modified_ns,
        };
        let known = self.known.note(&entry.file, signature, now);
        if entry.state == FileState::Partial {
            if let (Some((state, reason)), true) = (known.told.clone(), known.file_revision > 0)
                && state != FileState::Partial
            {
                known.before_partial = Some(Box::new(EarlierState { state, reason }));
            }
        } else {
            known.before_partial = None;
            known.unfinished_since = None;
        }
        known.told = Some((entry.state, entry.reason.clone()));
        known.file_revision = entry.file_revision;
        known.try_again = entry.reason.as_deref().is_some_and(is_worth_another_try);
        if let Some(hash) = change.hash {
            known.hash = Some(hash);
        }
        self.measured |= entry.state == FileState::Measured;
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
            let state = if self.measured {
                SessionState::Running
            } else {
                SessionState::Waiting
            };
            self.change_state(state, None).await;
        }
    }

    async fn change_state(&mut self, state: SessionState, reason: Option<String>) {
        if let Err(error) = self.commit_state(None, state, reason).await {
            tracing::warn!("a state could not be stored: {error}");
        }
    }

    /// Stores a state with its record entry, and with the command that asked for it.
    async fn commit_state(
        &mut self,
        command: Option<CommandId>,
        state: SessionState,
        reason: Option<String>,
    ) -> Result<(), StoreError> {
        let (row, id, told) = (self.row, self.id, reason.clone());
        let name = self
            .store
            .write_async(move |work: &mut Work<'_>| {
                let name = work.session_name(row)?;
                work.set_state(row, state, told.as_deref())?;
                let event = match state {
                    SessionState::Finished => RecordEvent::SessionEnded { reason: told },
                    _ => RecordEvent::SessionChanged {
                        name: name.clone(),
                        state,
                        reason: told,
                    },
                };
                work.append(row, id, event)?;
                if let Some(command) = command {
                    work.settle_command(command, &Outcome::Done)?;
                }
                Ok(name)
            })
            .await?;
        (self.name, self.state, self.reason) = (name, state, reason);
        Ok(())
    }

    async fn obey(&mut self, message: Message) {
        match message {
            Message::Pause(id, reply) => {
                let result = self.steer(id, SessionState::Paused, "running", Self::looks).await;
                self.rest().await;
                drop(reply.send(result));
            }
            Message::Resume(id, reply) => {
                let state = self.state_when_looking();
                let result = self
                    .steer(id, state, "paused", |s| s.state == SessionState::Paused)
                    .await;
                self.look_afresh();
                drop(reply.send(result));
            }
            Message::Stop(id, reply) => {
                let result = self
                    .steer(id, SessionState::Finished, "going on", |s| {
                        s.state != SessionState::Finished
                    })
                    .await;
                self.rest().await;
                drop(reply.send(result));
            }
            Message::Reopen(id, reply) => {
                let state = self.state_when_looking();
                let ended = |s: &Self| matches!(s.state, SessionState::Finished | SessionState::Failed);
                let result = self.steer(id, state, "ended", ended).await;
                self.look_afresh();
                drop(reply.send(result));
            }
            Message::Revise(id, seen, settings, reply) => {
                drop(reply.send(self.revise(id, seen, *settings).await));
            }
            Message::Shutdown => {}
        }
    }

    /// Compares the whole folder with the store again, as after a start.
    fn look_afresh(&mut self) {
        (self.loaded, self.first_scan, self.next_scan) = (false, true, Instant::now());
    }

    fn state_when_looking(&self) -> SessionState {
        if self.measured {
            SessionState::Running
        } else {
            SessionState::Waiting
        }
    }

    async fn steer(
        &mut self,
        command: CommandId,
        state: SessionState,
        needed: &str,
        allowed: impl Fn(&Self) -> bool,
    ) -> Result<Outcome, Refusal> {
        if !allowed(self) {
            let message = format!("The session \"{}\" is not {needed}.", self.name);
            return Err(Refusal::new("wrong_state", message, "Look at its state and try again."));
        }
        self.commit_state(Some(command), state, None).await?;
        Ok(Outcome::Done)
    }

    /// Lets go of the folder.
    async fn rest(&mut self) {
        if self.looks() {
            return;
        }
        self.watcher = None;
        self.agenda.clear();
        self.trouble = None;
        if let Some(simulation) = self.simulation.take() {
            simulation.stop().await;
        }
    }

    async fn revise(&mut self, command: CommandId, seen: u32, settings: Settings) -> Result<Outcome, Refusal> {
        if seen != self.revision {
            let message = format!(
                "The settings were changed meanwhile: revision {} is in force, not {seen}.",
                self.revision
            );
            return Err(Refusal::new(
                "settings_changed_meanwhile",
                message,
                "Look at the newest settings and try again.",
            ));
        }
        let rules = Rules::new(&settings)?;
        let everything = self.rules.settings.needs_measuring_anew(&settings) || self.recomputation.is_some();
        let (row, id, operation) = (self.row, self.id, OperationId::new());
        let outcome = self
            .store
            .write_async(move |work| {
                let revision = work.add_revision(row, &settings)?;
                let event = RecordEvent::SettingsRevised {
                    revision,
                    settings: Box::new(settings),
                };
                work.append(row, id, event)?;
                if !everything {
                    let measurements = work.finish_recomputation(row, revision)?;
                    work.append(row, id, RecordEvent::Recomputed { revision, measurements })?;
                }
                let outcome = Outcome::Revised { revision, operation };
                work.settle_command(command, &outcome)?;
                Ok(outcome)
            })
            .await?;
        if let Outcome::Revised { revision, .. } = outcome {
            self.revision = revision;
        }
        self.rules = Arc::new(rules);
        if everything {
            if let Some(earlier) = self.recomputation.take() {
                earlier.cancel().await;
            }
            self.start_recomputation(operation);
        }
        Ok(outcome)
    }

    fn start_recomputation(&mut self, operation: OperationId) {
        let job = recompute::Job {
            store: self.store.clone(),
            announcements: self.announcements.clone(),
            session: self.id,
            row: self.row,
            revision: self.revision,
            rules: Arc::clone(&self.rules),
            operation,
        };
        self.recomputation = Some(Recomputation::start(job));
    }

    fn after_recomputation(&mut self, done: Option<recompute::Done>) {
        self.recomputation = None;
        let Some(done) = done else { return };
        self.known.set_places(done.places);
        // Files of which nothing is kept, such as those whose names did not fit, are looked at under the new rules.
        self.known.forget_unkept();
        self.next_scan = Instant::now();
    }

    fn start_simulation(&mut self) {
        if let Source::Simulated { instrument, .. } = &self.source
            && self.simulation.is_none()
        {
            self.simulation = Some(Simulation::start(&self.folder, instrument));
        }
    }

    /// Ends a session whose files are all done.
    async fn finish_if_done(&mut self) {
        if !self.looks() || self.first_scan || self.agenda.next().is_some() {
            return;
        }
        let reason = match (&self.source, &self.simulation) {
            (Source::ImportedFiles { .. }, _) if self.trouble.is_none() => "all files were read",
            (Source::Simulated { .. }, Some(simulation)) if simulation.ended() => {
                if let Some(refusal) = simulation.failure() {
                    let message = format!("{} {}", refusal.message, refusal.hint);
                    self.change_state(SessionState::Failed, Some(message)).await;
                    self.rest().await;
                    return;
                }
                if !simulation.all_seen(&self.known) {
                    return;
                }
                "the simulated experiment is over"
            }
            _ => return,
        };
        self.change_state(SessionState::Finished, Some(reason.to_owned())).await;
        self.rest().await;
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

async fn next_wake(watcher: &mut Option<Watcher>) -> Wake {
    match watcher {
        Some(watcher) => watcher.next().await,
        None => std::future::pending().await,
    }
}

async fn sleep_until(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time).await,
        None => std::future::pending().await,
    }
}

/// Returns when the engine closes.
async fn closes(closing: &mut watch::Receiver<bool>) {
    // An engine that is gone has closed too.
    drop(closing.wait_for(|closing| *closing).await);
}
