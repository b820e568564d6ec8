//! The engine: one profile's sessions, and the three kinds of call through which every door uses them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use protocol::author::Author;
use protocol::codes::Channel;
use protocol::columns::Columns;
use protocol::command::{Command, Outcome};
use protocol::ids::{CommandId, OperationId, SessionId};
use protocol::query::{Answer, ColumnQuery, Query};
use protocol::record::LiveEvent;
use protocol::refusal::Refusal;
use tokio::sync::{Mutex as AsyncMutex, oneshot, watch};

use crate::announcements::{Announcements, Subscription};
use crate::clock::Clock;
use crate::intake::ImportLimits;
use crate::profile::{ProfileLocation, ProfileLock};
use crate::session::{Message, SessionHandle};
use crate::store::{Store, StoreError};
use crate::{commanding, querying};

/// How an engine is opened.
#[derive(Debug, Clone, Default)]
pub struct EngineOptions {
    /// Name of the program, told to another one that wants the same profile.
    pub program: String,
    /// The clock by which temporary sessions expire.
    pub clock: Clock,
    /// What one import may hold.
    pub limits: ImportLimits,
}

impl EngineOptions {
    /// Those of a program.
    pub fn of(program: &str) -> Self {
        Self {
            program: program.to_owned(),
            ..Self::default()
        }
    }
}

/// One profile's engine. Cloning shares it.
#[derive(Clone)]
pub struct Engine {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub location: ProfileLocation,
    pub store: Store,
    pub announcements: Announcements,
    pub sessions: AsyncMutex<HashMap<SessionId, SessionHandle>>,
    pub operations: Mutex<HashMap<OperationId, Arc<AtomicBool>>>,
    pub clock: Clock,
    pub limits: ImportLimits,
    pub closing: watch::Sender<bool>,
    /// Commands that are being carried out.
    commands: Mutex<HashMap<CommandId, Arc<AsyncMutex<()>>>>,
    lock: Mutex<Option<ProfileLock>>,
}

impl Engine {
    /// Opens a profile, making it if it is new, and goes on with every session that was going on.
    ///
    /// # Errors
    /// The profile is in use, its folder cannot be used, or its database is newer, damaged or not writable.
    pub async fn open(location: ProfileLocation, options: EngineOptions) -> Result<Self, Refusal> {
        let engine = Self::open_at_rest(location, options).await?;
        commanding::go_on_after_start(&engine).await?;
        engine.let_expire();
        Ok(engine)
    }

    /// The same for a program that a second start of it finds under a name.
    ///
    /// # Errors
    /// As [`Engine::open`].
    pub async fn open_as(location: ProfileLocation, options: EngineOptions, instance: &str) -> Result<Self, Refusal> {
        let engine = Self::open_locked(location, options, Some(instance)).await?;
        commanding::go_on_after_start(&engine).await?;
        Ok(engine)
    }

    /// Opens a profile, making it if it is new, without going on with any session: for programs that are about one
    /// session ([`Engine::go_on`]) or about none.
    ///
    /// # Errors
    /// As [`Engine::open`].
    pub async fn open_at_rest(location: ProfileLocation, options: EngineOptions) -> Result<Self, Refusal> {
        Self::open_locked(location, options, None).await
    }

    async fn open_locked(
        location: ProfileLocation,
        options: EngineOptions,
        instance: Option<&str>,
    ) -> Result<Self, Refusal> {
        let program = if options.program.is_empty() {
            "sacmes"
        } else {
            &options.program
        };
        let lock = location.lock_as(program, instance)?;
        let announcements = Announcements::default();
        let (path, announcer) = (location.database(), announcements.clone());
        let opened = tokio::task::spawn_blocking(move || Store::open(&path, Box::new(move |e| announcer.record(e))));
        let store = opened.await.map_err(|_| StoreError::Closed)??;
        let inner = Inner {
            location,
            store,
            announcements,
            sessions: AsyncMutex::default(),
            operations: Mutex::default(),
            clock: options.clock,
            limits: options.limits,
            closing: watch::Sender::new(false),
            commands: Mutex::default(),
            lock: Mutex::new(Some(lock)),
        };
        let engine = Self { inner: Arc::new(inner) };
        let folder = engine.inner.location.folder();
        let store = &engine.inner.store;
        store.write_async(move |work| work.come_home(&folder)).await?;
        commanding::forget_old_commands(&engine).await?;
        engine.note_start().await?;
        Ok(engine)
    }

    /// Goes on with one session as it was when the profile was last open: looks for files if it was looking, finishes a
    /// recomputation that was not finished. Nothing happens where it goes on already.
    ///
    /// # Errors
    /// There is no such session, or the store cannot be read.
    pub async fn go_on(&self, session: SessionId) -> Result<(), Refusal> {
        commanding::handle_of(self, session).await.map(drop)
    }

    /// Deletes temporary sessions as their time is over, as long as this engine is open. [`Engine::open`] begins with it.
    pub fn let_expire(&self) {
        commanding::expire_in_time(self);
    }

