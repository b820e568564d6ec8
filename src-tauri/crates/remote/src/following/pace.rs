//! How fast a viewer speaks: below what a relay takes from one, which would else close it in the middle of a large download.

use std::time::Duration;

use tokio::time::Instant;

/// A relay takes 20 messages a second, and 60 at once.
const PER_SECOND: f64 = 18.0;
const AT_ONCE: f64 = 50.0;

/// Counts messages.
pub struct Pace {
    left: f64,
    at: Instant,
}

impl Pace {
    /// Of a new connection.
    pub fn new() -> Self {
        Self {
            left: AT_ONCE,
            at: Instant::now(),
        }
    }

    /// Whether a message may go now; it is counted then.
    pub fn take(&mut self) -> bool {
        let now = Instant::now();
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        (self.left, self.at) = ((self.left + passed * PER_SECOND).min(AT_ONCE), now);
        let may = self.left >= 1.0;
        if may {
            self.left -= 1.0;
        }
        may
    }

    /// When the next one may go.
    pub fn free_at(&self) -> Instant {
        // A little later, so that a rounded wait does not end before it.
        self.at + Duration::from_secs_f64((1.0 - self.left).max(0.0) / PER_SECOND) + Duration::from_millis(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn no_more_goes_than_a_relay_takes() {
        let (mut pace, began) = (Pace::new(), Instant::now());
        for sent in 0_u32..200 {
            while !pace.take() {
                tokio::time::sleep_until(pace.free_at()).await;
            }
            let allowed = 60.0 + 20.0 * began.elapsed().as_secs_f64();
            assert!(f64::from(sent) < allowed, "{sent} {allowed}");
        }
        assert!(began.elapsed() < Duration::from_secs(9), "{:?}", began.elapsed());
    }
}
