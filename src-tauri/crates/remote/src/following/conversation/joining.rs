//! What the relay says of the channel: who owns it, what of the record it has, whether an agent is there.

use std::time::{Duration, SystemTime};

use ed25519_dalek::VerifyingKey;
use protocol::codes::Channel;
use protocol::record::LiveEvent;
use protocol::relay::sealing::DownOpener;
use protocol::relay::{Epoch, Offset};

use super::{Conversation, Why};
use crate::following::From;
use crate::following::state::{FollowEvent, FollowState};

impl Conversation<'_> {
    pub(super) fn joined(
        &mut self,
        owner: &[u8; 32],
        epoch: Option<Epoch>,
        floor: Offset,
        top: Offset,
        present: bool,
    ) -> Result<(), Why> {
        let code = self.link.code.viewing(self.link.generation);
        let owner = VerifyingKey::from_bytes(owner).ok();
        let Some(owner) = owner.filter(|owner| Channel::of(owner) == code.channel) else {
            // A relay that names another owner is no relay of this channel.
            self.count_dropped();
            return Err(Why::Altered);
        };
        self.link.reached();
        self.link.let_in();
        self.opener = Some(DownOpener::new(self.view.clone(), owner, self.link.generation));
        (self.relays_epoch, self.floor, self.present) = (epoch, floor, present);
        self.missing = None;
        if let Some(epoch) = epoch {
            self.suppose(epoch, floor, top, present);
        }
        // Frames of another life of the record count only once the agent has said so itself.
        self.deaf = epoch.is_none() || self.link.log.epoch() != epoch;
        if present {
            self.link.say(FollowState::Connecting);
            self.open_after(Duration::ZERO);
        }
        Ok(())
    }

    fn suppose(&mut self, epoch: Epoch, floor: Offset, top: Offset, present: bool) {
        if self.link.log.position().is_some() {
            return;
        }
        match self.link.from {
            // The agent, if it is there, is about to say where "now" is.
            From::Now if !present => self.link.log.suppose(epoch, top),
            From::Beginning if floor <= 1 => self.link.log.suppose(epoch, 0),
            From::Beginning if !present => {
                self.link.log.suppose(epoch, floor - 1);
                self.link.begins_late = true;
                self.link.outbox.push(FollowEvent::BeginsLate { first: floor });
            }
            From::Beginning | From::Now | From::After(_) => {}
        }
    }

    pub(super) fn absent(&mut self, last_seen_s: Option<u64>) {
        let was_here = self.visit.take().is_some_and(|visit| visit.open.is_some());
        (self.present, self.open_at) = (false, None);
        self.link.reached();
        self.link.questions.interrupt();
        if was_here {
            self.live(LiveEvent::AgentStatus { online: false });
        }
        let last_seen = match last_seen_s {
            Some(seconds) => SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)),
            None => match &*self.link.state.borrow() {
                FollowState::Waiting { last_seen } => *last_seen,
                FollowState::Live { .. } => Some(SystemTime::now()),
                _ => None,
            },
        };
        self.link.say(FollowState::Waiting { last_seen });
    }
}
