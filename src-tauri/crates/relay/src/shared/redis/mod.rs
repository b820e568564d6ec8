//! What relays share, in Redis: one script for each operation, so that each happens as a whole.
//!
//! All keys of a channel have the hash tag `{channel}`. The clock is that of Redis. Nothing in it opens anything: frames are
//! sealed, tokens are hashed. Whoever writes names its fence; scripts refuse any other than the newest.

mod answers;
mod listening;
mod readiness;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use protocol::codes::Channel;
use protocol::relay::{Epoch, Offset, Position, Run};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncTypedCommands, Client, Script, Value};
use tokio::sync::{mpsc, oneshot};

use self::answers::Answer;
pub use self::readiness::NotReady;
use self::readiness::Readiness;
use super::news::padded;
use super::{Away, Claim, Claimed, Door, Ear, Fence, Lease, Lost, News, RelayId, Renewed, View};
use crate::channel::{Appended, Kept};
use crate::limits::Limits;

/// A lease that is not renewed for so long is free.
const LEASE_MS: u64 = 6_000;
/// Relays that are to be asked whether viewers are still there say so within this time.
const STAY_S: u64 = 60;
/// Redis answers within this time, or is away.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where Redis is.
#[derive(Clone)]
pub struct RedisAddress(Client);

impl RedisAddress {
    /// Reads a URL such as `redis://:password@host:6379/0`.
    ///
    /// # Errors
    /// What is wrong with it, in words that do not repeat it: it may have a password.
    pub fn parse(url: &str) -> Result<Self, String> {
        Client::open(url)
            .map(Self)
            .map_err(|_| "this is no address of a Redis, such as redis://localhost:6379/".to_owned())
    }
}

