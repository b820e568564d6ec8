//! When things happen: a clock that can be stopped, and replaced in tests.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// The moment has come.
    Reached,
    /// Somebody asked to stop.
    Stopped,
}

/// The time of a run, from its start.
pub trait Pace {
    /// Time since the start.
    fn elapsed(&self) -> Duration;
    /// Waits until that much time has passed since the start, or until asked to stop.
    fn wait_until(&self, elapsed: Duration) -> Wait;
    /// Whether somebody asked to stop.
    fn is_stopped(&self) -> bool;
}

/// A request to stop, shared between threads: clone it, keep one, give the other away.
#[derive(Debug, Clone, Default)]
pub struct StopSignal {
    state: Arc<(Mutex<bool>, Condvar)>,
}

impl StopSignal {
    /// A signal that nobody has given yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks to stop and ends all waiting at once. Asking again changes nothing.
    pub fn stop(&self) {
        *self.state.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.state.1.notify_all();
    }

    /// Whether somebody asked to stop.
    pub fn is_stopped(&self) -> bool {
        *self.state.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_until(&self, moment: Instant) -> Wait {
        let mut stopped = self.state.0.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if *stopped {
                return Wait::Stopped;
            }
            let left = moment.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Wait::Reached;
            }
            stopped = self
                .state
                .1
                .wait_timeout(stopped, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}

/// Real time.
#[derive(Debug, Clone)]
pub struct RealPace {
    started: Instant,
    stop: StopSignal,
}

impl RealPace {
    /// Starts now.
    pub fn start(stop: StopSignal) -> Self {
        Self {
            started: Instant::now(),
            stop,
        }
    }
}

impl Pace for RealPace {
    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    fn wait_until(&self, elapsed: Duration) -> Wait {
        self.stop.wait_until(self.started + elapsed)
    }

    fn is_stopped(&self) -> bool {
        self.stop.is_stopped()
    }
}