    /// Answers a query.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn query(&self, query: Query) -> Result<Answer, Refusal> {
        querying::answer(self, query).await
    }

    /// Answers a query whose answer is columns of numbers.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn columns(&self, query: ColumnQuery) -> Result<Columns, Refusal> {
        querying::columns(self, query).await
    }

    /// Carries out a command, once: a repeat with the same id returns the first outcome.
    ///
    /// # Errors
    /// Why nothing was done.
    pub async fn command(&self, id: CommandId, command: Command) -> Result<Outcome, Refusal> {
        self.command_by(id, Author::Here, command).await
    }

    /// Carries out a command of somebody who may sit elsewhere; what they write carries that.
    ///
    /// # Errors
    /// As [`Engine::command`].
    pub async fn command_by(&self, id: CommandId, by: Author, command: Command) -> Result<Outcome, Refusal> {
        if *self.inner.closing.borrow() {
            return Err(StoreError::Closed.into());
        }
        // A repeat that comes while the first is under way waits for its outcome.
        let under_way = {
            let mut commands = self.inner.commands.lock().map_err(|_| StoreError::Closed)?;
            Arc::clone(commands.entry(id).or_default())
        };
        let turn = under_way.lock().await;
        let outcome = self.carry_out_once(id, by, command).await;
        drop(turn);
        if let Ok(mut commands) = self.inner.commands.lock()
            && Arc::strong_count(&under_way) == 2
        {
            commands.remove(&id);
        }
        outcome
    }

    async fn carry_out_once(&self, id: CommandId, by: Author, command: Command) -> Result<Outcome, Refusal> {
        let store = self.inner.store.clone();
        let settled = tokio::task::spawn_blocking(move || store.settled_command(id)).await;
        if let Some(outcome) = settled.map_err(|_| StoreError::Closed)?? {
            return Ok(outcome);
        }
        commanding::carry_out(self, id, by, command).await
    }

    /// Counts the changes of the profile's notes.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn notes_version(&self) -> Result<u64, Refusal> {
        let store = self.inner.store.clone();
        let version = tokio::task::spawn_blocking(move || store.notes_version()).await;
        Ok(version.map_err(|_| StoreError::Closed)??)
    }

    /// Listens to everything that happens from now on.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn subscribe(&self) -> Result<Subscription, Refusal> {
        let newest = self.inner.store.newest_offset()?;
        Ok(self.subscribe_after(newest))
    }

    /// Listens from an offset of the record on: what came after it first, then everything new.
    pub fn subscribe_after(&self, offset: u64) -> Subscription {
        self.inner.announcements.subscribe(&self.inner.store, offset)
    }

    /// How much is still to be looked at, measured or written; 0 when everything that is there was taken in.
    pub async fn waiting(&self) -> u64 {
        let sessions = self.inner.sessions.lock().await;
        let looks: u64 = sessions.values().map(|s| s.waiting.load(Ordering::Relaxed)).sum();
        looks + self.inner.store.queue_length()
    }

    /// Whether a long operation goes on.
    pub fn works_on(&self, operation: OperationId) -> bool {
        let operations = self.inner.operations.lock();
        operations.is_ok_and(|operations| operations.contains_key(&operation))
    }

    /// How many long operations go on.
    pub fn operations(&self) -> usize {
        self.inner.operations.lock().map_or(0, |operations| operations.len())
    }

    /// The newest word of an operation of this start of the program, as long as it is remembered.
    pub fn last_word_of(&self, operation: OperationId) -> Option<LiveEvent> {
        self.inner.announcements.last_word_of(operation)
    }

    /// Where the profile lives.
    pub fn location(&self) -> &ProfileLocation {
        &self.inner.location
    }

    /// The channel of the User ID that this store belongs to, if one was remembered.
    ///
    /// # Errors
    /// The store cannot be read, or holds something else there.
    pub async fn remembered_channel(&self) -> Result<Option<Channel>, Refusal> {
        let store = self.inner.store.clone();
        let channel = tokio::task::spawn_blocking(move || store.remembered_channel()).await;
        Ok(channel.map_err(|_| StoreError::Closed)??)
    }

    /// Remembers the channel of the User ID that this store belongs to.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn remember_channel(&self, channel: Channel) -> Result<(), Refusal> {
        self.inner
            .store
            .write_async(move |work| work.remember_channel(channel))
            .await?;
        Ok(())
    }

    /// Stops everything, commits what waits and lets go of the profile. Sessions go on at the next start.
    pub async fn close(&self) {
        self.inner.closing.send_replace(true);
        if let Ok(operations) = self.inner.operations.lock() {
            operations
                .values()
                .for_each(|cancelled| cancelled.store(true, Ordering::Relaxed));
        }
        let handles: Vec<SessionHandle> = self
            .inner
            .sessions
            .lock()
            .await
            .drain()
            .map(|(_, handle)| handle)
            .collect();
        for handle in &handles {
            drop(handle.messages.send(Message::Shutdown).await);
        }
        for handle in handles {
            if let Err(error) = handle.task.await {
                tracing::error!("a session ended in a panic: {error}");
            }
        }
        let store = self.inner.store.clone();
        drop(tokio::task::spawn_blocking(move || store.close()).await);
        if let Ok(mut lock) = self.inner.lock.lock() {
            lock.take();
        }
    }

    /// The folder into which simulated potentiostats write, inside the profile's own.
    pub(crate) fn simulated_folder(&self, session: SessionId) -> PathBuf {
        self.inner.location.folder().join("simulated").join(session.to_string())
    }

    /// Sends a message to a session's task, starting it if need be, and waits for what came of it.
    pub(crate) async fn tell(
        &self,
        session: SessionId,
        message: impl FnOnce(oneshot::Sender<Result<Outcome, Refusal>>) -> Message,
    ) -> Result<Outcome, Refusal> {
        let (reply, answer) = oneshot::channel();
        let messages = commanding::handle_of(self, session).await?;
        messages.send(message(reply)).await.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }
}

/// An absolute path of a folder that is there.
pub(crate) fn absolute(folder: &str) -> Result<PathBuf, Refusal> {
    let path = Path::new(folder);
    if folder.trim().is_empty() {
        let hint = "Choose the folder into which the potentiostat saves its files.";
        return Err(Refusal::new("no_folder", "No folder was given.", hint));
    }
    std::path::absolute(path).map_err(|e| {
        Refusal::new(
            "folder_unreadable",
            format!("{folder} is not a path: {e}."),
            "Choose the folder again.",
        )
    })
}
