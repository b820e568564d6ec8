//! What a relay does, apart from sockets: claims, frames, viewers.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use protocol::codes::Channel;
use protocol::relay::header::{Destination, DownHeader};
use protocol::relay::message::{Message, ToAgent, ToViewer};
use protocol::relay::{CloseCode, Epoch, Offset, Position, Run};

use crate::channel::{Appended, Kept, Room, Seat};
use crate::connection::{Outbox, Queues};
use crate::counters::Counters;
use crate::limits::{Limits, Rate};
use crate::rate::Buckets;
use crate::shared::{Claim, Claimed, Door, Fence, Lease, Lost, Memory};

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
}

/// One relay process.
pub struct Relay {
    /// How it is set up.
    pub setup: Setup,
    /// What it counts.
    pub counters: Counters,
    /// What waits for its connections.
    pub queues: Queues,
    /// Hellos by address.
    pub hellos: Buckets<IpAddr>,
    new_channels: Buckets<()>,
    new_channels_of_address: Buckets<IpAddr>,
    shared: Memory,
    rooms: Mutex<HashMap<Channel, Arc<Mutex<Room>>>>,
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
    /// A relay without connections.
    pub fn new(setup: Setup) -> Arc<Self> {
        let limits = &setup.limits;
        let in_an_hour = |count: usize| Rate {
            per_second: count as f64 / 3_600.0,
            burst: count as f64,
        };
        Arc::new(Self {
            counters: Counters::default(),
            queues: Queues::new(limits.queue_bytes, limits.queues_bytes),
            hellos: Buckets::new(limits.hellos, ADDRESSES),
            new_channels: Buckets::new(in_an_hour(limits.new_channels), 1),
            new_channels_of_address: Buckets::new(in_an_hour(limits.new_channels_of_address), ADDRESSES),
            shared: Memory::default(),
            rooms: Mutex::default(),
            setup,
        })
    }

    /// Claims a channel for an agent. A channel that is new counts against what the address and the relay may begin.
    ///
    /// # Errors
    /// The relay takes no more new channels now.
    pub fn claim(&self, claim: &Claim, address: IpAddr) -> Result<Claimed, CloseCode> {
        let now = tokio::time::Instant::now();
        if self.door(claim.channel).is_none()
            && !(self.new_channels_of_address.take(address, now) && self.new_channels.take((), now))
        {
            return Err(CloseCode::Full);
        }
        Ok(self.shared.with(claim.channel, |channel| channel.claim(claim, now_s())))
    }

    /// Gives a claimed channel's place to a connection. Those who waited for it are let in, if their code is the right one.
    pub fn seat(&self, claim: &Claim, seat: Seat, first: bool) {
        let channel = claim.channel;
        let staying = self.in_room(channel, |room| {
            let staying = room.check(&claim.join_hash);
            room.seat(seat);
            room.tell(&message(&ToViewer::Present));
            staying
        });
        if first {
            self.greet(channel, staying);
        }
        self.tell_viewers(channel);
    }

    /// The connection of the holder, if it is one of this process and still has the claim.
    pub fn seat_of(&self, channel: Channel, holder: &Lease) -> Option<Seat> {
        let seat = self.in_room(channel, |room| room.agent().cloned());
        seat.filter(|seat| seat.fence == holder.fence)
    }

    /// Ends a claim; viewers hear that there is no agent now.
    pub fn release(&self, channel: Channel, fence: Fence) {
        let released = self.shared.with(channel, |shared| shared.release(fence, now_s()));
        self.in_room(channel, |room| {
            room.unseat(fence);
            if released {
                let last_seen_s = Some(now_s());
                room.tell(&message(&ToViewer::Absent { last_seen_s }));
            }
        });
        self.sweep(channel);
    }

    /// Begins a channel's log anew: viewers are greeted again, and learn from the agent what that means.
    ///
    /// # Errors
    /// The claim no longer counts.
    pub fn begin(&self, channel: Channel, fence: Fence, epoch: Epoch, first: Offset) -> Result<(), Lost> {
        self.shared.with(channel, |shared| shared.begin(fence, epoch, first))?;
        self.greet(channel, self.in_room(channel, |room| room.everybody()));
        Ok(())
    }

