//! The connections of one process to one channel, and what of the agent's frames goes to which of them.

#[cfg(test)]
mod tests;
mod viewer;

use std::collections::HashMap;

use bytes::Bytes;
use protocol::relay::{CloseCode, Position, Run};
use tokio::time::Instant;

use super::seat::Seat;
use super::window::Kept;
use crate::connection::{Outbox, Pushed};
use crate::limits::Rate;
use crate::rate::Bucket;
use crate::shared::View;
pub use viewer::{Given, Reading};
use viewer::{Greeted, Progress, Viewer, at};

/// Who of this process is in a channel.
#[derive(Default)]
pub struct Room {
    agent: Option<Seat>,
    viewers: HashMap<u64, Viewer>,
    runs: HashMap<Run, u64>,
    tickets: u64,
    opens: Option<Bucket>,
    presence: Presence,
    ended: bool,
}

/// The newest word on whether there is an agent. What was read before it came is older.
#[derive(Debug, Clone, Copy, Default)]
struct Presence {
    number: u64,
    present: bool,
}

/// Viewers that wait where no agent has been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// They wait on.
    pub still: usize,
    /// They have waited for too long.
    pub closed: usize,
}

/// A viewer's frame cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunInUse;

impl Room {
    /// Gives the agent's place to a connection; the one with the older claim is closed.
    pub fn seat(&mut self, seat: Seat) {
        match &self.agent {
            Some(other) if other.fence > seat.fence => seat.outbox.close(CloseCode::Fenced),
            _ => {
                self.fence_out(seat.fence);
                self.agent = Some(seat);
            }
        }
    }

    /// Closes the agent's connection if its claim is older than this one.
    pub fn fence_out(&mut self, fence: u64) {
        if let Some(older) = self.agent.take_if(|seat| seat.fence < fence) {
            older.outbox.close(CloseCode::Fenced);
        }
    }

    /// Frees the agent's place, if this claim still has it.
    pub fn unseat(&mut self, fence: u64) {
        if self.agent.as_ref().is_some_and(|seat| seat.fence == fence) {
            self.agent = None;
        }
    }

    /// The agent's connection, where it is one of this process.
    pub fn agent(&self) -> Option<&Seat> {
        self.agent.as_ref()
    }

    /// Takes a viewer in whose window is to be read. `join_hash` is that of its join token.
    pub fn admit(&mut self, outbox: Outbox, join_hash: [u8; 32], position: Option<Position>) -> Reading {
        self.tickets += 1;
        let reading = Reading {
            id: outbox.id(),
            outbox: outbox.clone(),
            ticket: self.tickets,
            position,
            presence: self.presence.number,
        };
        let viewer = Viewer {
            outbox,
            join_hash,
            run: None,
            greeted: Greeted::NotYet,
            since: Instant::now(),
            told_absent: false,
            progress: Progress::Reading {
                ticket: self.tickets,
                news: None,
                position,
            },
        };
        self.viewers.insert(reading.id, viewer);
        reading
    }

    /// Has a viewer's window read again, from `position` or else from where the viewer is.
    pub fn read_again(&mut self, id: u64, position: Option<Position>) -> Option<Reading> {
        self.tickets += 1;
        let viewer = self.viewers.get_mut(&id)?;
        let from = match viewer.progress {
            Progress::Live { epoch, through } => epoch.map(|epoch| at(epoch, through)),
            Progress::Reading { position, .. } => position,
        };
        let position = position.or(from);
        viewer.progress = Progress::Reading {
            ticket: self.tickets,
            news: None,
            position,
        };
        Some(Reading {
            id,
            outbox: viewer.outbox.clone(),
            ticket: self.tickets,
            position,
            presence: self.presence.number,
        })
    }

    /// Has all viewers' windows read again; `greet`: as if they had just come.
    pub fn read_all_again(&mut self, greet: bool) -> Vec<Reading> {
        let ids = self.everybody();
        ids.into_iter().filter_map(|id| self.greet_again(id, greet)).collect()
    }

