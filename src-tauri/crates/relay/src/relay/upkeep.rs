//! What a relay does by itself: keeps claims and presence alive, frees memory, and catches up when Redis is back.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use protocol::codes::Channel;
use protocol::relay::CloseCode;
use protocol::relay::message::ToViewer;

use super::{Relay, locked, message, now_s};
use crate::channel::Seat;
use crate::shared::{Lost, Shared};

/// A third of a lease: two may fail.
const RENEW_EVERY: Duration = Duration::from_secs(2);
/// A third of the time after which viewers count no more, in renewals.
const STAY_EVERY: u64 = 10;

impl Relay {
    /// Does what has to be done from time to time, for as long as the relay lives.
    pub async fn keep_up(self: Arc<Self>) {
        let mut every = tokio::time::interval(RENEW_EVERY);
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        for round in 0_u64.. {
            every.tick().await;
            self.tidy();
            self.look_at_who_waits();
            self.rates.note(&self.counters, tokio::time::Instant::now());
            if matches!(self.shared, Shared::Redis(_)) {
                self.renew_all().await;
                if round % STAY_EVERY == 0 {
                    self.stay_all(false).await;
                }
            }
        }
    }

    /// Forgets what nobody needs any more, and keeps within the memory of the process.
    pub fn tidy(&self) {
        if let Shared::Memory(memory) = &self.shared {
            let limits = &self.setup.limits;
            let before = |age: Duration| now_s().saturating_sub(age.as_secs());
            memory.tidy(
                before(limits.forget_after),
                before(limits.forget_retired_after),
                limits.windows_bytes,
            );
        }
    }

    /// Counts the viewers that wait where no agent has been, and ends those that have waited for too long.
    fn look_at_who_waits(&self) {
        let before = tokio::time::Instant::now().checked_sub(self.setup.limits.waiting_for);
        let rooms = self.rooms();
        let waiting = rooms.iter().map(|(_, room)| locked(room).waiting(before));
        let still = waiting.map(|waiting| {
            for _ in 0..waiting.closed {
                self.counters.refuse("waiting_for");
            }
            waiting.still
        });
        self.waiting.store(still.sum(), Ordering::Relaxed);
    }

    async fn renew_all(&self) {
        let seats = self
            .rooms()
            .into_iter()
            .filter_map(|(_, room)| locked(&room).agent().cloned());
        let renewals: Vec<_> = seats.map(|seat| async move { self.renew(&seat).await }).collect();
        futures_util::future::join_all(renewals).await;
    }

    /// Keeps a claim alive; the agent hears where to go on if what it sent was forgotten.
    pub(super) async fn renew(&self, seat: &Seat) {
        let channel = seat.claim.channel;
        let viewers = self.viewers_here(channel);
        // Before Redis is asked: what is acknowledged while its answer is on the way is newer than the answer.
        let acknowledged = seat.acknowledged();
        match self.shared.renew(&seat.claim, seat.fence, viewers, false).await {
            Ok(renewed) => {
                seat.tell_viewers(renewed.viewers);
                let top = renewed.position.map_or(0, |position| position.offset);
                if !renewed.was_kept || top < acknowledged {
                    seat.tell_position(renewed.position);
                }
            }
            Err(Lost::Fenced) => seat.outbox.close(CloseCode::Fenced),
            Err(Lost::Retired) => seat.outbox.close(CloseCode::Retired),
            Err(Lost::Away) => {}
        }
    }

    /// `anew`: news of the agent's presence may have been missed, and answers.
    async fn stay_all(&self, anew: bool) {
        let rooms = self.rooms().into_iter().map(|(channel, room)| {
            let room = locked(&room);
            (channel, room.everybody(), room.presence())
        });
        let stays: Vec<_> = rooms
            .filter(|(_, viewers, _)| !viewers.is_empty())
            .map(|(channel, viewers, as_of)| async move { self.stay(channel, &viewers, as_of, anew).await })
            .collect();
        futures_util::future::join_all(stays).await;
    }

    /// Says that viewers are still there; they hear it if a relay died with the agent on it, or if there is an agent and they
    /// were told otherwise.
    async fn stay(&self, channel: Channel, viewers: &[u64], as_of: u64, anew: bool) {
        let Some(redis) = self.shared.redis() else { return };
        let Ok((held, last_seen_s)) = redis.stay(channel, viewers).await else {
            return;
        };
        self.in_known_room(channel, |room| {
            // News that came meanwhile are newer than this.
            if room.presence() != as_of {
                return;
            }
            match (held, last_seen_s) {
                // They open their visits again, and ask again what was not answered.
                (true, _) if anew => room.tell_presence(true, &message(&ToViewer::Present)),
                (true, _) => room.correct_absence(&message(&ToViewer::Present)),
                (false, Some(_)) if room.agent().is_none() => {
                    room.tell_presence(false, &message(&ToViewer::Absent { last_seen_s }));
                }
                _ => {}
            }
        });
    }

    /// News may have been missed: claims are renewed, agents hear where to go on, viewers get what they miss.
    pub(super) async fn look_at_everything_anew(&self) {
        for (channel, room) in self.rooms() {
            let seat = locked(&room).agent().cloned();
            if let Some(seat) = seat {
                let viewers = self.viewers_here(channel);
                match self.shared.renew(&seat.claim, seat.fence, viewers, true).await {
                    Ok(renewed) => seat.tell_position(renewed.position),
                    Err(Lost::Fenced) => seat.outbox.close(CloseCode::Fenced),
                    Err(Lost::Retired) => seat.outbox.close(CloseCode::Retired),
                    Err(Lost::Away) => return,
                }
            }
            self.check_codes(channel).await;
            let readings = locked(&room).read_all_again(false);
            for reading in readings {
                self.read(channel, reading);
            }
        }
        self.stay_all(true).await;
    }

    /// Codes may have been renewed, or the channel retired, while no news came.
    async fn check_codes(&self, channel: Channel) {
        if let Ok(Some(door)) = self.shared.door(channel).await {
            self.in_known_room(channel, |room| {
                if door.retired {
                    room.close_viewers(CloseCode::Retired);
                } else {
                    room.check(&door.join_hash);
                }
            });
        }
    }
}