impl std::fmt::Debug for RedisAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RedisAddress")
    }
}

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
        tokio::spawn(readiness::watch(commands.clone(), Arc::downgrade(&readiness), ear));
        Ok(Self {
            id,
            commands,
            keep_s: limits.forget_after.as_secs(),
            retired_s: limits.forget_retired_after.as_secs(),
            wishes,
            readiness,
            asked,
            next_question: AtomicU64::new(0),
        })
    }

    /// Why and since when Redis cannot be used.
    pub fn not_ready(&self) -> Option<NotReady> {
        self.readiness.not_ready()
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

    fn away(&self, error: &redis::RedisError) -> Away {
        self.readiness.fail(error);
        Away
    }

    pub(super) async fn claim(&self, claim: &Claim) -> Result<Claimed, Away> {
        let keys = keys(claim.channel, &["meta", "log", "latest", "lease"]);
        let answer = self
            .run(
                &scripts::CLAIM,
                &keys,
                &[
                    &self.id.0,
                    &claim.process.0,
                    &claim.run.0,
                    &claim.label.0,
                    &claim.owner,
                    &text(claim.generation),
                    &claim.join_hash,
                    &claim.silent.map(padded).unwrap_or_default(),
                    &text(LEASE_MS),
                    &text(self.keep_s),
                    &down(claim.channel),
                ],
            )
            .await?;
        match answer.word() {
            b"YES" => Ok(Claimed::Yes {
                fence: answer.number(1).ok_or(Away)?,
                first: answer.bytes(2) == b"1",
                position: answer.position(3),
            }),
            b"HELD" => answer.lease(1).map(Claimed::Held).ok_or(Away),
            b"RETIRED" => Ok(Claimed::Retired),
            _ => Err(Away),
        }
    }

    pub(super) async fn renew(&self, claim: &Claim, fence: Fence) -> Result<Renewed, Lost> {
        let lease = [
            &padded(fence)[..],
            &self.id.0,
            &claim.process.0,
            &claim.run.0,
            &claim.label.0,
        ]
        .concat();
        let keys = keys(claim.channel, &["meta", "lease", "viewers"]);
        let arguments: [&[u8]; 7] = [
            &padded(fence),
            &lease,
            &claim.owner,
            &text(claim.generation),
            &claim.join_hash,
            &text(LEASE_MS),
            &text(self.keep_s),
        ];
        let answer = self.run(&scripts::RENEW, &keys, &arguments).await?.lost()?;
        Ok(Renewed {
            was_kept: answer.bytes(1) == b"1",
            viewers: answer.number(2).and_then(|count| count.try_into().ok()).unwrap_or(0),
            position: answer.position(3),
        })
    }

    pub(super) async fn begin(
        &self,
        channel: Channel,
        (fence, run): (Fence, Run),
        epoch: Epoch,
        first: Offset,
    ) -> Result<(), Lost> {
        let keys = keys(channel, &["meta", "log", "latest", "lease"]);
        let first = first.max(1);
        let arguments: [&[u8]; 7] = [
            &padded(fence),
            &epoch.0,
            &run.0,
            &text(first),
            &text(first - 1),
            &text(self.keep_s),
            &down(channel),
        ];
        self.run(&scripts::BEGIN, &keys, &arguments).await?.lost()?;
        Ok(())
    }

    pub(super) async fn append(
        &self,
        channel: Channel,
        (fence, run): (Fence, Run),
        kept: &Kept,
        limits: &Limits,
    ) -> Result<Appended, Lost> {
        let keys = keys(channel, &["meta", "log", "lease"]);
        let arguments: [&[u8]; 10] = [
            &padded(fence),
            &kept.epoch.0,
            &run.0,
            &text(kept.first),
            &text(kept.last),
            &kept.frame,
            &text(limits.window_bytes),
            &text(limits.window_frames),
            &text(self.keep_s),
            &down(channel),
        ];
        let answer = self.run(&scripts::APPEND, &keys, &arguments).await?.lost()?;
        let top = answer.number(1);
        match answer.word() {
            b"ACK" => Ok(Appended::New(top.ok_or(Lost::Away)?)),
            b"KNOWN" => Ok(Appended::Known(top.ok_or(Lost::Away)?)),
            _ => Ok(Appended::Have(answer.position(1))),
        }
    }

    pub(super) async fn keep_latest(
        &self,
        channel: Channel,
        fence: Fence,
        key: u16,
        frame: &Bytes,
        most: usize,
    ) -> Result<bool, Lost> {
        let keys = keys(channel, &["meta", "latest", "lease"]);
        let arguments: [&[u8]; 6] = [
            &padded(fence),
            &text(key),
            frame,
            &text(most),
            &text(self.keep_s),
            &down(channel),
        ];
        let answer = self.run(&scripts::LATEST, &keys, &arguments).await?.lost()?;
        Ok(answer.word() == b"OK")
    }

    pub(super) async fn publish(&self, channel: Channel, fence: Fence, news: &News) -> Result<(), Lost> {
        let keys = keys(channel, &["meta", "lease"]);
        let arguments: [&[u8]; 3] = [&padded(fence), &down(channel), &news.bytes()];
        self.run(&scripts::PUBLISH, &keys, &arguments).await?.lost()?;
        Ok(())
    }

    pub(super) async fn tell_agent(&self, channel: Channel, news: &News) -> Result<bool, Away> {
        self.send(&up(channel), &news.bytes())
            .await
            .map(|listeners| listeners > 0)
    }

    async fn send(&self, to: &[u8], bytes: &[u8]) -> Result<usize, Away> {
        if self.readiness.is_away() {
            return Err(Away);
        }
        let mut commands = self.commands.clone();
        let sent = commands.publish(to, bytes).await;
        sent.map_err(|error| self.away(&error))
    }

    pub(super) async fn release(&self, channel: Channel, fence: Fence) -> Result<(), Away> {
        let keys = keys(channel, &["meta", "lease"]);
        self.run(&scripts::RELEASE, &keys, &[&padded(fence), &down(channel)])
            .await?;
        Ok(())
    }

    pub(super) async fn retire(&self, channel: Channel, fence: Fence) -> Result<(), Lost> {
        let keys = keys(channel, &["meta", "log", "latest", "lease"]);
        let arguments: [&[u8]; 3] = [&padded(fence), &text(self.retired_s), &down(channel)];
        self.run(&scripts::RETIRE, &keys, &arguments).await?.lost()?;
        Ok(())
    }

    pub(super) async fn door(&self, channel: Channel) -> Result<Option<Door>, Away> {
        if self.readiness.is_away() {
            return Err(Away);
        }
        let mut command = redis::cmd("HMGET");
        command
            .arg(&keys(channel, &["meta"])[0])
            .arg("generation")
            .arg("join")
            .arg("retired");
        let mut commands = self.commands.clone();
        let known: Result<Vec<Value>, _> = command.query_async(&mut commands).await;
        Ok(Answer::new(known.map_err(|error| self.away(&error))?).door())
    }

    pub(super) async fn view(
        &self,
        channel: Channel,
        position: Option<Position>,
        bytes: usize,
    ) -> Result<Option<View>, Away> {
        let keys = keys(channel, &["meta", "log", "latest", "lease"]);
        let (epoch, offset) = position.map_or((Vec::new(), 0), |at| (at.epoch.0.to_vec(), at.offset));
        let answer = self
            .run(&scripts::VIEW, &keys, &[&epoch, &text(offset), &text(bytes)])
            .await?;
        Ok(answer.view())
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

    pub(super) async fn enter(&self, channel: Channel, viewer: u64, most: usize) -> Result<bool, Away> {
        let arguments: [&[u8]; 4] = [&self.member(viewer), &text(most), &text(STAY_S), &up(channel)];
        let answer = self
            .run(&scripts::ENTER, &keys(channel, &["viewers"]), &arguments)
            .await?;
        Ok(answer.word() == b"OK")
    }

    pub(super) async fn leave(&self, channel: Channel, viewer: u64) -> Result<(), Away> {
        let arguments: [&[u8]; 2] = [&self.member(viewer), &up(channel)];
        self.run(&scripts::LEAVE, &keys(channel, &["viewers"]), &arguments)
            .await?;
        Ok(())
    }

    /// Says that these viewers are still there. Answers whether somebody holds the channel, and when somebody last did.
    ///
    /// # Errors
    /// Redis is away.
    pub async fn stay(&self, channel: Channel, viewers: &[u64]) -> Result<(bool, Option<u64>), Away> {
        let members: Vec<Vec<u8>> = viewers.iter().map(|viewer| self.member(*viewer)).collect();
        let stay = text(STAY_S);
        let arguments: Vec<&[u8]> = std::iter::once(&stay[..])
            .chain(members.iter().map(Vec::as_slice))
            .collect();
        let keys = keys(channel, &["meta", "viewers", "lease"]);
        let answer = self.run(&scripts::STAY, &keys, &arguments).await?;
        Ok((answer.word() == b"1", answer.number(1)))
    }

    fn member(&self, viewer: u64) -> Vec<u8> {
        [&self.id.0[..], &viewer.to_be_bytes()].concat()
    }

    /// Asks the relay of a holder whether that still runs.
    pub(super) async fn probe(&self, channel: Channel, holder: &Lease, within: Duration) -> bool {
        let number = self.next_question.fetch_add(1, Ordering::Relaxed);
        let (answer, answered) = oneshot::channel();
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(number, answer);
        let question = listening::question(self.id, number, channel, holder.fence);
        let listened = self.send(&relay_channel(holder.relay), &question).await;
        // What Redis does not say is no proof that the holder is gone.
        let alive = match listened {
            Err(Away) => true,
            Ok(0) => false,
            Ok(_) => matches!(tokio::time::timeout(within * 2, answered).await, Ok(Ok(()))),
        };
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&number);
        alive
    }
}