    /// Has a viewer's window read again; `greet`: as if it had just come.
    pub fn greet_again(&mut self, id: u64, greet: bool) -> Option<Reading> {
        let mut reading = self.read_again(id, None)?;
        if greet {
            let viewer = self.viewers.get_mut(&id)?;
            viewer.greeted = Greeted::NotYet;
            reading.position = None;
            if let Progress::Reading { position, .. } = &mut viewer.progress {
                *position = None;
            }
        }
        Some(reading)
    }

    /// Gives a viewer a part of the window. Greeted is whoever has not been in this life of the record.
    pub fn give(&mut self, reading: &Reading, view: &View) -> Given {
        // An agent that came or went while the window was being read was told of already: the view may be older.
        let heard_meanwhile = (reading.presence != self.presence.number).then_some(self.presence.present);
        let agent_present = heard_meanwhile.unwrap_or(view.agent_present);
        let Some(viewer) = self.viewers.get_mut(&reading.id) else {
            return Given::Superseded;
        };
        let Progress::Reading { ticket, news, .. } = viewer.progress else {
            return Given::Superseded;
        };
        if ticket != reading.ticket {
            return Given::Superseded;
        }
        if viewer.greeted != Greeted::With(view.epoch) {
            viewer.greeted = Greeted::With(view.epoch);
            viewer.greet(view, agent_present);
        }
        for kept in &view.frames {
            viewer.outbox.push(kept.frame.clone());
        }
        let through = match view.frames.last() {
            Some(last) => last.last,
            None => view.top,
        };
        let is_behind = news.is_some_and(|(epoch, offset)| Some(epoch) != view.epoch || offset > through);
        if view.is_whole && !is_behind {
            let epoch = view.epoch;
            viewer.progress = Progress::Live { epoch, through };
            return Given::Live;
        }
        let position = view.epoch.map(|epoch| at(epoch, through));
        viewer.progress = Progress::Reading {
            ticket,
            news: None,
            position,
        };
        Given::More(position)
    }

    /// A viewer waits, since no agent has ever come.
    pub fn wait(&mut self, reading: &Reading, words: Bytes) {
        if let Some(viewer) = self.viewers.get_mut(&reading.id)
            && matches!(viewer.progress, Progress::Reading { ticket, .. } if ticket == reading.ticket)
        {
            viewer.outbox.push(words);
            viewer.told_absent = true;
            viewer.progress = Progress::Live {
                epoch: None,
                through: 0,
            };
        }
    }

    /// Whether one more visit may begin now.
    pub fn may_open(&mut self, rate: Rate) -> bool {
        let now = Instant::now();
        self.opens.get_or_insert_with(|| Bucket::new(rate, now)).take(now)
    }

    /// Takes a viewer out. Its run, if it had one, is for the agent to forget.
    pub fn leave(&mut self, id: u64) -> Option<Run> {
        let run = self.viewers.remove(&id)?.run?;
        self.runs.remove(&run);
        Some(run)
    }

    /// Binds a run to the connection that uses it first; frames for the run go there alone. A run that the connection had before is
    /// for the agent to forget.
    ///
    /// # Errors
    /// When another connection has it.
    pub fn bind(&mut self, id: u64, run: Run) -> Result<Option<Run>, RunInUse> {
        match self.runs.get(&run) {
            Some(holder) if *holder == id => return Ok(None),
            Some(_) => return Err(RunInUse),
            None => {}
        }
        let Some(viewer) = self.viewers.get_mut(&id) else {
            return Err(RunInUse);
        };
        let before = viewer.run.replace(run);
        if let Some(before) = before {
            self.runs.remove(&before);
        }
        self.runs.insert(run, id);
        Ok(before)
    }

    /// Whether the viewer with this run is one of this process.
    pub fn has_run(&self, run: Run) -> bool {
        self.runs.contains_key(&run)
    }

