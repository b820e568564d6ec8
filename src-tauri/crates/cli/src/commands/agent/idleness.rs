//! When nothing happened for long enough.

use std::time::Duration;

use agent::Engine;
use tokio::time::{Instant, sleep, sleep_until};

/// How often a file that is still waited for is asked about once the time is over.
const ASK_AGAIN: Duration = Duration::from_millis(50);

/// Measures the time since the newest entry of the record.
#[derive(Debug)]
pub struct Idleness {
    limit: Option<Duration>,
    since: Instant,
}

impl Idleness {
    /// Counts from now; without a limit it is never over.
    pub fn new(limit: Option<Duration>) -> Self {
        Self {
            limit,
            since: Instant::now(),
        }
    }

    /// Something happened.
    pub fn interrupt(&mut self) {
        self.since = Instant::now();
    }

    /// Returns when nothing happened for long enough and no look, measurement or write is due. A file that stays partial
    /// does not hold it up: nothing is due for it until it changes.
    pub async fn over(&self, engine: &Engine) {
        let Some(limit) = self.limit else {
            return std::future::pending().await;
        };
        sleep_until(self.since + limit).await;
        while engine.waiting().await > 0 {
            sleep(ASK_AGAIN).await;
        }
    }
}
