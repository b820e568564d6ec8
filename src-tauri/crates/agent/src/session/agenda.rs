//! Which file is to be looked at when.

use std::collections::{BTreeMap, HashMap};

use tokio::time::Instant;

/// Names with the time at which each is due, at most one time per name; names due together keep their order.
#[derive(Debug, Default)]
pub struct Agenda {
    by_time: BTreeMap<(Instant, u64), String>,
    key_of: HashMap<String, (Instant, u64)>,
    counter: u64,
}

impl Agenda {
    /// Looks at `name` at `time`, or earlier where an earlier look was already due.
    pub fn put(&mut self, name: &str, time: Instant) {
        if let Some(key) = self.key_of.get(name).copied() {
            if key.0 <= time {
                return;
            }
            self.by_time.remove(&key);
        }
        self.counter += 1;
        self.by_time.insert((time, self.counter), name.to_owned());
        self.key_of.insert(name.to_owned(), (time, self.counter));
    }

    /// Takes at most `limit` names that are due.
    pub fn take_due(&mut self, now: Instant, limit: usize) -> Vec<String> {
        let mut due = Vec::new();
        while due.len() < limit
            && let Some(entry) = self.by_time.first_entry()
            && entry.key().0 <= now
        {
            let name = entry.remove();
            self.key_of.remove(&name);
            due.push(name);
        }
        due
    }

    /// When the next name is due.
    pub fn next(&self) -> Option<Instant> {
        self.by_time.keys().next().map(|(time, _)| *time)
    }

    /// How many names wait.
    pub fn len(&self) -> usize {
        self.by_time.len()
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.by_time.clear();
        self.key_of.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn names_come_once_in_order_and_never_early() {
        let now = Instant::now();
        let mut agenda = Agenda::default();
        agenda.put("b", now);
        agenda.put("a", now);
        agenda.put("late", now + Duration::from_secs(1));
        agenda.put("b", now + Duration::from_secs(9));
        agenda.put("late", now + Duration::from_millis(500));
        assert_eq!(agenda.len(), 3);
        assert_eq!(agenda.take_due(now, 10), ["b", "a"]);
        assert_eq!(agenda.next(), Some(now + Duration::from_millis(500)));
        assert_eq!(agenda.take_due(now + Duration::from_millis(500), 10), ["late"]);
        assert_eq!(agenda.next(), None);
    }
}
