//! What waits for whoever takes the events.

use std::collections::VecDeque;

use super::state::FollowEvent;

/// Entries that may wait here; beyond, frames are left where they are and asked for later.
const MOST: usize = 4_096;

/// Events in order, and how many entries are among them.
#[derive(Debug, Default)]
pub struct Outbox {
    events: VecDeque<FollowEvent>,
    entries: usize,
}

impl Outbox {
    /// Puts one behind the others.
    pub fn push(&mut self, event: FollowEvent) {
        if let FollowEvent::Record { entries, .. } = &event {
            self.entries += entries.len();
        }
        self.events.push_back(event);
    }

    /// Takes the first one.
    pub fn pop(&mut self) -> Option<FollowEvent> {
        let event = self.events.pop_front()?;
        if let FollowEvent::Record { entries, .. } = &event {
            self.entries -= entries.len();
        }
        Some(event)
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Whether no more entries should be taken.
    pub fn is_full(&self) -> bool {
        self.entries >= MOST
    }

    /// Whether there is room again for a good many.
    pub fn has_room(&self) -> bool {
        self.entries < MOST / 2
    }
}
