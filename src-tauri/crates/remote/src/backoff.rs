//! How long to wait before the next attempt.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(30);

/// Waits that double from a quarter of a second to half a minute, each drawn evenly from zero to its length ("full
/// jitter"): a thousand viewers of a relay that restarts do not come back in the same moment.
#[derive(Debug, Default, Clone)]
pub struct Backoff {
    attempts: u32,
}

impl Backoff {
    /// The next wait.
    pub fn wait(&mut self) -> Duration {
        let longest = FIRST.saturating_mul(1 << self.attempts.min(16)).min(LONGEST);
        self.attempts = self.attempts.saturating_add(1);
        longest.mul_f64(fraction())
    }

    /// An attempt succeeded.
    pub fn reset(&mut self) {
        self.attempts = 0;
    }
}

/// Evenly between zero and `longest`.
pub fn spread(longest: Duration) -> Duration {
    longest.mul_f64(fraction())
}

fn fraction() -> f64 {
    let mut bytes = [0; 4];
    // Without randomness everybody waits for half of the time: no reason to give up.
    match getrandom::fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX),
        Err(_) => 0.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_limit_and_begin_again_after_a_success() {
        let mut backoff = Backoff::default();
        let mut longest = FIRST;
        for _ in 0..100 {
            assert!(backoff.wait() <= longest);
            longest = (2 * longest).min(LONGEST);
        }
        backoff.reset();
        assert!(backoff.wait() <= FIRST);
    }

    #[test]
    fn waits_differ() {
        let waits: Vec<Duration> = (0..20).map(|_| spread(LONGEST)).collect();
        assert!(waits.iter().any(|wait| *wait != waits[0]));
        assert!(waits.iter().all(|wait| *wait <= LONGEST));
    }
}
