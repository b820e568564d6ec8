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
    /// Puts one behind the others. What only counts as of now takes the place of its like: a relay can have it said without end.
    pub fn push(&mut self, event: FollowEvent) {
        if let Some(newest) = self.events.back_mut()
            && is_newer_of_a_kind(newest, &event)
        {
            *newest = event;
            return;
        }
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

fn is_newer_of_a_kind(before: &FollowEvent, event: &FollowEvent) -> bool {
    matches!(
        (before, event),
        (FollowEvent::AsOf { .. }, FollowEvent::AsOf { .. })
            | (FollowEvent::AlteredData { .. }, FollowEvent::AlteredData { .. })
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_relay_can_have_said_again_and_again_is_kept_once() {
        let mut outbox = Outbox::default();
        for k in 0..1_000 {
            outbox.push(FollowEvent::AsOf { at: k.to_string() });
        }
        for dropped in 0..1_000 {
            outbox.push(FollowEvent::AlteredData { dropped });
        }
        assert_eq!(outbox.pop(), Some(FollowEvent::AsOf { at: "999".to_owned() }));
        assert_eq!(outbox.pop(), Some(FollowEvent::AlteredData { dropped: 999 }));
        assert!(outbox.is_empty());
    }
}
