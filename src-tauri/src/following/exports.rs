//! Exports from an agent elsewhere: it writes a file of its own, which is fetched, checked and put where a person chose. Until it is there,
//! the export goes on; of one that fails nothing is left.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use agent::export::AtomicFile;
use protocol::command::Command;
use protocol::ids::{CommandId, OperationId, SessionId};
use protocol::record::{LiveEvent, OperationOutcome};
use protocol::refusal::Refusal;
use protocol::relay::body::News as FromAgent;
use remote::following::Follower;
use tauri::async_runtime::JoinHandle;
use tokio::sync::mpsc;

/// A finished export is offered at once; where it is not, something is wrong.
const OFFERED_WITHIN: Duration = Duration::from_secs(30);
/// How often a file is asked for before it is given up: control is proven anew in each visit.
const ATTEMPTS: usize = 3;
/// Files that were offered before their operation was known.
const EARLY: usize = 8;
/// Bytes between two words about progress.
const STEP: u64 = 256 << 10;

/// What is told of an export.
pub struct News(pub LiveEvent);

/// The exports that were asked for here. Cloning shares them.
#[derive(Clone)]
pub struct Exports {
    follower: Follower,
    tell: mpsc::Sender<News>,
    open: Arc<Mutex<Open>>,
}

#[derive(Default)]
struct Open {
    exports: HashMap<OperationId, Export>,
    early: HashMap<OperationId, FromAgent>,
    /// Exports that were ordered and not answered yet.
    ordered: usize,
    /// Ends that came meanwhile, of operations that nobody knows yet.
    held: Vec<LiveEvent>,
}

/// While it lives, an export is being ordered.
pub struct Ordering(Exports);

impl Drop for Ordering {
    fn drop(&mut self) {
        let mut open = self.0.lock();
        open.ordered -= 1;
        if open.ordered > 0 {
            return;
        }
        // Whoever they are of, it is none of these exports.
        for event in std::mem::take(&mut open.held) {
            let tell = self.0.tell.clone();
            tauri::async_runtime::spawn(async move { tell.send(News(event)).await });
        }
    }
}

struct Export {
    id: CommandId,
    command: Command,
    session: SessionId,
    destination: PathBuf,
    /// What goes on for it: waiting for the offer, or fetching.
    task: Option<JoinHandle<()>>,
    is_fetching: bool,
}

impl Export {
    fn stop(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }
}

impl Exports {
    /// None yet.
    pub fn new(follower: Follower, tell: mpsc::Sender<News>) -> Self {
        Self {
            follower,
            tell,
            open: Arc::default(),
        }
    }

    /// An export is about to be ordered: its end may come before its operation is known.
    pub fn order(&self) -> Ordering {
        self.lock().ordered += 1;
        Ordering(self.clone())
    }

    /// The agent has accepted an export whose file belongs at this place.
    pub fn began(&self, operation: OperationId, id: CommandId, command: Command, destination: PathBuf) {
        let session = match &command {
            Command::Export { session, .. } | Command::ExportFigure { session, .. } => *session,
            _ => return,
        };
        let export = Export {
            id,
            command,
            session,
            destination,
            task: None,
            is_fetching: false,
        };
        let is_its =
            |event: &mut LiveEvent| matches!(event, LiveEvent::Progress { operation: of, .. } if *of == operation);
        let (early, ends) = {
            let mut open = self.lock();
            open.exports.insert(operation, export);
            let ends: Vec<LiveEvent> = open.held.extract_if(.., is_its).collect();
            (open.early.remove(&operation), ends)
        };
        for event in ends.into_iter().filter_map(|event| self.heard(event)) {
            let tell = self.tell.clone();
            tauri::async_runtime::spawn(async move { tell.send(News(event)).await });
        }
        if let Some(ready) = early {
            self.ready(ready);
        }
    }

    /// What the page is told of something that happened: that a file is ready there is not yet the end here.
    pub fn heard(&self, event: LiveEvent) -> Option<LiveEvent> {
        let LiveEvent::Progress { operation, outcome, .. } = &event else {
            return Some(event);
        };
        let operation = *operation;
        let mut open = self.lock();
        if !open.exports.contains_key(&operation) && outcome.is_some() && open.ordered > 0 && open.held.len() < EARLY {
            open.held.push(event);
            return None;
        }
        let Some(export) = open.exports.get_mut(&operation) else {
            return Some(event);
        };
        if !export.is_fetching {
            // It gets on: what waited for a sign waits no longer.
            export.stop();
        }
        match outcome {
            None => Some(event),
            Some(OperationOutcome::Done) => {
                if !export.is_fetching {
                    export.task = Some(self.wait_for_offer(operation, not_offered()));
                }
                None
            }
            Some(_) => {
                export.stop();
                open.exports.remove(&operation);
                Some(event)
            }
        }
    }

    /// A file is ready there.
    pub fn ready(&self, ready: FromAgent) {
        let FromAgent::Ready { operation, .. } = &ready else {
            return;
        };
        let operation = *operation;
        let mut open = self.lock();
        match open.exports.get_mut(&operation) {
            Some(export) if export.is_fetching => {}
            Some(export) => {
                export.stop();
                export.is_fetching = true;
                let (all, of) = (self.clone(), export.clone_order());
                export.task = Some(tauri::async_runtime::spawn(async move {
                    let outcome = match all.fetch(operation, &of, &ready).await {
                        Ok(()) => OperationOutcome::Done,
                        Err(refusal) => OperationOutcome::Failed { refusal },
                    };
                    all.finish(operation, outcome).await;
                }));
            }
            // News may overtake the outcome that names their operation.
            None => {
                if open.early.len() >= EARLY {
                    open.early.clear();
                }
                open.early.insert(operation, ready);
            }
        }
    }