    /// Greets viewers that are in, and has them go on from the window's beginning.
    fn greet(&self, channel: Channel, ids: Vec<u64>) {
        for id in ids {
            self.in_room(channel, |room| room.rejoin(id));
            self.read(channel, id, None, true);
        }
    }

    /// Takes a frame of an agent and hands it on. What it answers is for the agent.
    ///
    /// # Errors
    /// The frame is none, or the claim no longer counts.
    pub fn frame(
        &self,
        channel: Channel,
        fence: Fence,
        run: Run,
        frame: &[u8],
    ) -> Result<Option<ToAgent>, FrameRefused> {
        let (header, _) = DownHeader::read(frame).map_err(|_| FrameRefused::Protocol)?;
        if header.run != run {
            return Err(FrameRefused::Protocol);
        }
        self.counters.frames_in.fetch_add(1, Ordering::Relaxed);
        self.counters.bytes_in.fetch_add(frame.len() as u64, Ordering::Relaxed);
        let words = message(&ToViewer::Frame(frame.to_vec()));
        let limits = &self.setup.limits;
        match header.destination {
            Destination::Log { first, .. } => {
                let last = header.destination.last().unwrap_or(first);
                let kept = Kept {
                    first,
                    last,
                    frame: words,
                };
                let appended = self.shared.with(channel, |shared| {
                    shared.append(fence, kept.clone(), limits.window_bytes, limits.window_frames)
                });
                match appended.map_err(FrameRefused::Lost)? {
                    Appended::New(top) => {
                        let behind = self.in_room(channel, |room| room.log(&kept));
                        for id in behind {
                            self.catch_up(channel, id, kept.first.saturating_sub(1));
                        }
                        Ok(Some(ToAgent::Ack(top)))
                    }
                    Appended::Known(top) => Ok(Some(ToAgent::Ack(top))),
                    Appended::Have(position) => Ok(Some(ToAgent::Have(position))),
                }
            }
            Destination::Latest { key } => {
                let keys = limits.latest_keys;
                let kept = self
                    .shared
                    .with(channel, |shared| shared.keep_latest(fence, key, words.clone(), keys));
                if kept.map_err(FrameRefused::Lost)? {
                    self.in_room(channel, |room| room.latest(&words));
                } else {
                    self.counters.refuse("latest_keys");
                }
                Ok(None)
            }
            Destination::Direct { viewer } => {
                let holder = self.shared.with(channel, |shared| shared.holder(fence));
                holder.map_err(FrameRefused::Lost)?;
                self.in_room(channel, |room| room.direct(viewer, words));
                Ok(None)
            }
        }
    }

    /// Gives a channel up for ever.
    ///
    /// # Errors
    /// The claim no longer counts.
    pub fn retire(&self, channel: Channel, fence: Fence) -> Result<(), Lost> {
        self.shared.with(channel, |shared| shared.retire(fence))?;
        self.in_room(channel, |room| {
            room.close_viewers(CloseCode::Retired);
            room.unseat(fence);
        });
        Ok(())
    }

    /// What lets viewers into a channel.
    pub fn door(&self, channel: Channel) -> Option<Door> {
        self.shared.look(channel, super::shared::SharedChannel::door).flatten()
    }

    /// Takes a viewer in and makes it live from its position on. Where no agent has ever come it waits.
    ///
    /// # Errors
    /// The channel has no room for it.
    pub fn join(
        &self,
        channel: Channel,
        outbox: &Outbox,
        join_hash: [u8; 32],
        position: Option<Position>,
    ) -> Result<(), CloseCode> {
        let known = self.door(channel).is_some();
        let most = if known {
            self.setup.limits.viewers
        } else {
            self.setup.limits.waiting_viewers
        };
        let room_left = self.in_room(channel, |room| {
            let left = room.viewers() < most;
            if left {
                room.admit(outbox.clone(), join_hash);
            }
            left
        });
        if !room_left {
            self.sweep(channel);
            return Err(CloseCode::Full);
        }
        self.read(channel, outbox.id(), position, true);
        self.tell_viewers(channel);
        Ok(())
    }

    /// Reads the window again for a viewer that misses something after a position.
    pub fn resume(&self, channel: Channel, id: u64, position: Position) {
        self.in_room(channel, |room| room.rejoin(id));
        self.read(channel, id, Some(position), false);
    }

