//! Frames of the agent: verified and opened here, then taken for what they are.

use std::time::SystemTime;

use protocol::record::LiveEvent;
use protocol::relay::body::{AgentStatus, Direct, STATUS, from_json, unpack_entries};
use protocol::relay::header::{Destination, DownHeader};
use protocol::relay::sealing;
use protocol::relay::{Epoch, Offset, Run};
use tokio::time::Instant;

use super::{Conversation, MOST_IN_FRAME, SPREAD, Why};
use crate::backoff::spread;
use crate::following::log::{self, Stretch};
use crate::following::state::{FollowEvent, FollowState};
use crate::following::visit::Sequence;

impl Conversation<'_> {
    pub(super) fn frame(&mut self, frame: &[u8]) -> Result<(), Why> {
        let Some(opener) = &mut self.opener else {
            return self.bad(frame, None);
        };
        let is_log = match DownHeader::read(frame) {
            Ok((header, _)) => matches!(header.destination, Destination::Log { .. }),
            Err(error) => return self.bad(frame, Some(error.into())),
        };
        if is_log && (self.deaf || self.link.outbox.is_full()) {
            self.deaf = true;
            return Ok(());
        }
        let epoch = self.link.log.epoch().or(self.relays_epoch).unwrap_or(Epoch([0; 16]));
        let opened = match opener.open(epoch, frame) {
            Ok(opened) => opened,
            Err(error) => return self.bad(frame, Some(error)),
        };
        let sealing::Opened { header, plain } = opened;
        match header.destination {
            Destination::Log { first, count } => {
                let last = first + u64::from(count) - 1;
                self.stretch(first, last, header.run, &plain, frame.len())
            }
            Destination::Latest { key: STATUS } => self.latest(&header, &plain),
            Destination::Latest { .. } => Ok(()),
            Destination::Direct { viewer } => self.direct(viewer, &header, &plain),
        }
    }

    fn stretch(&mut self, first: Offset, last: Offset, run: Run, plain: &[u8], bytes: usize) -> Result<(), Why> {
        let entries = unpack_entries(plain, MOST_IN_FRAME).ok();
        let Some(entries) = entries.filter(|entries| log::lie_within(entries, first, last)) else {
            return self.bad(&[], None);
        };
        self.fold(Stretch {
            first,
            last,
            run,
            entries,
            bytes,
        });
        self.close_gap(Instant::now());
        Ok(())
    }

    pub(super) fn fold(&mut self, stretch: Stretch) {
        let folded = self.link.log.take(stretch);
        for wrong in folded.out_of_order {
            tracing::warn!(
                "entry {} of {} came instead of {}",
                wrong.came,
                wrong.session,
                wrong.expected
            );
            self.link.outbox.push(FollowEvent::OutOfOrder(wrong));
        }
        if let (false, Some(position)) = (folded.entries.is_empty(), self.link.log.position()) {
            let entries = folded.entries;
            self.link.outbox.push(FollowEvent::Record { entries, position });
        }
    }

    fn latest(&mut self, header: &DownHeader, plain: &[u8]) -> Result<(), Why> {
        let Ok(status) = from_json::<AgentStatus>(plain) else {
            return self.bad(&[], None);
        };
        let open = self.visit.as_mut().and_then(|visit| visit.open.as_mut());
        match open {
            Some(open) if open.agent == header.run => match open.takes_latest(STATUS, header.counter) {
                Sequence::Newer => {
                    self.status(&status);
                    Ok(())
                }
                Sequence::Same => Ok(()),
                Sequence::Older => self.bad(&[], None),
            },
            // Of a run that is over: sent again.
            Some(_) if self.past_runs.contains(&header.run) => self.bad(&[], None),
            Some(_) => {
                self.early_status = Some((header.run, header.counter, status));
                self.open_after(spread(SPREAD));
                Ok(())
            }
            None => {
                if !self.present {
                    let at = status.at.clone();
                    self.link.outbox.push(FollowEvent::AsOf { at });
                    let newer = |(run, counter, _): &(Run, u64, _)| *run != header.run || *counter < header.counter;
                    if self.early_status.as_ref().is_some_and(newer) {
                        // What the agent signs anew counts for more than the relay's word that there is none.
                        self.present = true;
                        self.open_after(spread(SPREAD));
                    }
                }
                self.early_status = Some((header.run, header.counter, status));
                Ok(())
            }
        }
    }

    pub(super) fn status(&mut self, status: &AgentStatus) {
        if let Some(open) = self.visit.as_mut().and_then(|visit| visit.open.as_mut()) {
            open.tick_ms = open.tick_ms.max(status.tick_ms);
            (open.heard, open.heard_at) = (Instant::now(), SystemTime::now());
        }
        self.link.log.hear_of_head(status.head);
        for session in &status.deleted {
            if self.link.deleted.note(*session) {
                self.live(LiveEvent::SessionDeleted { session: *session });
            }
        }
        if self.link.notes != status.notes {
            self.link.notes = status.notes;
            self.live(LiveEvent::NotesChanged { version: status.notes });
        }
        if self.viewers.replace(status.viewers) != Some(status.viewers) {
            self.live(LiveEvent::Viewers { count: status.viewers });
        }
        let trouble = status.trouble.as_ref().map(|trouble| trouble.code.clone());
        if self.trouble != trouble {
            let (code, message) = match &status.trouble {
                Some(trouble) => (trouble.code.clone(), trouble.message.clone()),
                None => Default::default(),
            };
            self.live(LiveEvent::StoreTrouble { code, message });
            self.trouble = trouble;
        }
        let since = match &*self.link.state.borrow() {
            FollowState::Live { since, .. } => *since,
            _ => SystemTime::now(),
        };
        self.link.say(FollowState::Live {
            viewers: status.viewers,
            since,
        });
    }

    fn direct(&mut self, viewer: Run, header: &DownHeader, plain: &[u8]) -> Result<(), Why> {
        let Ok(direct) = Direct::read(plain) else {
            return self.bad(&[], None);
        };
        let Some(visit) = self.visit.as_mut().filter(|visit| visit.viewer == viewer) else {
            // For a visit of before, whose last words were on their way.
            return Ok(());
        };
        match (direct, &mut visit.open) {
            (Direct::Opened(opened), None) if opened.run == header.run => self.opened(&opened, header.counter),
            // The first one counts.
            (Direct::Opened(_), Some(_)) => Ok(()),
            (direct, Some(open)) if open.agent == header.run => {
                if open.takes_direct(header.counter) {
                    // A relay leaves out what only counts now, such as a status, where much waits: the answer itself is news then.
                    (open.heard, open.heard_at) = (Instant::now(), SystemTime::now());
                    self.heard_direct(direct)
                } else {
                    self.bad(&[], None)
                }
            }
            _ => self.bad(&[], None),
        }
    }
}
