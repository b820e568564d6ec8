//! What viewers do: join, read the window, ask, leave.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use protocol::codes::Channel;
use protocol::relay::header::{UpHeader, UpKind};
use protocol::relay::message::{ToAgent, ToViewer};
use protocol::relay::{CloseCode, Position, Run};

use super::{Relay, message};
use crate::channel::{Given, Reading, Seat};
use crate::connection::{Outbox, Pushed};
use crate::shared::{Away, Door, News, Redis, Shared};

/// Bytes of the window that are read at once, for a viewer that has room for them.
const PART: usize = 256 * 1024;

impl Relay {
    /// What lets viewers into a channel.
    ///
    /// # Errors
    /// Redis is away.
    pub async fn door(&self, channel: Channel) -> Result<Option<Door>, Away> {
        self.shared.door(channel).await
    }

    /// Takes a viewer in and makes it live from its position on. Where no agent has ever come it waits.
    ///
    /// # Errors
    /// The channel has no room for it.
    pub async fn join(
        &self,
        channel: Channel,
        outbox: &Outbox,
        join_hash: [u8; 32],
        position: Option<Position>,
        is_known: bool,
    ) -> Result<(), CloseCode> {
        let limits = &self.setup.limits;
        let (most, limit) = if is_known {
            (limits.viewers, "viewers")
        } else {
            (limits.waiting_viewers, "waiting_viewers")
        };
        if !is_known && self.waiting.fetch_add(1, Ordering::Relaxed) >= limits.waiting_viewers_of_all {
            self.counters.refuse("waiting_viewers_of_all");
            return Err(CloseCode::Full);
        }
        let reading = self.in_room(channel, |room| {
            let has_room = room.viewers() < most;
            has_room.then(|| room.admit(outbox.clone(), join_hash, position))
        });
        let entered = match &reading {
            Some(_) => self.shared.enter(channel, outbox.id(), most).await,
            None => Ok(false),
        };
        let listened = match entered {
            Ok(true) => self
                .shared
                .listen(channel, false)
                .await
                .map_err(|_| CloseCode::Restarting),
            Ok(false) => {
                self.counters.refuse(limit);
                Err(CloseCode::Full)
            }
            Err(Away) => Err(CloseCode::Restarting),
        };
        // The code may have been renewed since it was checked, before the news of it were listened to.
        let still_right = match listened {
            Ok(()) => match self.door(channel).await {
                Ok(Some(door)) if door.retired => Err(CloseCode::Retired),
                Ok(Some(door)) if door.join_hash != join_hash => Err(CloseCode::CodeRenewed),
                Ok(_) => Ok(()),
                Err(Away) => Err(CloseCode::Restarting),
            },
            Err(code) => Err(code),
        };
        if let Err(code) = still_right {
            self.leave(channel, outbox.id()).await;
            return Err(code);
        }
        if let Some(reading) = reading {
            self.read(channel, reading);
        }
        self.tell_viewers(channel);
        Ok(())
    }

    /// Reads the window again for a viewer that misses something after a position.
    pub fn resume(&self, channel: Channel, id: u64, position: Position) {
        let reading = self.in_room(channel, |room| room.read_again(id, Some(position)));
        if let Some(reading) = reading {
            self.read(channel, reading);
        }
    }

    /// Reads the window for a viewer, as fast as the viewer takes it.
    pub(super) fn read(&self, channel: Channel, reading: Reading) {
        if let Some(relay) = self.myself.upgrade() {
            tokio::spawn(relay.read_to_the_end(channel, reading));
        }
    }

