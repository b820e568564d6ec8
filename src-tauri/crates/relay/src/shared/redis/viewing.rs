//! What viewers do.

use protocol::codes::Channel;
use protocol::relay::Position;
use redis::Value;

use super::answers::Answer;
use super::names::{keys, text, up};
use super::{Redis, STAY_S, scripts};
use crate::limits::LAST_OFFSET;
use crate::shared::{Away, Door, News, View};

impl Redis {
    pub(in crate::shared) async fn door(&self, channel: Channel) -> Result<Option<Door>, Away> {
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

    pub(in crate::shared) async fn view(
        &self,
        channel: Channel,
        position: Option<Position>,
        bytes: usize,
        with_latest: bool,
    ) -> Result<Option<View>, Away> {
        let keys = keys(channel, &["meta", "log", "latest", "lease"]);
        let (epoch, offset) = position.map_or((Vec::new(), 0), |at| (at.epoch.0.to_vec(), at.offset.min(LAST_OFFSET)));
        let arguments: [&[u8]; 4] = [&epoch, &text(offset), &text(bytes), &text(u8::from(with_latest))];
        let answer = self.run(&scripts::VIEW, &keys, &arguments).await?;
        Ok(answer.view())
    }

    pub(in crate::shared) async fn enter(&self, channel: Channel, viewer: u64, most: usize) -> Result<bool, Away> {
        let arguments: [&[u8]; 4] = [&self.member(viewer), &text(most), &text(STAY_S), &up(channel)];
        let answer = self
            .run(&scripts::ENTER, &keys(channel, &["viewers"]), &arguments)
            .await?;
        Ok(answer.word() == b"OK")
    }

    pub(in crate::shared) async fn leave(&self, channel: Channel, viewer: u64) -> Result<(), Away> {
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

    pub(in crate::shared) async fn tell_agent(&self, channel: Channel, news: &News) -> Result<bool, Away> {
        self.send(&up(channel), &news.bytes())
            .await
            .map(|listeners| listeners > 0)
    }

    fn member(&self, viewer: u64) -> Vec<u8> {
        [&self.id.0[..], &viewer.to_be_bytes()].concat()
    }
}
