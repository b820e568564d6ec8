//! What the holder of a channel does.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use protocol::codes::Channel;
use protocol::relay::{Epoch, Offset, Run};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout};

use super::names::{down, keys, relay_channel, text};
use super::{LEASE_MS, Redis, listening, scripts};
use crate::channel::{Appended, Kept};
use crate::limits::Limits;
use crate::shared::news::padded;
use crate::shared::{Away, Claim, Claimed, Fence, Lease, Lost, News, Renewed};

impl Redis {
    pub(in crate::shared) async fn claim(&self, claim: &Claim) -> Result<Claimed, Away> {
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

    pub(in crate::shared) async fn renew(&self, claim: &Claim, fence: Fence, announce: bool) -> Result<Renewed, Lost> {
        let lease = [
            &padded(fence)[..],
            &self.id.0,
            &claim.process.0,
            &claim.run.0,
            &claim.label.0,
        ]
        .concat();
        let keys = keys(claim.channel, &["meta", "lease", "viewers", "log", "latest"]);
        let arguments: [&[u8]; 9] = [
            &padded(fence),
            &lease,
            &claim.owner,
            &text(claim.generation),
            &claim.join_hash,
            &text(LEASE_MS),
            &text(self.keep_s),
            &down(claim.channel),
            &text(u8::from(announce)),
        ];
        let answer = self.run(&scripts::RENEW, &keys, &arguments).await?.lost()?;
        Ok(Renewed {
            was_kept: answer.bytes(1) == b"1",
            viewers: answer.number(2).and_then(|count| count.try_into().ok()).unwrap_or(0),
            position: answer.position(3),
        })
    }

    pub(in crate::shared) async fn begin(
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

    pub(in crate::shared) async fn append(
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

    pub(in crate::shared) async fn keep_latest(
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

    pub(in crate::shared) async fn publish(&self, channel: Channel, fence: Fence, news: &News) -> Result<(), Lost> {
        let keys = keys(channel, &["meta", "lease"]);
        let arguments: [&[u8]; 3] = [&padded(fence), &down(channel), &news.bytes()];
        self.run(&scripts::PUBLISH, &keys, &arguments).await?.lost()?;
        Ok(())
    }

    pub(in crate::shared) async fn release(&self, channel: Channel, fence: Fence) -> Result<(), Away> {
        let keys = keys(channel, &["meta", "lease"]);
        self.run(&scripts::RELEASE, &keys, &[&padded(fence), &down(channel)])
            .await?;
        Ok(())
    }

    pub(in crate::shared) async fn retire(&self, channel: Channel, owner: [u8; 32]) -> Result<(), Away> {
        let keys = keys(channel, &["meta", "log", "latest", "lease"]);
        let arguments: [&[u8]; 4] = [&owner, &[0; 32], &text(self.retired_s), &down(channel)];
        self.run(&scripts::RETIRE, &keys, &arguments).await?;
        Ok(())
    }

    /// Asks the relay of a holder whether that still runs.
    pub(in crate::shared) async fn probe(&self, channel: Channel, holder: &Lease, within: Duration) -> bool {
        let number = self.next_question.fetch_add(1, Ordering::Relaxed);
        let (answer, answered) = oneshot::channel();
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(number, answer);
        let question = listening::question(self.id, number, channel, holder.fence);
        let until = Instant::now() + within;
        let alive = loop {
            match self.send(&relay_channel(holder.relay), &question).await {
                // What Redis does not say is no proof that the holder is gone.
                Err(Away) => break true,
                // Its relay may just be coming back to Redis, and hears again in a moment.
                Ok(0) if Instant::now() < until => sleep(within / 4).await,
                Ok(0) => break false,
                Ok(_) => break matches!(timeout(within * 2, answered).await, Ok(Ok(()))),
            }
        };
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&number);
        alive
    }
}