    async fn read_to_the_end(self: Arc<Self>, channel: Channel, mut reading: Reading) {
        let part = PART.min(self.setup.limits.queue_bytes / 4);
        let mut is_first = true;
        while reading.outbox.has_room().await {
            // Those that come meanwhile go to the live ones only: the first part has them, and no other.
            let with_latest = std::mem::take(&mut is_first);
            let view = match self.shared.view(channel, reading.position, part, with_latest).await {
                Ok(Some(view)) => view,
                Ok(None) => {
                    let words = message(&ToViewer::Absent { last_seen_s: None });
                    self.in_known_room(channel, |room| room.wait(&reading, words));
                    return;
                }
                Err(Away) => {
                    // When Redis is back it is read again; one that failed alone is for the viewer to try again.
                    if !self.shared.redis().is_some_and(Redis::is_away) {
                        reading.outbox.close(CloseCode::Restarting);
                    }
                    return;
                }
            };
            match self.in_known_room(channel, |room| room.give(&reading, &view)) {
                Some(Given::More(position)) => reading.position = position,
                Some(Given::Live | Given::Superseded) | None => return,
            }
        }
    }

    /// Hands a viewer's frame to the agent; the viewer hears it if there is none. A frame that begins one visit too many is dropped:
    /// viewers begin again after a while.
    ///
    /// # Errors
    /// The frame names the run of another viewer, or the agent is behind with what viewers send.
    pub async fn up(&self, channel: Channel, id: u64, header: &UpHeader, frame: &[u8]) -> Result<(), CloseCode> {
        self.counters.up_frames.fetch_add(1, Ordering::Relaxed);
        let opens = (header.kind == UpKind::Open).then_some(self.setup.limits.opens);
        let bound = self.in_room(channel, |room| {
            if opens.is_some_and(|rate| !room.may_open(rate)) {
                self.counters.refuse("opens");
                return Ok(None);
            }
            let before = room.bind(id, header.viewer).map_err(|_| CloseCode::Protocol)?;
            Ok(Some((before, room.agent().cloned(), room.presence())))
        })?;
        let Some((before, seat, presence)) = bound else {
            return Ok(());
        };
        // A connection has one visit: whoever begins one after the other takes no more places at the agent than others do.
        if let Some(before) = before {
            self.tell_gone(channel, before, seat.as_ref()).await;
        }
        if let Some(seat) = seat {
            // The agent's own half of the queue is not for viewers to fill: the one that does not fit pays.
            return match seat.outbox.offer(message(&ToAgent::Frame(frame.to_vec()))) {
                Pushed::Skipped => {
                    self.counters.refuse("up_queue");
                    Err(CloseCode::Rate)
                }
                Pushed::Queued | Pushed::Closed => Ok(()),
            };
        }
        let news = News::Up(frame.to_vec().into());
        match self.shared.tell_agent(channel, news).await {
            Ok(true) => {}
            Ok(false) => {
                let words = message(&ToViewer::Absent { last_seen_s: None });
                self.in_room(channel, |room| room.tell_absent_to(id, presence, words));
            }
            // Nobody knows whether there is an agent: when Redis is back the viewer opens a new visit, and asks again.
            Err(Away) => self.counters.refuse("away"),
        }
        Ok(())
    }

    async fn tell_gone(&self, channel: Channel, run: Run, seat: Option<&Seat>) {
        match seat {
            Some(seat) => drop(seat.outbox.push(message(&ToAgent::Gone(run)))),
            // Without the news the agent forgets the visit when it was idle for long.
            None => drop(self.shared.tell_agent(channel, News::Gone(run)).await),
        }
    }

    /// Takes a viewer out; the agent forgets its visit.
    pub async fn leave(&self, channel: Channel, id: u64) {
        let (run, seat) = self.in_room(channel, |room| (room.leave(id), room.agent().cloned()));
        if let Some(run) = run {
            self.tell_gone(channel, run, seat.as_ref()).await;
        }
        self.shared.leave(channel, id).await;
        self.tell_viewers(channel);
        self.sweep(channel);
    }

    /// Tells the agent how many look. With Redis the scripts that count viewers do.
    fn tell_viewers(&self, channel: Channel) {
        if matches!(self.shared, Shared::Memory(_)) {
            self.in_known_room(channel, |room| {
                if let Some(seat) = room.agent() {
                    seat.tell_viewers(u32::try_from(room.viewers()).unwrap_or(u32::MAX));
                }
            });
        }
    }
}
