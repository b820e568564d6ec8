//! One connection: what the relay and the agent behind it say, and what is answered.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use ed25519_dalek::VerifyingKey;
use protocol::codes::Channel;
use protocol::ids::SessionId;
use protocol::record::LiveEvent;
use protocol::relay::body::{
    AgentStatus, Ask, Direct, News, Opened, Question, Reply, STATUS, Verdict, WholeAnswer, from_json, unpack_entries,
};
use protocol::relay::header::{Destination, DownHeader};
use protocol::relay::hello::ViewerHello;
use protocol::relay::message::{FromViewer, ToViewer};
use protocol::relay::sealing::{self, DownOpener, SealError};
use protocol::relay::{Epoch, Offset, Position, Run, VersionMismatch, Versions, ViewKey};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::From;
use super::alarm::Alarm;
use super::link::{Link, Request};
use super::log::{self, Stretch};
use super::questions::{Asked, Waits};
use super::state::{FollowEvent, FollowState};
use super::visit::{Sequence, Visit};
use crate::backoff::spread;
use crate::dial::{Connection, Ended};

/// How often it is looked whether something should have come.
const LOOK: Duration = Duration::from_millis(250);
/// The relay is asked once more for entries that should have come by now.
const RESUME_AFTER: Duration = Duration::from_millis(300);
/// Then the agent.
const HISTORY_AFTER: Duration = Duration::from_secs(2);
/// A visit that is not answered is begun anew.
const OPEN_AGAIN: Duration = Duration::from_secs(5);
/// All viewers of an agent that comes back do not open their visits in the same moment.
const SPREAD: Duration = Duration::from_secs(2);
/// Offsets that are asked for at once.
const HISTORY: u64 = 2_000;
/// What a log frame may unpack to, bytes.
const MOST_IN_FRAME: usize = 16 << 20;

/// Why a conversation ended.
pub enum Why {
    /// The connection did.
    Ended(Ended),
    /// The relay names another generation of the view-only code.
    Renewed(u16),
    /// Too many frames failed their check.
    Altered,
    /// The agent's program has no version in common.
    Versions(VersionMismatch),
    /// Nobody takes the events any more.
    NobodyListens,
}

/// What belongs to a connection.
struct Conversation<'a> {
    link: &'a mut Link,
    view: ViewKey,
    opener: Option<DownOpener>,
    /// The life of the record that the relay names.
    relays_epoch: Option<Epoch>,
    floor: Offset,
    present: bool,
    visit: Option<Visit>,
    open_at: Option<Instant>,
    past_runs: HashSet<Run>,
    early_status: Option<(Run, u64, AgentStatus)>,
    /// Log frames are not taken: the agent has to say first which record it is, or nobody takes what there is.
    deaf: bool,
    /// Since when entries are missing without any progress, and whether the relay was asked again.
    missing: Option<(Offset, Instant, bool)>,
    alarm: Alarm,
    deleted: HashSet<SessionId>,
    trouble: Option<String>,
    viewers: Option<u32>,
    to_say: Vec<FromViewer>,
}

/// Holds a conversation until it ends.
pub async fn hold(link: &mut Link, mut connection: Connection) -> Why {
    let code = link.code.viewing(link.generation);
    let hello = ViewerHello {
        channel: code.channel,
        join_token: code.join_token(),
        versions: Versions::own(),
        position: link.log.named(),
    };
    if let Err(ended) = connection.say(&FromViewer::Hello(hello.bytes())).await {
        return Why::Ended(ended);
    }
    let mut conversation = Conversation {
        view: ViewKey::of(&code),
        link,
        opener: None,
        relays_epoch: None,
        floor: 0,
        present: false,
        visit: None,
        open_at: None,
        past_runs: HashSet::new(),
        early_status: None,
        deaf: true,
        missing: None,
        alarm: Alarm::default(),
        deleted: HashSet::new(),
        trouble: None,
        viewers: None,
        to_say: Vec::new(),
    };
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut asking = true;
    let events = conversation.link.events.clone();
    loop {
        let outcome = tokio::select! {
            heard = connection.hear::<ToViewer>() => match heard {
                Ok(message) => conversation.hear(message),
                Err(ended) => Err(Why::Ended(ended)),
            },
            () = events.closed() => Err(Why::NobodyListens),
            permit = events.reserve(), if !conversation.link.outbox.is_empty() => {
                if let (Ok(permit), Some(event)) = (permit, conversation.link.outbox.pop()) {
                    permit.send(event);
                }
                conversation.look();
                Ok(())
            }
            request = conversation.link.requests.recv(), if asking => {
                match request {
                    Some(Request::Ask(asked, waits)) => conversation.link.questions.add(asked, waits),
                    Some(Request::Taken(key)) => {
                        let ask = conversation.link.questions.taken(key);
                        conversation.tell(ask);
                    }
                    None => asking = false,
                }
                Ok(())
            }
            _ = look.tick() => {
                conversation.look();
                Ok(())
            }
        };
        if let Err(why) = outcome {
            return why;
        }
        conversation.ask();
        for message in std::mem::take(&mut conversation.to_say) {
            if let Err(ended) = connection.say(&message).await {
                return Why::Ended(ended);
            }
        }
    }
}

