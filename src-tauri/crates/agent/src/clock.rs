//! Wall-clock time as text. No rule of the engine depends on it: waiting is monotonic, order is the record's.

use jiff::Timestamp;

/// Now, RFC 3339 in UTC with milliseconds.
pub fn now() -> String {
    in_words(Timestamp::now())
}

/// A moment, RFC 3339 in UTC with milliseconds.
pub fn in_words(moment: Timestamp) -> String {
    format!("{moment:.3}")
}

/// A moment from now, as [`now`].
pub fn in_future(wait: std::time::Duration) -> String {
    let wait = jiff::SignedDuration::try_from(wait).unwrap_or(jiff::SignedDuration::MAX);
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
