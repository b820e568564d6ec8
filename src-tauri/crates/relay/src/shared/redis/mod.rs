//! What relays share, in Redis: one script for each operation, so that each happens as a whole.
//!
//! All keys of a channel have the hash tag `{channel}`. The clock is that of Redis. Nothing in it opens anything: frames are
//! sealed, tokens are hashed. Whoever writes names its fence; scripts refuse any other than the newest.

mod address;
mod answers;
mod listening;
mod names;
mod owning;
mod readiness;
mod viewing;

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use protocol::codes::Channel;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncTypedCommands, Script, Value};
use tokio::sync::{mpsc, oneshot};

pub use self::address::RedisAddress;
use self::answers::Answer;
use self::names::{down, up};
pub use self::readiness::NotReady;
use self::readiness::Readiness;
use super::{Away, Ear, RelayId};
use crate::limits::Limits;

/// A lease that is not renewed for so long is free.
const LEASE_MS: u64 = 6_000;
/// Relays that are to be asked whether viewers are still there say so within this time.
const STAY_S: u64 = 60;
/// Redis answers within this time, or is away.
const PATIENCE: Duration = Duration::from_secs(2);

/// Channels in Redis, as one relay of several sees them.
pub struct Redis {
    id: RelayId,
    commands: ConnectionManager,
    keep_s: u64,
    retired_s: u64,
    wishes: mpsc::UnboundedSender<listening::Wish>,
    readiness: Arc<Readiness>,
    asked: Arc<Mutex<HashMap<u64, oneshot::Sender<()>>>>,
    next_question: AtomicU64,
    ear: Weak<dyn Ear>,
}

macro_rules! scripts {
    ($($name:ident = $file:literal),* $(,)?) => {
        /// The scripts, read once.
        mod scripts {
            use std::sync::LazyLock;
            use redis::Script;
            $(pub static $name: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!($file)));)*
        }
    };
}

scripts! {
    APPEND = "append.lua",
    BEGIN = "begin.lua",
    CLAIM = "claim.lua",
    ENTER = "enter.lua",
    LATEST = "latest.lua",
    LEAVE = "leave.lua",
    PUBLISH = "publish.lua",
    RELEASE = "release.lua",
    RENEW = "renew.lua",
    RETIRE = "retire.lua",
    STAY = "stay.lua",
    VIEW = "view.lua",
}

impl Redis {
    /// Begins to use Redis; it need not be there yet. `ear` hears the news.
    ///
    /// # Errors
    /// The system gives no randomness, or the address cannot be used.
    pub fn start(address: &RedisAddress, limits: &Limits, ear: Weak<dyn Ear>) -> Result<Self, String> {
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|error| error.to_string())?;
        let id = RelayId(id);
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(0)
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        let commands = ConnectionManager::new_lazy_with_config(address.0.clone(), config)
            .map_err(|_| "the address of Redis cannot be used".to_owned())?;
        let (wishes, wished) = mpsc::unbounded_channel();
        let readiness = Arc::new(Readiness::new());
        let asked = Arc::default();
        let listening = listening::Listening {
            id,
            client: address.0.clone(),
            commands: commands.clone(),
            readiness: Arc::clone(&readiness),
            asked: Arc::clone(&asked),
            ear: ear.clone(),
        };
        tokio::spawn(listening.run(wished));
        tokio::spawn(readiness::watch(
            commands.clone(),
            Arc::downgrade(&readiness),
            id,
            ear.clone(),
        ));
        Ok(Self {
            id,
            commands,
            keep_s: limits.forget_after.as_secs(),
            retired_s: limits.forget_retired_after.as_secs(),
            wishes,
            readiness,
            asked,
            next_question: AtomicU64::new(0),
            ear,
        })
    }

    /// Why and since when Redis cannot be used.
    pub fn not_ready(&self) -> Option<NotReady> {
        self.readiness.not_ready()
    }

    /// Whether asking Redis is of no use now.
    pub fn is_away(&self) -> bool {
        self.readiness.is_away()
    }

    /// Whether Redis has so little room left that it is for the channels that are there.
    pub fn is_nearly_full(&self) -> bool {
        self.readiness.is_nearly_full()
    }

    async fn run(&self, script: &Script, keys: &[Vec<u8>], arguments: &[&[u8]]) -> Result<Answer, Away> {
        if self.readiness.is_away() {
            return Err(Away);
        }
        let mut invocation = script.prepare_invoke();
        for key in keys {
            invocation.key(key);
        }
        for argument in arguments {
            invocation.arg(*argument);
        }
        let mut commands = self.commands.clone();
        let answer: Result<Vec<Value>, _> = invocation.invoke_async(&mut commands).await;
        answer.map(Answer::new).map_err(|error| self.away(&error))
    }

    /// An operation failed: with it all others, where Redis cannot be used now, or it alone.
    fn away(&self, error: &redis::RedisError) -> Away {
        if readiness::is_unusable(error) {
            self.readiness.fail(error);
        } else {
            tracing::warn!(
                "Redis refused one operation: {}",
                error.code().unwrap_or("no answer that is known")
            );
            if let Some(ear) = self.ear.upgrade() {
                ear.operation_failed();
            }
        }
        Away
    }

    async fn send(&self, to: &[u8], bytes: &[u8]) -> Result<usize, Away> {
        if self.readiness.is_away() {
            return Err(Away);
        }
        let mut commands = self.commands.clone();
        let sent = commands.publish(to, bytes).await;
        sent.map_err(|error| self.away(&error))
    }

    pub(super) async fn listen(&self, channel: Channel, as_agent: bool) -> Result<(), Away> {
        let (done, subscribed) = oneshot::channel();
        let mut names = vec![down(channel)];
        if as_agent {
            names.push(up(channel));
        }
        self.wishes
            .send(listening::Wish::Listen { names, done })
            .map_err(|_| Away)?;
        subscribed.await.map_err(|_| Away)
    }

    pub(super) fn stop_listening(&self, channel: Channel) {
        let names = vec![down(channel), up(channel)];
        // The listener ends with the process only.
        drop(self.wishes.send(listening::Wish::Stop { names }));
    }
}
