//! What a relay does, apart from sockets.

mod hearing;
mod owning;
mod upkeep;
mod viewing;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use protocol::codes::Channel;
use protocol::relay::message::Message;

use crate::channel::Room;
use crate::connection::Queues;
use crate::counters::Counters;
use crate::limits::{Limits, Rate};
use crate::rate::Buckets;
use crate::rates::Rates;
use crate::shared::{Ear, Lost, Memory, NotReady, Redis, RedisAddress, Shared};

/// Addresses whose rates are remembered.
const ADDRESSES: usize = 65_536;

/// How a relay is set up.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// How much it takes on.
    pub limits: Limits,
    /// Names by which agents reach it, each `host:port`.
    pub names: Vec<String>,
    /// SHA-256 of what agents must show, where the relay is not open to all.
    pub access_token_hash: Option<[u8; 32]>,
    /// Where channels are kept; in memory without it.
    pub redis: Option<RedisAddress>,
    /// A proxy in front says who connects.
    pub is_behind_proxy: bool,
    /// Browsers come over TLS, here or at the proxy.
    pub is_secure: bool,
}

/// One relay process.
pub struct Relay {
    /// How it is set up.
    pub setup: Setup,
    /// What it counts.
    pub counters: Counters,
    /// How much that was lately.
    pub rates: Rates,
    /// What waits for its connections.
    pub queues: Queues,
    /// Hellos by address.
    pub hellos: Buckets<IpAddr>,
    new_channels: Buckets<()>,
    new_channels_of_address: Buckets<IpAddr>,
    shared: Shared,
    rooms: Mutex<HashMap<Channel, Arc<Mutex<Room>>>>,
    myself: Weak<Self>,
}

/// A frame of an agent cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameRefused {
    /// It is none.
    Protocol,
    /// The claim no longer counts.
    Lost(Lost),
}

impl Relay {
    /// A relay without connections. Where it shares with others, Redis need not be there yet.
    ///
    /// # Errors
    /// The address of Redis cannot be used.
    pub fn new(setup: Setup) -> Result<Arc<Self>, String> {
        let limits = setup.limits.clone();
        let in_an_hour = |count: usize| Rate {
            per_second: count as f64 / 3_600.0,
            burst: count as f64,
        };
        let mut failure = None;
        let relay = Arc::new_cyclic(|myself: &Weak<Self>| {
            let ear: Weak<dyn Ear> = myself.clone();
            let redis = setup.redis.as_ref().map(|address| Redis::start(address, &limits, ear));
            let shared = match redis.transpose() {
                Ok(Some(redis)) => Shared::Redis(Box::new(redis)),
                Ok(None) => Shared::Memory(Memory::default()),
                Err(error) => {
                    failure = Some(error);
                    Shared::Memory(Memory::default())
                }
            };
            Self {
                counters: Counters::default(),
                rates: Rates::default(),
                queues: Queues::new(limits.queue_bytes, limits.queues_bytes),
                hellos: Buckets::new(limits.hellos, ADDRESSES),
                new_channels: Buckets::new(in_an_hour(limits.new_channels), 1),
                new_channels_of_address: Buckets::new(in_an_hour(limits.new_channels_of_address), ADDRESSES),
                shared,
                rooms: Mutex::default(),
                setup,
                myself: myself.clone(),
            }
        });
        match failure {
            Some(error) => Err(error),
            None => Ok(relay),
        }
    }

    /// Why and since when what relays share cannot be used.
    pub fn not_ready(&self) -> Option<NotReady> {
        self.shared.redis().and_then(Redis::not_ready)
    }

    /// Channels that are known to this process, and bytes that it keeps of them.
    pub fn size(&self) -> (usize, usize) {
        match self.shared {
            Shared::Memory(_) => self.shared.size(),
            Shared::Redis(_) => (locked(&self.rooms).len(), 0),
        }
    }

    fn in_room<T>(&self, channel: Channel, work: impl FnOnce(&mut Room) -> T) -> T {
        // Held together, so that nobody enters a room that is being swept away.
        let mut rooms = locked(&self.rooms);
        let room = Arc::clone(rooms.entry(channel).or_default());
        let mut room = locked(&room);
        drop(rooms);
        work(&mut room)
    }

    /// Works on a room that somebody is in.
    fn in_known_room<T>(&self, channel: Channel, work: impl FnOnce(&mut Room) -> T) -> Option<T> {
        let room = locked(&self.rooms).get(&channel).map(Arc::clone)?;
        let mut room = locked(&room);
        Some(work(&mut room))
    }

    fn rooms(&self) -> Vec<(Channel, Arc<Mutex<Room>>)> {
        let rooms = locked(&self.rooms);
        rooms
            .iter()
            .map(|(channel, room)| (*channel, Arc::clone(room)))
            .collect()
    }

    fn sweep(&self, channel: Channel) {
        let mut rooms = locked(&self.rooms);
        if rooms.get(&channel).is_some_and(|room| locked(room).is_empty()) {
            rooms.remove(&channel);
            // Said while nobody can enter, so that whoever enters next is heard after this.
            self.shared.stop_listening(channel);
        }
    }
}

/// A message as it is written.
pub(crate) fn message(message: &impl Message) -> Bytes {
    Bytes::from(message.bytes())
}

/// Seconds since 1970: for "last seen", which viewers show as the relay's claim. No rule of security reads it.
pub(crate) fn now_s() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// Nobody panics while holding these locks; if somebody did, what they guard is still whole after every step.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