    fn catch_up(&self, channel: Channel, id: u64, through: Offset) {
        tracing::debug!("a viewer reads the window again from before entry {through}");
        self.in_room(channel, |room| room.rejoin(id));
        self.read(channel, id, None, false);
    }

    fn read(&self, channel: Channel, id: u64, position: Option<Position>, greet: bool) {
        let view = self.shared.look(channel, |shared| shared.view(position)).flatten();
        let Some(view) = view else {
            let waits = message(&ToViewer::Absent { last_seen_s: None });
            self.in_room(channel, |room| room.go_live(id, vec![waits], &[], 0));
            return;
        };
        let mut first_words = Vec::new();
        if greet {
            first_words.push(message(&ToViewer::Joined {
                owner: view.owner,
                generation: view.generation,
                epoch: view.epoch,
                floor: view.floor,
                top: view.top,
                agent_present: view.agent_present,
            }));
            if !view.agent_present {
                let last_seen_s = Some(view.seen_s);
                first_words.push(message(&ToViewer::Absent { last_seen_s }));
            }
            first_words.extend(view.latest);
        }
        self.in_room(channel, |room| room.go_live(id, first_words, &view.frames, view.top));
    }

    /// Hands a viewer's frame to the agent; false where there is none.
    ///
    /// # Errors
    /// The frame names the run of another viewer.
    pub fn up(&self, channel: Channel, id: u64, run: Run, frame: &[u8]) -> Result<bool, CloseCode> {
        self.counters.up_frames.fetch_add(1, Ordering::Relaxed);
        self.in_room(channel, |room| {
            room.bind(id, run).map_err(|_| CloseCode::Protocol)?;
            let Some(seat) = room.agent() else { return Ok(false) };
            seat.outbox.push(message(&ToAgent::Frame(frame.to_vec())));
            Ok(true)
        })
    }

    /// Takes a viewer out; the agent forgets its visit.
    pub fn leave(&self, channel: Channel, id: u64) {
        self.in_room(channel, |room| {
            if let (Some(run), Some(seat)) = (room.leave(id), room.agent()) {
                seat.outbox.push(message(&ToAgent::Gone(run)));
            }
        });
        self.tell_viewers(channel);
        self.sweep(channel);
    }

    /// Closes the viewer of a run, as the agent wishes.
    pub fn dismiss(&self, channel: Channel, run: Run) {
        self.in_room(channel, |room| room.dismiss(run, CloseCode::Protocol));
    }

    /// Forgets what nobody needs any more. Called every minute or so.
    pub fn tidy(&self) {
        let before = now_s().saturating_sub(self.setup.limits.forget_after.as_secs());
        self.shared.tidy(before, self.setup.limits.windows_bytes);
    }

    /// Channels that are known, and bytes that are kept of them.
    pub fn size(&self) -> (usize, usize) {
        self.shared.size()
    }

    fn tell_viewers(&self, channel: Channel) {
        self.in_room(channel, |room| {
            if let Some(seat) = room.agent() {
                let count = u32::try_from(room.viewers()).unwrap_or(u32::MAX);
                seat.outbox.push(message(&ToAgent::Viewers(count)));
            }
        });
    }

    fn in_room<T>(&self, channel: Channel, work: impl FnOnce(&mut Room) -> T) -> T {
        // Held together, so that nobody enters a room that is being swept away.
        let mut rooms = locked(&self.rooms);
        let room = Arc::clone(rooms.entry(channel).or_default());
        let mut room = locked(&room);
        drop(rooms);
        work(&mut room)
    }

    fn sweep(&self, channel: Channel) {
        let mut rooms = locked(&self.rooms);
        if rooms.get(&channel).is_some_and(|room| locked(room).is_empty()) {
            rooms.remove(&channel);
        }
    }
}

/// A message as it is written.
pub(crate) fn message(message: &impl Message) -> Bytes {
    Bytes::from(message.bytes())
}

/// Seconds since 1970: for "last seen", which viewers show as the relay's claim. No rule of security reads it.
fn now_s() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// Nobody panics while holding these locks; if somebody did, what they guard is still whole after every step.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