    /// Hands a frame of the log to all viewers. Those for whom something lies between are named: they read the window again.
    pub fn log(&mut self, kept: &Kept) -> Vec<u64> {
        let behind = |(id, viewer): (&u64, &mut Viewer)| (!viewer.take(kept)).then_some(*id);
        self.viewers.iter_mut().filter_map(behind).collect()
    }

    /// Hands the newest of its kind to all who are live.
    pub fn latest(&self, message: &Bytes) {
        for viewer in self.viewers.values() {
            if matches!(viewer.progress, Progress::Live { .. }) {
                viewer.outbox.offer(message.clone());
            }
        }
    }

    /// Hands a frame to one viewer, if it is here.
    pub fn direct(&self, run: Run, message: Bytes) -> Option<Pushed> {
        let id = self.runs.get(&run)?;
        Some(self.viewers.get(id)?.outbox.push(message))
    }

    /// Tells all viewers that there is an agent now, or that there is none.
    pub fn tell_presence(&mut self, present: bool, words: &Bytes) {
        let number = self.presence.number + 1;
        self.presence = Presence { number, present };
        for viewer in self.viewers.values_mut() {
            viewer.told_absent = !present;
            viewer.outbox.push(words.clone());
        }
    }

    /// Number of the newest word on the agent's presence.
    pub fn presence(&self) -> u64 {
        self.presence.number
    }

    /// Tells a viewer that there is no agent, unless there was news of one since the word with this number.
    pub fn tell_absent_to(&mut self, id: u64, as_of: u64, words: Bytes) {
        if as_of == self.presence.number
            && let Some(viewer) = self.viewers.get_mut(&id)
        {
            viewer.told_absent = true;
            viewer.outbox.push(words);
        }
    }

    /// Tells those that there is an agent who were told that there is none.
    pub fn correct_absence(&mut self, words: &Bytes) {
        for viewer in self.viewers.values_mut().filter(|viewer| viewer.told_absent) {
            viewer.told_absent = false;
            viewer.outbox.push(words.clone());
        }
    }

    /// Closes the viewers that do not hold the code with this hash, and names the others.
    pub fn check(&mut self, join_hash: &[u8; 32]) -> Vec<u64> {
        let (right, wrong): (Vec<_>, Vec<_>) = self.viewers.iter().partition(|(_, v)| v.join_hash == *join_hash);
        for (_, viewer) in wrong {
            viewer.outbox.close(CloseCode::CodeRenewed);
        }
        right.into_iter().map(|(id, _)| *id).collect()
    }

    /// Closes all viewers.
    pub fn close_viewers(&mut self, code: CloseCode) {
        for viewer in self.viewers.values() {
            viewer.outbox.close(code);
        }
    }

    /// Closes the viewer of a run.
    pub fn dismiss(&self, run: Run, code: CloseCode) {
        if let Some(viewer) = self.runs.get(&run).and_then(|id| self.viewers.get(id)) {
            viewer.outbox.close(code);
        }
    }

    /// All viewers of this process.
    pub fn everybody(&self) -> Vec<u64> {
        self.viewers.keys().copied().collect()
    }

    /// Viewers that were not greeted yet, since no agent has been here. Those that came before a moment are closed.
    pub fn waiting(&self, before: Option<Instant>) -> Waiting {
        let (mut still, mut closed) = (0, 0);
        for viewer in self.viewers.values().filter(|viewer| viewer.greeted == Greeted::NotYet) {
            if before.is_some_and(|before| viewer.since < before) {
                viewer.outbox.close(CloseCode::Full);
                closed += 1;
            } else {
                still += 1;
            }
        }
        Waiting { still, closed }
    }

    /// Number of viewers of this process.
    pub fn viewers(&self) -> usize {
        self.viewers.len()
    }

    /// Ends the room if nobody is here; nobody may enter it then.
    pub fn end_if_empty(&mut self) -> bool {
        self.ended = self.agent.is_none() && self.viewers.is_empty();
        self.ended
    }

    /// Whether it ended: whoever would enter takes a new one.
    pub fn has_ended(&self) -> bool {
        self.ended
    }
}
