//! Viewers that have opened a visit.

use std::collections::HashMap;
use std::time::Duration;

use protocol::relay::sealing::UpOpener;
use protocol::relay::{Run, Visit};
use tokio::time::Instant;

use super::answering::Answering;
use super::keys::Keys;
use crate::pace::Pace;

/// Visits at a time.
const MOST: usize = 4_096;
/// A visit without a frame for so long is over.
const IDLE: Duration = Duration::from_mins(15);
/// Visits that may be opened in a second.
const OPENS: u32 = 500;

/// A visit.
pub struct Visiting {
    /// Opens its questions.
    pub query: UpOpener,
    /// Opens its commands.
    pub command: UpOpener,
    /// A frame opened under its command key.
    pub has_control: bool,
    /// Its questions.
    pub answering: Answering,
    seen: Instant,
}

/// All visits of a run of the agent.
pub struct Visits {
    by_run: HashMap<Run, Visiting>,
    opens: Pace,
}

impl Visits {
    pub fn new() -> Self {
        Self {
            by_run: HashMap::new(),
            opens: Pace::new(OPENS, OPENS),
        }
    }

    /// Whether one more may be opened now. The relay limits this too; nobody has to believe it.
    pub fn may_open(&mut self, now: Instant) -> bool {
        self.opens.take(now)
    }

    pub fn has(&self, viewer: Run) -> bool {
        self.by_run.contains_key(&viewer)
    }

    /// Begins a visit; where there are too many, the one idle longest ends, and those that have shown control last of all.
    pub fn open(&mut self, keys: &Keys, agent: Run, viewer: Run, visit: Visit, now: Instant) {
        if self.by_run.len() >= MOST
            && let Some(idlest) = self
                .by_run
                .iter()
                .min_by_key(|(_, visiting)| (visiting.has_control, visiting.seen))
                .map(|(run, _)| *run)
        {
            self.by_run.remove(&idlest);
        }
        let visiting = Visiting {
            query: UpOpener::new(keys.view.query(viewer, visit), agent),
            command: UpOpener::new(keys.control.command(viewer, visit), agent),
            has_control: false,
            answering: Answering::default(),
            seen: now,
        };
        self.by_run.insert(viewer, visiting);
    }

    /// The visit of a viewer.
    pub fn of(&mut self, viewer: Run) -> Option<&mut Visiting> {
        self.by_run.get_mut(&viewer)
    }

    /// Something of a visit opened.
    pub fn seen(&mut self, viewer: Run, now: Instant) {
        if let Some(visiting) = self.by_run.get_mut(&viewer) {
            visiting.seen = now;
        }
    }

    /// A viewer is gone.
    pub fn end(&mut self, viewer: Run) {
        self.by_run.remove(&viewer);
    }

    /// Ends visits that are idle for too long, and those that let their answers wait.
    pub fn tidy(&mut self, now: Instant) {
        self.by_run.retain(|_, visiting| {
            now.saturating_duration_since(visiting.seen) < IDLE && !visiting.answering.is_stalled(now)
        });
    }

    /// Bytes of answers that wait in memory.
    pub fn waiting_bytes(&self) -> usize {
        self.by_run
            .values()
            .map(|visiting| visiting.answering.waiting_bytes())
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use protocol::codes::UserId;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_visit_that_is_idle_longest_gives_its_place_up() {
        let keys = Keys::of(&UserId::new_random(), 1);
        let (mut visits, began) = (Visits::new(), Instant::now());
        let run = |k: usize| Run((k as u128).to_be_bytes());
        for k in 0..=MOST {
            let at = began + Duration::from_millis(k as u64);
            visits.open(&keys, Run([1; 16]), run(k), Visit([2; 16]), at);
            visits.seen(run(0), at);
        }
        assert!(visits.has(run(0)) && !visits.has(run(1)) && visits.has(run(MOST)));
        visits.tidy(began + IDLE + Duration::from_millis(100));
        assert!(!visits.has(run(50)) && visits.has(run(500)));
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_visits_are_opened_in_a_second_than_allowed() {
        let (mut visits, now) = (Visits::new(), Instant::now());
        let opened = (0..1_000).filter(|_| visits.may_open(now)).count();
        assert_eq!(opened, 500);
        assert!(visits.may_open(now + Duration::from_millis(10)));
    }
}
