//! What agents do: claim, begin, send, end.

use std::net::IpAddr;
use std::sync::atomic::Ordering;

use protocol::codes::Channel;
use protocol::relay::header::{Destination, DownHeader};
use protocol::relay::message::ToViewer;
use protocol::relay::{CloseCode, Epoch, Offset, Retirement, Run};

use super::{FrameRefused, Relay, message};
use crate::channel::{Appended, Kept, Seat};
use crate::limits::LAST_OFFSET;
use crate::rate::network;
use crate::shared::{Claim, Claimed, Fence, Lease, Lost, News, Redis};

impl Relay {
    /// Claims a channel for an agent. A channel that is new counts against what the address and the relay may begin.
    ///
    /// # Errors
    /// The relay takes no more new channels now, or cannot ask the others.
    pub async fn claim(&self, claim: &Claim, address: IpAddr) -> Result<Claimed, CloseCode> {
        self.let_begin(claim.channel, address).await?;
        let claimed = self.shared.claim(claim, self).await;
        claimed.map_err(|_| CloseCode::Restarting)
    }

    async fn let_begin(&self, channel: Channel, address: IpAddr) -> Result<(), CloseCode> {
        let now = tokio::time::Instant::now();
        let door = self.shared.door(channel).await;
        let is_new = door.map_err(|_| CloseCode::Restarting)?.is_none();
        let may_begin = || self.new_channels_of_address.take(network(address), now) && self.new_channels.take((), now);
        if is_new && self.shared.redis().is_some_and(Redis::is_nearly_full) {
            self.counters.refuse("redis_memory");
            return Err(CloseCode::Full);
        }
        if is_new && !may_begin() {
            self.counters.refuse("new_channels");
            return Err(CloseCode::Full);
        }
        Ok(())
    }

    /// Gives a claimed channel's place to a connection.
    pub async fn seat(&self, seat: Seat) {
        let channel = seat.claim.channel;
        self.in_room(channel, |room| room.seat(seat.clone()));
        // While Redis is away this is done when it is back.
        let _ = self.shared.listen(channel, true).await;
        self.renew(&seat).await;
    }

    /// Whether the holder of a channel still runs.
    pub async fn is_alive(&self, channel: Channel, holder: &Lease) -> bool {
        let within = self.setup.limits.probe_within;
        let seat = self.in_known_room(channel, |room| room.agent().cloned()).flatten();
        match seat.filter(|seat| seat.fence == holder.fence) {
            Some(seat) => seat.answers(within).await,
            None => self.shared.is_alive_elsewhere(channel, holder, within).await,
        }
    }

    /// Ends a claim; viewers hear that there is no agent now.
    pub async fn release(&self, channel: Channel, fence: Fence) {
        self.shared.release(channel, fence, self).await;
        self.in_room(channel, |room| room.unseat(fence));
        self.sweep(channel);
    }

    /// Begins a channel's log anew: viewers are greeted again, and learn from the agent what that means.
    ///
    /// # Errors
    /// The claim no longer counts.
    pub async fn begin(&self, seat: &Seat, epoch: Epoch, first: Offset) -> Result<(), FrameRefused> {
        if first > LAST_OFFSET {
            return Err(FrameRefused::Protocol);
        }
        let claim = &seat.claim;
        let lease = (seat.fence, claim.run);
        seat.set_epoch(Some(epoch));
        match self.shared.begin(claim.channel, lease, epoch, first, self).await {
            Ok(()) => Ok(()),
            Err(lost) => self.or_still_ours(seat, lost).await,
        }
    }

