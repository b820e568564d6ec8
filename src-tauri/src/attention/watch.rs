//! Decides what is told, from what happens and from time; it asks no clock and tells nobody itself.

use std::collections::BTreeMap;

use protocol::ids::SessionId;
use protocol::record::{Event, LiveEvent, RecordEntry, RecordEvent};
use protocol::session::{SessionState, SessionSummary};
use protocol::sharing::SharingStatus;
use tokio::time::Instant;

use super::notice::{Cause, Notice, Word, in_words};
use super::relay::{LostForLong, Relay};
use super::session::Watched;

/// Everything under watch.
#[derive(Debug, Default)]
pub struct Watch {
    sessions: BTreeMap<SessionId, Watched>,
    relay: Relay,
}

impl Watch {
    /// The sessions that are there at the start. `wall_s`: the wall clock, seconds since 1970, against which their last files
    /// are held.
    pub fn begin(&mut self, now: Instant, wall_s: f64, summaries: &[SessionSummary]) {
        for summary in summaries {
            let last = summary.last_measured_at.as_deref().and_then(agent::clock::seconds);
            let quiet_s = last.map(|last| wall_s - last);
            self.sessions
                .insert(summary.session, Watched::found(now, summary, quiet_s));
        }
    }

    /// Something happened in the engine.
    pub fn heard(&mut self, now: Instant, event: &Event) -> Vec<Word> {
        match event {
            Event::Record(entry) => self.recorded(now, entry),
            Event::Live(LiveEvent::SessionDeleted { session }) => {
                self.sessions.remove(session);
                Vec::new()
            }
            Event::Live(_) => Vec::new(),
        }
    }

    /// How sharing goes.
    pub fn sharing(&mut self, now: Instant, status: &SharingStatus) -> Vec<Word> {
        if self.relay.heard(now, status) {
            vec![Word::Over(Cause::RelayLost)]
        } else {
            Vec::new()
        }
    }

    /// Time has passed.
    pub fn looked(&mut self, now: Instant) -> Vec<Word> {
        let quiet = self.sessions.values_mut().filter_map(|session| session.looked(now));
        let mut words: Vec<Word> = quiet.collect();
        words.extend(self.relay.look(now).map(|lost| Word::Tell(relay_lost(&lost))));
        words
    }

    /// When [`Watch::looked`] may have something to say, if nothing happens before.
    pub fn due(&self) -> Option<Instant> {
        let sessions = self.sessions.values().filter_map(Watched::due);
        sessions.chain(self.relay.due()).min()
    }

    /// How many sessions go on without new files.
    pub fn stalled(&self) -> usize {
        self.sessions.values().filter(|session| session.is_stalled()).count()
    }

    fn recorded(&mut self, now: Instant, entry: &RecordEntry) -> Vec<Word> {
        if let RecordEvent::SessionStarted { name, source, .. } = &entry.event {
            let watched = Watched::started(entry.session, name, source);
            self.sessions.insert(entry.session, watched);
            return Vec::new();
        }
        let Some(session) = self.sessions.get_mut(&entry.session) else {
            return Vec::new();
        };
        match &entry.event {
            RecordEvent::Measured { measurements } => session.measured(now, measurements),
            RecordEvent::SessionChanged { name, state, reason } => {
                session.changed(now, name, *state, reason.as_deref())
            }
            RecordEvent::SessionEnded { reason } => {
                let name = session.name().to_owned();
                session.changed(now, &name, SessionState::Finished, reason.as_deref())
            }
            _ => Vec::new(),
        }
    }
}

fn relay_lost(lost: &LostForLong) -> Notice {
    let why = lost
        .reason
        .as_ref()
        .map(|reason| format!(" {reason}"))
        .unwrap_or_default();
    Notice {
        cause: Cause::RelayLost,
        title: "Nobody can follow: the relay is lost".to_owned(),
        body: format!(
            "{} is out of reach for {}.{} Measuring goes on, and sharing too as soon as it answers.",
            lost.address,
            in_words(lost.lasted),
            why.trim_end()
        ),
    }
}
