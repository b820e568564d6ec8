//! What should have come and did not: looked for at the relay, then at the agent.

use std::time::Duration;

use protocol::relay::Position;
use protocol::relay::body::Ask;
use protocol::relay::message::FromViewer;
use tokio::time::Instant;

use super::{Conversation, HISTORY, HISTORY_AFTER, OPEN_AGAIN, RESUME_AFTER};
use crate::following::questions::{Asked, Waits};
use crate::following::state::FollowState;

impl Conversation<'_> {
    /// What is due.
    pub(super) fn look(&mut self) {
        let now = Instant::now();
        let silent = self.visit.as_ref().and_then(|visit| match &visit.open {
            None => (now.duration_since(visit.begun) > OPEN_AGAIN).then_some(None),
            Some(open) => (now.duration_since(open.heard) > self.link.patience.news).then_some(Some(open.heard_at)),
        });
        if let Some(heard_at) = silent
            && self.present
        {
            if let Some(since) = heard_at {
                self.link.say(FollowState::NoNews { since });
            }
            self.open_after(Duration::ZERO);
        }
        if self.open_at.is_some_and(|at| at <= now) {
            self.open();
        }
        if self.present && self.agent().is_some() && self.link.questions.may_be_lost(now) {
            self.open();
        }
        if self.agent().is_some() && now.duration_since(self.alive_at) >= self.link.patience.alive {
            self.alive_at = now;
            // There is no such question.
            self.tell(Some(Ask::Drop { of: 0 }));
        }
        for ask in self.link.questions.expire(now) {
            self.tell(Some(ask));
        }
        if self.deaf && self.agent().is_some() && self.link.outbox.has_room() {
            self.deaf = false;
            self.resume(now);
        }
        self.close_gap(now);
    }

    /// Asks for what is missing: the relay at once where a frame lies beyond a gap, else when nothing came for a while; the agent for what
    /// the relay does not have.
    pub(super) fn close_gap(&mut self, now: Instant) {
        let log = &self.link.log;
        if self.deaf || self.link.outbox.is_full() || !log.is_behind() {
            self.missing = None;
            return;
        }
        let (mine, has_gap) = (log.mine(), log.has_gap());
        let (since, resumed) = match self.missing {
            Some((at, since, resumed)) if at == mine => (since, resumed),
            _ => (now, false),
        };
        self.missing = Some((mine, since, resumed));
        let waited = now.duration_since(since);
        let relay_has_it = self.floor <= mine + 1;
        if self.agent().is_some() && (!relay_has_it || waited >= HISTORY_AFTER) {
            if !self.link.questions.asks_for_history() {
                let (after, through) = (mine, self.link.log.gap_through().min(mine + HISTORY));
                self.link.questions.add(Asked::History { after, through }, Waits::Fold);
                self.missing = Some((mine, now, true));
            }
        } else if !resumed && relay_has_it && (has_gap || waited >= RESUME_AFTER) {
            self.resume(now);
        }
    }

    pub(super) fn resume(&mut self, now: Instant) {
        let Some(position) = self.link.log.position() else {
            return;
        };
        let run = self.agent().unwrap_or(position.run);
        self.to_say.push_back(FromViewer::Resume(Position { run, ..position }));
        self.missing = Some((position.offset, now, true));
    }
}
