//! How much passes through a second, on average over the last minute.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::counters::Counters;

/// Averages go over this time.
const OVER: Duration = Duration::from_mins(1);

/// Counters that rise only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Totals {
    hellos: u64,
    frames: u64,
    bytes: u64,
    up_frames: u64,
    messages_out: u64,
    bytes_out: u64,
}

impl Totals {
    fn of(counters: &Counters) -> Self {
        Self {
            hellos: counters.hellos.load(Ordering::Relaxed),
            frames: counters.frames_in.load(Ordering::Relaxed),
            bytes: counters.bytes_in.load(Ordering::Relaxed),
            up_frames: counters.up_frames.load(Ordering::Relaxed),
            messages_out: counters.messages_out.load(Ordering::Relaxed),
            bytes_out: counters.bytes_out.load(Ordering::Relaxed),
        }
    }
}

/// Each a second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PerSecond {
    /// Hellos of agents and viewers, refused ones too.
    pub hellos: f64,
    /// Frames of agents.
    pub frames_in: f64,
    /// Their bytes.
    pub bytes_in: f64,
    /// Frames of viewers.
    pub up_frames: f64,
    /// Messages written.
    pub messages_out: f64,
    /// Their bytes.
    pub bytes_out: f64,
}

/// What the counters were at moments of the last minute.
#[derive(Debug, Default)]
pub struct Rates {
    moments: Mutex<VecDeque<(Instant, Totals)>>,
}

impl Rates {
    /// Notes what the counters are now; called every few seconds.
    pub fn note(&self, counters: &Counters, now: Instant) {
        let mut moments = self.moments.lock().unwrap_or_else(PoisonError::into_inner);
        moments.push_back((now, Totals::of(counters)));
        // The newest that is a minute old stays: the average begins there.
        while moments.get(1).is_some_and(|(at, _)| now.duration_since(*at) >= OVER) {
            moments.pop_front();
        }
    }

    /// Averages over the last minute, or since the start if that was later; none in the very moment of the start.
    pub fn per_second(&self, counters: &Counters, now: Instant) -> Option<PerSecond> {
        let moments = self.moments.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, before) = *moments.front()?;
        let (seconds, after) = (now.duration_since(since).as_secs_f64(), Totals::of(counters));
        let rate = |before: u64, after: u64| after.saturating_sub(before) as f64 / seconds;
        (seconds > 0.0).then(|| PerSecond {
            hellos: rate(before.hellos, after.hellos),
            frames_in: rate(before.frames, after.frames),
            bytes_in: rate(before.bytes, after.bytes),
            up_frames: rate(before.up_frames, after.up_frames),
            messages_out: rate(before.messages_out, after.messages_out),
            bytes_out: rate(before.bytes_out, after.bytes_out),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_go_over_the_last_minute_and_no_further() {
        let (rates, counters, start) = (Rates::default(), Counters::default(), Instant::now());
        assert_eq!(rates.per_second(&counters, start), None);
        rates.note(&counters, start);
        assert_eq!(rates.per_second(&counters, start), None);
        counters.frames_in.fetch_add(100, Ordering::Relaxed);
        let frames = |after: u64| {
            let now = start + Duration::from_secs(after);
            rates.per_second(&counters, now).map(|per_second| per_second.frames_in)
        };
        assert_eq!(frames(10), Some(10.0));
        for after in (2..=200).step_by(2) {
            rates.note(&counters, start + Duration::from_secs(after));
        }
        assert_eq!(frames(200), Some(0.0));
        counters.frames_in.fetch_add(120, Ordering::Relaxed);
        assert_eq!(frames(200), Some(2.0));
    }
}
