//! How fast a viewer speaks: below what a relay takes from one.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Relays take 20 frames a second from a viewer, and 60 at once.
const PER_SECOND: f64 = 18.0;
const BURST: f64 = 50.0;

/// Frames that may be said now, and when the next one may.
#[derive(Debug)]
pub struct Pace {
    left: f64,
    at: Instant,
}

impl Pace {
    /// Everything may be said.
    pub fn new() -> Self {
        Self {
            left: BURST,
            at: Instant::now(),
        }
    }

    /// Takes the right to say one frame, if it may be said now.
    pub fn take(&mut self, now: Instant) -> bool {
        let since = now.saturating_duration_since(self.at).as_secs_f64();
        (self.left, self.at) = ((self.left + since * PER_SECOND).min(BURST), now);
        let may = self.left >= 1.0;
        if may {
            self.left -= 1.0;
        }
        may
    }

    /// Returns when one more frame may be said.
    pub async fn ready(&self) {
        let missing = (1.0 - self.left).max(0.0);
        sleep_until(self.at + Duration::from_secs_f64(missing / PER_SECOND)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn no_more_is_said_than_a_relay_takes() {
        let (mut pace, began) = (Pace::new(), Instant::now());
        for _ in 0..150 {
            while !pace.take(Instant::now()) {
                pace.ready().await;
            }
        }
        let seconds = began.elapsed().as_secs_f64();
        assert!((5.5..6.0).contains(&seconds), "{seconds}");
    }
}