    /// A new visit: in it the agent says where a file is once the command is repeated, which has no second effect.
    pub fn visited(&self) {
        let mut open = self.lock();
        for (operation, export) in &mut open.exports {
            if export.is_fetching {
                continue;
            }
            export.stop();
            let (all, operation, order) = (self.clone(), *operation, export.clone_order());
            export.task = Some(tauri::async_runtime::spawn(async move {
                let refusal = match all.follower.command(order.id, order.command).await {
                    Ok(_) => {
                        tokio::time::sleep(OFFERED_WITHIN).await;
                        lost()
                    }
                    Err(refusal) => refusal,
                };
                all.finish(operation, OperationOutcome::Failed { refusal }).await;
            }));
        }
    }

    /// Stops what is on its way here; false where the agent has to be told.
    pub fn cancel(&self, operation: OperationId) -> bool {
        let mut open = self.lock();
        let Some(export) = open.exports.get_mut(&operation).filter(|export| export.is_fetching) else {
            return false;
        };
        export.stop();
        let all = self.clone();
        tauri::async_runtime::spawn(async move { all.finish(operation, OperationOutcome::Cancelled).await });
        true
    }

    /// Nothing more comes.
    pub fn end(&self) {
        let mut open = self.lock();
        open.exports.values_mut().for_each(Export::stop);
        open.exports.clear();
    }

    fn wait_for_offer(&self, operation: OperationId, refusal: Refusal) -> JoinHandle<()> {
        let all = self.clone();
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(OFFERED_WITHIN).await;
            all.finish(operation, OperationOutcome::Failed { refusal }).await;
        })
    }

    async fn fetch(&self, operation: OperationId, of: &OrderOf, ready: &FromAgent) -> Result<(), Refusal> {
        let mut attempt = 1;
        loop {
            match self.fetch_once(operation, of, ready).await {
                Err(refusal) if refusal.code == "control_needed" && attempt < ATTEMPTS => {
                    attempt += 1;
                    // In a visit of its own: the same command again proves control.
                    self.follower.command(of.id, of.command.clone()).await?;
                }
                other => return other,
            }
        }
    }

    async fn fetch_once(&self, operation: OperationId, of: &OrderOf, ready: &FromAgent) -> Result<(), Refusal> {
        let not_writable = |error: io::Error| not_writable(&of.destination, &error);
        let total = match ready {
            FromAgent::Ready { bytes, .. } => *bytes,
            FromAgent::Progress { .. } => 0,
        };
        let mut file = AtomicFile::create(&of.destination).map_err(not_writable)?;
        let counting = Counting {
            file: &mut file,
            done: 0,
            told: 0,
            tell: |done| {
                let progress = progress(operation, of.session, "Fetching, bytes", done, total, None);
                // What is behind is not worth waiting for.
                drop(self.tell.try_send(News(progress)));
            },
        };
        self.follower.fetch(ready, counting).await?;
        let finished = tauri::async_runtime::spawn_blocking(move || file.finish()).await;
        finished
            .map_err(|error| not_writable(io::Error::other(error)))?
            .map_err(not_writable)
    }

    async fn finish(&self, operation: OperationId, outcome: OperationOutcome) {
        let export = self.lock().exports.remove(&operation);
        if let Some(export) = export {
            let end = progress(operation, export.session, "Export", 1, 1, Some(outcome));
            drop(self.tell.send(News(end)).await);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What of an export its tasks need.
struct OrderOf {
    id: CommandId,
    command: Command,
    session: SessionId,
    destination: PathBuf,
}

impl Export {
    fn clone_order(&self) -> OrderOf {
        OrderOf {
            id: self.id,
            command: self.command.clone(),
            session: self.session,
            destination: self.destination.clone(),
        }
    }
}

fn progress(
    operation: OperationId,
    session: SessionId,
    label: &str,
    done: u64,
    total: u64,
    outcome: Option<OperationOutcome>,
) -> LiveEvent {
    LiveEvent::Progress {
        operation,
        session,
        label: label.to_owned(),
        done,
        total,
        outcome,
    }
}

fn not_offered() -> Refusal {
    Refusal::new(
        "export_not_offered",
        "The export was made, and the file did not come.",
        "Export it again.",
    )
}

fn lost() -> Refusal {
    Refusal::new(
        "export_lost",
        "The connection was lost while the export was made, and its file does not come here any more.",
        "Export it again.",
    )
}

fn not_writable(destination: &Path, error: &io::Error) -> Refusal {
    Refusal::new(
        "output_not_writable",
        format!("{} cannot be written: {error}.", destination.display()),
        "Choose another place, or make space there.",
    )
}

/// Says now and then how much was written.
struct Counting<'a, F> {
    file: &'a mut AtomicFile,
    done: u64,
    told: u64,
    tell: F,
}

impl<F: FnMut(u64)> Write for Counting<'_, F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.done += written as u64;
        if self.done - self.told >= STEP {
            self.told = self.done;
            (self.tell)(self.done);
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
