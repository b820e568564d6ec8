//! Counting frames that fail a check.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

const WITHIN: Duration = Duration::from_secs(10);
const TOO_MANY: usize = 3;

/// Frames of late that failed a check. One may be a broken cable; three in 10 s are a relay that sends altered data.
#[derive(Debug, Default)]
pub struct Alarm {
    recent: VecDeque<Instant>,
}

impl Alarm {
    /// Another one failed; true where that is too many.
    pub fn count(&mut self, now: Instant) -> bool {
        self.recent.retain(|at| now.duration_since(*at) < WITHIN);
        self.recent.push_back(now);
        self.recent.len() >= TOO_MANY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_in_ten_seconds_are_too_many() {
        let (start, mut alarm) = (Instant::now(), Alarm::default());
        let after = |seconds| start + Duration::from_secs(seconds);
        assert!(!alarm.count(start));
        assert!(!alarm.count(after(9)));
        assert!(!alarm.count(after(11)));
        assert!(alarm.count(after(12)));
    }
}
