//! How often something may be done.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// So many times a second, and so many at once.
#[derive(Debug)]
pub struct Pace {
    per_second: f64,
    at_once: f64,
    left: f64,
    at: Instant,
}

impl Pace {
    /// Nothing was done yet.
    pub fn new(per_second: u32, at_once: u32) -> Self {
        let at_once = f64::from(at_once);
        Self {
            per_second: f64::from(per_second),
            at_once,
            left: at_once,
            at: Instant::now(),
        }
    }

    /// Takes the right to do it once, if it may be done now.
    pub fn take(&mut self, now: Instant) -> bool {
        let since = now.saturating_duration_since(self.at).as_secs_f64();
        (self.left, self.at) = ((self.left + since * self.per_second).min(self.at_once), now);
        let may = self.left >= 1.0;
        if may {
            self.left -= 1.0;
        }
        may
    }

    /// Returns when it may be done once more.
    pub async fn ready(&self) {
        let missing = (1.0 - self.left).max(0.0);
        sleep_until(self.at + Duration::from_secs_f64(missing / self.per_second)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn no_more_is_done_than_may_be() {
        let (mut pace, began) = (Pace::new(18, 50), Instant::now());
        for _ in 0..150 {
            while !pace.take(Instant::now()) {
                pace.ready().await;
            }
        }
        let seconds = began.elapsed().as_secs_f64();
        assert!((5.5..6.0).contains(&seconds), "{seconds}");
    }
}