    /// Takes a frame of an agent and hands it on.
    ///
    /// # Errors
    /// The frame is none, or the claim no longer counts.
    pub async fn frame(&self, seat: &Seat, frame: &[u8]) -> Result<(), FrameRefused> {
        let (header, _) = DownHeader::read(frame).map_err(|_| FrameRefused::Protocol)?;
        let (channel, run) = (seat.claim.channel, seat.claim.run);
        if header.run != run {
            return Err(FrameRefused::Protocol);
        }
        self.counters.frames_in.fetch_add(1, Ordering::Relaxed);
        self.counters.bytes_in.fetch_add(frame.len() as u64, Ordering::Relaxed);
        let words = message(&ToViewer::Frame(frame.to_vec()));
        let done = match header.destination {
            Destination::Log { first, .. } => {
                let last = header.destination.last().unwrap_or(first);
                if last > LAST_OFFSET {
                    return Err(FrameRefused::Protocol);
                }
                let Some(epoch) = seat.epoch() else {
                    seat.tell_position(None);
                    return Ok(());
                };
                let kept = Kept {
                    epoch,
                    first,
                    last,
                    frame: words,
                };
                let lease = (seat.fence, run);
                let appended = self.shared.append(channel, lease, kept, &self.setup.limits, self).await;
                appended.map(|appended| match appended {
                    Appended::New(top) | Appended::Known(top) => seat.acknowledge(top),
                    Appended::Have(position) => seat.tell_position(position),
                })
            }
            Destination::Latest { .. } if words.len() > self.setup.limits.latest_bytes => {
                self.counters.refuse("latest_bytes");
                Ok(())
            }
            Destination::Latest { key } => {
                let most = self.setup.limits.latest_keys;
                let newest = (key, words);
                let kept = self.shared.keep_latest(channel, seat.fence, newest, most, self).await;
                kept.map(|kept| {
                    if !kept {
                        self.counters.refuse("latest_keys");
                    }
                })
            }
            Destination::Direct { viewer } => self.direct(seat, viewer, words).await,
        };
        match done {
            Ok(()) => Ok(()),
            Err(lost) => self.or_still_ours(seat, lost).await,
        }
    }

    async fn direct(&self, seat: &Seat, viewer: Run, words: bytes::Bytes) -> Result<(), Lost> {
        let channel = seat.claim.channel;
        let is_here = self.in_room(channel, |room| {
            let holds = room.agent().is_some_and(|agent| agent.fence == seat.fence);
            let is_here = holds && room.has_run(viewer);
            if is_here {
                room.direct(viewer, words.clone());
            }
            is_here
        });
        if is_here {
            return Ok(());
        }
        let news = News::Direct(viewer, words);
        self.shared.publish(channel, seat.fence, news, self).await
    }

    /// A claim that ran out while Redis was away, or that it forgot, is claimed again, unless somebody else came.
    async fn or_still_ours(&self, seat: &Seat, lost: Lost) -> Result<(), FrameRefused> {
        match lost {
            // Nothing is acknowledged; once Redis is back the agent hears where to go on.
            Lost::Away => {
                self.counters.refuse("away");
                Ok(())
            }
            Lost::Retired => Err(FrameRefused::Lost(Lost::Retired)),
            Lost::Fenced => {
                let viewers = self.viewers_here(seat.claim.channel);
                match self.shared.renew(&seat.claim, seat.fence, viewers, false).await {
                    Ok(renewed) => {
                        seat.tell_position(renewed.position);
                        Ok(())
                    }
                    Err(Lost::Away) => Ok(()),
                    Err(lost) => Err(FrameRefused::Lost(lost)),
                }
            }
        }
    }

    /// Gives a channel up for ever: the one of this connection, or one that its User ID had before it was renewed. A
    /// channel that is new here counts as one: it is remembered, since agents of a leaked User ID may still come for it.
    ///
    /// # Errors
    /// It is not the owner's wish, there are too many new channels, or the others cannot be told.
    pub async fn retire(&self, retirement: &Retirement, address: IpAddr) -> Result<Channel, CloseCode> {
        let channel = retirement.channel().ok_or(CloseCode::Ownership)?;
        self.let_begin(channel, address).await?;
        let retired = self.shared.retire(channel, retirement.owner, self).await;
        retired.map_err(|_| CloseCode::Restarting)?;
        Ok(channel)
    }

    /// Closes the viewer of a run, as the agent wishes.
    pub async fn dismiss(&self, seat: &Seat, run: Run) {
        let channel = seat.claim.channel;
        let news = News::Dismissed(run);
        // While Redis is away the agent just does not answer that viewer.
        let _ = self.shared.publish(channel, seat.fence, news, self).await;
    }

    pub(super) fn viewers_here(&self, channel: Channel) -> usize {
        self.in_known_room(channel, |room| room.viewers()).unwrap_or(0)
    }
}
