//! What the relay does with the news of its channels.

use protocol::codes::Channel;
use protocol::relay::CloseCode;
use protocol::relay::message::{ToAgent, ToViewer};

use super::{Relay, message};
use crate::channel::Room;
use crate::connection::Pushed;
use crate::shared::{Ear, Fence, News};

impl Ear for Relay {
    fn hear(&self, channel: Channel, news: News) {
        let readings = self.in_known_room(channel, |room| match news {
            News::Log(kept) => {
                let behind = room.log(&kept);
                behind.into_iter().filter_map(|id| room.read_again(id, None)).collect()
            }
            News::Claimed {
                fence,
                join_hash,
                first,
            } => {
                room.fence_out(fence);
                let staying = room.check(&join_hash);
                room.tell_presence(true, &message(&ToViewer::Present));
                let waited = staying.into_iter().filter(|_| first);
                waited.filter_map(|id| room.greet_again(id, true)).collect()
            }
            News::Began => room.read_all_again(true),
            other => {
                if let Some(refused) = tell(room, other) {
                    self.counters.refuse(refused);
                }
                Vec::new()
            }
        });
        for reading in readings.unwrap_or_default() {
            self.read(channel, reading);
        }
    }

    fn came_back(&self) {
        if let Some(relay) = self.myself.upgrade() {
            tokio::spawn(async move { relay.look_at_everything_anew().await });
        }
    }

    fn operation_failed(&self) {
        self.counters.refuse("redis_operation");
    }

    fn probe(&self, channel: Channel, fence: Fence, answer: Box<dyn FnOnce() + Send>) {
        let seat = self.in_known_room(channel, |room| room.agent().cloned()).flatten();
        if let Some(seat) = seat.filter(|seat| seat.fence == fence) {
            let within = self.setup.limits.probe_within;
            tokio::spawn(async move {
                if seat.answers(within).await {
                    answer();
                }
            });
        }
    }
}

/// Hands on what only has to be told; the limit that refused it, if one did.
fn tell(room: &mut Room, news: News) -> Option<&'static str> {
    match news {
        News::Latest(words) => room.latest(&words),
        News::Direct(run, words) => drop(room.direct(run, words)),
        News::Absent(seen_s) => {
            let last_seen_s = Some(seen_s);
            room.tell_presence(false, &message(&ToViewer::Absent { last_seen_s }));
        }
        News::Retired => {
            room.close_viewers(CloseCode::Retired);
            if let Some(seat) = room.agent() {
                seat.outbox.close(CloseCode::Retired);
            }
        }
        News::Dismissed(run) => room.dismiss(run, CloseCode::Protocol),
        News::Up(frame) => {
            // A viewer of another relay: it is not answered, and asks again.
            let offered = room
                .agent()
                .map(|seat| seat.outbox.offer(message(&ToAgent::Frame(frame.to_vec()))));
            return (offered == Some(Pushed::Skipped)).then_some("up_queue");
        }
        News::Gone(run) => {
            if let Some(seat) = room.agent() {
                seat.outbox.push(message(&ToAgent::Gone(run)));
            }
        }
        News::Viewers(count) => {
            if let Some(seat) = room.agent() {
                seat.tell_viewers(count);
            }
        }
        News::Log(_) | News::Claimed { .. } | News::Began => {}
    }
    None
}
