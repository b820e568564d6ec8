//! What a relay counts: for `/metrics` and `/stats`. Numbers only; nothing of what passes through.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Counters of one process, from its start.
#[derive(Default)]
pub struct Counters {
    /// Connections that came to say hello, agents' and viewers'.
    pub hellos: AtomicU64,
    /// Frames that agents sent.
    pub frames_in: AtomicU64,
    /// Their bytes.
    pub bytes_in: AtomicU64,
    /// Messages that were written to connections.
    pub messages_out: AtomicU64,
    /// Their bytes.
    pub bytes_out: AtomicU64,
    /// Frames that viewers sent.
    pub up_frames: AtomicU64,
    /// Agents that are connected.
    pub agents: AtomicU64,
    /// Viewers that are connected.
    pub viewers: AtomicU64,
    refused: Mutex<BTreeMap<&'static str, u64>>,
}

impl Counters {
    /// Counts something that was refused or closed, by its name.
    pub fn refuse(&self, why: &'static str) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        *refused.entry(why).or_default() += 1;
    }

    /// How often what was refused.
    pub fn refused(&self) -> BTreeMap<&'static str, u64> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Counts something for as long as it lives.
pub struct Present<'a>(&'a AtomicU64);

impl<'a> Present<'a> {
    /// Counts one more.
    pub fn new(counter: &'a AtomicU64) -> Self {
        counter.fetch_add(1, Ordering::Relaxed);
        Self(counter)
    }
}

impl Drop for Present<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
