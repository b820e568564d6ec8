//! The session's own task: waits for commands, wake-up calls and due looks, and does one thing at a time.

mod folder;
mod looking;
mod steering;
mod storing;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use protocol::author::Author;
use protocol::command::Outcome;
use protocol::ids::{CommandId, OperationId, SessionId};
use protocol::refusal::Refusal;
use protocol::session::{SessionState, Source};
use protocol::settings::Settings;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use folder::Found;
use looking::Looks;
use storing::Unwritten;

use super::agenda::Agenda;
use super::known::KnownFiles;
use super::recompute::{self, Recomputation};
use super::simulation::Simulation;
use crate::analysis::Rules;
use crate::announcements::Announcements;
use crate::intake::{Beyond, FolderTrouble, ImportLimits, Wake, Watcher};
use crate::store::{SessionRow, Store};

/// After an event that is not a close, the writer gets this long to finish.
const AFTER_EVENT: Duration = Duration::from_millis(10);
/// Shortest time between two scans of the folder.
const RESCAN: Duration = Duration::from_secs(2);

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
    Revise(CommandId, Author, u32, Box<Settings>, Reply),
    /// End the task; the session's state stays as it is.
    Shutdown,
}

pub(crate) type Reply = oneshot::Sender<Result<Outcome, Refusal>>;

/// The engine's end of a session's task.
pub(crate) struct SessionHandle {
    pub messages: mpsc::Sender<Message>,
    pub task: JoinHandle<()>,
    pub waiting: Arc<AtomicU64>,
}

/// Starts a session's task.
pub(crate) fn spawn(
    row: &SessionRow,
    rules: Rules,
    store: Store,
    announcements: Announcements,
    closing: watch::Receiver<bool>,
    limits: ImportLimits,
) -> SessionHandle {
    let (messages, inbox) = mpsc::channel(32);
    let actor = Actor::new(row, rules, store, announcements, closing, limits);
    let waiting = Arc::clone(&actor.waiting);
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
    /// Counts the changes of settings by which files are measured.
    measuring: u32,
    /// A look into the folder that goes on.
    listing: Option<JoinHandle<Found>>,
    /// Looks at files that go on.
    looks: Option<Looks>,
    unwritten: Option<Unwritten>,
    waiting: Arc<AtomicU64>,
    closing: watch::Receiver<bool>,
    limits: ImportLimits,
    /// Files of an import that are beyond its limits.
    beyond: HashMap<String, Beyond>,
}

impl Actor {
    fn new(
        row: &SessionRow,
        rules: Rules,
        store: Store,
        announcements: Announcements,
        closing: watch::Receiver<bool>,
        limits: ImportLimits,
    ) -> Self {
        Self {
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
            measuring: 0,
            listing: None,
            looks: None,
            unwritten: None,
            waiting: Arc::new(AtomicU64::new(1)),
            closing,
            limits,
            beyond: HashMap::new(),
        }
    }

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
            let (due, looks) = (self.agenda.next(), self.looks());
            // One thing at a time; whatever goes on, commands are heard.
            let is_free = looks && self.listing.is_none() && self.looks.is_none() && self.unwritten.is_none();
            let unwritten = self.unwritten.as_ref().map(|unwritten| unwritten.due);
            tokio::select! {
                biased;
                () = storing::closes(&mut self.closing) => break,
                message = inbox.recv() => match message {
                    None | Some(Message::Shutdown) => break,
                    Some(message) => self.obey(message).await,
                },
                done = recompute::finished(&mut self.recomputation) => self.after_recomputation(done),
                found = folder::found(&mut self.listing) => self.end_scan(found).await,
                seen = looking::seen(&mut self.looks) => self.end_looks(seen).await,
                () = storing::is_due(unwritten) => self.write_what_waits().await,
                () = tokio::time::sleep_until(self.next_scan), if is_free => self.begin_scan().await,
                () = storing::is_due(due), if is_free => self.begin_looks(),
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
        let looked_at =
            self.looks.as_ref().map_or(0, Looks::count) + self.unwritten.as_ref().map_or(0, Unwritten::count);
        let waiting = (self.agenda.len() + looked_at) as u64 + busy + u64::from(self.recomputation.is_some());
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

    fn start_simulation(&mut self) {
        if let Source::Simulated { instrument, .. } = &self.source
            && self.simulation.is_none()
        {
            self.simulation = Some(Simulation::start(&self.folder, instrument));
        }
    }

    /// Ends a session whose files are all done.
    async fn finish_if_done(&mut self) {
        let goes_on = self.listing.is_some() || self.looks.is_some() || self.unwritten.is_some();
        if !self.looks() || self.first_scan || goes_on || self.agenda.next().is_some() {
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

async fn next_wake(watcher: &mut Option<Watcher>) -> Wake {
    match watcher {
        Some(watcher) => watcher.next().await,
        None => std::future::pending().await,
    }
}
