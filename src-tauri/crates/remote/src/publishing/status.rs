//! What the agent repeats every few seconds.

use std::time::Duration;

use protocol::ids::SessionId;
use protocol::record::LiveEvent;
use protocol::relay::body::{AgentStatus, Trouble};
use tokio::time::{Instant, sleep_until};

use crate::named_session::session_of;

/// Viewers that hear nothing for 15 s say so.
const EVERY: Duration = Duration::from_secs(5);
/// What changes often is said together.
const TOGETHER: Duration = Duration::from_millis(200);
/// Deletions that are repeated; the store remembers as many.
const DELETED: usize = 32;

/// How the agent is, and when that is said next.
pub struct Status {
    began: Instant,
    due: Instant,
    said: Option<Instant>,
    viewers: u32,
    trouble: Option<Trouble>,
    deleted: Vec<SessionId>,
    /// Changes of notes so far.
    notes: u64,
}

impl Status {
    /// `deleted`: what was deleted last, also before this run: a viewer may not have heard of it. `notes`: how often notes changed.
    pub fn new(deleted: Vec<SessionId>, notes: u64) -> Self {
        let now = Instant::now();
        Self {
            began: now,
            due: now,
            said: None,
            viewers: 0,
            trouble: None,
            deleted,
            notes,
        }
    }

    /// Milliseconds of this run, by a clock that nobody sets.
    pub fn tick_ms(&self) -> u64 {
        self.began.elapsed().as_millis() as u64
    }

    /// Returns when it is to be said.
    pub async fn due(&self) {
        sleep_until(self.due).await;
    }

    /// It is to be said at once.
    pub fn hurry(&mut self) {
        let now = Instant::now();
        self.due = self.said.map_or(now, |said| now.max(said + TOGETHER)).min(self.due);
    }

    pub fn see_viewers(&mut self, count: u32) {
        if self.viewers != count {
            self.viewers = count;
            self.hurry();
        }
    }

    /// Notes what belongs in the status; true where a session was deleted.
    pub fn hear(&mut self, event: &LiveEvent) -> bool {
        match event {
            LiveEvent::StoreTrouble { code, message } => {
                self.trouble = (!code.is_empty()).then(|| Trouble {
                    code: code.clone(),
                    message: message.clone(),
                });
                self.hurry();
                false
            }
            LiveEvent::NotesChanged { version } => {
                if *version > self.notes {
                    self.notes = *version;
                    self.hurry();
                }
                false
            }
            LiveEvent::SessionDeleted { session } => {
                self.deleted.retain(|known| known != session);
                if self.deleted.len() >= DELETED {
                    self.deleted.remove(0);
                }
                self.deleted.push(*session);
                self.hurry();
                true
            }
            _ => false,
        }
    }

    /// Whether something is about a session that was deleted lately.
    pub fn names_deleted(&self, asked: &impl serde::Serialize) -> bool {
        session_of(asked).is_some_and(|session| self.deleted.contains(&session))
    }

    /// What is said now; the next time is later.
    pub fn say(&mut self, head: u64) -> AgentStatus {
        let now = Instant::now();
        (self.said, self.due) = (Some(now), now + EVERY);
        AgentStatus {
            head,
            tick_ms: self.tick_ms(),
            at: agent::clock::now(),
            viewers: self.viewers,
            trouble: self.trouble.clone(),
            deleted: self.deleted.clone(),
            notes: self.notes,
        }
    }
}
