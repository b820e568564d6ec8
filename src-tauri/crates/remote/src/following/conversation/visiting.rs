//! The visit: opened, asked in, answered in.

use std::time::{Duration, SystemTime};

use protocol::record::LiveEvent;
use protocol::relay::body::{Ask, Direct, News, Opened, Question, Reply, STATUS, Verdict, WholeAnswer};
use protocol::relay::message::FromViewer;
use protocol::relay::{Run, Versions};
use tokio::time::Instant;

use super::{Conversation, Why};
use crate::following::From;
use crate::following::log::{self, Stretch};
use crate::following::questions;
use crate::following::state::{FollowEvent, FollowState};
use crate::following::visit::Visit;

impl Conversation<'_> {
    pub(super) fn opened(&mut self, opened: &Opened, counter: u64) -> Result<(), Why> {
        Versions::own().common(&opened.versions).map_err(Why::Versions)?;
        let control = self.link.code.control();
        if let Some(visit) = &mut self.visit {
            visit.answered(&self.view, control.as_ref(), opened, counter);
        }
        (self.present, self.open_at) = (true, None);
        // What came from the window meanwhile is the owner's too, if it belongs to the life of the record that is confirmed now.
        let judged = self.visit.as_ref().is_some_and(|visit| visit.named);
        let goes_on = (opened.verdict == Verdict::GoOn || !judged) && !self.link.begins_late;
        let new_only = self.link.from == From::Now;
        if self.link.log.confirm(opened, goes_on, new_only) {
            self.link.outbox.push(FollowEvent::StartedOver);
        }
        self.link.begins_late = false;
        self.missing = None;
        self.live(LiveEvent::AgentStatus { online: true });
        let (since, viewers) = (SystemTime::now(), self.viewers.unwrap_or(0));
        self.link.say(FollowState::Live { viewers, since });
        match self.early_status.take() {
            Some((run, counter, status)) if run == opened.run => {
                if let Some(open) = self.visit.as_mut().and_then(|visit| visit.open.as_mut()) {
                    open.takes_latest(STATUS, counter);
                }
                self.status(&status);
            }
            _ => {}
        }
        if std::mem::take(&mut self.deaf) && self.link.log.is_behind() {
            self.resume(Instant::now());
        }
        self.close_gap(Instant::now());
        Ok(())
    }

    pub(super) fn heard_direct(&mut self, direct: Direct) -> Result<(), Why> {
        match direct {
            Direct::Opened(_) => {}
            Direct::News(News::Progress { event }) => self.live(event),
            Direct::News(ready @ News::Ready { .. }) => self.link.outbox.push(FollowEvent::Ready(ready)),
            Direct::Part {
                question,
                number,
                last,
                bytes,
            } => {
                let open = self.visit.as_mut().and_then(|visit| visit.open.as_mut());
                if !open.is_some_and(|open| open.takes_part(number, last)) {
                    // Whose part is missing is not known: all is asked again, in a visit that begins with full credit.
                    tracing::warn!("a part of an answer was lost on its way");
                    self.open();
                    return Ok(());
                }
                let length = bytes.len();
                let (ask, history) = self.link.questions.part(question, last, &bytes);
                self.tell(ask);
                self.give_credit();
                if let Some(answer) = history {
                    return self.history(answer, length);
                }
            }
        }
        Ok(())
    }

    fn history(&mut self, answer: WholeAnswer, bytes: usize) -> Result<(), Why> {
        let WholeAnswer::Reply(reply) = answer else {
            return self.bad(&[], None);
        };
        match *reply {
            Reply::Entries { entries, through } => {
                let first = self.link.log.mine() + 1;
                let Some(run) = self.agent() else { return Ok(()) };
                let fresh: Vec<_> = entries.into_iter().filter(|entry| entry.offset >= first).collect();
                if through < first {
                    return Ok(());
                }
                if !log::lie_within(&fresh, first, through) {
                    return self.bad(&[], None);
                }
                self.fold(Stretch {
                    first,
                    last: through,
                    run,
                    entries: fresh,
                    bytes,
                });
                self.close_gap(Instant::now());
            }
            other => tracing::warn!(
                "the agent does not give what is missing: {}",
                questions::refusal_in(other)
            ),
        }
        Ok(())
    }

    pub(super) fn agent(&self) -> Option<Run> {
        let open = self.visit.as_ref().and_then(|visit| visit.open.as_ref());
        open.map(|open| open.agent)
    }

    /// Begins a visit after a while, unless one is about to begin.
    pub(super) fn open_after(&mut self, wait: Duration) {
        self.open_at.get_or_insert(Instant::now() + wait);
        if wait.is_zero() {
            self.open();
        }
    }

    pub(super) fn open(&mut self) {
        self.open_at = None;
        let named = if self.link.begins_late {
            None
        } else {
            self.link.log.named()
        };
        match Visit::begin(&self.view, self.link.generation, named) {
            Ok((visit, frame)) => {
                if let Some(before) = self.agent() {
                    self.past_runs.insert(before);
                }
                // The same run may answer again.
                self.visit = Some(visit);
                self.link.questions.interrupt();
                // What was sealed for the visit before is of no use any more.
                self.to_say.retain(|message| !matches!(message, FromViewer::Frame(_)));
                self.to_say.push_back(FromViewer::Frame(frame));
            }
            Err(error) => tracing::error!("a visit cannot begin: {error}"),
        }
    }

    pub(super) fn ask(&mut self) {
        if let Some(open) = self.visit.as_mut().and_then(|visit| visit.open.as_mut()) {
            let frames = self.link.questions.ask(open);
            self.to_say.extend(frames.into_iter().map(FromViewer::Frame));
        }
    }

    /// Lets more parts come, while whoever takes them has room.
    pub(super) fn give_credit(&mut self) {
        let open = self.visit.as_mut().and_then(|visit| visit.open.as_mut());
        if let Some(open) = open
            && self.link.questions.have_room()
        {
            let ask = open.credit();
            self.tell(ask);
        }
    }

    pub(super) fn tell(&mut self, ask: Option<Ask>) {
        let open = self.visit.as_mut().and_then(|visit| visit.open.as_mut());
        if let (Some(ask), Some(open)) = (ask, open) {
            // About other questions: no number of its own.
            match open.question(&Question { question: 0, ask }, false) {
                Ok(frame) => self.to_say.push_back(FromViewer::Frame(frame)),
                Err(error) => tracing::error!("a question was not sent: {error}"),
            }
        }
    }
}