fn key(channel: Channel, what: &str) -> Vec<u8> {
    format!("sacmes:{{{}}}:{what}", hex(&channel.0)).into_bytes()
}

fn keys(channel: Channel, what: &[&str]) -> Vec<Vec<u8>> {
    what.iter().map(|what| key(channel, what)).collect()
}

fn down(channel: Channel) -> Vec<u8> {
    key(channel, "down")
}

fn up(channel: Channel) -> Vec<u8> {
    key(channel, "up")
}

fn relay_channel(id: RelayId) -> Vec<u8> {
    format!("sacmes:relay:{}", hex(&id.0)).into_bytes()
}

fn hex(bytes: &[u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(*bytes))
}

fn text(number: impl std::fmt::Display) -> Vec<u8> {
    format!("{number}").into_bytes()
}

/// The channel in a name such as `sacmes:{channel}:down`.
fn channel_of(name: &[u8]) -> Option<Channel> {
    let digits = name.strip_prefix(b"sacmes:{")?.get(..32)?;
    let number = u128::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    Some(Channel(number.to_be_bytes()))
}

#[cfg(test)]
mod tests {
    use super::super::news::number;
    use super::*;

    #[test]
    fn a_channel_comes_back_from_the_names_of_its_keys() {
        let channel = Channel([0x0a; 16]);
        assert_eq!(down(channel), b"sacmes:{0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a}:down");
        assert_eq!(channel_of(&down(channel)), Some(channel));
        assert_eq!(channel_of(b"sacmes:relay:00"), None);
    }

    #[test]
    fn an_address_with_a_password_is_not_shown() {
        let address = RedisAddress::parse("redis://:geheim@localhost/").unwrap();
        assert!(!format!("{address:?}").contains("geheim"));
        assert!(!RedisAddress::parse("geheim").unwrap_err().contains("geheim"));
        assert_eq!(number(&padded(7)), Some(7));
    }
}
