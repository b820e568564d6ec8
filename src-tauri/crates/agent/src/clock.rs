//! Wall-clock time as text. Intake does not depend on it: waiting is monotonic, order is the record's. Only the expiry of temporary
//! sessions does, because it goes on while nothing runs.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// The clock by which temporary sessions expire. Cloning shares it. Tests let it run ahead.
#[derive(Debug, Clone)]
pub struct Clock(Arc<watch::Sender<Duration>>);

impl Default for Clock {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Duration::ZERO)))
    }
}

impl Clock {
    /// The moment.
    pub fn now(&self) -> Timestamp {
        let ahead = SignedDuration::try_from(*self.0.borrow()).unwrap_or(SignedDuration::MAX);
        Timestamp::now().checked_add(ahead).unwrap_or(Timestamp::MAX)
    }

    /// Lets it run ahead of the computer's clock by so much more.
    pub fn advance(&self, by: Duration) {
        self.0.send_modify(|ahead| *ahead = ahead.saturating_add(by));
    }

    /// Tells when it jumps.
    pub(crate) fn jumps(&self) -> watch::Receiver<Duration> {
        self.0.subscribe()
    }
}

/// So many seconds after a moment in RFC 3339; none where that cannot be read or reached.
pub(crate) fn later(moment: &str, seconds: u64) -> Option<Timestamp> {
    let wait = SignedDuration::from_secs(i64::try_from(seconds).ok()?);
    moment.parse::<Timestamp>().ok()?.checked_add(wait).ok()
}

/// Now, RFC 3339 in UTC with milliseconds.
pub fn now() -> String {
    in_words(Timestamp::now())
}

/// A moment, RFC 3339 in UTC with milliseconds.
pub fn in_words(moment: Timestamp) -> String {
    format!("{moment:.3}")
}

/// A moment from now, as [`now`].
pub fn in_future(wait: Duration) -> String {
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
    Timestamp::now().checked_add(wait).map_or_else(|_| now(), in_words)
}

/// A file's modification time.
pub fn from_nanoseconds(nanoseconds: i64) -> Option<String> {
    Timestamp::from_nanosecond(i128::from(nanoseconds)).ok().map(in_words)
}

/// Seconds since 1970 of an RFC 3339 text.
pub fn seconds(text: &str) -> Option<f64> {
    text.parse::<Timestamp>().ok().map(|t| t.as_nanosecond() as f64 / 1e9)
}