impl Conversation<'_> {
    fn hear(&mut self, message: ToViewer) -> Result<(), Why> {
        match message {
            ToViewer::Joined {
                owner,
                generation: _,
                epoch,
                floor,
                top,
                agent_present,
            } => self.joined(&owner, epoch, floor, top, agent_present),
            ToViewer::Frame(frame) => self.frame(&frame),
            ToViewer::Absent { last_seen_s } => {
                self.absent(last_seen_s);
                Ok(())
            }
            ToViewer::Present => {
                self.present = true;
                self.open_after(spread(SPREAD));
                Ok(())
            }
            ToViewer::Renewed { generation } => Err(Why::Renewed(generation)),
        }
    }

    fn joined(
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

    fn absent(&mut self, last_seen_s: Option<u64>) {
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

    fn frame(&mut self, frame: &[u8]) -> Result<(), Why> {
        let Some(opener) = &mut self.opener else {
            return self.bad(None);
        };
        let is_log = match DownHeader::read(frame) {
            Ok((header, _)) => matches!(header.destination, Destination::Log { .. }),
            Err(error) => return self.bad(Some(error.into())),
        };
        if is_log && (self.deaf || self.link.outbox.is_full()) {
            self.deaf = true;
            return Ok(());
        }
        let epoch = self.link.log.epoch().or(self.relays_epoch).unwrap_or(Epoch([0; 16]));
        let opened = match opener.open(epoch, frame) {
            Ok(opened) => opened,
            Err(error) => return self.bad(Some(error)),
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
            return self.bad(None);
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

    fn fold(&mut self, stretch: Stretch) {
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
            return self.bad(None);
        };
        let open = self.visit.as_mut().and_then(|visit| visit.open.as_mut());
        match open {
            Some(open) if open.agent == header.run => match open.takes_latest(STATUS, header.counter) {
                Sequence::Newer => {
                    self.status(&status);
                    Ok(())
                }
                Sequence::Same => Ok(()),
                Sequence::Older => self.bad(None),
            },
            // Of a run that is over: sent again.
            Some(_) if self.past_runs.contains(&header.run) => self.bad(None),
            Some(_) => {
                self.early_status = Some((header.run, header.counter, status));
                self.open_after(spread(SPREAD));
                Ok(())
            }
            None => {
                if !self.present {
                    let at = status.at.clone();
                    self.link.outbox.push(FollowEvent::AsOf { at });
                }
                self.early_status = Some((header.run, header.counter, status));
                Ok(())
            }
        }
    }

    fn status(&mut self, status: &AgentStatus) {
        if let Some(open) = self.visit.as_mut().and_then(|visit| visit.open.as_mut()) {
            open.tick_ms = open.tick_ms.max(status.tick_ms);
            (open.heard, open.heard_at) = (Instant::now(), SystemTime::now());
        }
        self.link.log.hear_of_head(status.head);
        for session in &status.deleted {
            if self.deleted.insert(*session) {
                self.live(LiveEvent::SessionDeleted { session: *session });
            }
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
            return self.bad(None);
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
                    self.heard_direct(direct)
                } else {
                    self.bad(None)
                }
            }
            _ => self.bad(None),
        }
    }

    fn opened(&mut self, opened: &Opened, counter: u64) -> Result<(), Why> {
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

    fn heard_direct(&mut self, direct: Direct) -> Result<(), Why> {
        match direct {
            Direct::Opened(_) => {}
            Direct::News(News::Progress { event }) => self.live(event),
            Direct::News(ready @ News::Ready { .. }) => self.link.outbox.push(FollowEvent::Ready(ready)),
            Direct::Part { question, last, bytes } => {
                let length = bytes.len();
                let (ask, history) = self.link.questions.part(question, last, &bytes);
                self.tell(ask);
                if let Some(answer) = history {
                    return self.history(answer, length);
                }
            }
        }
        Ok(())
    }

    fn history(&mut self, answer: WholeAnswer, bytes: usize) -> Result<(), Why> {
        let WholeAnswer::Reply(reply) = answer else {
            return self.bad(None);
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
                    return self.bad(None);
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
                super::questions::refusal_in(other)
            ),
        }
        Ok(())
    }

    fn agent(&self) -> Option<Run> {
        let open = self.visit.as_ref().and_then(|visit| visit.open.as_ref());
        open.map(|open| open.agent)
    }

    /// What is due.
    fn look(&mut self) {
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
        for ask in self.link.questions.expire(now) {
            self.tell(Some(ask));
        }
        if self.deaf && self.agent().is_some() && self.link.outbox.has_room() {
            self.deaf = false;
            self.resume(now);
        }
        self.close_gap(now);
    }

    /// Begins a visit after a while, unless one is about to begin.
    fn open_after(&mut self, wait: Duration) {
        self.open_at.get_or_insert(Instant::now() + wait);
        if wait.is_zero() {
            self.open();
        }
    }

    fn open(&mut self) {
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
                self.to_say.push(FromViewer::Frame(frame));
            }
            Err(error) => tracing::error!("a visit cannot begin: {error}"),
        }
    }

    /// Asks for what is missing: the relay at once where a frame lies beyond a gap, else when nothing came for a while; the agent for what
    /// the relay does not have.
    fn close_gap(&mut self, now: Instant) {
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

    fn resume(&mut self, now: Instant) {
        let Some(position) = self.link.log.position() else {
            return;
        };
        let run = self.agent().unwrap_or(position.run);
        self.to_say.push(FromViewer::Resume(Position { run, ..position }));
        self.missing = Some((position.offset, now, true));
    }

    fn ask(&mut self) {
        if let Some(open) = self.visit.as_mut().and_then(|visit| visit.open.as_mut()) {
            let frames = self.link.questions.ask(open);
            self.to_say.extend(frames.into_iter().map(FromViewer::Frame));
        }
    }

    fn tell(&mut self, ask: Option<Ask>) {
        let open = self.visit.as_mut().and_then(|visit| visit.open.as_mut());
        if let (Some(ask), Some(open)) = (ask, open) {
            // About other questions: no number of its own.
            match open.question(&Question { question: 0, ask }) {
                Ok(frame) => self.to_say.push(FromViewer::Frame(frame)),
                Err(error) => tracing::error!("a question was not sent: {error}"),
            }
        }
    }

    fn live(&mut self, event: LiveEvent) {
        self.link.outbox.push(FollowEvent::Live(event));
    }

    fn count_dropped(&mut self) {
        self.link.dropped += 1;
        let dropped = self.link.dropped;
        self.link.outbox.push(FollowEvent::AlteredData { dropped });
    }

    /// A frame failed its check: it counts for nothing. Those of another generation may have been on their way when the code was renewed.
    fn bad(&mut self, error: Option<SealError>) -> Result<(), Why> {
        tracing::warn!("a frame was dropped: {error:?}");
        if matches!(error, Some(SealError::Generation(_))) {
            return Ok(());
        }
        self.link.dropped += 1;
        if self.alarm.count(Instant::now()) {
            let dropped = self.link.dropped;
            self.link.outbox.push(FollowEvent::AlteredData { dropped });
            return Err(Why::Altered);
        }
        Ok(())
    }
}
