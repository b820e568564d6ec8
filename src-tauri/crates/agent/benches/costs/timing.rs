//! Times of things that take nanoseconds to seconds.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long one row is measured.
const PATIENCE: Duration = Duration::from_millis(300);
/// The clock is read after so much work, so that reading it costs nothing.
const BATCH: Duration = Duration::from_millis(1);

/// The median time of one call, or the time of a single one where the program was not started as a benchmark.
pub fn cost<T>(mut work: impl FnMut() -> T) -> String {
    let once = timed(1, &mut work);
    if !std::env::args().any(|argument| argument == "--bench") {
        return shown(once);
    }
    let calls = (BATCH.as_secs_f64() / timed(1, &mut work).as_secs_f64().max(1e-9)).ceil() as u32;
    let begun = Instant::now();
    let mut samples = Vec::new();
    while begun.elapsed() < PATIENCE || samples.len() < 3 {
        samples.push(timed(calls, &mut work));
    }
    samples.sort_unstable();
    shown(samples[samples.len() / 2])
}

/// The mean time of so many calls.
fn timed<T>(calls: u32, work: &mut impl FnMut() -> T) -> Duration {
    let begun = Instant::now();
    for _ in 0..calls {
        black_box(work());
    }
    begun.elapsed() / calls
}

/// Two significant digits with a unit.
fn shown(time: Duration) -> String {
    let ns = time.as_secs_f64() * 1e9;
    let (value, unit) = match ns {
        ns if ns < 1e3 => (ns, "ns"),
        ns if ns < 1e6 => (ns / 1e3, "µs"),
        ns if ns < 1e9 => (ns / 1e6, "ms"),
        ns => (ns / 1e9, "s"),
    };
    if value < 9.95 {
        format!("{value:.1} {unit}")
    } else {
        format!("{value:.0} {unit}")
    }
}
