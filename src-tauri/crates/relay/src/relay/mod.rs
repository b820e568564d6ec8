//! What a relay does, apart from sockets.

mod hearing;
mod owning;
mod upkeep;
mod viewing;

use std::borrow::Cow;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use protocol::codes::Channel;
use protocol::relay::CloseCode;
use protocol::relay::message::Message;

use crate::channel::Room;
use crate::connection::Queues;
use crate::counters::Counters;
use crate::limits::{Limits, Rate};
use crate::places::{Places, Tasks};
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
    /// Names that count from this computer only, such as `localhost:8787`.
    pub local_names: Vec<String>,
    /// SHA-256 of what agents must show, where the relay is not open to all.
    pub access_token_hash: Option<[u8; 32]>,
    /// Where channels are kept; in memory without it.
    pub redis: Option<RedisAddress>,
    /// A proxy in front says who connects.
    pub is_behind_proxy: bool,
    /// Browsers come over TLS, here or at the proxy.
    pub is_secure: bool,
}

impl Setup {
    /// Names that count for who is on this computer, or is not.
    pub fn names_for(&self, is_local: bool) -> Cow<'_, [String]> {
        if is_local {
            Cow::Owned([&self.names[..], &self.local_names].concat())
        } else {
            Cow::Borrowed(&self.names)
        }
    }
}

/// One relay process.
pub struct Relay {
    /// How it is set up.
    pub setup: Setup,
    /// What it counts.
    pub counters: Counters,
    /// How much that was lately.
    pub rates: Rates,
    /// Connections by address.
    pub addresses: Places,
    /// What its connections still have to do.
    pub tasks: Tasks,
    /// What waits for its connections.
    pub queues: Queues,
    /// Hellos by address.
    pub hellos: Buckets<IpAddr>,
    new_channels: Buckets<()>,
    new_channels_of_address: Buckets<IpAddr>,
    shared: Shared,
    // Viewers that wait where no agent has been: as they were counted last, and those who came since.
    waiting: AtomicUsize,
    is_stopping: AtomicBool,
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
                addresses: Places::new(limits.connections_of_address),
                tasks: Tasks::default(),
                queues: Queues::new(limits.queue_bytes, limits.queues_bytes),
                hellos: Buckets::new(limits.hellos, ADDRESSES),
                new_channels: Buckets::new(in_an_hour(limits.new_channels), 1),
                new_channels_of_address: Buckets::new(in_an_hour(limits.new_channels_of_address), ADDRESSES),
                shared,
                waiting: AtomicUsize::new(0),
                is_stopping: AtomicBool::new(false),
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

    /// Says to everybody, and to whoever comes now, that the relay stops.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::SeqCst);
        self.queues.close_all(CloseCode::Restarting);
    }

    /// Whether it stops: a connection that is new is closed at once.
    pub fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::SeqCst)
    }

    /// Channels that are known to this process, and bytes that it keeps of them.
    pub fn size(&self) -> (usize, usize) {
        match self.shared {
            Shared::Memory(_) => self.shared.size(),
            Shared::Redis(_) => (locked(&self.rooms).len(), 0),
        }
    }

    fn in_room<T>(&self, channel: Channel, work: impl FnOnce(&mut Room) -> T) -> T {
        // Never held together: a room that takes long holds up nobody else's.
        loop {
            let room = Arc::clone(locked(&self.rooms).entry(channel).or_default());
            let mut inside = locked(&room);
            if !inside.has_ended() {
                return work(&mut inside);
            }
            drop(inside);
            // It is being swept away: a new one takes its place.
            let mut rooms = locked(&self.rooms);
            if rooms.get(&channel).is_some_and(|known| Arc::ptr_eq(known, &room)) {
                rooms.remove(&channel);
            }
        }
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
        let Some(room) = locked(&self.rooms).get(&channel).map(Arc::clone) else {
            return;
        };
        if !locked(&room).end_if_empty() {
            return;
        }
        let mut rooms = locked(&self.rooms);
        if rooms.get(&channel).is_some_and(|known| Arc::ptr_eq(known, &room)) {
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

/// Seconds since 1970: for "last seen", which viewers show as the relay's claim, and for what is forgotten after days. That a
/// channel was retired is forgotten early where this clock is put forward: the agent of that User ID then retires it again.
pub(crate) fn now_s() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// Nobody panics while holding these locks; if somebody did, what they guard is still whole after every step.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    /// Whoever waited for one busy room held the list of all rooms.
    #[test]
    fn a_room_that_takes_long_holds_up_no_other() {
        let relay = Relay::new(Setup::default()).unwrap();
        let (busy, other) = (Channel([1; 16]), Channel([2; 16]));
        let ((entered, is_in), (leave, may_leave)) = (channel(), channel::<()>());
        let holds = Arc::clone(&relay);
        let holder = std::thread::spawn(move || {
            holds.in_room(busy, |_| {
                entered.send(()).unwrap();
                may_leave.recv().unwrap();
            });
        });
        is_in.recv().unwrap();
        let (waits, sweeps) = (Arc::clone(&relay), Arc::clone(&relay));
        let behind = [
            std::thread::spawn(move || waits.in_room(busy, |_| ())),
            std::thread::spawn(move || sweeps.sweep(busy)),
        ];
        let (told, done) = channel();
        let elsewhere = Arc::clone(&relay);
        // Often enough that those two have come to where they wait.
        std::thread::spawn(move || {
            for _ in 0..1_000 {
                elsewhere.in_room(other, |_| ());
                std::thread::yield_now();
            }
            told.send(()).unwrap();
        });
        done.recv_timeout(Duration::from_mins(1)).unwrap();
        leave.send(()).unwrap();
        holder.join().unwrap();
        for thread in behind {
            thread.join().unwrap();
        }
    }

    #[test]
    fn whoever_comes_while_a_room_is_swept_away_gets_a_new_one() {
        let relay = Relay::new(Setup::default()).unwrap();
        let channel = Channel([1; 16]);
        relay.in_room(channel, |room| assert!(room.end_if_empty()));
        relay.in_room(channel, |room| assert!(!room.has_ended()));
        relay.sweep(channel);
        assert!(locked(&relay.rooms).is_empty());
    }
}
