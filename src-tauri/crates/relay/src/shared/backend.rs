//! What relays share, wherever it is kept: the same operations in the memory of one process and in Redis.

use bytes::Bytes;
use protocol::codes::Channel;
use protocol::relay::{Epoch, Offset, Position, Run};

use super::{Away, Claim, Claimed, Door, Fence, Lease, Lost, Memory, News, Redis, Renewed, View};
use crate::channel::{Appended, Kept};
use crate::limits::Limits;
use crate::relay::now_s;

/// Who hears the news of channels: the relay of this process.
pub trait Ear: Send + Sync {
    /// Something happened to a channel.
    fn hear(&self, channel: Channel, news: News);

    /// Redis is there again, or news may have been missed: everything has to be looked at anew.
    fn came_back(&self);

    /// Redis refused one operation, although it can be used.
    fn operation_failed(&self);

    /// Another relay asks whether the holder with this claim still runs; `answer` is called if it does.
    fn probe(&self, channel: Channel, fence: Fence, answer: Box<dyn FnOnce() + Send>);
}

/// What relays share. Both announce what they changed to whoever is in the channel.
pub enum Shared {
    /// The memory of one process.
    Memory(Memory),
    /// Redis, with any number of relays.
    Redis(Box<Redis>),
}

impl Shared {
    /// Claims a channel.
    ///
    /// # Errors
    /// Redis is away.
    pub async fn claim(&self, claim: &Claim, ear: &dyn Ear) -> Result<Claimed, Away> {
        let claimed = match self {
            Self::Memory(memory) => memory.with(claim.channel, |channel| channel.claim(claim, now_s())),
            Self::Redis(redis) => return redis.claim(claim).await,
        };
        if let Claimed::Yes { fence, first, .. } = claimed {
            let join_hash = claim.join_hash;
            let news = News::Claimed {
                fence,
                join_hash,
                first,
            };
            ear.hear(claim.channel, news);
        }
        Ok(claimed)
    }

    /// Keeps a live connection's claim, also where Redis forgot it. `announce`: all relays hear that there is an agent, also where
    /// the claim was kept.
    ///
    /// # Errors
    /// The claim no longer counts.
    pub async fn renew(&self, claim: &Claim, fence: Fence, viewers: usize, announce: bool) -> Result<Renewed, Lost> {
        match self {
            Self::Memory(memory) => memory.with(claim.channel, |channel| {
                channel.holder(fence)?;
                Ok(Renewed {
                    position: channel.position(),
                    viewers: viewers.try_into().unwrap_or(u32::MAX),
                    was_kept: true,
                })
            }),
            Self::Redis(redis) => redis.renew(claim, fence, announce).await,
        }
    }

    /// Begins a channel's log anew.
    ///
    /// # Errors
    /// The claim no longer counts.
    pub async fn begin(
        &self,
        channel: Channel,
        lease: (Fence, Run),
        epoch: Epoch,
        first: Offset,
        ear: &dyn Ear,
    ) -> Result<(), Lost> {
        match self {
            Self::Memory(memory) => {
                memory.with(channel, |shared| shared.begin(lease.0, epoch, first))?;
                ear.hear(channel, News::Began);
                Ok(())
            }
            Self::Redis(redis) => redis.begin(channel, lease, epoch, first).await,
        }
    }

    /// Appends a frame of the log and hands it to all viewers.
    ///
    /// # Errors
    /// The claim no longer counts.
    pub async fn append(
        &self,
        channel: Channel,
        lease: (Fence, Run),
        kept: Kept,
        limits: &Limits,
        ear: &dyn Ear,
    ) -> Result<Appended, Lost> {
        match self {
            Self::Memory(memory) => {
                let appended = memory.with(channel, |shared| {
                    shared.append(lease.0, kept.clone(), limits.window_bytes, limits.window_frames)
                })?;
                if let Appended::New(_) = appended {
                    ear.hear(channel, News::Log(kept));
                }
                Ok(appended)
            }
            Self::Redis(redis) => redis.append(channel, lease, &kept, limits).await,
        }
    }

    /// Keeps the newest of its kind and hands it to all viewers; false where there are too many kinds.
    ///
    /// # Errors
    /// The claim no longer counts.
    pub async fn keep_latest(
        &self,
        channel: Channel,
        fence: Fence,
        (key, frame): (u16, Bytes),
        most: usize,
        ear: &dyn Ear,
    ) -> Result<bool, Lost> {
        match self {
            Self::Memory(memory) => {
                let kept = memory.with(channel, |shared| shared.keep_latest(fence, key, frame.clone(), most))?;
                if kept {
                    ear.hear(channel, News::Latest(frame));
                }
                Ok(kept)
            }
            Self::Redis(redis) => redis.keep_latest(channel, fence, key, &frame, most).await,
        }
    }

