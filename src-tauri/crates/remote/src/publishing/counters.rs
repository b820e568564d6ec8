//! What of viewers' frames was not taken, by reason. Whoever sent it learns nothing else of it.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts since the publisher began.
#[derive(Debug, Default)]
pub struct Refused {
    dropped: AtomicU64,
    view_only: AtomicU64,
    late: AtomicU64,
}

impl Refused {
    /// Frames that did not open, came again or in the wrong order, or belong to no visit.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Commands of somebody who may only look.
    pub fn view_only(&self) -> u64 {
        self.view_only.load(Ordering::Relaxed)
    }

    /// Commands that came too late.
    pub fn late(&self) -> u64 {
        self.late.load(Ordering::Relaxed)
    }

    pub(super) fn count_dropped(&self, why: &str) {
        tracing::debug!("a frame of a viewer was dropped: {why}");
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_view_only(&self) {
        self.view_only.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_late(&self) {
        self.late.fetch_add(1, Ordering::Relaxed);
    }
}
