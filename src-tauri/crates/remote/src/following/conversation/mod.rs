//! One connection: what the relay and the agent behind it say, and what is answered.

mod frames;
mod gaps;
mod joining;
mod visiting;

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use protocol::record::LiveEvent;
use protocol::relay::body::AgentStatus;
use protocol::relay::hello::ViewerHello;
use protocol::relay::message::{FromViewer, ToViewer};
use protocol::relay::sealing::{DownOpener, SealError};
use protocol::relay::{Epoch, Offset, Run, VersionMismatch, Versions, ViewKey};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::alarm::Alarm;
use super::link::{Link, Request};
use super::state::FollowEvent;
use super::visit::Visit;
use crate::backoff::spread;
use crate::dial::{Connection, Ended};
use crate::pace::Pace;

/// Frames that are said in a second, and at once: below the 20 and 60 that relays take.
const PER_SECOND: u32 = 18;
const AT_ONCE: u32 = 50;
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
    /// When the agent was last told that the visit goes on.
    alive_at: Instant,
    past_runs: HashSet<Run>,
    early_status: Option<(Run, u64, AgentStatus)>,
    /// Log frames are not taken: the agent has to say first which record it is, or nobody takes what there is.
    deaf: bool,
    /// Since when entries are missing without any progress, and whether the relay was asked again.
    missing: Option<(Offset, Instant, bool)>,
    alarm: Alarm,
    trouble: Option<String>,
    viewers: Option<u32>,
    to_say: VecDeque<FromViewer>,
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
        alive_at: Instant::now(),
        past_runs: HashSet::new(),
        early_status: None,
        deaf: true,
        missing: None,
        alarm: Alarm::default(),
        trouble: None,
        viewers: None,
        to_say: VecDeque::new(),
    };
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut asking, mut pace) = (true, Pace::new(PER_SECOND, AT_ONCE));
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
                        conversation.link.questions.taken(key);
                        conversation.give_credit();
                    }
                    None => asking = false,
                }
                Ok(())
            }
            _ = look.tick() => {
                conversation.look();
                Ok(())
            }
            () = pace.ready(), if !conversation.to_say.is_empty() => Ok(()),
        };
        if let Err(why) = outcome {
            return why;
        }
        conversation.ask();
        while !conversation.to_say.is_empty() && pace.take(Instant::now()) {
            if let Some(message) = conversation.to_say.pop_front()
                && let Err(ended) = connection.say(&message).await
            {
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

    fn live(&mut self, event: LiveEvent) {
        self.link.outbox.push(FollowEvent::Live(event));
    }

    fn count_dropped(&mut self) {
        self.link.dropped += 1;
        let dropped = self.link.dropped;
        self.link.outbox.push(FollowEvent::AlteredData { dropped });
    }

    /// A frame failed its check: it counts for nothing. Those of another generation may have been on their way when the code was renewed.
    /// `frame` is that of the relay where nobody signed it like this.
    fn bad(&mut self, frame: &[u8], error: Option<SealError>) -> Result<(), Why> {
        tracing::warn!("a frame was dropped: {error:?}");
        self.link.dropped += 1;
        let is_another = frame.is_empty() || self.link.known_bad.is_new(frame);
        if is_another && !matches!(error, Some(SealError::Generation(_))) && self.alarm.count(Instant::now()) {
            let dropped = self.link.dropped;
            self.link.outbox.push(FollowEvent::AlteredData { dropped });
            return Err(Why::Altered);
        }
        Ok(())
    }
}