    /// Tells all relays something in the holder's name.
    ///
    /// # Errors
    /// The claim no longer counts.
    pub async fn publish(&self, channel: Channel, fence: Fence, news: News, ear: &dyn Ear) -> Result<(), Lost> {
        match self {
            Self::Memory(memory) => {
                memory.with(channel, |shared| shared.holder(fence))?;
                ear.hear(channel, news);
                Ok(())
            }
            Self::Redis(redis) => redis.publish(channel, fence, &news).await,
        }
    }

    /// Tells the relay of the agent something; false where nobody listens.
    ///
    /// # Errors
    /// Redis is away.
    pub async fn tell_agent(&self, channel: Channel, news: News) -> Result<bool, Away> {
        match self {
            Self::Memory(_) => Ok(false),
            Self::Redis(redis) => redis.tell_agent(channel, &news).await,
        }
    }

    /// Gives a claim back.
    pub async fn release(&self, channel: Channel, fence: Fence, ear: &dyn Ear) {
        match self {
            Self::Memory(memory) => {
                if memory.with(channel, |shared| shared.release(fence, now_s())) {
                    ear.hear(channel, News::Absent(now_s()));
                }
            }
            // A lease that is not given back runs out.
            Self::Redis(redis) => {
                let _ = redis.release(channel, fence).await;
            }
        }
    }

    /// Gives a channel up for ever.
    ///
    /// # Errors
    /// The claim no longer counts.
    pub async fn retire(&self, channel: Channel, owner: [u8; 32], ear: &dyn Ear) -> Result<(), Away> {
        match self {
            Self::Memory(memory) => {
                memory.with(channel, |shared| shared.retire(owner, now_s()));
                ear.hear(channel, News::Retired);
                Ok(())
            }
            Self::Redis(redis) => redis.retire(channel, owner).await,
        }
    }

    /// What lets viewers in; none before an agent has ever come.
    ///
    /// # Errors
    /// Redis is away.
    pub async fn door(&self, channel: Channel) -> Result<Option<Door>, Away> {
        match self {
            Self::Memory(memory) => Ok(memory.look(channel, super::SharedChannel::door).flatten()),
            Self::Redis(redis) => redis.door(channel).await,
        }
    }

    /// What a viewer at a position gets, some `bytes` of it at a time, the newest of each kind `with_latest`; none before an agent
    /// has ever come.
    ///
    /// # Errors
    /// Redis is away.
    pub async fn view(
        &self,
        channel: Channel,
        position: Option<Position>,
        bytes: usize,
        with_latest: bool,
    ) -> Result<Option<View>, Away> {
        match self {
            Self::Memory(memory) => Ok(memory
                .look(channel, |shared| shared.view(position, bytes, with_latest))
                .flatten()),
            Self::Redis(redis) => redis.view(channel, position, bytes, with_latest).await,
        }
    }

    /// Hears the news of a channel from now on.
    ///
    /// # Errors
    /// Redis is away.
    pub async fn listen(&self, channel: Channel, as_agent: bool) -> Result<(), Away> {
        match self {
            Self::Memory(_) => Ok(()),
            Self::Redis(redis) => redis.listen(channel, as_agent).await,
        }
    }

    /// Nobody of this process is in the channel any more.
    pub fn stop_listening(&self, channel: Channel) {
        if let Self::Redis(redis) = self {
            redis.stop_listening(channel);
        }
    }

    /// Counts a viewer in; false where the channel is full.
    ///
    /// # Errors
    /// Redis is away.
    pub async fn enter(&self, channel: Channel, viewer: u64, most: usize) -> Result<bool, Away> {
        match self {
            Self::Memory(_) => Ok(true),
            Self::Redis(redis) => redis.enter(channel, viewer, most).await,
        }
    }

    /// Counts a viewer out.
    pub async fn leave(&self, channel: Channel, viewer: u64) {
        if let Self::Redis(redis) = self {
            // Whoever is not heard of again counts no more after a minute.
            let _ = redis.leave(channel, viewer).await;
        }
    }

    /// Asks a holder at another relay whether it still runs.
    pub async fn is_alive_elsewhere(&self, channel: Channel, holder: &Lease, within: std::time::Duration) -> bool {
        match self {
            Self::Memory(_) => false,
            Self::Redis(redis) => redis.probe(channel, holder, within).await,
        }
    }

    /// Redis, where it is that.
    pub fn redis(&self) -> Option<&Redis> {
        match self {
            Self::Memory(_) => None,
            Self::Redis(redis) => Some(redis),
        }
    }

    /// Channels that are kept in this process, and bytes of them.
    pub fn size(&self) -> (usize, usize) {
        match self {
            Self::Memory(memory) => memory.size(),
            Self::Redis(_) => (0, 0),
        }
    }
}
